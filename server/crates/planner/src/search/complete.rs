//! Last pass: nobody who still gains is left out.
use super::context::Context;
use super::insert::{Place, best_place};
use super::recreate::tie;
use super::state::State;
use crate::cast::idx32;
use crate::report::{Binding, Explanation, explain_all};

/// Inserts every unserved job that pays somewhere, required ones first, until none does.
pub(crate) fn fill(ctx: &Context<'_>, state: &mut State) {
    loop {
        let mut open = state.unserved.clone();
        open.retain(|&j| ctx.ties.crew(j).is_none());
        open.sort_unstable_by_key(|&j| {
            let d = &ctx.jobs[j as usize];
            (!d.required, std::cmp::Reverse(d.prize), j)
        });
        let before = state.unserved.len();
        for job in open {
            let data = &ctx.jobs[job as usize];
            let mut best = (Place::NO, 0);
            for route in 0..idx32(state.routes.len()) {
                let mut place = best_place(ctx, state, route, job, 0);
                if place.exists() {
                    place.cost += tie(ctx, state, route, job, place.seconds);
                }
                if place.cost < best.0.cost {
                    best = (place, route);
                }
            }
            let (place, route) = best;
            if place.exists() && (data.required || data.prize > place.cost) {
                let before = state.objective(ctx);
                state.insert(ctx, route, place.at as usize, job, place.window);
                let holds = state.settle(ctx, route);
                let gains = data.required || state.objective(ctx) > before;
                if holds && gains { state.commit() } else { state.rollback(ctx) }
            }
        }
        let found = state.unserved.len() < before;
        if !(found || ctx.has_choices && reopen(ctx, state)) {
            return;
        }
    }
}

/// The search holds stops in the windows and breaks in the places it chose for them. This inserts one job
/// that fits only when they move, or when two shifts meet; false when there is none.
fn reopen(ctx: &Context<'_>, state: &mut State) -> bool {
    let wanted = |e: &Explanation| {
        let forced = e.worth_above.is_some() && ctx.problem.jobs()[e.job].required;
        e.binding == Binding::Nothing || forced
    };
    let all = explain_all(ctx.problem, &state.to_routes());
    for e in all.iter().filter(|e| wanted(e)) {
        let Some(at) = e.best else { continue };
        let (job, shift) = (idx32(e.job), idx32(at.shift));
        let holds = if let Some((other, t)) = e.second {
            let places = [(shift, at.position), (idx32(other.shift), other.position)];
            state.join_up(ctx, job, t, places);
            places.iter().all(|place| state.settle(ctx, place.0))
        } else {
            state.insert(ctx, shift, at.position, job, ctx.jobs[e.job].first_window);
            state.settle(ctx, shift)
        };
        if holds {
            state.commit();
            return true;
        }
        state.rollback(ctx);
    }
    false
}
