//! First routes: those given, then every empty shift filled from around its start.
use super::context::{Context, NONE};
use super::rng::Random;
use super::state::State;
use super::step::Stepper;
use crate::model::Route;

/// Fills an empty state. Given jobs that do not fit (any more) are left out.
pub(crate) fn build(
    ctx: &Context<'_>,
    state: &mut State,
    rng: &mut Random,
    stepper: &mut Stepper,
    given: Option<&[Route]>,
) {
    for route in given.unwrap_or_default() {
        warm(ctx, state, route);
    }
    let mut empty = state.empty.clone();
    for left in (1..=empty.len()).rev() {
        let route = empty.swap_remove(rng.below(left));
        let before = state.value;
        let missing = state.missing_required;
        stepper.open(ctx, state, rng, route, None);
        let worse = state.missing_required == missing && state.value < before;
        if worse { state.rollback(ctx) } else { state.commit() }
    }
}

/// Appends the jobs one by one where they still fit in the order given.
fn warm(ctx: &Context<'_>, state: &mut State, route: &Route) {
    if route.shift >= ctx.shifts.len() {
        return;
    }
    let shift = crate::cast::idx32(route.shift);
    for &job in &route.jobs {
        if job < ctx.jobs.len() && state.route_of[job] == NONE {
            let job = crate::cast::idx32(job);
            if let Some((at, window)) = super::insert::last_place(ctx, state, shift, job) {
                state.insert(ctx, shift, at, job, window);
            }
        }
    }
    state.commit();
}
