use super::*;
use crate::clock::Hlc;
use crate::model::{CaseFlag, Dpd, Flags, LocalWindow, Minor, Position, Zone};
use crate::op::tests::hex;
use crate::op::{Body, OpHash};

#[test]
fn a_batch_has_its_golden_bytes() {
    assert_eq!(secret().public().to_vec(), golden_one("PUBLIC"));
    let ops = day();
    let body = batch::encode_columns(&ops).unwrap();
    assert_eq!(hex(&body), hex(&golden_one("BODY")));
    // As the other program wrote it, without compression.
    let written = golden_one("BATCH");
    let batch = read(&written).unwrap();
    assert_eq!(batch.ops, ops);
    let header = &batch.header;
    assert_eq!((header.first.get(), header.count, header.last()), (1, 4, 4));
    assert_eq!((header.sent_ms, header.epoch, header.compressed), (T + 9_000, 3, false));
    assert_eq!(header.after.as_bytes().to_vec(), golden_one("HEAD"));
    assert_eq!((batch.chain.sequence(), batch.chain.head()), (4, header.after));
    assert_eq!(batch::assemble(&header.encode(), &body, &body, &secret()), written);
    // As this one writes it.
    let sealed = read(&sealed(&ops)).unwrap();
    assert!(sealed.header.compressed);
    assert_eq!(sealed.header, BatchHeader { compressed: true, ..batch.header });
    assert_eq!(sealed.ops, ops);
}

#[test]
fn a_hello_has_its_golden_bytes() {
    let hello = Hello {
        organisation: ORG.parse().unwrap(),
        actor: Actor::new(7),
        count: 5,
        app_version: "0.1.0".to_owned(),
        protocol: VERSION,
        clock_ms: T,
        acknowledged: 4,
        epoch: 3,
        reached: 0,
    };
    let written = golden_one("HELLO");
    assert_eq!(hex(&hello.seal(&secret())), hex(&written));
    let unread = UnreadHello::open(&written).unwrap();
    assert_eq!(unread.hello(), &hello);
    // How far it has read came later, and stands there only where it has read something.
    let further = Hello { reached: 1 << 40, ..hello.clone() };
    let sealed = further.seal(&secret());
    assert_eq!(UnreadHello::open(&sealed).unwrap().hello(), &further);
    assert_eq!(unread.verify(&secret().public()), Ok(hello));
    let forged = UnreadHello::open(&written).unwrap().verify(&DeviceSecret::new([4; 32]).public());
    assert_eq!(forged.unwrap_err().code(), Code::BadSignature);
}

#[test]
fn an_enrolment_has_its_golden_proof() {
    let proof = secret().enrolment_proof("K7QF-22XD");
    assert_eq!(proof.to_vec(), golden_one("ENROL"));
    assert_eq!(verify_enrolment("K7QF-22XD", &secret().public(), &proof), Ok(()));
    assert!(verify_enrolment("K7QF-22XE", &secret().public(), &proof).is_err());
    // A key of small order would sign everything.
    assert!(verify_enrolment("x", &[0; 32], &[0; 64]).is_err());
}

#[test]
fn answers_have_their_golden_bytes() {
    let head = OpHash::new(golden_one("HEAD").try_into().unwrap());
    let answer = HelloAnswer {
        clock_ms: T,
        epoch: 3,
        known: 4,
        head,
        token: Some("a.b.c".to_owned()),
        lowest: 1,
        highest: 1,
        offset_ms: -5_000,
        wipe: false,
    };
    assert_eq!(hex(&answer.encode()), hex(&golden_one("ANSWER")));
    assert_eq!(HelloAnswer::decode(&answer.encode()), Ok(answer.clone()));
    let head = chain().head();
    let wipe = HelloAnswer { known: 0, head, token: None, offset_ms: 0, wipe: true, ..answer };
    assert_eq!(hex(&wipe.encode()), hex(&golden_one("WIPE")));
    assert_eq!(HelloAnswer::decode(&wipe.encode()), Ok(wipe));
    let answer = PushAnswer {
        acknowledged: 4,
        durable: 0,
        epoch: 3,
        kept_aside: vec![(2, "foreign_case".to_owned())],
        flagged: vec![(3, "clock_implausible".to_owned()), (4, "unreadable".to_owned())],
        wait_s: Some(30),
    };
    assert_eq!(hex(&answer.encode()), hex(&golden_one("PUSH")));
    assert_eq!(PushAnswer::decode(&answer.encode()), Ok(answer));
}

fn facts() -> Facts {
    Facts {
        case_ref: "C-1".to_owned(),
        borrower_ref: "B-1".to_owned(),
        name: "Lin Mei".to_owned(),
        address: Some("1 Long Street".to_owned()),
        position: Position::from_e7(250_330_000, 1_215_654_000).unwrap(),
        amount_due: Minor::new(142_000),
        dpd: Dpd::new(61).unwrap(),
        zone: "Asia/Taipei".parse().unwrap(),
        visit_window: Some(LocalWindow::new(540, 1_080).unwrap()),
        flags: Flags::NONE.with(CaseFlag::Dispute).with(CaseFlag::Hardship),
        language: Some("zh".to_owned()),
        phone: Some("+886 2 1234".to_owned()),
        as_of_ms: T,
        earlier: vec![(T - 86_400_000, true)],
        currency: "TWD".to_owned(),
        exponent: 2,
    }
}

/// One frame of each type.
pub(crate) fn frames() -> Vec<Frame> {
    let case = CASE.parse().unwrap();
    let [first, mut second, third, _] = day();
    second.erase();
    assert!(matches!(second.body, Body::Erased { .. }));
    let stop = PlanStop {
        number: 1,
        case,
        arrive_at_ms: T + 600_000,
        start_at_ms: T + 660_000,
        leave_at_ms: T + 1_200_000,
        leg_m: 4_200,
        leg_s: 600,
    };
    let document = PlanDocument {
        plan: "01900000-0000-7000-8000-00000000000a".parse().unwrap(),
        date: "2026-03-02".parse().unwrap(),
        version: 2,
        route: 5,
        departs_at_ms: T,
        returns_at_ms: T + 3_600_000,
        stops: vec![stop],
        base: Position::from_e7(250_330_000, -1_215_654_000).unwrap(),
    };
    let short = Facts {
        address: None,
        amount_due: Minor::new(-1),
        dpd: Dpd::default(),
        zone: Zone::UTC,
        visit_window: None,
        flags: Flags::NONE,
        language: None,
        phone: None,
        as_of_ms: 0,
        earlier: vec![],
        exponent: 0,
        ..facts()
    };
    let received = |server_seq, admitted, op| ReceivedOp { server_seq, admitted, op };
    let live = vec![received(9, Hlc::new(T, 0), first), received(12, Hlc::new(T, 2), second)];
    vec![
        Frame::Recall { case, code: "no_contact".to_owned(), at_ms: T, server_seq: 11 },
        Frame::Withdrawn { case, server_seq: 13 },
        Frame::Plan { document, server_seq: 14 },
        Frame::Packs(vec!["{}".to_owned(), "x".to_owned()]),
        Frame::Granted { case, facts: facts(), ops: live, at_seq: 15 },
        Frame::Op(received(16, Hlc::new(T - 5, 1), third)),
        Frame::OwnOp { server_seq: 17, admitted: Hlc::new(-1, u16::MAX), sequence: 4 },
        Frame::Facts { case, facts: short, server_seq: 18 },
        Frame::Unknown { kind: 77 },
    ]
}

#[test]
fn frames_have_their_golden_bytes() {
    let golden = golden("FRAME");
    let frames = frames();
    assert_eq!(frames.len(), golden.len());
    for (frame, golden) in frames.iter().zip(&golden) {
        assert_eq!(hex(&frame.encode()), hex(golden), "{frame:?}");
    }
    let end = End { cursor: "Y3Vyc29y".to_owned(), more: true, clock_ms: T, reached: 18, epoch: 3 };
    let page = encode_frames(&frames, &end).unwrap();
    let mut written = Vec::new();
    for frame in golden.iter().chain(&[golden_one("END")]) {
        crate::bytes::put_bytes(&mut written, frame);
    }
    let unpacked = squeeze::decompress("page", &page, MAX_PAGE_BYTES).unwrap();
    assert_eq!(hex(&unpacked), hex(&written));
    assert_eq!(decode_frames(&page), Ok((frames, end)));
}
