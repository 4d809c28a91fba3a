//! From the tags of a node to what the vehicle meets there.

use super::Profile;
use super::access::Access;
use crate::num::{ix, round_u32};
use crate::osm::Extract;
use crate::tags::Tags;

/// What a vehicle meets at a node.
///
/// Who charges what: at a node where three or more roads meet, the turn model adds
/// `delay_ms` to every passage and `turns.signal_s` where `signal` is set. Everywhere else
/// the segments already contain both, see `graph::simplify`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(crate) struct NodeRule {
    /// Nothing passes.
    pub(crate) blocked: bool,
    /// Milliseconds of waiting, without those for signals.
    pub(crate) delay_ms: u32,
    /// Has traffic signals.
    pub(crate) signal: bool,
    /// For whom the delay and the signals are.
    pub(crate) facing: Facing,
}

/// Which direction along its way a sign or signal is for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(crate) enum Facing {
    /// Both.
    #[default]
    Both,
    /// Those who follow the direction of the way.
    Forward,
    /// Those who go against it.
    Backward,
    /// Those who drive to the nearer end of the road: how mappers mean a stop or give-way
    /// sign without a direction.
    NearEnd,
}

impl Profile {
    /// The rules of all nodes of an extract, by index.
    pub(crate) fn nodes(&self, extract: &Extract) -> Vec<NodeRule> {
        let mut rules = vec![NodeRule::default(); extract.node_ids.len()];
        for (node, tags) in &extract.node_tags {
            if let Some(rule) = rules.get_mut(ix(*node)) {
                *rule = self.node(tags);
            }
        }
        rules
    }

    /// What the vehicle meets at a node with these tags.
    pub(crate) fn node(&self, tags: &Tags) -> NodeRule {
        NodeRule {
            blocked: self.blocks(tags),
            delay_ms: round_u32(self.delay_s(tags) * 1000.0),
            signal: tags.is("highway", "traffic_signals"),
            facing: facing(tags),
        }
    }

    /// Milliseconds of waiting at a node that is no junction, signals included.
    pub(crate) fn wait_ms(&self, node: &NodeRule) -> u32 {
        let signal = if node.signal { round_u32(self.delays.signal_s * 1000.0) } else { 0 };
        node.delay_ms.saturating_add(signal)
    }

    /// Milliseconds of boarding a ferry.
    pub(crate) fn boarding_ms(&self) -> u32 {
        round_u32(self.ferry.boarding_s * 1000.0)
    }

    fn blocks(&self, tags: &Tags) -> bool {
        let barrier = tags.get("barrier");
        if barrier.is_none() && tags.is("highway", "crossing") {
            // The access tags of a crossing are about crossing the road, not following it.
            return false;
        }
        match (self.access(tags), barrier) {
            (Some(access), _) => access == Access::Denied,
            (None, None) => false,
            (None, Some(_)) if tags.is("locked", "yes") => true,
            (None, Some(_)) if tags.is("bollard", "rising") => false,
            (None, Some(barrier)) => !self.barriers.pass.iter().any(|pass| pass == barrier),
        }
    }

    fn delay_s(&self, tags: &Tags) -> f64 {
        let delays = &self.delays;
        let highway = match tags.get("highway") {
            Some("crossing") => self.crossing_s(tags),
            Some("stop") => delays.stop_s,
            Some("give_way") => delays.give_way_s,
            Some("mini_roundabout") => delays.mini_roundabout_s,
            _ => 0.0,
        };
        let railway = match tags.get("railway") {
            Some("level_crossing" | "crossing") => delays.level_crossing_s,
            _ => 0.0,
        };
        let barrier = tags.get("barrier").and_then(|barrier| delays.barrier_s.get(barrier));
        highway + railway + barrier.copied().unwrap_or(0.0)
    }

    fn crossing_s(&self, tags: &Tags) -> f64 {
        if tags.is("crossing", "traffic_signals") || tags.is("crossing:signals", "yes") {
            return self.delays.crossing_signal_s;
        }
        match tags.get("crossing") {
            Some("no" | "unmarked") => 0.0,
            _ => self.delays.crossing_s,
        }
    }
}

fn facing(tags: &Tags) -> Facing {
    let signs = matches!(tags.get("highway"), Some("stop" | "give_way"));
    let signals = tags.is("highway", "traffic_signals");
    if !signs && !signals {
        return Facing::Both;
    }
    let of_signals = tags.get("traffic_signals:direction").filter(|_| signals);
    match of_signals.or_else(|| tags.get("direction")) {
        Some("forward") => Facing::Forward,
        Some("backward") => Facing::Backward,
        None if signs => Facing::NearEnd,
        _ => Facing::Both,
    }
}
