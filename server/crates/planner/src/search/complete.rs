//! Last pass: nobody who still gains is left out.
use super::context::Context;
use super::insert::{Place, best_place};
use super::state::State;
use crate::cast::idx32;
use crate::report::{Binding, Explanation, explain_all};

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
            for route in 0..idx32(state.routes.len()) {
                let place = best_place(ctx, &state.routes[route as usize], route, job, 0);
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
        if state.unserved.len() == before && !(ctx.several_windows && reopen(ctx, state)) {
            return;
        }
    }
}

/// The search holds stops in the windows it chose for them. This inserts one job that fits only when
/// others move to another of theirs; false when there is none.
fn reopen(ctx: &Context<'_>, state: &mut State) -> bool {
    let wanted = |e: &Explanation| {
        let forced = e.worth_above.is_some() && ctx.problem.jobs()[e.job].required;
        e.binding == Binding::Nothing || forced
    };
    let all = explain_all(ctx.problem, &state.to_routes());
    let Some((job, at)) = all.iter().find(|e| wanted(e)).and_then(|e| Some((e.job, e.best?)))
    else {
        return false;
    };
    let (shift, window) = (idx32(at.shift), ctx.jobs[job].first_window);
    state.insert(ctx, shift, at.position, idx32(job), window);
    let fits = state.choose_windows(ctx, shift);
    if fits {
        state.commit();
    } else {
        state.rollback(ctx);
    }
    fits
}
