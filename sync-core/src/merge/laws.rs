use std::collections::{BTreeMap, BTreeSet, VecDeque};

use proptest::prelude::*;

use super::tests::{T, case, dot, draft, phone, status};
use super::world::{Step, World};
use super::*;
use crate::clock::Hlc;
use crate::kinds::{CaseStatus, Content};
use crate::op::{Actor, Dot, Header};

fn steps() -> impl Strategy<Value = Vec<Step>> {
    let step = (0..4_usize, 0..15_u8, 0..256_usize).prop_map(|(actor, action, pick)| Step {
        actor,
        action,
        pick,
    });
    prop::collection::vec(step, 1..60)
}

fn skews() -> impl Strategy<Value = [i64; 3]> {
    // Up to about fifty years either way.
    prop::array::uniform3(-1_600_000_000_000..1_600_000_000_000_i64)
}

/// How ops come: whose is next, whether an earlier one comes again, and whether the state is put
/// away before and built again from what is live.
fn arrivals() -> impl Strategy<Value = Vec<(usize, Option<prop::sample::Index>, bool)>> {
    let again = prop::option::of(any::<prop::sample::Index>());
    prop::collection::vec((0..4_usize, again, prop::bool::weighted(0.2)), 1..80)
}

/// The state when the ops of `log` come in that way, each actor's in their own order.
fn arrived(
    log: &[Written],
    arrivals: &[(usize, Option<prop::sample::Index>, bool)],
) -> (Vec<Written>, CaseState) {
    let mut queues: BTreeMap<Actor, VecDeque<&Written>> = BTreeMap::new();
    for op in log {
        queues.entry(op.dot().actor).or_default().push_back(op);
    }
    let mut state = CaseState::new(case());
    let mut order = Vec::new();
    for (whose, again, restart) in arrivals.iter().cycle().take(log.len()) {
        if *restart {
            state = CaseState::rebuild(case(), state.live_ops());
        }
        let whose = *queues.keys().nth(whose % queues.len()).unwrap();
        let queue = queues.get_mut(&whose).unwrap();
        let op = queue.pop_front().unwrap();
        if queue.is_empty() {
            queues.remove(&whose);
        }
        state.apply(op);
        order.push(op.clone());
        if let Some(again) = again {
            let again = again.get(&order).clone();
            state.apply(&again);
        }
    }
    (order, state)
}

/// What people see of a register: the ops that are shown, and the conflicts.
type View = (RegisterKey, Vec<Dot>, Vec<Dot>);

fn seen(state: &CaseState) -> Vec<View> {
    let conflicts = state.conflicts();
    let views = state.registers().map(|(key, register)| {
        let shown = register.shown().into_iter().map(Written::dot).collect();
        let here = conflicts.iter().filter(|one| one.register == *key);
        (*key, shown, here.map(|one| one.other.dot()).collect())
    });
    views.filter(|(_, shown, _): &View| !shown.is_empty()).collect()
}

/// Ops of one register whose writers may be lying: each names whatever dots it likes.
fn lies() -> impl Strategy<Value = (RegisterKey, Vec<Written>)> {
    let named = || prop::collection::vec((0..4_u32, 1..7_u64), 0..4);
    let op = (any::<bool>(), prop::option::of((0..4_u32, 1..7_u64)), named(), 0..9_u16);
    let ops = prop::collection::btree_map((0..4_u32, 1..7_u64), op, 1..14);
    (0..3_u8, ops).prop_map(|(family, ops)| {
        let ops: Vec<_> = ops.into_iter().collect();
        let ops = ops.into_iter().enumerate().map(|(index, ((actor, sequence), op))| {
            let (removed, replaces, named, count) = op;
            let content = match (family, removed) {
                (0, _) => status(CaseStatus::Open),
                (1, _) => phone("1"),
                (_, false) => Content::TagAdded("dog".to_owned()),
                (_, true) => Content::TagRemoved("dog".to_owned()),
            };
            let draft = draft(dot(actor, sequence), content, None);
            let dots = named.into_iter().map(|(actor, sequence)| dot(actor, sequence));
            let header = Header {
                replaces: replaces.map(|(actor, sequence)| dot(actor, sequence)),
                context: Some(dots.collect()),
                ..draft.header(None).unwrap()
            };
            let server_seq = u64::try_from(index).unwrap();
            Written::admitted(header, draft.content, Hlc::new(T, count), server_seq)
        });
        let ops: Vec<_> = ops.collect();
        (RegisterKey::of(&ops[0].header).unwrap(), ops)
    })
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(256))]

    #[test]
    fn order_repetition_and_batches_do_not_matter(
        steps in steps(),
        skews in skews(),
        one in arrivals(),
        other in arrivals(),
    ) {
        let world = World::after(&steps, skews);
        let state = world.state();
        for arrivals in [one, other] {
            let (order, arrived) = arrived(&world.log, &arrivals);
            prop_assert_eq!(&arrived, &state, "{:#?}", order);
            prop_assert_eq!(seen(&arrived), seen(&state));
            prop_assert_eq!(arrived.ledger(), state.ledger());
        }
        // And each phone has come to it by its own way, with own ops before they were admitted.
        for actor in &world.actors {
            prop_assert_eq!(&actor.state, &state);
        }
    }

    #[test]
    fn liars_cannot_make_replicas_differ(
        (ops, (key, order)) in lies().prop_flat_map(|(key, ops)| {
            (Just(ops.clone()), (Just(key), Just(ops).prop_shuffle()))
        }),
        restarts in prop::collection::vec(any::<bool>(), 14),
    ) {
        let register = Register::rebuild(&key, &ops);
        let mut other = Register::empty(&key);
        for (op, restart) in order.iter().zip(restarts) {
            other.apply(op);
            if restart {
                other = Register::rebuild(&key, other.live_ops());
            }
        }
        prop_assert_eq!(&other, &register);
        prop_assert_eq!(other.shown(), register.shown());
        for op in &ops {
            other.apply(op);
            prop_assert_eq!(&other, &register);
        }
    }

    #[test]
    fn live_ops_are_enough(steps in steps(), more in steps(), skews in skews()) {
        let state = World::after(&steps, skews).state();
        let live = state.live_ops();
        prop_assert_eq!(&CaseState::rebuild(case(), live.iter().copied()), &state);
        prop_assert_eq!(&CaseState::rebuild(case(), live.into_iter().rev()), &state);
        for (key, register) in state.registers() {
            let rebuilt = Register::rebuild(key, register.live_ops());
            prop_assert_eq!(&rebuilt, register);
            // At most one beside those that count, for each of four actors.
            let count = register.shown().len() + register.conflicts().len();
            prop_assert!(register.live().len() <= count + 4 * count.max(2));
        }
        // What comes later goes on from there as if nothing had been put away.
        let all: Vec<_> = steps.iter().chain(&more).copied().collect();
        let world = World::after(&all, skews);
        for cut in 0..world.log.len() {
            let (before, after) = world.log.split_at(cut);
            let put_away = CaseState::rebuild(case(), before);
            let mut state = CaseState::rebuild(case(), put_away.live_ops());
            for op in after.iter().chain(before) {
                state.apply(op);
            }
            prop_assert_eq!(&state, &world.state());
        }
    }

    #[test]
    fn only_what_a_later_writer_had_seen_is_replaced(steps in steps(), skews in skews()) {
        let world = World::after(&steps, skews);
        let state = world.state();
        let settled = state.settled();
        let listed: BTreeSet<_> =
            state.conflicts().into_iter().map(|one| one.other.dot()).collect();
        for (key, register) in state.registers().filter(|(key, _)| key.family != Family::Tags) {
            let ops = || world.log.iter().filter(|op| RegisterKey::of(&op.header) == Some(*key));
            let rivals = register.conflicts();
            for op in ops() {
                let dot = op.dot();
                let overwritten = ops().any(|later| world.saw[&later.dot()].contains(&dot));
                let shown = register.top().map(Written::dot) == Some(dot);
                prop_assert_eq!(shown || rivals.contains(&dot), !overwritten, "{} {:?}", dot, key);
                let unsettled = rivals.contains(&dot) && !settled.contains(&dot);
                prop_assert_eq!(listed.contains(&dot), unsettled);
            }
            let highest = ops().filter(|op| register.top() == Some(op) || rivals.contains(&op.dot()));
            prop_assert_eq!(highest.max_by_key(|op| op.marker()), register.top());
        }
        // And records are there, every one.
        let records = world.log.iter().filter(|op| Place::of(&op.header).is_record());
        prop_assert_eq!(records.count(), state.records().count());
    }

    #[test]
    fn a_tag_stays_unless_its_addition_was_seen_by_a_removal(
        steps in steps(),
        skews in skews(),
    ) {
        let world = World::after(&steps, skews);
        let of = |added, tag: &str| {
            let log = world.log.iter();
            let wanted = if added { Content::TagAdded } else { Content::TagRemoved }(tag.to_owned());
            log.filter(move |op| op.content == wanted).map(Written::dot).collect::<Vec<_>>()
        };
        let mut tags = Vec::new();
        for tag in ["dog", "gate"] {
            let (added, removed) = (of(true, tag), of(false, tag));
            let last = |dot: &Dot| !added.iter().any(|other| other.actor == dot.actor && other > dot);
            let unseen = |dot: &Dot| !removed.iter().any(|by| world.saw[by].contains(dot));
            if added.iter().filter(|dot| last(dot)).any(unseen) {
                tags.push(tag);
            }
        }
        let state = world.state();
        prop_assert_eq!(state.tags(), tags);
    }

    #[test]
    fn wrong_clocks_neither_win_nor_lose(steps in steps(), skews in skews()) {
        let wrong = World::after(&steps, skews);
        let right = World::after(&steps, [0; 3]);
        prop_assert_eq!(seen(&wrong.state()), seen(&right.state()));
        let clocks = |world: &World| {
            world.log.iter().map(|op| (op.dot(), op.clock)).collect::<Vec<_>>()
        };
        prop_assert_eq!(clocks(&wrong), clocks(&right));
    }

    #[test]
    fn no_more_is_reversed_than_was_paid(steps in steps()) {
        let ledger = World::after(&steps, [0; 3]).state().ledger();
        let mut counted = BTreeMap::new();
        for (dot, line) in ledger.reversals() {
            prop_assert_eq!(ledger.flag(dot).is_none(), line.counted);
            if line.counted {
                *counted.entry(line.payment).or_insert(0) += line.amount_minor.get();
            }
        }
        let mut left = 0;
        for (dot, line) in ledger.payments() {
            let reversed = counted.get(&dot).copied().unwrap_or_default();
            prop_assert_eq!(line.reversed_minor.get(), reversed);
            prop_assert_eq!(line.left_minor().get(), line.payment.amount_minor.get() - reversed);
            prop_assert!(line.left_minor().get() >= 0);
            left += line.left_minor().get();
        }
        prop_assert_eq!(ledger.balance().map(crate::model::Minor::get), Ok(left));
    }
}
