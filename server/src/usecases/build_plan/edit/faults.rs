//! What the checker says of edited routes, in the fields of the edits.

use jiff::Timestamp;
use planner::{Problem, Route, UNREACHABLE, Violation};

use super::apply::{Draft, fault};
use super::{Edit, Fault, Verb};
use crate::app::App;
use crate::error::Error;
use crate::render::clock_time;
use crate::usecases::build_plan::explain::minutes;
use crate::usecases::build_plan::reasons::Code;
use crate::usecases::build_plan::solve::Posed;

/// All violations as faults of edits.
pub(super) fn of(
    violations: &[Violation],
    draft: &Draft<'_>,
    posed: &Posed<'_>,
    routes: &[Route],
    edits: &[Edit],
    app: &App,
) -> Error {
    let words = Words { draft, posed, routes, edits, app };
    Error::Edits(violations.iter().map(|violation| words.say(violation)).collect())
}

struct Words<'a> {
    draft: &'a Draft<'a>,
    posed: &'a Posed<'a>,
    routes: &'a [Route],
    edits: &'a [Edit],
    app: &'a App,
}

impl Words<'_> {
    fn say(&self, violation: &Violation) -> Fault {
        match *violation {
            Violation::Skill { route, job } => self.skill(route, job),
            Violation::Pair { route, job } => self.pair(route, job),
            Violation::MaxJobs { route } => {
                let shift = self.shift(route);
                let most = self.posed.problem.shifts().get(shift).and_then(|shift| shift.max_jobs);
                let lead = self.posed.duty.get(shift).map_or(0, |duty| duty.lead());
                let why = format!(
                    "{} would have {} visits, and makes {} at most",
                    self.agent(route),
                    self.routes.get(route).map_or(0, |route| route.jobs.len()) - lead,
                    usize::try_from(most.unwrap_or(0)).unwrap_or(usize::MAX).saturating_sub(lead)
                );
                self.fault(route, None, "agent", "max_visits", why)
            }
            Violation::Capacity { route, .. } => {
                let why = format!(
                    "{} would carry more money than max_cash_minor allows",
                    self.agent(route)
                );
                self.fault(route, None, "agent", Code::Cash.label(), why)
            }
            Violation::Crew { job } => {
                let why = format!("{} takes two agents who begin together", self.case(job));
                self.fault(0, Some(job), "with", Code::Crew.label(), why)
            }
            Violation::RequiredMissing { job } => {
                let why = format!("{} has to be visited", self.case(job));
                self.fault(0, Some(job), "case", "mandatory", why)
            }
            Violation::Time { route } => {
                let (rule, why) = self.late(route);
                self.fault(route, None, "position", rule, why)
            }
            Violation::Unreachable { route } => {
                let why = format!("there is no way between two stops of {}", self.agent(route));
                self.fault(route, None, "agent", "unreachable", why)
            }
            // Routes are made of known stops, each once: what is left cannot come of an edit.
            other => {
                Fault { field: "edits".into(), rule: "plan".into(), detail: other.to_string() }
            }
        }
    }

    fn skill(&self, route: usize, job: usize) -> Fault {
        let (name, agent) = (self.case(job), self.agent(route));
        let plan = self.draft.plan;
        let case = self.posed.jobs.get(job).and_then(|job| plan.cases.get(job.case));
        let duty = self.posed.duty.get(self.shift(route));
        let on_route = duty.and_then(|duty| plan.agents.get(duty.agent));
        let lacks = on_route.zip(case).map(|(agent, case)| plan.needs.lacks(agent, case));
        let lack = lacks.and_then(|lacks| lacks.into_iter().next());
        let (code, what) =
            lack.map_or((Code::Skill, String::new()), |lack| (lack.code(), lack.of_case(name)));
        self.fault(route, Some(job), "agent", code.label(), format!("{agent} {what}"))
    }

    fn pair(&self, route: usize, job: usize) -> Fault {
        let (case, agent) = (self.case(job), self.agent(route));
        let only = self.posed.jobs.get(job).and_then(|job| job.only);
        let on_route = self.posed.duty.get(self.shift(route)).map(|duty| duty.agent);
        if let Some(only) = only.filter(|only| Some(*only) != on_route) {
            let name = self.draft.plan.agents.get(only).map_or("?", |a| a.row.agent_ref.as_str());
            let why = format!("{case} is locked to {name} and would be visited by {agent}");
            return self.fault(route, Some(job), "agent", "locked", why);
        }
        let why = format!("{agent} must not go to {case}: see agent_forbidden in cases.csv");
        self.fault(route, Some(job), "agent", "forbidden", why)
    }

    /// The first stop that is reached too late when the agent leaves as early as possible; else the end of the shift.
    fn late(&self, route: usize) -> (&'static str, String) {
        let problem = &self.posed.problem;
        let none = ("shift", format!("the times of {} cannot be kept", self.agent(route)));
        let Some(own) = self.routes.get(route) else { return none };
        let Some(shift) = problem.shifts().get(own.shift) else { return none };
        let (mut at, mut clock) = (shift.start, shift.window.early);
        for &job in &own.jobs {
            let Some(data) = problem.jobs().get(job) else { return none };
            let arrive = clock + leg(problem, at, Some(data.location));
            let open =
                data.windows.iter().filter(|w| w.late >= arrive).map(|w| w.early.max(arrive));
            let last = data.windows.iter().map(|w| w.late).max();
            match (open.min(), last) {
                (None, Some(last)) => {
                    let why = format!(
                        "{} would reach {} at {} at the earliest; a visit there begins by {}",
                        self.agent(route),
                        self.case(job),
                        self.clock(arrive),
                        self.clock(last)
                    );
                    return ("window", why);
                }
                (start, _) => clock = start.unwrap_or(arrive) + i64::from(data.service_s),
            }
            at = Some(data.location);
        }
        let back = clock + leg(problem, at, shift.end);
        let over = (back - shift.window.late).max(0);
        if over == 0 {
            let why = format!("{} would be under way longer than a shift lasts", self.agent(route));
            return ("shift", why);
        }
        let why = format!(
            "{} would be back at {}, {} after the end of the shift",
            self.agent(route),
            self.clock(back),
            minutes(over)
        );
        ("shift", why)
    }

    /// A fault of the last edit that is about that job, or that put something on the route.
    fn fault(
        &self,
        route: usize,
        job: Option<usize>,
        field: &str,
        rule: &str,
        detail: String,
    ) -> Fault {
        let shift = self.shift(route);
        let placed = |at: &usize| {
            let target = self.draft.target_of(*at);
            let verb = self.edits.get(*at).map(|edit| edit.verb);
            let puts = matches!(verb, Some(Verb::Move | Verb::PutIn));
            target.is_some_and(|(own, to)| match job {
                Some(job) => own == job,
                None => puts && to.contains(&shift),
            })
        };
        // A stop that was taken from a route can make its hours collide, too.
        let last = (0..self.edits.len()).rev();
        let at = last.clone().find(placed).or_else(|| last.clone().next()).unwrap_or(0);
        let given = self.edits.get(at).is_some_and(|edit| match field {
            "agent" => edit.agent.is_some(),
            "with" => edit.with.is_some(),
            "position" => edit.position.is_some(),
            _ => true,
        });
        let field = match (given, field) {
            (true, field) => field,
            (false, "position") if self.edits.get(at).is_some_and(|e| e.agent.is_some()) => "agent",
            (false, _) => "",
        };
        fault(at, field, rule, detail)
    }

    fn shift(&self, route: usize) -> usize {
        self.routes.get(route).map_or(usize::MAX, |route| route.shift)
    }

    fn agent(&self, route: usize) -> &str {
        self.draft.plan.agent_ref(self.shift(route))
    }

    fn case(&self, job: usize) -> &str {
        let case = self.posed.jobs.get(job).and_then(|job| self.draft.plan.cases.get(job.case));
        case.map_or("?", |case| case.row.case_ref.as_str())
    }

    /// An instant of the planner as people read it.
    fn clock(&self, seconds: i64) -> String {
        let zone = self.app.settings.organisation.time_zone.time_zone();
        let at = Timestamp::from_second(self.draft.plan.origin() + seconds);
        at.map_or_else(|_| String::new(), |at| clock_time(at, zone))
    }
}

fn leg(problem: &Problem, from: Option<usize>, to: Option<usize>) -> i64 {
    let way = from.zip(to).map_or(0, |(from, to)| problem.matrix().seconds(from, to));
    if way == UNREACHABLE { 0 } else { i64::from(way) }
}
