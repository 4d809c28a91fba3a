//! The planner's explanation of a case left out, in the words of the lender.

use planner::{Binding, Explanation, Insertion, Need, Route};

use super::candidates::Candidate;
use super::reasons::{Code, LeftOutCase};
use super::solve::{Day, Posed};
use crate::render::micro_money as money;
use crate::usecases::book::BookAgent;

/// Sentences for every candidate of `posed` that is in no route.
pub(super) fn left_out(day: &Day<'_>, posed: &Posed<'_>, routes: &[Route]) -> Vec<LeftOutCase> {
    planner::explain_all(&posed.problem, routes)
        .iter()
        .filter_map(|explanation| of_one(day, posed, routes, explanation))
        .collect()
}

/// Code and sentence of one explanation.
pub(super) fn of_one(
    day: &Day<'_>,
    posed: &Posed<'_>,
    routes: &[Route],
    explanation: &Explanation,
) -> Option<LeftOutCase> {
    let candidate = posed.jobs.get(explanation.job)?;
    let at_door = i64::from(day.service_s).saturating_mul(day.prices.per_second);
    let words = Words { day, posed, routes, at_door };
    let (code, mut sentence) = words.say(explanation);
    sentence.push_str(&words.locked(candidate));
    sentence.push_str(&words.speakers(candidate.case));
    Some(LeftOutCase {
        case: candidate.case,
        code,
        sentence,
        prize: Some(candidate.prize),
        cost: cheapest(explanation).map(|at| at.cost()),
    })
}

/// The cheapest detour, whether it fits or not.
pub(super) fn cheapest(e: &Explanation) -> Option<Insertion> {
    e.cheaper.map(|(at, _)| at).or(e.best)
}

struct Words<'a> {
    day: &'a Day<'a>,
    posed: &'a Posed<'a>,
    routes: &'a [Route],
    /// Cost of the time at the door, micro-units.
    at_door: i64,
}

impl Words<'_> {
    fn say(&self, e: &Explanation) -> (Code, String) {
        let worth = format!("The visit is worth {}", self.money(e.prize));
        if e.prize <= self.at_door && e.binding != Binding::Nothing {
            let (cost, time) = (self.money(self.at_door), minutes(i64::from(self.day.service_s)));
            let sentence =
                format!("{worth}, no more than the {cost} that {time} at the door cost.");
            return (Code::NoValue, sentence);
        }
        let Some(at) = cheapest(e) else {
            return match e.binding {
                Binding::Skill => {
                    let locked = self.posed.jobs.get(e.job).is_some_and(|job| job.only.is_some());
                    let why = if locked {
                        "the agent it is locked to is not on duty or lacks the language"
                    } else {
                        "nobody on duty speaks the language"
                    };
                    (Code::Skill, format!("{worth}, but {why}."))
                }
                Binding::Pair => {
                    let why = "whoever could go there may not, or is not on duty";
                    (Code::Skill, format!("{worth}, but {why}."))
                }
                Binding::Spacing => {
                    let why = "every day left is too near another visit to the borrower";
                    (Code::Window, format!("{worth}, but {why}."))
                }
                Binding::Crew => {
                    let why = "no two agents can be there together";
                    (Code::Skill, format!("{worth}, but {why}."))
                }
                Binding::Window { .. } => {
                    (Code::Window, format!("{worth}, but nobody can come in the allowed hours."))
                }
                _ => {
                    (Code::Unreachable, format!("{worth}, but no agent can drive there and back."))
                }
            };
        };
        let detour = format!("the cheapest detour, {}, costs {}", self.place(&at), self.parts(&at));
        if let Some((_, binding)) = e.cheaper {
            let (code, why) = tight(binding, e.prize > at.cost());
            let code = if e.binding == Binding::Nothing { Code::NextBest } else { code };
            return (code, format!("{worth}; {detour}{why}; {}", self.that_fits(e)));
        }
        match e.binding {
            Binding::Money => {
                let above = self.money(e.worth_above.unwrap_or_else(|| at.cost()));
                (Code::Money, format!("{worth}; {detour}. Worth planning above {above}."))
            }
            Binding::Nothing => {
                (Code::NextBest, format!("{worth}; {detour}. A longer search would put it in."))
            }
            binding => {
                let (code, why) = tight(binding, e.prize > at.cost());
                (code, format!("{worth}; {detour}{why}.{}", self.need(e.need.as_ref())))
            }
        }
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

    /// Who speaks the borrower's language, where not everybody does: that explains a long way.
    fn speakers(&self, case: usize) -> String {
        let Some(case) = self.day.cases.get(case) else { return String::new() };
        let needed = self.day.languages.needed(case);
        let duty = self.posed.duty.iter().filter_map(|duty| self.day.agents.get(duty.agent));
        let can = |agent: &&BookAgent| {
            let spoken = self.day.languages.spoken(agent);
            needed.iter().all(|language| spoken.contains(language))
        };
        let names: Vec<&str> = duty.filter(can).map(|agent| agent.row.agent_ref.as_str()).collect();
        match (&case.language, names.len()) {
            (Some(language), some) if some > 0 && some < self.posed.duty.len() => {
                let verb = if some == 1 { "speaks" } else { "speak" };
                format!(" Only {} {verb} the language ({language}).", names.join(", "))
            }
            _ => String::new(),
        }
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
        Binding::Capacity { .. } => (Code::MaxVisits, ", but that agent can carry no more".into()),
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
