//! One iteration: where, what is taken out, what may come in.
use super::context::{Context, NONE};
use super::crew;
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
/// Share of the price of its service time, in 1024ths, that a job's prize must exceed to be considered.
const WORTH: i64 = 400;
/// How often a second has a price, in 1024ths.
const PRICED: u64 = 600;

/// How often a whole route is rebuilt beside an unused shift, in 1024ths.
const EXCHANGE: u64 = 32;

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
            return state.settle_touched(ctx);
        }
        let seed = pick_seed(ctx, state, rng);
        self.out.clear();
        let mut out = std::mem::take(&mut self.out);
        let route = state.route_of[seed as usize];
        let mut fresh = None;
        let mut ok = if route != NONE && !state.empty.is_empty() && rng.chance(EXCHANGE) {
            // the whole route, and an unused shift that may take its place
            fresh = state.empty.get(rng.below(state.empty.len())).copied();
            let stops = state.routes[route as usize].stops();
            state.remove(ctx, route, 1, stops, &mut out)
        } else {
            let routes = rng.within(1, MOST_ROUTES);
            ruin::strings(ctx, state, rng, seed, routes, &mut out)
        };
        if ok && out.is_empty() {
            // nobody near is served: any route will do
            let any = state.served.get(rng.below(state.served.len())).copied();
            ok = any.is_some_and(|j| ruin::strings(ctx, state, rng, j, 1, &mut out));
        }
        let crews = !ctx.ties.crew_jobs.is_empty();
        ok = ok && (!crews || state.part(ctx, &out));
        if ok {
            let early = crews && rng.chance(512);
            if early {
                crew::gather(ctx, state, rng, seed, &out);
            }
            self.refill(ctx, state, rng, (seed, fresh), &out);
            ok = state.settle_touched(ctx);
            if ok && crews && !early {
                crew::gather(ctx, state, rng, seed, &out);
                ok = state.settle_touched(ctx);
            }
        }
        self.out = out;
        ok
    }

    fn refill(
        &mut self,
        ctx: &Context<'_>,
        state: &mut State,
        rng: &mut Random,
        (seed, fresh): (u32, Option<u32>),
        out: &[u32],
    ) {
        let r = &mut self.recreate;
        r.clear(ctx);
        for route in fresh.into_iter().chain(state.touched()) {
            r.open(route);
        }
        let price = if rng.chance(PRICED) { draw_price(rng, state.rate(ctx)) } else { 0 };
        for &job in out {
            r.add(ctx, state, job);
        }
        let wide = r.candidates();
        r.look_around(ctx, state, seed, OTHER_ROUTES);
        let most = wide + POOL;
        r.add(ctx, state, seed);
        for &near in ctx.near(seed) {
            if r.candidates() >= most {
                break;
            }
            if pays(ctx, near, price) {
                r.add(ctx, state, near);
            }
        }
        for &job in out {
            for &near in ctx.near(job).iter().take(AROUND) {
                if pays(ctx, near, price) {
                    r.add(ctx, state, near);
                }
            }
        }
        let mood = Mood {
            price,
            by_rate: rng.chance(300),
            opening: rng.chance(512),
            tint: 100,
            blink: 10,
        };
        r.run(ctx, state, rng, wide, mood);
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
            r.add(ctx, state, job);
        }
        for &job in around.map_or(near_base, |j| ctx.near(j)) {
            r.add(ctx, state, job);
        }
        let price = if rng.chance(512) { 0 } else { draw_price(rng, state.rate(ctx)) };
        let mood = Mood { price, by_rate: rng.chance(820), opening: true, tint: 100, blink: 10 };
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
    let among = if state.unserved.is_empty() || rng.chance(700) && !state.served.is_empty() {
        &state.served
    } else {
        &state.unserved
    };
    among.get(rng.below(among.len())).copied().unwrap_or(0)
}

/// Whether a job's prize is worth a good part of its own service time at this price; others would only
/// make the pool slow. Not all of it, since service may take the place of waiting.
fn pays(ctx: &Context<'_>, job: u32, price: i64) -> bool {
    let data = &ctx.jobs[job as usize];
    data.required || data.prize >> 10 > (data.service.saturating_mul(price) >> 20) * WORTH
}

fn draw_price(rng: &mut Random, going: i64) -> i64 {
    let share = i64::try_from(rng.below(1025)).unwrap_or(0);
    (going >> 10).saturating_mul(share)
}
