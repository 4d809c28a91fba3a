//! The op log, what goes down beside it, and its projections.

use super::Store;
use crate::db::log::Raised;
use crate::db::log::{Greeting, LogKnown, LogQuery, LogRows, VisitMade};
use crate::db::pull::{CaseBundle, Page, PublishedRoute, Section, SectionRows, Span};
use crate::db::rows::{DeviceRow, KeptAsideRow, SyncHeadRow, UserRow};
use crate::db::{DbError, Id};

/// Kinds of which a snapshot has only the live ops; of all others it has every op.
const REGISTERS: [i64; 6] = [2, 3, 6, 7, 8, 9];

#[expect(clippy::missing_errors_doc, reason = "each fails as the database does: see DbError")]
impl Store {
    /// One decision about the log, as one transaction: the head is locked, what `query` asks for is
    /// read, `decide` says what to write, if anything, and that is written.
    pub fn decide<T>(
        &self,
        org: Id,
        query: &LogQuery,
        decide: impl FnOnce(LogKnown) -> Result<(Option<LogRows>, T), DbError>,
    ) -> Result<T, DbError> {
        on!(self, write, |conn, q| {
            let known = q::log::known(conn, org, query)?;
            let (rows, answer) = decide(known)?;
            if let Some(rows) = rows {
                q::log::write(conn, org, &rows)?;
            }
            Ok(answer)
        })
    }

    /// The head of the log as it is committed.
    pub fn head(&self, org: Id) -> Result<SyncHeadRow, DbError> {
        on!(self, read, |conn, q| q::heads::read(conn, org))
    }

    /// Goes on in another epoch, if `decide` says so under the lock of the head; it is told when
    /// `actor` last made it rise. Gives the head after it.
    pub fn raise_epoch(
        &self,
        org: Id,
        actor: Option<i64>,
        decide: impl FnOnce(&SyncHeadRow, Option<i64>) -> Option<Raised>,
    ) -> Result<SyncHeadRow, DbError> {
        on!(self, write, |conn, q| {
            let head = q::heads::lock(conn, org)?;
            let before = match actor {
                Some(actor) => q::heads::raised_by(conn, org, actor)?,
                None => None,
            };
            let Some(Raised { head, epoch, note }) = decide(&head, before) else { return Ok(head) };
            q::heads::raise(conn, &head, &epoch)?;
            q::audit::append(conn, org, std::slice::from_ref(&note))?;
            Ok(head)
        })
    }

    /// A device with its user.
    pub fn device_and_user(
        &self,
        org: Id,
        actor: i64,
    ) -> Result<Option<(DeviceRow, UserRow)>, DbError> {
        on!(self, read, |conn, q| q::log::device_and_user(conn, org, actor))
    }

    /// The highest sequence of an actor that was received before `at`.
    pub fn received_before(&self, org: Id, actor: i64, at: i64) -> Result<i64, DbError> {
        on!(self, read, |conn, q| q::ops::received_before(conn, org, actor, at))
    }

    /// Some rows of one section of a user's stream. There are none of packs.
    pub fn section(
        &self,
        span: &Span,
        section: Section,
        page: &Page,
    ) -> Result<SectionRows, DbError> {
        on!(self, read, |conn, q| Ok(match section {
            Section::Recalls => SectionRows::Fed(q::pull::fed(conn, span, page, false)?),
            Section::Facts => SectionRows::Fed(q::pull::fed(conn, span, page, true)?),
            Section::Withdrawn => SectionRows::Allocations(q::pull::withdrawn(conn, span, page)?),
            Section::Granted => SectionRows::Allocations(q::pull::granted(conn, span, page)?),
            Section::Ops | Section::Packs => SectionRows::Ops(q::pull::admitted(conn, span, page)?),
            Section::Plans => {
                let mut plans = Vec::new();
                for publication in q::pull::published(conn, span, page)? {
                    let id = publication.plan_id;
                    let plan = q::plans::one(conn, span.org, id)?;
                    let route = q::pull::route(conn, span.org, id, span.agent)?;
                    plans.push(PublishedRoute { publication, plan, route });
                }
                SectionRows::Plans(plans)
            }
        }))
    }

    /// What a device is told of `cases`, as of one instant; with `ops` also their snapshots.
    pub fn case_bundle(&self, org: Id, cases: &[Id], ops: bool) -> Result<CaseBundle, DbError> {
        on!(self, read, |conn, q| {
            let rows = q::log::with_other_accounts(conn, org, cases)?;
            let ids: Vec<Id> = rows.iter().map(|row| row.borrower_id).collect();
            let mut bundle = CaseBundle {
                head: Some(q::heads::read(conn, org)?),
                borrowers: q::pull::borrowers(conn, org, &ids)?,
                visits: q::field::visits_of(conn, org, cases)?,
                cases: rows,
                ops: Vec::new(),
            };
            if ops {
                bundle.ops =
                    q::ops::live(conn, org, cases)?.into_iter().map(|(_, op)| op).collect();
                bundle.ops.extend(q::ops::of_cases_without(conn, org, cases, &REGISTERS)?);
                bundle.ops.sort_by_key(|op| op.server_seq);
                bundle.ops.dedup_by_key(|op| op.server_seq);
            }
            Ok(bundle)
        })
    }

    /// Id of the plan of `date` (YYYY-MM-DD) with that version, or of the newest.
    pub fn plan_of_day(
        &self,
        org: Id,
        date: &str,
        version: Option<i32>,
    ) -> Result<Option<Id>, DbError> {
        on!(self, read, |conn, q| q::plans::of_day(conn, org, date, version))
    }

    /// Id of the case with the lender's reference.
    pub fn case_of_ref(&self, org: Id, case_ref: &str) -> Result<Option<Id>, DbError> {
        on!(self, read, |conn, q| q::book::case_of_ref(conn, org, case_ref))
    }

    /// Id of the agent with the lender's reference.
    pub fn agent_of_ref(&self, org: Id, agent_ref: &str) -> Result<Option<Id>, DbError> {
        on!(self, read, |conn, q| q::book::agent_of_ref(conn, org, agent_ref))
    }

    /// Whether there is such an agent.
    pub fn has_agent(&self, org: Id, agent: Id) -> Result<bool, DbError> {
        on!(self, read, |conn, q| q::book::has_agent(conn, org, agent))
    }

    /// An op that is kept aside.
    pub fn kept_aside(
        &self,
        org: Id,
        (actor, sequence): (i64, i64),
        body_hash: &[u8],
    ) -> Result<Option<KeptAsideRow>, DbError> {
        let rows = on!(self, read, |conn, q| {
            q::ops::kept_of_actor(conn, org, actor, (sequence, sequence))
        })?;
        Ok(rows.into_iter().find(|row| row.body_hash == body_hash))
    }

    /// Notes a hello. Says whether its count was new.
    pub fn greet(&self, org: Id, greeting: &Greeting) -> Result<bool, DbError> {
        on!(self, write, |conn, q| q::log::greet(conn, org, greeting))
    }

    /// Case, arrival, whom it found and the agent of every visit since an instant.
    pub fn visits_since(&self, org: Id, since: i64) -> Result<Vec<VisitMade>, DbError> {
        on!(self, read, |conn, q| q::field::visits_since(conn, org, since))
    }

    /// Statuses of all cases that have one.
    pub fn case_statuses(&self, org: Id) -> Result<Vec<(Id, String)>, DbError> {
        on!(self, read, |conn, q| q::field::statuses(conn, org))
    }
}
