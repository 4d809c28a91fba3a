//! One case while ops are admitted.

use std::collections::{BTreeMap, BTreeSet};

use sync_core::merge::{CaseState, RegisterKey, Written};
use sync_core::model::CaseId;
use sync_core::op::Dot;

use super::read::{Stored, read_stored};
use crate::db::log::LogKnown;
use crate::db::rows::{ConflictRow, LiveOpRow};
use crate::db::{DbError, Id};

/// The register of ops that change no register that is known here: all of them are live.
const NO_REGISTER: &[u8] = &[];

/// Registers and records of a case, and what of them is in the database.
#[derive(Debug)]
pub(super) struct Case {
    pub(super) id: Id,
    pub(super) state: CaseState,
    /// Live ops as they are stored: `server_seq` by register.
    live: BTreeMap<Vec<u8>, BTreeSet<i64>>,
    /// Open conflicts as they are stored, by register and dot of the other value.
    pub(super) conflicts: BTreeMap<(Vec<u8>, i64, i64), ConflictRow>,
    /// Registers that took an op.
    pub(super) touched: BTreeSet<RegisterKey>,
    /// New ops that went to no register.
    nowhere: BTreeSet<i64>,
    /// Whether an op may have settled a conflict.
    pub(super) settled: bool,
}

impl Case {
    fn new(id: Id) -> Result<Self, DbError> {
        Ok(Self {
            id,
            state: CaseState::new(CaseId::try_from(id)?),
            live: BTreeMap::new(),
            conflicts: BTreeMap::new(),
            touched: BTreeSet::new(),
            nowhere: BTreeSet::new(),
            settled: false,
        })
    }

    /// All cases that were read, and the ops of them.
    pub(super) fn all(known: &LogKnown) -> Result<(BTreeMap<Id, Self>, Vec<Stored>), DbError> {
        let mut cases = BTreeMap::new();
        for row in &known.cases {
            cases.insert(row.case_id, Self::new(row.case_id)?);
        }
        let mut ops = Vec::new();
        for (register, row) in &known.live {
            let Some(case) = row.case_id.and_then(|id| cases.get_mut(&id)) else { continue };
            case.live.entry(register.clone()).or_default().insert(row.server_seq);
            ops.push(read_stored(row)?);
        }
        for row in &known.records {
            ops.push(read_stored(row)?);
        }
        for op in &ops {
            let case = op.op.header.case.map(Id::from).and_then(|id| cases.get_mut(&id));
            if let (Some(case), Some(written)) = (case, op.written()) {
                case.state.apply(&written);
            }
        }
        for row in &known.conflicts {
            if let Some(case) = cases.get_mut(&row.case_id) {
                let key = (row.register.clone(), row.actor, row.sequence);
                case.conflicts.insert(key, row.clone());
            }
        }
        Ok((cases, ops))
    }

    /// Takes a new op. `None`: nobody here can read it.
    pub(super) fn take(&mut self, op: Option<&Written>, server_seq: i64) {
        let Some(op) = op.filter(|op| self.state.apply(op)) else {
            self.nowhere.insert(server_seq);
            return;
        };
        self.touched.extend(RegisterKey::of(&op.header));
        self.settled |= matches!(op.content, sync_core::kinds::Content::Settled(_));
    }

    /// Which live ops come and go. `seqs` gives the place of an op in the log.
    pub(super) fn live_rows(&self, org_id: Id) -> (Vec<LiveOpRow>, Vec<LiveOpRow>) {
        let row = |register: &[u8], server_seq: i64| LiveOpRow {
            org_id,
            case_id: self.id,
            register: register.to_vec(),
            server_seq,
        };
        let (mut gone, mut new) = (Vec::new(), Vec::new());
        for key in &self.touched {
            let register = key.encode();
            let none = BTreeSet::new();
            let before = self.live.get(&register).unwrap_or(&none);
            let now: BTreeSet<i64> = self
                .state
                .register(key)
                .into_iter()
                .flat_map(sync_core::merge::Register::live_ops)
                .map(|op| super::i64_of(op.server_seq))
                .collect();
            gone.extend(before.difference(&now).map(|seq| row(&register, *seq)));
            new.extend(now.difference(before).map(|seq| row(&register, *seq)));
        }
        new.extend(self.nowhere.iter().map(|seq| row(NO_REGISTER, *seq)));
        (gone, new)
    }

    /// The visit of that dot, if it is known.
    pub(super) fn visit(&self, dot: Dot) -> Option<&Written> {
        self.state.records().find(|op| op.dot() == dot)
    }
}
