//! One shift's route with all that a constant-time look needs.
use super::context::Context;
use crate::segment::Seg;

/// One stop of a route (or its start, or its end), with the stretches up to and from it.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Node {
    pub(crate) job: u32,
    pub(crate) window: u32,
    pub(crate) loc: u32,
    /// Metres to the next node.
    pub(crate) metres: u32,
    /// From the start up to this stop, its service included.
    pub(crate) head: Seg,
    /// From this stop, its service included, to the end.
    pub(crate) tail: Seg,
}

/// Route of one shift. `nodes` holds the start, the stops, the end.
#[derive(Debug, Clone, Default)]
pub(crate) struct RouteState {
    pub(crate) nodes: Vec<Node>,
    pub(crate) metres: i64,
    pub(crate) seconds: i64,
    pub(crate) prize: i64,
    pub(crate) value: i64,
    pub(crate) load: Vec<u64>,
}

impl RouteState {
    pub(crate) fn stops(&self) -> usize {
        self.nodes.len() - 2
    }

    pub(crate) fn jobs(&self) -> impl Iterator<Item = u32> + '_ {
        self.nodes[1..self.nodes.len() - 1].iter().map(|n| n.job)
    }

    pub(super) fn copy_from(&mut self, other: &Self) {
        self.nodes.clear();
        self.nodes.extend_from_slice(&other.nodes);
        self.load.clear();
        self.load.extend_from_slice(&other.load);
        (self.metres, self.seconds) = (other.metres, other.seconds);
        (self.prize, self.value) = (other.prize, other.value);
    }
}

/// A stop alone, as a stretch.
pub(super) fn own(ctx: &Context<'_>, node: &Node) -> Seg {
    let w = ctx.windows[node.window as usize];
    Seg { dur: ctx.jobs[node.job as usize].service, early: w.early, late: w.late }
}

/// Sets the sums of a route whose nodes are up to date; false when it breaks a limit.
pub(super) fn figures(ctx: &Context<'_>, route: u32, r: &mut RouteState) -> bool {
    let shift = &ctx.shifts[route as usize];
    r.load.iter_mut().for_each(|l| *l = 0);
    (r.metres, r.seconds, r.prize, r.value) = (0, 0, 0, 0);
    let last = r.nodes.len() - 1;
    if last == 1 {
        // An unused shift drives nowhere.
        r.nodes[0].metres = 0;
        return true;
    }
    for node in &r.nodes[..last] {
        r.metres += i64::from(node.metres);
    }
    for node in &r.nodes[1..last] {
        r.prize += ctx.jobs[node.job as usize].prize;
        for (l, d) in r.load.iter_mut().zip(ctx.demand(node.job)) {
            *l += u64::from(*d);
        }
    }
    r.seconds = r.nodes[last].head.dur;
    let cost = r.metres.wrapping_mul(shift.per_metre).wrapping_add(r.seconds * shift.per_second);
    r.value = r.prize.wrapping_sub(cost).wrapping_sub(shift.fixed);
    let full = r.load.iter().enumerate().any(|(k, &l)| l > ctx.room(route, k));
    r.seconds <= shift.max_duration && last - 1 <= shift.max_jobs && !full
}
