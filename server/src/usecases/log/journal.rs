//! Admits op after op and gathers the rows.

use std::collections::{BTreeMap, HashMap};

use sync_core::clock::{Arrival, Hlc};
use sync_core::kinds::{Content, Visit};
use sync_core::merge::{LedgerFlag, Place, Written, named};
use sync_core::op::{Actor, Dot, Op};
use sync_core::protocol::Code;

use super::case::Case;
use super::duplicates::Days;
use super::next;
use super::project;
use super::read::{i64_of, own_dots, read_stored, u64_of};
use super::rules::{Facts, Rules};
use crate::db::log::{LogKnown, LogRows};
use crate::db::rows::{AllocationRow, FeedRow, OpRow};
use crate::db::{DbError, Id};

/// What is known of an op beside itself.
#[derive(Debug, Clone, Copy)]
pub(in crate::usecases) struct Entry<'a> {
    /// The op.
    pub(in crate::usecases) op: &'a Op,
    /// The clock it is admitted with.
    pub(in crate::usecases) clock: Hlc,
    /// Whether that rests on a clock that cannot be right.
    pub(in crate::usecases) implausible: bool,
    /// Server time less device time, in milliseconds.
    pub(in crate::usecases) offset_ms: i64,
    /// When it came, in microseconds since 1970 UTC.
    pub(in crate::usecases) received_at: i64,
    /// Whose it is.
    pub(in crate::usecases) user: Option<Id>,
    /// The agent that user is.
    pub(in crate::usecases) agent: Option<Id>,
}

/// What became of an op.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(in crate::usecases) struct Outcome {
    /// Its place in the log.
    pub(in crate::usecases) server_seq: i64,
    /// What is odd about it.
    pub(in crate::usecases) flags: Vec<Code>,
}

/// The log while ops are admitted.
#[derive(Debug)]
pub(in crate::usecases) struct Journal<'a> {
    /// The rows gathered so far.
    pub(in crate::usecases) rows: LogRows,
    rules: &'a Rules,
    cases: BTreeMap<Id, Case>,
    facts: Facts,
    days: Days,
    clocks: HashMap<Dot, Hlc>,
    allocations: Vec<AllocationRow>,
    now: i64,
}

impl<'a> Journal<'a> {
    /// The log as it is known; `now` in microseconds since 1970 UTC.
    pub(in crate::usecases) fn new(
        known: &LogKnown,
        rules: &'a Rules,
        now: i64,
    ) -> Result<Self, DbError> {
        let (cases, ops) = Case::all(known)?;
        let mut clocks: HashMap<Dot, Hlc> =
            ops.iter().map(|stored| (stored.op.header.dot, stored.clock)).collect();
        for row in &known.ops {
            let stored = read_stored(row)?;
            clocks.insert(stored.op.header.dot, stored.clock);
        }
        let facts = Facts::of(known, rules)?;
        Ok(Self {
            rows: LogRows::at(known.head.clone()),
            rules,
            cases,
            days: Days::of(known, &facts),
            facts,
            clocks,
            allocations: known.allocations.clone(),
            now,
        })
    }

    /// The state of a case that was read.
    pub(in crate::usecases) fn case(&self, id: Id) -> Option<&sync_core::merge::CaseState> {
        self.cases.get(&id).map(|case| &case.state)
    }

    /// The clock an op is admitted with: later than all ops it names, as far as they are admitted.
    pub(in crate::usecases) fn clock(
        &self,
        arrival: Arrival,
        op: &sync_core::op::Header,
    ) -> sync_core::clock::Admitted {
        arrival.admit(op.clock, named(op).filter_map(|dot| self.clocks.get(&dot).copied()))
    }

    /// Whether the agent had the case at that instant (microseconds), or has it now.
    pub(in crate::usecases) fn is_allocated(&self, case: Id, agent: Id, at: i64) -> bool {
        let of_agent = |row: &&AllocationRow| row.case_id == case && row.agent_id == agent;
        self.allocations.iter().filter(of_agent).any(|row| match row.withdrawn_at {
            None => true,
            Some(end) => row.granted_at <= at && at < end,
        })
    }

    /// The one agent who had the case at that instant (microseconds), if it was one.
    fn agent_of(&self, case: Id, at: i64) -> Option<Id> {
        let had = |row: &&AllocationRow| {
            row.case_id == case
                && row.granted_at <= at
                && row.withdrawn_at.is_none_or(|end| at < end)
        };
        let mut agents = self.allocations.iter().filter(had).map(|row| row.agent_id);
        let first = agents.next()?;
        agents.all(|agent| agent == first).then_some(first)
    }

    /// Takes an op into log, registers and projections.
    pub(in crate::usecases) fn admit(&mut self, entry: &Entry<'_>) -> Outcome {
        let header = &entry.op.header;
        let server_seq = next(&mut self.rows.head);
        let case_id = header.case.map(Id::from);
        let mut flags = Vec::new();
        if entry.implausible {
            flags.push(Code::ClockImplausible);
        }
        let payload = entry.op.body.payload();
        let read = payload.map(|p| Written::read(header, p, entry.clock, u64_of(server_seq)));
        let written = match read {
            Some(Ok(written)) => written,
            Some(Err(_)) => {
                flags.push(Code::Unreadable);
                None
            }
            None => None,
        };
        // A kind and version that is known, but at no place where that kind can be.
        if written.is_some() && Place::of(header) == Place::Nowhere {
            flags.push(Code::Unreadable);
        }
        let written = written.filter(|_| Place::of(header) != Place::Nowhere);
        if let Some(case) = case_id.and_then(|id| self.cases.get_mut(&id)) {
            case.take(written.as_ref(), server_seq);
        }
        if let (Some(case), Some(written)) = (case_id, &written) {
            flags.extend(self.enter(case, written, entry));
        }
        self.clocks.insert(header.dot, entry.clock);
        let (actor, sequence) = own_dots(header.dot);
        let (salt, payload) = match &entry.op.body {
            sync_core::op::Body::Whole { salt, payload } => {
                (Some(salt.as_bytes().to_vec()), Some(payload.as_bytes().to_vec()))
            }
            sync_core::op::Body::Erased { .. } => (None, None),
        };
        self.rows.ops.push(OpRow {
            org_id: self.rows.head.org_id,
            server_seq,
            actor,
            sequence,
            case_id,
            kind: i64_of(header.kind.number()),
            admitted_ms: entry.clock.ms(),
            admitted_count: i32::from(entry.clock.count()),
            received_at: entry.received_at,
            user_id: entry.user,
            header: header.encode(),
            body_hash: entry.op.body.hash().as_bytes().to_vec(),
            salt,
            payload,
            flagged: labels(&flags),
        });
        Outcome { server_seq, flags }
    }

    /// Projections of add-only records, and what is odd about them.
    fn enter(&mut self, case: Id, op: &Written, entry: &Entry<'_>) -> Vec<Code> {
        let mut flags = Vec::new();
        let org_id = self.rows.head.org_id;
        match &op.content {
            Content::Visit(visit) => {
                let arrived = project::instant(visit.arrived_at, entry);
                if !visit.breached.is_empty() || self.facts.breached(case, arrived, self.rules) {
                    flags.push(Code::PolicyBreach);
                }
                let mut row = project::visit(org_id, case, op, visit, entry);
                row.agent_id = self.who_visited(case, visit, op, entry, arrived);
                row.flagged = labels(&flags);
                if entry.implausible {
                    row.flagged = labels(&[&[Code::ClockImplausible], &flags[..]].concat());
                }
                self.facts.note(&row);
                self.days.note_visit(&row, &self.facts);
                self.rows.visits.push(row);
            }
            Content::Payment(_) | Content::Reversal(_) => {
                let odd = self.cases.get(&case).and_then(|c| c.state.ledger().flag(op.dot()));
                flags.extend(odd.map(|odd| match odd {
                    LedgerFlag::ReversalExceeds => Code::ReversalExceeds,
                    LedgerFlag::DuplicateSuspected => Code::DuplicateSuspected,
                }));
                let mut row = project::payment(org_id, case, op, entry);
                let like = self.days.note(&row, entry.received_at, &self.facts);
                if like && flags.is_empty() {
                    flags.push(Code::DuplicateSuspected);
                }
                row.flagged = labels(&flags);
                self.rows.payments.push(row);
                self.tell_others(case, entry.agent, "payment");
            }
            Content::Status(_) => self.tell_others(case, entry.agent, "status"),
            _ => {}
        }
        flags
    }

    /// Of a device the agent of its user; else whom the office names, or who had the case.
    fn who_visited(
        &self,
        case: Id,
        visit: &Visit,
        op: &Written,
        entry: &Entry<'_>,
        arrived: i64,
    ) -> Option<Id> {
        if op.dot().actor != Actor::OFFICE {
            return entry.agent;
        }
        visit.agent.map(Id::from).or_else(|| self.agent_of(case, arrived))
    }

    /// A recall for every agent who has the case, unless it is the writer alone.
    fn tell_others(&mut self, case: Id, writer: Option<Id>, code: &str) {
        let lasting = |row: &&AllocationRow| row.case_id == case && row.withdrawn_seq.is_none();
        let mut having = self.allocations.iter().filter(lasting);
        if !having.any(|row| Some(row.agent_id) != writer) {
            return;
        }
        let server_seq = next(&mut self.rows.head);
        let (org_id, at) = (self.rows.head.org_id, self.now);
        self.rows.feed.push(FeedRow { org_id, server_seq, case_id: case, code: code.into(), at });
    }

    /// All rows, those of registers and conflicts too.
    pub(in crate::usecases) fn finish(mut self, exponent: u8) -> LogRows {
        let org_id = self.rows.head.org_id;
        for case in self.cases.values() {
            let (gone, new) = case.live_rows(org_id);
            self.rows.live_gone.extend(gone);
            self.rows.live_new.extend(new);
            project::registers(&mut self.rows, case);
            project::conflicts(&mut self.rows, case, self.now, exponent);
        }
        self.rows
    }
}

/// Codes in one column.
pub(in crate::usecases) fn labels(flags: &[Code]) -> String {
    flags.iter().map(|flag| flag.label()).collect::<Vec<_>>().join(" ")
}
