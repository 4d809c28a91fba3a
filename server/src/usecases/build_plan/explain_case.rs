//! Why a case is in a saved plan or not: the rule, or the money in parts and the smallest change; of a stop, what it
//! adds and what would take its place.

use jiff::Timestamp;
use planner::{Binding, Explanation, Insertion, Route, explain, explain_all, marginal};
use serde::Serialize;
use sync_core::model::{CaseId, PlanId};
use utoipa::ToSchema;

use super::candidates::{RuleHit, rules_of};
use super::changes::Changes;
use super::explain::{self, minutes};
use super::figures::is_nothing;
use super::groups::most_promising;
use super::meetings;
use super::reasons::Code;
use super::repose::Reposed;
use super::solve::{Day, Posed, pose};
use super::under_way::Done;
use crate::app::App;
use crate::db::rows::{PlanLeftOutRow, PlanStopRow};
use crate::db::{Id, PlanRows};
use crate::error::Error;
use crate::progress::{Progress, Silent};
use crate::render::{clock_time, micro_money as money};
use crate::travel::Travel;
use crate::usecases::lists::partners;

/// Candidates that are looked at for the place of a stop.
const SUBSTITUTES: usize = 600;

/// Why a case is in a plan or not.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
pub struct CaseExplanation {
    /// The plan.
    #[schema(value_type = String, format = Uuid)]
    pub plan: PlanId,
    /// Its day.
    pub date: String,
    /// Its version among the plans of the day.
    pub version: i32,
    /// The case.
    #[schema(value_type = String, format = Uuid)]
    pub case: CaseId,
    /// The lender's key of it.
    pub case_ref: String,
    /// Whether it is a stop of the plan.
    pub planned: bool,
    /// Of a case left out the stable code of the reason.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub code: Option<String>,
    /// The heading of that reason.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub title: Option<String>,
    /// All of it in words, as on the page and in the files of the plan.
    pub sentence: String,
    /// What the visit brings before way and time, in 1e-6 of the currency.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub prize_micro: Option<i64>,
    /// The rules of policy packs that forbid the visit.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub rules: Vec<RuleHit>,
    /// Of a case that could be visited what a visit would cost, and what is in its way.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub money: Option<MoneyReason>,
    /// Of a stop where it is and what it adds.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub stop: Option<StopReason>,
    /// What is different today from what the plan was made from. The plan counts what was saved.
    pub notices: Vec<String>,
}

/// What a visit would cost, and what is in its way.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
pub struct MoneyReason {
    /// What keeps it out: `nothing`, `money`, `shift_end`, `duration`, `max_visits`, `capacity`, `window`, `skill`, `pair`, `spacing`, `crew` or
    /// `unreachable`.
    pub binds: String,
    /// By how many seconds, where that is a time.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub binds_by_s: Option<i64>,
    /// The cheapest place that fits; where none does, the one that `binds` speaks of.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub place: Option<Detour>,
    /// Of a visit that takes two agents the place of the other one.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub other: Option<Detour>,
    /// A cheaper place that does not fit.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub cheaper: Option<TightDetour>,
    /// It would be planned if it were worth more than this, in 1e-6 of the currency.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub worth_above_micro: Option<i64>,
    /// The fewest further seconds of an agent that would bring it in.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub need: Option<NeedTime>,
}

/// A place in a route and what it costs, money in 1e-6 of the currency.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
pub struct Detour {
    /// The lender's key of the agent.
    pub agent_ref: String,
    /// The number it would have in the route.
    pub number: usize,
    /// Metres the route gets longer.
    pub metres: i64,
    /// Seconds the route gets longer, the time at the door included.
    pub seconds: i64,
    /// Price of those metres.
    pub travel_cost_micro: i64,
    /// Price of those seconds.
    pub time_cost_micro: i64,
    /// Price of sending an agent who would stay home otherwise.
    pub fixed_cost_micro: i64,
    /// Unfairness, overlap and another agent at their prices, less premiums; left out where it is nothing.
    #[serde(skip_serializing_if = "is_nothing")]
    pub other_cost_micro: i64,
    /// All of it.
    pub cost_micro: i64,
}

/// A place that does not fit.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
pub struct TightDetour {
    /// The place.
    #[serde(flatten)]
    pub place: Detour,
    /// What keeps it from fitting, as in `binds`.
    pub binds: String,
    /// By how many seconds, where that is a time.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub binds_by_s: Option<i64>,
}

/// Further time of an agent.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
pub struct NeedTime {
    /// The lender's key of the agent.
    pub agent_ref: String,
    /// Seconds.
    pub seconds: i64,
    /// What the visit would then bring, in 1e-6 of the currency.
    pub gain_micro: i64,
}

/// Where a stop is and what it adds, money in 1e-6 of the currency.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
pub struct StopReason {
    /// The lender's key of the agent.
    pub agent_ref: String,
    /// Number of the route.
    pub route: i32,
    /// Its number in the route.
    pub number: i32,
    /// Stops of the route.
    pub of: usize,
    /// Arrival.
    #[schema(value_type = Option<String>, format = DateTime)]
    #[serde(skip_serializing_if = "Option::is_none")]
    pub arrive_at: Option<Timestamp>,
    /// Beginning of the visit.
    #[schema(value_type = Option<String>, format = DateTime)]
    #[serde(skip_serializing_if = "Option::is_none")]
    pub start_at: Option<Timestamp>,
    /// End of the visit.
    #[schema(value_type = Option<String>, format = DateTime)]
    #[serde(skip_serializing_if = "Option::is_none")]
    pub leave_at: Option<Timestamp>,
    /// What leaving it out would save: way, time, and for an only stop the agent's day.
    pub saved_cost_micro: i64,
    /// Its prize less that.
    pub marginal_micro: i64,
    /// The agent it is locked to.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub locked_to: Option<String>,
    /// The other agent of a visit of two.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub with_agent: Option<String>,
    /// What of its prize it earns by the hour, or loses when negative; left out where it is nothing.
    #[serde(skip_serializing_if = "is_nothing")]
    pub premium_micro: i64,
    /// The lender's keys of the other cases that the visit is for.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub also: Vec<String>,
    /// Whether the visit has to be made whatever it costs.
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    pub mandatory: bool,
    /// What would take its place on the same route.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub in_its_place: Option<Substitute>,
}

/// A case that would take the place of a stop.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
pub struct Substitute {
    /// The lender's key of the case.
    pub case_ref: String,
    /// What its visit brings.
    pub prize_micro: i64,
    /// What it would cost there.
    pub cost_micro: i64,
}

/// Explains one case of a saved plan.
///
/// # Errors
/// There is no such plan, the case is not in it, the plan does not fit to today's roads, or the database fails.
pub fn explain_case(
    app: &App,
    travel: &Travel,
    plan: PlanId,
    case: CaseId,
) -> Result<CaseExplanation, Error> {
    let (plan_id, case_id) = (Id::from(plan), Id::from(case));
    let rows = app.store.plan(app.org, plan_id)?;
    let rows = rows.ok_or_else(|| Error::Unknown(format!("there is no plan {plan}")))?;
    let refs = app.store.case_refs(app.org, &[case_id])?;
    let case_ref = refs.into_iter().next().map(|(_, name)| name).unwrap_or_default();
    let mut said = CaseExplanation {
        plan,
        date: rows.plan.plan_date.clone(),
        version: rows.plan.version,
        case,
        case_ref,
        planned: false,
        code: None,
        title: None,
        sentence: String::new(),
        prize_micro: None,
        rules: Vec::new(),
        money: None,
        stop: None,
        notices: Vec::new(),
    };
    if let Some(row) = rows.stops.iter().find(|stop| stop.case_id == case_id) {
        of_stop(&mut said, &rows, row, &Asked { app, travel, plan: plan_id })?;
    } else if let Some(row) = rows.left_out.iter().find(|out| out.case_id == case_id) {
        of_left_out(&mut said, row, &Asked { app, travel, plan: plan_id })?;
    } else {
        return Err(Error::Unknown(format!(
            "case {} is not in the plan of {}, version {}: it was not in the book when that was made",
            said.case_ref, said.date, said.version
        )));
    }
    Ok(said)
}

struct Asked<'a> {
    app: &'a App,
    travel: &'a Travel,
    plan: Id,
}

impl Asked<'_> {
    /// The plan with everything its problem is posed from.
    fn repose(&self) -> Result<Reposed, Error> {
        Reposed::load(self.app, self.travel, self.plan, "of that id")
    }
}

impl CaseExplanation {
    /// What was looked up; where the plan cannot be posed any more a notice, since the saved words hold.
    fn looked_up<T>(&mut self, found: Result<T, Error>) -> Result<Option<T>, Error> {
        match found {
            Ok(found) => Ok(Some(found)),
            Err(Error::Outdated(why)) => {
                self.notices.push(format!("Only what was saved is told: {why}."));
                Ok(None)
            }
            Err(other) => Err(other),
        }
    }
}

/// The saved words; for a candidate also the money in parts.
fn of_left_out(
    said: &mut CaseExplanation,
    row: &PlanLeftOutRow,
    asked: &Asked<'_>,
) -> Result<(), Error> {
    let code = Code::of(&row.code);
    said.code = Some(row.code.clone());
    said.title = code.map(|code| code.title().to_owned());
    said.sentence.clone_from(&row.reason);
    said.prize_micro = row.prize_micro;
    if code == Some(Code::Policy) {
        said.rules = rules_of(&row.reason);
    }
    let Some(plan) = said.looked_up(asked.repose())? else { return Ok(()) };
    let (mut jobs, routes) = plan.planned();
    let candidate = plan.candidate_of(row.case_id);
    jobs.extend(candidate);
    let jobs = plan.on_the_roads(asked.travel, jobs.into_iter(), &Silent);
    let Some(jobs) = said.looked_up(jobs)? else { return Ok(()) };
    let day = plan.day(asked.app, asked.travel);
    let posed = plan.posed(&day, &jobs, &Silent)?;
    let figures = plan.rescore(&posed, &routes).ok();
    let about = plan.cases.iter().position(|case| case.row.case_id == row.case_id);
    said.notices = Changes::of(asked.app, asked.travel, &plan, figures.as_ref(), about)?.sentences;
    if candidate.is_none() {
        return Ok(());
    }
    let Some(why) = explain(&posed.problem, &routes, jobs.len() - 1) else { return Ok(()) };
    said.money = Some(money_reason(&plan, &why));
    let now = explain::of_one(&day, &posed, &routes, &why);
    if let Some(now) = now.filter(|now| !row.reason.ends_with(&now.sentence)) {
        said.notices.push(format!("Looked at again today: {}", now.sentence));
    }
    Ok(())
}

fn money_reason(plan: &Reposed, why: &Explanation) -> MoneyReason {
    let (binds, binds_by_s) = binds(why.binding);
    MoneyReason {
        binds: binds.into(),
        binds_by_s,
        place: why.best.map(|at| detour(plan, &at)),
        other: why.second.map(|(at, _)| detour(plan, &at)),
        cheaper: why.cheaper.map(|(at, binding)| {
            let (binds, binds_by_s) = self::binds(binding);
            TightDetour { place: detour(plan, &at), binds: binds.into(), binds_by_s }
        }),
        worth_above_micro: why.worth_above,
        need: why.need.map(|need| NeedTime {
            agent_ref: plan.agent_ref(need.shift).to_owned(),
            seconds: need.seconds,
            gain_micro: need.gain,
        }),
    }
}

fn binds(binding: Binding) -> (&'static str, Option<i64>) {
    match binding {
        Binding::Nothing => ("nothing", None),
        Binding::Money => ("money", None),
        Binding::ShiftEnd { by_s } => ("shift_end", Some(by_s)),
        Binding::Duration { by_s } => ("duration", Some(by_s)),
        Binding::MaxJobs => ("max_visits", None),
        Binding::Capacity { .. } => ("capacity", None),
        Binding::Window { by_s } => ("window", Some(by_s)),
        Binding::Skill => ("skill", None),
        Binding::Pair => ("pair", None),
        Binding::Spacing => ("spacing", None),
        Binding::Crew => ("crew", None),
        Binding::Unreachable => ("unreachable", None),
    }
}

fn detour(plan: &Reposed, at: &Insertion) -> Detour {
    Detour {
        agent_ref: plan.agent_ref(at.shift).to_owned(),
        number: plan.duty.get(at.shift).map_or(at.position + 1, |duty| duty.number(at.position)),
        metres: at.extra_metres,
        seconds: at.extra_s,
        travel_cost_micro: at.travel_cost,
        time_cost_micro: at.time_cost,
        fixed_cost_micro: at.fixed_cost,
        other_cost_micro: at.other_cost,
        cost_micro: at.cost(),
    }
}

/// A stop with all its cases.
struct Visit<'a> {
    rows: Vec<&'a PlanStopRow>,
    /// Prizes and premium, micro-units.
    worth: i64,
    premium: i64,
    leg_s: i64,
}

impl<'a> Visit<'a> {
    /// The stop that a row is of.
    fn of(plan: &'a PlanRows, row: &PlanStopRow) -> Self {
        let same =
            |other: &&PlanStopRow| (other.route_no, other.stop_no) == (row.route_no, row.stop_no);
        let rows: Vec<&PlanStopRow> = plan.stops.iter().filter(same).collect();
        let worth = rows.iter().map(|row| row.prize_micro + row.premium_micro).sum();
        let premium = rows.iter().map(|row| row.premium_micro).sum();
        let leg_s = rows.iter().map(|row| row.leg_s).sum();
        Self { rows, worth, premium, leg_s }
    }

    /// The keys of its cases but one.
    fn others(&self, app: &App, but: &PlanStopRow) -> Result<Vec<String>, Error> {
        let others = self.rows.iter().map(|row| row.case_id).filter(|case| *case != but.case_id);
        let others: Vec<Id> = others.collect();
        if others.is_empty() {
            return Ok(Vec::new());
        }
        let mut names: Vec<String> =
            app.store.case_refs(app.org, &others)?.into_iter().map(|(_, name)| name).collect();
        names.sort_unstable();
        Ok(names)
    }
}

/// Place, times and what leaving it out would save.
fn of_stop(
    said: &mut CaseExplanation,
    rows: &PlanRows,
    row: &PlanStopRow,
    asked: &Asked<'_>,
) -> Result<(), Error> {
    said.planned = true;
    let stop_rows = Visit::of(rows, row);
    said.prize_micro = Some(stop_rows.worth);
    let route = rows.routes.iter().find(|route| route.route_no == row.route_no);
    let agent = route.map(|route| route.agent_id);
    let refs = asked.app.store.agent_refs(asked.app.org)?;
    let names = refs.iter().map(|(id, name)| (*id, name.as_str())).collect();
    let with_agent = partners(rows, &names).remove(&(row.case_id, row.route_no));
    let agent_ref = refs.into_iter().find(|(id, _)| Some(*id) == agent).map(|(_, name)| name);
    let mut stop = StopReason {
        agent_ref: agent_ref.unwrap_or_default(),
        route: row.route_no,
        number: row.stop_no,
        of: rows.stops.iter().filter(|s| s.route_no == row.route_no && s.part_no == 1).count(),
        arrive_at: Timestamp::from_microsecond(row.arrive_at).ok(),
        start_at: Timestamp::from_microsecond(row.start_at).ok(),
        leave_at: Timestamp::from_microsecond(row.leave_at).ok(),
        saved_cost_micro: stop_rows.worth - row.marginal_micro,
        marginal_micro: row.marginal_micro,
        locked_to: None,
        with_agent,
        premium_micro: stop_rows.premium,
        also: stop_rows.others(asked.app, row)?,
        mandatory: false,
        in_its_place: None,
    };
    if let Some(plan) = said.looked_up(asked.repose())?
        && let Some(at) = plan.candidate_of(row.case_id)
    {
        if let Some(done) = plan.candidates.get(at).and_then(|saved| saved.hold.done) {
            said.sentence = done_sentence(asked.app, stop_rows.worth, &stop, done);
            said.stop = Some(stop);
            return Ok(());
        }
        stop.mandatory = plan.candidates.get(at).is_some_and(|saved| saved.mandatory);
        let only = plan.candidates.get(at).and_then(|saved| saved.only);
        let only = only.and_then(|agent| plan.agents.get(agent));
        stop.locked_to = only.map(|agent| agent.row.agent_ref.clone());
        let found = look(said, &plan, at, asked);
        stop.in_its_place = said.looked_up(found)?.flatten();
    }
    said.sentence = stop_sentence(asked.app, &stop_rows, &stop);
    said.stop = Some(stop);
    Ok(())
}

/// What is different today, and what would take the stop's place.
fn look(
    said: &mut CaseExplanation,
    plan: &Reposed,
    candidate: usize,
    asked: &Asked<'_>,
) -> Result<Option<Substitute>, Error> {
    let (jobs, routes) = plan.planned();
    let jobs = plan.on_the_roads(asked.travel, jobs.into_iter(), &Silent)?;
    let day = plan.day(asked.app, asked.travel);
    let posed = plan.posed(&day, &jobs, &Silent)?;
    let figures = plan.rescore(&posed, &routes)?;
    let about = plan.candidates.get(candidate).map(|saved| saved.case);
    said.notices = Changes::of(asked.app, asked.travel, plan, Some(&figures), about)?.sentences;
    let today = today(plan, &posed, &routes, candidate);
    if let Some(value) = today.filter(|value| Some(*value) != saved_marginal(plan, candidate)) {
        let currency = asked.app.settings.organisation.currency;
        said.notices.push(format!("Looked at again today it adds {}.", money(value, currency)));
    }
    substitute(plan, &day, candidate, (asked, &Silent))
}

/// What the stop adds on today's roads.
fn today(plan: &Reposed, posed: &Posed<'_>, routes: &[Route], candidate: usize) -> Option<i64> {
    let case = plan.candidates.get(candidate)?.case;
    let of_case = |job: usize| posed.jobs.get(job).is_some_and(|job| job.case == case);
    marginal(&posed.problem, routes).into_iter().find(|v| of_case(v.job)).map(|v| v.value)
}

fn saved_marginal(plan: &Reposed, candidate: usize) -> Option<i64> {
    let case = plan.cases.get(plan.candidates.get(candidate)?.case)?.row.case_id;
    plan.plan.stops.iter().find(|stop| stop.case_id == case).map(|stop| stop.marginal_micro)
}

/// The case left out that would bring most on the same route without the stop.
fn substitute(
    plan: &Reposed,
    day: &Day<'_>,
    candidate: usize,
    (asked, progress): (&Asked<'_>, &dyn Progress),
) -> Result<Option<Substitute>, Error> {
    let Some((shift, _)) = plan.place_of(candidate) else { return Ok(None) };
    let (Some(duty), Some(stops)) = (plan.duty.get(shift), plan.routes.get(shift)) else {
        return Ok(None);
    };
    let rest: Vec<usize> = stops.iter().copied().filter(|at| *at != candidate).collect();
    let route = plan.route(0, &rest);
    let planned: std::collections::BTreeSet<usize> =
        plan.routes.iter().flatten().copied().collect();
    // Whoever was taken out by hand is not put in by itself.
    let open = plan.candidates.iter().enumerate();
    let open = open.filter(|(at, saved)| !planned.contains(at) && saved.out_by.is_none());
    let open: Vec<(usize, usize, i64)> = open.map(|(at, c)| (at, c.case, c.prize)).collect();
    let worth = open.iter().map(|(_, case, prize)| (*case, *prize));
    let near = most_promising(day, &[duty], worth, SUBSTITUTES);
    let near = near.into_iter().filter_map(|place| open.get(place)).map(|(at, ..)| *at);
    let jobs = plan.on_the_roads(asked.travel, rest.iter().copied().chain(near), progress)?;
    let posed = pose(day, vec![duty], jobs.iter().collect(), progress)?;
    let place = |stop: usize| rest.iter().position(|at| *at == stop);
    let routes = meetings::renumbered(&[route], place);
    let best = explain_all(&posed.problem, &routes)
        .into_iter()
        .filter(|why| why.binding == Binding::Nothing)
        .filter_map(|why| Some((why.prize - why.best?.cost(), why)))
        .max_by_key(|(gain, why)| (*gain, std::cmp::Reverse(why.job)));
    Ok(best.and_then(|(_, why)| {
        let case = plan.cases.get(posed.jobs.get(why.job)?.case)?;
        Some(Substitute {
            case_ref: case.row.case_ref.clone(),
            prize_micro: why.prize,
            cost_micro: why.best?.cost(),
        })
    }))
}

/// Of a stop that is behind the agent.
fn done_sentence(app: &App, worth: i64, stop: &StopReason, done: Done) -> String {
    let organisation = &app.settings.organisation;
    let zone = organisation.time_zone.time_zone();
    let clock = |at: Option<Timestamp>| at.map_or_else(String::new, |at| clock_time(at, zone));
    let known = match done {
        Done::Recorded => "there is a record of the visit",
        Done::Given => "the office said so",
        Done::Assumed => "the plan says so, and nothing else is known of that agent",
    };
    format!(
        "Stop {} of {} of {}, done or begun when the day was planned anew: {known}. {} to {}. The visit was worth {}.",
        stop.number,
        stop.of,
        stop.agent_ref,
        clock(stop.start_at),
        clock(stop.leave_at),
        money(worth, organisation.currency)
    )
}

/// `Stop 3 of 9 of A2, 10:12 to 10:24. The visit is worth ...`
fn stop_sentence(app: &App, visit: &Visit<'_>, stop: &StopReason) -> String {
    let organisation = &app.settings.organisation;
    let amount = |micro: i64| money(micro, organisation.currency);
    let zone = organisation.time_zone.time_zone();
    let clock = |at: Option<Timestamp>| at.map_or_else(String::new, |at| clock_time(at, zone));
    let mut text = format!(
        "Stop {} of {} of {}, {} to {}. The visit is worth {}; leaving it out would save {} ({} of way \
         to it), so it adds {}.",
        stop.number,
        stop.of,
        stop.agent_ref,
        clock(stop.start_at),
        clock(stop.leave_at),
        amount(visit.worth),
        amount(stop.saved_cost_micro),
        minutes(visit.leg_s),
        amount(stop.marginal_micro),
    );
    if let Some(agent) = &stop.locked_to {
        text += &format!(" It is locked to {agent}.");
    }
    if visit.premium != 0 {
        let what = if visit.premium > 0 { "more" } else { "less" };
        text += &format!(
            " It is worth {} {what} at that hour than at others.",
            amount(visit.premium.abs())
        );
    }
    if !stop.also.is_empty() {
        text += &format!(" It is for {} as well.", stop.also.join(", "));
    }
    if let Some(agent) = &stop.with_agent {
        text += &format!(" It takes two: {agent} arrives at the same time.");
    }
    if stop.mandatory {
        text += " The visit has to be made (mandatory).";
    }
    if let Some(other) = &stop.in_its_place {
        text += &format!(
            " In its place {} would be put in: worth {}, it would cost {}.",
            other.case_ref,
            amount(other.prize_micro),
            amount(other.cost_micro)
        );
    }
    text
}
