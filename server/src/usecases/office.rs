//! The office writes: the server's own ops, imports, and edits of users without a phone.

use sync_core::clock::{Arrival, Hlc};
use sync_core::kinds::Content;
use sync_core::merge::Draft;
use sync_core::model::{CaseId, OrgId, UserId};
use sync_core::op::{Actor, Chain, Dot, Op, OpHash, Seed};

use super::log::{Entry, Journal, Rules, i64_of, u64_of};
use crate::app::App;
use crate::db::log::{AuditNote, LogKnown, LogQuery, LogRows};
use crate::db::rows::SyncHeadRow;
use crate::db::{DbError, Id};
use crate::error::Error;

/// An op the office wants to write.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct OfficeOp {
    /// About which case.
    pub case: CaseId,
    /// What.
    pub content: Content,
    /// Of a disposition the visit, of a promise that is there already its first op; else none.
    pub record: Option<Dot>,
    /// Of a contact value the number of its field; else none.
    pub field: Option<u64>,
}

impl OfficeOp {
    /// An op about the case itself.
    #[must_use]
    pub const fn of(case: CaseId, content: Content) -> Self {
        Self { case, content, record: None, field: None }
    }
}

/// Writes ops of the office, all or none: log, registers, projections and audit in one transaction.
/// Each has seen what the server shows at that moment. Gives their dots.
///
/// # Errors
/// There is no such case, an op cannot be written with that content, or the database fails.
pub fn write(app: &App, by: Option<UserId>, ops: &[OfficeOp]) -> Result<Vec<Dot>, Error> {
    let cases: Vec<CaseId> = ops.iter().map(|op| op.case).collect();
    write_chosen(app, by, &cases, |_, _| Ok(ops.to_vec()))
}

/// As [`write`], of what `choose` says when it has seen `cases` as they are under the lock of the
/// log: nobody changes them before the ops are written.
pub(super) fn write_chosen(
    app: &App,
    by: Option<UserId>,
    cases: &[CaseId],
    choose: impl FnOnce(&LogKnown, &Journal<'_>) -> Result<Vec<OfficeOp>, Error>,
) -> Result<Vec<Dot>, Error> {
    if cases.is_empty() {
        return Ok(Vec::new());
    }
    let rules = Rules::of(app)?;
    let seed = seed(app)?;
    let now = app.ids.clock().now().as_microsecond();
    let mut cases: Vec<Id> = cases.iter().map(|case| Id::from(*case)).collect();
    cases.sort_unstable();
    cases.dedup();
    let query = LogQuery { cases, admits: true, ..LogQuery::default() };
    let exponent = app.settings.organisation.currency.exponent();
    app.store.decide(app.org, &query, |known| {
        let mut pen = Pen::new(&known, &rules, seed, (now, by.map(Id::from)))?;
        let written = choose(&known, &pen.journal)
            .and_then(|ops| ops.iter().map(|op| pen.write(op)).collect::<Result<Vec<_>, Error>>());
        match written {
            Ok(dots) if dots.is_empty() => Ok((None, Ok(dots))),
            Ok(dots) => Ok((Some(pen.finish(exponent, "ops_written")), Ok(dots))),
            Err(error) => Ok((None, Err(error))),
        }
    })?
}

/// A new seed of salts.
pub(super) fn seed(app: &App) -> Result<Seed, Error> {
    let ((_, first), (_, second)) = (app.ids.parts()?, app.ids.parts()?);
    let mut seed = [0; 16];
    for (to, from) in seed.iter_mut().zip(first.iter().rev().chain(second.iter().rev())) {
        *to = *from;
    }
    Ok(Seed::new(seed))
}

/// The office at its log.
pub(super) struct Pen<'a> {
    pub(super) journal: Journal<'a>,
    chain: Chain,
    last: Hlc,
    seed: Seed,
    now: i64,
    by: Option<Id>,
    written: Vec<String>,
}

impl<'a> Pen<'a> {
    /// `now` in microseconds since 1970 UTC, and the user.
    pub(super) fn new(
        known: &LogKnown,
        rules: &'a Rules,
        seed: Seed,
        (now, by): (i64, Option<Id>),
    ) -> Result<Self, DbError> {
        let (chain, last) = office(&known.head)?;
        let journal = Journal::new(known, rules, now)?;
        Ok(Self { journal, chain, last, seed, now, by, written: Vec::new() })
    }

    /// Writes one op.
    pub(super) fn write(&mut self, op: &OfficeOp) -> Result<Dot, Error> {
        let invalid = |error: &dyn std::fmt::Display| Error::Invalid(error.to_string());
        let state = self.journal.case(op.case.into());
        let state = state.ok_or_else(|| Error::Unknown(format!("there is no case {}", op.case)))?;
        let now_ms = self.now.div_euclid(1000);
        let draft = Draft {
            organisation: self.chain.organisation(),
            dot: self.chain.next().map_err(|e| invalid(&e))?,
            clock: self.last.send(now_ms),
            case: op.case,
            content: op.content.clone(),
            record: op.record,
            field: op.field,
        };
        let header = state.header(&draft).map_err(|e| invalid(&e))?;
        let whole = Op::new(header, draft.content.payload(), &self.seed);
        let arrival = Arrival { offset_ms: 0, received_ms: now_ms, before: Some(self.last) };
        let clock = self.journal.clock(arrival, &whole.header).clock;
        self.journal.admit(&self.entry(&whole, clock));
        self.chain.follow(&whole.header, &whole.body.hash()).map_err(|e| invalid(&e))?;
        self.last = clock.max(draft.clock);
        self.written.push(format!("{} kind {}", draft.dot, whole.header.kind.number()));
        Ok(draft.dot)
    }

    /// An op that comes with the office's hand.
    pub(super) fn entry<'o>(&self, op: &'o Op, clock: Hlc) -> Entry<'o> {
        Entry {
            op,
            clock,
            implausible: false,
            offset_ms: 0,
            received_at: self.now,
            user: self.by,
            agent: None,
        }
    }

    /// The clock of the last op.
    pub(super) const fn last(&self) -> Hlc {
        self.last
    }

    /// All rows, with one entry of the audit.
    pub(super) fn finish(mut self, exponent: u8, action: &'static str) -> LogRows {
        let head = &mut self.journal.rows.head;
        head.office_sequence = i64_of(self.chain.sequence());
        head.office_head = self.chain.head().as_bytes().to_vec();
        head.office_ms = self.last.ms();
        head.office_count = i32::from(self.last.count());
        let (first, count) = (self.written.first().cloned(), self.written.len());
        self.journal.rows.audit.push(AuditNote {
            at: self.now,
            user_id: self.by,
            actor: Some(0),
            action,
            subject: format!("ops from {}", first.unwrap_or_default()),
            detail: format!("{count} written"),
        });
        self.journal.finish(exponent)
    }
}

/// Chain and last clock of the office.
fn office(head: &SyncHeadRow) -> Result<(Chain, Hlc), DbError> {
    let corrupt = |what: &str| DbError::Corrupt(format!("the head of the log: {what}"));
    let hash: [u8; 32] =
        head.office_head.as_slice().try_into().map_err(|_| corrupt("no hash of the office"))?;
    let count = u16::try_from(head.office_count).map_err(|_| corrupt("the office's clock"))?;
    let chain = Chain::resume(
        OrgId::try_from(head.org_id)?,
        Actor::OFFICE,
        u64_of(head.office_sequence),
        OpHash::new(hash),
    );
    Ok((chain, Hlc::new(head.office_ms, count)))
}
