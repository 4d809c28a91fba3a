use proptest::prelude::*;

use super::*;
use crate::bytes::{RecordWriter, Unknown};
use crate::model::{AgentId, Minor, PlanId};
use crate::op::{Actor, Dot, OpHash};

fn dots() -> impl Strategy<Value = Dot> {
    (any::<u32>(), 1..=u64::MAX).prop_map(|(actor, sequence)| Dot {
        actor: Actor::new(actor),
        sequence: NonZeroU64::new(sequence).unwrap(),
    })
}

fn code<T: Copy + std::fmt::Debug + 'static>(all: &'static [T]) -> impl Strategy<Value = T> {
    prop::sample::select(all)
}

fn places() -> impl Strategy<Value = Option<(i32, i32)>> {
    prop::option::of((-900_000_000..=900_000_000, -1_800_000_000..=1_800_000_000))
}

fn texts() -> impl Strategy<Value = Vec<String>> {
    prop::collection::vec(".{0,8}", 0..3)
}

fn visits() -> impl Strategy<Value = Content> {
    let ends = (any::<i64>(), any::<i64>());
    let codes = (code(Met::ALL), code(Disposition::ALL), any::<bool>());
    let numbers = prop::array::uniform5(prop::option::of(any::<u32>()));
    let plan = prop::option::of((any::<u64>(), any::<[u8; 10]>()));
    let evidence = prop::collection::vec(any::<[u8; 32]>(), 0..3);
    let words = (prop::option::of(".{0,9}"), texts(), texts(), prop::option::of(".{0,9}"));
    (ends, codes, places(), numbers, plan, any::<i64>(), evidence, words).prop_map(
        |(ends, (met, disposition, mock), place, numbers, plan, offset, evidence, words)| {
            let [accuracy_m, distance_m, stop, travel_m, travel_s] = numbers;
            let (note, packs, breached, source) = words;
            Content::Visit(Visit {
                arrived_at: ends.0.min(ends.1),
                left_at: ends.0.max(ends.1),
                met,
                disposition,
                lat_e7: place.map(|place| place.0),
                lon_e7: place.map(|place| place.1),
                accuracy_m,
                distance_m,
                mock_location: mock,
                plan: plan.map(|(ms, random)| PlanId::from_parts(ms, random)),
                stop,
                travel_m,
                travel_s,
                clock_offset_ms: offset,
                evidence,
                note,
                packs,
                breached,
                source,
                agent: plan.map(|(ms, random)| AgentId::from_parts(ms, random)),
            })
        },
    )
}

fn money() -> impl Strategy<Value = Content> {
    let amount = (1..=i64::MAX).prop_map(Minor::new);
    let visit = || prop::option::of(dots());
    prop_oneof![
        (amount.clone(), any::<i32>(), code(PromiseState::ALL), visit()).prop_map(
            |(amount_minor, due_on, state, visit)| {
                Content::Promise(Promise { amount_minor, due_on, state, visit })
            }
        ),
        (
            amount.clone(),
            code(PaymentMethod::ALL),
            any::<i64>(),
            prop::option::of(1..=u64::MAX),
            visit(),
            prop::option::of(".{0,9}"),
        )
            .prop_map(|(amount_minor, method, paid_at, receipt, visit, source)| {
                let payment = Payment { amount_minor, method, paid_at, receipt, visit, source };
                Content::Payment(payment)
            }),
        (dots(), amount, ".{0,9}", prop::option::of(".{0,9}")).prop_map(
            |(payment, amount_minor, reason, source)| {
                Content::Reversal(Reversal { payment, amount_minor, reason, source })
            }
        ),
    ]
}

fn contents() -> impl Strategy<Value = Content> {
    let note = || prop::option::of(".{0,9}");
    prop_oneof![
        visits(),
        money(),
        (code(Disposition::ALL), note()).prop_map(|(disposition, note)| {
            Content::Disposition(DispositionEdit { disposition, note })
        }),
        (note(), places()).prop_map(|(text, place)| {
            let (lat_e7, lon_e7) = (place.map(|place| place.0), place.map(|place| place.1));
            Content::Contact(ContactValue { text, lat_e7, lon_e7 })
        }),
        "[a-z]{1,64}".prop_map(Content::TagAdded),
        "[a-z]{1,64}".prop_map(Content::TagRemoved),
        (code(CaseStatus::ALL), ".{0,9}")
            .prop_map(|(status, reason)| Content::Status(StatusEdit { status, reason })),
        (prop::collection::vec(dots(), 1..4), note())
            .prop_map(|(dots, note)| Content::Settled(Settled { dots, note })),
        (dots(), any::<[u8; 32]>(), note()).prop_map(|(op, hash, note)| {
            Content::Released(Released { op, body_hash: OpHash::new(hash), note })
        }),
    ]
}

proptest! {
    #[test]
    fn contents_are_read_as_they_were_written(content in contents()) {
        prop_assert_eq!(content.check(), Ok(()));
        let read = Content::read(content.kind(), Content::VERSION, &content.payload());
        prop_assert_eq!(read, Ok(Some(content)));
    }

    #[test]
    fn fields_of_later_programs_change_nothing_and_stay(
        content in contents(),
        fields in prop::collection::btree_map(20..1_u64 << 61, any::<Vec<u8>>(), 1..4),
    ) {
        let mut later = RecordWriter::new();
        for (tag, value) in &fields {
            later.bytes(*tag, value);
        }
        let bytes = [content.payload().as_bytes(), &later.finish()].concat();
        let payload = Payload::decode(bytes.clone()).unwrap();
        let read = Content::read(content.kind(), Content::VERSION, &payload);
        prop_assert_eq!(read, Ok(Some(content)));
        prop_assert_eq!(payload.as_bytes(), bytes);
    }

    #[test]
    fn any_payload_is_read_or_refused(
        kind in 0..13_u64,
        known in contents(),
        bytes in prop::collection::vec(any::<u8>(), 0..64),
    ) {
        for bytes in [bytes, known.payload().as_bytes().to_vec()] {
            if Unknown::decode(&bytes).is_err() {
                continue;
            }
            let payload = Payload::decode(bytes).unwrap();
            let read = Content::read(Kind::new(kind), Content::VERSION, &payload);
            if let Ok(Some(content)) = read {
                prop_assert_eq!(content.check(), Ok(()));
            }
        }
    }
}
