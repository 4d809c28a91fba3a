use std::num::NonZeroU64;

use super::*;
use crate::bytes::{BytesError, List, RecordWriter, Type};
use crate::model::Minor;
use crate::op::{Actor, Dot, OpHash};

/// 2026-03-02T08:00:00Z
const T: i64 = 1_772_438_400_000;

fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}

fn dot(actor: u32, sequence: u64) -> Dot {
    Dot { actor: Actor::new(actor), sequence: NonZeroU64::new(sequence).unwrap() }
}

fn short_visit() -> Visit {
    Visit {
        arrived_at: -1,
        left_at: -1,
        met: Met::Nobody,
        disposition: Disposition::NoContact,
        lat_e7: None,
        lon_e7: None,
        accuracy_m: None,
        distance_m: None,
        mock_location: true,
        plan: None,
        stop: None,
        travel_m: None,
        travel_s: None,
        clock_offset_ms: 0,
        evidence: vec![],
        note: None,
        packs: vec![],
        breached: vec![],
        source: None,
        agent: None,
    }
}

fn visit() -> Visit {
    Visit {
        arrived_at: T,
        left_at: T + 540_000,
        met: Met::Borrower,
        disposition: Disposition::PromiseToPay,
        lat_e7: Some(391_581_680),
        lon_e7: Some(-755_243_680),
        accuracy_m: Some(12),
        distance_m: Some(30),
        mock_location: false,
        plan: Some("01900000-0000-7000-8000-00000000000a".parse().unwrap()),
        stop: Some(3),
        travel_m: Some(4_200),
        travel_s: Some(610),
        clock_offset_ms: -5_000,
        evidence: vec![[0xee; 32]],
        note: Some("Tür".to_owned()),
        packs: vec!["house@1".to_owned(), "us-regf@1".to_owned()],
        breached: vec!["too_late".to_owned()],
        source: Some("V-1".to_owned()),
        agent: Some("01900000-0000-7000-8000-00000000000b".parse().unwrap()),
    }
}

/// One content of each kind, and its bytes, computed with another program than this one.
fn golden() -> Vec<(Content, &'static str)> {
    let text = str::to_owned;
    let promise = Promise {
        amount_minor: Minor::new(50_000),
        due_on: 20_518,
        state: PromiseState::Open,
        visit: Some(dot(7, 1)),
    };
    let payment = Payment {
        amount_minor: Minor::new(1_420),
        method: PaymentMethod::Cash,
        paid_at: T,
        receipt: Some(1),
        visit: Some(dot(7, 1)),
        source: Some(text("P-9")),
    };
    let reversal = Reversal {
        payment: dot(7, 3),
        amount_minor: Minor::new(420),
        reason: text("counted twice"),
        source: Some(text("R-1")),
    };
    let place = ContactValue { text: None, lat_e7: Some(250_330_000), lon_e7: Some(1_215_654_000) };
    let edit =
        DispositionEdit { disposition: Disposition::Referred, note: Some(text("told later")) };
    let settled = Settled { dots: vec![dot(7, 5), dot(0, 2)], note: Some(text("same number")) };
    let released = Released {
        op: dot(9, 4),
        body_hash: OpHash::new([0xab; 32]),
        note: Some(text("covered for a colleague")),
    };
    vec![
        (
            Content::Visit(visit()),
            "0980b0fdd8956711c0a5bfd995671801200729e0bfb8f50231bfeaa0d005380c401e480052100190000000\
             007000800000000000000a580360e82068e204718f4e7c23020120eeeeeeeeeeeeeeeeeeeeeeeeeeeeeeee\
             eeeeeeeeeeeeeeeeeeeeeeeeeeeeeeee82010454c3bc728c0114020207686f75736540310975732d726567\
             6640319401 0b020108746f6f5f6c6174659a0103562d31a2011001900000000070008000000000\
             00000b",
        ),
        (Content::Visit(short_visit()), "090111011800200148017100"),
        (Content::Disposition(edit), "0810120a746f6c64206c61746572"),
        (Content::Promise(promise), "09a08d0611ccc0021800230408071001"),
        (Content::Payment(payment), "09981610011980b0fdd8956720012b04080710013203502d39"),
        (Content::Reversal(reversal), "0b040807100311c8061a0d636f756e7465642074776963652203522d31"),
        (Content::Contact(ContactValue::of_text("+886 2 1234")), "0a0b2b38383620322031323334"),
        (Content::Contact(place), "11a0eeddee0119e0a1ab8709"),
        (Content::Contact(ContactValue::default()), ""),
        (Content::TagAdded(text("dog")), "0a03646f67"),
        (Content::TagRemoved(text("dog")), "0a03646f67"),
        (
            Content::Status(StatusEdit { status: CaseStatus::LegalHandOff, reason: text("court") }),
            "08031205636f757274",
        ),
        (Content::Settled(settled), "0c0c030204080710050408001002120b73616d65206e756d626572"),
        (
            Content::Released(released),
            "0b04080910041220abababababababababababababababababababababababababababababababab1a17\
             636f766572656420666f72206120636f6c6c6561677565",
        ),
    ]
}

fn read(content: &Content, payload: &Payload) -> Result<Option<Content>, PayloadError> {
    Content::read(content.kind(), Content::VERSION, payload)
}

#[test]
fn every_kind_has_its_golden_bytes() {
    let mut kinds = std::collections::BTreeSet::new();
    for (content, golden) in golden() {
        let payload = content.payload();
        assert_eq!(hex(payload.as_bytes()), golden.replace(' ', ""), "{content:?}");
        assert_eq!(read(&content, &payload), Ok(Some(content.clone())));
        assert_eq!(content.check(), Ok(()));
        let later = Content::read(content.kind(), NonZeroU64::new(2).unwrap(), &payload);
        assert_eq!(later, Ok(None));
        kinds.insert(content.kind());
    }
    assert!((1..=64).map(Kind::new).all(|kind| kinds.contains(&kind) == kind.is_known()));
}

#[test]
fn a_payload_without_a_field_is_unreadable() {
    let missing = |field| Err(PayloadError::Missing { field });
    let payload = Payload::new(RecordWriter::new());
    for (kind, field) in [
        (Kind::VISIT, "arrived_at"),
        (Kind::DISPOSITION, "disposition"),
        (Kind::PROMISE, "amount_minor"),
        (Kind::PAYMENT, "amount_minor"),
        (Kind::REVERSAL, "payment"),
        (Kind::TAG_ADDED, "tag"),
        (Kind::TAG_REMOVED, "tag"),
        (Kind::STATUS, "status"),
        (Kind::SETTLED, "dots"),
        (Kind::RELEASED, "op"),
    ] {
        assert_eq!(Content::read(kind, Content::VERSION, &payload), missing(field));
    }
    assert_eq!(PayloadError::Missing { field: "tag" }.code(), "unreadable");
}

#[test]
fn values_beyond_their_tables_are_unreadable() {
    let amount = |amount| {
        Content::Promise(Promise {
            amount_minor: Minor::new(amount),
            due_on: 0,
            state: PromiseState::Kept,
            visit: None,
        })
    };
    let at = |lat_e7, lon_e7| Content::Contact(ContactValue { text: None, lat_e7, lon_e7 });
    let receipt = |receipt| {
        Content::Payment(Payment {
            amount_minor: Minor::new(1),
            method: PaymentMethod::Other,
            paid_at: 0,
            receipt: Some(receipt),
            visit: None,
            source: None,
        })
    };
    for (content, field) in [
        (amount(0), "amount_minor"),
        (amount(-1), "amount_minor"),
        (receipt(0), "receipt"),
        (Content::Visit(Visit { left_at: -2, ..short_visit() }), "left_at"),
        (Content::TagAdded(String::new()), "tag"),
        (Content::TagRemoved("x".repeat(65)), "tag"),
        (at(Some(900_000_001), Some(0)), "lat_e7"),
        (at(Some(1), None), "lon_e7"),
        (at(None, Some(1)), "lat_e7"),
        (Content::Settled(Settled { dots: vec![], note: None }), "dots"),
    ] {
        let error = content.check().unwrap_err();
        assert_eq!(error.code(), "unreadable");
        let (PayloadError::Value { field: found, .. } | PayloadError::Missing { field: found }) =
            error
        else {
            panic!("{error:?}");
        };
        assert_eq!(found, field, "{content:?}");
    }
    assert_eq!(Content::TagAdded("x".repeat(64)).check(), Ok(()));
    let mut promise = RecordWriter::new();
    promise.ivarint(1, 5).ivarint(2, 1).uvarint(3, 5);
    let found = Content::read(Kind::PROMISE, Content::VERSION, &Payload::new(promise));
    assert!(matches!(found, Err(PayloadError::Value { field: "state", .. })), "{found:?}");
    let mut settled = RecordWriter::new();
    settled.list(1, &List::records([dot(1, 1).encode(), [8, 1, 16, 0].to_vec()]));
    let found = Content::read(Kind::SETTLED, Content::VERSION, &Payload::new(settled));
    assert!(matches!(found, Err(PayloadError::Value { field: "dots", .. })), "{found:?}");
}

#[test]
fn another_type_is_not_canonical() {
    let mut tag = RecordWriter::new();
    tag.uvarint(1, 5);
    let error = Content::read(Kind::TAG_ADDED, Content::VERSION, &Payload::new(tag)).unwrap_err();
    let (expected, found) = (Type::Bytes, Type::Uvarint);
    assert_eq!(error, PayloadError::Bytes(BytesError::WrongType { tag: 1, expected, found }));
    assert_eq!(error.code(), "not_canonical");
    let mut released = RecordWriter::new();
    released.record(1, &dot(1, 1).encode()).bytes(2, &[0; 31]);
    let error = Content::read(Kind::RELEASED, Content::VERSION, &Payload::new(released));
    assert_eq!(error.unwrap_err().code(), "not_canonical");
    let mut visit = RecordWriter::new();
    visit.ivarint(1, 0).ivarint(2, 0).uvarint(3, 0).uvarint(4, 0).uvarint(9, 0).ivarint(14, 0);
    visit.list(15, &List::bytes([[0; 31]]));
    let error = Content::read(Kind::VISIT, Content::VERSION, &Payload::new(visit));
    assert_eq!(error.unwrap_err().code(), "not_canonical");
}

#[test]
fn codes_are_those_of_the_page() {
    let page = include_str!("../../../server/docs/SYNC.md").replace('\n', " ");
    for code in Disposition::ALL {
        assert_eq!(Disposition::of_number(code.number()), Some(*code));
        let words = format!("{} {}", code.number(), code.label().replace('_', " "));
        assert!(page.contains(&words), "{words}");
    }
    assert_eq!(Disposition::of_number(17), None);
    assert_eq!("legal_hand_off".parse(), Ok(CaseStatus::LegalHandOff));
    assert_eq!("somebody_else".parse(), Ok(Met::SomebodyElse));
    assert_eq!("mobile_money".parse(), Ok(PaymentMethod::MobileMoney));
    assert_eq!("part_kept".parse(), Ok(PromiseState::PartKept));
    assert_eq!(ContactField::of_number(4), Some(ContactField::Position));
    let error = "Nobody".parse::<Met>().unwrap_err().to_string();
    assert_eq!(error, "met: `Nobody` is not known; write one of nobody, borrower, somebody_else");
}
