//! The frames of one page, as changes of the store.

use std::collections::BTreeMap;

use super::state::State;
use super::views::{read_plan, write_plan};
use super::{Phone, PhoneError, names};
use crate::bytes::{List, RecordWriter};
use crate::clock::Hlc;
use crate::model::CaseId;
use crate::protocol::{Facts, Frame, PlanDocument, ReceivedOp};
use crate::store::{Change, OpStore, Standing, StoredCase};

/// The changes of a page while its frames are read. Cases are as they will be afterwards.
pub(super) struct Receiving<'a, S> {
    phone: &'a mut Phone<S>,
    now_ms: i64,
    state: State,
    /// Whether what was granted before is in doubt.
    doubted: bool,
    cases: BTreeMap<CaseId, Option<StoredCase>>,
    plans: BTreeMap<String, u64>,
    changes: Vec<Change>,
}

impl<'a, S: OpStore> Receiving<'a, S> {
    pub(super) fn new(
        phone: &'a mut Phone<S>,
        now_ms: i64,
        state: State,
        starts_over: bool,
    ) -> Self {
        // Numbers of the order of another epoch mean nothing any more.
        let (recalls, plans) = (names::RECALL.to_owned(), names::PLAN.to_owned());
        let changes = if starts_over {
            vec![Change::Doubt, Change::Unname(recalls), Change::Unname(plans)]
        } else {
            Vec::new()
        };
        let (cases, plans) = (BTreeMap::new(), BTreeMap::new());
        Self { phone, now_ms, state, doubted: starts_over, cases, plans, changes }
    }

    pub(super) fn take(&mut self, frame: Frame) -> Result<(), PhoneError> {
        match frame {
            Frame::Recall { case, code, at_ms, server_seq } => {
                let mut record = RecordWriter::new();
                record.ivarint(1, at_ms).uvarint(2, server_seq);
                let name = format!("{}{case}/{code}", names::RECALL);
                self.changes.push(Change::Name(name, Some(record.finish())));
                Ok(())
            }
            Frame::Withdrawn { case, server_seq } => {
                self.change_case(case, server_seq, |stored| stored.standing = Standing::Withdrawn)
            }
            Frame::Plan { document, server_seq } => self.plan(&document, server_seq),
            Frame::Packs(packs) => {
                let mut record = RecordWriter::new();
                record.list(1, &List::bytes(packs));
                let name = names::PACKS.to_owned();
                self.changes.push(Change::Name(name, Some(record.finish())));
                Ok(())
            }
            Frame::Granted { case, facts, ops, at_seq } => self.granted(case, facts, ops, at_seq),
            Frame::Op(received) => self.op(received),
            Frame::OwnOp { server_seq, admitted, sequence } => {
                self.own_op(server_seq, admitted, sequence)
            }
            Frame::Facts { case, facts, server_seq } => {
                self.change_case(case, server_seq, |stored| stored.facts = facts)
            }
            Frame::Unknown { .. } => Ok(()),
        }
    }

    /// Withdraws what a server that started over has not granted again.
    pub(super) fn withdraw_unconfirmed(&mut self) -> Result<(), PhoneError> {
        for stored in self.phone.store.cases()? {
            let now = self.case(stored.case)?.clone();
            if let Some(now) = now.filter(|now| now.standing == Standing::Unconfirmed) {
                self.put_case(StoredCase { standing: Standing::Withdrawn, ..now });
            }
        }
        Ok(())
    }

    /// The state, the changes, and the cases that are withdrawn after them.
    pub(super) fn finish(mut self) -> Result<(State, Vec<Change>, Vec<CaseId>), PhoneError> {
        for stored in self.phone.store.cases()? {
            self.case(stored.case)?;
        }
        let withdrawn = self.cases.values().flatten();
        let withdrawn = withdrawn.filter(|stored| stored.standing == Standing::Withdrawn);
        let withdrawn = withdrawn.map(|stored| stored.case).collect();
        Ok((self.state, self.changes, withdrawn))
    }

    fn case(&mut self, case: CaseId) -> Result<&Option<StoredCase>, PhoneError> {
        if !self.cases.contains_key(&case) {
            let mut stored = self.phone.store.case(case)?;
            if let Some(stored) = stored.as_mut().filter(|_| self.doubted)
                && stored.standing == Standing::Granted
            {
                stored.standing = Standing::Unconfirmed;
            }
            self.cases.insert(case, stored);
        }
        Ok(self.cases.get(&case).unwrap_or(&None))
    }

    fn put_case(&mut self, stored: StoredCase) {
        self.changes.push(Change::Case(stored.clone()));
        self.cases.insert(stored.case, Some(stored));
    }

    /// Changes a case that is there, unless its snapshot is later than that.
    fn change_case(
        &mut self,
        case: CaseId,
        server_seq: u64,
        change: impl FnOnce(&mut StoredCase),
    ) -> Result<(), PhoneError> {
        let stored = self.case(case)?.clone();
        if let Some(mut stored) = stored.filter(|stored| server_seq > stored.at_seq) {
            change(&mut stored);
            self.put_case(stored);
        }
        Ok(())
    }

    fn plan(&mut self, document: &PlanDocument, server_seq: u64) -> Result<(), PhoneError> {
        let name = format!("{}{}", names::PLAN, document.date);
        let held = match self.plans.get(&name) {
            Some(held) => Some(*held),
            None => match self.phone.store.named(&name)? {
                Some(value) => Some(read_plan(&value)?.1),
                None => None,
            },
        };
        if self.doubted || held.is_none_or(|held| server_seq >= held) {
            let value = write_plan(document, server_seq);
            self.changes.push(Change::Name(name.clone(), Some(value)));
            self.plans.insert(name, server_seq);
        }
        Ok(())
    }

    fn granted(
        &mut self,
        case: CaseId,
        facts: Facts,
        ops: Vec<ReceivedOp>,
        at_seq: u64,
    ) -> Result<(), PhoneError> {
        self.changes.push(Change::DropCase(case));
        self.put_case(StoredCase { case, facts, at_seq, standing: Standing::Granted });
        let own = self.phone.actor()?;
        // Own ops that the server had are in the snapshot, or replaced by what is in it.
        for op in self.phone.store.on_top(case)? {
            if op.header.dot.sequence.get() <= self.state.covered {
                self.changes.push(Change::Settle(op.header.dot.sequence.get()));
            }
        }
        for received in ops {
            let dot = received.op.header.dot;
            if dot.actor == own {
                self.changes.push(Change::Settle(dot.sequence.get()));
            }
            self.put_op(received);
        }
        Ok(())
    }

    fn op(&mut self, received: ReceivedOp) -> Result<(), PhoneError> {
        let Some(case) = received.op.header.case else { return Ok(()) };
        let stored = self.case(case)?;
        let is_news = stored.as_ref().is_some_and(|stored| received.server_seq > stored.at_seq);
        if received.op.header.dot.actor == self.phone.actor()? {
            self.changes.push(Change::Settle(received.op.header.dot.sequence.get()));
        }
        if is_news {
            self.put_op(received);
        }
        Ok(())
    }

    fn own_op(&mut self, server_seq: u64, admitted: Hlc, sequence: u64) -> Result<(), PhoneError> {
        self.changes.push(Change::Settle(sequence));
        // Kept aside no more, if it was.
        let aside = format!("{}{sequence:020}", names::ASIDE);
        self.changes.push(Change::Name(aside, None));
        let Some(op) = self.phone.own_op(sequence)? else { return Ok(()) };
        let Some(case) = op.header.case else { return Ok(()) };
        let stored = self.case(case)?;
        if stored.as_ref().is_some_and(|stored| server_seq > stored.at_seq) {
            self.put_op(ReceivedOp { server_seq, admitted, op });
        }
        Ok(())
    }

    fn put_op(&mut self, received: ReceivedOp) {
        self.state.clock = self.state.clock.receive(self.now_ms, received.admitted);
        self.changes.push(Change::Op(received));
    }
}
