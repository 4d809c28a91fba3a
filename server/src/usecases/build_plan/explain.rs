//! The planner's explanation of a case left out, in the words of the lender.

use planner::{Binding, Explanation, Insertion, Need, Route};

use super::candidates::Candidate;
use super::reasons::{Code, LeftOutCase};
use super::solve::{Day, Posed};
use crate::render::micro_money as money;
use crate::usecases::book::{BookAgent, BookCase};

/// Sentences for every candidate of `posed` that is in no route.
pub(super) fn left_out(day: &Day<'_>, posed: &Posed<'_>, routes: &[Route]) -> Vec<LeftOutCase> {
    planner::explain_all(&posed.problem, routes)
        .iter()
        .filter_map(|explanation| {
            let of_first = of_one(day, posed, routes, explanation)?;
            Some(each(posed.jobs.get(explanation.job)?, of_first))
        })
        .flatten()
        .collect()
}

/// What is said of the first case of a stop, for each of its cases.
fn each(candidate: &Candidate, out: LeftOutCase) -> Vec<LeftOutCase> {
    let parts = candidate.parts();
    parts.map(|(case, prize)| LeftOutCase { case, prize: Some(prize), ..out.clone() }).collect()
}

/// Code and sentence of one explanation.
pub(super) fn of_one(
    day: &Day<'_>,
    posed: &Posed<'_>,
    routes: &[Route],
    explanation: &Explanation,
) -> Option<LeftOutCase> {
    let candidate = posed.jobs.get(explanation.job)?;
    let job = posed.problem.jobs().get(explanation.job)?;
    let service_s = i64::from(job.service_s) * i64::from(job.crew);
    let words = Words { day, posed, routes, service_s };
    let (code, mut sentence) = words.say(explanation);
    sentence.push_str(&words.locked(candidate));
    sentence.push_str(&words.who(candidate.case));
    sentence.push_str(&words.one_stop(candidate));
    Some(LeftOutCase {
        case: candidate.case,
        code,
        sentence,
        prize: candidate.parts().next().map(|(_, prize)| prize),
        cost: cost(explanation),
    })
}

/// The cheapest detour, whether it fits or not.
pub(super) fn cheapest(e: &Explanation) -> Option<Insertion> {
    e.cheaper.map(|(at, _)| at).or(e.best)
}

/// What the cheapest detour costs; of a visit of two those of both together.
fn cost(e: &Explanation) -> Option<i64> {
    e.second.and(e.worth_above).or_else(|| cheapest(e).map(|at| at.cost()))
}

struct Words<'a> {
    day: &'a Day<'a>,
    posed: &'a Posed<'a>,
    routes: &'a [Route],
    /// Time at the door, of all who go.
    service_s: i64,
}

impl Words<'_> {
    fn say(&self, e: &Explanation) -> (Code, String) {
        let worth = format!("The visit is worth {}", self.money(e.prize));
        let must = self.case(e.job).is_some_and(BookCase::is_mandatory);
        let at_door = self.service_s.saturating_mul(self.day.prices.per_second);
        if e.prize <= at_door && e.binding != Binding::Nothing && !must {
            let (cost, time) = (self.money(at_door), minutes(self.service_s));
            let sentence =
                format!("{worth}, no more than the {cost} that {time} at the door cost.");
            return (Code::NoValue, sentence);
        }
        let Some(at) = cheapest(e) else {
            return match e.binding {
                Binding::Skill | Binding::Pair => {
                    let (code, why) = self.nobody(e);
                    (code, format!("{worth}, but {why}."))
                }
                Binding::Spacing => {
                    let why = "every day left is too near another visit to the borrower";
                    (Code::Window, format!("{worth}, but {why}."))
                }
                Binding::Crew => {
                    let why = "it takes two agents, and no two can be there together";
                    (Code::Crew, format!("{worth}, but {why}."))
                }
                Binding::Window { .. } => {
                    (Code::Window, format!("{worth}, but nobody can come in the allowed hours."))
                }
                _ => {
                    (Code::Unreachable, format!("{worth}, but no agent can drive there and back."))
                }
            };
        };
        if let Some((other, _)) = &e.second {
            return self.of_two(e, (&at, other), (&worth, must));
        }
        let detour = format!("the cheapest detour, {}, costs {}", self.place(&at), self.parts(&at));
        if let Some((_, binding)) = e.cheaper {
            let (code, why) = tight(binding, must || e.prize > at.cost());
            let code = if e.binding == Binding::Nothing { Code::NextBest } else { code };
            return (code, format!("{worth}; {detour}{why}; {}", self.that_fits(e)));
        }
        match e.binding {
            // It fits, and only the search has not come to it.
            Binding::Money if must => {
                (Code::NextBest, format!("{worth}; {detour}. A longer search would put it in."))
            }
            Binding::Money => {
                let above = self.money(e.worth_above.unwrap_or_else(|| at.cost()));
                (Code::Money, format!("{worth}; {detour}. Worth planning above {above}."))
            }
            Binding::Nothing => {
                (Code::NextBest, format!("{worth}; {detour}. A longer search would put it in."))
            }
            binding => {
                let (code, why) = tight(binding, must || e.prize > at.cost());
                (code, format!("{worth}; {detour}{why}.{}", self.need(e.need.as_ref())))
            }
        }
    }

    /// A visit of two agents that fits.
    fn of_two(
        &self,
        e: &Explanation,
        (first, second): (&Insertion, &Insertion),
        (worth, must): (&str, bool),
    ) -> (Code, String) {
        let detours = format!(
            "it takes two agents: the cheapest detours, {} and {}, cost {} together",
            self.place(first),
            self.place(second),
            self.money(cost(e).unwrap_or_default())
        );
        if e.binding == Binding::Nothing || must {
            let sentence = format!("{worth}; {detours}. A longer search would put it in.");
            return (Code::NextBest, sentence);
        }
        let above = self.money(cost(e).unwrap_or_default());
        (Code::Money, format!("{worth}; {detours}. Worth planning above {above}."))
    }

    /// Why none of those on duty can make the visit, or may.
    fn nobody(&self, e: &Explanation) -> (Code, String) {
        let locked = self.posed.jobs.get(e.job).is_some_and(|job| job.only.is_some());
        let duty = self.duty();
        let Some(case) = self.case(e.job) else { return (Code::Skill, String::new()) };
        if locked {
            let why =
                "the agent it is locked to is not on duty, must not go or lacks what it needs";
            return (Code::Skill, why.into());
        }
        if e.binding == Binding::Skill {
            return self.day.needs.nobody(case, &duty);
        }
        let could = duty.iter().filter(|agent| self.day.needs.lacks(agent, case).is_empty());
        let barred = could.filter(|agent| case.forbids(&agent.row));
        let barred: Vec<&str> = barred.map(|agent| agent.row.agent_ref.as_str()).collect();
        if barred.is_empty() {
            return (Code::Skill, "whoever could go there is out".into());
        }
        let why = format!(
            "whoever could go there must not or is out: agent_forbidden names {}",
            barred.join(", ")
        );
        (Code::Forbidden, why)
    }

    fn case(&self, job: usize) -> Option<&BookCase> {
        self.day.cases.get(self.posed.jobs.get(job)?.case)
    }

    fn duty(&self) -> Vec<&BookAgent> {
        let duty = self.posed.duty.iter();
        duty.filter_map(|duty| self.day.agents.get(duty.agent)).collect()
    }

    /// The cheapest place that fits, where a cheaper one does not.
    fn that_fits(&self, e: &Explanation) -> String {
        let Some(best) = &e.best else { return String::new() };
        let place =
            format!("the cheapest that fits, {}, costs {}", self.place(best), self.parts(best));
        if e.binding == Binding::Nothing {
            return format!("{place}. A longer search would put it in.");
        }
        let above = self.money(e.worth_above.unwrap_or_else(|| best.cost()));
        format!("{place}. Worth planning above {above}.{}", self.need(e.need.as_ref()))
    }

    /// The smallest change of time that would bring it in, wherever that is.
    fn need(&self, need: Option<&Need>) -> String {
        need.map_or_else(String::new, |need| {
            let (time, agent) = (minutes(need.seconds), self.agent(need.shift));
            format!(" The smallest change that would bring it in: {time} more for {agent}.")
        })
    }

    /// Whom a dispatcher locked it to: that explains a long way, too.
    fn locked(&self, candidate: &Candidate) -> String {
        let agent = candidate.only.and_then(|agent| self.day.agents.get(agent));
        agent.map_or_else(String::new, |agent| format!(" It is locked to {}.", agent.row.agent_ref))
    }

    /// Who can go and who must not, where not everybody can; and that it has to be made.
    fn who(&self, case: usize) -> String {
        let Some(case) = self.day.cases.get(case) else { return String::new() };
        let duty = self.duty();
        let mut said = self.day.needs.only(case, &duty);
        let barred = duty.iter().filter(|agent| case.forbids(&agent.row));
        let barred: Vec<&str> = barred.map(|agent| agent.row.agent_ref.as_str()).collect();
        if !barred.is_empty() && barred.len() < duty.len() {
            said += &format!(" {} must not go (agent_forbidden).", barred.join(", "));
        }
        if case.is_mandatory() {
            said += " The visit has to be made (mandatory).";
        }
        said
    }

    /// The cases that one visit is for.
    fn one_stop(&self, candidate: &Candidate) -> String {
        if candidate.also.is_empty() {
            return String::new();
        }
        let cases = candidate.cases().filter_map(|case| self.day.cases.get(case));
        let names: Vec<&str> = cases.map(|case| case.row.case_ref.as_str()).collect();
        format!(" One visit is for {}.", names.join(", "))
    }

    fn place(&self, at: &Insertion) -> String {
        let agent = self.agent(at.shift);
        let duty = self.posed.duty.get(at.shift);
        let before = duty.map_or(at.position, |duty| duty.number(at.position) - 1);
        let lead = duty.map_or(0, |duty| duty.lead());
        match self.routes.iter().any(|r| r.shift == at.shift && r.jobs.len() > lead) {
            _ if before > 0 => format!("{agent} after stop {before}"),
            true => format!("{agent} before stop 1"),
            false if lead > 0 => format!("{agent} from where the agent is"),
            false => format!("{agent} from home"),
        }
    }

    fn parts(&self, at: &Insertion) -> String {
        let km = at.extra_metres;
        let other = match at.other_cost {
            0 => String::new(),
            less if less < 0 => format!(", less {} by hour or agent", self.money(-less)),
            more => format!(", {} for fairness, neighbourhood or another agent", self.money(more)),
        };
        format!(
            "{} ({}.{} km, {}{other})",
            self.money(at.cost()),
            km / 1_000,
            km.rem_euclid(1_000) / 100,
            minutes(at.extra_s)
        )
    }

    fn agent(&self, shift: usize) -> &str {
        let duty = self.posed.duty.get(shift);
        duty.and_then(|duty| self.day.agents.get(duty.agent))
            .map_or("?", |agent| agent.row.agent_ref.as_str())
    }

    fn money(&self, micro: i64) -> String {
        money(micro, self.day.app.settings.organisation.currency)
    }
}

/// What keeps a place from fitting, and the code of that where the visit would pay there.
fn tight(binding: Binding, pays: bool) -> (Code, String) {
    let (code, why) = match binding {
        Binding::MaxJobs => (Code::MaxVisits, ", but that agent has all visits of the day".into()),
        Binding::Capacity { .. } => {
            let why = ", but that agent would carry more money than max_cash_minor allows";
            (Code::Cash, why.into())
        }
        Binding::ShiftEnd { by_s } | Binding::Duration { by_s } => {
            (Code::Shift, format!(" and would overrun the shift by {}", minutes(by_s)))
        }
        Binding::Window { by_s } => {
            (Code::Window, format!(" and would miss an allowed time by {}", minutes(by_s)))
        }
        // A place that was priced speaks of none of these.
        Binding::Nothing
        | Binding::Money
        | Binding::Skill
        | Binding::Pair
        | Binding::Spacing
        | Binding::Crew
        | Binding::Unreachable => (Code::Money, String::new()),
    };
    (if pays { code } else { Code::Money }, why)
}

/// Seconds as minutes, rounded up: what is said to be needed must suffice.
pub(super) fn minutes(seconds: i64) -> String {
    format!("{} min", (seconds + 59).div_euclid(60))
}
