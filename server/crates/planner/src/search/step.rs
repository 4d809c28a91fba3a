//! One iteration: where, what is taken out, what may come in.
use super::context::{Context, NONE};
use super::recreate::{Mood, Recreate};
use super::rng::Random;
use super::ruin;
use super::state::State;

/// Most routes strings are taken from.
const MOST_ROUTES: usize = 3;
/// Other routes a removed job may move to.
const OTHER_ROUTES: usize = 8;
/// Unserved jobs that may come in.
const POOL: usize = 60;
/// Neighbours of each removed job looked at for unserved ones.
const AROUND: usize = 10;

/// Working memory of the iterations.
#[derive(Debug, Default)]
pub(crate) struct Stepper {
    recreate: Recreate,
    out: Vec<u32>,
}

impl Stepper {
    /// Changes the state; the caller keeps or rolls back. False: must be rolled back.
    pub(crate) fn step(&mut self, ctx: &Context<'_>, state: &mut State, rng: &mut Random) -> bool {
        if !state.empty.is_empty() && (state.served.is_empty() || rng.chance(32)) {
            let route = state.empty[rng.below(state.empty.len())];
            let around = if rng.chance(512) && !state.unserved.is_empty() {
                Some(state.unserved[rng.below(state.unserved.len())])
            } else {
                None
            };
            self.open(ctx, state, rng, route, around);
            return true;
        }
        let seed = pick_seed(ctx, state, rng);
        self.out.clear();
        let mut out = std::mem::take(&mut self.out);
        let routes = rng.within(1, MOST_ROUTES);
        let mut ok = ruin::strings(ctx, state, rng, seed, routes, &mut out);
        if ok && out.is_empty() {
            // nobody near is served: any route will do
            let any = state.served.get(rng.below(state.served.len())).copied();
            ok = any.is_some_and(|j| ruin::strings(ctx, state, rng, j, 1, &mut out));
        }
        if ok {
            self.refill(ctx, state, rng, seed, &out);
        }
        self.out = out;
        ok
    }

    fn refill(
        &mut self,
        ctx: &Context<'_>,
        state: &mut State,
        rng: &mut Random,
        seed: u32,
        out: &[u32],
    ) {
        let r = &mut self.recreate;
        r.clear(ctx);
        for route in state.touched() {
            r.open(route);
        }
        let (mut prize, mut seconds) = (0_i64, 0_i64);
        for route in state.touched() {
            let k = &state.routes[route as usize];
            prize = prize.saturating_add(k.prize);
            seconds += k.seconds;
        }
        for &job in out {
            r.add(state, job);
            prize = prize.saturating_add(ctx.jobs[job as usize].prize);
        }
        let wide = r.candidates();
        r.look_around(ctx, state, seed, OTHER_ROUTES);
        let most = wide + POOL;
        r.add(state, seed);
        for &near in ctx.near(seed) {
            if r.candidates() >= most {
                break;
            }
            r.add(state, near);
        }
        for &job in out {
            for &near in ctx.near(job).iter().take(AROUND) {
                r.add(state, near);
            }
        }
        let going = going_rate(ctx, state);
        let price = if rng.chance(820) { draw_price(rng, going) } else { 0 };
        let mood = Mood { price, by_rate: rng.chance(300), tint: 100, blink: 10 };
        r.run(ctx, state, rng, wide, mood);
        let _ = (prize, seconds);
    }

    /// Fills an empty shift from around a job or its start, whatever the first stop costs.
    pub(crate) fn open(
        &mut self,
        ctx: &Context<'_>,
        state: &mut State,
        rng: &mut Random,
        route: u32,
        around: Option<u32>,
    ) {
        let r = &mut self.recreate;
        r.clear(ctx);
        r.open(route);
        let near_base = ctx.near_shift(route);
        let around = match around {
            None if near_base.is_empty() && !state.unserved.is_empty() => {
                Some(state.unserved[rng.below(state.unserved.len())])
            }
            other => other,
        };
        if let Some(job) = around {
            r.add(state, job);
        }
        for &job in around.map_or(near_base, |j| ctx.near(j)) {
            r.add(state, job);
        }
        let price = if rng.chance(512) { 0 } else { draw_price(rng, going_rate(ctx, state)) };
        let mood = Mood { price, by_rate: rng.chance(820), tint: 100, blink: 10 };
        r.run(ctx, state, rng, 0, mood);
    }
}

fn pick_seed(ctx: &Context<'_>, state: &State, rng: &mut Random) -> u32 {
    if state.missing_required > 0 && rng.chance(256) {
        // A few draws find one of them often enough without a list of its own.
        for _ in 0..8 {
            let job = state.unserved[rng.below(state.unserved.len())];
            if ctx.jobs[job as usize].required {
                return job;
            }
        }
    }
    if state.unserved.is_empty() || rng.chance(700) {
        if let Some(&job) = state.served.get(rng.below(state.served.len())) {
            return job;
        }
    }
    debug_assert!(!state.unserved.is_empty() || !state.served.is_empty());
    let job = state.unserved.get(rng.below(state.unserved.len())).copied().unwrap_or(0);
    if state.route_of[job as usize] == NONE { job } else { 0 }
}

/// Value a second of the present routes earns, micro-units.
fn going_rate(ctx: &Context<'_>, state: &State) -> i64 {
    let _ = ctx;
    state.rate()
}

fn draw_price(rng: &mut Random, going: i64) -> i64 {
    let share = i64::try_from(rng.below(1025)).unwrap_or(0);
    (going >> 10).saturating_mul(share)
}
