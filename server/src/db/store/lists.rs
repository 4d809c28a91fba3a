//! Lists for people.

use super::Store;
use crate::db::lists::{Aside, CaseEdits, Conflicts, Flagged, Visits};
use crate::db::rows::{
    ConflictRow, KeptAsideRow, OpRow, PaymentRow, PlanRow, PromiseRow, PublicationRow, VisitRow,
};
use crate::db::{DbError, Id};

#[expect(clippy::missing_errors_doc, reason = "each fails as the database does: see DbError")]
impl Store {
    /// Visits, the latest arrival first.
    pub fn list_visits(&self, org: Id, asked: &Visits) -> Result<Vec<VisitRow>, DbError> {
        on!(self, read, |conn, q| q::lists::visits(conn, org, asked))
    }

    /// Conflicts, the latest first.
    pub fn list_conflicts(&self, org: Id, asked: &Conflicts) -> Result<Vec<ConflictRow>, DbError> {
        on!(self, read, |conn, q| q::lists::conflicts(conn, org, asked))
    }

    /// Ops kept aside, the latest first.
    pub fn list_aside(&self, org: Id, asked: &Aside) -> Result<Vec<KeptAsideRow>, DbError> {
        on!(self, read, |conn, q| q::lists::aside(conn, org, asked))
    }

    /// Ops of the log that are odd, the latest first.
    pub fn list_flagged(&self, org: Id, asked: &Flagged) -> Result<Vec<OpRow>, DbError> {
        on!(self, read, |conn, q| q::lists::flagged(conn, org, asked))
    }

    /// Plans of a serial below `before`, the newest first, with their publications.
    pub fn list_plans(
        &self,
        org: Id,
        before: i64,
        most: i64,
    ) -> Result<Vec<(PlanRow, Option<PublicationRow>)>, DbError> {
        on!(self, read, |conn, q| q::lists::plans(conn, org, before, most))
    }

    /// How many stops each of the plans has; those without any are not in it.
    pub fn stops_of(&self, org: Id, plans: &[Id]) -> Result<Vec<(Id, i64)>, DbError> {
        on!(self, read, |conn, q| q::lists::stops_of(conn, org, plans))
    }

    /// The publication of a plan, if it was published.
    pub fn publication(&self, org: Id, plan: Id) -> Result<Option<PublicationRow>, DbError> {
        on!(self, read, |conn, q| q::allocations::publication(conn, org, plan))
    }

    /// References of cases by id.
    pub fn case_refs(&self, org: Id, ids: &[Id]) -> Result<Vec<(Id, String)>, DbError> {
        on!(self, read, |conn, q| q::lists::case_refs(conn, org, ids))
    }

    /// References of all agents by id.
    pub fn agent_refs(&self, org: Id) -> Result<Vec<(Id, String)>, DbError> {
        on!(self, read, |conn, q| q::lists::agent_refs(conn, org))
    }

    /// Promises of a case.
    pub fn promises(&self, org: Id, case: Id) -> Result<Vec<PromiseRow>, DbError> {
        on!(self, read, |conn, q| q::lists::promises(conn, org, case))
    }

    /// Payments and reversals made from the first instant to before the second, by time.
    pub fn payments_between(&self, org: Id, span: (i64, i64)) -> Result<Vec<PaymentRow>, DbError> {
        on!(self, read, |conn, q| q::lists::payments_between(conn, org, span))
    }

    /// Contact values, tags and status of a case.
    pub fn case_edits(&self, org: Id, case: Id) -> Result<CaseEdits, DbError> {
        on!(self, read, |conn, q| q::lists::edits(conn, org, case))
    }
}
