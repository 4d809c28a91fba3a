//! One shift's route with all that a constant-time look needs.
use super::context::Context;
use crate::cast::idx32;
use crate::model::{Arc, Break, Window};
use crate::segment::{Seg, join};

/// Bit of a node's window that says: not a window of the problem, but the instant of a meeting.
const MEETING: u32 = 1 << 31;
/// Bit of a meeting's window that says: the second of the two.
pub(super) const SECOND: u32 = 1;

/// What stands for a window in the first node of a meeting: the job's number among those for two.
pub(super) fn meeting_window(crew: usize) -> u32 {
    MEETING | idx32(crew) << 1
}

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

    /// The job's number among those for two, if the stop is a meeting.
    pub(crate) fn meeting(&self) -> Option<usize> {
        self.is_meeting().then_some(((self.window & !MEETING) >> 1) as usize)
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
        self.unpaid = shift.breaks.iter().map(Break::unpaid_s).sum();
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
                seg = join(seg, 0, Seg::pause(pause))?;
            }
        }
        Some(seg)
    }
}

impl RouteState {
    pub(crate) fn stops(&self) -> usize {
        self.nodes.len() - 2
    }

    /// The nodes between start and end.
    pub(crate) fn visits(&self) -> &[Node] {
        &self.nodes[1..self.nodes.len() - 1]
    }

    pub(crate) fn jobs(&self) -> impl Iterator<Item = u32> + '_ {
        self.visits().iter().map(|n| n.job)
    }

    /// The stops, each with its window.
    pub(crate) fn in_windows(&self) -> impl Iterator<Item = (u32, u32)> + '_ {
        self.visits().iter().map(|n| (n.job, n.window))
    }

    /// Whether another shift is met on it.
    pub(crate) fn meets(&self) -> bool {
        self.visits().iter().any(Node::is_meeting)
    }

    /// A node's own stretch and the breaks after it.
    fn stretch(&self, ctx: &Context<'_>, meetings: &[i64], route: u32, i: usize) -> Option<Seg> {
        let shift = &ctx.shifts[route as usize];
        let last = self.nodes.len() - 1;
        let seg = if i == 0 {
            Seg::new(0, Window::new(self.rest.early, shift.window.late))
        } else if i == last {
            let window = Window::new(shift.window.early, self.rest.late);
            return (window.early <= window.late).then_some(Seg::new(0, window));
        } else {
            own(ctx, meetings, &self.nodes[i])
        };
        if shift.has_breaks { self.rest.and_breaks(ctx, route, i, seg) } else { Some(seg) }
    }

    /// Recomputes heads from node `ahead` on, tails from node `behind` back, and the figures. False when
    /// it cannot be driven.
    pub(super) fn refresh(
        &mut self,
        ctx: &Context<'_>,
        meetings: &[i64],
        route: u32,
        (ahead, behind): (usize, usize),
    ) -> bool {
        let last = self.nodes.len() - 1;
        let mut ok = true;
        for i in ahead..=last {
            let own = self.stretch(ctx, meetings, route, i);
            let head = if i == 0 {
                own
            } else {
                let a = self.nodes[i - 1];
                let leg = ctx.leg(a.loc, self.nodes[i].loc);
                self.nodes[i - 1].metres = leg.metres;
                own.and_then(|own| join(a.head, i64::from(leg.seconds), own))
            };
            match head {
                Some(head) => self.nodes[i].head = head,
                None => ok = false,
            }
        }
        for i in (0..=behind.min(last)).rev() {
            let own = self.stretch(ctx, meetings, route, i);
            let tail = if i == last {
                own
            } else {
                let b = self.nodes[i + 1];
                let leg = ctx.leg(self.nodes[i].loc, b.loc);
                own.and_then(|own| join(own, i64::from(leg.seconds), b.tail))
            };
            match tail {
                Some(tail) => self.nodes[i].tail = tail,
                None => ok = false,
            }
        }
        figures(ctx, meetings, route, self) && ok
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

/// From the start by way of node `p`, a stretch of one's own and node `q` to the end; `None` when that cannot
/// be driven in time.
#[inline]
pub(super) fn between(p: &Node, there: Arc, own: Seg, onward: Arc, q: &Node) -> Option<Seg> {
    let head = join(p.head, i64::from(there.seconds), own)?;
    join(head, i64::from(onward.seconds), q.tail)
}

/// A stop alone, as a stretch. `meetings` holds the instants agreed on.
fn own(ctx: &Context<'_>, meetings: &[i64], node: &Node) -> Seg {
    let window = node.meeting().map_or_else(
        || ctx.windows[node.window as usize],
        |crew| Window::new(meetings[crew], meetings[crew]),
    );
    Seg::new(ctx.jobs[node.job as usize].service, window)
}

/// Sets the sums of a route whose nodes are up to date; false when it breaks a limit.
fn figures(ctx: &Context<'_>, meetings: &[i64], route: u32, r: &mut RouteState) -> bool {
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
        if !node.is_second() {
            r.prize += ctx.jobs[node.job as usize].prize + premium(ctx, meetings, node);
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

/// What starting a stop when it does earns beyond its prize.
fn premium(ctx: &Context<'_>, meetings: &[i64], node: &Node) -> i64 {
    node.meeting().map_or_else(
        || ctx.ties.premium(node.window),
        |crew| ctx.problem.jobs()[node.job as usize].premium_at(meetings[crew]).unwrap_or(0),
    )
}
