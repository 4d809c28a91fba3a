//! What a day would come to with other numbers of agents, costs, hours or rules. Saves nothing.

use std::collections::BTreeSet;

use jiff::civil::Date;
use planner::{Figures, Job, Pairing, Problem, Route, Shift};
use serde::Serialize;
use sync_core::model::LocalWindow;
use utoipa::ToSchema;

use super::candidates::Candidate;
use super::figures::is_nothing;
use super::groups::shortlist;
use super::solve::{Day, Posed, apart, pose, score, search, wrong};
use super::{Loaded, Prepared, pose_day, read_book};
use crate::app::App;
use crate::config::{Amount, Settings};
use crate::error::Error;
use crate::progress::{Progress, Silent};
use crate::render::micro_money;
use crate::travel::Travel;
use crate::usecases::book::load_packs;
use crate::usecases::score_cases::score_with;

/// Most numbers of agents of one question.
pub const MOST_SCENARIOS: usize = 60;
/// The greatest number of agents that may be asked for.
pub const MOST_AGENTS: usize = 500;
/// Length of each search unless it is given.
pub const USUAL_ITERATIONS: u64 = 5_000;
/// Most hours by which shifts may get longer or shorter.
pub const MOST_HOURS: f64 = 8.0;
/// Seconds of the further hour that is valued.
const HOUR_S: i64 = 3_600;

/// What is asked.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct WhatIf {
    /// The working day.
    pub date: Date,
    /// Smallest and greatest number of agents; those on duty unless given.
    pub agents: Option<(usize, usize)>,
    /// Another price of a kilometre, in units of the currency.
    pub cost_per_km: Option<f64>,
    /// Another price of an hour, in units of the currency.
    pub cost_per_hour: Option<f64>,
    /// Hours by which every shift ends later; less than nothing: earlier.
    pub hours: Option<f64>,
    /// Local hours within which everybody may be visited, instead of each borrower's own; those of the rules hold.
    pub visit_hours: Option<LocalWindow>,
    /// Other points from which the tier is high, which means a visit.
    pub tier_from: Option<i32>,
    /// Seed of each search.
    pub seed: u64,
    /// Length of each search.
    pub iterations: u64,
}

/// What the day would come to.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
pub struct WhatIfAnswer {
    /// The working day.
    pub date: String,
    /// What was assumed beyond book and settings, in words.
    pub assumed: Vec<String>,
    /// Agents on duty that day.
    pub agents_on_duty: usize,
    /// Cases that may be visited and are worth something.
    pub candidates: usize,
    /// How many of them were searched: the most promising.
    pub searched: usize,
    /// Seed of each search.
    pub seed: u64,
    /// Length of each search.
    pub iterations: u64,
    /// The plan's figures by number of agents.
    pub curve: Vec<CurvePoint>,
    /// What one more agent than are on duty would bring, in 1e-6 of the currency.
    pub next_agent_micro: i64,
    /// What one more hour on each shift of the agents on duty would bring in all.
    pub next_hour_micro: i64,
    /// The same for each hour that is paid.
    pub next_hour_each_micro: i64,
    /// What should be known of the figures.
    pub notices: Vec<String>,
}

/// The best plan found with a number of agents; money in 1e-6 of the currency.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, ToSchema)]
pub struct CurvePoint {
    /// Agents that may be sent.
    pub agents: usize,
    /// Agents that are.
    pub sent: usize,
    /// Visits.
    pub visits: usize,
    /// What the visits are expected to bring before way and time.
    pub prize_micro: i64,
    /// Metres at their price.
    pub travel_cost_micro: i64,
    /// Seconds at their price.
    pub time_cost_micro: i64,
    /// Agents sent at their price.
    pub fixed_cost_micro: i64,
    /// Overtime, unfairness and overlap at their prices, less what visits earn by who makes them; left out where it
    /// is nothing.
    #[serde(skip_serializing_if = "is_nothing")]
    pub other_cost_micro: i64,
    /// The first less the others.
    pub profit_micro: i64,
    /// Beyond the row before, for each agent more.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub next_agent_micro: Option<i64>,
}

/// Searches the day for each number of agents, each search beginning with the routes of the one before.
///
/// # Errors
/// A value that makes no sense, no book, nobody on duty, a failing database, or whoever watches has gone.
pub fn what_if(
    app: &App,
    travel: &Travel,
    asked: &WhatIf,
    progress: &dyn Progress,
) -> Result<WhatIfAnswer, Error> {
    let (settings, mut assumed) = assumed(app, asked)?;
    progress.begin("reading the book", None);
    let mut loaded = read_scored(app, &settings)?;
    if let Some(hours) = asked.visit_hours {
        assumed.push(format!(
            "Everybody may be visited {hours}, and not at other hours; those of the rules hold."
        ));
        loaded.cases.iter_mut().for_each(|case| case.visit_window = Some(hours));
    }
    let mut prepared = pose_day(app, travel, asked.date, loaded, (&settings, progress))?;
    let on_duty = prepared.duty.len();
    let (least, most) = range(asked, on_duty)?;
    let longer = lengthen(&mut prepared, asked.hours)?;
    assumed.extend(longer);
    let day = prepared.day(app, travel);
    let all: Vec<&Candidate> = prepared.sorted.candidates.iter().collect();
    let everybody: Vec<_> = prepared.duty.iter().collect();
    let jobs = shortlist(&day, &everybody, &all, day.largest());
    let search = Search { asked, progress };
    let posed = pose(&day, everybody, jobs, progress)?;
    let first = search.run(&posed.problem, None)?;
    let ranked = ranked(&posed, &first)?;
    let numbers: BTreeSet<usize> = (least..=most).chain([on_duty, on_duty + 1]).collect();
    let shifts = shifts(&posed, &ranked, numbers.last().copied().unwrap_or(on_duty));
    let crews = Crews { posed: &posed, ranked: &ranked, shifts: &shifts };
    let found = search.curve(&crews, &numbers, &renumbered(&first, &ranked))?;
    let of_duty = found.iter().find(|point| point.agents == on_duty);
    let of_duty =
        of_duty.ok_or_else(|| Error::Invalid("no search of the agents on duty".into()))?;
    let hour = search.longer(&crews, of_duty)?;
    let value = |agents: usize| found.iter().find(|p| p.agents == agents).map(Found::profit);
    let next_agent = value(on_duty + 1).unwrap_or(0) - of_duty.profit();
    let seats = i64::try_from(on_duty.max(1)).unwrap_or(1);
    Ok(WhatIfAnswer {
        date: asked.date.to_string(),
        agents_on_duty: on_duty,
        candidates: all.len(),
        searched: posed.jobs.len(),
        seed: asked.seed,
        iterations: asked.iterations,
        curve: points(&found, least, most),
        next_agent_micro: next_agent,
        next_hour_micro: hour - of_duty.profit(),
        next_hour_each_micro: (hour - of_duty.profit()) / seats,
        notices: notices(&day, &posed, &ranked, (all.len(), on_duty), prepared.notices.clone()),
        assumed,
    })
}

/// The settings with what is assumed, and that in words.
fn assumed(app: &App, asked: &WhatIf) -> Result<(Settings, Vec<String>), Error> {
    let mut settings = app.settings.clone();
    let currency = settings.organisation.currency;
    let mut words = Vec::new();
    let money = |amount: Amount| micro_money(amount.micro(), currency);
    let read = |field: &str, value: Option<f64>| {
        let read = value.map(Amount::try_from).transpose();
        read.map_err(|error| Error::Invalid(format!("{field}: {error}")))
    };
    if let Some(amount) = read("cost_per_km", asked.cost_per_km)? {
        settings.costs.per_km = amount;
        words.push(format!("A kilometre costs {}.", money(amount)));
    }
    if let Some(amount) = read("cost_per_hour", asked.cost_per_hour)? {
        settings.costs.per_hour = amount;
        words.push(format!("An hour costs {}.", money(amount)));
    }
    if let Some(points) = asked.tier_from {
        settings.risk.high_from = points;
        settings.risk.check().map_err(|e| Error::Invalid(format!("tier_from: {e}")))?;
        words.push(format!("The tier is high, and a visit possible, from {points} points."));
    }
    settings.check("what-if").map_err(|e| Error::Invalid(e.to_string()))?;
    Ok((settings, words))
}

/// The book with scores by those settings, which are not kept.
fn read_scored(app: &App, settings: &Settings) -> Result<Loaded, Error> {
    let (cases, agents) = read_book(app)?;
    let scores = score_with(app, settings, &cases, &Silent)?;
    Ok(Loaded { cases, agents, scores, renewed: 0, packs: load_packs(app)? })
}

/// Smallest and greatest number of agents.
fn range(asked: &WhatIf, on_duty: usize) -> Result<(usize, usize), Error> {
    let (least, most) = asked.agents.unwrap_or((on_duty, on_duty + 1));
    if least == 0 || least > most || most > MOST_AGENTS {
        return Err(Error::Invalid(format!(
            "agents: {least}..{most} must rise and lie within 1 to {MOST_AGENTS}"
        )));
    }
    if most - least >= MOST_SCENARIOS {
        return Err(Error::Invalid(format!(
            "agents: {least}..{most} are more than {MOST_SCENARIOS} numbers: ask for fewer"
        )));
    }
    Ok((least, most))
}

/// Lets every shift end later or earlier.
fn lengthen(prepared: &mut Prepared, hours: Option<f64>) -> Result<Option<String>, Error> {
    let Some(hours) = hours else { return Ok(None) };
    if !hours.is_finite() || hours.abs() > MOST_HOURS {
        return Err(Error::Invalid(format!("hours: {hours} must lie within -8 and 8")));
    }
    #[expect(clippy::cast_possible_truncation, reason = "at most 8 hours, checked above")]
    let seconds = (hours * 3_600.0).round() as i64;
    for duty in &mut prepared.duty {
        duty.shift.1 += seconds;
        if duty.shift.1 <= duty.shift.0 {
            return Err(Error::Invalid(format!("hours: {hours} leaves nothing of a shift")));
        }
    }
    let how = if seconds < 0 { "earlier" } else { "later" };
    Ok(Some(format!("Every shift ends {} min {how}.", seconds.abs() / 60)))
}

/// A searched number of agents.
struct Found {
    agents: usize,
    routes: Vec<Route>,
    figures: Figures,
}

impl Found {
    fn profit(&self) -> i64 {
        self.figures.objective
    }
}

struct Search<'a> {
    asked: &'a WhatIf,
    progress: &'a dyn Progress,
}

impl Search<'_> {
    /// The best routes of one search, no worse than those it begins with.
    fn run(&self, problem: &Problem, start: Option<&[Route]>) -> Result<Vec<Route>, Error> {
        let routes = start.map(<[Route]>::to_vec);
        let (seed, iterations) = (self.asked.seed, self.asked.iterations);
        let solution = search(problem, seed, iterations, routes, self.progress)?;
        if self.progress.is_cancelled() {
            return Err(Error::Cancelled);
        }
        let before = start.and_then(|routes| Some((score(problem, routes).ok()?, routes)));
        Ok(match before {
            Some((figures, routes)) if figures.objective > solution.figures.objective => {
                routes.to_vec()
            }
            _ => solution.routes,
        })
    }

    /// Each number of agents, from the smallest on. `whole` are the routes found with all agents on duty.
    fn curve(
        &self,
        crews: &Crews<'_>,
        numbers: &BTreeSet<usize>,
        whole: &[Route],
    ) -> Result<Vec<Found>, Error> {
        let mut found: Vec<Found> = Vec::with_capacity(numbers.len());
        for agents in numbers {
            let problem = crews.of(crews.shifts.iter().take(*agents).cloned().collect())?;
            let of_whole: Vec<Route> =
                whole.iter().filter(|route| route.shift < *agents).cloned().collect();
            let value =
                |routes: &[Route]| score(&problem, routes).map_or(i64::MIN, |f| f.objective);
            let before = found.last().map(|last| last.routes.as_slice());
            let start = before
                .filter(|before| value(before) > value(&of_whole))
                .map_or(of_whole.clone(), <[Route]>::to_vec);
            let routes = self.run(&problem, Some(&start))?;
            let figures = scored(&problem, &routes)?;
            found.push(Found { agents: *agents, routes, figures });
        }
        Ok(found)
    }

    /// Profit of the agents on duty when every shift is an hour longer.
    fn longer(&self, crews: &Crews<'_>, of_duty: &Found) -> Result<i64, Error> {
        let hour = u32::try_from(HOUR_S).unwrap_or(0);
        let longer = crews.shifts.iter().take(of_duty.agents).map(|shift| {
            let mut shift = shift.clone();
            shift.window.late += HOUR_S;
            shift.max_duration_s = shift.max_duration_s.saturating_add(hour);
            shift.regular_s = shift.regular_s.saturating_add(hour);
            shift
        });
        let problem = crews.of(longer.collect())?;
        let routes = self.run(&problem, Some(&of_duty.routes))?;
        Ok(scored(&problem, &routes)?.objective)
    }
}

/// The day's jobs with other numbers of agents.
struct Crews<'a> {
    posed: &'a Posed<'a>,
    /// Agents on duty in the order in which they are sent.
    ranked: &'a [usize],
    /// In that order, each again and again.
    shifts: &'a [Shift],
}

impl Crews<'_> {
    /// The problem of the first shifts, which may be changed ones.
    fn of(&self, shifts: Vec<Shift>) -> Result<Problem, Error> {
        let problem = &self.posed.problem;
        let jobs = problem.jobs().iter().map(|job| self.renamed(job, shifts.len())).collect();
        Problem::with_terms(problem.matrix().clone(), jobs, shifts, problem.terms()).map_err(wrong)
    }

    /// A job that names shifts by their places among so many.
    fn renamed(&self, job: &Job, many: usize) -> Job {
        let order = self.ranked.iter().cycle().take(many).enumerate();
        let places =
            |shift: usize| order.clone().filter(move |(_, s)| **s == shift).map(|(at, _)| at);
        let list =
            |named: &[usize]| named.iter().flat_map(|shift| places(*shift)).collect::<Vec<_>>();
        let (only, mut forbidden) = (list(&job.only), list(&job.forbidden));
        if only.is_empty() && !job.only.is_empty() {
            forbidden = (0..many).collect();
        }
        let with = job.pairing.with.iter();
        let with: Vec<_> =
            with.flat_map(|(shift, amount)| places(*shift).map(|at| (at, *amount))).collect();
        // Who is not sent is not missed.
        let otherwise = if with.is_empty() { 0 } else { job.pairing.otherwise };
        Job { only, forbidden, pairing: Pairing { with, otherwise }, ..job.clone() }
    }
}

fn scored(problem: &Problem, routes: &[Route]) -> Result<Figures, Error> {
    score(problem, routes).map_err(|broken| {
        Error::Invalid(format!("a plan breaks its own rules ({broken:?}); please report this"))
    })
}

/// Agents on duty by what their routes bring, the most first: fewer agents are the first of them.
fn ranked(posed: &Posed<'_>, routes: &[Route]) -> Result<Vec<usize>, Error> {
    let mut profits = vec![0; posed.duty.len()];
    let apart = apart(&posed.problem)?;
    for route in routes {
        let figures = scored(&apart, std::slice::from_ref(route))?;
        if let Some(profit) = profits.get_mut(route.shift) {
            *profit = figures.objective;
        }
    }
    let mut ranked: Vec<usize> = (0..profits.len()).collect();
    ranked.sort_by_key(|shift| (std::cmp::Reverse(profits.get(*shift).copied()), *shift));
    Ok(ranked)
}

/// Routes with shifts counted in the order of `ranked`.
fn renumbered(routes: &[Route], ranked: &[usize]) -> Vec<Route> {
    let new = |route: &Route| {
        let shift = ranked.iter().position(|shift| *shift == route.shift)?;
        Some(Route { shift, ..route.clone() })
    };
    routes.iter().filter_map(new).collect()
}

/// Agents on duty in the order of `ranked`, then each once more in the same order, up to `most`.
fn shifts(posed: &Posed<'_>, ranked: &[usize], most: usize) -> Vec<Shift> {
    let known = posed.problem.shifts();
    ranked.iter().cycle().take(most).filter_map(|shift| known.get(*shift).cloned()).collect()
}

fn points(found: &[Found], least: usize, most: usize) -> Vec<CurvePoint> {
    let mut before: Option<&Found> = None;
    let mut points = Vec::new();
    for one in found {
        let next = before.map(|before| {
            let more = i64::try_from(one.agents - before.agents).unwrap_or(i64::MAX);
            (one.profit() - before.profit()) / more.max(1)
        });
        before = Some(one);
        if (least..=most).contains(&one.agents) {
            let f = &one.figures;
            points.push(CurvePoint {
                agents: one.agents,
                sent: f.routes,
                visits: f.jobs,
                prize_micro: f.prize,
                travel_cost_micro: f.travel_cost,
                time_cost_micro: f.time_cost,
                fixed_cost_micro: f.fixed_cost,
                other_cost_micro: f.overtime_cost + f.unfairness_cost + f.overlap_cost - f.pairing,
                profit_micro: f.objective,
                next_agent_micro: next,
            });
        }
    }
    points
}

fn notices(
    day: &Day<'_>,
    posed: &Posed<'_>,
    ranked: &[usize],
    (candidates, on_duty): (usize, usize),
    mut notices: Vec<String>,
) -> Vec<String> {
    let name = |shift: &usize| {
        let duty = posed.duty.get(*shift).and_then(|duty| day.agents.get(duty.agent));
        duty.map_or("?", |agent| agent.row.agent_ref.as_str())
    };
    let order: Vec<&str> = ranked.iter().map(name).collect();
    notices.push(format!(
        "Fewer agents than {on_duty} are the first of {}; more are the same once more, from the same bases \
         and hours.",
        order.join(", ")
    ));
    if posed.jobs.len() < candidates {
        notices.push(format!(
            "Of {candidates} cases the {} most promising were searched.",
            posed.jobs.len()
        ));
    }
    notices.push(
        "Each search begins with the routes of the one before, so profit never falls with more agents; \
         a longer search may find more."
            .into(),
    );
    notices.extend(day.travel.warnings());
    notices
}
