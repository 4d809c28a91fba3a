//! An office and three phones that write about one case, see more or less of each other, push, pull,
//! and have ops kept aside and released. Everybody is honest; clocks may be wrong.

use std::collections::{BTreeMap, BTreeSet};

use super::tests::{T, case, dot, draft, edit, payment, phone, reversal, status, visit};
use super::{CaseState, Draft, Family, RegisterKey, Written, named};
use crate::clock::{Arrival, Hlc};
use crate::kinds::{CaseStatus, Content, Disposition, Promise, PromiseState, Settled};
use crate::model::Minor;
use crate::op::Dot;

/// What one actor does in one second.
#[derive(Debug, Clone, Copy)]
pub(super) struct Step {
    /// 0 is the office.
    pub(super) actor: usize,
    /// Up to 9 a kind of op to write, 10 and 11 a push (with 11 some ops are kept aside), 12 and 13
    /// a pull, 14 a release.
    pub(super) action: u8,
    /// Which of several.
    pub(super) pick: usize,
}

pub(super) struct Actor {
    pub(super) state: CaseState,
    known: BTreeSet<Dot>,
    pending: Vec<Written>,
    sequence: u64,
    last: Hlc,
    before: Option<Hlc>,
    /// How far the own clock is ahead, in milliseconds.
    skew: i64,
    pulled: usize,
}

pub(super) struct World {
    pub(super) actors: Vec<Actor>,
    /// The admitted ops.
    pub(super) log: Vec<Written>,
    /// The ops that the writer of each op knew.
    pub(super) saw: BTreeMap<Dot, BTreeSet<Dot>>,
    aside: Vec<Written>,
    now: i64,
}

impl World {
    /// What has become of it after all steps, pushes, releases and pulls.
    pub(super) fn after(steps: &[Step], skews: [i64; 3]) -> Self {
        let [first, second, third] = skews;
        let actors = [0, first, second, third].map(|skew| Actor {
            state: CaseState::new(case()),
            known: BTreeSet::new(),
            pending: vec![],
            sequence: 0,
            last: Hlc::FIRST,
            before: None,
            skew,
            pulled: 0,
        });
        let (log, saw, aside) = (vec![], BTreeMap::new(), vec![]);
        let mut world = Self { actors: actors.into(), log, saw, aside, now: T };
        for step in steps {
            world.now += 1_000;
            world.step(*step);
        }
        for actor in 0..4 {
            world.push(actor, false, 0);
        }
        while !world.aside.is_empty() {
            world.release(0);
        }
        for actor in 0..4 {
            world.pull(actor);
        }
        world
    }

    pub(super) fn state(&self) -> CaseState {
        CaseState::rebuild(case(), &self.log)
    }

    fn step(&mut self, Step { actor, action, pick }: Step) {
        match action {
            0..=9 => self.write(actor, action, pick),
            10 | 11 => self.push(actor, action == 11, pick),
            12 | 13 => self.pull(actor),
            _ => self.release(pick),
        }
    }

    fn write(&mut self, number: usize, action: u8, pick: usize) {
        // The office writes on the server, which knows everything that is admitted.
        if number == 0 {
            self.pull(0);
        }
        let name = [0, 7, 8, 9][number];
        let actor = &mut self.actors[number];
        let Some((content, record)) = content(&actor.state, action, pick) else { return };
        actor.sequence += 1;
        actor.last = actor.last.send(self.now + actor.skew);
        let dot = dot(name, actor.sequence);
        let draft = Draft { clock: actor.last, ..draft(dot, content, record) };
        let header = actor.state.header(&draft).unwrap();
        let op = Written::pending(header, draft.content);
        assert!(actor.state.apply(&op));
        self.saw.insert(dot, actor.known.clone());
        actor.known.insert(dot);
        actor.pending.push(op);
        if number == 0 {
            self.push(0, false, 0);
        }
    }

    fn push(&mut self, number: usize, some_aside: bool, pick: usize) {
        for (index, op) in std::mem::take(&mut self.actors[number].pending).into_iter().enumerate()
        {
            if some_aside && (pick >> (index % 8)) & 1 == 1 {
                self.aside.push(op);
                continue;
            }
            let actor = &mut self.actors[number];
            let (offset_ms, received_ms, before) = (-actor.skew, self.now, actor.before);
            let names: Vec<_> = named(&op.header).collect();
            let known = self.log.iter().filter(|op| names.contains(&op.dot()));
            let known: Vec<_> = known.map(|op| op.clock).collect();
            let arrival = Arrival { offset_ms, received_ms, before };
            let clock = arrival.admit(op.header.clock, known).clock;
            actor.before = Some(clock);
            self.admit(op, clock);
        }
    }

    fn release(&mut self, pick: usize) {
        if !self.aside.is_empty() {
            let op = self.aside.remove(pick % self.aside.len());
            self.admit(op, Hlc::new(self.now, 0));
        }
    }

    fn admit(&mut self, op: Written, clock: Hlc) {
        let server_seq = u64::try_from(self.log.len()).unwrap() + 1;
        self.log.push(Written::admitted(op.header, op.content, clock, server_seq));
    }

    fn pull(&mut self, number: usize) {
        let actor = &mut self.actors[number];
        for op in &self.log[actor.pulled..] {
            assert!(actor.state.apply(op));
            actor.known.insert(op.dot());
        }
        actor.pulled = self.log.len();
    }
}

/// Something to write for somebody who sees `state`, and its record; none where there is nothing to
/// write it on.
fn content(state: &CaseState, action: u8, pick: usize) -> Option<(Content, Option<Dot>)> {
    let outcome = Disposition::ALL[pick % Disposition::ALL.len()];
    let text = pick.to_string();
    let tag = ["dog", "gate"][pick % 2].to_owned();
    let promise = |state| {
        let amount_minor = Minor::new(1 + i64::try_from(pick).unwrap());
        Content::Promise(Promise { amount_minor, due_on: 20_000, state, visit: None })
    };
    let records = |wanted: fn(&Content) -> bool| {
        let records = state.records().filter(move |op| wanted(&op.content));
        let dots: Vec<_> = records.map(Written::dot).collect();
        (!dots.is_empty()).then(|| dots[pick % dots.len()])
    };
    match action {
        0 => Some((visit(outcome), None)),
        1 => {
            let visit = records(|content| matches!(content, Content::Visit(_)))?;
            Some((edit(outcome), Some(visit)))
        }
        2 => Some((promise(PromiseState::Open), None)),
        3 => {
            let promises = state.registers().filter(|(key, _)| key.family == Family::Promise);
            let keys: Vec<RegisterKey> = promises.map(|(key, _)| *key).collect();
            let first = keys.get(pick.checked_rem(keys.len())?)?.record?;
            Some((promise(PromiseState::ALL[pick % 5]), Some(first)))
        }
        4 => Some((phone(&text), None)),
        5 => Some((Content::TagAdded(tag), None)),
        6 => Some((Content::TagRemoved(tag), None)),
        7 => Some((status(CaseStatus::ALL[pick % 4]), None)),
        8 => {
            let paid = records(|content| matches!(content, Content::Payment(_)));
            let amount = 1 + i64::try_from(pick % 9).unwrap();
            match paid {
                Some(paid) if pick.is_multiple_of(2) => Some((reversal(paid, amount), None)),
                _ => Some((payment(amount, T + i64::try_from(pick).unwrap() * 60_000), None)),
            }
        }
        _ => {
            let dots: Vec<_> = state.conflicts().iter().map(|found| found.other.dot()).collect();
            (!dots.is_empty()).then_some((Content::Settled(Settled { dots, note: None }), None))
        }
    }
}
