//! A prepared road network.

use crate::ch::{self, Arc, Hierarchy};
use crate::class::RoadClass;
use crate::error::BuildError;
use crate::fingerprint::{fingerprint, tag};
use crate::geo::{Fixed, LatLon};
use crate::graph::{self, Flags, Segments, arc_label};
use crate::info::{Bounds, CREDIT, NetworkInfo, utc_text};
use crate::num::{NONE, id, ix};
use crate::osm::Extract;
use crate::profile::Profile;
use crate::progress::{BuildStep, Progress};
use crate::snap::{Place, Snap, Snapper, Tree};

/// Shorter groups of unconnected road are taken for gaps in the map, in centimetres.
const ISLAND_MIN_CM: u64 = 200_000;

/// A road network ready for snapping, matrices and routes.
#[derive(Debug, Clone, PartialEq)]
pub struct Network {
    pub(crate) segments: Segments,
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
        let (mut segments, ends) = graph::segments(extract, profile)?;
        let main = mainland(&segments, ix(ends));
        let islands = mark(&mut segments, ix(ends), &main);
        let (arcs, nodes) = arcs(&mut segments, &main);
        progress.at(1);
        progress.start("contract", u64::from(nodes));
        let (hierarchy, rank) = ch::build(ix(nodes), &arcs, &mut |done| progress.at(done));
        for segment in segments.list.iter_mut().filter(|s| s.flags.has(Flags::MAINLAND)) {
            segment.from = rank[ix(segment.from)];
            segment.to = rank[ix(segment.to)];
        }
        let lone = segments.list.iter().filter(|s| !s.flags.has(Flags::MAINLAND)).count();
        let info = NetworkInfo {
            profile: profile.name.clone(),
            data_at: extract.header.data_at.map(utc_text),
            fingerprint,
            nodes: u64::from(nodes),
            edges: u64::from(id(arcs.len())),
            shortcuts: u64::from(id(hierarchy.shortcuts())),
            segments: u64::from(id(segments.list.len())),
            road_km: segments.list.iter().map(|s| f64::from(s.cm)).sum::<f64>() / 1e5,
            islands,
            island_segments: u64::from(id(lone)),
            bounds: Bounds::of(&segments.points),
            credit: CREDIT.to_owned(),
        };
        let tree = Tree::build(&segments);
        let tag = tag(&info.fingerprint);
        Ok(Self { segments, hierarchy, tree, info, tag })
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

/// Which ends of segments belong to the large connected network.
fn mainland(segments: &Segments, ends: usize) -> Vec<bool> {
    let mut arcs = Vec::with_capacity(2 * segments.list.len());
    for segment in &segments.list {
        let (from, to) = (segment.from, segment.to);
        arcs.extend(segment.whole(true).map(|_| (from, to)));
        arcs.extend(segment.whole(false).map(|_| (to, from)));
    }
    graph::largest_strong(ends, &arcs)
}

/// Sets the flags of connectedness. Returns the number of groups that touch the large
/// network nowhere.
fn mark(segments: &mut Segments, ends: usize, main: &[bool]) -> u64 {
    for segment in &mut segments.list {
        if main[ix(segment.from)] && main[ix(segment.to)] {
            segment.flags.0 |= Flags::MAINLAND;
        }
    }
    let lone = || segments.list.iter().filter(|s| !s.flags.has(Flags::MAINLAND));
    let group = graph::weak(ends, lone().map(|s| (s.from, s.to)));
    let mut length = vec![0_u64; ends];
    let mut touches = vec![false; ends];
    for segment in lone() {
        let group = ix(group[ix(segment.from)]);
        length[group] += u64::from(segment.cm.max(1));
        touches[group] |= main[ix(segment.from)] || main[ix(segment.to)];
    }
    for segment in segments.list.iter_mut().filter(|s| !s.flags.has(Flags::MAINLAND)) {
        let group = ix(group[ix(segment.from)]);
        if !touches[group] && length[group] >= ISLAND_MIN_CM {
            segment.flags.0 |= Flags::ISLAND;
        }
    }
    let islands = length.iter().zip(&touches).filter(|&(&cm, &touches)| cm > 0 && !touches);
    u64::from(id(islands.count()))
}

/// Numbers the junctions of the large network and lists its arcs.
fn arcs(segments: &mut Segments, main: &[bool]) -> (Vec<Arc>, u32) {
    let mut nodes = 0;
    let number = |&inside: &bool| {
        nodes += u32::from(inside);
        if inside { nodes - 1 } else { NONE }
    };
    let numbers: Vec<u32> = main.iter().map(number).collect();
    let mut arcs = Vec::with_capacity(2 * segments.list.len());
    for (s, segment) in segments.list.iter_mut().enumerate() {
        if !segment.flags.has(Flags::MAINLAND) {
            // Islands are not routed on; their ends have no number.
            (segment.from, segment.to) = (NONE, NONE);
            continue;
        }
        (segment.from, segment.to) = (numbers[ix(segment.from)], numbers[ix(segment.to)]);
        let pairs = [(true, segment.from, segment.to), (false, segment.to, segment.from)];
        for (forward, tail, head) in pairs {
            let label = arc_label(id(s), forward);
            arcs.extend(segment.whole(forward).map(|cost| Arc { tail, head, cost, label }));
        }
    }
    (arcs, nodes)
}
