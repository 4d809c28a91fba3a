//! What became of each stop, and why.

use std::collections::BTreeMap;

use jiff::Timestamp;
use serde::Serialize;
use sync_core::model::{CaseId, PlanId};
use utoipa::ToSchema;

use super::draft::Draft;
use super::events::{Event, Said};
use super::known::{Known, Seen};
use super::search::Found;
use crate::app::App;
use crate::config::ChangedAgent;
use crate::db::rows::PlanStopRow;
use crate::db::{Id, PlanRows};
use crate::error::Error;
use crate::render::clock_time;
use crate::usecases::build_plan::candidates::{RuleHit, rules_of};
use crate::usecases::build_plan::figures::PlanFigures;
use crate::usecases::build_plan::reasons::Code;
use crate::usecases::build_plan::repose::Reposed;
use crate::usecases::build_plan::under_way::{Course, Done};
use crate::usecases::compare_plans::{StopPlace, USUAL_MINUTES};
use crate::usecases::lists::instant;
use crate::usecases::plan_choice::{Standing, choices};

/// What a plan became in the middle of its day.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
pub struct ReplannedPlan {
    /// Whether a new version was saved; nothing is where nothing changes.
    pub saved: bool,
    /// The new plan; the old one where nothing was saved.
    #[schema(value_type = String, format = Uuid)]
    pub plan: PlanId,
    /// Its day.
    pub date: String,
    /// Its version among the plans of the day.
    pub version: i32,
    /// The version it was made from.
    pub from_version: i32,
    /// Who did it.
    pub replanned_by: String,
    /// From when on the day was planned anew.
    #[schema(value_type = String, format = DateTime)]
    pub now: Timestamp,
    /// What the old version came to as it was saved, of the whole day.
    pub before: PlanFigures,
    /// What the new one comes to: what is behind the agents as it was, and what is left.
    pub after: PlanFigures,
    /// Stops that went to another agent, each of which had to bring more than `moved_stop_micro`.
    pub moved_to_others: usize,
    /// What each of them had to bring beyond its costs, in 1e-6 of the currency.
    pub moved_stop_micro: i64,
    /// Where everybody is.
    pub agents: Vec<AgentNow>,
    /// Every stop of the old version and of the new one.
    pub stops: Vec<StopChange>,
    /// Visits that were agreed on with borrowers and are made by somebody else, or not at all: tell them.
    pub promises: Vec<BrokenPromise>,
    /// Cases whose borrowers were told another name: they need a new notice before the visit.
    pub new_notices: Vec<String>,
    /// What should be known of it.
    pub notices: Vec<String>,
}

/// An agent in the middle of the day.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
pub struct AgentNow {
    /// The lender's key.
    pub agent_ref: String,
    /// How it is known where he or she is: `record`, `given`, `plan` or `base`.
    pub known_by: String,
    /// 1e-7 degrees.
    pub lat_e7: i32,
    /// 1e-7 degrees.
    pub lon_e7: i32,
    /// From when on there is time for the next stop.
    #[schema(value_type = Option<String>, format = DateTime)]
    #[serde(skip_serializing_if = "Option::is_none")]
    pub free_at: Option<Timestamp>,
    /// The case at whose door he or she is.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub at_case: Option<String>,
    /// Since when he or she takes no further stop.
    #[schema(value_type = Option<String>, format = DateTime)]
    #[serde(skip_serializing_if = "Option::is_none")]
    pub out_since: Option<Timestamp>,
    /// Visits made or begun.
    pub done: usize,
    /// Stops to come.
    pub to_come: usize,
}

/// What became of a stop.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
pub struct StopChange {
    /// The case.
    #[schema(value_type = String, format = Uuid)]
    pub case: CaseId,
    /// The lender's key of it.
    pub case_ref: String,
    /// The lender's keys of the other cases that the visit is for.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub also: Vec<String>,
    /// `done`, `begun`, `kept` (same agent, within a quarter of an hour), `moved`, `dropped` or `new`.
    pub change: String,
    /// Where it was; absent of a new one.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub from: Option<StopPlace>,
    /// Where it is; absent of a dropped one.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub to: Option<StopPlace>,
    /// Of a dropped stop the stable code of the reason.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub code: Option<String>,
    /// Why, in words.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub why: Option<String>,
    /// The rules of policy packs that forbid the visit.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub rules: Vec<RuleHit>,
    /// Whether its hours were agreed on with the borrower.
    pub promised: bool,
    /// Whether the borrower was told another name and needs a new notice.
    pub new_notice: bool,
}

/// A visit that was agreed on and is not made as agreed.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
pub struct BrokenPromise {
    /// The lender's key of the case.
    pub case_ref: String,
    /// `moved` to somebody else within its hours, or `dropped`.
    pub became: String,
    /// Why.
    pub why: String,
}

/// A stop and its agent.
type Place<'a> = (&'a PlanStopRow, Id);
/// Stops with their agents, by case.
type Places<'a> = BTreeMap<Id, Place<'a>>;
/// A stop in the old version and in the new one.
type Both<'a> = (Option<&'a Place<'a>>, Option<&'a Place<'a>>);

pub(super) struct Answering<'a> {
    pub(super) app: &'a App,
    pub(super) plan: &'a Reposed,
    pub(super) draft: &'a Draft,
    pub(super) said: &'a Said,
    pub(super) known: &'a Known,
    pub(super) found: &'a Found,
    pub(super) by: &'a str,
    pub(super) now: Timestamp,
}

impl Answering<'_> {
    /// Whether everybody goes on with the same stops in the same order.
    pub(super) fn is_the_same(&self) -> bool {
        let old = self.old_order();
        !self.draft.parted && self.found.stops(self.plan) == old
    }

    /// Stops to come by agent on duty as they were, also those that are to be dropped.
    fn old_order(&self) -> Vec<Vec<usize>> {
        let numbered = self.draft.before.iter().enumerate().map(|(shift, stops)| {
            let mut own: Vec<(i32, usize)> =
                stops.iter().map(|at| (self.number(*at, shift), *at)).collect();
            own.sort_unstable();
            own.into_iter().map(|(_, at)| at).collect()
        });
        numbered.collect()
    }

    /// The number that a candidate had on the route of an agent on duty.
    fn number(&self, at: usize, shift: usize) -> i32 {
        let find = || {
            let agent = self.plan.agents.get(self.plan.duty.get(shift)?.agent)?.row.agent_id;
            let rows = &self.plan.plan;
            let route = rows.routes.iter().find(|route| route.agent_id == agent)?.route_no;
            let case = self.case_id(at)?;
            let own = |stop: &&PlanStopRow| stop.case_id == case && stop.route_no == route;
            Some(rows.stops.iter().find(own)?.stop_no)
        };
        find().unwrap_or(0)
    }

    /// The answer where nothing is saved.
    ///
    /// # Errors
    /// The database fails.
    pub(super) fn unchanged(&self, sentences: Vec<String>) -> Result<ReplannedPlan, Error> {
        let rows = &self.plan.plan;
        let mut answer = self.answer(rows, rows)?;
        answer.saved = false;
        answer.notices = vec![format!(
            "Nothing changes: everybody goes on with version {}. Nothing was saved.",
            rows.plan.version
        )];
        answer.notices.extend(sentences);
        Ok(answer)
    }

    /// The answer where a new version was saved.
    ///
    /// # Errors
    /// The database fails.
    pub(super) fn changed(&self, rows: &PlanRows) -> Result<ReplannedPlan, Error> {
        self.answer(&self.plan.plan, rows)
    }

    fn answer(&self, old: &PlanRows, new: &PlanRows) -> Result<ReplannedPlan, Error> {
        let stops = self.stops(old, new)?;
        let moved = |stop: &&StopChange| {
            let agents = stop.from.as_ref().zip(stop.to.as_ref());
            agents.is_some_and(|(from, to)| from.agent_ref != to.agent_ref)
                && !matches!(stop.change.as_str(), "done" | "begun")
        };
        let promises = self.promises();
        Ok(ReplannedPlan {
            saved: true,
            plan: new.plan.plan_id.try_into()?,
            date: new.plan.plan_date.clone(),
            version: new.plan.version,
            from_version: old.plan.version,
            replanned_by: self.by.to_owned(),
            now: self.now,
            before: PlanFigures::of(old),
            after: PlanFigures::of(new),
            moved_to_others: stops.iter().filter(moved).count(),
            moved_stop_micro: self.app.settings.replanning.moved_stop.micro(),
            agents: self.agents(),
            new_notices: stops
                .iter()
                .filter(|stop| stop.new_notice)
                .map(|stop| stop.case_ref.clone())
                .collect(),
            stops,
            promises,
            notices: serde_json::from_str(&new.plan.notices).unwrap_or_default(),
        })
    }

    fn agents(&self) -> Vec<AgentNow> {
        let to_come = self.found.stops(self.plan);
        let of_shift = |(shift, agent): (usize, &super::known::Agent)| {
            let duty = self.plan.duty.get(shift)?;
            Some(AgentNow {
                agent_ref: self.plan.agent_ref(shift).to_owned(),
                known_by: match agent.seen {
                    Seen::Record => "record",
                    Seen::Given => "given",
                    Seen::Plan => "plan",
                    Seen::Base => "base",
                }
                .into(),
                lat_e7: agent.at.lat_e7(),
                lon_e7: agent.at.lon_e7(),
                free_at: Timestamp::from_second(agent.free).ok(),
                at_case: agent.begun.map(|at| self.name(at).to_owned()),
                out_since: duty.out_since().and_then(|at| Timestamp::from_second(at).ok()),
                done: duty.course.as_ref().map_or(0, Course::stops),
                to_come: to_come.get(shift).map_or(0, Vec::len),
            })
        };
        self.known.agents.iter().enumerate().filter_map(of_shift).collect()
    }

    fn stops(&self, old: &PlanRows, new: &PlanRows) -> Result<Vec<StopChange>, Error> {
        let (from, to) = (places(old), places(new));
        let out: BTreeMap<Id, (&str, &str)> = new
            .left_out
            .iter()
            .map(|row| (row.case_id, (row.code.as_str(), row.reason.as_str())))
            .collect();
        let mut stops = Vec::with_capacity(self.plan.candidates.len());
        for (at, saved) in self.plan.candidates.iter().enumerate() {
            let Some(case) = self.plan.cases.get(saved.case) else { continue };
            let id = case.row.case_id;
            let (a, b) = (from.get(&id), to.get(&id));
            if a.is_none() && b.is_none() {
                continue;
            }
            let place = |(row, agent): &(&PlanStopRow, Id)| StopPlace {
                agent_ref: self.agent_name(*agent),
                number: row.stop_no,
                start_at: instant(row.start_at),
            };
            let left = out.get(&id);
            let change = self.change(at, (a, b));
            let dropped = change == "dropped";
            let code = left.filter(|_| dropped).map(|(code, _)| (*code).to_owned());
            let reason = left.map(|(_, reason)| *reason);
            stops.push(StopChange {
                case: id.try_into()?,
                case_ref: case.row.case_ref.clone(),
                also: saved
                    .also
                    .iter()
                    .filter_map(|also| self.plan.cases.get(also.case))
                    .map(|case| case.row.case_ref.clone())
                    .collect(),
                rules: match &code {
                    Some(code) if Code::of(code) == Some(Code::Policy) => {
                        rules_of(reason.unwrap_or(""))
                    }
                    _ => Vec::new(),
                },
                why: self.why(at, change, (a, b), reason),
                from: a.map(place),
                to: b.map(place),
                code,
                promised: saved.hold.promised || self.draft.agreed.contains(&at),
                new_notice: self.needs_notice(at, (a, b)),
                change: change.into(),
            });
        }
        stops.sort_by(|a, b| a.case_ref.cmp(&b.case_ref));
        Ok(stops)
    }

    fn change(&self, at: usize, (from, to): Both<'_>) -> &'static str {
        if self.known.done.contains_key(&at) {
            let begun = self.known.agents.iter().any(|agent| agent.begun == Some(at));
            return if begun { "begun" } else { "done" };
        }
        match (from, to) {
            (None, _) => "new",
            (_, None) => "dropped",
            (Some((old, a)), Some((new, b))) => {
                let late =
                    (new.start_at - old.start_at).abs() > i64::from(USUAL_MINUTES) * 60_000_000;
                if a == b && !late { "kept" } else { "moved" }
            }
        }
    }

    fn why(
        &self,
        at: usize,
        change: &str,
        (from, to): Both<'_>,
        reason: Option<&str>,
    ) -> Option<String> {
        let case = self.plan.candidates.get(at)?.case;
        let urgent = self.said.urgent.contains_key(&case);
        let agreed = self.said.appointments.contains_key(&case);
        match change {
            "done" | "begun" => Some(
                match self.known.done.get(&at)? {
                    Done::Recorded => "There is a record of the visit.",
                    Done::Given => "The office said so.",
                    Done::Assumed => "The plan says so, and nothing else is known.",
                }
                .into(),
            ),
            "new" if urgent => Some("It is urgent.".into()),
            "new" if agreed => Some("It was agreed on with the borrower.".into()),
            "new" => Some("It pays, now that there is room.".into()),
            "dropped" => reason.map(ToOwned::to_owned),
            "moved" => {
                let ((old, a), (new, b)) = from.copied().zip(to.copied())?;
                Some(self.why_moved(at, case, (old, a), (new, b)))
            }
            _ => None,
        }
    }

    fn why_moved(
        &self,
        at: usize,
        case: usize,
        (old, a): (&PlanStopRow, Id),
        (new, b): (&PlanStopRow, Id),
    ) -> String {
        let minutes = (new.start_at - old.start_at).div_euclid(60_000_000);
        let when = if minutes < 0 { "earlier" } else { "later" };
        if self.said.appointments.contains_key(&case) {
            return "It was agreed on with the borrower.".into();
        }
        if self.said.urgent.contains_key(&case) {
            return "It is urgent.".into();
        }
        if self.said.locks.contains_key(&case) {
            return "It was locked there.".into();
        }
        if a == b {
            return format!(
                "It begins {} min {when}, by where {} is and what comes before it.",
                minutes.abs(),
                self.agent_name(a)
            );
        }
        let own = self.draft.had.get(&at).and_then(|shift| self.plan.duty.get(*shift));
        let is_out = own.is_some_and(|duty| {
            duty.out_since().is_some()
                || self.draft.had.get(&at).is_some_and(|shift| self.said.out.contains_key(shift))
        });
        if is_out {
            return format!("{} is out.", self.agent_name(a));
        }
        if self.draft.agreed.contains(&at) {
            return format!("{} cannot be there within the hours agreed on.", self.agent_name(a));
        }
        format!(
            "With {} it fits better, by more than a stop that changes hands is priced at.",
            self.agent_name(b)
        )
    }

    /// Whether the borrower was told another name than that of who comes.
    fn needs_notice(&self, at: usize, (from, to): Both<'_>) -> bool {
        let other = from.zip(to).is_some_and(|((_, a), (_, b))| a != b);
        let notice = self.app.settings.replanning.changed_agent == ChangedAgent::NewNotice;
        other && notice && self.draft.told.contains(&at) && !self.known.done.contains_key(&at)
    }

    /// Visits that were agreed on and are not made as agreed.
    fn promises(&self) -> Vec<BrokenPromise> {
        let stops = self.found.stops(self.plan);
        let mut broken = Vec::new();
        let agreed_now = |at: usize| {
            let case = self.plan.candidates.get(at).map(|saved| saved.case);
            case.is_some_and(|case| self.said.appointments.contains_key(&case))
        };
        let fresh = (0..self.plan.candidates.len()).filter(|at| agreed_now(*at));
        let mut all: Vec<usize> = self.draft.agreed.iter().copied().chain(fresh).collect();
        all.sort_unstable();
        all.dedup();
        for at in all {
            if self.known.done.contains_key(&at) {
                continue;
            }
            let now = stops.iter().position(|own| own.contains(&at));
            let before = self.draft.had.get(&at).copied();
            let case_ref = self.name(at).to_owned();
            match (before, now) {
                (_, None) => {
                    let gone = self.draft.gone.get(&at).map(|gone| gone.sentence.clone());
                    let why = gone.unwrap_or_else(|| {
                        "Nobody can be there within the hours agreed on.".into()
                    });
                    broken.push(BrokenPromise { case_ref, became: "dropped".into(), why });
                }
                (Some(before), Some(now)) if before != now && self.draft.agreed.contains(&at) => {
                    let (a, b) = (self.plan.agent_ref(before), self.plan.agent_ref(now));
                    let why = format!("{b} comes instead of {a}, within the hours agreed on.");
                    broken.push(BrokenPromise { case_ref, became: "moved".into(), why });
                }
                _ => {}
            }
        }
        broken
    }

    /// The same as notices of the plan.
    pub(super) fn promises_in_words(&self) -> Vec<String> {
        let say = |broken: BrokenPromise| match broken.became.as_str() {
            "moved" => format!(
                "Agreed on with the borrower of {}, who has to be told: {}",
                broken.case_ref, broken.why
            ),
            _ => format!(
                "Agreed on with the borrower of {} and not kept, tell him or her: {}",
                broken.case_ref, broken.why
            ),
        };
        self.promises().into_iter().map(say).collect()
    }

    /// One sentence on what was done and from what.
    pub(super) fn headline(&self, events: &[Event]) -> String {
        let mut said: Vec<String> = events.iter().map(|event| self.in_words(event)).collect();
        if said.is_empty() {
            said.push("nothing was said but where the day stands".into());
        }
        format!(
            "Planned anew at {} by {} from version {}: {}.",
            self.clock(Some(self.now)),
            self.by,
            self.plan.plan.plan.version,
            said.join("; ")
        )
    }

    fn in_words(&self, event: &Event) -> String {
        let hours = |from: &Option<Timestamp>, to: &Option<Timestamp>| match (from, to) {
            (None, None) => String::new(),
            (from, to) => format!(" between {} and {}", self.clock(*from), self.clock(*to)),
        };
        match event {
            Event::AgentOut { agent, from } => {
                let from = from.unwrap_or(self.now);
                let since = if from > self.now { "from" } else { "since" };
                format!("{agent} is out {since} {}", self.clock(Some(from)))
            }
            Event::Urgent { case, from, to } => format!("{case} is urgent{}", hours(from, to)),
            Event::Appointment { case, from, to } => {
                format!("{case} is promised a visit{}", hours(&Some(*from), &Some(*to)))
            }
            Event::FallsAway { case, why } => format!("{case} falls away ({why})"),
            Event::Lock { case, .. } => format!("{case} is locked"),
            Event::Told { case } => format!("the borrower of {case} was told who comes"),
            Event::Position { agent, .. } => format!("{agent} is where the office said"),
            Event::Begun { case, .. } => format!("the visit to {case} has begun"),
            Event::Done { case, .. } => format!("{case} was visited"),
        }
    }

    /// What must be said where agents do not work by the version this one was made from.
    ///
    /// # Errors
    /// The database fails.
    pub(super) fn publication(&self) -> Result<Option<String>, Error> {
        let version = self.plan.plan.plan.version;
        let day = choices(self.app)?;
        let of_day = |choice: &&crate::usecases::plan_choice::Choice| {
            choice.date == self.plan.plan.plan.plan_date && choice.standing == Standing::Published
        };
        Ok(match day.iter().find(of_day) {
            Some(published) if published.version == version => None,
            Some(published) => Some(format!(
                "Agents work by version {}, and this was made from version {version}.",
                published.version
            )),
            None => Some(format!("Version {version} is not published: nobody works by it yet.")),
        })
    }

    fn case_id(&self, at: usize) -> Option<Id> {
        Some(self.plan.cases.get(self.plan.candidates.get(at)?.case)?.row.case_id)
    }

    fn name(&self, at: usize) -> &str {
        let case = self.plan.candidates.get(at).and_then(|saved| self.plan.cases.get(saved.case));
        case.map_or("?", |case| case.row.case_ref.as_str())
    }

    fn agent_name(&self, agent: Id) -> String {
        let found = self.plan.agents.iter().find(|known| known.row.agent_id == agent);
        found.map_or_else(String::new, |agent| agent.row.agent_ref.clone())
    }

    fn clock(&self, at: Option<Timestamp>) -> String {
        let zone = self.app.settings.organisation.time_zone.time_zone();
        at.map_or_else(|| "any time".into(), |at| clock_time(at, zone))
    }
}

/// Stops of a plan with their agents.
fn places(rows: &PlanRows) -> Places<'_> {
    let agents: BTreeMap<i32, Id> =
        rows.routes.iter().map(|route| (route.route_no, route.agent_id)).collect();
    let stops = rows.stops.iter().filter(|stop| stop.crew_no == 1);
    stops.filter_map(|stop| Some((stop.case_id, (stop, *agents.get(&stop.route_no)?)))).collect()
}
