//! A day too large for one matrix: first each territory by itself, then the borders between them
//! together, with whatever would still pay.

use std::collections::HashMap;

use domain::territory::cell_of;
use geo::{Distance as _, Haversine, Point};
use h3o::{CellIndex, Resolution};
use planner::Route;
use sync_core::model::Position;

use super::candidates::Candidate;
use super::crew::OnDuty;
use super::reasons::LeftOutCase;
use super::solve::{Day, Posed, pose};
use super::{explain, meetings};
use crate::db::Id;
use crate::error::Error;
use crate::progress::Progress;

/// Candidates explained at a time against the routes of a solved group.
const CHUNK: usize = 1_000;

/// Agents and the candidates they are planned with.
#[derive(Debug, Clone)]
pub(super) struct Group<'a> {
    pub(super) duty: Vec<&'a OnDuty>,
    pub(super) candidates: Vec<&'a Candidate>,
}

impl<'a> Group<'a> {
    /// Everybody with everything.
    pub(super) fn whole(candidates: &'a [Candidate], duty: &'a [OnDuty]) -> Self {
        Self { duty: duty.iter().collect(), candidates: candidates.iter().collect() }
    }
}

/// The candidates of each agent on duty: the own territory, less who lacks what a visit needs.
pub(super) fn by_territory<'a>(
    day: &Day<'_>,
    candidates: &[&'a Candidate],
    duty: &'a [OnDuty],
) -> Result<Vec<Group<'a>>, Error> {
    let beats = Beats::load(day)?;
    let mut groups: Vec<Group<'a>> =
        duty.iter().map(|d| Group { duty: vec![d], candidates: Vec::new() }).collect();
    for candidate in candidates {
        let owner = beats.agent_of(day, candidate);
        let own = duty
            .iter()
            .position(|d| owner.is_some() && day.agent_id(d) == owner)
            .filter(|at| duty.get(*at).is_some_and(|d| day.fits(d, candidate)));
        let at = own.unwrap_or_else(|| nearest(day, candidate, duty));
        if let Some(group) = groups.get_mut(at) {
            group.candidates.push(candidate);
        }
    }
    Ok(groups)
}

/// The territory of one agent on duty, or with `largest` the one with the most candidates.
pub(super) fn of_agent<'a>(
    day: &Day<'_>,
    candidates: &'a [Candidate],
    duty: &'a [OnDuty],
    agent_ref: &str,
) -> Result<Group<'a>, Error> {
    let beats = Beats::load(day)?;
    if beats.agents.is_empty() {
        return Err(Error::Before { missing: "no territories are formed", command: "territories" });
    }
    let territory = |on_duty: &'a OnDuty| Group {
        candidates: candidates
            .iter()
            .filter(|c| beats.agent_of(day, c) == day.agent_id(on_duty))
            .collect(),
        duty: vec![on_duty],
    };
    let name = |d: &OnDuty| day.agents.get(d.agent).map_or("", |a| a.row.agent_ref.as_str());
    let chosen = if agent_ref == "largest" {
        duty.iter().map(territory).max_by_key(|group| group.candidates.len())
    } else {
        duty.iter().find(|d| name(d) == agent_ref).map(territory)
    };
    chosen.ok_or_else(|| {
        let names: Vec<_> = duty.iter().map(name).collect();
        Error::Invalid(format!(
            "no agent `{agent_ref}` on duty that day; there are {}",
            names.join(", ")
        ))
    })
}

/// Agents by cell.
struct Beats {
    resolution: Option<Resolution>,
    agents: HashMap<i64, Id>,
}

impl Beats {
    fn load(day: &Day<'_>) -> Result<Self, Error> {
        let (territories, cells) = day.app.store.territories(day.app.org)?;
        let agents: HashMap<Id, Id> =
            territories.into_iter().map(|t| (t.territory_id, t.agent_id)).collect();
        let resolution = cells.first().and_then(|c| crate::usecases::cells::of(c.cell));
        Ok(Self {
            resolution: resolution.map(CellIndex::resolution),
            agents: cells
                .into_iter()
                .filter_map(|c| Some((c.cell, *agents.get(&c.territory_id)?)))
                .collect(),
        })
    }

    fn agent_of(&self, day: &Day<'_>, candidate: &Candidate) -> Option<Id> {
        let at = day.cases.get(candidate.case)?.at;
        let cell = cell_of(at, self.resolution?);
        self.agents.get(&crate::usecases::cells::key(cell)).copied()
    }
}

impl Day<'_> {
    /// Most candidates of one matrix.
    pub(super) const fn largest(&self) -> usize {
        self.app.settings.planning.largest_matrix as usize
    }

    fn agent_id(&self, duty: &OnDuty) -> Option<Id> {
        self.agents.get(duty.agent).map(|agent| agent.row.agent_id)
    }

    /// Whether an agent has what the visit needs, and may go.
    fn fits(&self, duty: &OnDuty, candidate: &Candidate) -> bool {
        let both = self.agents.get(duty.agent).zip(self.cases.get(candidate.case));
        both.is_some_and(|(agent, case)| {
            !case.forbids(&agent.row) && self.needs.lacks(agent, case).is_empty()
        })
    }

    /// As the crow flies from the base of an agent on duty.
    fn crow_metres(&self, duty: &OnDuty, case: usize) -> f64 {
        let base = self.agents.get(duty.agent).map(|agent| agent.base);
        let home = self.cases.get(case).map(|case| case.at);
        base.zip(home).map_or(f64::INFINITY, |(base, home)| {
            let point = |at: Position| Point::new(at.lon(), at.lat());
            Haversine.distance(point(home), point(base))
        })
    }
}

/// Index of the agent whose base is nearest, before all of those who can make the visit.
fn nearest(day: &Day<'_>, candidate: &Candidate, duty: &[OnDuty]) -> usize {
    let ranked = duty
        .iter()
        .enumerate()
        .map(|(at, d)| (!day.fits(d, candidate), day.crow_metres(d, candidate.case), at));
    ranked.min_by(|a, b| a.0.cmp(&b.0).then(a.1.total_cmp(&b.1))).map_or(0, |(_, _, at)| at)
}

/// The `most` most promising candidates, in their order. Promising is a high prize for the way
/// from the nearest base on duty.
pub(super) fn shortlist<'a>(
    day: &Day<'_>,
    duty: &[&OnDuty],
    candidates: &[&'a Candidate],
    most: usize,
) -> Vec<&'a Candidate> {
    if candidates.len() <= most {
        return candidates.to_vec();
    }
    // What has to be visited is never left to chance.
    let weight = |c: &Candidate| if c.mandatory { i64::MAX } else { c.prize };
    let worth = candidates.iter().map(|candidate| (candidate.case, weight(candidate)));
    let chosen = most_promising(day, duty, worth, most);
    chosen.iter().filter_map(|at| candidates.get(*at).copied()).collect()
}

/// Which of some cases with their prizes are the `most` most promising, as rising places in the list.
pub(super) fn most_promising(
    day: &Day<'_>,
    duty: &[&OnDuty],
    worth: impl Iterator<Item = (usize, i64)>,
    most: usize,
) -> Vec<usize> {
    let per_km = day.prices.per_metre.saturating_mul(1_000);
    let mut ranked: Vec<(i64, usize)> = worth
        .enumerate()
        .map(|(at, (case, prize))| {
            let metres =
                duty.iter().map(|d| day.crow_metres(d, case)).fold(f64::INFINITY, f64::min);
            // Half the lonely round trip: neighbours share the way.
            (prize.saturating_sub(per_km.saturating_mul(whole_km(metres))), at)
        })
        .collect();
    ranked.sort_unstable_by_key(|(gain, at)| (std::cmp::Reverse(*gain), *at));
    let mut chosen: Vec<usize> = ranked.iter().take(most).map(|(_, at)| *at).collect();
    chosen.sort_unstable();
    chosen
}

#[expect(clippy::cast_possible_truncation, reason = "half the globe is 20,000 km")]
fn whole_km(metres: f64) -> i64 {
    (metres / 1_000.0).min(40_000.0).round() as i64
}

/// Explains candidates that were not in the matrix of `posed`, against its routes.
pub(super) fn explain_rest(
    day: &Day<'_>,
    posed: &Posed<'_>,
    routes: &[Route],
    rest: &[&Candidate],
    progress: &dyn Progress,
) -> Result<Vec<LeftOutCase>, Error> {
    let mut all = Vec::with_capacity(rest.len());
    for chunk in rest.chunks(CHUNK) {
        let (inside, moved) = meetings::compact(routes);
        let mut jobs: Vec<&Candidate> =
            inside.iter().filter_map(|job| posed.jobs.get(*job).copied()).collect();
        jobs.extend(chunk.iter().copied());
        let small = pose(day, posed.duty.clone(), jobs, progress)?;
        all.extend(explain::left_out(day, &small, &moved));
    }
    Ok(all)
}
