//! The planner's explanation of a case left out, in the words of the lender.

use planner::{Binding, Explanation, Insertion, Need, Route};
use sync_core::model::{Currency, Micro, Minor};

use super::reasons::{Code, LeftOutCase};
use super::solve::{Day, Posed};
use crate::render::amount;
use crate::usecases::book::BookAgent;

/// Sentences for every candidate of `posed` that is in no route.
pub(super) fn left_out(day: &Day<'_>, posed: &Posed<'_>, routes: &[Route]) -> Vec<LeftOutCase> {
    planner::explain_all(&posed.problem, routes)
        .iter()
        .filter_map(|explanation| {
            let candidate = posed.jobs.get(explanation.job)?;
            let words = Words { day, posed, routes };
            let (code, mut sentence) = words.say(explanation);
            sentence.push_str(&words.speakers(candidate.case));
            Some(LeftOutCase {
                case: candidate.case,
                code,
                sentence,
                prize: Some(candidate.prize),
                cost: explanation.best.map(|best| best.cost()),
            })
        })
        .collect()
}

struct Words<'a> {
    day: &'a Day<'a>,
    posed: &'a Posed<'a>,
    routes: &'a [Route],
}

impl Words<'_> {
    fn say(&self, e: &Explanation) -> (Code, String) {
        let worth = format!("The visit is worth {}", self.money(e.prize));
        let Some(best) = &e.best else {
            return match e.binding {
                Binding::Skill => {
                    (Code::Skill, format!("{worth}, but nobody on duty speaks the language."))
                }
                Binding::Window { .. } => {
                    (Code::Window, format!("{worth}, but nobody can come in the allowed hours."))
                }
                _ => {
                    (Code::Unreachable, format!("{worth}, but no agent can drive there and back."))
                }
            };
        };
        let detour =
            format!("the cheapest detour, {}, costs {}", self.place(best), self.parts(best));
        match e.binding {
            Binding::Money => {
                let threshold = e.worth_above.unwrap_or_else(|| best.cost());
                let above = self.money(threshold);
                (Code::Money, format!("{worth}; {detour}. Worth planning above {above}."))
            }
            Binding::Nothing => {
                (Code::NextBest, format!("{worth}; {detour}. A longer search would put it in."))
            }
            Binding::MaxJobs => {
                let code = if e.prize > best.cost() { Code::MaxVisits } else { Code::Money };
                let need = self.need(e.need.as_ref());
                (
                    code,
                    format!("{worth}; {detour}, but that agent has all visits of the day.{need}"),
                )
            }
            Binding::ShiftEnd { by_s } | Binding::Duration { by_s } => {
                let code = if e.prize > best.cost() { Code::Shift } else { Code::Money };
                let late = minutes(by_s);
                let need = self.need(e.need.as_ref());
                (code, format!("{worth}; {detour} and would overrun the shift by {late}.{need}"))
            }
            Binding::Window { by_s } => {
                let code = if e.prize > best.cost() { Code::Window } else { Code::Money };
                let late = minutes(by_s);
                let need = self.need(e.need.as_ref());
                (code, format!("{worth}; {detour} and would miss an allowed time by {late}.{need}"))
            }
            Binding::Capacity { .. } => {
                (Code::MaxVisits, format!("{worth}; {detour}, but that agent can carry no more."))
            }
            Binding::Skill => {
                (Code::Skill, format!("{worth}, but nobody on duty speaks the language."))
            }
            Binding::Unreachable => {
                (Code::Unreachable, format!("{worth}, but no agent can drive there and back."))
            }
        }
    }

    /// The smallest change of time that would bring it in, wherever that is.
    fn need(&self, need: Option<&Need>) -> String {
        need.map_or_else(String::new, |need| {
            let (time, agent) = (minutes(need.seconds), self.agent(need.shift));
            format!(" The smallest change that would bring it in: {time} more for {agent}.")
        })
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
        match self.routes.iter().any(|r| r.shift == at.shift && !r.jobs.is_empty()) {
            true if at.position > 0 => format!("{agent} after stop {}", at.position),
            true => format!("{agent} before stop 1"),
            false => format!("{agent} from home"),
        }
    }

    fn parts(&self, at: &Insertion) -> String {
        let km = at.extra_metres;
        format!(
            "{} ({}.{} km, {})",
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

/// An amount in micro-units as `1,214.20 TWD`.
fn money(micro: i64, currency: Currency) -> String {
    let minor = Minor::from_micro(Micro::new(micro), currency.exponent()).unwrap_or(Minor::ZERO);
    format!("{} {}", amount(minor.get(), currency.exponent()), currency.code())
}

/// Seconds as minutes, rounded up: what is said to be needed must suffice.
fn minutes(seconds: i64) -> String {
    format!("{} min", (seconds + 59).div_euclid(60))
}
