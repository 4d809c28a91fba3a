//! The best routes so far; only routes changed since are copied.
use super::context::Context;
use super::state::State;
use crate::cast::idx32;

#[derive(Debug)]
pub(crate) struct Best {
    routes: Vec<Vec<(u32, u32)>>,
    meetings: Vec<i64>,
    value: i64,
    missing: usize,
    jobs: usize,
    stale: Vec<u32>,
    is_stale: Vec<bool>,
}

impl Best {
    pub(crate) fn new(ctx: &Context<'_>, state: &State) -> Self {
        let n = state.routes.len();
        let mut best = Self {
            routes: vec![Vec::new(); n],
            meetings: Vec::new(),
            value: 0,
            missing: 0,
            jobs: 0,
            stale: (0..idx32(n)).collect(),
            is_stale: vec![true; n],
        };
        best.keep(state, state.objective(ctx));
        best
    }

    pub(crate) fn value(&self) -> i64 {
        self.value
    }

    pub(crate) fn jobs(&self) -> usize {
        self.jobs
    }

    /// Notes which routes an accepted iteration changed.
    pub(crate) fn note(&mut self, state: &State) {
        for route in state.touched() {
            if !self.is_stale[route as usize] {
                self.is_stale[route as usize] = true;
                self.stale.push(route);
            }
        }
    }

    /// Every route may have changed.
    pub(crate) fn note_all(&mut self) {
        self.stale = (0..idx32(self.routes.len())).collect();
        self.is_stale.fill(true);
    }

    pub(crate) fn keep_if_better(&mut self, ctx: &Context<'_>, state: &State) {
        let (missing, value) = (state.missing_required, state.objective(ctx));
        if missing < self.missing || (missing == self.missing && value > self.value) {
            self.keep(state, value);
        }
    }

    fn keep(&mut self, state: &State, value: i64) {
        for route in self.stale.drain(..) {
            let k = route as usize;
            self.is_stale[k] = false;
            self.routes[k].clear();
            self.routes[k].extend(state.routes[k].in_windows());
        }
        self.meetings.clear();
        self.meetings.extend_from_slice(state.shared.meetings());
        (self.value, self.missing) = (value, state.missing_required);
        self.jobs = state.served.len();
    }

    pub(crate) fn restore(&self, ctx: &Context<'_>) -> State {
        let mut state = State::new(ctx);
        for (crew, &t) in self.meetings.iter().enumerate() {
            state.shared.agree(crew, t);
        }
        for (k, jobs) in self.routes.iter().enumerate() {
            state.load(ctx, idx32(k), jobs);
        }
        state.commit();
        state
    }
}
