//! Publishes a plan: agents work by it, and have its cases.

use std::collections::{BTreeMap, BTreeSet};

use jiff::civil::Date;
use sync_core::model::{AllocationId, PlanId, UserId};

use super::log::{allocation, next};
use crate::app::App;
use crate::db::log::{AuditNote, LogKnown, LogQuery, LogRows};
use crate::db::rows::{AllocationRow, PublicationRow};
use crate::db::{Id, PlanRows};
use crate::error::Error;

/// What publishing a plan changed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Published {
    /// The plan.
    pub plan: PlanId,
    /// Its day.
    pub date: String,
    /// Its version among the plans of the day.
    pub version: i32,
    /// Cases that agents got.
    pub granted: usize,
    /// Cases that agents had already.
    pub kept: usize,
    /// Cases of the day's earlier publication that are taken back.
    pub withdrawn: usize,
    /// Whether it was the published plan of its day before.
    pub again: bool,
}

/// Whether a plan without a visit may take back the cases of the day.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Empty {
    /// It is taken for a slip.
    Refused,
    /// It is meant.
    Meant,
}

/// Publishes the plan of `date` with that version, or the newest.
///
/// # Errors
/// There is no such plan, it is empty and would take cases back, or the database fails.
pub fn publish(
    app: &App,
    date: Date,
    version: Option<i32>,
    empty: Empty,
    by: Option<UserId>,
) -> Result<Published, Error> {
    let id = app.store.plan_of_day(app.org, &date.to_string(), version)?;
    let id = id.ok_or_else(|| match version {
        Some(version) => Error::Unknown(format!(
            "there is no version {version} of a plan of {date}: leave out --version for the newest"
        )),
        None => Error::Before { missing: "the day is not planned", command: "plan --date DATE" },
    })?;
    publish_plan(app, id.try_into()?, empty, by)
}

/// Publishes one plan.
///
/// Each case of it is given to the agent of its route, unless he or she has it. A case that an
/// earlier publication of the same day gave to an agent, and that is on that agent's route no more,
/// is taken back. To publish the published plan again changes nothing. A plan without a visit that would take
/// cases back is published only where that is meant.
///
/// # Errors
/// There is no such plan, it is empty and would take cases back, or the database fails.
pub fn publish_plan(
    app: &App,
    plan: PlanId,
    empty: Empty,
    by: Option<UserId>,
) -> Result<Published, Error> {
    let rows = app.store.plan(app.org, plan.into())?;
    let rows = rows.ok_or_else(|| Error::Unknown(format!("there is no plan {plan}")))?;
    let mut ids = Vec::with_capacity(rows.stops.len());
    for _ in &rows.stops {
        let (ms, random) = app.ids.parts()?;
        ids.push(AllocationId::from_parts(ms, random).into());
    }
    let query = LogQuery {
        cases: rows.stops.iter().map(|stop| stop.case_id).collect(),
        published_on: Some(rows.plan.plan_date.clone()),
        ..LogQuery::default()
    };
    let now = app.ids.clock().now().as_microsecond();
    let by = by.map(Id::from);
    app.store.decide(app.org, &query, |known| {
        let (change, done) = decide(&rows, plan, &known, &ids, (now, by));
        if empty == Empty::Refused && rows.stops.is_empty() && done.withdrawn > 0 {
            let Published { date, version, withdrawn, .. } = done;
            return Ok((None, Err(Error::EmptyPlan { date, version, withdrawn })));
        }
        Ok((change, Ok(done)))
    })?
}

fn decide(
    plan: &PlanRows,
    id: PlanId,
    known: &LogKnown,
    ids: &[Id],
    (now, by): (i64, Option<Id>),
) -> (Option<LogRows>, Published) {
    let mut rows = LogRows::at(known.head.clone());
    let agents: BTreeMap<i32, Id> =
        plan.routes.iter().map(|route| (route.route_no, route.agent_id)).collect();
    let wanted: BTreeSet<(Id, Id)> = plan
        .stops
        .iter()
        .filter_map(|stop| Some((stop.case_id, *agents.get(&stop.route_no)?)))
        .collect();
    let lasting = || known.allocations.iter().filter(|row| row.withdrawn_seq.is_none());
    let of_day: BTreeSet<Id> = known.publications.iter().map(|row| row.plan_id).collect();
    for row in lasting().filter(|row| row.plan_id.is_some_and(|plan| of_day.contains(&plan))) {
        if !wanted.contains(&(row.case_id, row.agent_id)) {
            rows.withdrawn.push((row.allocation_id, now, next(&mut rows.head)));
        }
    }
    let had: BTreeSet<(Id, Id)> = lasting().map(|row| (row.case_id, row.agent_id)).collect();
    for ((case, agent), allocation_id) in wanted.difference(&had).zip(ids) {
        rows.granted.push(AllocationRow {
            plan_id: Some(plan.plan.plan_id),
            ..allocation(&mut rows.head, *allocation_id, (*case, *agent), now)
        });
    }
    let again = known.publications.first().is_some_and(|row| row.plan_id == plan.plan.plan_id);
    if !again {
        rows.published.push(PublicationRow {
            org_id: plan.plan.org_id,
            plan_id: plan.plan.plan_id,
            plan_date: plan.plan.plan_date.clone(),
            published_at: now,
            published_by: by,
            server_seq: next(&mut rows.head),
        });
    }
    let published = Published {
        plan: id,
        date: plan.plan.plan_date.clone(),
        version: plan.plan.version,
        granted: rows.granted.len(),
        kept: wanted.intersection(&had).count(),
        withdrawn: rows.withdrawn.len(),
        again,
    };
    if again && rows.granted.is_empty() && rows.withdrawn.is_empty() {
        return (None, published);
    }
    rows.audit.push(AuditNote {
        at: now,
        user_id: by,
        actor: None,
        action: "plan_published",
        subject: format!("plan {id}"),
        detail: format!(
            "{} version {}: {} cases given, {} taken back",
            published.date, published.version, published.granted, published.withdrawn
        ),
    });
    (Some(rows), published)
}
