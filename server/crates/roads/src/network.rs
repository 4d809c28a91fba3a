//! A prepared road network.

use std::collections::BTreeMap;

use crate::ch::{self, Hierarchy};
use crate::class::RoadClass;
use crate::error::BuildError;
use crate::fingerprint::{fingerprint, tag};
use crate::geo::{Fixed, LatLon};
use crate::graph::{self, Cut, Flags, Histories, Segments, TurnGraph, Turned, from_label};
use crate::info::{Bounds, CREDIT, Ignored, NetworkInfo, utc_text};
use crate::num::{NONE, id, ix};
use crate::osm::Extract;
use crate::profile::{Profile, WayRule};
use crate::progress::{BuildStep, Progress};
use crate::snap::{Place, Snap, Snapper, Tree};

/// Shorter groups of unconnected road are taken for gaps in the map, in decimetres.
const ISLAND_MIN_DM: u64 = 20_000;

/// A road network ready for snapping, matrices and routes.
#[derive(Debug, Clone, PartialEq)]
pub struct Network {
    pub(crate) segments: Segments,
    pub(crate) turns: TurnGraph,
    pub(crate) histories: Histories,
    pub(crate) hierarchy: Hierarchy,
    pub(crate) tree: Tree,
    pub(crate) info: NetworkInfo,
    pub(crate) tag: u32,
}

/// A piece of road for drawing.
#[derive(Debug, Clone, PartialEq)]
pub struct Line<'a> {
    /// Kind of road.
    pub class: RoadClass,
    /// Street name, or the road's number where it has none.
    pub name: Option<&'a str>,
    /// Its line, in the direction of the map data.
    pub points: Vec<LatLon>,
}

impl Network {
    /// Reads an `.osm.pbf` extract and prepares it for a profile, contraction hierarchy
    /// included.
    ///
    /// # Errors
    /// [`BuildError`] when the bytes are no readable extract or hold no usable road.
    pub fn build(
        pbf: &[u8],
        profile: &Profile,
        progress: &mut dyn FnMut(BuildStep),
    ) -> Result<Self, BuildError> {
        let mut progress = Progress::new(progress);
        let extract = Extract::read(pbf, &mut progress)?;
        Self::from_extract(&extract, profile, fingerprint(pbf, profile), &mut progress)
    }

    pub(crate) fn from_extract(
        extract: &Extract,
        profile: &Profile,
        fingerprint: String,
        progress: &mut Progress<'_>,
    ) -> Result<Self, BuildError> {
        progress.start("join roads", 1);
        let rules: Vec<_> = extract.ways.iter().map(|way| profile.way(&way.tags)).collect();
        let nodes = profile.nodes(extract);
        let mut cut = graph::cut(extract, profile, &rules, &nodes)?;
        let Turned { graph: all, plain, restricted } =
            graph::turn_graph(extract, &cut, profile, &nodes);
        let (kept, states) = number(&main_states(&all));
        let plain = kept.get(..plain).unwrap_or_default();
        let islands = mark(&mut cut, &all, plain);
        let turns = all.ranked(&kept, states);
        let arcs = turns.arcs(&cut.segments);
        progress.at(1);
        progress.start("contract", u64::from(id(states)));
        let (hierarchy, rank) = ch::build(states, &arcs, &mut |done| progress.at(done));
        let turns = turns.ranked(&rank, states);
        let mut segments = cut.segments;
        enter(&mut segments, &all, plain, &rank);
        let histories = Histories::of(&segments, &turns);
        let lone = segments.list.iter().filter(|s| !s.flags.has(Flags::MAINLAND)).count();
        let info = NetworkInfo {
            profile: profile.name.clone(),
            data_at: extract.header.data_at.map(utc_text),
            fingerprint,
            states: u64::from(id(states)),
            turns: u64::from(id(arcs.len())),
            ignored: ignored(extract, &rules),
            restrictions: restricted.used,
            restrictions_unplaced: restricted.unplaced,
            shortcuts: u64::from(id(hierarchy.shortcuts())),
            segments: u64::from(id(segments.list.len())),
            road_km: segments.list.iter().map(|s| f64::from(s.dm)).sum::<f64>() / 1e4,
            islands,
            island_segments: u64::from(id(lone)),
            bounds: Bounds::of(&segments.points),
            credit: CREDIT.to_owned(),
        };
        let tree = Tree::build(&segments);
        let tag = tag(&info.fingerprint);
        Ok(Self { segments, turns, histories, hierarchy, tree, info, tag })
    }

    /// What this network is.
    #[must_use]
    pub fn info(&self) -> &NetworkInfo {
        &self.info
    }

    /// Whether this network is what `build` would make of the extract and profile.
    #[must_use]
    pub fn is_built_from(&self, pbf: &[u8], profile: &Profile) -> bool {
        self.info.fingerprint == fingerprint(pbf, profile)
    }

    /// Finds the place on the road for a position.
    #[must_use]
    pub fn snap(&self, at: LatLon) -> Snap {
        let (segments, tree, bounds) = (&self.segments, &self.tree, &self.info.bounds);
        Snapper { segments, tree, bounds, tag: self.tag }.snap(at)
    }

    /// Name of the street a place is on (the road's number where it has no name).
    #[must_use]
    pub fn street(&self, place: &Place) -> Option<&str> {
        let segment = self.segments.get(place.segment).filter(|_| self.owns(place))?;
        self.segments.names.get(segment.name)
    }

    /// All roads, islands included, for drawing.
    pub fn lines(&self) -> impl Iterator<Item = Line<'_>> {
        self.segments.numbered().map(|(number, segment)| Line {
            class: segment.class,
            name: self.segments.names.get(segment.name),
            points: self.segments.points(number).iter().copied().map(Fixed::degrees).collect(),
        })
    }

    pub(crate) fn owns(&self, place: &Place) -> bool {
        place.network == self.tag && self.segments.get(place.segment).is_some()
    }
}

/// What the profile makes no road of, and restrictions that hold at times only.
fn ignored(extract: &Extract, rules: &[Option<WayRule>]) -> Vec<Ignored> {
    const MOST: usize = 24;
    let mut counts: BTreeMap<String, u64> = BTreeMap::new();
    for (way, _) in extract.ways.iter().zip(rules).filter(|(_, rule)| rule.is_none()) {
        let kind =
            way.tags.get("highway").map_or("route=ferry".to_owned(), |k| format!("highway={k}"));
        *counts.entry(kind).or_default() += 1;
    }
    for (key, _) in extract.restrictions.iter().flat_map(|restriction| &restriction.tags) {
        if key.ends_with(":conditional") {
            *counts.entry(key.to_string()).or_default() += 1;
        }
    }
    let mut list: Vec<Ignored> =
        counts.into_iter().map(|(tag, objects)| Ignored { tag, objects }).collect();
    list.sort_by(|a, b| b.objects.cmp(&a.objects).then_with(|| a.tag.cmp(&b.tag)));
    list.truncate(MOST);
    list
}

/// Which states can all reach each other.
fn main_states(turns: &TurnGraph) -> Vec<bool> {
    let states = 0..id(turns.states());
    let arcs = states.flat_map(|s| turns.turns(s).iter().map(move |onto| (s, onto.state)));
    let arcs: Vec<(u32, u32)> = arcs.collect();
    graph::largest_strong(turns.states(), &arcs)
}

/// Numbers for the states kept, [`NONE`] for the others, and how many there are.
fn number(kept: &[bool]) -> (Vec<u32>, usize) {
    let mut count = 0;
    let number = |&kept: &bool| {
        count += usize::from(kept);
        if kept { id(count - 1) } else { NONE }
    };
    (kept.iter().map(number).collect(), count)
}

/// Sets the flags of connectedness. Returns the number of groups that touch the large
/// network nowhere.
fn mark(cut: &mut Cut, turns: &TurnGraph, plain: &[u32]) -> u64 {
    let mut touched = vec![false; cut.nodes.len()];
    for (&label, _) in turns.labels.iter().zip(plain).filter(|(_, number)| **number != NONE) {
        let segment = ix(from_label(label).0);
        cut.segments.list[segment].flags.0 |= Flags::MAINLAND;
        for junction in cut.ends[segment] {
            touched[ix(junction)] = true;
        }
    }
    let list = &cut.segments.list;
    let lone: Vec<usize> =
        (0..list.len()).filter(|&s| !list[s].flags.has(Flags::MAINLAND)).collect();
    let ends = |s: &usize| (cut.ends[*s][0], cut.ends[*s][1]);
    let group = graph::weak(cut.nodes.len(), lone.iter().map(ends));
    let mut length = vec![0_u64; cut.nodes.len()];
    let mut touches = vec![false; cut.nodes.len()];
    for &s in &lone {
        let group = ix(group[ix(cut.ends[s][0])]);
        length[group] += u64::from(list[s].dm.max(1));
        touches[group] |= cut.ends[s].iter().any(|&junction| touched[ix(junction)]);
    }
    for &s in &lone {
        let group = ix(group[ix(cut.ends[s][0])]);
        if !touches[group] && length[group] >= ISLAND_MIN_DM {
            cut.segments.list[s].flags.0 |= Flags::ISLAND;
        }
    }
    let islands = length.iter().zip(&touches).filter(|&(&dm, &touches)| dm > 0 && !touches);
    u64::from(id(islands.count()))
}

/// Tells every segment the states in which it is driven without a history.
fn enter(segments: &mut Segments, turns: &TurnGraph, plain: &[u32], rank: &[u32]) {
    for (&label, &number) in turns.labels.iter().zip(plain) {
        let (segment, forward) = from_label(label);
        let state = rank.get(ix(number)).copied().unwrap_or(NONE);
        if let Some(segment) = segments.list.get_mut(ix(segment)) {
            *if forward { &mut segment.forward } else { &mut segment.backward } = state;
        }
    }
}
