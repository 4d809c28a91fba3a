use std::num::NonZeroU64;

use proptest::prelude::*;

use super::*;
use crate::bytes::{RecordWriter, Unknown};
use crate::clock::Hlc;
use crate::model::{CaseId, OrgId};

fn dots() -> impl Strategy<Value = Dot> {
    let actor = prop_oneof![0..4_u32, any::<u32>()];
    (actor, 1..=u64::MAX).prop_map(|(actor, sequence)| Dot {
        actor: Actor::new(actor),
        sequence: NonZeroU64::new(sequence).unwrap(),
    })
}

fn unknown() -> impl Strategy<Value = Unknown> {
    let value = prop::collection::vec(any::<u8>(), 0..8);
    prop::collection::btree_map(13..1_u64 << 61, value, 0..4).prop_map(|fields| {
        let mut record = RecordWriter::new();
        for (tag, value) in &fields {
            record.bytes(*tag, value);
        }
        Header::decode_unknown(&record.finish()).unwrap()
    })
}

pub(crate) fn headers() -> impl Strategy<Value = Header> {
    let id = (any::<u64>(), any::<[u8; 10]>());
    let case = prop::option::of((any::<u64>(), any::<[u8; 10]>()));
    let clock = (any::<i64>(), any::<u16>());
    let kind = (prop_oneof![0..64_u64, any::<u64>()], 1..=u64::MAX);
    let record = prop::option::of(prop::collection::vec(any::<u8>(), 0..40));
    let context = prop::option::of(prop::collection::vec(dots(), 0..6));
    let register = (record, any::<Option<u64>>(), prop::option::of(dots()), context);
    (id, dots(), clock, case, kind, register, unknown()).prop_map(
        |(id, dot, clock, case, kind, (record, field, replaces, context), unknown)| Header {
            organisation: OrgId::from_parts(id.0, id.1),
            dot,
            clock: Hlc::new(clock.0, clock.1),
            case: case.map(|(ms, random)| CaseId::from_parts(ms, random)),
            kind: Kind::new(kind.0),
            kind_version: NonZeroU64::new(kind.1).unwrap(),
            record,
            field,
            replaces,
            context: context.map(|dots| dots.into_iter().collect()),
            unknown,
        },
    )
}

proptest! {
    #[test]
    fn headers_are_read_as_they_were_written(header in headers()) {
        prop_assert_eq!(Header::decode(&header.encode()), Ok(header));
    }

    #[test]
    fn a_changed_header_is_refused_or_another_one(
        header in headers(),
        at in any::<prop::sample::Index>(),
        change in 1..=u8::MAX,
    ) {
        let mut bytes = header.encode();
        let at = at.index(bytes.len());
        bytes[at] ^= change;
        if let Ok(other) = Header::decode(&bytes) {
            prop_assert_ne!(&other, &header);
            prop_assert_eq!(other.encode(), bytes);
        }
    }

    #[test]
    fn a_cut_or_longer_header_is_refused_or_another_one(
        header in headers(),
        cut in any::<prop::sample::Index>(),
        more in prop::collection::vec(any::<u8>(), 1..4),
    ) {
        let bytes = header.encode();
        let longer = [bytes.as_slice(), &more].concat();
        for bytes in [&bytes[..cut.index(bytes.len())], &longer] {
            if let Ok(other) = Header::decode(bytes) {
                prop_assert_eq!(other.encode(), bytes);
            }
        }
    }

    #[test]
    fn any_bytes_are_refused_or_canonical(bytes in prop::collection::vec(any::<u8>(), 0..96)) {
        if let Ok(header) = Header::decode(&bytes) {
            prop_assert_eq!(header.encode(), bytes.clone());
        }
        if let Ok(payload) = Payload::decode(bytes.clone()) {
            prop_assert_eq!(payload.as_bytes(), bytes);
        }
    }

    #[test]
    fn chains_stand_erasure(
        first in headers(),
        payloads in prop::collection::vec((any::<u64>(), any::<bool>()), 1..12),
        seed in any::<[u8; 16]>(),
        key in any::<DeviceKey>(),
    ) {
        let actor = first.dot.actor;
        let mut written = Chain::start(first.organisation, actor, &key);
        let mut verified = written.clone();
        for (value, erased) in payloads {
            let header = Header { dot: written.next().unwrap(), ..first.clone() };
            let mut payload = RecordWriter::new();
            payload.uvarint(1, value);
            let mut op = Op::new(header, Payload::new(payload), &Seed::new(seed));
            written.follow(&op.header, &op.body.hash()).unwrap();
            if erased {
                op.erase();
            }
            let header = Header::decode(&op.header.encode()).unwrap();
            verified.follow(&header, &op.body.hash()).unwrap();
        }
        prop_assert_eq!(written, verified);
    }
}
