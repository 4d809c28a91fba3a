//! Two plans side by side: what they come to, and which stops are kept, moved, added and dropped, with the reason where
//! one is known.

use std::collections::{BTreeMap, HashMap};

use jiff::Timestamp;
use serde::Serialize;
use sync_core::model::{CaseId, PlanId};
use utoipa::ToSchema;

use super::build_plan::{Edit, PlanFigures, edits_of, is_nothing};
use super::lists::{Refs, case_named, instant};
use crate::app::App;
use crate::db::rows::PlanStopRow;
use crate::db::{Id, PlanRows};
use crate::error::Error;

/// Minutes by which a stop may begin earlier or later and still count as kept.
pub const USUAL_MINUTES: u32 = 15;

/// Two plans side by side.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
pub struct PlanComparison {
    /// The first plan.
    pub from: ComparedPlan,
    /// The second.
    pub to: ComparedPlan,
    /// What the second comes to beyond the first.
    pub difference: FiguresDifference,
    /// Minutes by which a stop may begin earlier or later and still count as kept.
    pub minutes: u32,
    /// Stops of both with the same agent, in the same order, at about the same time.
    pub kept: usize,
    /// Stops of both whose agent is another.
    pub other_agent: Vec<MovedStop>,
    /// Stops of both with the same agent whose order or time is another.
    pub other_time: Vec<MovedStop>,
    /// Stops of the second only.
    pub added: Vec<OneSided>,
    /// Stops of the first only.
    pub dropped: Vec<OneSided>,
}

/// A plan and what it comes to.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
pub struct ComparedPlan {
    /// Its id.
    #[schema(value_type = String, format = Uuid)]
    pub plan: PlanId,
    /// Its day.
    pub date: String,
    /// Its version among the plans of the day.
    pub version: i32,
    /// The version it was made from by hand, if it was.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub edited_from: Option<i32>,
    /// Who made it by hand.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub edited_by: Option<String>,
    /// What it comes to.
    pub figures: PlanFigures,
}

/// Each figure of the second plan less that of the first; money in 1e-6 of the currency.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, ToSchema)]
pub struct FiguresDifference {
    /// Prizes.
    pub prize_micro: i64,
    /// Cost of metres.
    pub travel_cost_micro: i64,
    /// Cost of time.
    pub time_cost_micro: i64,
    /// Cost of agents sent out.
    pub fixed_cost_micro: i64,
    /// Cost of overtime; left out where it is nothing, as all below.
    #[serde(skip_serializing_if = "is_nothing")]
    pub overtime_cost_micro: i64,
    /// What visits earn by the agents who make them.
    #[serde(skip_serializing_if = "is_nothing")]
    pub pairing_micro: i64,
    /// Cost of hours beyond fair shares.
    #[serde(skip_serializing_if = "is_nothing")]
    pub unfairness_cost_micro: i64,
    /// Cost of further agents in the same neighbourhoods.
    #[serde(skip_serializing_if = "is_nothing")]
    pub overlap_cost_micro: i64,
    /// Profit.
    pub profit_micro: i64,
    /// Stops.
    pub visits: i64,
    /// Routes.
    pub routes: i64,
    /// Metres.
    pub metres: i64,
    /// Seconds driven.
    pub drive_s: i64,
    /// Seconds waited.
    pub wait_s: i64,
}

/// Where a stop is in a plan.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
pub struct StopPlace {
    /// The lender's key of the agent.
    pub agent_ref: String,
    /// Its number in the route.
    pub number: i32,
    /// Beginning of the visit.
    #[schema(value_type = Option<String>, format = DateTime)]
    #[serde(skip_serializing_if = "Option::is_none")]
    pub start_at: Option<Timestamp>,
}

/// A stop of both plans.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
pub struct MovedStop {
    /// The case.
    #[schema(value_type = String, format = Uuid)]
    pub case: CaseId,
    /// The lender's key of it.
    pub case_ref: String,
    /// Where it was.
    pub from: StopPlace,
    /// Where it is.
    pub to: StopPlace,
    /// Seconds it begins later, less than nothing: earlier.
    pub later_s: i64,
    /// Whether its place among the stops that both routes have is another.
    pub other_order: bool,
    /// Why, where that is known.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub reason: Option<String>,
}

/// A stop of one plan.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
pub struct OneSided {
    /// The case.
    #[schema(value_type = String, format = Uuid)]
    pub case: CaseId,
    /// The lender's key of it.
    pub case_ref: String,
    /// Where it is.
    pub at: StopPlace,
    /// What it brings before way and time, in 1e-6 of the currency.
    pub prize_micro: i64,
    /// The stable code of the reason why the other plan leaves it out.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub code: Option<String>,
    /// That reason in words, or what was done by hand.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub reason: Option<String>,
}

/// Compares two plans, of the same day or not.
///
/// # Errors
/// There is no such plan, or the database fails.
pub fn compare_plans(
    app: &App,
    from: PlanId,
    to: PlanId,
    minutes: u32,
) -> Result<PlanComparison, Error> {
    let load = |id: PlanId| {
        let rows = app.store.plan(app.org, id.into())?;
        rows.ok_or_else(|| Error::Unknown(format!("there is no plan {id}")))
    };
    let (old, new) = (load(from)?, load(to)?);
    let by_hand = by_hand(app, &old, &new)?;
    let names = Refs::of(app, old.stops.iter().chain(&new.stops).map(|stop| stop.case_id))?;
    let sides = (Side::of(&old, &names.agents), Side::of(&new, &names.agents));
    let pair = Pair { old: &sides.0, new: &sides.1, cases: &names.cases, by_hand: &by_hand };
    let (a, b) = (PlanFigures::of(&old), PlanFigures::of(&new));
    let mut moved = Vec::new();
    let mut kept = 0;
    for (route, in_order) in pair.common() {
        for (case, stayed) in in_order {
            let stop = pair.moved(case, !stayed)?;
            let late = stop.later_s.abs() > i64::from(minutes) * 60;
            if route.0 != route.1 || !stayed || late { moved.push(stop) } else { kept += 1 }
        }
    }
    moved.sort_by(|a, b| a.case_ref.cmp(&b.case_ref));
    let (other_time, other_agent) =
        moved.into_iter().partition(|stop| stop.from.agent_ref == stop.to.agent_ref);
    Ok(PlanComparison {
        from: compared(&old, a)?,
        to: compared(&new, b)?,
        difference: difference(&a, &b),
        minutes,
        kept,
        other_agent,
        other_time,
        added: pair.one_sided((&new, &sides.1), (&old, &sides.0), "put in by hand")?,
        dropped: pair.one_sided((&old, &sides.0), (&new, &sides.1), "taken out by hand")?,
    })
}

fn compared(rows: &PlanRows, figures: PlanFigures) -> Result<ComparedPlan, Error> {
    Ok(ComparedPlan {
        plan: rows.plan.plan_id.try_into()?,
        date: rows.plan.plan_date.clone(),
        version: rows.plan.version,
        edited_from: rows.plan.edited_from,
        edited_by: rows.plan.edited_by.clone(),
        figures,
    })
}

fn difference(a: &PlanFigures, b: &PlanFigures) -> FiguresDifference {
    let count = |n: usize| i64::try_from(n).unwrap_or(i64::MAX);
    FiguresDifference {
        prize_micro: b.prize_micro - a.prize_micro,
        travel_cost_micro: b.travel_cost_micro - a.travel_cost_micro,
        time_cost_micro: b.time_cost_micro - a.time_cost_micro,
        fixed_cost_micro: b.fixed_cost_micro - a.fixed_cost_micro,
        overtime_cost_micro: b.overtime_cost_micro - a.overtime_cost_micro,
        pairing_micro: b.pairing_micro - a.pairing_micro,
        unfairness_cost_micro: b.unfairness_cost_micro - a.unfairness_cost_micro,
        overlap_cost_micro: b.overlap_cost_micro - a.overlap_cost_micro,
        profit_micro: b.profit_micro - a.profit_micro,
        visits: count(b.visits) - count(a.visits),
        routes: count(b.routes) - count(a.routes),
        metres: b.metres - a.metres,
        drive_s: b.drive_s - a.drive_s,
        wait_s: b.wait_s - a.wait_s,
    }
}

/// Cases that were edited by hand between the two, where one was made from the other.
fn by_hand(app: &App, old: &PlanRows, new: &PlanRows) -> Result<HashMap<Id, String>, Error> {
    let follows = |from: &PlanRows, to: &PlanRows| {
        from.plan.plan_date == to.plan.plan_date && to.plan.edited_from == Some(from.plan.version)
    };
    let later = if follows(old, new) {
        new
    } else if follows(new, old) {
        old
    } else {
        return Ok(HashMap::new());
    };
    let who = later.plan.edited_by.clone().unwrap_or_default();
    let mut found = HashMap::new();
    for Edit { case, .. } in edits_of(app, &later.plan)? {
        if let Ok(case) = case_named(app, &case) {
            found.insert(case.into(), who.clone());
        }
    }
    Ok(found)
}

/// The stops of one plan by case.
struct Side<'a> {
    stops: HashMap<Id, &'a PlanStopRow>,
    agents: BTreeMap<i32, String>,
}

impl<'a> Side<'a> {
    fn of(rows: &'a PlanRows, agents: &BTreeMap<Id, String>) -> Self {
        let name = |id: &Id| agents.get(id).cloned().unwrap_or_default();
        Self {
            stops: counted(rows).map(|stop| (stop.case_id, stop)).collect(),
            agents: rows.routes.iter().map(|r| (r.route_no, name(&r.agent_id))).collect(),
        }
    }

    fn agent(&self, stop: &PlanStopRow) -> &str {
        self.agents.get(&stop.route_no).map_or("", String::as_str)
    }

    fn place(&self, stop: &PlanStopRow) -> StopPlace {
        StopPlace {
            agent_ref: self.agent(stop).to_owned(),
            number: stop.stop_no,
            start_at: instant(stop.start_at),
        }
    }
}

struct Pair<'a> {
    old: &'a Side<'a>,
    new: &'a Side<'a>,
    cases: &'a HashMap<Id, String>,
    by_hand: &'a HashMap<Id, String>,
}

/// Agents of a stop in the first and the second plan.
type Agents<'a> = (&'a str, &'a str);

impl Pair<'_> {
    /// Stops of both by their agents, each with whether it stayed in its order: as many as possible do.
    fn common(&self) -> BTreeMap<Agents<'_>, Vec<(Id, bool)>> {
        let mut common: BTreeMap<Agents<'_>, Vec<(i32, i32, Id)>> = BTreeMap::new();
        for (case, old) in &self.old.stops {
            let Some(new) = self.new.stops.get(case) else { continue };
            if old.part_no > 1 && new.part_no > 1 {
                // The first case of the stop speaks for all.
                continue;
            }
            let agents = (self.old.agent(old), self.new.agent(new));
            common.entry(agents).or_default().push((old.stop_no, new.stop_no, *case));
        }
        let in_order = |mut stops: Vec<(i32, i32, Id)>| {
            stops.sort_unstable();
            let numbers: Vec<i32> = stops.iter().map(|(_, new, _)| *new).collect();
            let stayed = longest_rising(&numbers);
            stops.into_iter().zip(stayed).map(|((.., case), stayed)| (case, stayed)).collect()
        };
        common.into_iter().map(|(agents, stops)| (agents, in_order(stops))).collect()
    }

    fn moved(&self, case: Id, other_order: bool) -> Result<MovedStop, Error> {
        let both = self.old.stops.get(&case).zip(self.new.stops.get(&case));
        let (old, new) = both.ok_or_else(|| Error::Invalid("a stop of both is of one".into()))?;
        let (from, to) = (self.old.place(old), self.new.place(new));
        let gone = !self.new.agents.values().any(|agent| *agent == from.agent_ref);
        let hand = self.by_hand.get(&case).map(|who| format!("edited by hand by {who}"));
        let no_route = gone.then(|| format!("{} has no route any more", from.agent_ref));
        Ok(MovedStop {
            case: case.try_into()?,
            case_ref: self.name(case),
            later_s: (new.start_at - old.start_at).div_euclid(1_000_000),
            other_order,
            reason: hand.or(no_route),
            from,
            to,
        })
    }

    /// Stops of `rows` that `other` has not.
    fn one_sided(
        &self,
        (rows, side): (&PlanRows, &Side<'_>),
        (other, there): (&PlanRows, &Side<'_>),
        verb: &str,
    ) -> Result<Vec<OneSided>, Error> {
        let out: HashMap<Id, (&str, &str)> = other
            .left_out
            .iter()
            .map(|row| (row.case_id, (row.code.as_str(), row.reason.as_str())))
            .collect();
        let absent = counted(rows).filter(|stop| !there.stops.contains_key(&stop.case_id));
        let mut stops = absent
            .map(|stop| {
                let left = out.get(&stop.case_id);
                let hand = self.by_hand.get(&stop.case_id).map(|who| format!("{verb} by {who}"));
                let words = |hand: Option<String>| match (hand, left) {
                    (Some(hand), Some((_, reason))) if !reason.starts_with("Taken out by hand") => {
                        Some(format!("{hand}; left out otherwise: {reason}"))
                    }
                    (Some(hand), None) => Some(hand),
                    (_, Some((_, reason))) => Some((*reason).to_owned()),
                    (None, None) => Some("not in the book of that plan".to_owned()),
                };
                Ok(OneSided {
                    case: stop.case_id.try_into()?,
                    case_ref: self.name(stop.case_id),
                    at: side.place(stop),
                    prize_micro: stop.prize_micro,
                    code: left.map(|(code, _)| (*code).to_owned()),
                    reason: words(hand),
                })
            })
            .collect::<Result<Vec<_>, Error>>()?;
        stops.sort_by(|a, b| a.case_ref.cmp(&b.case_ref));
        Ok(stops)
    }

    fn name(&self, case: Id) -> String {
        self.cases.get(&case).cloned().unwrap_or_default()
    }
}

/// Stops; a visit of two agents once, with the first of them.
fn counted(rows: &PlanRows) -> impl Iterator<Item = &PlanStopRow> {
    rows.stops.iter().filter(|stop| stop.crew_no == 1)
}

/// Which of distinct numbers belong to a longest rising run of them.
fn longest_rising(numbers: &[i32]) -> Vec<bool> {
    // For each number the length of the longest run that ends there, and the one before it.
    let mut best: Vec<(usize, Option<usize>)> = Vec::with_capacity(numbers.len());
    for (at, number) in numbers.iter().enumerate() {
        let before = numbers.iter().take(at).zip(&best).enumerate();
        let longest = before
            .filter(|(_, (other, _))| *other < number)
            .max_by_key(|(at, (_, (length, _)))| (*length, std::cmp::Reverse(*at)));
        best.push(longest.map_or((1, None), |(at, (_, (length, _)))| (length + 1, Some(at))));
    }
    let mut stays = vec![false; numbers.len()];
    let last = best.iter().enumerate().max_by_key(|(at, (n, _))| (*n, std::cmp::Reverse(*at)));
    let mut at = last.map(|(at, _)| at);
    while let Some(here) = at {
        if let Some(stay) = stays.get_mut(here) {
            *stay = true;
        }
        at = best.get(here).and_then(|(_, before)| *before);
    }
    stays
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn as_many_as_possible_stay_in_order() {
        assert_eq!(longest_rising(&[]), [] as [bool; 0]);
        assert_eq!(longest_rising(&[4, 5, 9]), [true; 3]);
        // The last stop became the first.
        assert_eq!(longest_rising(&[2, 3, 4, 1]), [true, true, true, false]);
        assert_eq!(longest_rising(&[4, 1, 2, 3]), [false, true, true, true]);
        // Two neighbours were exchanged: one of them moved.
        let stays = longest_rising(&[1, 3, 2, 4]);
        assert_eq!(stays.iter().filter(|stays| **stays).count(), 3);
        assert!(stays[0] && stays[3]);
    }
}
