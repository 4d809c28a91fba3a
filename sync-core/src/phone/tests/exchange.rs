//! What may come in an exchange.

use super::*;
use crate::op::{Body, OpHash};
use crate::protocol::{HelloAnswer, MAX_BATCH_OPS, PushAnswer};

/// A server and a phone that has pulled its one case.
fn begin() -> (Server, Phone<MemoryStore>) {
    let mut server = server();
    let mut phone = phone(&mut server, 1);
    server.grant(case(1), 1);
    sync(&mut phone, &mut server, T);
    (server, phone)
}

fn batches(phone: &mut Phone<MemoryStore>) -> Vec<u64> {
    let mut after = 0;
    std::iter::from_fn(|| {
        let batch = phone.store().batch_after(after).unwrap()?;
        after = batch.last;
        Some(after)
    })
    .collect()
}

#[test]
fn an_exchange_is_hello_then_batches_then_pages() {
    let (mut server, mut phone) = begin();
    phone.log_visit(at(T), case(1), visit(T)).unwrap();
    let mut client = Client::new("1.0.0");
    let hello = client.next(&mut phone, T).unwrap().unwrap();
    assert_eq!((hello.method.as_str(), hello.path.as_str()), ("POST", "/api/v1/sync/hello"));
    assert_eq!(
        (hello.content_type, hello.token.as_deref()),
        (Some("application/vnd.doorstep.record"), None)
    );
    let (status, body) = server.answer(&hello);
    assert_eq!(client.answer(&mut phone, T, status, &body), Ok(Progress::Greeted));
    assert_eq!(client.answer(&mut phone, T, status, &body), Err(ClientError::Unexpected));
    let push = client.next(&mut phone, T).unwrap().unwrap();
    assert_eq!((push.path.as_str(), push.token.as_deref()), ("/api/v1/sync/push", Some("1.1")));
    // Asked again it is the same batch.
    assert_eq!(client.next(&mut phone, T + 5).unwrap().unwrap(), push);
    let (status, body) = server.answer(&push);
    let pushed = Progress::Pushed { acknowledged: 1, kept_aside: 0, wait_s: None };
    assert_eq!(client.answer(&mut phone, T, status, &body), Ok(pushed));
    let pull = client.next(&mut phone, T).unwrap().unwrap();
    assert_eq!((pull.method.as_str(), pull.content_type), ("GET", None));
    assert!(pull.path.starts_with("/api/v1/sync/pull?cursor="), "{}", pull.path);
    let (status, body) = server.answer(&pull);
    let pulled = Progress::Pulled { frames: 1, more: false };
    assert_eq!(client.answer(&mut phone, T, status, &body), Ok(pulled));
    assert_eq!(client.next(&mut phone, T), Ok(None));
}

#[test]
fn batches_are_kept_until_they_are_durable() {
    let (mut server, mut phone) = begin();
    for round in 0..3 {
        phone.log_visit(at(T + round), case(1), visit(T)).unwrap();
        sync(&mut phone, &mut server, T + round);
    }
    assert_eq!((phone.acknowledged(), batches(&mut phone)), (3, vec![1, 2, 3]));
    // A restored server gets all of it again.
    let backup = server.clone();
    let mut old = begin().0;
    (old.epoch, old.now_ms) = (2, T + 10);
    sync(&mut phone, &mut old, T + 10);
    assert_eq!((old.known(1), old.case(case(1)).visits().len()), (3, 3));
    assert_eq!(phone.case(case(1)).unwrap().state, old.case(case(1)));
    old.save();
    phone.tag(at(T + 11), case(1), "dog").unwrap();
    sync(&mut phone, &mut old, T + 11);
    assert_eq!((phone.durable(), batches(&mut phone)), (3, vec![4]));
    // One that lost what it had called durable is told so, and nothing is lost here.
    let mut lost = begin().0;
    lost.epoch = 3;
    let mut client = Client::new("1.0.0");
    let hello = client.next(&mut phone, T).unwrap().unwrap();
    let (status, body) = lost.answer(&hello);
    let said = client.answer(&mut phone, T, status, &body);
    assert_eq!(said, Err(ClientError::HistoryLost { known: 0, durable: 3 }));
    assert_eq!((phone.acknowledged(), backup.known(1)), (4, 3));
}

#[test]
fn a_copied_phone_is_noticed() {
    let (mut server, mut phone) = begin();
    let mut copy = Phone::open(phone.store().clone()).unwrap();
    phone.log_visit(at(T), case(1), visit(T)).unwrap();
    sync(&mut phone, &mut server, T);
    // The copy knows less than the server has of it. (Its hello has to be a new one.)
    let answer = |known, head: &OpHash| HelloAnswer {
        clock_ms: T,
        epoch: 1,
        known,
        head: *head,
        token: Some("t".to_owned()),
        lowest: 1,
        highest: 1,
        offset_ms: 0,
        wipe: false,
    };
    let head = phone.state.head;
    assert_eq!(copy.take_hello(&answer(1, &head)), Err(ClientError::Forked));
    // Or as much, and something else.
    copy.log_visit(at(T + 1), case(1), visit(T + 1)).unwrap();
    assert_eq!(copy.take_hello(&answer(1, &head)), Err(ClientError::Forked));
    assert_eq!(phone.take_hello(&answer(1, &head)), Ok(()));
    let start = phone.chain().unwrap();
    assert_eq!(start.sequence(), 1);
    let unknown = OpHash::new([7; 32]);
    assert_eq!(phone.take_hello(&answer(0, &unknown)), Err(ClientError::Forked));
    let later = HelloAnswer { lowest: 2, highest: 3, ..answer(1, &head) };
    let upgrade = ClientError::Upgrade { lowest: 2, highest: 3 };
    assert_eq!(phone.take_hello(&later), Err(upgrade));
}

#[test]
fn a_revoked_phone_is_wiped() {
    let (mut server, mut phone) = begin();
    phone.log_visit(at(T), case(1), visit(T)).unwrap();
    server.revoke(1);
    assert_eq!(sync(&mut phone, &mut server, T), [Progress::Wiped]);
    assert!(!phone.is_enrolled());
    assert_eq!(phone.store().names(""), Ok(vec![]));
    assert_eq!(phone.store().own_ops(0, 9), Ok(vec![]));
    assert_eq!(phone.case(case(1)), Err(PhoneError::NotGranted { case: case(1) }));
    assert!(matches!(Client::new("1").next(&mut phone, T), Err(ClientError::Phone(_))));
    // It can be enrolled again, with another key.
    let enrolment = phone.enrolment("NEW", "phone", "1.0.0", [9; 32]).unwrap();
    let enrolled = server.enrol(&enrolment);
    phone.enrol(T, enrolled.clone()).unwrap();
    assert_eq!(phone.enrol(T, enrolled), Err(PhoneError::Enrolled { actor: 2 }));
}

#[test]
fn a_withdrawn_case_is_purged_once_nothing_of_it_is_unsent() {
    let (mut server, mut phone) = begin();
    server.recall(case(1), "moved");
    sync(&mut phone, &mut server, T);
    phone.log_visit(at(T), case(1), visit(T)).unwrap();
    sync(&mut phone, &mut server, T);
    server.withdraw(case(1), 1);
    // Written and not sent when the withdrawal comes: the page is taken after the push is refused.
    let mut client = Client::new("1.0.0");
    phone.tag(at(T + 1), case(1), "dog").unwrap();
    let mut refused = false;
    while let Some(request) = client.next(&mut phone, T + 1).unwrap() {
        let is_push = request.path.ends_with("push");
        let (status, body) = if is_push {
            (400, br#"{"code":"not_canonical","detail":"no"}"#.to_vec())
        } else {
            server.answer(&request)
        };
        let progress = client.answer(&mut phone, T + 1, status, &body).unwrap();
        refused |= matches!(progress, Progress::PushRefused(_));
    }
    assert!(refused);
    assert_eq!(phone.cases(), Ok(vec![]));
    assert!(phone.store().case(case(1)).unwrap().is_some());
    assert_eq!(phone.store().on_top(case(1)).unwrap().len(), 1);
    let not_granted = Err(PhoneError::NotGranted { case: case(1) });
    assert_eq!(phone.tag(at(T + 2), case(1), "gate"), not_granted);
    sync(&mut phone, &mut server, T + 3);
    assert_eq!(phone.store().case(case(1)), Ok(None));
    assert_eq!(phone.store().ops(case(1)), Ok(vec![]));
    assert_eq!(phone.store().names("recall/"), Ok(vec![]));
    // Hashes remain, contents do not; what was kept aside is listed.
    let own = phone.store().own_ops(0, 9).unwrap();
    assert!(own.iter().all(|own| matches!(own.op.body, Body::Erased { .. })));
    assert_eq!(own.len(), 2);
    let aside = phone.kept_aside().unwrap();
    assert_eq!((aside.len(), aside[0].code.as_str()), (1, "foreign_case"));
    // Granted again it is as the server has it.
    server.grant(case(1), 1);
    sync(&mut phone, &mut server, T + 4);
    assert_eq!(phone.case(case(1)).unwrap().state, server.case(case(1)));
}

#[test]
fn flags_of_the_server_are_listed() {
    let (mut server, mut phone) = begin();
    let off = T + 3 * 86_400_000;
    phone.log_visit(at(off), case(1), visit(off)).unwrap();
    sync(&mut phone, &mut server, off);
    let flagged = phone.flagged().unwrap();
    assert_eq!((flagged.len(), flagged[0].code.as_str()), (1, "clock_implausible"));
    assert_eq!(phone.kept_aside(), Ok(vec![]));
    assert_eq!(phone.offset_ms(), -3 * 86_400_000);
}

#[test]
fn a_token_that_ran_out_is_renewed() {
    let (mut server, mut phone) = begin();
    phone.log_visit(at(T), case(1), visit(T)).unwrap();
    let mut client = Client::new("1.0.0");
    let mut expired = 0;
    let mut all = Vec::new();
    while let Some(request) = client.next(&mut phone, T).unwrap() {
        let (status, body) = if request.path.ends_with("push") && expired == 0 {
            expired += 1;
            (401, br#"{"code":"unauthenticated"}"#.to_vec())
        } else {
            server.answer(&request)
        };
        all.push(client.answer(&mut phone, T, status, &body).unwrap());
    }
    assert_eq!(all[..3], [Progress::Greeted, Progress::Again, Progress::Greeted]);
    assert_eq!(phone.acknowledged(), 1);
    // A server that never takes it is not asked for ever.
    let mut client = Client::new("1.0.0");
    let mut refused = None;
    for _ in 0..20 {
        let request = client.next(&mut phone, T).unwrap().unwrap();
        let (status, body) = match request.path.as_str() {
            "/api/v1/sync/hello" => server.answer(&request),
            _ => (401, Vec::new()),
        };
        refused = client.answer(&mut phone, T, status, &body).err();
        if refused.is_some() {
            break;
        }
    }
    assert!(matches!(refused, Some(ClientError::Refused(_))), "{refused:?}");
}

#[test]
fn a_server_that_starts_over_in_between_is_greeted_again() {
    let (mut server, mut phone) = begin();
    let mut client = Client::new("1.0.0");
    let hello = client.next(&mut phone, T).unwrap().unwrap();
    let (status, body) = server.answer(&hello);
    client.answer(&mut phone, T, status, &body).unwrap();
    let mut pull = client.next(&mut phone, T).unwrap().unwrap();
    let cursor = phone.state.cursor.clone();
    server.epoch = 2;
    pull.token = Some("1.2".to_owned());
    let (status, body) = server.answer(&pull);
    assert_eq!(client.answer(&mut phone, T, status, &body), Ok(Progress::Again));
    assert_eq!(phone.state.cursor, cursor);
    let mut pulled = false;
    while let Some(request) = client.next(&mut phone, T).unwrap() {
        let (status, body) = server.answer(&request);
        pulled |= client.answer(&mut phone, T, status, &body).unwrap()
            == Progress::Pulled { frames: 1, more: false };
    }
    assert!(pulled);
    assert_eq!((phone.state.epoch, phone.cases().unwrap().len()), (2, 1));
}

#[test]
fn a_page_is_taken_once_and_whole() {
    let (mut server, mut phone) = begin();
    server.grant(case(2), 1);
    let mut client = Client::new("1.0.0");
    let hello = client.next(&mut phone, T).unwrap().unwrap();
    let (status, body) = server.answer(&hello);
    client.answer(&mut phone, T, status, &body).unwrap();
    let pull = client.next(&mut phone, T).unwrap().unwrap();
    let (status, body) = server.answer(&pull);
    let before = phone.store().clone();
    let cut = client.answer(&mut phone, T, status, &body[..body.len() - 1]);
    assert!(matches!(cut, Err(ClientError::Protocol(_))), "{cut:?}");
    assert_eq!(phone.store().names(""), before.clone().names(""));
    assert_eq!(phone.cases().unwrap().len(), 1);
    // Two exchanges at once: the second takes nothing of a page that was taken.
    let mut second = client.clone();
    client.next(&mut phone, T).unwrap();
    second.next(&mut phone, T).unwrap();
    client.answer(&mut phone, T, status, &body).unwrap();
    assert_eq!(second.answer(&mut phone, T, status, &body), Err(ClientError::Unexpected));
    assert_eq!(phone.cases().unwrap().len(), 2);
}

#[test]
fn a_server_that_does_not_move_is_left() {
    let (mut server, mut phone) = begin();
    phone.log_visit(at(T), case(1), visit(T)).unwrap();
    let mut client = Client::new("1.0.0");
    let hello = client.next(&mut phone, T).unwrap().unwrap();
    let (status, body) = server.answer(&hello);
    client.answer(&mut phone, T, status, &body).unwrap();
    client.next(&mut phone, T).unwrap();
    let nothing = PushAnswer { epoch: 1, ..PushAnswer::default() };
    let said = client.answer(&mut phone, T, 200, &nothing.encode());
    assert_eq!(said, Err(ClientError::NoProgress));
    // Busy is no refusal: the same batch again.
    let first = client.next(&mut phone, T).unwrap().unwrap();
    let busy = client.answer(&mut phone, T, 503, b"<html>");
    assert!(matches!(busy, Err(ClientError::Refused(Refusal { status: 503, code: None, .. }))));
    assert_eq!(client.next(&mut phone, T).unwrap().unwrap(), first);
}

#[test]
fn a_full_batch_is_signed_and_the_next_begun() {
    let (mut server, mut phone) = begin();
    let many = MAX_BATCH_OPS + 5;
    for number in 0..many {
        let now_ms = T + i64::try_from(number).unwrap();
        phone.tag(at(now_ms), case(1), "dog").unwrap();
    }
    assert_eq!(batches(&mut phone), [1_000]);
    // And by size: notes of 300 kB, three to a batch.
    for number in 0..4 {
        let note = Some("x".repeat(300_000));
        phone.log_visit(at(T), case(1), Visit { note, ..visit(T + number) }).unwrap();
    }
    sync(&mut phone, &mut server, T);
    assert_eq!(batches(&mut phone), [1_000, 1_008, 1_009]);
    assert_eq!((phone.acknowledged(), server.known(1)), (1_009, 1_009));
}

#[cfg(feature = "sqlite")]
#[test]
fn a_day_in_a_file_stands_being_stopped_anywhere() {
    use crate::store::SqliteStore;
    let folder = tempfile::tempdir().unwrap();
    let open = || {
        let store = SqliteStore::open(&folder.path().join("phone.sqlite")).unwrap();
        Phone::open(store).unwrap()
    };
    let mut server = server();
    for number in 1..=5 {
        server.grant(case(number), 1);
    }
    let mut phone = open();
    let enrolment = phone.enrolment("CODE", "phone", "1.0.0", [1; 32]).unwrap();
    drop(phone);
    // The answer to the enrolment got lost, and the same key asks again.
    let mut phone = open();
    assert_eq!(phone.enrolment("CODE", "phone", "1.0.0", [2; 32]).unwrap(), enrolment);
    phone.enrol(T, server.enrol(&enrolment)).unwrap();
    let mut client = Client::new("1.0.0");
    let mut stops = 0;
    while let Some(request) = client.next(&mut phone, T).unwrap() {
        let (status, body) = server.answer(&request);
        let progress = client.answer(&mut phone, T, status, &body).unwrap();
        // Stopped after each page, and gone on with.
        if matches!(progress, Progress::Pulled { more: true, .. }) {
            drop(phone);
            phone = open();
            client = Client::new("1.0.0");
            stops += 1;
        }
    }
    assert_eq!((stops, phone.cases().unwrap().len()), (1, 5));
    phone.log_visit(at(T), case(3), visit(T)).unwrap();
    drop(phone);
    let mut phone = open();
    assert_eq!(phone.case(case(3)).unwrap().state.visits().len(), 1);
    sync(&mut phone, &mut server, T);
    assert_eq!(phone.case(case(3)).unwrap().state, server.case(case(3)));
    let hashes = crate::store::hashes(phone.store()).unwrap();
    let server_side: Vec<_> =
        server.ops().map(|op| (op.op.header.dot, op.op.body.hash())).collect();
    assert_eq!(hashes, server_side);
}
