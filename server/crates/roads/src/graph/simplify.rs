//! From ways to segments between junctions.

use super::names::Interner;
use super::{Flags, Segment, Segments};
use crate::error::BuildError;
use crate::geo::Fixed;
use crate::num::{NONE, id, ix, round_u32};
use crate::osm::{Extract, Way};
use crate::profile::{Profile, Speed, WayRule};

/// Segments are numbered below this, so that a number and a direction fit 31 bits.
const MOST_SEGMENTS: u32 = 1 << 30;

/// Cuts the roads of an extract at junctions and closed barriers. Returns the segments,
/// whose ends are numbered as they come, and how many ends there are.
pub(crate) fn segments(
    extract: &Extract,
    profile: &Profile,
) -> Result<(Segments, u32), BuildError> {
    let rules: Vec<Option<WayRule>> = extract.ways.iter().map(|w| profile.way(&w.tags)).collect();
    let mut cutter = Cutter::new(extract, profile, &rules);
    for (way, rule) in extract.ways.iter().zip(&rules) {
        if let Some(rule) = rule {
            cutter.way(way, rule);
        }
    }
    let Cutter { mut segments, names, ends, .. } = cutter;
    segments.names = names.names;
    if segments.list.is_empty() {
        let ways = extract.ways.len();
        return Err(BuildError::NoRoads { profile: profile.name.clone(), ways });
    }
    if id(segments.list.len()) >= MOST_SEGMENTS || id(segments.points.len()) == NONE {
        return Err(BuildError::TooLarge { what: "road segments", limit: MOST_SEGMENTS });
    }
    Ok((segments, ends))
}

struct Cutter<'a> {
    extract: &'a Extract,
    segments: Segments,
    names: Interner,
    /// Number of the junction at a node, [`NONE`] until it is met.
    junction: Vec<u32>,
    /// How often roads use a node; 2 or more makes it a junction.
    uses: Vec<u8>,
    blocked: Vec<bool>,
    ends: u32,
}

impl<'a> Cutter<'a> {
    fn new(extract: &'a Extract, profile: &Profile, rules: &[Option<WayRule>]) -> Self {
        let nodes = extract.node_ids.len();
        let mut uses = vec![0_u8; nodes];
        for (way, _) in extract.ways.iter().zip(rules).filter(|(_, rule)| rule.is_some()) {
            for index in way.refs.iter().filter_map(|&r| extract.node(r)) {
                uses[index] = uses[index].saturating_add(1);
            }
        }
        let mut blocked = vec![false; nodes];
        for (node, tags) in &extract.node_tags {
            blocked[ix(*node)] = profile.blocks(tags);
        }
        let mut segments = Segments::default();
        segments.first.push(0);
        Self {
            extract,
            segments,
            names: Interner::default(),
            junction: vec![NONE; nodes],
            uses,
            blocked,
            ends: 0,
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
            let cut = at + 1 == run.len() || self.uses[node] > 1 || self.blocked[node];
            if cut {
                self.segment(&run[start..=at], rule, kmh, name);
                start = at;
            }
        }
    }

    fn segment(&mut self, run: &[(usize, Fixed)], rule: &WayRule, kmh: (f64, f64), name: u32) {
        let (Some(&(first, _)), Some(&(last, _))) = (run.first(), run.last()) else { return };
        let metres = length_m(run.iter().map(|&(_, at)| at));
        // km/h to milliseconds: 3600 ms per metre at 1 km/h.
        let ms = |may: bool, kmh: f64| {
            if may { round_u32(metres * 3600.0 / kmh).min(NONE - 1) } else { NONE }
        };
        let segment = Segment {
            from: self.end(first),
            to: self.end(last),
            cm: round_u32(metres * 100.0),
            forward_ms: ms(rule.forward, kmh.0),
            backward_ms: ms(rule.backward, kmh.1),
            name,
            class: rule.class,
            flags: Flags(if rule.snap { Flags::SNAP } else { 0 }),
        };
        self.segments.list.push(segment);
        self.segments.points.extend(run.iter().map(|&(_, at)| at));
        self.segments.first.push(id(self.segments.points.len()));
    }

    /// The junction at a node; a closed barrier gets a new one for every road that ends
    /// there, so that nothing passes.
    fn end(&mut self, node: usize) -> u32 {
        let known = self.junction[node];
        if known != NONE && !self.blocked[node] {
            return known;
        }
        let fresh = self.ends;
        self.ends += 1;
        self.junction[node] = fresh;
        fresh
    }
}

/// Speeds with and against the way. A ferry's duration is for its whole length.
fn speeds(rule: &WayRule, nodes: &[Option<(usize, Fixed)>]) -> (f64, f64) {
    match rule.speed {
        Speed::Kmh { forward, backward } => (forward, backward),
        Speed::Seconds(seconds) => {
            let metres = length_m(nodes.iter().flatten().map(|&(_, at)| at));
            let kmh = (metres / seconds * 3.6).max(0.1);
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
