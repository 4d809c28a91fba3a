//! The day from the instant on: agents where they are, every case asked of the rules again, and what the events want.

use std::collections::{BTreeMap, BTreeSet};

use super::events::{Said, Span, fault};
use super::known::Known;
use crate::app::App;
use crate::config::ChangedAgent;
use crate::db::Id;
use crate::error::Error;
use crate::progress::Silent;
use crate::render::clock_time;
use crate::travel::Travel;
use crate::usecases::book::BookCase;
use crate::usecases::build_plan::candidates::{Candidate, Rules, may_visit};
use crate::usecases::build_plan::changes::TodayRules;
use crate::usecases::build_plan::edit::Fault;
use crate::usecases::build_plan::reasons::Code;
use crate::usecases::build_plan::repose::{Reposed, Saved};
use crate::usecases::build_plan::stops::{common, earlier};
use crate::usecases::build_plan::under_way::{Course, Hold};
use crate::usecases::lists::day_span;
use crate::usecases::score_cases::CaseScore;

/// A candidate that has to stay out.
#[derive(Debug, Clone)]
pub(super) struct Gone {
    pub(super) code: Code,
    pub(super) sentence: String,
    /// It could be visited if somebody decided otherwise: it stays a candidate of the plan.
    pub(super) waits: bool,
}

/// The day from the instant on; candidates by their place in the plan.
#[derive(Debug, Default)]
pub(super) struct Draft {
    /// Agents on duty who had the stops that are still to come.
    pub(super) had: BTreeMap<usize, usize>,
    /// The same stops by agent on duty; a visit of two is with both.
    pub(super) before: Vec<Vec<usize>>,
    pub(super) gone: BTreeMap<usize, Gone>,
    /// What the events want in: never left to chance which candidates are looked at.
    pub(super) wanted: BTreeSet<usize>,
    /// Stops that were agreed on before: they stay with their agent as long as that can be.
    pub(super) promised: BTreeSet<usize>,
    /// Stops that stay with their agent or drop out, because the borrower was told a name.
    pub(super) named: BTreeSet<usize>,
    /// All that was agreed on before.
    pub(super) agreed: BTreeSet<usize>,
    /// All whose borrowers were told who comes.
    pub(super) told: BTreeSet<usize>,
    /// Whether a case left a stop that is still to come.
    pub(super) parted: bool,
    /// Sentences on cases that come in.
    pub(super) notices: Vec<String>,
}

pub(super) struct Making<'a> {
    pub(super) app: &'a App,
    pub(super) travel: &'a Travel,
    pub(super) scores: &'a [CaseScore],
    pub(super) said: &'a Said,
    pub(super) known: &'a Known,
    pub(super) now: i64,
    /// Who plans anew.
    pub(super) by: &'a str,
}

impl Making<'_> {
    /// Turns the plan into what is left of it.
    ///
    /// # Errors
    /// An event wants what a rule forbids, or the database fails.
    pub(super) fn draft(&self, plan: &mut Reposed) -> Result<Draft, Error> {
        let mut draft = Draft::default();
        self.put_agents_where_they_are(plan);
        self.take_what_is_done(plan, &mut draft);
        let rules = TodayRules::load(self.app, plan)?;
        let rules = rules.rules(self.app);
        let paid = self.paid_today(plan)?;
        let mut faults = Vec::new();
        self.take_wanted(plan, &rules, &mut draft, &mut faults);
        self.part_ways(plan, (&rules, &paid), &mut draft);
        for at in 0..plan.candidates.len() {
            let gone = self.look_at(plan, at, (&rules, &paid), &draft);
            if let Some(gone) = gone {
                draft.gone.insert(at, gone);
            }
        }
        self.lock(plan, &mut draft, &mut faults);
        if !faults.is_empty() {
            return Err(Error::Edits(faults));
        }
        self.keep_what_was_said(plan, &mut draft);
        for route in &mut plan.routes {
            route.retain(|at| !draft.gone.contains_key(at));
        }
        plan.hold_who_is_under_way();
        Ok(draft)
    }

    fn put_agents_where_they_are(&self, plan: &mut Reposed) {
        for (shift, (duty, agent)) in plan.duty.iter_mut().zip(&self.known.agents).enumerate() {
            let before = duty.out_since();
            duty.course.clone_from(&agent.course);
            duty.start = agent.start.clone();
            let out = self.said.out.get(&shift).copied();
            let mut last = duty.shift.1;
            if let Some(from) = out {
                last = last.min(from);
            }
            let moving = agent.course.as_ref().is_some_and(|course| course.now.moving);
            // Who is late comes home all the same; who has not left does not leave any more.
            duty.shift = if moving {
                (agent.free, last.max(agent.free))
            } else {
                (agent.free.min(last), last)
            };
            if let Some(from) = out.or(before).filter(|from| *from <= self.now) {
                match &mut duty.course {
                    Some(course) => course.now.out = Some(from),
                    None => duty.course = Some(Course::not_begun(agent.at, self.now, from)),
                }
            }
        }
    }

    fn take_what_is_done(&self, plan: &mut Reposed, draft: &mut Draft) {
        // Those who held agents before are made anew.
        plan.candidates.retain(|saved| !saved.anchor);
        let count = plan.candidates.len();
        for (at, saved) in plan.candidates.iter_mut().enumerate() {
            saved.hold.done = self.known.done.get(&at).copied();
        }
        for route in &mut plan.routes {
            route.retain(|at| *at < count && !self.known.done.contains_key(at));
        }
        // What was taken for done and was not comes back to its agent.
        let planned: BTreeSet<usize> = plan.routes.iter().flatten().copied().collect();
        for at in 0..count {
            let again = !planned.contains(&at) && !self.known.done.contains_key(&at);
            let shift = if again { stop_of(plan, at) } else { None };
            if let Some(route) = shift.and_then(|shift| plan.routes.get_mut(shift)) {
                route.insert(0, at);
            }
        }
        for (shift, route) in plan.routes.iter().enumerate() {
            for at in route {
                draft.had.entry(*at).or_insert(shift);
            }
        }
        draft.before.clone_from(&plan.routes);
        let open =
            plan.candidates.iter().enumerate().filter(|(_, saved)| saved.hold.done.is_none());
        for (at, saved) in open {
            if saved.hold.promised {
                draft.agreed.insert(at);
            }
            if saved.hold.told || self.said.told.contains(&saved.case) {
                draft.told.insert(at);
            }
        }
    }

    /// Cases that the events want visited, as the rules allow it.
    fn take_wanted(
        &self,
        plan: &mut Reposed,
        rules: &Rules<'_>,
        draft: &mut Draft,
        faults: &mut Vec<Fault>,
    ) {
        let urgent =
            self.said.urgent.iter().map(|(case, (event, hours))| (*case, *event, *hours, false));
        let agreed = self
            .said
            .appointments
            .iter()
            .map(|(case, (event, hours))| (*case, *event, Some(*hours), true));
        for (case, event, hours, promised) in urgent.chain(agreed).collect::<Vec<_>>() {
            match self.wanted(plan, case, (rules, hours, promised)) {
                Ok(candidate) => {
                    let at = self.enter(plan, candidate, draft);
                    if let Some(saved) = plan.candidates.get_mut(at) {
                        saved.hold.required = true;
                        saved.hold.promised |= promised;
                        saved.out_by = None;
                    }
                    draft.wanted.insert(at);
                }
                Err((code, why)) => {
                    let name =
                        plan.today.cases.get(case).map_or("?", |case| case.row.case_ref.as_str());
                    let why = format!("{name} may not be visited then: {why}");
                    faults.push(fault(event, "case", code, why));
                }
            }
        }
    }

    /// A case that must be visited within some hours of what is left of the day.
    fn wanted(
        &self,
        plan: &Reposed,
        case: usize,
        (rules, hours, promised): (&Rules<'_>, Option<Span>, bool),
    ) -> Result<Candidate, (&'static str, String)> {
        let stop = plan.candidates.iter().find(|saved| saved.case == case);
        let cases = stop.map_or_else(|| vec![case], |stop| stop.cases().collect());
        // The borrower asks for other hours than before; those of the law stay.
        let mut candidate = self
            .allowed(plan, &cases, (rules, promised))
            .map_err(|(code, why)| (code.map_or("unknown_case", Code::label), why))?;
        let (from, to) = hours.unwrap_or((self.now, i64::MAX));
        candidate.windows = within(&candidate.windows, (from.max(self.now), to));
        if candidate.windows.is_empty() {
            return Err(("window", "no allowed time is left in these hours: give others".into()));
        }
        Ok(candidate)
    }

    /// What the rules of now say of a visit for some cases: the first objection, else the hours that all have.
    fn allowed(
        &self,
        plan: &Reposed,
        cases: &[usize],
        (rules, agreed): (&Rules<'_>, bool),
    ) -> Result<Candidate, (Option<Code>, String)> {
        let more = i64::try_from(cases.len().saturating_sub(1)).unwrap_or(0);
        let longer_s = i64::from(plan.basis.further_s).saturating_mul(more);
        let mut whole: Option<Candidate> = None;
        for case in cases {
            let known = plan.today.cases.get(*case).zip(self.scores.get(*case));
            let (book, score) = known.ok_or((None, "it is not in the book".to_owned()))?;
            let asked;
            let book = if agreed {
                asked = BookCase { visit_window: None, ..book.clone() };
                &asked
            } else {
                book
            };
            let own = may_visit(*case, book, score, rules, self.travel);
            let own = own.map_err(|(code, why)| (Some(code), why))?;
            let windows = earlier(&own.windows, longer_s);
            whole = Some(match whole {
                None => Candidate { windows, ..own },
                Some(first) => Candidate { windows: common(&first.windows, &windows), ..first },
            });
        }
        whole.ok_or((None, "it is not in the book".to_owned()))
    }

    /// Cases that may not be visited any more leave the stops that they share with others.
    fn part_ways(
        &self,
        plan: &mut Reposed,
        (rules, paid): (&Rules<'_>, &BTreeMap<Id, i64>),
        draft: &mut Draft,
    ) {
        for at in 0..plan.candidates.len() {
            let Some(stop) = plan.candidates.get(at) else { continue };
            if stop.also.is_empty() || stop.hold.done.is_some() {
                continue;
            }
            let agreed = stop.hold.promised;
            let leaves = |case: &usize| {
                let today = plan.today.cases.get(*case);
                self.said.away.contains_key(case)
                    || today.is_some_and(|case| is_paid(case, paid))
                    || self.allowed(plan, &[*case], (rules, agreed)).is_err()
            };
            let leaving: Vec<usize> = stop.cases().filter(leaves).collect();
            if leaving.len() == stop.cases().count() {
                continue;
            }
            for case in leaving {
                let Some(own) = plan.part(at, case) else { continue };
                if let Some(shift) = draft.had.get(&at).copied() {
                    draft.had.insert(own, shift);
                    draft.parted = true;
                }
            }
        }
    }

    /// The place of a wanted case among the candidates.
    fn enter(&self, plan: &mut Reposed, candidate: Candidate, draft: &mut Draft) -> usize {
        if let Some(at) = plan.candidates.iter().position(|saved| saved.case == candidate.case) {
            if let Some(saved) = plan.candidates.get_mut(at) {
                saved.windows = candidate.windows;
            }
            return at;
        }
        if let Some(case) = plan.cases.get(candidate.case) {
            draft.notices.push(format!(
                "Case {} could not be visited when the plan was made; it counts with its worth of today.",
                case.row.case_ref
            ));
        }
        plan.candidates.push(Saved {
            case: candidate.case,
            also: Vec::new(),
            prize: candidate.prize,
            windows: candidate.windows,
            only: None,
            out_by: None,
            hold: Hold::default(),
            cash: candidate.cash,
            mandatory: candidate.mandatory,
            anchor: false,
        });
        plan.candidates.len() - 1
    }

    /// Asks the rules of now; why a case stays out, if it does.
    fn look_at(
        &self,
        plan: &mut Reposed,
        at: usize,
        (rules, paid): (&Rules<'_>, &BTreeMap<Id, i64>),
        draft: &Draft,
    ) -> Option<Gone> {
        let saved = plan.candidates.get(at)?.clone();
        if saved.hold.done.is_some() || draft.wanted.contains(&at) {
            return None;
        }
        let gone = |code, sentence: String| Some(Gone { code, sentence, waits: false });
        if let Some((_, why)) = self.said.away.get(&saved.case) {
            let since = self.clock(self.now);
            if let Some(saved) = plan.candidates.get_mut(at) {
                saved.out_by = Some(self.by.to_owned());
                saved.hold = Hold::default();
                saved.mandatory = false;
            }
            let sentence = format!("Falls away since {since}: {why} (told by {}).", self.by);
            return Some(Gone { code: Code::ByHand, sentence, waits: true });
        }
        let case = plan.today.cases.get(saved.case)?;
        if is_paid(case, paid) {
            return gone(Code::Status, "All that is due was paid today.".into());
        }
        let agreed = saved.hold.promised;
        // Worth is as it was saved.
        let cases: Vec<usize> = saved.cases().collect();
        let allowed = match self.allowed(plan, &cases, (rules, agreed)) {
            Ok(candidate) => candidate.windows,
            Err((Some(code), sentence)) => return gone(code, sentence),
            Err((None, _)) => return None,
        };
        // What was agreed on stays within its hours; other hours are those of now.
        let windows = if agreed { common(&allowed, &saved.windows) } else { allowed };
        let windows = within(&windows, (self.now, i64::MAX));
        if windows.is_empty() {
            let now = self.clock(self.now);
            return gone(
                Code::Window,
                format!("No allowed time is left for it on that day at {now}."),
            );
        }
        if let Some(saved) = plan.candidates.get_mut(at) {
            saved.windows = windows;
        }
        let only = saved.only?;
        let shift = plan.duty.iter().position(|duty| duty.agent == only)?;
        let out = plan.duty.get(shift)?.out_since()?;
        if let Some(saved) = plan.candidates.get_mut(at) {
            (saved.hold.required, saved.hold.promised) = (false, false);
        }
        let (name, since) = (plan.agent_ref(shift), self.clock(out));
        let sentence =
            format!("It is locked to {name}, who is out since {since}: it waits for another day.");
        Some(Gone { code: Code::Skill, sentence, waits: true })
    }

    fn lock(&self, plan: &mut Reposed, draft: &mut Draft, faults: &mut Vec<Fault>) {
        for (case, (event, lock)) in &self.said.locks {
            let Some(at) = at_of(plan, *case) else { continue };
            let agent = plan.duty.get(lock.shift).map(|duty| duty.agent);
            let name = plan.today.cases.get(*case).map_or("?", |case| case.row.case_ref.as_str());
            if let Some(gone) = draft.gone.get(&at).filter(|gone| !gone.waits) {
                let why = format!("{name} may not be visited any more: {}", gone.sentence);
                faults.push(fault(*event, "case", gone.code.label(), why));
                continue;
            }
            let name = name.to_owned();
            let Some(saved) = plan.candidates.get_mut(at) else { continue };
            if let Some(hours) = lock.hours {
                saved.windows = within(&saved.windows, (hours.0.max(self.now), hours.1));
                if saved.windows.is_empty() {
                    let why =
                        format!("{name}: no allowed time is left in these hours: give others");
                    faults.push(fault(*event, "from", "window", why));
                }
            }
            saved.only = agent;
            saved.hold.required = true;
            saved.hold.rank = lock.rank.or(saved.hold.rank);
            draft.gone.remove(&at);
            draft.wanted.insert(at);
        }
    }

    /// Stops that were agreed on, or whose borrowers were told who comes.
    fn keep_what_was_said(&self, plan: &mut Reposed, draft: &mut Draft) {
        let drop = self.app.settings.replanning.changed_agent == ChangedAgent::Drop;
        for (at, shift) in draft.had.clone() {
            let out = plan.duty.get(shift).is_some_and(|duty| duty.out_since().is_some());
            let name = plan.agent_ref(shift).to_owned();
            let Some(saved) = plan.candidates.get_mut(at) else { continue };
            saved.hold.told |= self.said.told.contains(&saved.case);
            if draft.gone.contains_key(&at) {
                continue;
            }
            if saved.hold.promised && !out && !draft.wanted.contains(&at) {
                draft.promised.insert(at);
            }
            if saved.hold.told && drop && saved.only.is_none() {
                if out {
                    let sentence = format!(
                        "The borrower was told that {name} comes, who is out: nobody else comes that day."
                    );
                    (saved.hold.required, saved.hold.promised) = (false, false);
                    draft.gone.insert(at, Gone { code: Code::Skill, sentence, waits: true });
                } else {
                    draft.named.insert(at);
                }
            }
        }
    }

    /// Minor units paid today by case, up to now.
    fn paid_today(&self, plan: &Reposed) -> Result<BTreeMap<Id, i64>, Error> {
        let (from, _) = day_span(self.app, plan.date)?;
        let now = self.now.saturating_add(1).saturating_mul(1_000_000);
        let mut paid: BTreeMap<Id, i64> = BTreeMap::new();
        for row in self.app.store.payments_between(self.app.org, (from, now.max(from)))? {
            let sum = paid.entry(row.case_id).or_default();
            *sum = sum.saturating_add(row.amount_minor);
        }
        Ok(paid)
    }

    fn clock(&self, instant: i64) -> String {
        let zone = self.app.settings.organisation.time_zone.time_zone();
        let at = jiff::Timestamp::from_second(instant);
        at.map_or_else(|_| String::new(), |at| clock_time(at, zone))
    }
}

/// Learns where the doors of the candidates are, so that rules can be asked about them.
///
/// # Errors
/// The provider of travel times fails.
pub(super) fn locate(travel: &Travel, plan: &Reposed) -> Result<(), Error> {
    let doors = plan.candidates.iter().filter_map(|saved| plan.today.cases.get(saved.case));
    travel.locate(&doors.map(|case| case.at).collect::<Vec<_>>(), &Silent)
}

fn at_of(plan: &Reposed, case: usize) -> Option<usize> {
    plan.candidates.iter().position(|saved| saved.case == case)
}

/// The agent on duty whose stop a candidate was in the saved plan.
fn stop_of(plan: &Reposed, at: usize) -> Option<usize> {
    let case = plan.cases.get(plan.candidates.get(at)?.case)?.row.case_id;
    let number = plan.plan.stops.iter().find(|stop| stop.case_id == case)?.route_no;
    let agent = plan.plan.routes.iter().find(|route| route.route_no == number)?.agent_id;
    plan.duty.iter().position(|d| plan.agents.get(d.agent).map(|a| a.row.agent_id) == Some(agent))
}

/// The parts of spans within another one.
fn within(spans: &[Span], (from, to): Span) -> Vec<Span> {
    let cut = spans.iter().map(|(a, b)| ((*a).max(from), (*b).min(to)));
    cut.filter(|(a, b)| a <= b).collect()
}

/// Whether all that is due was paid.
fn is_paid(case: &BookCase, paid: &BTreeMap<Id, i64>) -> bool {
    paid.get(&case.row.case_id).is_some_and(|paid| *paid >= case.row.amount_due_minor)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn spans_are_cut() {
        assert_eq!(within(&[(1, 4), (6, 9)], (3, 7)), [(3, 4), (6, 7)]);
        assert_eq!(within(&[(1, 4)], (5, 9)), []);
    }
}
