//! What every store has to do.

use super::*;
use crate::clock::Hlc;
use crate::op::Body;
use crate::op::tests::day;
use crate::protocol::Frame;

/// Cases that sort as they are numbered.
fn case(number: u8) -> CaseId {
    CaseId::from_parts(u64::from(number), [number; 10])
}

fn facts() -> Facts {
    let mut granted = crate::protocol::tests::frames().into_iter();
    let facts = granted.find_map(|frame| match frame {
        Frame::Granted { facts, .. } => Some(facts),
        _ => None,
    });
    facts.unwrap()
}

fn stored(number: u8, standing: Standing) -> StoredCase {
    StoredCase { case: case(number), facts: facts(), at_seq: u64::from(number), standing }
}

fn own(sequence: usize, of: Option<u8>) -> OwnOp {
    let mut op = day()[sequence - 1].clone();
    op.header.case = of.map(case);
    OwnOp { op, settled: false }
}

fn received(sequence: usize, of: u8, server_seq: u64) -> ReceivedOp {
    let op = own(sequence, Some(of)).op;
    ReceivedOp { server_seq, admitted: Hlc::new(-5, u16::MAX), op }
}

/// Checks a new store. `reopen` closes it and opens it again.
pub(super) fn check<S: OpStore>(store: S, reopen: impl Fn(S) -> S) {
    let store = reopen(values(store));
    let store = reopen(own_ops(store));
    let store = reopen(cases(store));
    let mut store = batches(store);
    store.commit(vec![Change::Wipe]).unwrap();
    let mut store = reopen(store);
    assert_eq!(store.names(""), Ok(vec![]));
    assert_eq!(store.own_ops(0, 9), Ok(vec![]));
    assert_eq!(store.cases(), Ok(vec![]));
    assert_eq!(store.ops(case(1)), Ok(vec![]));
    assert_eq!(store.batch_after(0), Ok(None));
}

fn values<S: OpStore>(mut store: S) -> S {
    let put = |name: &str, value: &[u8]| Change::Name(name.to_owned(), Some(value.to_vec()));
    assert_eq!(store.named("a/1"), Ok(None));
    let all = vec![put("a/2", b"two"), put("a/1", b""), put("b", b"b"), put("a", b"a")];
    store.commit(all).unwrap();
    assert_eq!(store.named("a/1"), Ok(Some(vec![])));
    // Later changes of a commit count, and changes that change nothing are none.
    let again = vec![
        put("a/1", b"1"),
        put("a/1", b"one"),
        Change::Name("b".to_owned(), None),
        Change::Name("never".to_owned(), None),
    ];
    store.commit(again).unwrap();
    let of_a = vec![("a/1".to_owned(), b"one".to_vec()), ("a/2".to_owned(), b"two".to_vec())];
    assert_eq!(store.names("a/"), Ok(of_a));
    assert_eq!(store.names("").unwrap().len(), 3);
    store.commit(vec![Change::Unname("a/".to_owned())]).unwrap();
    assert_eq!(store.names(""), Ok(vec![("a".to_owned(), b"a".to_vec())]));
    store
}

fn own_ops<S: OpStore>(mut store: S) -> S {
    let ops = [own(1, Some(1)), own(2, Some(1)), own(3, Some(2)), own(4, None)];
    store.commit(ops.iter().cloned().map(Change::Own).collect()).unwrap();
    assert_eq!(store.own_ops(0, 9), Ok(ops.to_vec()));
    assert_eq!(store.own_ops(2, 2), Ok(ops[1..3].to_vec()));
    assert_eq!(store.own_ops(5, 9), Ok(vec![]));
    let on_top = |store: &mut S, number| -> Vec<u64> {
        let ops = store.on_top(case(number)).unwrap();
        ops.iter().map(|op| op.header.dot.sequence.get()).collect()
    };
    assert_eq!(on_top(&mut store, 1), [1, 2]);
    store.commit(vec![Change::Settle(1), Change::Settle(77)]).unwrap();
    assert_eq!(on_top(&mut store, 1), [2]);
    store.commit(vec![Change::Erase { case: case(1), up_to: 1 }]).unwrap();
    let erased = store.own_ops(1, 1).unwrap().remove(0);
    assert!(erased.settled && matches!(erased.op.body, Body::Erased { .. }));
    assert_eq!(erased.op.body.hash(), ops[0].op.body.hash());
    assert_eq!(store.own_ops(2, 1).unwrap()[0], ops[1]);
    // What is erased never lies on top again.
    store.commit(vec![Change::Settle(2), Change::Settle(3)]).unwrap();
    store.commit(vec![Change::Unsettle { after: 2 }]).unwrap();
    assert_eq!((on_top(&mut store, 1), on_top(&mut store, 2)), (vec![], vec![3]));
    store.commit(vec![Change::Unsettle { after: 0 }]).unwrap();
    assert_eq!(on_top(&mut store, 1), [2]);
    let hashes: Vec<_> = ops.iter().map(|own| (own.op.header.dot, own.op.body.hash())).collect();
    assert_eq!(super::hashes(&mut store), Ok(hashes));
    store
}

fn cases<S: OpStore>(mut store: S) -> S {
    let (first, second) = (stored(1, Standing::Granted), stored(2, Standing::Withdrawn));
    store.commit(vec![Change::Case(second.clone()), Change::Case(first.clone())]).unwrap();
    assert_eq!(store.case(case(1)), Ok(Some(first.clone())));
    assert_eq!(store.case(case(3)), Ok(None));
    assert_eq!(store.cases(), Ok(vec![first.clone(), second.clone()]));
    let ops = [received(1, 1, 7), received(2, 1, 5), received(3, 2, 6)];
    let changes = ops.iter().rev().cloned().map(Change::Op).collect();
    store.commit(changes).unwrap();
    assert_eq!(store.ops(case(1)), Ok(ops[..2].to_vec()));
    // The same op again replaces it; an op without a case has no place.
    let mut released = received(2, 1, 9);
    released.op.erase();
    let mut nowhere = received(4, 1, 10);
    nowhere.op.header.case = None;
    store.commit(vec![Change::Op(released.clone()), Change::Op(nowhere)]).unwrap();
    assert_eq!(store.ops(case(1)), Ok(vec![ops[0].clone(), released]));
    store.commit(vec![Change::Doubt]).unwrap();
    let doubted = StoredCase { standing: Standing::Unconfirmed, ..first };
    assert_eq!(store.cases(), Ok(vec![doubted, second]));
    store.commit(vec![Change::DropCase(case(1))]).unwrap();
    assert_eq!((store.case(case(1)), store.ops(case(1))), (Ok(None), Ok(vec![])));
    assert_eq!(store.ops(case(2)), Ok(ops[2..].to_vec()));
    store
}

fn batches<S: OpStore>(mut store: S) -> S {
    let batch = |last: u64| KeptBatch { last, bytes: last.to_be_bytes().to_vec() };
    store.commit([9, 4, 12].map(batch).map(Change::Batch).to_vec()).unwrap();
    assert_eq!(store.batch_after(0), Ok(Some(batch(4))));
    assert_eq!(store.batch_after(4), Ok(Some(batch(9))));
    store.commit(vec![Change::DropBatches { up_to: 9 }]).unwrap();
    assert_eq!(store.batch_after(0), Ok(Some(batch(12))));
    assert_eq!(store.batch_after(12), Ok(None));
    store
}
