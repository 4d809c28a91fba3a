//! Cheapest place of a job in a route: constant time a position.
use super::context::{Context, JobData};
use super::state::{Node, RouteState};
use crate::model::Window;
use crate::segment::{Seg, join};

/// A place for a job, and what it takes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Place {
    /// Metres and seconds at the shift's price, fixed cost of an unused shift included.
    pub(crate) cost: i64,
    /// Seconds the route gets longer.
    pub(crate) seconds: i64,
    /// After this node.
    pub(crate) at: u32,
    /// In this window.
    pub(crate) window: u32,
}

impl Place {
    pub(crate) const NO: Self = Self { cost: i64::MAX, seconds: 0, at: 0, window: 0 };

    pub(crate) fn exists(&self) -> bool {
        self.cost != i64::MAX
    }
}

/// Cheapest place by `cost + price * seconds`, or [`Place::NO`]. `price` is what a second of the shift is
/// worth to others, micro-units.
pub(crate) fn best_place(
    ctx: &Context<'_>,
    route: &RouteState,
    shift: u32,
    job: u32,
    price: i64,
) -> Place {
    let s = &ctx.shifts[shift as usize];
    let stops = route.stops();
    if stops >= s.max_jobs || !ctx.allowed(job, shift) || !carries(ctx, route, shift, job) {
        return Place::NO;
    }
    let data = &ctx.jobs[job as usize];
    let mut best = Place::NO;
    let mut best_key = i64::MAX;
    for w in data.first_window..data.first_window + data.windows {
        scan(ctx, route, shift, (data, w), price, (&mut best, &mut best_key));
    }
    if stops == 0 && best.exists() {
        best.cost += s.fixed;
    }
    best
}

fn carries(ctx: &Context<'_>, route: &RouteState, shift: u32, job: u32) -> bool {
    let loads = route.load.iter().zip(ctx.demand(job)).enumerate();
    loads.into_iter().all(|(k, (l, d))| l + u64::from(*d) <= ctx.room(shift, k))
}

#[inline]
fn scan(
    ctx: &Context<'_>,
    route: &RouteState,
    shift: u32,
    (data, w): (&JobData, u32),
    price: i64,
    (best, best_key): (&mut Place, &mut i64),
) {
    let s = &ctx.shifts[shift as usize];
    let Window { early, late } = ctx.windows[w as usize];
    let own = Seg { dur: data.service, early, late };
    let ready = own.ready();
    let legs = ctx.legs(data.loc);
    for (at, pair) in route.nodes.windows(2).enumerate() {
        let (p, q): (&Node, &Node) = (&pair[0], &pair[1]);
        // Heads only get later along the route, tails' latest starts too.
        if p.head.ready() > late {
            break;
        }
        if ready > q.tail.late {
            continue;
        }
        let (a, b) = (legs.to(p.loc), legs.from(q.loc));
        let metres = i64::from(a.metres) + i64::from(b.metres) - i64::from(p.metres);
        let way = metres.wrapping_mul(s.per_metre);
        if way >= *best_key {
            continue;
        }
        let Some(head) = join(p.head, i64::from(a.seconds), own) else { continue };
        let Some(all) = join(head, i64::from(b.seconds), q.tail) else { continue };
        if all.dur > s.max_duration {
            continue;
        }
        let seconds = all.dur - route.seconds;
        let cost = way + seconds * s.per_second;
        let key = cost + seconds * price;
        if key < *best_key {
            *best_key = key;
            *best = Place { cost, seconds, at: crate::cast::idx32(at), window: w };
        }
    }
}

/// Behind the last stop of a route, if the job fits there: for routes given in order.
pub(crate) fn last_place(
    ctx: &Context<'_>,
    state: &super::state::State,
    shift: u32,
    job: u32,
) -> Option<(usize, u32)> {
    let route = &state.routes[shift as usize];
    let s = &ctx.shifts[shift as usize];
    if route.stops() >= s.max_jobs || !ctx.allowed(job, shift) || !carries(ctx, route, shift, job) {
        return None;
    }
    let data = &ctx.jobs[job as usize];
    let at = route.nodes.len() - 2;
    let (p, q) = (&route.nodes[at], &route.nodes[at + 1]);
    let legs = ctx.legs(data.loc);
    (data.first_window..data.first_window + data.windows).find_map(|w| {
        let Window { early, late } = ctx.windows[w as usize];
        let own = Seg { dur: data.service, early, late };
        let head = join(p.head, i64::from(legs.to(p.loc).seconds), own)?;
        let all = join(head, i64::from(legs.from(q.loc).seconds), q.tail)?;
        (all.dur <= s.max_duration).then_some((at, w))
    })
}
