//! Plans a working day: policy filter, prizes, matrix, search, reasons for what is left out.

mod basis;
mod candidates;
mod cash;
mod changes;
mod crew;
mod edit;
mod explain;
mod explain_case;
mod figures;
mod groups;
mod home;
mod hours;
mod mandatory;
mod meetings;
mod needs;
mod reasons;
mod replan;
mod repose;
mod rounds;
mod save;
mod solve;
mod stops;
mod terms;
mod under_way;
mod what_if;

use std::collections::HashMap;

use h3o::{CellIndex, Resolution};
use jiff::civil::Date;
use sync_core::model::{PlanId, Zone};
use sync_core::policy::Pack;

pub use candidates::RuleHit;
pub(super) use edit::edits_of;
pub use edit::{Edit, EditedPlan, Editor, Fault, MOST_EDITS, Verb, edit_plan};
pub use explain_case::{
    CaseExplanation, Detour, MoneyReason, NeedTime, StopReason, Substitute, TightDetour,
    explain_case,
};
pub use figures::PlanFigures;
pub(super) use figures::is_nothing;
pub use reasons::Code;
pub use replan::{
    AgentNow, BrokenPromise, Event, MOST_EVENTS, REPLAN_ITERATIONS, Replan, ReplannedPlan,
    StopChange, replan,
};
pub(super) use under_way::done_of;
pub use what_if::{
    CurvePoint, MOST_AGENTS, MOST_HOURS, MOST_SCENARIOS, USUAL_ITERATIONS, WhatIf, WhatIfAnswer,
    what_if,
};

use basis::{Basis, Kept};
use candidates::{Rules, Sorted};
use crew::{OnDuty, Prices};
use groups::Group;
use needs::Needs;
use solve::Day;
use terms::DayTerms;

use super::book::{BookAgent, BookCase, load_agents, load_cases, load_packs};
use super::score_cases::{CaseScore, score_book, service};
use crate::app::App;
use crate::config::Settings;
use crate::db::rows::{PlanRow, ScoreRow};
use crate::db::{Id, PlanRows};
use crate::error::Error;
use crate::progress::{Progress, Silent};
use crate::travel::Travel;

/// What to plan and how long to search.
#[derive(Debug, Clone, Copy)]
pub struct Request {
    /// The working day.
    pub date: Date,
    /// Seed of the search.
    pub seed: u64,
    /// Length of the search.
    pub iterations: u64,
}

/// A saved plan, with what the planner wants to be told.
#[derive(Debug)]
pub struct Built {
    /// Its id.
    pub id: PlanId,
    /// As it was saved.
    pub plan: PlanRows,
    /// Agents who could not be sent, and the like.
    pub notices: Vec<String>,
}

/// Everything read from the database for one day.
struct Loaded {
    cases: Vec<BookCase>,
    agents: Vec<BookAgent>,
    scores: Vec<CaseScore>,
    renewed: usize,
    packs: Vec<Pack>,
}

/// The day's problem before it is solved.
struct Prepared {
    loaded: Loaded,
    needs: Needs,
    sorted: Sorted,
    duty: Vec<OnDuty>,
    notices: Vec<String>,
    origin: i64,
    service_s: u32,
    further_s: u32,
    prices: Prices,
    terms: DayTerms,
}

/// Plans the day and saves the plan as the next version of its date.
///
/// # Errors
/// No book, no scores, nobody on duty, or a failing database.
pub fn build_plan(
    app: &App,
    travel: &Travel,
    request: &Request,
    progress: &dyn Progress,
) -> Result<Built, Error> {
    let prepared = prepare(app, travel, request.date, progress)?;
    let day = prepared.day(app, travel);
    let plan_id = save::plan_id(&day)?;
    let solved =
        rounds::solve_day(&day, &prepared.sorted.candidates, &prepared.duty, request, progress)?;
    let figures = solved.solution.figures;
    let (routes, stops) = save::route_rows(&day, plan_id, &solved.posed, &solved.solution.routes)?;
    let mut left_out = prepared.sorted.left_out.clone();
    left_out.extend(solved.left_out);
    if !save::adds_up(&routes, &figures) {
        return Err(Error::Invalid(
            "the routes do not add up to the plan; please report this".into(),
        ));
    }
    // Only now is it known whether everything was answered as the settings want it.
    let mut notices = prepared.notices.clone();
    notices.extend(travel.warnings());
    notices.extend(hours::notice(travel, &routes, &stops, &app.settings.organisation.time_zone));
    let left_out = save::left_out_rows(&day, plan_id, &left_out);
    notices.extend(mandatory::notice(&day, &left_out));
    let plan = PlanRow {
        org_id: app.org,
        plan_id,
        plan_date: request.date.to_string(),
        version: 0,
        serial: 0,
        created_at: app.ids.clock().now().as_microsecond(),
        travel: travel.describe(),
        network: travel.fingerprint(),
        seed: i64::try_from(request.seed).unwrap_or(i64::MAX),
        iterations: i64::try_from(request.iterations).unwrap_or(i64::MAX),
        schedule: solved.solution.schedule.to_string(),
        prize_micro: figures.prize,
        travel_cost_micro: figures.travel_cost,
        time_cost_micro: figures.time_cost,
        fixed_cost_micro: figures.fixed_cost,
        overtime_cost_micro: figures.overtime_cost,
        pairing_micro: figures.pairing,
        unfairness_cost_micro: figures.unfairness_cost,
        overlap_cost_micro: figures.overlap_cost,
        notices: serde_json::Value::from(notices.clone()).to_string(),
        edited_from: None,
        edited_by: None,
    };
    let mut plan = PlanRows { plan, routes, stops, left_out };
    progress.begin("saving the plan", None);
    let candidates = prepared.sorted.candidates.iter();
    let kept = candidates.map(|candidate| Kept { candidate, out_by: None });
    let basis = Basis::of(&day, &prepared.duty, kept).row(plan_id, app)?;
    plan.plan.version = app.store.insert_plan(&plan, Some(&basis), None)?;
    Ok(Built { id: plan_id.try_into()?, plan, notices })
}

/// The problem of one territory's agent, or of the whole day, as the planner sees it.
///
/// # Errors
/// As [`build_plan`]; or there is no such agent on duty or territory.
pub fn pose_instance(
    app: &App,
    travel: &Travel,
    date: Date,
    territory_of: Option<&str>,
    progress: &dyn Progress,
) -> Result<planner::Problem, Error> {
    let prepared = prepare(app, travel, date, progress)?;
    let day = prepared.day(app, travel);
    let group = match territory_of {
        None => Group::whole(&prepared.sorted.candidates, &prepared.duty),
        Some(agent) => groups::of_agent(&day, &prepared.sorted.candidates, &prepared.duty, agent)?,
    };
    let posed = solve::pose(&day, group.duty, group.candidates, progress)?;
    solve::without_common_skills(&posed.problem)
}

fn prepare(
    app: &App,
    travel: &Travel,
    date: Date,
    progress: &dyn Progress,
) -> Result<Prepared, Error> {
    progress.begin("reading the book", None);
    let loaded = load(app)?;
    pose_day(app, travel, date, loaded, (&app.settings, progress))
}

/// Candidates and agents on duty of a book, by settings that need not be those of the installation.
fn pose_day(
    app: &App,
    travel: &Travel,
    date: Date,
    loaded: Loaded,
    (settings, progress): (&Settings, &dyn Progress),
) -> Result<Prepared, Error> {
    let zone = &settings.organisation.time_zone;
    let service = service(settings);
    let origin = midnight(date, zone)?;
    let doors = loaded.cases.iter().map(|case| case.at);
    let ends = loaded.agents.iter().flat_map(|agent| [agent.base, agent.end]);
    travel.locate(&doors.chain(ends).collect::<Vec<_>>(), progress)?;
    progress.begin("asking the rules", None);
    let rules = Rules {
        packs: &loaded.packs,
        date,
        now: app.ids.clock().now(),
        service,
        high_from: settings.risk.high_from,
    };
    let further_s = further(settings);
    let mut sorted = candidates::sort(&loaded.cases, &loaded.scores, &rules, travel);
    sorted.candidates = stops::merge(&loaded.cases, sorted.candidates, i64::from(further_s));
    let (duty, mut notices) = crew::on_duty(&loaded.agents, date, zone, travel);
    if duty.is_empty() {
        let why = if notices.is_empty() {
            format!("no agent works on {date} ({})", date.strftime("%A"))
        } else {
            notices.join(" ")
        };
        return Err(Error::Invalid(format!(
            "nobody can be sent: {why}; choose another --date or mend agents.csv and import it again"
        )));
    }
    if loaded.renewed > 0 {
        notices.push(format!(
            "Scores renewed: {}, because the book, the settings or the days since a payment had changed.",
            loaded.renewed
        ));
    }
    let terms = DayTerms::of(&settings.plan, date, zone, territory_resolution(app, settings)?);
    let needs = Needs::of(&loaded.cases, &loaded.agents, date, &terms.certificates);
    Ok(Prepared {
        origin,
        service_s: u32::try_from(service.get()).unwrap_or(u32::MAX),
        further_s,
        prices: Prices::of(&settings.costs),
        terms,
        loaded,
        needs,
        sorted,
        duty,
        notices,
    })
}

/// Seconds that each further case of a stop takes.
fn further(settings: &Settings) -> u32 {
    settings.visit.further_case_minutes.saturating_mul(60)
}

/// Resolution of the territories, where the day's terms need it and there are any.
fn territory_resolution(app: &App, settings: &Settings) -> Result<Option<Resolution>, Error> {
    let plan = &settings.plan;
    if plan.overlap.micro() == 0 || plan.overlap_resolution.is_some() {
        return Ok(None);
    }
    let (_, cells) = app.store.territories(app.org)?;
    let first = cells.first().and_then(|row| super::cells::of(row.cell));
    Ok(first.map(CellIndex::resolution))
}

/// The first instant of a day, seconds since 1970: zero of the planner.
fn midnight(date: Date, zone: &Zone) -> Result<i64, Error> {
    let midnight = date.to_zoned(zone.time_zone().clone());
    let midnight = midnight
        .map_err(|e| Error::Invalid(format!("{date} is no day that can be planned: {e}")))?;
    Ok(midnight.timestamp().as_second())
}

impl Prepared {
    fn day<'a>(&'a self, app: &'a App, travel: &'a Travel) -> Day<'a> {
        Day {
            app,
            cases: &self.loaded.cases,
            agents: &self.loaded.agents,
            needs: &self.needs,
            travel,
            origin: self.origin,
            service_s: self.service_s,
            further_s: self.further_s,
            prices: self.prices,
            terms: &self.terms,
        }
    }
}

fn load(app: &App) -> Result<Loaded, Error> {
    let (cases, agents) = read_book(app)?;
    let (scores, renewed) = fresh_scores(app, &cases)?;
    let packs = load_packs(app)?;
    Ok(Loaded { cases, agents, scores, renewed, packs })
}

/// Cases and agents; neither may be missing.
fn read_book(app: &App) -> Result<(Vec<BookCase>, Vec<BookAgent>), Error> {
    let cases = load_cases(app)?;
    if cases.is_empty() {
        let command = "import --cases cases.csv --agents agents.csv";
        return Err(Error::Before { missing: "there are no cases", command });
    }
    let agents = load_agents(app)?;
    if agents.is_empty() {
        let command = "import --agents agents.csv";
        return Err(Error::Before { missing: "there are no agents", command });
    }
    Ok((cases, agents))
}

/// Scores of the book as it is now, and how many of the saved ones no longer held. Those are saved
/// anew: a plan never rests on figures of an older book, older settings or another day.
fn fresh_scores(app: &App, cases: &[BookCase]) -> Result<(Vec<CaseScore>, usize), Error> {
    let saved: HashMap<Id, ScoreRow> =
        app.store.scores(app.org)?.into_iter().map(|s| (s.case_id, s)).collect();
    if saved.is_empty() {
        return Err(Error::Before { missing: "no case has a score", command: "score" });
    }
    let scores = score_book(app, cases, &Silent)?;
    let same = |row: &ScoreRow| {
        saved.get(&row.case_id).is_some_and(|old| {
            (&old.tier, &old.ability, &old.treatment, old.prize_micro)
                == (&row.tier, &row.ability, &row.treatment, row.prize_micro)
        })
    };
    let renewed = scores.iter().filter(|score| !same(&score.row)).count();
    if renewed > 0 {
        let rows: Vec<ScoreRow> = scores.iter().map(|score| score.row.clone()).collect();
        app.store.replace_scores(app.org, &rows)?;
    }
    Ok((scores, renewed))
}
