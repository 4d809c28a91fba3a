//! A town as it is written into a map, and the search over it.

use std::cmp::Reverse;
use std::collections::{BTreeMap, BinaryHeap};

use crate::osm::encode::{Member, Writer};
use crate::tests::{METRE, at};
use crate::{LatLon, Network, Profile};

/// Pieces of road remembered: more than the longest restriction has before its last way.
const REMEMBERED: usize = 5;
const U_TURN_S: f64 = 20.0;
/// Residential, 25 km/h.
const SECONDS_PER_METRE: f64 = 0.144;

/// A turn has no price but turning back.
fn profile() -> Profile {
    let mut profile = Profile::car();
    profile.turns.most_s = 0.0;
    profile.turns.u_turn_s = U_TURN_S;
    profile
}

#[derive(Debug, Clone)]
pub(super) struct Street {
    /// Nodes, counted from 0.
    pub(super) nodes: Vec<usize>,
    pub(super) with: bool,
    pub(super) against: bool,
}

#[derive(Debug, Clone)]
pub(super) enum Via {
    Node(usize),
    Ways(Vec<usize>),
}

#[derive(Debug, Clone)]
pub(super) struct Rule {
    pub(super) from: Vec<usize>,
    pub(super) via: Via,
    pub(super) to: usize,
    pub(super) value: &'static str,
}

#[derive(Debug, Clone)]
pub(super) struct Town {
    /// Metres east and north.
    pub(super) nodes: Vec<(f64, f64)>,
    pub(super) closed: Option<usize>,
    pub(super) streets: Vec<Street>,
    pub(super) rules: Vec<Rule>,
}

/// A straight piece of a street driven in a direction.
type Piece = (usize, usize, bool);

fn back((street, at, with): Piece) -> Piece {
    (street, at, !with)
}

impl Town {
    fn ends(&self, (street, at, with): Piece) -> (usize, usize) {
        let nodes = &self.streets[street].nodes;
        if with { (nodes[at], nodes[at + 1]) } else { (nodes[at + 1], nodes[at]) }
    }

    fn seconds(&self, piece: Piece) -> f64 {
        let (a, b) = self.ends(piece);
        let (a, b) = (self.nodes[a], self.nodes[b]);
        libm::hypot(a.0 - b.0, a.1 - b.1) * SECONDS_PER_METRE
    }

    fn leaving(&self, node: usize) -> Vec<Piece> {
        let mut found = Vec::new();
        for (number, street) in self.streets.iter().enumerate() {
            for at in 0..street.nodes.len() - 1 {
                for with in [true, false] {
                    let open = if with { street.with } else { street.against };
                    if open && self.ends((number, at, with)).0 == node {
                        found.push((number, at, with));
                    }
                }
            }
        }
        found
    }

    /// Whether what was driven is what a rule speaks of, up to the node before `to`.
    fn matches(&self, rule: &Rule, driven: &[Piece]) -> bool {
        let (last, node) = (driven[driven.len() - 1], self.ends(driven[driven.len() - 1]).1);
        match &rule.via {
            Via::Node(via) => node == *via && rule.from.contains(&last.0),
            Via::Ways(ways) => {
                let mut rest = driven;
                for way in ways.iter().rev() {
                    let run = rest.iter().rev().take_while(|piece| piece.0 == *way).count();
                    let turned = rest[rest.len() - run..].windows(2).any(|p| p[0].2 != p[1].2);
                    if run == 0 || turned {
                        return false;
                    }
                    rest = &rest[..rest.len() - run];
                }
                rest.last().is_some_and(|first| rule.from.contains(&first.0))
            }
        }
    }

    fn forbidden(&self, driven: &[Piece], next: Piece) -> bool {
        let last = driven[driven.len() - 1];
        let node = self.ends(last).1;
        if self.closed == Some(node) {
            // Nothing is placed at a closed barrier: there is only one way on.
            return next != back(last);
        }
        // What one way of coming here leaves open is said by all its `only` rules together.
        let mut only: BTreeMap<Vec<usize>, bool> = BTreeMap::new();
        for rule in self.rules.iter().filter(|rule| self.matches(rule, driven)) {
            let hit = next.0 == rule.to
                && (!rule.from.contains(&rule.to)
                    || matches!(rule.via, Via::Ways(_))
                    || (next == back(last)) == rule.value.ends_with("u_turn"));
            if rule.value.starts_with("no_") {
                if hit {
                    return true;
                }
            } else if self.leaving(node).iter().any(|piece| piece.0 == rule.to) {
                let way = match &rule.via {
                    Via::Node(_) => Vec::new(),
                    Via::Ways(ways) => ways.clone(),
                };
                *only.entry(way).or_default() |= hit;
            }
        }
        only.values().any(|allowed| !allowed)
    }

    fn onward(&self, driven: &[Piece]) -> Vec<Piece> {
        let last = driven[driven.len() - 1];
        let node = self.ends(last).1;
        let mut open = self.leaving(node);
        open.retain(|&next| !self.forbidden(driven, next));
        let ahead: Vec<Piece> = open.iter().copied().filter(|&next| next != back(last)).collect();
        if ahead.is_empty() { open } else { ahead }
    }

    /// Seconds from a home to the beginning of every piece.
    pub(super) fn search(&self, home: Home) -> BTreeMap<Piece, f64> {
        let mut queue = BinaryHeap::new();
        let mut done: BTreeMap<Vec<Piece>, ()> = BTreeMap::new();
        let mut best: BTreeMap<Piece, f64> = BTreeMap::new();
        let street = &self.streets[home.street];
        for (with, open) in [(true, street.with), (false, street.against)] {
            if open {
                let piece = (home.street, home.piece, with);
                let left = if with { 1.0 - home.share } else { home.share };
                let cost = self.seconds(piece) * left;
                queue.push(Reverse((cost.to_bits(), vec![piece])));
            }
        }
        while let Some(Reverse((bits, driven))) = queue.pop() {
            if done.insert(driven.clone(), ()).is_some() {
                continue;
            }
            for next in self.onward(&driven) {
                let turn = if next == back(driven[driven.len() - 1]) { U_TURN_S } else { 0.0 };
                let cost = f64::from_bits(bits) + turn;
                let known = best.entry(next).or_insert(f64::INFINITY);
                *known = known.min(cost);
                let skip = (driven.len() + 1).saturating_sub(REMEMBERED);
                let now = driven.iter().copied().skip(skip).chain([next]).collect();
                queue.push(Reverse(((cost + self.seconds(next)).to_bits(), now)));
            }
        }
        best
    }

    pub(super) fn between(&self, from: Home, to: Home, best: &BTreeMap<Piece, f64>) -> Option<f64> {
        let street = &self.streets[to.street];
        let mut found = f64::INFINITY;
        for (with, open) in [(true, street.with), (false, street.against)] {
            let piece = (to.street, to.piece, with);
            let whole = self.seconds(piece);
            if let Some(cost) = best.get(&piece) {
                found = found.min(cost + whole * if with { to.share } else { 1.0 - to.share });
            }
            let same = (from.street, from.piece) == (to.street, to.piece);
            let along = if with { to.share - from.share } else { from.share - to.share };
            if same && (open && along > 0.0 || along == 0.0) {
                found = found.min(along * whole);
            }
        }
        found.is_finite().then_some(found)
    }

    pub(super) fn turns_round(&self) -> bool {
        let ends = |node: &usize| self.streets.iter().filter(|s| s.nodes.contains(node)).count();
        (0..self.nodes.len()).any(|node| ends(&node) == 1)
    }

    pub(super) fn at(&self, home: Home) -> LatLon {
        let (a, b) = self.ends((home.street, home.piece, true));
        let (a, b) = (self.nodes[a], self.nodes[b]);
        at(a.0 + (b.0 - a.0) * home.share, a.1 + (b.1 - a.1) * home.share)
    }

    pub(super) fn network(&self) -> Network {
        let id = |n: usize| i64::try_from(n).unwrap() + 1;
        let refs: Vec<Vec<i64>> =
            self.streets.iter().map(|s| s.nodes.iter().map(|&n| id(n)).collect()).collect();
        let members: Vec<Vec<Member<'_>>> = self.rules.iter().map(Rule::members).collect();
        let tags: Vec<[(&str, &str); 2]> = self
            .rules
            .iter()
            .map(|r| [("type", "restriction"), ("restriction", r.value)])
            .collect();
        let node = |(n, &(east, north)): (usize, &(f64, f64))| {
            let closed: &[_] = &[("barrier", "bollard")];
            let tags = if self.closed == Some(n) { closed } else { &[] };
            (id(n), north * METRE, east * METRE, tags)
        };
        let way = |(n, street): (usize, &Street)| -> (i64, &[i64], &[(&str, &str)]) {
            let tags: &[_] = match (street.with, street.against) {
                (true, true) => &[("highway", "residential")],
                (true, false) => &[("highway", "residential"), ("oneway", "yes")],
                _ => &[("highway", "residential"), ("oneway", "-1")],
            };
            (id(n), &refs[n], tags)
        };
        let map = Writer {
            nodes: self.nodes.iter().enumerate().map(node).collect(),
            ways: self.streets.iter().enumerate().map(way).collect(),
            relations: members.iter().zip(&tags).map(|(m, t)| (&m[..], &t[..])).collect(),
            ..Writer::default()
        };
        Network::build(&map.to_pbf(), &profile(), &mut |_| {}).unwrap()
    }
}

impl Rule {
    fn members(&self) -> Vec<Member<'static>> {
        let id = |n: &usize| i64::try_from(*n).unwrap() + 1;
        let mut members: Vec<Member<'_>> =
            self.from.iter().map(|way| ("from", true, id(way))).collect();
        match &self.via {
            Via::Node(node) => members.push(("via", false, id(node))),
            Via::Ways(ways) => members.extend(ways.iter().map(|way| ("via", true, id(way)))),
        }
        members.push(("to", true, id(&self.to)));
        members
    }
}

/// A place on a straight piece of a street.
#[derive(Debug, Clone, Copy)]
pub(super) struct Home {
    pub(super) street: usize,
    pub(super) piece: usize,
    pub(super) share: f64,
}
