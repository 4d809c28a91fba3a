//! One shift's route with all that a constant-time look needs.
use super::context::Context;
use super::ties::{MEETING, SECOND};
use crate::model::Break;
use crate::segment::{Seg, join};

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

impl Node {
    /// Whether the stop is a meeting of two shifts.
    pub(crate) fn is_meeting(&self) -> bool {
        self.window & MEETING != 0
    }

    /// Whether it is the second shift's stop at a meeting, whose prize the first one counts.
    pub(crate) fn is_second(&self) -> bool {
        self.is_meeting() && self.window & SECOND != 0
    }
}

/// Route of one shift. `nodes` holds the start, the stops, the end.
#[derive(Debug, Clone, Default)]
pub(crate) struct RouteState {
    pub(crate) nodes: Vec<Node>,
    pub(crate) metres: i64,
    /// From departure to finish.
    pub(crate) seconds: i64,
    /// Those of them that are paid.
    pub(crate) paid: i64,
    pub(crate) prize: i64,
    pub(crate) value: i64,
    pub(crate) load: Vec<u64>,
    pub(crate) rest: Rest,
}

/// Where the breaks of a route are.
///
/// While a route is being changed they are `loose`: they take their time at its start, at whatever hour.
/// Settling the route gives each its place and hour, or finds that it is not needed.
#[derive(Debug, Clone, Default)]
pub(crate) struct Rest {
    pub(crate) loose: bool,
    /// The first break taken; those before it are not needed since the shift leaves after them.
    pub(crate) first: usize,
    /// Nodes after which the breaks from `first` on are taken.
    pub(crate) after: Vec<u32>,
    /// Earliest departure and latest finish that leave out the others.
    pub(crate) early: i64,
    pub(crate) late: i64,
    /// Seconds of the breaks that are not paid.
    pub(crate) unpaid: i64,
}

impl Rest {
    /// Of a route about to be changed.
    pub(super) fn loosen(&mut self, ctx: &Context<'_>, route: u32) {
        let shift = &ctx.problem.shifts()[route as usize];
        self.loose = !shift.breaks.is_empty();
        self.first = 0;
        self.after.clear();
        (self.early, self.late) = (shift.window.early, shift.window.late);
        self.unpaid = unpaid(&shift.breaks);
    }

    fn copy_from(&mut self, other: &Self) {
        self.after.clear();
        self.after.extend_from_slice(&other.after);
        (self.loose, self.first) = (other.loose, other.first);
        (self.early, self.late, self.unpaid) = (other.early, other.late, other.unpaid);
    }

    /// A node's stretch with the breaks that follow it.
    pub(super) fn and_breaks(
        &self,
        ctx: &Context<'_>,
        route: u32,
        node: usize,
        own: Seg,
    ) -> Option<Seg> {
        let breaks = &ctx.problem.shifts()[route as usize].breaks;
        if self.loose && node == 0 {
            let dur = breaks.iter().map(|b| i64::from(b.duration_s)).sum();
            return Some(Seg { dur, ..own });
        }
        let mut seg = own;
        for (pause, &after) in breaks[self.first..].iter().zip(&self.after) {
            if after as usize == node {
                let (early, late) = (pause.window.early, pause.window.late);
                seg = join(seg, 0, Seg { dur: i64::from(pause.duration_s), early, late })?;
            }
        }
        Some(seg)
    }
}

pub(super) fn unpaid(breaks: &[Break]) -> i64 {
    breaks.iter().filter(|b| !b.paid).map(|b| i64::from(b.duration_s)).sum()
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
        self.rest.copy_from(&other.rest);
        (self.metres, self.seconds, self.paid) = (other.metres, other.seconds, other.paid);
        (self.prize, self.value) = (other.prize, other.value);
    }
}

/// A stop alone, as a stretch. `meetings` holds the instants agreed on.
pub(super) fn own(ctx: &Context<'_>, meetings: &[i64], node: &Node) -> Seg {
    let dur = ctx.jobs[node.job as usize].service;
    if node.is_meeting() {
        let t = meetings[((node.window & !MEETING) >> 1) as usize];
        return Seg { dur, early: t, late: t };
    }
    let w = ctx.windows[node.window as usize];
    Seg { dur, early: w.early, late: w.late }
}

/// Sets the sums of a route whose nodes are up to date; false when it breaks a limit.
pub(super) fn figures(ctx: &Context<'_>, meetings: &[i64], route: u32, r: &mut RouteState) -> bool {
    let shift = &ctx.shifts[route as usize];
    r.load.iter_mut().for_each(|l| *l = 0);
    (r.metres, r.seconds, r.paid, r.prize, r.value) = (0, 0, 0, 0, 0);
    let last = r.nodes.len() - 1;
    if last == 1 {
        // An unused shift drives nowhere.
        r.nodes[0].metres = 0;
        return true;
    }
    for node in &r.nodes[..last] {
        r.metres += i64::from(node.metres);
    }
    let mut paired = 0;
    for node in &r.nodes[1..last] {
        if node.is_meeting() {
            let t = meetings[((node.window & !MEETING) >> 1) as usize];
            let earned = ctx.jobs[node.job as usize].prize + ctx.premium_at(node.job, t);
            r.prize += if node.is_second() { 0 } else { earned };
        } else {
            r.prize += ctx.jobs[node.job as usize].prize + ctx.ties.premium(node.window);
        }
        paired += ctx.ties.paired(node.job, route);
        for (l, d) in r.load.iter_mut().zip(ctx.demand(node.job)) {
            *l += u64::from(*d);
        }
    }
    r.seconds = r.nodes[last].head.dur;
    r.paid = r.seconds - r.rest.unpaid;
    let cost = r.metres.wrapping_mul(shift.per_metre).wrapping_add(shift.cost_of(r.paid));
    r.value = r.prize.wrapping_add(paired).wrapping_sub(cost).wrapping_sub(shift.fixed);
    let full = r.load.iter().enumerate().any(|(k, &l)| l > ctx.room(route, k));
    r.seconds <= shift.max_duration && last - 1 <= shift.max_jobs && !full
}
