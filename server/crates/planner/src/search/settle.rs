//! A changed route is given the best windows for its stops and the best places for its breaks.
use super::context::Context;
use super::state::State;
use crate::cast::idx32;
use crate::model::Break;
use crate::report::{Timetable, timetable};

impl State {
    /// Whether a route leaves anything to choose beyond the order of its stops.
    fn has_choices(&self, ctx: &Context<'_>, route: u32) -> bool {
        let r = &self.routes[route as usize];
        let several = || r.jobs().any(|j| ctx.jobs[j as usize].windows > 1);
        r.stops() > 0 && (ctx.shifts[route as usize].has_breaks || ctx.several_windows && several())
    }

    /// Takes the breaks of a route from their places, so that it can grow; it must be settled afterwards.
    /// False when it cannot be driven then.
    pub(crate) fn loosen(&mut self, ctx: &Context<'_>, route: u32) -> bool {
        let k = route as usize;
        if !ctx.shifts[k].has_breaks {
            return true;
        }
        self.touch(route);
        self.routes[k].rest.loosen(ctx, route);
        self.refresh(ctx, route, 0, self.routes[k].nodes.len() - 1)
    }

    /// Chooses windows and breaks of a changed route, the order of its stops kept. False when no choice
    /// holds.
    pub(crate) fn settle(&mut self, ctx: &Context<'_>, route: u32) -> bool {
        if !self.has_choices(ctx, route) {
            return true;
        }
        self.touch(route);
        let k = route as usize;
        let Some(times) = timetable(ctx.problem, &self.to_route(k)) else { return false };
        self.choose_windows(ctx, k, &times);
        self.place_breaks(ctx, k, &times);
        self.refresh(ctx, route, 0, self.routes[k].nodes.len() - 1)
    }

    /// As [`Self::settle`] for every route changed in this iteration.
    pub(crate) fn settle_touched(&mut self, ctx: &Context<'_>) -> bool {
        let touched: Vec<u32> = self.touched().collect();
        touched.into_iter().all(|route| self.settle(ctx, route))
    }

    fn choose_windows(&mut self, ctx: &Context<'_>, k: usize, times: &Timetable) {
        for (i, stop) in times.stops.iter().enumerate() {
            let node = &mut self.routes[k].nodes[i + 1];
            let job = &ctx.jobs[stop.job];
            if node.is_meeting() || job.windows < 2 {
                continue;
            }
            let open = job.own_windows().filter(|&w| ctx.windows[w as usize].holds(stop.start));
            if let Some(w) = open.max_by_key(|&w| (ctx.ties.premium(w), std::cmp::Reverse(w))) {
                node.window = w;
            }
        }
    }

    fn place_breaks(&mut self, ctx: &Context<'_>, k: usize, times: &Timetable) {
        let shift = &ctx.problem.shifts()[k];
        if shift.breaks.is_empty() {
            return;
        }
        let end = |b: usize| shift.breaks[b].window.late;
        // Those not taken are not needed: the first since the shift leaves after them.
        let gone = (0..shift.breaks.len()).take_while(|&b| end(b) <= times.departure).count();
        let first = times.breaks.first().map_or(gone, |b| b.index);
        let next = first + times.breaks.len();
        let rest = &mut self.routes[k].rest;
        rest.loose = false;
        rest.first = first;
        rest.after.clear();
        rest.after.extend(times.breaks.iter().map(|b| idx32(b.after)));
        rest.early = first.checked_sub(1).map_or(i64::MIN, end).max(shift.window.early);
        let late = if next < shift.breaks.len() { end(next) } else { i64::MAX };
        rest.late = late.min(shift.window.late);
        rest.unpaid = shift.breaks[first..next].iter().map(Break::unpaid_s).sum();
    }
}
