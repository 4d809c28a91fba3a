//! The graph that is searched: its nodes are roads driven in a direction, its arcs the
//! turns between them.
//!
//! A node is a state: a directed piece of road and, where a restriction over several roads
//! has begun, what was driven before. The cost of an arc is that of driving its tail from
//! end to end and of the turn behind it, so a label at a state is the cost of having turned
//! into it. Searches leave a place by turning out of its road and reach one by driving into
//! its road from the start, which keeps all costs positive and makes two places on one road
//! no special case (but for staying on it).

use super::automaton::Automaton;
use super::junctions::{Junctions, bearing, turn_angle};
use super::restrict::{Restricted, restrict};
use super::simplify::Cut;
use super::{Segments, from_label};
use crate::ch::{Arc, Cost};
use crate::class::RoadClass;
use crate::num::{NONE, div_round, id, ix};
use crate::osm::Extract;
use crate::profile::{Facing, NodeRule, Profile, Turn};

/// A turn from one state into another.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Onto {
    pub(crate) state: u32,
    /// Centiseconds that the turn takes.
    pub(crate) cs: u32,
}

/// States with the turns that may be made behind them.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(crate) struct TurnGraph {
    /// Arc label of the road of every state.
    pub(crate) labels: Vec<u32>,
    /// Turns of state `s` are `turns[first[s]..first[s + 1]]`.
    pub(crate) first: Vec<u32>,
    pub(crate) turns: Vec<Onto>,
}

impl TurnGraph {
    pub(crate) fn states(&self) -> usize {
        self.labels.len()
    }

    pub(crate) fn turns(&self, state: u32) -> &[Onto] {
        let s = ix(state);
        match (self.first.get(s), self.first.get(s + 1)) {
            (Some(&from), Some(&to)) => self.turns.get(ix(from)..ix(to)).unwrap_or_default(),
            _ => &[],
        }
    }

    /// Whether every reference points to something that exists (checked after reading a file).
    pub(crate) fn is_sound(&self, segments: &Segments) -> bool {
        let rows = self.first.len() == self.labels.len() + 1
            && self.first.windows(2).all(|pair| pair[0] <= pair[1])
            && self.first.last().is_some_and(|&last| ix(last) == self.turns.len());
        rows && (0..id(self.states())).all(|state| self.whole(segments, state).is_some())
            && self.turns.iter().all(|onto| ix(onto.state) < self.states())
    }

    /// Cost of driving the road of a state from end to end.
    pub(crate) fn whole(&self, segments: &Segments, state: u32) -> Option<Cost> {
        let (segment, forward) = from_label(*self.labels.get(ix(state))?);
        segments.get(segment)?.whole(forward)
    }

    /// The arcs of the graph, each with the label of its tail.
    pub(crate) fn arcs(&self, segments: &Segments) -> Vec<Arc> {
        let mut arcs = Vec::with_capacity(self.turns.len());
        for (state, &label) in self.labels.iter().enumerate() {
            let tail = id(state);
            let Some(whole) = self.whole(segments, tail) else { continue };
            arcs.extend(self.turns(tail).iter().map(|onto| Arc {
                tail,
                head: onto.state,
                cost: whole + Cost::new(onto.cs, 0),
                label,
            }));
        }
        arcs
    }

    /// The same graph with its states numbered by `rank`, a number for each.
    pub(crate) fn ranked(&self, rank: &[u32]) -> Self {
        let mut by_rank = vec![NONE; self.states()];
        for (state, &rank) in rank.iter().enumerate() {
            by_rank[ix(rank)] = id(state);
        }
        let mut ranked = Self { first: vec![0], ..Self::default() };
        for state in by_rank {
            ranked.labels.push(self.labels[ix(state)]);
            let turns = self.turns(state).iter();
            ranked.turns.extend(turns.map(|onto| Onto { state: rank[ix(onto.state)], ..*onto }));
            ranked.first.push(id(ranked.turns.len()));
        }
        ranked
    }
}

/// The graph of all roads, islands included.
#[derive(Debug)]
pub(crate) struct Turned {
    pub(crate) graph: TurnGraph,
    /// So many of the first states are directed pieces of road without any history, in the
    /// order of their labels.
    pub(crate) plain: usize,
    pub(crate) restricted: Restricted,
}

/// States with a history, by the label of their road.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(crate) struct Histories(Vec<(u32, u32)>);

impl Histories {
    pub(crate) fn of(segments: &Segments, turns: &TurnGraph) -> Self {
        let numbered = turns.labels.iter().enumerate().map(|(state, &label)| (label, id(state)));
        let other = |&(label, state): &(u32, u32)| {
            let (segment, forward) = from_label(label);
            segments.get(segment).is_none_or(|s| s.state(forward) != state)
        };
        let mut found: Vec<(u32, u32)> = numbered.filter(other).collect();
        found.sort_unstable();
        Self(found)
    }

    /// The states in which a road is driven with a history.
    pub(crate) fn on(&self, label: u32) -> impl Iterator<Item = u32> {
        let start = self.0.partition_point(|&(l, _)| l < label);
        self.0.iter().skip(start).take_while(move |(l, _)| *l == label).map(|&(_, state)| state)
    }
}

/// Builds the graph of all roads.
pub(crate) fn turn_graph(
    extract: &Extract,
    cut: &Cut,
    profile: &Profile,
    nodes: &[NodeRule],
) -> Turned {
    let junctions = Junctions::new(cut);
    let restricted = restrict(extract, cut, &junctions, &profile.restriction_modes);
    let automaton = Automaton::new(&restricted.patterns);
    let mut builder = Builder {
        cut,
        profile,
        automaton: &automaton,
        labels: junctions.labels(),
        junctions: &junctions,
        nodes,
        long: Vec::new(),
    };
    builder.long = automaton.long().collect();
    Turned { graph: builder.graph(), plain: builder.labels.len(), restricted }
}

/// What is met at a junction.
struct Met {
    turn: Turn,
    delay_ms: u32,
}

struct Builder<'a> {
    cut: &'a Cut,
    profile: &'a Profile,
    junctions: &'a Junctions<'a>,
    automaton: &'a Automaton,
    labels: Vec<u32>,
    /// What the vehicle meets at the nodes of the extract.
    nodes: &'a [NodeRule],
    /// States of the automaton that are more than a road, with their roads.
    long: Vec<(u32, u32)>,
}

impl Builder<'_> {
    fn graph(&self) -> TurnGraph {
        let mut graph = TurnGraph { first: vec![0], ..TurnGraph::default() };
        let bearings: Vec<f64> = (0..2 * id(self.cut.segments.list.len()))
            .map(|label| bearing(&self.cut.segments, label))
            .collect();
        let base = self.labels.iter().map(|&label| (self.automaton.start(label), label));
        for (history, label) in base.chain(self.long.iter().copied()) {
            graph.labels.push(label);
            self.turns(history, label, &bearings, &mut graph.turns);
            graph.first.push(id(graph.turns.len()));
        }
        graph
    }

    /// Appends the turns that may be made behind a road.
    fn turns(&self, history: u32, label: u32, bearings: &[f64], to: &mut Vec<Onto>) {
        let junction = self.junctions.head(label);
        let leaving = self.junctions.leaving(junction);
        let allowed = |next: u32| self.automaton.allows(history, next);
        let ahead = leaving.iter().filter(|&&next| next != label ^ 1 && allowed(next)).count();
        let at = |label: u32| bearings.get(ix(label)).copied().unwrap_or(0.0);
        let met = self.met(junction, label);
        for &next in leaving.iter().filter(|&&next| allowed(next)) {
            let u_turn = next == label ^ 1;
            // Turning back in a junction is left to where there is no other way on.
            if u_turn && ahead > 0 && !self.profile.turns.u_turns_at_junctions {
                continue;
            }
            let angle_degrees = turn_angle(at(label ^ 1), at(next));
            let turn = Turn { angle_degrees, u_turn, ..met.turn };
            let ms = self.profile.turns.turn_ms(&turn).saturating_add(met.delay_ms);
            if let Some(state) = self.state(history, next) {
                to.push(Onto { state, cs: div_round(ms, 10) });
            }
        }
    }

    /// What a vehicle meets that comes to a junction on a road: what is the same for every
    /// way on. At a node where two roads meet the segments contain the waiting.
    fn met(&self, junction: u32, label: u32) -> Met {
        let roads = self.junctions.roads(junction);
        let node = self.cut.nodes.get(ix(junction)).and_then(|&n| self.nodes.get(ix(n)));
        let faces = |node: &&NodeRule| match node.facing {
            Facing::Both | Facing::NearEnd => true,
            Facing::Forward => from_label(label).1,
            Facing::Backward => !from_label(label).1,
        };
        let node = node.filter(faces).filter(|_| roads > 2).copied().unwrap_or_default();
        let class = |label: u32| self.cut.segments.get(from_label(label).0).map(|s| s.class);
        let leaving = self.junctions.leaving(junction).iter();
        let greatest = leaving.filter_map(|&next| class(next)).min();
        let gives_way =
            greatest.is_some_and(|c| c <= RoadClass::Tertiary && Some(c) < class(label));
        let turn = Turn {
            angle_degrees: 0.0,
            roads,
            signal: node.signal,
            u_turn: false,
            crossing_class: gives_way && !node.signal,
        };
        Met { turn, delay_ms: node.delay_ms }
    }

    /// Number of the state after turning into `next`.
    fn state(&self, history: u32, next: u32) -> Option<u32> {
        let after = self.automaton.step(history, next);
        if self.automaton.is_long(after) {
            let at = self.long.binary_search_by_key(&after, |&(state, _)| state).ok()?;
            return Some(id(self.labels.len() + at));
        }
        self.labels.binary_search(&next).ok().map(id)
    }
}
