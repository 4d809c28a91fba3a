//! Forms the agents' territories: connected H3 cells with balanced work around their bases.

use std::collections::{BTreeMap, HashMap};

use domain::territory::{Base, Cell, cell_of, choose_resolution, form};
use h3o::CellIndex;
use sync_core::model::{Micro, Position, Seconds, TerritoryId, Treatment};

use super::book::{BookAgent, load_agents, load_cases};
use super::cells;
use super::score_cases::service;
use crate::app::App;
use crate::db::Id;
use crate::db::rows::{ScoreRow, TerritoryCellRow, TerritoryRow};
use crate::error::Error;
use crate::progress::Progress;
use crate::travel::{Placed, Spot, Travel};

/// Most cells with a table of road times; beyond it neighbours are estimated from the distance.
const MOST_TIMED: usize = 3_000;

/// What was formed.
#[derive(Debug, Clone, PartialEq)]
pub struct Formed {
    /// H3 resolution of the cells.
    pub resolution: u8,
    /// Cells with work.
    pub cells: usize,
    /// Largest load over the mean; 1 is perfect balance.
    pub imbalance: f64,
    /// Cells that changed hands since the last time.
    pub moved: usize,
    /// Agents without a territory, because there are fewer cells than agents.
    pub without: usize,
    /// A sentence for each agent who gets none because no way leads from the base or to the end, and one on cases that
    /// no way leads to.
    pub stranded: Vec<String>,
    /// Territories by agent.
    pub territories: Vec<FormedTerritory>,
}

/// One territory.
#[derive(Debug, Clone, PartialEq)]
pub struct FormedTerritory {
    /// The agent.
    pub agent_ref: String,
    /// Cells with work.
    pub cells: usize,
    /// Cases for a home visit.
    pub cases: i64,
    /// Time at their doors.
    pub workload_s: i64,
    /// Sum of their prizes.
    pub value: Micro,
    /// Workload against the agent's fair share.
    pub load: f64,
}

#[derive(Debug, Clone, Copy, Default)]
struct Work {
    cases: i64,
    workload_s: i64,
    value: i64,
}

/// Forms the territories anew, from the beats there are, and saves them.
///
/// # Errors
/// No scores or agents, no case worth a visit, or the database.
pub fn form_territories(
    app: &App,
    travel: &Travel,
    progress: &dyn Progress,
) -> Result<Formed, Error> {
    let agents = load_agents(app)?;
    if agents.is_empty() {
        let command = "import --agents agents.csv";
        return Err(Error::Before { missing: "there are no agents", command });
    }
    let (agents, stranded) = mobile(agents, travel, progress)?;
    if agents.is_empty() {
        return Err(Error::Invalid(format!(
            "no agent can be given a territory: {} Mend agents.csv and import it again",
            stranded.join(" ")
        )));
    }
    let (worth, unreached) = reachable(worth_visiting(app)?, travel, progress)?;
    let stranded = stranded.into_iter().chain(unreached).collect();
    progress.begin("grouping cases", None);
    let positions: Vec<Position> = worth.iter().map(|(at, _)| *at).collect();
    let resolution = choose_resolution(&positions, agents.len());
    let service_s = service(&app.settings).get();
    let mut work: BTreeMap<CellIndex, Work> = BTreeMap::new();
    for (at, prize) in &worth {
        let cell = work.entry(cell_of(*at, resolution)).or_default();
        cell.cases += 1;
        cell.workload_s += service_s;
        cell.value = cell.value.saturating_add(*prize);
    }
    let input: Vec<Cell> = work
        .iter()
        .map(|(index, w)| Cell {
            index: *index,
            workload: seconds(w.workload_s),
            value: Micro::new(w.value),
        })
        .collect();
    let bases: Vec<Base<String>> = agents
        .iter()
        .map(|agent| Base {
            // Not the id: that is random, and territories must not be.
            key: agent.row.agent_ref.clone(),
            cell: cell_of(agent.base, resolution),
            capacity: seconds(agent.shift_s()),
        })
        .collect();
    let (bases, without) = as_many_as(bases, &work);
    let times = road_times(travel, &work, &agents, resolution, progress)?;
    progress.begin("dividing the area", None);
    let existing = existing(app, &agents, resolution)?;
    let found = form(&input, &bases, |from, to| times.between(from, to), &existing)
        .map_err(|error| Error::Invalid(error.to_string()))?;
    save(app, &found, &work, &agents)?;
    Ok(Formed { stranded, ..summary(&found, &work, without) })
}

/// Positions and prizes.
type Worth = Vec<(Position, i64)>;

/// The cases that a way leads to, and a sentence on the others: nobody could visit them, and one of them far away would
/// stretch a territory.
fn reachable(
    mut worth: Worth,
    travel: &Travel,
    progress: &dyn Progress,
) -> Result<(Worth, Option<String>), Error> {
    let all = worth.len();
    travel.locate(&worth.iter().map(|(at, _)| *at).collect::<Vec<_>>(), progress)?;
    worth.retain(|(at, _)| matches!(travel.place(*at), Placed::At(_)));
    if worth.is_empty() {
        return Err(Error::Invalid(
            "no road leads to any case that is worth a home visit: check the coordinates and what the \
             extract covers (`doorstep roads info`)"
                .into(),
        ));
    }
    let cases = match all - worth.len() {
        0 => return Ok((worth, None)),
        1 => "One case that is worth a visit is".to_owned(),
        more => format!("{more} cases that are worth a visit are"),
    };
    Ok((worth, Some(format!("{cases} in no territory: no road leads there."))))
}

/// The agents whose day can start and end by road, and a sentence for each of the others: a territory of theirs
/// would be visited by nobody.
fn mobile(
    agents: Vec<BookAgent>,
    travel: &Travel,
    progress: &dyn Progress,
) -> Result<(Vec<BookAgent>, Vec<String>), Error> {
    let ends: Vec<Position> = agents.iter().flat_map(|agent| [agent.base, agent.end]).collect();
    travel.locate(&ends, progress)?;
    let mut stranded = Vec::new();
    let agents = agents.into_iter().filter(|agent| {
        let faults = [("base", agent.base), ("end", agent.end)].map(|(what, at)| {
            let why = match travel.place(at) {
                Placed::At(_) => return None,
                Placed::TooFar { metres } => format!("is {metres} m from the nearest road"),
                Placed::Island { metres } => {
                    format!("has a road, {metres} m away, that is cut off from the others")
                }
                Placed::Outside => "lies outside of the roads".to_owned(),
            };
            Some(format!("Agent {} gets no territory: the {what} {why}.", agent.row.agent_ref))
        });
        let fault = faults.into_iter().flatten().next();
        let free = fault.is_none();
        stranded.extend(fault);
        free
    });
    let agents = agents.collect();
    Ok((agents, stranded))
}

/// No more bases than cells: each cell, the most valuable first, takes the base nearest to it that is
/// still free. Returns how many are left without a territory.
fn as_many_as(
    mut bases: Vec<Base<String>>,
    work: &BTreeMap<CellIndex, Work>,
) -> (Vec<Base<String>>, usize) {
    let without = bases.len().saturating_sub(work.len());
    if without == 0 {
        return (bases, 0);
    }
    let mut cells: Vec<(i64, CellIndex)> = work.iter().map(|(c, w)| (-w.value, *c)).collect();
    cells.sort_unstable();
    let mut chosen = Vec::with_capacity(cells.len());
    for (_, cell) in cells {
        let centre = h3o::LatLng::from(cell);
        let far = |base: &Base<String>| centre.distance_m(h3o::LatLng::from(base.cell));
        let order = |a: &(usize, f64), b: &(usize, f64)| a.1.total_cmp(&b.1);
        let nearest = bases.iter().map(far).enumerate().min_by(order);
        chosen.extend(nearest.map(|(at, _)| bases.remove(at)));
    }
    (chosen, without)
}

/// Positions and prizes of the cases whose home visit is worth something.
fn worth_visiting(app: &App) -> Result<Worth, Error> {
    let scores: HashMap<Id, ScoreRow> =
        app.store.scores(app.org)?.into_iter().map(|s| (s.case_id, s)).collect();
    if scores.is_empty() {
        return Err(Error::Before { missing: "no case has a score", command: "score" });
    }
    let worth: Worth = load_cases(app)?
        .iter()
        .filter_map(|case| {
            let score = scores.get(&case.row.case_id)?;
            let visit = score.treatment == Treatment::HomeVisit.label();
            let prize = score.prize_micro.filter(|prize| visit && *prize > 0)?;
            Some((case.at, prize))
        })
        .collect();
    if worth.is_empty() {
        return Err(Error::Invalid(
            "no case is worth a home visit: check [costs] and [risk] in doorstep.toml against what \
             `doorstep score` printed"
                .into(),
        ));
    }
    Ok(worth)
}

/// Road times between cells, where known.
struct Times {
    places: HashMap<CellIndex, usize>,
    seconds: Vec<u32>,
}

impl Times {
    fn between(&self, from: CellIndex, to: CellIndex) -> Option<Seconds> {
        let (from, to) = (self.places.get(&from)?, self.places.get(&to)?);
        let found = *self.seconds.get(from * self.places.len() + to)?;
        (found != u32::MAX).then(|| seconds(i64::from(found)))
    }
}

fn road_times(
    travel: &Travel,
    work: &BTreeMap<CellIndex, Work>,
    agents: &[BookAgent],
    resolution: h3o::Resolution,
    progress: &dyn Progress,
) -> Result<Times, Error> {
    let bases = agents.iter().map(|agent| cell_of(agent.base, resolution));
    let mut wanted: Vec<CellIndex> = work.keys().copied().chain(bases).collect();
    wanted.sort_unstable();
    wanted.dedup();
    let (mut places, mut spots) = (HashMap::new(), Vec::<Spot>::new());
    if wanted.len() <= MOST_TIMED {
        let centre = |cell: CellIndex| {
            let centre = h3o::LatLng::from(cell);
            Some((cell, Position::from_degrees(centre.lat(), centre.lng()).ok()?))
        };
        let centres: Vec<(CellIndex, Position)> = wanted.into_iter().filter_map(centre).collect();
        travel.locate(&centres.iter().map(|(_, at)| *at).collect::<Vec<_>>(), progress)?;
        for (cell, at) in centres {
            if let Placed::At(spot) = travel.place(at) {
                places.insert(cell, spots.len());
                spots.push(spot);
            }
        }
    }
    let seconds = travel.table(&spots, progress)?.seconds;
    Ok(Times { places, seconds })
}

/// Owners of cells so far, if the cells are of the same resolution.
fn existing(
    app: &App,
    agents: &[BookAgent],
    resolution: h3o::Resolution,
) -> Result<Vec<(CellIndex, String)>, Error> {
    let (territories, cells) = app.store.territories(app.org)?;
    let owner: HashMap<Id, Id> =
        territories.into_iter().map(|t| (t.territory_id, t.agent_id)).collect();
    Ok(cells
        .into_iter()
        .filter_map(|row| {
            let cell = cells::of(row.cell).filter(|cell| cell.resolution() == resolution)?;
            let id = owner.get(&row.territory_id)?;
            let agent = agents.iter().find(|agent| agent.row.agent_id == *id)?;
            Some((cell, agent.row.agent_ref.clone()))
        })
        .collect())
}

type Found = domain::territory::Territories<String>;

fn save(
    app: &App,
    found: &Found,
    work: &BTreeMap<CellIndex, Work>,
    agents: &[BookAgent],
) -> Result<(), Error> {
    let (mut rows, mut cell_rows) = (Vec::new(), Vec::new());
    for territory in &found.territories {
        let agent = agents.iter().find(|agent| agent.row.agent_ref == territory.key);
        let Some(agent) = agent else { continue };
        let (ms, random) = app.ids.parts()?;
        let territory_id: Id = TerritoryId::from_parts(ms, random).into();
        rows.push(TerritoryRow {
            org_id: app.org,
            territory_id,
            agent_id: agent.row.agent_id,
            cases: cases(&territory.cells, work),
            workload_s: territory.workload.get(),
            value_micro: territory.value.get(),
        });
        for cell in territory.cells.iter().chain(&territory.bridges) {
            let of_cell = work.get(cell).copied().unwrap_or_default();
            cell_rows.push(TerritoryCellRow {
                org_id: app.org,
                cell: cells::key(*cell),
                territory_id,
                cases: of_cell.cases,
                workload_s: of_cell.workload_s,
                value_micro: of_cell.value,
            });
        }
    }
    app.store.replace_territories(app.org, &rows, &cell_rows)?;
    Ok(())
}

fn summary(found: &Found, work: &BTreeMap<CellIndex, Work>, without: usize) -> Formed {
    let mut territories: Vec<FormedTerritory> = found
        .territories
        .iter()
        .map(|territory| FormedTerritory {
            agent_ref: territory.key.clone(),
            cells: territory.cells.len(),
            cases: cases(&territory.cells, work),
            workload_s: territory.workload.get(),
            value: territory.value,
            load: territory.load,
        })
        .collect();
    territories.sort_by(|a, b| a.agent_ref.cmp(&b.agent_ref));
    Formed {
        resolution: found.resolution,
        cells: work.len(),
        imbalance: found.imbalance,
        moved: found.moved,
        without,
        stranded: Vec::new(),
        territories,
    }
}

fn cases(cells: &[CellIndex], work: &BTreeMap<CellIndex, Work>) -> i64 {
    cells.iter().filter_map(|cell| work.get(cell)).map(|w| w.cases).sum()
}

fn seconds(value: i64) -> Seconds {
    Seconds::new(value).unwrap_or(Seconds::ZERO)
}
