//! What routes have in common: meetings of two shifts, and zones that several visit.
use super::context::{Context, NONE};

#[derive(Debug)]
pub(crate) struct Shared {
    /// Instant agreed on, by job for two.
    meetings: Vec<i64>,
    /// The second shift of each.
    second: Vec<u32>,
    /// Instants as they were before this iteration, in the order of change.
    before: Vec<(usize, i64)>,
    /// Stops of a shift in a zone, by zone and shift.
    stops: Vec<u16>,
    shifts: usize,
    /// Shifts in a zone, and the sum of all beyond the first.
    visitors: Vec<u32>,
    further: i64,
}

impl Shared {
    pub(super) fn new(ctx: &Context<'_>) -> Self {
        let shifts = ctx.shifts.len();
        Self {
            meetings: vec![0; ctx.ties.crew_jobs.len()],
            second: vec![NONE; ctx.ties.crew_jobs.len()],
            before: Vec::new(),
            stops: vec![0; ctx.ties.zone_count * shifts],
            shifts,
            visitors: vec![0; ctx.ties.zone_count],
            further: 0,
        }
    }

    pub(crate) fn meetings(&self) -> &[i64] {
        &self.meetings
    }

    /// Agrees on an instant.
    pub(crate) fn agree(&mut self, crew: usize, t: i64) {
        self.before.push((crew, self.meetings[crew]));
        self.meetings[crew] = t;
    }

    pub(super) fn commit(&mut self) {
        self.before.clear();
    }

    pub(super) fn rollback(&mut self) {
        for (crew, t) in self.before.drain(..).rev() {
            self.meetings[crew] = t;
        }
    }

    /// The second shift of a job for two.
    pub(crate) fn second(&self, ctx: &Context<'_>, job: u32) -> u32 {
        ctx.ties.crew(job).map_or(NONE, |crew| self.second[crew])
    }

    /// True when it was known.
    pub(super) fn set_second(&mut self, ctx: &Context<'_>, job: u32, route: u32) -> bool {
        let Some(crew) = ctx.ties.crew(job) else { return true };
        let known = self.second[crew] == route;
        self.second[crew] = route;
        known
    }

    /// True when that shift was the second.
    pub(super) fn clear_second(&mut self, ctx: &Context<'_>, job: u32, route: u32) -> bool {
        let Some(crew) = ctx.ties.crew(job) else { return false };
        let known = self.second[crew] == route;
        if known {
            self.second[crew] = NONE;
        }
        known
    }

    /// Zones that are visited by further shifts, counted once for each of those.
    pub(crate) fn shared_zones(&self) -> i64 {
        self.further
    }

    pub(super) fn enter(&mut self, ctx: &Context<'_>, job: u32, route: u32) {
        let Some(zone) = ctx.ties.zone(job) else { return };
        let stops = &mut self.stops[zone * self.shifts + route as usize];
        *stops = stops.saturating_add(1);
        if *stops == 1 {
            self.visitors[zone] += 1;
            self.further += i64::from(self.visitors[zone] > 1);
        }
    }

    pub(super) fn leave(&mut self, ctx: &Context<'_>, job: u32, route: u32) {
        let Some(zone) = ctx.ties.zone(job) else { return };
        let stops = &mut self.stops[zone * self.shifts + route as usize];
        *stops = stops.saturating_sub(1);
        if *stops == 0 {
            self.further -= i64::from(self.visitors[zone] > 1);
            self.visitors[zone] = self.visitors[zone].saturating_sub(1);
        }
    }

    /// Whether nobody stops in the job's zone so far.
    pub(crate) fn is_new_zone(&self, ctx: &Context<'_>, job: u32) -> bool {
        ctx.ties.zone(job).is_some_and(|zone| self.visitors[zone] == 0)
    }

    /// Whether a shift would be a further one in the job's zone.
    pub(crate) fn would_share(&self, ctx: &Context<'_>, job: u32, route: u32) -> bool {
        let Some(zone) = ctx.ties.zone(job) else { return false };
        let own = self.stops[zone * self.shifts + route as usize] > 0;
        !own && self.visitors[zone] > 0
    }
}
