//! May this borrower be visited now? The same rules as in the office, without signal.

use std::collections::BTreeSet;

use jiff::Timestamp;

use super::{Phone, PhoneError, names};
use crate::bytes::{RecordReader, Type};
use crate::kinds::{CaseStatus, Met};
use crate::merge::CaseState;
use crate::model::CaseId;
use crate::policy::{Attempt, CaseFacts, Pack, PackRef, Verdict, evaluate_all};
use crate::protocol::Facts;
use crate::store::{OpStore, StoreError};

/// Why the office stopped or changed a visit.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Recall {
    /// Why, as a code.
    pub code: String,
    /// When, in milliseconds since 1970 UTC.
    pub at_ms: i64,
    /// Its place in the order of the organisation.
    pub server_seq: u64,
}

/// The answer to whether a visit may be made.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct MayVisit {
    /// What the policy packs say.
    pub verdict: Verdict,
    /// The status of the case; only an open one is visited.
    pub status: CaseStatus,
    /// What the office said since the case was planned or granted.
    pub recalls: Vec<Recall>,
}

impl MayVisit {
    /// Whether nothing objects.
    #[must_use]
    pub fn is_allowed(&self) -> bool {
        self.objections().is_empty()
    }

    /// The codes of what objects: rules, `status` and `recall`, once each.
    #[must_use]
    pub fn objections(&self) -> Vec<String> {
        let mut codes: BTreeSet<&str> =
            self.verdict.reasons().iter().map(|reason| reason.rule.code()).collect();
        if self.status != CaseStatus::Open {
            codes.insert("status");
        }
        if !self.recalls.is_empty() {
            codes.insert("recall");
        }
        codes.into_iter().map(str::to_owned).collect()
    }

    /// The packs that were asked, as `name@version`.
    #[must_use]
    pub fn packs(&self) -> Vec<String> {
        let (Verdict::Allowed { packs } | Verdict::Blocked { packs, .. }) = &self.verdict;
        packs.iter().map(|PackRef { name, version }| format!("{name}@{version}")).collect()
    }
}

impl<S: OpStore> Phone<S> {
    /// Whether the borrower may be visited at `at_ms`, in milliseconds since 1970 UTC by the
    /// phone's own clock.
    ///
    /// # Errors
    /// [`PhoneError::NotGranted`], [`PhoneError::Time`]. A pack in force that cannot be read is none:
    /// it objects to every visit, and what happened can be logged all the same.
    pub fn may_visit(&mut self, case: CaseId, at_ms: i64) -> Result<MayVisit, PhoneError> {
        let stored = self.granted(case)?;
        let (packs, unread) = self.packs_in_force()?;
        let seen = self.see(case)?;
        let at = instant(at_ms)?;
        let verdict = if packs.is_empty() {
            // None can be read: that is all there is to say.
            Verdict::Allowed { packs: Vec::new() }
        } else {
            evaluate_all(&case_facts(&stored.facts, &seen)?, at, &packs)
        };
        let verdict = verdict.with_unread(&unread);
        let status = seen.status().map_or(CaseStatus::Open, |edit| edit.status);
        self.seen = Some(seen);
        let mut planned = stored.at_seq;
        for (plan, server_seq) in self.plans()? {
            if plan.stops.iter().any(|stop| stop.case == case) {
                planned = planned.max(server_seq);
            }
        }
        let mut recalls = self.recalls(case)?;
        recalls.retain(|recall| recall.server_seq > planned);
        Ok(MayVisit { verdict, status, recalls })
    }

    /// The policy packs in force: those of the office, or the house pack where it sent none.
    ///
    /// # Errors
    /// [`PhoneError::Pack`] when one is of a later program.
    pub fn packs(&mut self) -> Result<Vec<Pack>, PhoneError> {
        let mut packs = Vec::new();
        for text in self.pack_texts()? {
            packs.push(Pack::from_json(&text)?);
        }
        if packs.is_empty() {
            packs.push(Pack::house()?);
        }
        Ok(packs)
    }

    /// The packs in force that can be read, and which cannot; never both empty.
    fn packs_in_force(&mut self) -> Result<(Vec<Pack>, Vec<PackRef>), PhoneError> {
        let (mut packs, mut unread) = (Vec::new(), Vec::new());
        for text in self.pack_texts()? {
            match Pack::from_json(&text) {
                Ok(pack) => packs.push(pack),
                Err(_) => unread.push(Pack::reference_of(&text)),
            }
        }
        if packs.is_empty() && unread.is_empty() {
            packs.push(Pack::house()?);
        }
        Ok((packs, unread))
    }

    /// The texts of the packs that the office sent.
    fn pack_texts(&mut self) -> Result<Vec<String>, PhoneError> {
        let damaged = StoreError::Damaged { what: "the policy packs" };
        let Some(bytes) = self.store.named(names::PACKS)? else { return Ok(Vec::new()) };
        let list = RecordReader::new(&bytes).list(1, Type::Bytes);
        let mut list = list.ok().flatten().ok_or_else(|| damaged.clone())?;
        let mut texts = Vec::new();
        while let Some(json) = list.text().map_err(|_| damaged.clone())? {
            texts.push(json.to_owned());
        }
        Ok(texts)
    }

    /// What the office said of a case, by code.
    pub(super) fn recalls(&mut self, case: CaseId) -> Result<Vec<Recall>, PhoneError> {
        let prefix = format!("{}{case}/", names::RECALL);
        let mut recalls = Vec::new();
        for (name, value) in self.store.names(&prefix)? {
            let code = name.trim_start_matches(&prefix).to_owned();
            let mut record = RecordReader::new(&value);
            let at_ms = record.ivarint(1).ok().flatten();
            let server_seq = record.uvarint(2).ok().flatten();
            let both = at_ms.zip(server_seq).ok_or(StoreError::Damaged { what: "a recall" });
            let (at_ms, server_seq) = both?;
            recalls.push(Recall { code, at_ms, server_seq });
        }
        Ok(recalls)
    }
}

/// What the rules may know: the facts of the office, and the visits of both sides.
fn case_facts(facts: &Facts, seen: &CaseState) -> Result<CaseFacts, PhoneError> {
    let visits = seen.visits();
    let visits = visits.iter().map(|view| {
        let visit = view.visit;
        (visit.arrived_at, visit.met == Met::Borrower)
    });
    // A visit that both the facts and an op tell of is one.
    let all: BTreeSet<_> = facts.earlier.iter().copied().chain(visits).collect();
    let mut attempts = Vec::new();
    // A visit at a time that no calendar has, of a phone whose clock was wrong, counts for none.
    for (at_ms, met) in all {
        attempts.extend(instant(at_ms).ok().map(|at| Attempt::visit(at, met)));
    }
    Ok(CaseFacts {
        zone: facts.zone.clone(),
        visit_window: facts.visit_window,
        flags: facts.flags,
        attempts,
        facts_as_of: instant(facts.as_of_ms)?,
        dpd: facts.dpd,
    })
}

pub(super) fn instant(ms: i64) -> Result<Timestamp, PhoneError> {
    Timestamp::from_millisecond(ms).map_err(|_| PhoneError::Time { ms })
}
