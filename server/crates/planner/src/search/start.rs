//! First routes: those given, then every empty shift filled from around its start.
use super::context::{Context, NONE};
use super::crew;
use super::rng::Random;
use super::state::State;
use super::step::Stepper;
use crate::cast::idx32;
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
    if given.is_some() {
        crew::gather_all(ctx, state);
    }
    let mut empty = state.empty.clone();
    for left in (1..=empty.len()).rev() {
        let route = empty.swap_remove(rng.below(left));
        let before = state.objective(ctx);
        let missing = state.missing_required;
        stepper.open(ctx, state, rng, route, None);
        let holds = state.settle_touched(ctx);
        let worse = state.missing_required == missing && state.objective(ctx) < before;
        if worse || !holds { state.rollback(ctx) } else { state.commit() }
    }
}

/// Appends the jobs one by one where they still fit in the order given.
fn warm(ctx: &Context<'_>, state: &mut State, route: &Route) {
    if route.shift >= ctx.shifts.len() {
        return;
    }
    let shift = idx32(route.shift);
    for &job in route.jobs.iter().filter(|&&job| job < ctx.jobs.len()) {
        let number = idx32(job);
        if state.route_of[job] != NONE || ctx.ties.crew(number).is_some() {
            continue;
        }
        state.loosen(ctx, shift);
        let place = super::insert::last_place(ctx, state, shift, number);
        let holds = place.is_some_and(|(at, window)| {
            state.insert(ctx, shift, at, number, window);
            state.settle(ctx, shift)
        });
        if holds { state.commit() } else { state.rollback(ctx) }
    }
}
