use std::num::NonZeroU64;

use super::*;
use crate::bytes::{BytesError, RecordWriter, Type, Unknown};
use crate::clock::Hlc;
use crate::model::{IdError, OrgId, VisitId};

/// 2026-03-02T08:00:00Z
const T: i64 = 1_772_438_400_000;
const ORG: &str = "01900000-0000-7000-8000-000000000001";
const CASE: &str = "01900000-0000-7000-8000-0000000000c5";
const KEY: DeviceKey = [0xab; 32];

pub(crate) fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}

pub(crate) fn unhex(text: &str) -> Vec<u8> {
    let pairs = text.as_bytes().chunks(2);
    pairs.map(|pair| u8::from_str_radix(str::from_utf8(pair).unwrap(), 16).unwrap()).collect()
}

fn dot(actor: u32, sequence: u64) -> Dot {
    Dot { actor: Actor::new(actor), sequence: NonZeroU64::new(sequence).unwrap() }
}

fn header(sequence: u64, clock: Hlc, kind: Kind) -> Header {
    Header {
        organisation: ORG.parse().unwrap(),
        dot: dot(7, sequence),
        clock,
        case: Some(CASE.parse().unwrap()),
        kind,
        kind_version: NonZeroU64::MIN,
        record: None,
        field: None,
        replaces: None,
        context: None,
        unknown: Unknown::default(),
    }
}

fn op(header: Header, write: impl Fn(&mut RecordWriter<'_>)) -> Op {
    let mut payload = RecordWriter::new();
    write(&mut payload);
    let seed = std::array::from_fn(|index| u8::try_from(index).unwrap());
    Op::new(header, Payload::new(payload), &Seed::new(seed))
}

/// Four ops of actor 7: a visit, its disposition, a contact field written before 1970, and one of
/// an unknown kind with unknown fields.
pub(crate) fn day() -> [Op; 4] {
    let visit = header(1, Hlc::new(T, 0), Kind::VISIT);
    let disposition = Header {
        record: Some(vec![1, 2]),
        field: Some(3),
        replaces: Some(dot(7, 1)),
        ..header(2, Hlc::new(T, 1), Kind::DISPOSITION)
    };
    let contact = Header {
        record: Some(vec![]),
        field: Some(0),
        context: Some([dot(7, 2), dot(0, 8), dot(7, 1), dot(0, 9)].into_iter().collect()),
        ..header(3, Hlc::new(-1, u16::MAX), Kind::CONTACT)
    };
    let mut unknown = RecordWriter::new();
    unknown.bytes(13, b"new").uvarint(900, 0);
    let strange = Header {
        case: None,
        kind_version: NonZeroU64::new(2).unwrap(),
        unknown: Header::decode_unknown(&unknown.finish()).unwrap(),
        ..header(4, Hlc::new(T + 5, 0), Kind::new(40))
    };
    [
        op(visit, |payload| {
            payload.ivarint(1, T);
        }),
        op(disposition, |payload| {
            payload.uvarint(1, 4).text(2, "Tür");
        }),
        op(contact, |_| ()),
        op(strange, |payload| {
            payload.text(1, "?");
        }),
    ]
}

/// Header, payload, salt, body hash and chain head of each op of [`day`], computed with another
/// program than this one.
const GOLDEN: [[&str; 5]; 4] = [
    [
        "0a1001900000000070008000000000000001100718012180b0fdd89567280032\
         10019000000000700080000000000000c538014001",
        "0980b0fdd89567",
        "2d23bf4d2d144a45642470201a2d0e17",
        "95e87e3c7396256e5fd9567aa70f5e2d0d3f882f2ab8bde6076749d003e2876f",
        "306bfe2d6993809b7d9973854c1ea0e2d1ffa849447ca88fea454ce7da82ea12",
    ],
    [
        "0a1001900000000070008000000000000001100718022180b0fdd89567280132\
         10019000000000700080000000000000c5380240014a02010250035b0408071001",
        "0804120454c3bc72",
        "7b162cb972c23ce32f9371b047dd6be4",
        "76ea5988764012f0528fd0e90d84d09fde1df4143486f4d6aeaf37c94f1c5194",
        "59840b04f251817c1cf23beff86e36209dffe7719e0d7eedb61543da841d70df",
    ],
    [
        "0a100190000000007000800000000000000110071803210128ffff0332\
         10019000000000700080000000000000c5380640014a005000640c030204080010090408071002",
        "",
        "110d6563e03cd2e2f8d98665164cb770",
        "fd8c86b922268d641ce081d59aa65e348f6a522afa9956aeb2ee77a4a126508d",
        "ae41624e5f99967e12208694f22daf9285f2992ed6ae6c948c460d8dce018163",
    ],
    [
        "0a100190000000007000800000000000000110071804218ab0fdd895672800\
         382840026a036e6577a03800",
        "0a013f",
        "c5f5d2d3c07da121110329f38af9170a",
        "119e5012c858f6ed0064ff95237a0882b56f2dd23216a93a10243f517c8c05b3",
        "8a741e159d7a1151dd8ed63d9ab06d823c899e1f9c8fbe56bc62916387936472",
    ],
];
const START: &str = "73521eba2f4caaa4c9f40481467c0c1a33ab85668120af999cfd8cbe4a146d6a";
const OFFICE: &str = "ad405d472b57903a9008b109a9643aca2e8b972868dd1ff2458adaf1d853f927";

#[test]
fn a_day_has_its_golden_bytes() {
    let organisation = ORG.parse().unwrap();
    let office = Chain::start(organisation, Actor::OFFICE, &OFFICE_KEY);
    assert_eq!(office.head().to_string(), OFFICE);
    let mut chain = Chain::start(organisation, Actor::new(7), &KEY);
    assert_eq!(chain.head().to_string(), START);
    for (op, [header, payload, salt, body_hash, head]) in day().into_iter().zip(GOLDEN) {
        assert_eq!(hex(&op.header.encode()), header);
        assert_eq!(Header::decode(&unhex(header)), Ok(op.header.clone()));
        let Body::Whole { salt: own_salt, payload: own_payload } = &op.body else { panic!() };
        assert_eq!(hex(own_salt.as_bytes()), salt);
        assert_eq!(hex(own_payload.as_bytes()), payload);
        assert_eq!(Payload::decode(unhex(payload)).as_ref(), Ok(own_payload));
        assert_eq!(op.body.hash().to_string(), body_hash);
        chain.follow(&op.header, &op.body.hash()).unwrap();
        assert_eq!(chain.head().to_string(), head);
    }
    assert_eq!(chain.sequence(), 4);
}

#[test]
fn salts_and_visits_have_their_golden_bytes() {
    let last = dot(u32::MAX, u64::MAX);
    let salt = Seed::new([255; 16]).salt(last);
    assert_eq!(hex(salt.as_bytes()), "226d21a666073ce5c145e3d954062bd8");
    for (dot, clock_ms, golden) in [
        (dot(7, 1), T, "019cad8f-ac00-70c4-b614-42adab3f5a25"),
        (last, -5, "00000000-0000-7757-a21d-233beb56ccce"),
        (last, i64::MIN, "00000000-0000-7757-a21d-233beb56ccce"),
        (dot(7, 1), 1 << 60, "ffffffff-ffff-70c4-b614-42adab3f5a25"),
    ] {
        let visit = VisitId::of_op(ORG.parse().unwrap(), dot, clock_ms);
        assert_eq!(visit.to_string(), golden);
    }
}

#[test]
fn secrets_are_not_shown() {
    let shown = format!("{:?}", (Seed::new([77; 16]), Salt::new([77; 16])));
    assert_eq!(shown, "(Seed(..), Salt(..))");
}

#[test]
fn erasure_keeps_the_chain() {
    let mut ops = day();
    let hashes = ops.clone().map(|op| op.body.hash());
    ops[0].erase();
    ops[2].erase();
    ops[2].erase();
    assert_eq!(ops[0].body.payload(), None);
    assert!(ops[1].body.payload().is_some());
    assert_eq!(ops.clone().map(|op| op.body.hash()), hashes);
    let mut chain = Chain::start(ORG.parse().unwrap(), Actor::new(7), &KEY);
    for op in &ops {
        chain.follow(&op.header, &op.body.hash()).unwrap();
    }
    assert_eq!(chain.head().to_string(), GOLDEN[3][4]);
    // An op that is changed all the same breaks it.
    let mut chain = Chain::start(ORG.parse().unwrap(), Actor::new(7), &KEY);
    ops[1].header.field = Some(4);
    for op in &ops {
        chain.follow(&op.header, &op.body.hash()).unwrap();
    }
    assert_ne!(chain.head().to_string(), GOLDEN[3][4]);
}

#[test]
fn the_chain_takes_only_the_next_op() {
    let organisation = ORG.parse().unwrap();
    let mut chain = Chain::start(organisation, Actor::new(7), &KEY);
    let before = chain.clone();
    let [first, second, ..] = day();
    let hash = first.body.hash();
    let gap = ChainError::Gap { expected: NonZeroU64::MIN, found: second.header.dot.sequence };
    assert_eq!(chain.follow(&second.header, &hash), Err(gap));
    let other = Header { dot: dot(8, 1), ..first.header.clone() };
    let actors = ChainError::Actor { expected: Actor::new(7), found: Actor::new(8) };
    assert_eq!(chain.follow(&other, &hash), Err(actors));
    let found = OrgId::from_parts(0, [0; 10]);
    let other = Header { organisation: found, ..first.header.clone() };
    let organisations = ChainError::Organisation { expected: organisation, found };
    assert_eq!(chain.follow(&other, &hash), Err(organisations));
    assert_eq!(chain, before);
    chain.follow(&first.header, &hash).unwrap();
    assert!(chain.follow(&first.header, &hash).is_err());
    let mut full = Chain::resume(organisation, Actor::new(7), u64::MAX, chain.head());
    assert_eq!(full.follow(&first.header, &hash), Err(ChainError::Full));
    let resumed = Chain::resume(organisation, Actor::new(7), 1, chain.head());
    assert_eq!(resumed, chain);
}

/// A header of tags 1 to 8 with a field left out or replaced by other bytes.
fn with_field(tag: usize, field: &str) -> Vec<u8> {
    let mut fields = [
        "0a1001900000000070008000000000000001",
        "1007",
        "1801",
        "2100",
        "2800",
        "3210019000000000700080000000000000c5",
        "3801",
        "4001",
        "",
    ];
    fields[tag - 1] = field;
    unhex(&fields.concat())
}

const WRONG_TYPE: BytesError =
    BytesError::WrongType { tag: 9, expected: Type::Bytes, found: Type::Uvarint };

#[test]
fn headers_that_cannot_be_are_refused() {
    assert_eq!(Header::decode(&with_field(9, "")).unwrap().dot, dot(7, 1));
    assert!(Header::decode(&with_field(6, "")).unwrap().case.is_none());
    let range = |field, value| HeaderError::Range { field, value };
    for (tag, field, error) in [
        (1, "", HeaderError::Missing("organisation")),
        (2, "", HeaderError::Missing("actor")),
        (3, "", HeaderError::Missing("sequence")),
        (4, "", HeaderError::Missing("clock_ms")),
        (5, "", HeaderError::Missing("clock_count")),
        (7, "", HeaderError::Missing("kind")),
        (8, "", HeaderError::Missing("kind_version")),
        (2, "108080808010", range("actor", 1 << 32)),
        (3, "1800", range("sequence", 0)),
        (5, "28808004", range("clock_count", 1 << 16)),
        (8, "4000", range("kind_version", 0)),
        (9, "5b0408071000", range("sequence", 0)),
        (9, "5b020807", HeaderError::Missing("sequence")),
        (9, "5b06080710011800", HeaderError::Tag { tag: 3 }),
        (9, "640c030204080710020408001009", HeaderError::ContextOrder { actor: Actor::OFFICE }),
        (9, "640c030204080010020408001009", HeaderError::ContextOrder { actor: Actor::OFFICE }),
        (9, "640203ff", HeaderError::Bytes(BytesError::Cut { at: 1 })),
        (9, "4800", HeaderError::Bytes(WRONG_TYPE)),
    ] {
        assert_eq!(Header::decode(&with_field(tag, field)), Err(error), "{tag} {field}");
    }
    let four = with_field(1, "0a10550e8400e29b41d4a716446655440000");
    let found = Header::decode(&four);
    assert!(matches!(found, Err(HeaderError::Id(IdError::Version { .. }))), "{found:?}");
    let tag_0 = Header::decode(&[&[0, 0], with_field(9, "").as_slice()].concat());
    assert_eq!(tag_0, Err(HeaderError::Tag { tag: 0 }));
    assert_eq!(Header::decode_unknown(&unhex("6000")), Err(HeaderError::Tag { tag: 12 }));
}
