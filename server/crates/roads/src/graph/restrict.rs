//! From turn restrictions to sequences of roads that may not, or must, be driven.

use std::collections::BTreeMap;

use super::junctions::{Junctions, tail};
use super::simplify::Cut;
use super::{arc_label, from_label};
use crate::num::{NONE, id, ix};
use crate::osm::{Extract, Restriction};

/// Pieces of road that are looked at for one restriction over roads, and pieces in a row. On
/// the map a handful does; what needs more nobody put up, and it is not placed.
const MOST_STEPS: u32 = 2_000;
const MOST_PIECES: usize = 64;
/// Pairs of `from` and `to` roads in one restriction, likewise.
const MOST_PAIRS: usize = 256;

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
    // `type=restriction:MODE` is an older way to say it.
    let only_for = restriction.tag("type").and_then(|kind| kind.strip_prefix("restriction:"));
    let value = match only_for {
        Some(mode) if !modes.iter().any(|m| m == mode) => return None,
        Some(_) => own.or(restriction.tag("restriction"))?,
        None => own.or(plain)?,
    };
    let only = value.starts_with("only_");
    (only || value.starts_with("no_")).then_some(Kind { only, u_turn: value.ends_with("_u_turn") })
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
        if restriction.from.len().saturating_mul(restriction.to.len()) > MOST_PAIRS {
            return;
        }
        let mut steps = MOST_STEPS;
        let before = patterns.len();
        for &from in &restriction.from {
            for &to in &restriction.to {
                if let [node] = restriction.via_nodes[..] {
                    self.at_a_node(from, node, to, kind, patterns);
                } else if !restriction.via_ways.is_empty() {
                    self.over_ways(from, &restriction.via_ways, to, kind, &mut steps, patterns);
                }
            }
        }
        if steps == 0 {
            patterns.truncate(before);
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

    /// All ways to drive from one way over each of the others, in their order, into the last.
    fn over_ways(
        &self,
        from: i64,
        via: &[i64],
        to: i64,
        kind: Kind,
        steps: &mut u32,
        patterns: &mut Vec<Pattern>,
    ) {
        let index = |way: &i64| self.ways.get(way).copied();
        let via: Option<Vec<u32>> = via.iter().map(index).collect();
        let (Some(via), Some(to)) = (via, index(&to)) else { return };
        let mut open: Vec<(Vec<u32>, usize)> =
            self.pieces(from).into_iter().map(|first| (vec![first], 0)).collect();
        while let Some((path, done)) = open.pop() {
            let Some(&last) = path.last() else { continue };
            for &label in self.junctions.leaving(self.junctions.head(last)) {
                let way = self.cut.ways.get(ix(label >> 1)).copied().unwrap_or(NONE);
                let once =
                    path.len() < MOST_PIECES && path.iter().all(|driven| driven >> 1 != label >> 1);
                let mut go_on = |done: usize| {
                    *steps = steps.saturating_sub(1);
                    open.push((path.iter().copied().chain([label]).collect(), done));
                };
                if done > 0 && via.get(done - 1) == Some(&way) && once {
                    go_on(done);
                }
                if via.get(done) == Some(&way) && once {
                    go_on(done + 1);
                }
                if done == via.len() && way == to {
                    let path = path.iter().copied().chain([label]).collect();
                    patterns.push(Pattern { path, only: kind.only });
                }
            }
            if *steps == 0 {
                return;
            }
        }
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
        assert_eq!(of(&[("restriction", "only_u_turn")]), Some(Kind { u_turn: true, ..only }));
        assert_eq!(of(&[("restriction:motorcar", "no_left_turn")]), Some(no));
        assert_eq!(of(&[("restriction:hgv", "no_left_turn")]), None);
        assert_eq!(of(&[("restriction", "no_left_turn"), ("except", "psv; motorcar")]), None);
        assert_eq!(of(&[("restriction", "no_left_turn"), ("except", "psv;bicycle")]), Some(no));
        assert_eq!(of(&[("restriction", "give_way")]), None);
        let typed = |mode| of(&[("type", mode), ("restriction", "no_left_turn")]);
        assert_eq!(typed("restriction:motorcar"), Some(no));
        assert_eq!(typed("restriction:hgv"), None);
        let plain = Restriction {
            tags: vec![("restriction".into(), "no_left_turn".into())],
            ..Restriction::default()
        };
        assert_eq!(kind(&plain, &["foot".to_owned()]), None);
    }
}
