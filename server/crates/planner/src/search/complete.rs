//! Last pass: nobody who still gains is left out.
use super::context::Context;
use super::insert::{Place, best_place};
use super::state::State;

/// Inserts every unserved job that pays somewhere, required ones first, until none does.
pub(crate) fn fill(ctx: &Context<'_>, state: &mut State) {
    loop {
        let mut open = state.unserved.clone();
        open.sort_unstable_by_key(|&j| {
            let d = &ctx.jobs[j as usize];
            (!d.required, std::cmp::Reverse(d.prize), j)
        });
        let before = open.len();
        for job in open {
            let data = &ctx.jobs[job as usize];
            let mut best = (Place::NO, 0);
            for route in 0..crate::cast::idx32(state.routes.len()) {
                let place = best_place(ctx, &state.routes[route as usize], route, job, 1);
                if place.cost < best.0.cost {
                    best = (place, route);
                }
            }
            let (place, route) = best;
            if place.exists() && (data.required || data.prize > place.cost) {
                state.insert(ctx, route, place.at as usize, job, place.window);
            }
        }
        state.commit();
        if state.unserved.len() == before {
            return;
        }
    }
}
