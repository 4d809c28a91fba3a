//! Takes strings of neighbouring stops out of neighbouring routes.
//!
//! After Christiaens and Vanden Berghe, "Slack Induction by String Removals", Transportation Science
//! 54(2), 2020: what is near in place and in the route is exchanged best together.
use super::context::{Context, NONE};
use super::rng::Random;
use super::state::State;

/// Longest string taken from one route, every second time a short one.
const LONGEST: usize = 10;
const SHORT: usize = 5;
/// Most stops of a string that stay when it is split around them.
const MOST_KEPT: usize = 4;

/// Takes strings from up to `routes` routes near `seed` and lists the jobs in `out`. False when a
/// route cannot be driven without them.
pub(crate) fn strings(
    ctx: &Context<'_>,
    state: &mut State,
    rng: &mut Random,
    seed: u32,
    routes: usize,
    out: &mut Vec<u32>,
) -> bool {
    let mut done: Vec<u32> = Vec::with_capacity(routes);
    for near in std::iter::once(seed).chain(ctx.near(seed).iter().copied()) {
        if done.len() >= routes {
            break;
        }
        let route = state.route_of[near as usize];
        if route == NONE || done.contains(&route) {
            continue;
        }
        done.push(route);
        if !string(ctx, state, rng, near, out) {
            return false;
        }
    }
    true
}

/// Takes one string that contains `job` out of its route, sometimes leaving a few of its stops.
fn string(
    ctx: &Context<'_>,
    state: &mut State,
    rng: &mut Random,
    job: u32,
    out: &mut Vec<u32>,
) -> bool {
    let route = state.route_of[job as usize];
    let at = state.position(job);
    let stops = state.routes[route as usize].stops();
    let longest = if rng.chance(512) { SHORT } else { LONGEST };
    let take = rng.within(1, longest.min(stops));
    let keep = if take > 1 && rng.chance(512) {
        let most = MOST_KEPT.min(stops - take);
        let mut keep = 0;
        while keep < most && rng.chance(512) {
            keep += 1;
        }
        keep
    } else {
        0
    };
    let length = take + keep;
    // Nodes are numbered from 1; the string lies within 1..=stops and contains `at`.
    let low = (at + 1).saturating_sub(length).max(1);
    let high = at.min(stops + 1 - length);
    let first = rng.within(low, high);
    if keep == 0 {
        return state.remove(ctx, route, first, first + length - 1, out);
    }
    let head = rng.within(1, take - 1);
    // The later part first, so that the earlier positions stand.
    state.remove(ctx, route, first + head + keep, first + length - 1, out)
        && state.remove(ctx, route, first, first + head - 1, out)
}

#[cfg(test)]
mod tests {
    use super::super::testing::{problem, three};
    use super::*;

    #[test]
    fn takes_a_string_around_the_seed() {
        let p = problem(three());
        let ctx = Context::new(&p);
        for seed in 0..50 {
            let mut state = State::new(&ctx);
            for (at, job) in [0, 1, 2].into_iter().enumerate() {
                state.insert(&ctx, 0, at, job, job);
            }
            state.commit();
            let mut out = Vec::new();
            assert!(strings(&ctx, &mut state, &mut Random::new(seed), 1, 1, &mut out));
            let left: Vec<u32> = state.routes[0].jobs().collect();
            assert_eq!(left.len() + out.len(), 3);
            assert!(!out.is_empty() && out.iter().all(|j| state.route_of[*j as usize] == NONE));
            state.rollback(&ctx);
            // 300 s out and back, 3 * 60 s = 780 s at 2
            assert_eq!(state.value, 3000 - 1560);
        }
    }
}
