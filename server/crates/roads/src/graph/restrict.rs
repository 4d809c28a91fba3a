//! From turn restrictions to sequences of roads that may not, or must, be driven.

use std::collections::{BTreeMap, VecDeque};

use super::junctions::{Junctions, tail};
use super::simplify::Cut;
use super::{arc_label, from_label};
use crate::num::{NONE, id, ix};
use crate::osm::{Extract, Restriction};

/// Longest way through `via` roads that is looked for, in segments.
const MOST_VIA: usize = 32;

/// Directed pieces of road in the order they are driven, at least two; driving them all is
/// forbidden, or with `only` the last one is the only way on after the others.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Pattern {
    pub(crate) path: Vec<u32>,
    pub(crate) only: bool,
}

/// What became of the restrictions of an extract.
#[derive(Debug, Default)]
pub(crate) struct Restricted {
    pub(crate) patterns: Vec<Pattern>,
    /// Restrictions that apply to the vehicle.
    pub(crate) used: u64,
    /// Restrictions that cannot be placed on the roads: a member is missing, is no road of
    /// the vehicle, or does not touch the next.
    pub(crate) unplaced: u64,
}

/// Places the restrictions that hold for a vehicle. `modes` are its access keys from general
/// to specific.
pub(crate) fn restrict(
    extract: &Extract,
    cut: &Cut,
    junctions: &Junctions<'_>,
    modes: &[String],
) -> Restricted {
    let finder = Finder::new(extract, cut, junctions);
    let mut result = Restricted::default();
    for restriction in &extract.restrictions {
        let Some(kind) = kind(restriction, modes) else { continue };
        let before = result.patterns.len();
        finder.place(restriction, kind, &mut result.patterns);
        if result.patterns.len() == before {
            result.unplaced += 1;
        } else {
            result.used += 1;
        }
    }
    result
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct Kind {
    only: bool,
    u_turn: bool,
}

/// What a restriction says to the vehicle: the tag of its most specific mode decides, and
/// `except` lists modes it does not hold for.
fn kind(restriction: &Restriction, modes: &[String]) -> Option<Kind> {
    let excepted = |mode: &String| {
        let list = restriction.tag("except").unwrap_or_default();
        list.split(';').any(|except| except.trim() == mode)
    };
    if modes.is_empty() || modes.iter().any(excepted) {
        return None;
    }
    let own = modes.iter().rev().find_map(|mode| restriction.tag(&format!("restriction:{mode}")));
    // Without a mode a restriction is for vehicles, not for walkers.
    let plain = restriction.tag("restriction").filter(|_| modes.iter().any(|m| m == "vehicle"));
    let value = own.or(plain)?;
    let only = value.starts_with("only_");
    (only || value.starts_with("no_")).then_some(Kind { only, u_turn: value == "no_u_turn" })
}

struct Finder<'a> {
    extract: &'a Extract,
    cut: &'a Cut,
    junctions: &'a Junctions<'a>,
    /// Index of each way by its OSM id. Looked up only.
    ways: BTreeMap<i64, u32>,
    /// Junctions by the extract's node; those of a closed barrier are left out.
    at_node: Vec<u32>,
}

impl<'a> Finder<'a> {
    fn new(extract: &'a Extract, cut: &'a Cut, junctions: &'a Junctions<'a>) -> Self {
        let numbered = extract.ways.iter().enumerate();
        let ways = numbered.map(|(number, way)| (way.osm_id, id(number))).collect();
        let mut at_node = vec![NONE; extract.node_ids.len()];
        for (junction, &node) in cut.nodes.iter().enumerate() {
            at_node[ix(node)] = id(junction);
        }
        Self { extract, cut, junctions, ways, at_node }
    }

    fn place(&self, restriction: &Restriction, kind: Kind, patterns: &mut Vec<Pattern>) {
        for &from in &restriction.from {
            for &to in &restriction.to {
                if let [node] = restriction.via_nodes[..] {
                    self.at_a_node(from, node, to, kind, patterns);
                } else if !restriction.via_ways.is_empty() {
                    self.over_ways(from, &restriction.via_ways, to, kind, patterns);
                }
            }
        }
    }

    fn at_a_node(&self, from: i64, node: i64, to: i64, kind: Kind, patterns: &mut Vec<Pattern>) {
        let junction = self.extract.node(node).and_then(|n| self.at_node.get(n)).copied();
        let Some(junction) = junction.filter(|&j| j != NONE) else { return };
        let (arriving, leaving) = (self.arriving(from, junction), self.leaving(to, junction));
        for &first in &arriving {
            for &last in &leaving {
                let back = last == (first ^ 1);
                // A way that passes through its own junction does not forbid to turn back
                // unless it says so, and says nothing else when it does.
                if from != to || back == kind.u_turn {
                    patterns.push(Pattern { path: vec![first, last], only: kind.only });
                }
            }
        }
    }

    fn over_ways(&self, from: i64, via: &[i64], to: i64, kind: Kind, patterns: &mut Vec<Pattern>) {
        let via: Vec<u32> = via.iter().flat_map(|&way| self.pieces(way)).collect();
        for first in self.pieces(from) {
            let Some(path) = self.through(first, &via, to) else { continue };
            patterns.push(Pattern { path, only: kind.only });
        }
    }

    /// The shortest sequence, by pieces, from `first` over `via` into the way `to`.
    fn through(&self, first: u32, via: &[u32], to: i64) -> Option<Vec<u32>> {
        let mut queue = VecDeque::from([vec![first]]);
        while let Some(path) = queue.pop_front() {
            let junction = self.junctions.head(*path.last()?);
            if path.len() > 1
                && let Some(&last) = self.leaving(to, junction).first()
            {
                return Some(path.into_iter().chain([last]).collect());
            }
            let next = via.iter().filter(|&&label| tail(self.cut, label) == junction);
            for &label in next.filter(|label| !path.iter().any(|p| p >> 1 == **label >> 1)) {
                if path.len() <= MOST_VIA {
                    queue.push_back(path.iter().copied().chain([label]).collect());
                }
            }
        }
        None
    }

    /// Directed pieces of a way that may be driven.
    fn pieces(&self, osm_id: i64) -> Vec<u32> {
        let Some(&way) = self.ways.get(&osm_id) else { return Vec::new() };
        let start = self.cut.ways.partition_point(|&w| w < way);
        let own = self.cut.ways.iter().skip(start).take_while(|&&w| w == way).count();
        let segments = (start..start + own).map(id);
        let both = segments.flat_map(|s| [arc_label(s, true), arc_label(s, false)]);
        both.filter(|&label| self.open(label)).collect()
    }

    fn open(&self, label: u32) -> bool {
        let (segment, forward) = from_label(label);
        self.cut.segments.get(segment).is_some_and(|s| s.whole(forward).is_some())
    }

    fn arriving(&self, way: i64, junction: u32) -> Vec<u32> {
        let mut pieces = self.pieces(way);
        pieces.retain(|&label| self.junctions.head(label) == junction);
        pieces
    }

    fn leaving(&self, way: i64, junction: u32) -> Vec<u32> {
        let mut pieces = self.pieces(way);
        pieces.retain(|&label| tail(self.cut, label) == junction);
        pieces
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn of(tags: &[(&str, &str)]) -> Option<Kind> {
        let tags = tags.iter().map(|&(k, v)| (k.into(), v.into())).collect();
        let modes = ["vehicle", "motor_vehicle", "motorcar"].map(str::to_owned);
        kind(&Restriction { tags, ..Restriction::default() }, &modes)
    }

    #[test]
    fn the_most_specific_tag_decides() {
        let (no, only) = (Kind { only: false, u_turn: false }, Kind { only: true, u_turn: false });
        assert_eq!(of(&[("restriction", "no_left_turn")]), Some(no));
        assert_eq!(of(&[("restriction", "only_straight_on")]), Some(only));
        assert_eq!(of(&[("restriction", "no_u_turn")]), Some(Kind { u_turn: true, ..no }));
        assert_eq!(of(&[("restriction:motorcar", "no_left_turn")]), Some(no));
        assert_eq!(of(&[("restriction:hgv", "no_left_turn")]), None);
        assert_eq!(of(&[("restriction", "no_left_turn"), ("except", "psv; motorcar")]), None);
        assert_eq!(of(&[("restriction", "no_left_turn"), ("except", "psv;bicycle")]), Some(no));
        assert_eq!(of(&[("restriction", "give_way")]), None);
        let plain = Restriction {
            tags: vec![("restriction".into(), "no_left_turn".into())],
            ..Restriction::default()
        };
        assert_eq!(kind(&plain, &["foot".to_owned()]), None);
    }
}
