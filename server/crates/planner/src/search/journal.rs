//! What an iteration touches is copied first and can be put back.
use super::context::Context;
use super::route::RouteState;
use super::state::State;
use crate::cast::idx32;

/// Routes as they were before this iteration.
#[derive(Debug)]
pub(super) struct Journal {
    saved: Vec<(u32, RouteState)>,
    /// Copies no longer needed, kept for their memory.
    spare: Vec<RouteState>,
    touched: Vec<bool>,
}

impl Journal {
    pub(super) fn new(shifts: usize) -> Self {
        Self { saved: Vec::new(), spare: Vec::new(), touched: vec![false; shifts] }
    }

    /// Copies a route, once.
    fn save(&mut self, route: u32, now: &RouteState) {
        let touched = &mut self.touched[route as usize];
        if !*touched {
            *touched = true;
            let mut copy = self.spare.pop().unwrap_or_default();
            copy.copy_from(now);
            self.saved.push((route, copy));
        }
    }

    /// Ends the iteration.
    fn clear(&mut self) {
        for (route, copy) in self.saved.drain(..) {
            self.touched[route as usize] = false;
            self.spare.push(copy);
        }
    }
}

impl State {
    /// Copies a route aside before its first change of the iteration.
    pub(crate) fn touch(&mut self, route: u32) {
        self.journal.save(route, &self.routes[route as usize]);
    }

    /// Routes changed in this iteration.
    pub(crate) fn touched(&self) -> impl Iterator<Item = u32> + '_ {
        self.journal.saved.iter().map(|s| s.0)
    }

    pub(crate) fn commit(&mut self) {
        self.shared.commit();
        self.journal.clear();
    }

    pub(crate) fn rollback(&mut self, ctx: &Context<'_>) {
        let mut saved = std::mem::take(&mut self.journal.saved);
        for (route, copy) in &mut saved {
            let now = &mut self.routes[*route as usize];
            let was_empty = now.stops() == 0;
            std::mem::swap(now, copy);
            self.value += now.value - copy.value;
            self.seconds += now.paid - copy.paid;
            self.prize += now.prize - copy.prize;
            for node in copy.visits() {
                self.forget(ctx, node, *route);
            }
            self.note_empty(*route, was_empty);
        }
        self.shared.rollback();
        for (route, _) in &saved {
            let k = *route as usize;
            for i in 1..self.routes[k].nodes.len() - 1 {
                let node = self.routes[k].nodes[i];
                if !node.is_second() {
                    self.at[node.job as usize] = idx32(i);
                }
                self.note(ctx, &node, *route);
            }
        }
        self.journal.saved = saved;
        self.journal.clear();
    }
}
