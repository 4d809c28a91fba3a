//! A day too large for one matrix is split by territory, and a territory too large is searched by
//! its most promising candidates first.

use std::collections::HashMap;

use h3o::{CellIndex, LatLng, Resolution};
use planner::Route;

use super::candidates::Candidate;
use super::crew::OnDuty;
use super::explain;
use super::reasons::LeftOutCase;
use super::solve::{Day, Posed, pose};
use crate::db::Id;
use crate::error::Error;
use crate::progress::Progress;

/// Most candidates of one matrix: 2,500 squared at 8 bytes is 50 MB.
pub(super) const LARGEST: usize = 2_500;

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

/// One group where it fits, else one per territory whose agent is on duty.
pub(super) fn split<'a>(
    day: &Day<'_>,
    candidates: &'a [Candidate],
    duty: &'a [OnDuty],
) -> Result<Vec<Group<'a>>, Error> {
    if candidates.len() <= LARGEST || duty.len() < 2 {
        return Ok(vec![Group::whole(candidates, duty)]);
    }
    let beats = Beats::load(day)?;
    let mut groups: Vec<Group<'a>> =
        duty.iter().map(|d| Group { duty: vec![d], candidates: Vec::new() }).collect();
    for candidate in candidates {
        let owner = beats.agent_of(day, candidate);
        let at = groups
            .iter()
            .position(|g| g.duty.iter().any(|d| day.agent_id(d) == owner))
            .unwrap_or_else(|| nearest(day, candidate, duty));
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
        if cells.is_empty() {
            return Err(Error::Before {
                missing: "no territories are formed",
                command: "territories",
            });
        }
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
        let cell = LatLng::new(at.lat(), at.lon()).ok()?.to_cell(self.resolution?);
        self.agents.get(&crate::usecases::cells::key(cell)).copied()
    }
}

impl Day<'_> {
    fn agent_id(&self, duty: &OnDuty) -> Option<Id> {
        self.agents.get(duty.agent).map(|agent| agent.row.agent_id)
    }
}

/// Index of the agent whose base is nearest as the crow flies.
fn nearest(day: &Day<'_>, candidate: &Candidate, duty: &[OnDuty]) -> usize {
    let far = |at: usize| {
        let base = duty.get(at).and_then(|d| day.agents.get(d.agent)).map(|agent| agent.base);
        base.map_or(f64::INFINITY, |base| crow_metres(day, candidate, base))
    };
    (0..duty.len()).min_by(|a, b| far(*a).total_cmp(&far(*b))).unwrap_or(0)
}

fn crow_metres(day: &Day<'_>, candidate: &Candidate, base: sync_core::model::Position) -> f64 {
    use geo::{Distance as _, Haversine, Point};
    day.cases.get(candidate.case).map_or(f64::INFINITY, |case| {
        Haversine
            .distance(Point::new(case.at.lon(), case.at.lat()), Point::new(base.lon(), base.lat()))
    })
}

/// The candidates of the matrix, and the rest. Promising is a high prize for the way from the
/// nearest base on duty.
pub(super) fn shortlist<'a>(
    day: &Day<'_>,
    group: &Group<'a>,
) -> (Vec<&'a Candidate>, Vec<&'a Candidate>) {
    if group.candidates.len() <= LARGEST {
        return (group.candidates.clone(), Vec::new());
    }
    let per_km = day.app.settings.costs.per_km.micro();
    let mut ranked: Vec<(i64, usize)> = group
        .candidates
        .iter()
        .enumerate()
        .map(|(at, candidate)| {
            let km = group
                .duty
                .iter()
                .filter_map(|d| day.agents.get(d.agent))
                .map(|agent| crow_metres(day, candidate, agent.base) / 1_000.0)
                .fold(f64::INFINITY, f64::min);
            // Half the lonely round trip: neighbours share the way.
            (candidate.prize - per_km.saturating_mul(whole_km(km)), at)
        })
        .collect();
    ranked.sort_unstable_by_key(|(gain, at)| (std::cmp::Reverse(*gain), *at));
    let mut chosen = vec![false; group.candidates.len()];
    for (_, at) in ranked.iter().take(LARGEST) {
        if let Some(flag) = chosen.get_mut(*at) {
            *flag = true;
        }
    }
    let (mut first, mut rest) = (Vec::with_capacity(LARGEST), Vec::new());
    for (candidate, chosen) in group.candidates.iter().zip(chosen) {
        if chosen { first.push(*candidate) } else { rest.push(*candidate) }
    }
    (first, rest)
}

#[expect(clippy::cast_possible_truncation, reason = "half the globe is 20,000 km")]
fn whole_km(km: f64) -> i64 {
    km.min(40_000.0).round() as i64
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
        let mut jobs = Vec::new();
        let mut moved = Vec::with_capacity(routes.len());
        for route in routes {
            let first = jobs.len();
            jobs.extend(route.jobs.iter().filter_map(|job| posed.jobs.get(*job).copied()));
            moved.push(Route { shift: route.shift, jobs: (first..jobs.len()).collect() });
        }
        jobs.extend(chunk.iter().copied());
        let small = pose(day, posed.duty.clone(), jobs, progress)?;
        all.extend(explain::left_out(day, &small, &moved));
    }
    Ok(all)
}
