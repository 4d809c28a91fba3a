//! Jobs for two: both shifts get the stop at one instant, or neither does.
use super::context::{Context, NONE};
use super::insert::{admits, in_order};
use super::recreate::tie;
use super::rng::Random;
use super::route::{SECOND, between, meeting_window};
use super::state::State;
use crate::cast::idx32;
use crate::model::Window;
use crate::report::instants;
use crate::segment::Seg;

/// Jobs for two tried in one iteration, instants tried for each, and routes that may meet.
const TRIED: usize = 4;
const INSTANTS: usize = 16;
const ROUTES: usize = 12;

/// A place in a route for a stop at a fixed instant.
#[derive(Debug, Clone, Copy)]
struct Half {
    cost: i64,
    route: u32,
    at: usize,
}

/// Two places and the instant.
#[derive(Debug, Clone, Copy)]
struct Meeting {
    gain: i64,
    t: i64,
    halves: [Half; 2],
}

/// Tries to place the unserved jobs for two among those taken out and near the seed.
pub(super) fn gather(
    ctx: &Context<'_>,
    state: &mut State,
    rng: &mut Random,
    seed: u32,
    out: &[u32],
) {
    let open =
        |state: &State, j: u32| ctx.ties.crew(j).is_some() && state.route_of[j as usize] == NONE;
    let around = ctx.near(seed).iter().take(40);
    let any = ctx.ties.crew_jobs.get(rng.below(ctx.ties.crew_jobs.len()));
    let mut jobs: Vec<u32> = Vec::new();
    for &job in std::iter::once(&seed).chain(out).chain(around).chain(any) {
        if jobs.len() < TRIED && open(state, job) && !jobs.contains(&job) {
            jobs.push(job);
        }
    }
    for job in jobs {
        let mut all = instants(ctx.problem, &ctx.problem.jobs()[job as usize]);
        while all.len() > INSTANTS {
            let gone = rng.below(all.len());
            all.swap_remove(gone);
        }
        let mut routes: Vec<u32> = state.touched().collect();
        for &near in ctx.near(job) {
            let route = state.route_of[near as usize];
            if routes.len() >= ROUTES {
                break;
            }
            if route != NONE && !routes.contains(&route) {
                routes.push(route);
            }
        }
        routes.extend(state.empty.get(rng.below(state.empty.len())));
        meet(ctx, state, job, &all, &routes);
    }
}

/// Tries to place every unserved job for two wherever two shifts can meet.
pub(super) fn gather_all(ctx: &Context<'_>, state: &mut State) {
    let routes: Vec<u32> = (0..idx32(state.routes.len())).collect();
    for &job in &ctx.ties.crew_jobs {
        if state.route_of[job as usize] == NONE {
            let all = instants(ctx.problem, &ctx.problem.jobs()[job as usize]);
            meet(ctx, state, job, &all, &routes);
            let holds = state.settle_touched(ctx);
            if holds { state.commit() } else { state.rollback(ctx) }
        }
    }
}

/// Places a job for two where it gains most, if it gains or is required.
fn meet(ctx: &Context<'_>, state: &mut State, job: u32, instants: &[i64], routes: &[u32]) {
    let (data, whole) = (&ctx.jobs[job as usize], &ctx.problem.jobs()[job as usize]);
    let mut fit: Vec<u32> = routes.to_vec();
    fit.sort_unstable();
    fit.dedup();
    fit.retain(|&route| admits(ctx, state, route, job));
    let mut best: Option<Meeting> = None;
    for &t in instants {
        let mut at: Vec<Half> = fit.iter().filter_map(|&r| half(ctx, state, r, job, t)).collect();
        at.sort_unstable_by_key(|h| (h.cost, h.route));
        let [first, second, ..] = at.as_slice() else { continue };
        let further = if state.shared.is_new_zone(ctx, job) { ctx.ties.overlap } else { 0 };
        let premium = whole.premium_at(t).unwrap_or(0);
        let gain = data.prize + premium - first.cost - second.cost - further;
        if best.is_none_or(|b| gain > b.gain) {
            best = Some(Meeting { gain, t, halves: [*first, *second] });
        }
    }
    if let Some(best) = best.filter(|b| b.gain > 0 || data.required) {
        let places = best.halves.map(|h| (h.route, h.at));
        state.join_up(ctx, job, best.t, places);
    }
}

/// The cheapest place of a stop at `t` in one route.
fn half(ctx: &Context<'_>, state: &State, route: u32, job: u32, t: i64) -> Option<Half> {
    let (r, shift) = (&state.routes[route as usize], &ctx.shifts[route as usize]);
    let data = &ctx.jobs[job as usize];
    let legs = ctx.legs(data.loc);
    let own = Seg::new(data.service, Window::new(t, t));
    let before = shift.cost_of(r.paid);
    let (from, to) = in_order(ctx, r, job);
    let mut best: Option<Half> = None;
    for at in from..to {
        let (p, q) = (&r.nodes[at], &r.nodes[at + 1]);
        let (there, on) = (legs.to(p.loc), legs.from(q.loc));
        let Some(all) = between(p, there, own, on, q) else { continue };
        if all.dur > shift.max_duration {
            continue;
        }
        let paid = all.dur - r.rest.unpaid;
        let metres = i64::from(there.metres) + i64::from(on.metres) - i64::from(p.metres);
        let opens = if r.stops() == 0 { shift.fixed } else { 0 };
        let tie = tie(ctx, state, route, job, paid - r.paid);
        let way = metres.wrapping_mul(shift.per_metre);
        let cost = way + shift.cost_of(paid) - before + opens + tie;
        if best.is_none_or(|b| cost < b.cost) {
            best = Some(Half { cost, route, at });
        }
    }
    best
}

impl State {
    /// Puts a job for two behind node `at` of two routes, to begin at `t`.
    pub(crate) fn join_up(
        &mut self,
        ctx: &Context<'_>,
        job: u32,
        t: i64,
        places: [(u32, usize); 2],
    ) {
        let Some(crew) = ctx.ties.crew(job) else { return };
        self.shared.agree(crew, t);
        let window = meeting_window(crew);
        let [(first, at), (second, there)] = places;
        self.insert(ctx, first, at, job, window);
        self.insert(ctx, second, there, job, window | SECOND);
    }

    /// Takes jobs for two that one shift has lost from the other, too. False when a route cannot be
    /// driven without them.
    pub(super) fn part(&mut self, ctx: &Context<'_>, out: &[u32]) -> bool {
        let mut ok = true;
        for &job in out.iter().filter(|&&j| ctx.ties.crew(j).is_some()) {
            let (first, second) = (self.route_of[job as usize], self.shared.second(ctx, job));
            if (first == NONE) == (second == NONE) {
                continue;
            }
            let route = if first == NONE { second } else { first };
            let nodes = &self.routes[route as usize].nodes;
            let at = nodes.iter().position(|n| n.job == job);
            ok &= at.is_some_and(|at| self.remove(ctx, route, at, at, &mut Vec::new()));
        }
        ok
    }
}

#[cfg(test)]
mod tests {
    use super::super::testing::{problem, three};
    use super::*;

    fn value(prize: i64) -> i64 {
        let (m, mut jobs, mut shifts) = three();
        (jobs[0].crew, jobs[0].prize) = (2, prize);
        shifts.push(shifts[0].clone());
        let p = problem((m, jobs, shifts));
        let ctx = Context::new(&p);
        let mut state = State::new(&ctx);
        gather_all(&ctx, &mut state);
        let routes = state.to_routes();
        assert!(routes.iter().all(|r| r.meeting(0) == routes[0].meeting(0)));
        state.value
    }

    #[test]
    fn two_shifts_meet_or_none_goes() {
        // each drives 100 s out and back and serves 60 s: 260 s at 2, twice; the prize counts once
        assert_eq!(value(1100), 1100 - 1040);
        assert_eq!(value(1040), 0);
    }

    #[test]
    fn one_leaves_and_so_does_the_other() {
        let (m, mut jobs, mut shifts) = three();
        jobs[0].crew = 2;
        shifts.push(shifts[0].clone());
        let p = problem((m, jobs, shifts));
        let ctx = Context::new(&p);
        let mut state = State::new(&ctx);
        state.join_up(&ctx, 0, 300, [(0, 0), (1, 0)]);
        state.commit();
        assert_eq!((state.value, state.served.len(), state.missing_required), (-40, 1, 0));
        let mut out = Vec::new();
        assert!(state.remove(&ctx, 1, 1, 1, &mut out) && state.part(&ctx, &out));
        assert_eq!((state.value, state.served.len()), (0, 0));
        state.rollback(&ctx);
        assert_eq!((state.value, state.route_of[0], state.shared.second(&ctx, 0)), (-40, 0, 1));
    }
}
