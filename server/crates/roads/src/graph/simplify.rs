//! From ways to segments between junctions.

use super::names::Interner;
use super::{Flags, Segment, Segments};
use crate::class::RoadClass;
use crate::error::BuildError;
use crate::geo::Fixed;
use crate::num::{NONE, div_round, id, round_u32};
use crate::osm::{Extract, Way};
use crate::profile::{Facing, NodeRule, Profile, Speed, WayRule};

/// Segments are numbered below this, so that a number and a direction fit 31 bits.
const MOST_SEGMENTS: u32 = 1 << 30;

/// The roads of an extract, cut at junctions and closed barriers.
#[derive(Debug, Default)]
pub(crate) struct Cut {
    pub(crate) segments: Segments,
    /// Junctions at the first and last point of every segment.
    pub(crate) ends: Vec<[u32; 2]>,
    /// Index of the way every segment is of; ascending.
    pub(crate) ways: Vec<u32>,
    /// Index of the extract's node at every junction.
    pub(crate) nodes: Vec<u32>,
}

/// Cuts the roads of an extract at junctions and closed barriers. The rules are those of its
/// ways and nodes, by index.
pub(crate) fn cut(
    extract: &Extract,
    profile: &Profile,
    rules: &[Option<WayRule>],
    nodes: &[NodeRule],
) -> Result<Cut, BuildError> {
    let mut cutter = Cutter::new(extract, profile, rules, nodes);
    for (number, (way, rule)) in extract.ways.iter().zip(rules).enumerate() {
        if let Some(rule) = rule {
            cutter.way(way, rule);
            cutter.cut.ways.resize(cutter.cut.segments.list.len(), id(number));
        }
    }
    let Cutter { mut cut, names, .. } = cutter;
    cut.segments.names = names.names;
    let segments = &cut.segments;
    if segments.list.is_empty() {
        let ways = extract.ways.len();
        return Err(BuildError::NoRoads { profile: profile.name.clone(), ways });
    }
    if id(segments.list.len()) >= MOST_SEGMENTS || id(segments.points.len()) == NONE {
        return Err(BuildError::TooLarge { what: "road segments", limit: MOST_SEGMENTS });
    }
    Ok(cut)
}

struct Cutter<'a> {
    extract: &'a Extract,
    cut: Cut,
    names: Interner,
    /// Number of the junction at a node, [`NONE`] until it is met.
    junction: Vec<u32>,
    /// How often roads use a node; 2 or more makes it a junction.
    uses: Vec<u8>,
    /// How many pieces of road leave a node: 2 where a road only goes on.
    arms: Vec<u8>,
    /// Whether a road that is no ferry uses a node.
    land: Vec<bool>,
    nodes: &'a [NodeRule],
    profile: &'a Profile,
}

impl<'a> Cutter<'a> {
    fn new(
        extract: &'a Extract,
        profile: &'a Profile,
        rules: &[Option<WayRule>],
        nodes: &'a [NodeRule],
    ) -> Self {
        let count = extract.node_ids.len();
        let (mut uses, mut arms, mut land) =
            (vec![0_u8; count], vec![0_u8; count], vec![false; count]);
        for (way, rule) in extract.ways.iter().zip(rules) {
            let Some(rule) = rule else { continue };
            let last = way.refs.len().saturating_sub(1);
            for (at, &osm_id) in way.refs.iter().enumerate() {
                let Some(index) = extract.node(osm_id) else { continue };
                uses[index] = uses[index].saturating_add(1);
                arms[index] = arms[index].saturating_add(u8::from(at > 0) + u8::from(at < last));
                land[index] |= rule.class != RoadClass::Ferry;
            }
        }
        let mut cut = Cut::default();
        cut.segments.first.push(0);
        Self {
            extract,
            cut,
            names: Interner::default(),
            junction: vec![NONE; count],
            uses,
            arms,
            land,
            nodes,
            profile,
        }
    }

    /// Cuts one way. Nodes outside the extract end a run of points, so that no road is
    /// drawn across what is not there.
    fn way(&mut self, way: &Way, rule: &WayRule) {
        let name = self.names.put(way.tags.get("name").or_else(|| way.tags.get("ref")));
        let known = |&osm_id: &i64| {
            let index = self.extract.node(osm_id)?;
            Some((index, self.extract.at.get(index).copied().flatten()?))
        };
        let nodes: Vec<Option<(usize, Fixed)>> = way.refs.iter().map(known).collect();
        let kmh = speeds(rule, &nodes);
        for run in nodes.split(Option::is_none) {
            let run: Vec<(usize, Fixed)> = run.iter().copied().flatten().collect();
            self.run(&run, rule, kmh, name);
        }
    }

    fn run(&mut self, run: &[(usize, Fixed)], rule: &WayRule, kmh: (f64, f64), name: u32) {
        let mut start = 0;
        for (at, &(node, _)) in run.iter().enumerate().skip(1) {
            let cut = at + 1 == run.len() || self.uses[node] > 1 || self.nodes[node].blocked;
            if cut {
                self.segment(&run[start..=at], rule, kmh, name);
                start = at;
            }
        }
    }

    fn segment(&mut self, run: &[(usize, Fixed)], rule: &WayRule, kmh: (f64, f64), name: u32) {
        let (Some(&(first, _)), Some(&(last, _))) = (run.first(), run.last()) else { return };
        let metres = length_m(run.iter().map(|&(_, at)| at));
        // km/h to centiseconds: 360 per metre at 1 km/h.
        let cs = |may: bool, kmh: f64, wait_ms: u32| {
            let driven = round_u32(metres * 360.0 / kmh);
            if may { driven.saturating_add(div_round(wait_ms, 10)).min(NONE - 1) } else { NONE }
        };
        let waits = self.waits(run, rule);
        let ends = [self.end(first), self.end(last)];
        self.cut.ends.push(ends);
        let segment = Segment {
            forward: NONE,
            backward: NONE,
            dm: round_u32(metres * 10.0),
            forward_cs: cs(rule.forward, kmh.0, waits.0),
            backward_cs: cs(rule.backward, kmh.1, waits.1),
            name,
            class: rule.class,
            flags: flags(rule),
        };
        let segments = &mut self.cut.segments;
        segments.list.push(segment);
        segments.points.extend(run.iter().map(|&(_, at)| at));
        segments.first.push(id(segments.points.len()));
    }

    /// Milliseconds of waiting forward and backward: at the nodes inside, at an end where
    /// the road only goes on (charged on arrival, so that each passage pays once), and for
    /// boarding a ferry. At junctions the turn model charges.
    fn waits(&self, run: &[(usize, Fixed)], rule: &WayRule) -> (u32, u32) {
        let (mut forward, mut backward) = (0_u32, 0_u32);
        let last = run.len().saturating_sub(1);
        for (at, &(node, _)) in run.iter().enumerate() {
            let met = &self.nodes[node];
            let ms = self.profile.wait_ms(met);
            let ends_here = (at == 0 || at == last) && (met.blocked || self.arms[node] != 2);
            if ms == 0 || ends_here {
                continue;
            }
            let (ahead, behind) = match met.facing {
                Facing::Both => (true, true),
                Facing::Forward => (true, false),
                Facing::Backward => (false, true),
                Facing::NearEnd => nearer_ends(run, at),
            };
            forward = forward.saturating_add(if ahead && at > 0 { ms } else { 0 });
            backward = backward.saturating_add(if behind && at < last { ms } else { 0 });
        }
        if rule.class == RoadClass::Ferry {
            let boards =
                |end: Option<&(usize, Fixed)>| end.is_some_and(|&(node, _)| self.land[node]);
            let ms = self.profile.boarding_ms();
            forward = forward.saturating_add(if boards(run.first()) { ms } else { 0 });
            backward = backward.saturating_add(if boards(run.last()) { ms } else { 0 });
        }
        (forward, backward)
    }

    /// The junction at a node; a closed barrier gets a new one for every road that ends
    /// there, so that nothing passes.
    fn end(&mut self, node: usize) -> u32 {
        let known = self.junction[node];
        if known != NONE && !self.nodes[node].blocked {
            return known;
        }
        let fresh = id(self.cut.nodes.len());
        self.cut.nodes.push(id(node));
        self.junction[node] = fresh;
        fresh
    }
}

fn flags(rule: &WayRule) -> Flags {
    let set = [(rule.snap, Flags::SNAP), (rule.toll, Flags::TOLL), (rule.unpaved, Flags::UNPAVED)];
    Flags(set.iter().filter(|(is, _)| *is).map(|(_, flag)| flag).sum())
}

/// Whether the last and the first point of a run are the end nearest to one of its points;
/// both are for a point in the middle, or at an end.
fn nearer_ends(run: &[(usize, Fixed)], at: usize) -> (bool, bool) {
    let metres = |points: &[(usize, Fixed)]| length_m(points.iter().map(|&(_, at)| at));
    let (before, after) = (metres(&run[..=at]), metres(&run[at..]));
    let end = at == 0 || at + 1 == run.len();
    (end || after <= before, end || before <= after)
}

/// Speeds with and against the way. A ferry's duration is for its whole length.
fn speeds(rule: &WayRule, nodes: &[Option<(usize, Fixed)>]) -> (f64, f64) {
    match rule.speed {
        Speed::Kmh { forward, backward } => (forward, backward),
        Speed::Seconds(seconds) => {
            let metres = length_m(nodes.iter().flatten().map(|&(_, at)| at));
            // Above 0 also where all of it is one place.
            let kmh = (metres / seconds * 3.6).max(1e-3);
            (kmh, kmh)
        }
    }
}

pub(crate) fn length_m(points: impl Iterator<Item = Fixed>) -> f64 {
    let mut total = 0.0;
    let mut before = None;
    for point in points.map(Fixed::degrees) {
        if let Some(before) = before.replace(point) {
            total += point.distance_m(before);
        }
    }
    total
}
