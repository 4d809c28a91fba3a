//! Cheapest place of a job in a route: constant time a position.
use super::context::{Context, JobData, Legs, ShiftData};
use super::route::{Node, RouteState, between};
use super::state::State;
use crate::cast::idx32;
use crate::segment::Seg;

/// Nearest jobs beside which [`near_places`] looks.
pub(crate) const NEAR: usize = 40;
/// Columns whose admission fits into one word.
const MASKED: usize = 128;

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
    state: &State,
    shift: u32,
    job: u32,
    price: i64,
) -> Place {
    if !admits(ctx, state, shift, job) {
        return Place::NO;
    }
    let route = &state.routes[shift as usize];
    let mut scan = Scan::new(ctx, route, shift, job, price);
    let (from, to) = in_order(ctx, route, job);
    scan.edges(from, to);
    scan.done()
}

/// The cheapest place again after a stop was put behind node `at`, when it was `old` before. Looks at
/// the old place and the two new ones only: elsewhere a place can hardly have become better.
pub(crate) fn place_again(
    ctx: &Context<'_>,
    state: &State,
    (shift, job): (u32, u32),
    price: i64,
    at: usize,
    old: &Place,
) -> Place {
    if ctx.ties.rank(job).is_some() {
        return best_place(ctx, state, shift, job, price);
    }
    if !admits(ctx, state, shift, job) {
        return Place::NO;
    }
    let route = &state.routes[shift as usize];
    let mut scan = Scan::new(ctx, route, shift, job, price);
    let before = old.at as usize;
    if before != at {
        let now = if before > at { before + 1 } else { before };
        scan.edges(now, now + 1);
    }
    if scan.best.exists() {
        scan.edges(at, at + 2);
    } else {
        scan.edges(0, route.nodes.len() - 1);
    }
    scan.done()
}

/// As [`best_place`] for several routes at once, looking only beside the stops nearest to the job and at
/// both ends of the routes. `columns` says which entry of `row` belongs to a route, `NONE` for routes
/// that are not asked. Entries of routes that cannot take the job stay [`Place::NO`].
pub(crate) fn near_places(
    ctx: &Context<'_>,
    state: &State,
    job: u32,
    price: i64,
    (columns, active): (&[u32], &[u32]),
    row: &mut [Place],
) {
    if ctx.ties.rank(job).is_some() {
        for (place, &shift) in row.iter_mut().zip(active) {
            *place = best_place(ctx, state, shift, job, price);
        }
        return;
    }
    // Whether a route admits the job is asked once, not beside each of its stops.
    let mut admitted = 0_u128;
    for (c, &shift) in active.iter().enumerate() {
        if !admits(ctx, state, shift, job) {
            continue;
        }
        admitted |= 1_u128.checked_shl(idx32(c)).unwrap_or(0);
        let mut scan = Scan::new(ctx, &state.routes[shift as usize], shift, job, price);
        scan.edges(0, 1);
        let last = scan.route.nodes.len() - 1;
        if last > 1 {
            scan.edges(last - 1, last);
        }
        row[c] = scan.done();
    }
    for &near in ctx.near(job).iter().take(NEAR) {
        let shift = state.route_of[near as usize];
        if shift == super::context::NONE {
            continue;
        }
        let c = columns[shift as usize] as usize;
        if c >= row.len() {
            continue;
        }
        let known = c < MASKED;
        if known && admitted >> c & 1 == 0 || !known && !admits(ctx, state, shift, job) {
            continue;
        }
        let at = state.position(near);
        let mut scan = Scan::new(ctx, &state.routes[shift as usize], shift, job, price);
        if row[c].exists() {
            scan.key = row[c].cost + row[c].seconds * price;
            scan.best = row[c];
        }
        scan.edges(at - 1, at + 1);
        row[c] = scan.done();
    }
}

/// Whether a route may take a job at all, wherever there is room.
pub(crate) fn admits(ctx: &Context<'_>, state: &State, shift: u32, job: u32) -> bool {
    let route = &state.routes[shift as usize];
    route.stops() < ctx.shifts[shift as usize].max_jobs
        && ctx.allowed(job, shift)
        && carries(ctx, route, shift, job)
        && state.apart(ctx, job, shift)
}

/// The nodes between which the order of ranks lets a job go.
pub(crate) fn in_order(ctx: &Context<'_>, route: &RouteState, job: u32) -> (usize, usize) {
    let last = route.nodes.len() - 1;
    let Some(own) = ctx.ties.rank(job) else { return (0, last) };
    let rank = |n: &Node| ctx.ties.rank(n.job);
    let stops = route.visits();
    let below = stops.iter().rposition(|n| rank(n).is_some_and(|r| r < own));
    let above = stops.iter().position(|n| rank(n).is_some_and(|r| r > own));
    (below.map_or(0, |at| at + 1), above.map_or(last, |at| at + 1))
}

fn carries(ctx: &Context<'_>, route: &RouteState, shift: u32, job: u32) -> bool {
    let loads = route.load.iter().zip(ctx.demand(job)).enumerate();
    loads.into_iter().all(|(k, (l, d))| l + u64::from(*d) <= ctx.room(shift, k))
}

/// A look at some places of one job in one route.
struct Scan<'a> {
    ctx: &'a Context<'a>,
    route: &'a RouteState,
    shift: &'a ShiftData,
    job: &'a JobData,
    legs: Legs<'a>,
    price: i64,
    /// What the present route pays for its time.
    time_cost: i64,
    best: Place,
    key: i64,
}

impl<'a> Scan<'a> {
    fn new(ctx: &'a Context<'_>, route: &'a RouteState, shift: u32, job: u32, price: i64) -> Self {
        let shift = &ctx.shifts[shift as usize];
        let job = &ctx.jobs[job as usize];
        let legs = ctx.legs(job.loc);
        let time_cost = shift.cost_of(route.paid);
        Self { ctx, route, shift, job, legs, price, time_cost, best: Place::NO, key: i64::MAX }
    }

    fn done(self) -> Place {
        let mut best = self.best;
        if best.exists() && self.route.stops() == 0 {
            best.cost += self.shift.fixed;
        }
        best
    }

    /// Looks behind the nodes from `from` on, before `to`.
    #[inline]
    fn edges(&mut self, from: usize, to: usize) {
        for w in self.job.own_windows() {
            self.edges_in(w, from, to);
        }
    }

    #[inline]
    fn edges_in(&mut self, window: u32, from: usize, to: usize) {
        let own = Seg::new(self.job.service, self.ctx.windows[window as usize]);
        let ready = own.ready();
        let premium = self.ctx.ties.premium(window);
        for (i, pair) in self.route.nodes[from..=to].windows(2).enumerate() {
            let (p, q): (&Node, &Node) = (&pair[0], &pair[1]);
            // Heads only get later along the route, tails' latest starts too.
            if p.head.ready() > own.late {
                break;
            }
            if ready > q.tail.late {
                continue;
            }
            let (a, b) = (self.legs.to(p.loc), self.legs.from(q.loc));
            let metres = i64::from(a.metres) + i64::from(b.metres) - i64::from(p.metres);
            let way = metres.wrapping_mul(self.shift.per_metre) - premium;
            if way >= self.key {
                continue;
            }
            let Some(all) = between(p, a, own, b, q) else { continue };
            if all.dur > self.shift.max_duration {
                continue;
            }
            let paid = all.dur - self.route.rest.unpaid;
            let seconds = paid - self.route.paid;
            let cost = way + self.shift.cost_of(paid) - self.time_cost;
            let key = cost + seconds * self.price;
            if key < self.key {
                self.key = key;
                self.best = Place { cost, seconds, at: idx32(from + i), window };
            }
        }
    }
}

/// Behind the last stop of a route, if the job fits there: for routes given in order.
pub(crate) fn last_place(
    ctx: &Context<'_>,
    state: &State,
    shift: u32,
    job: u32,
) -> Option<(usize, u32)> {
    let route = &state.routes[shift as usize];
    let s = &ctx.shifts[shift as usize];
    if !admits(ctx, state, shift, job) || in_order(ctx, route, job).1 + 1 < route.nodes.len() {
        return None;
    }
    let data = &ctx.jobs[job as usize];
    let at = route.nodes.len() - 2;
    let (p, q) = (&route.nodes[at], &route.nodes[at + 1]);
    let legs = ctx.legs(data.loc);
    data.own_windows().find_map(|w| {
        let own = Seg::new(data.service, ctx.windows[w as usize]);
        let all = between(p, legs.to(p.loc), own, legs.from(q.loc), q)?;
        (all.dur <= s.max_duration).then_some((at, w))
    })
}

#[cfg(test)]
mod tests {
    use super::super::testing::{problem, three};
    use super::*;
    use crate::model::Window;

    #[test]
    fn first_job_pays_the_whole_round() {
        let p = problem(three());
        let ctx = Context::new(&p);
        let state = State::new(&ctx);
        // out 200 s, serve 60 s, back 200 s = 460 s at 2 = 920
        let place = best_place(&ctx, &state, 0, 1, 1);
        assert_eq!((place.cost, place.seconds, place.at), (920, 460, 0));
    }

    #[test]
    fn a_job_on_the_way_pays_its_service_only() {
        let p = problem(three());
        let ctx = Context::new(&p);
        let mut state = State::new(&ctx);
        state.insert(&ctx, 0, 0, 1, 1);
        // 100 s + 100 s of way were driven anyway: 60 s at 2 = 120
        let place = best_place(&ctx, &state, 0, 0, 1);
        assert_eq!((place.cost, place.seconds, place.at), (120, 60, 0));
        // the far one: 2 * 100 s further + 60 s = 260 s at 2 = 520
        assert_eq!(best_place(&ctx, &state, 0, 2, 1).cost, 520);
    }

    #[test]
    fn waiting_counts_and_a_filled_wait_is_free() {
        let (m, mut jobs, shifts) = three();
        jobs[0].windows = vec![Window::new(0, 50)]; // 100 s away: missed unless from the base early
        jobs[1].windows = vec![Window::new(600, 700)];
        jobs[0].windows[0].late = 150;
        let p = problem((m, jobs, shifts));
        let ctx = Context::new(&p);
        let mut state = State::new(&ctx);
        state.insert(&ctx, 0, 0, 0, 0);
        // job 0 starts by 150 and ends by 210, job 1 is reached by 310 and opens at 600: waits 290.
        // route before: 100 + 60 + 100 = 260 s; after: 100 + 60 + 100 + 290 + 60 + 200 = 810 s
        let place = best_place(&ctx, &state, 0, 1, 1);
        assert_eq!((place.seconds, place.cost, place.at), (550, 1100, 1));
        state.insert(&ctx, 0, 1, 1, place.window);
        assert_eq!(state.routes[0].seconds, 810);
        // job 2 (no window) after job 1: 100 + 60 + 300 - 200 = 260 s; between: job 0 ends by 210,
        // 200 s on, 60 s served, 100 s back = 570, inside the wait: nothing
        let place = best_place(&ctx, &state, 0, 2, 1);
        assert_eq!((place.seconds, place.cost, place.at), (0, 0, 1));
    }

    #[test]
    fn refuses_what_does_not_fit() {
        let (m, jobs, mut shifts) = three();
        shifts[0].max_duration_s = 459;
        let p = problem((m.clone(), jobs.clone(), shifts.clone()));
        let ctx = Context::new(&p);
        // 460 s are needed, see above
        assert!(!best_place(&ctx, &State::new(&ctx), 0, 1, 1).exists());
        shifts[0].max_duration_s = 460;
        shifts[0].max_jobs = Some(0);
        let p = problem((m, jobs, shifts));
        let ctx = Context::new(&p);
        assert!(!best_place(&ctx, &State::new(&ctx), 0, 1, 1).exists());
    }

    #[test]
    fn looking_again_finds_the_new_place() {
        let p = problem(three());
        let ctx = Context::new(&p);
        let mut state = State::new(&ctx);
        let old = best_place(&ctx, &state, 0, 0, 1);
        state.insert(&ctx, 0, 0, 2, 2);
        // on the way to the farthest: 60 s at 2
        let new = place_again(&ctx, &state, (0, 0), 1, 0, &old);
        assert_eq!((new.cost, new), (120, best_place(&ctx, &state, 0, 0, 1)));
    }
}
