//! Routes under change: stops go in and come out, and all figures follow.
use super::context::{Context, NONE};
use super::journal::Journal;
use super::route::{Node, RouteState};
use super::shared::Shared;
use crate::cast::idx32;
use crate::model::{Meeting, Route};
use crate::segment::Seg;

#[derive(Debug)]
pub(crate) struct State {
    pub(crate) routes: Vec<RouteState>,
    /// Shift that serves a job, or `NONE`.
    pub(crate) route_of: Vec<u32>,
    /// Jobs served and jobs not served, each in any order, and where each job stands in its list.
    pub(crate) served: Vec<u32>,
    pub(crate) unserved: Vec<u32>,
    place: Vec<u32>,
    /// Position of a served job among its route's nodes.
    pub(super) at: Vec<u32>,
    pub(crate) value: i64,
    pub(crate) seconds: i64,
    pub(crate) prize: i64,
    /// What prizes count for in decisions, 1024ths; [`Self::value`] knows nothing of it.
    pub(crate) boost: i64,
    pub(crate) missing_required: usize,
    /// Shifts without a stop.
    pub(crate) empty: Vec<u32>,
    /// Meetings and what routes have in common.
    pub(crate) shared: Shared,
    pub(super) journal: Journal,
}

impl State {
    pub(crate) fn new(ctx: &Context<'_>) -> Self {
        let n = idx32(ctx.jobs.len());
        let shifts = idx32(ctx.shifts.len());
        let mut state = Self {
            routes: vec![RouteState::default(); ctx.shifts.len()],
            route_of: vec![NONE; ctx.jobs.len()],
            served: Vec::new(),
            unserved: (0..n).collect(),
            place: (0..n).collect(),
            at: vec![0; ctx.jobs.len()],
            value: 0,
            seconds: 0,
            prize: 0,
            boost: 1024,
            missing_required: ctx.jobs.iter().filter(|j| j.required).count(),
            empty: (0..shifts).collect(),
            shared: Shared::new(ctx),
            journal: Journal::new(ctx.shifts.len()),
        };
        for (k, s) in ctx.shifts.iter().enumerate() {
            let seg = Seg::new(0, s.window);
            let node = |loc| Node { job: NONE, window: 0, loc, metres: 0, head: seg, tail: seg };
            state.routes[k].nodes = vec![node(s.start), node(s.end)];
            state.routes[k].load = vec![0; ctx.kinds];
            state.routes[k].rest.loosen(ctx, idx32(k));
            if s.has_breaks {
                state.refresh(ctx, idx32(k), 0, 1);
            }
        }
        state
    }

    fn set_served(&mut self, ctx: &Context<'_>, job: u32, route: u32) {
        let j = job as usize;
        self.route_of[j] = route;
        move_between(&mut self.unserved, &mut self.served, &mut self.place, j);
        self.missing_required -= usize::from(ctx.jobs[j].required);
    }

    fn set_unserved(&mut self, ctx: &Context<'_>, job: u32) {
        let j = job as usize;
        self.route_of[j] = NONE;
        move_between(&mut self.served, &mut self.unserved, &mut self.place, j);
        self.missing_required += usize::from(ctx.jobs[j].required);
    }

    /// A stop is now in a route.
    pub(super) fn note(&mut self, ctx: &Context<'_>, node: &Node, route: u32) {
        let known = if node.is_second() {
            self.shared.set_second(ctx, node.job, route)
        } else if self.route_of[node.job as usize] == NONE {
            self.set_served(ctx, node.job, route);
            false
        } else {
            true
        };
        if !known {
            self.shared.enter(ctx, node.job, route);
        }
    }

    /// A stop is no longer in a route.
    pub(super) fn forget(&mut self, ctx: &Context<'_>, node: &Node, route: u32) {
        let known = if node.is_second() {
            self.shared.clear_second(ctx, node.job, route)
        } else if self.route_of[node.job as usize] == route {
            self.set_unserved(ctx, node.job);
            true
        } else {
            false
        };
        if known {
            self.shared.leave(ctx, node.job, route);
        }
    }

    pub(super) fn note_empty(&mut self, route: u32, was_empty: bool) {
        let is_empty = self.routes[route as usize].stops() == 0;
        if is_empty && !was_empty {
            self.empty.push(route);
        } else if was_empty && !is_empty {
            self.empty.retain(|&r| r != route);
        }
    }

    /// Position of a served job among its route's nodes.
    pub(crate) fn position(&self, job: u32) -> usize {
        self.at[job as usize] as usize
    }

    /// Puts a job after node `at` of a route. The caller has checked that it fits.
    pub(crate) fn insert(
        &mut self,
        ctx: &Context<'_>,
        route: u32,
        at: usize,
        job: u32,
        window: u32,
    ) {
        self.touch(route);
        let was_empty = self.routes[route as usize].stops() == 0;
        let seg = Seg::default();
        let loc = ctx.jobs[job as usize].loc;
        let node = Node { job, window, loc, metres: 0, head: seg, tail: seg };
        let r = &mut self.routes[route as usize];
        r.nodes.insert(at + 1, node);
        for after in r.rest.after.iter_mut().filter(|a| **a as usize > at) {
            *after += 1;
        }
        self.note(ctx, &node, route);
        self.refresh(ctx, route, at + 1, at + 1);
        self.note_empty(route, was_empty);
    }

    /// Takes out the nodes `first..=last` (stops only) and loosens the route's breaks. False when the rest
    /// cannot be driven, which happens where a way around is shorter than the direct one; the caller then
    /// rolls back.
    pub(crate) fn remove(
        &mut self,
        ctx: &Context<'_>,
        route: u32,
        first: usize,
        last: usize,
        out: &mut Vec<u32>,
    ) -> bool {
        self.touch(route);
        let k = route as usize;
        for i in first..=last {
            let node = self.routes[k].nodes[i];
            out.push(node.job);
            self.forget(ctx, &node, route);
        }
        self.routes[k].nodes.drain(first..=last);
        self.note_empty(route, false);
        if ctx.shifts[k].has_breaks {
            return self.loosen(ctx, route);
        }
        self.refresh(ctx, route, first, first - 1)
    }

    /// Recomputes heads from node `ahead` on, tails from node `behind` back, and the figures. False when the
    /// route cannot be driven.
    pub(crate) fn refresh(
        &mut self,
        ctx: &Context<'_>,
        route: u32,
        ahead: usize,
        behind: usize,
    ) -> bool {
        let r = &mut self.routes[route as usize];
        for i in ahead.max(1)..r.nodes.len() - 1 {
            if !r.nodes[i].is_second() {
                self.at[r.nodes[i].job as usize] = idx32(i);
            }
        }
        let (value, paid, prize) = (r.value, r.paid, r.prize);
        let holds = r.refresh(ctx, self.shared.meetings(), route, (ahead, behind));
        self.value = self.value.wrapping_add(r.value).wrapping_sub(value);
        self.seconds += r.paid - paid;
        self.prize += r.prize - prize;
        holds
    }

    /// Fills an empty route with jobs in their windows; the caller knows that they fit.
    pub(crate) fn load(&mut self, ctx: &Context<'_>, route: u32, jobs: &[(u32, u32)]) {
        for (at, &(job, window)) in jobs.iter().enumerate() {
            self.insert(ctx, route, at, job, window);
        }
        self.settle(ctx, route);
    }

    /// The objective, terms between routes included.
    pub(crate) fn objective(&self, ctx: &Context<'_>) -> i64 {
        let ties = &ctx.ties;
        let overlap = self.shared.shared_zones().saturating_mul(ties.overlap);
        let unfair = if ties.unfairness == 0 {
            0
        } else {
            ties.unfair(self.routes.iter().map(|r| r.paid), self.seconds)
        };
        self.value.saturating_sub(overlap).saturating_sub(unfair)
    }

    /// Whether a shift's day is far enough from the other visits of a job's series.
    #[inline]
    pub(crate) fn apart(&self, ctx: &Context<'_>, job: u32, shift: u32) -> bool {
        ctx.ties.mates(job).iter().all(|&(mate, days)| {
            let both = [self.route_of[mate as usize], self.shared.second(ctx, mate)];
            both.into_iter().all(|r| r == NONE || ctx.ties.are_apart(shift, r, days))
        })
    }

    /// Whether all visits of a route are far enough from others of their series.
    pub(crate) fn is_apart(&self, ctx: &Context<'_>, route: u32) -> bool {
        self.routes[route as usize].jobs().all(|job| self.apart(ctx, job, route))
    }

    /// What a prize, or a sum of them, counts for beyond itself.
    pub(crate) fn boost_of(&self, prize: i64) -> i64 {
        (prize >> 10).saturating_mul(self.boost - 1024)
    }

    /// The objective with prizes at what they count for.
    pub(crate) fn boosted(&self, ctx: &Context<'_>) -> i64 {
        self.objective(ctx).saturating_add(self.boost_of(self.prize))
    }

    /// What a second of the present routes earns, micro-units; small enough to be multiplied by any
    /// number of seconds in a shift.
    pub(crate) fn rate(&self, ctx: &Context<'_>) -> i64 {
        (self.value.max(0) / self.seconds.max(1)).min(ctx.highest_price)
    }

    /// Jobs of every route in use, and when those for two begin.
    pub(crate) fn to_routes(&self) -> Vec<Route> {
        let used = (0..self.routes.len()).filter(|&k| self.routes[k].stops() > 0);
        used.map(|k| self.to_route(k)).collect()
    }

    pub(super) fn to_route(&self, k: usize) -> Route {
        let r = &self.routes[k];
        let mut route = Route::new(k, r.jobs().map(|job| job as usize).collect());
        let meeting = |n: &Node| {
            let start = self.shared.meetings()[n.meeting()?];
            Some(Meeting { job: n.job as usize, start })
        };
        route.meetings.extend(r.visits().iter().filter_map(meeting));
        route
    }
}

fn move_between(from: &mut Vec<u32>, to: &mut Vec<u32>, place: &mut [u32], j: usize) {
    let at = place[j] as usize;
    let job = from[at];
    from.swap_remove(at);
    if let Some(&moved) = from.get(at) {
        place[moved as usize] = idx32(at);
    }
    place[j] = idx32(to.len());
    to.push(job);
}

#[cfg(test)]
mod tests {
    use super::super::testing::{problem, three};
    use super::*;

    #[test]
    fn inserts_removes_and_rolls_back() {
        let p = problem(three());
        let ctx = Context::new(&p);
        let mut state = State::new(&ctx);
        state.insert(&ctx, 0, 0, 0, 0);
        state.insert(&ctx, 0, 1, 2, 2);
        state.commit();
        // 300 s out, 300 s back, 2 * 60 s = 720 s at 2; two prizes of 1000
        assert_eq!((state.routes[0].seconds, state.value), (720, 2000 - 1440));
        assert_eq!((state.routes[0].metres, state.seconds), (6000, 720));
        let mut out = Vec::new();
        assert!(state.remove(&ctx, 0, 2, 2, &mut out));
        // 100 + 60 + 100 s
        assert_eq!((out.as_slice(), state.value), (&[2][..], 1000 - 520));
        state.insert(&ctx, 0, 1, 1, 1);
        state.rollback(&ctx);
        assert_eq!((state.value, state.seconds), (560, 720));
        assert_eq!(state.routes[0].jobs().collect::<Vec<_>>(), [0, 2]);
        assert_eq!((state.unserved.as_slice(), state.route_of[1]), (&[1][..], NONE));
        assert!(state.empty.is_empty());
    }

    #[test]
    fn an_emptied_route_costs_nothing() {
        let p = problem(three());
        let ctx = Context::new(&p);
        let mut state = State::new(&ctx);
        state.insert(&ctx, 0, 0, 0, 0);
        state.commit();
        assert!(state.remove(&ctx, 0, 1, 1, &mut Vec::new()));
        assert_eq!((state.value, state.seconds, state.empty.as_slice()), (0, 0, &[0][..]));
    }
}
