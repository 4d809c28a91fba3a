//! Lists for people: what came back, what is in conflict, what was kept aside or flagged. All are
//! paged by a key that grows or falls strictly.

use diesel::prelude::*;

use super::{Conn, ROWS};
use crate::db::lists::{Aside, CaseEdits, Conflicts, Flagged, Visits};
use crate::db::rows::{
    CaseStatusRow, CaseTagRow, ConflictRow, ContactValueRow, KeptAsideRow, OpRow, PaymentRow,
    PlanRow, PromiseRow, PublicationRow, VisitRow,
};
use crate::db::schema::{
    agents, case_statuses, case_tags, cases, conflicts, contact_values, kept_aside, ops, payments,
    plan_stops, plans, promises, publications, visits,
};
use crate::db::{DbError, Id};

/// Visits, the latest arrival first.
pub(in crate::db) fn visits(
    conn: &mut Conn,
    org: Id,
    asked: &Visits,
) -> Result<Vec<VisitRow>, DbError> {
    let mut query = visits::table
        .filter(visits::org_id.eq(org))
        .order((visits::arrived_at.desc(), visits::visit_id.desc()))
        .limit(asked.most)
        .select(VisitRow::as_select())
        .into_boxed();
    if let Some((from, to)) = asked.between {
        query = query.filter(visits::arrived_at.ge(from).and(visits::arrived_at.lt(to)));
    }
    if let Some(case) = asked.case {
        query = query.filter(visits::case_id.eq(case));
    }
    if let Some(agent) = asked.agent {
        query = query.filter(visits::agent_id.eq(agent));
    }
    if let Some((at, id)) = asked.before {
        query = query.filter(
            visits::arrived_at.lt(at).or(visits::arrived_at.eq(at).and(visits::visit_id.lt(id))),
        );
    }
    Ok(query.load(conn)?)
}

/// Open conflicts, the latest first; or those of a case.
pub(in crate::db) fn conflicts(
    conn: &mut Conn,
    org: Id,
    asked: &Conflicts,
) -> Result<Vec<ConflictRow>, DbError> {
    let mut query = conflicts::table
        .filter(conflicts::org_id.eq(org))
        .order((conflicts::opened_at.desc(), conflicts::actor.desc(), conflicts::sequence.desc()))
        .limit(asked.most)
        .select(ConflictRow::as_select())
        .into_boxed();
    if !asked.settled {
        query = query.filter(conflicts::settled_seq.is_null());
    }
    if let Some(case) = asked.case {
        query = query.filter(conflicts::case_id.eq(case));
    }
    if let Some((at, actor, sequence)) = asked.before {
        let same_actor = conflicts::actor.eq(actor).and(conflicts::sequence.lt(sequence));
        query = query.filter(
            conflicts::opened_at
                .lt(at)
                .or(conflicts::opened_at.eq(at).and(conflicts::actor.lt(actor).or(same_actor))),
        );
    }
    Ok(query.load(conn)?)
}

/// Ops kept aside, the latest receipt first.
pub(in crate::db) fn aside(
    conn: &mut Conn,
    org: Id,
    asked: &Aside,
) -> Result<Vec<KeptAsideRow>, DbError> {
    let mut query = kept_aside::table
        .filter(kept_aside::org_id.eq(org))
        .order((
            kept_aside::received_at.desc(),
            kept_aside::actor.desc(),
            kept_aside::sequence.desc(),
            kept_aside::body_hash.desc(),
        ))
        .limit(asked.most)
        .select(KeptAsideRow::as_select())
        .into_boxed();
    if !asked.released {
        query = query.filter(kept_aside::released_seq.is_null());
    }
    if let Some(actor) = asked.actor {
        query = query.filter(kept_aside::actor.eq(actor));
    }
    if let Some((at, actor, sequence, hash)) = &asked.before {
        let same_op =
            kept_aside::sequence.eq(*sequence).and(kept_aside::body_hash.lt(hash.clone()));
        let same_actor =
            kept_aside::actor.eq(*actor).and(kept_aside::sequence.lt(*sequence).or(same_op));
        query =
            query.filter(kept_aside::received_at.lt(*at).or(
                kept_aside::received_at.eq(*at).and(kept_aside::actor.lt(*actor).or(same_actor)),
            ));
    }
    Ok(query.load(conn)?)
}

/// Ops of the log that are odd, the latest first.
pub(in crate::db) fn flagged(
    conn: &mut Conn,
    org: Id,
    asked: &Flagged,
) -> Result<Vec<OpRow>, DbError> {
    Ok(ops::table
        .filter(ops::org_id.eq(org).and(ops::flagged.ne("")))
        .filter(ops::server_seq.lt(asked.before))
        .order(ops::server_seq.desc())
        .limit(asked.most)
        .select(OpRow::as_select())
        .load(conn)?)
}

/// References of cases by id.
pub(in crate::db) fn case_refs(
    conn: &mut Conn,
    org: Id,
    ids: &[Id],
) -> Result<Vec<(Id, String)>, DbError> {
    let mut found = Vec::new();
    for some in ids.chunks(ROWS) {
        found.extend(
            cases::table
                .filter(cases::org_id.eq(org).and(cases::case_id.eq_any(some)))
                .select((cases::case_id, cases::case_ref))
                .load(conn)?,
        );
    }
    Ok(found)
}

/// References of all agents by id.
pub(in crate::db) fn agent_refs(conn: &mut Conn, org: Id) -> Result<Vec<(Id, String)>, DbError> {
    Ok(agents::table
        .filter(agents::org_id.eq(org))
        .select((agents::agent_id, agents::agent_ref))
        .load(conn)?)
}

/// Plans without their routes, the newest first.
pub(in crate::db) fn plans(
    conn: &mut Conn,
    org: Id,
    before: i64,
    most: i64,
) -> Result<Vec<(PlanRow, Option<PublicationRow>)>, DbError> {
    Ok(plans::table
        .left_join(publications::table.on(
            publications::org_id.eq(plans::org_id).and(publications::plan_id.eq(plans::plan_id)),
        ))
        .filter(plans::org_id.eq(org).and(plans::serial.lt(before)))
        .order(plans::serial.desc())
        .limit(most)
        .select((PlanRow::as_select(), Option::<PublicationRow>::as_select()))
        .load(conn)?)
}

/// How many stops plans have; those without any are not in it.
pub(in crate::db) fn stops_of(
    conn: &mut Conn,
    org: Id,
    plans: &[Id],
) -> Result<Vec<(Id, i64)>, DbError> {
    let mut found = Vec::new();
    for some in plans.chunks(ROWS) {
        found.extend(
            plan_stops::table
                .filter(plan_stops::org_id.eq(org).and(plan_stops::plan_id.eq_any(some)))
                .filter(plan_stops::crew_no.eq(1).and(plan_stops::part_no.eq(1)))
                .group_by(plan_stops::plan_id)
                .select((plan_stops::plan_id, diesel::dsl::count_star()))
                .load::<(Id, i64)>(conn)?,
        );
    }
    Ok(found)
}

/// Promises of a case, by dot.
pub(in crate::db) fn promises(
    conn: &mut Conn,
    org: Id,
    case: Id,
) -> Result<Vec<PromiseRow>, DbError> {
    Ok(promises::table
        .filter(promises::org_id.eq(org).and(promises::case_id.eq(case)))
        .order((promises::due_on, promises::actor, promises::sequence))
        .select(PromiseRow::as_select())
        .load(conn)?)
}

/// Payments that were made in a span, by time.
pub(in crate::db) fn payments_between(
    conn: &mut Conn,
    org: Id,
    (from, to): (i64, i64),
) -> Result<Vec<PaymentRow>, DbError> {
    Ok(payments::table
        .filter(payments::org_id.eq(org))
        .filter(payments::paid_at.ge(from).and(payments::paid_at.lt(to)))
        .order((payments::paid_at, payments::actor, payments::sequence))
        .select(PaymentRow::as_select())
        .load(conn)?)
}

/// Contact values, tags and status of a case.
pub(in crate::db) fn edits(conn: &mut Conn, org: Id, case: Id) -> Result<CaseEdits, DbError> {
    let contacts = contact_values::table
        .filter(contact_values::org_id.eq(org).and(contact_values::case_id.eq(case)))
        .order((contact_values::field, contact_values::actor, contact_values::sequence))
        .select(ContactValueRow::as_select())
        .load(conn)?;
    let tags = case_tags::table
        .filter(case_tags::org_id.eq(org).and(case_tags::case_id.eq(case)))
        .order(case_tags::tag)
        .select(CaseTagRow::as_select())
        .load(conn)?;
    let status = case_statuses::table
        .filter(case_statuses::org_id.eq(org).and(case_statuses::case_id.eq(case)))
        .select(CaseStatusRow::as_select())
        .first(conn)
        .optional()?;
    Ok(CaseEdits { contacts, tags, status })
}
