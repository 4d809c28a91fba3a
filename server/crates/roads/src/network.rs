//! A prepared road network.

use std::collections::BTreeMap;

use crate::ch::{self, Hierarchy};
use crate::class::RoadClass;
use crate::error::BuildError;
use crate::fingerprint::{fingerprint, tag};
use crate::geo::{Fixed, LatLon};
use crate::graph::{self, Cut, Flags, Histories, Segments, TurnGraph, Turned, from_label};
use crate::info::{Bounds, CREDIT, Ignored, NetworkInfo, utc_text};
use crate::num::{id, ix};
use crate::osm::Extract;
use crate::profile::{Profile, WayRule};
use crate::progress::{BuildStep, Progress};
use crate::snap::{Place, Snap, Snapper, Tree};

/// Shorter groups of road apart from the large network are taken for gaps in the map, in
/// decimetres.
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
        let states = all.states();
        let islands = mark(&mut cut, &all, plain);
        let arcs = all.arcs(&cut.segments);
        progress.at(1);
        progress.start("contract", u64::from(id(states)));
        let (hierarchy, rank) = ch::build(states, &arcs, &mut |done| progress.at(done));
        let turns = all.ranked(&rank);
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

/// What the profile makes no road of, restrictions that hold at times only, and road nodes
/// that are nowhere.
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
    if extract.nowhere > 0 {
        counts.insert("node without a position on earth".to_owned(), extract.nowhere);
    }
    let mut list: Vec<Ignored> =
        counts.into_iter().map(|(tag, objects)| Ignored { tag, objects }).collect();
    list.sort_by(|a, b| b.objects.cmp(&a.objects).then_with(|| a.tag.cmp(&b.tag)));
    list.truncate(MOST);
    list
}

/// Whether places on every segment are reached from the large network, and whether it is
/// reached from them: a place is reached in either direction and left in either.
///
/// The large network is the largest set of states that all reach each other. Other states
/// stay in the graph: a journey may begin in a direction nobody can drive into, and end in
/// one nobody can drive out of.
fn joined(turns: &TurnGraph, plain: usize, segments: usize) -> Vec<bool> {
    let states = 0..id(turns.states());
    let arcs = states.flat_map(|s| turns.turns(s).iter().map(move |onto| (s, onto.state)));
    let mut arcs: Vec<(u32, u32)> = arcs.collect();
    let main = graph::largest_strong(turns.states(), &arcs);
    let after = graph::reached(&main, &arcs);
    for arc in &mut arcs {
        *arc = (arc.1, arc.0);
    }
    let before = graph::reached(&main, &arcs);
    let mut joined = vec![(false, false); segments];
    for (state, &label) in turns.labels.iter().enumerate() {
        if let Some((to, from)) = joined.get_mut(ix(from_label(label).0)) {
            *to |= after[state];
            // A journey starts without a history.
            *from |= before[state] && state < plain;
        }
    }
    joined.into_iter().map(|(to, from)| to && from).collect()
}

/// Sets the flags of connectedness. Returns the number of groups that touch the large
/// network nowhere.
fn mark(cut: &mut Cut, turns: &TurnGraph, plain: usize) -> u64 {
    let mut touched = vec![false; cut.nodes.len()];
    for (segment, joined) in joined(turns, plain, cut.ends.len()).into_iter().enumerate() {
        if joined {
            cut.segments.list[segment].flags.0 |= Flags::MAINLAND;
            for junction in cut.ends[segment] {
                touched[ix(junction)] = true;
            }
        }
    }
    let list = &cut.segments.list;
    let lone: Vec<usize> =
        (0..list.len()).filter(|&s| !list[s].flags.has(Flags::MAINLAND)).collect();
    // Roads that meet on the large network only are no group: each such end is its own.
    let end = |(number, &segment): (usize, &usize), side: usize| match cut.ends[segment][side] {
        junction if touched[ix(junction)] => id(touched.len() + 2 * number + side),
        junction => junction,
    };
    let ends: Vec<(u32, u32)> = lone.iter().enumerate().map(|s| (end(s, 0), end(s, 1))).collect();
    let nodes = touched.len() + 2 * lone.len();
    let group = graph::weak(nodes, ends.iter().copied());
    let mut length = vec![0_u64; nodes];
    let mut touches = vec![false; nodes];
    for (&segment, &(a, b)) in lone.iter().zip(&ends) {
        let group = ix(group[ix(a)]);
        length[group] += u64::from(list[segment].dm.max(1));
        touches[group] |= ix(a.max(b)) >= touched.len();
    }
    for (&segment, &(a, _)) in lone.iter().zip(&ends) {
        if length[ix(group[ix(a)])] >= ISLAND_MIN_DM {
            cut.segments.list[segment].flags.0 |= Flags::ISLAND;
        }
    }
    let islands = length.iter().zip(&touches).filter(|&(&dm, &touches)| dm > 0 && !touches);
    u64::from(id(islands.count()))
}

/// Tells every segment the states in which it is driven without a history.
fn enter(segments: &mut Segments, turns: &TurnGraph, plain: usize, rank: &[u32]) {
    for (&label, &state) in turns.labels.iter().zip(rank).take(plain) {
        let (segment, forward) = from_label(label);
        if let Some(segment) = segments.list.get_mut(ix(segment)) {
            *if forward { &mut segment.forward } else { &mut segment.backward } = state;
        }
    }
}
