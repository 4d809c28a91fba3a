//! A route with all that is needed to look for a place in it: ways up to and from each stop.
use crate::cast::{idx32, saturate};
use crate::model::{Arc, Job, Problem, Route, Shift, UNREACHABLE, Window};
use crate::report::check::score;
use crate::report::explain::{Binding, Insertion, Need};
use crate::report::labels::{Label, best, close, ends, forth, heads, openings, tails};
use crate::report::lines::Lines;

/// A shift's route. Lists hold one label for each combination of windows and breaks that may be best.
pub(super) struct Line<'a> {
    pub(super) index: usize,
    pub(super) shift: &'a Shift,
    places: Vec<Option<usize>>,
    ranks: Vec<Option<u32>>,
    heads: Vec<Vec<Label>>,
    tails: Vec<Vec<Label>>,
    /// As `tails`, if the shift never ended.
    endless: Vec<Vec<Label>>,
    pub(super) paid: i64,
    pub(super) gain: i64,
    load: Vec<u64>,
}

/// The cheapest places so far: of those that fit, and of those that do not with what keeps them from it.
#[derive(Debug, Default)]
pub(super) struct Near {
    pub(super) fits: Option<Insertion>,
    pub(super) tight: Option<(Insertion, Binding)>,
    pub(super) need: Option<Need>,
    pub(super) window_by: Option<i64>,
}

/// `None` when the route does not hold.
pub(super) fn line<'a>(problem: &'a Problem, route: &Route) -> Option<Line<'a>> {
    if route.jobs.iter().any(|&j| j >= problem.jobs().len()) {
        return None;
    }
    let shift = &problem.shifts()[route.shift];
    let paid = score(problem, route)?.seconds;
    let jobs: Vec<&Job> = route.jobs.iter().map(|&j| &problem.jobs()[j]).collect();
    let mut places = vec![shift.start];
    places.extend(jobs.iter().map(|j| Some(j.location)));
    places.push(shift.end);
    let legs: Vec<Arc> = problem.legs(route).collect();
    let heads = heads(shift, &jobs, route, &legs);
    let whole = close(heads.last()?, shift, *legs.last()?, &ends(shift, shift.window.late));
    let gain = if jobs.is_empty() { 0 } else { best(&whole, shift)?.gain };
    let kinds = shift.capacity.len();
    let demand = |k: usize| jobs.iter().map(|j| u64::from(j.load(k))).sum();
    Some(Line {
        index: route.shift,
        shift,
        ranks: jobs.iter().map(|j| j.rank).collect(),
        tails: tails(shift, &jobs, route, &legs, shift.window.late),
        endless: tails(shift, &jobs, route, &legs, Window::ALWAYS.late),
        load: (0..kinds).map(demand).collect(),
        places,
        heads,
        paid,
        gain,
    })
}

/// A place between two stops of a line for one job, over the legs to and from it.
struct Place<'a> {
    job: &'a Job,
    position: usize,
    there: Arc,
    onward: Arc,
    extra_metres: i64,
}

impl Line<'_> {
    /// Tries every place of this route for a job for one.
    pub(super) fn look(&self, lines: &Lines<'_>, job: usize, near: &mut Near) {
        let data = &lines.problem.jobs()[job];
        let limit = self.full(data);
        for position in self.positions(data) {
            if let Some(place) = self.place(lines.problem, data, position) {
                self.try_place(lines, &place, limit, near);
            }
        }
    }

    /// The cheapest place for a job that begins at `t`, its premium left aside.
    pub(super) fn at(&self, lines: &Lines<'_>, job: usize, t: i64) -> Option<Insertion> {
        let data = &lines.problem.jobs()[job];
        if self.full(data).is_some() {
            return None;
        }
        // The premium is earned once, not by each of the two.
        let open: Vec<(Window, i64)> =
            openings(data, Some(t)).into_iter().map(|(w, _)| (w, 0)).collect();
        let places = self.positions(data).filter_map(|at| self.place(lines.problem, data, at));
        let found = places.filter_map(|place| {
            let heads =
                forth(&self.heads[place.position], self.shift, place.there, &open, data.service_s);
            let whole = close(&heads, self.shift, place.onward, &self.tails[place.position]);
            best(&whole, self.shift).map(|label| self.insertion(lines, &place, label))
        });
        found.min_by_key(|at| (at.cost(), at.position))
    }

    /// Places that the order of ranks leaves open.
    fn positions(&self, job: &Job) -> std::ops::RangeInclusive<usize> {
        let stops = self.ranks.len();
        let Some(own) = job.rank else { return 0..=stops };
        let below = self.ranks.iter().rposition(|r| r.is_some_and(|r| r < own));
        let above = self.ranks.iter().position(|r| r.is_some_and(|r| r > own));
        below.map_or(0, |at| at + 1)..=above.unwrap_or(stops)
    }

    /// A limit of the shift that no amount of time lifts.
    fn full(&self, job: &Job) -> Option<Binding> {
        let stops = idx32(self.places.len() - 2);
        if self.shift.max_jobs.is_some_and(|most| stops >= most) {
            return Some(Binding::MaxJobs);
        }
        (0..self.shift.capacity.len()).find_map(|kind| {
            let more = u64::from(job.load(kind));
            let room = self.shift.room(kind).map_or(u64::MAX, u64::from);
            (self.load[kind] + more > room).then_some(Binding::Capacity { kind })
        })
    }

    /// `None` when there is no way there or on.
    fn place<'p>(&self, problem: &Problem, job: &'p Job, position: usize) -> Option<Place<'p>> {
        let m = problem.matrix();
        let (p, q) = (self.places[position], self.places[position + 1]);
        let (there, onward) = (m.leg(p, Some(job.location)), m.leg(Some(job.location), q));
        if there.seconds == UNREACHABLE || onward.seconds == UNREACHABLE {
            return None;
        }
        let spared = if self.is_unused() { 0 } else { i64::from(m.leg(p, q).metres) };
        let extra_metres = i64::from(there.metres) + i64::from(onward.metres) - spared;
        Some(Place { job, position, there, onward, extra_metres })
    }

    fn is_unused(&self) -> bool {
        self.places.len() == 2
    }

    fn insertion(&self, lines: &Lines<'_>, place: &Place<'_>, label: &Label) -> Insertion {
        let paid = label.paid();
        let time = self.shift.cost_of(paid) - self.shift.cost_of(self.paid);
        Insertion {
            shift: self.index,
            position: place.position,
            extra_metres: place.extra_metres,
            extra_s: paid - self.paid,
            travel_cost: place.extra_metres.saturating_mul(self.shift.cost_per_metre),
            time_cost: saturate(time),
            fixed_cost: if self.is_unused() { self.shift.fixed_cost } else { 0 },
            other_cost: lines.other(place.job, self, paid, label.gain),
        }
    }

    fn try_place(
        &self,
        lines: &Lines<'_>,
        place: &Place<'_>,
        limit: Option<Binding>,
        near: &mut Near,
    ) {
        let (job, position) = (place.job, place.position);
        let own = openings(job, None);
        let heads = forth(&self.heads[position], self.shift, place.there, &own, job.service_s);
        let within = close(&heads, self.shift, place.onward, &self.tails[position]);
        if let Some(label) = best(&within, self.shift) {
            near.offer(self.insertion(lines, place, label), limit);
            return;
        }
        let all = close(&heads, self.shift, place.onward, &self.endless[position]);
        let longest = i64::from(self.shift.max_duration_s);
        let late = |l: &Label| l.seg.ready() - self.shift.window.late;
        let over = |l: &Label| late(l).max(0).max(l.seg.dur - longest);
        let Some(label) = all.iter().min_by_key(|l| (over(l), l.seg.dur)) else {
            self.missed(&heads, &own, place, near);
            return;
        };
        let (by_s, at) = (over(label), self.insertion(lines, place, label));
        let by_end = late(label) >= by_s;
        let binding = if by_end { Binding::ShiftEnd { by_s } } else { Binding::Duration { by_s } };
        near.offer(at, Some(limit.unwrap_or(binding)));
        let gain = job.prize.saturating_sub(at.cost());
        if limit.is_none() && gain > 0 {
            near.needs(Need { shift: self.index, seconds: by_s, gain });
        }
    }

    /// By how much this place misses a window: the job's own, or the one of the stretch after it.
    fn missed(&self, heads: &[Label], own: &[(Window, i64)], place: &Place<'_>, near: &mut Near) {
        let there = i64::from(place.there.seconds);
        let by = if heads.is_empty() {
            let arrive = self.heads[place.position].iter().map(|h| h.seg.ready() + there).min();
            let last = own.iter().map(|(w, _)| w.late).max();
            arrive.zip(last).map(|(a, l)| a - l)
        } else {
            let onward = i64::from(place.onward.seconds);
            let ready = heads.iter().map(|h| h.seg.ready() + onward).min();
            let tail = self.endless[place.position].iter().map(|t| t.seg.late).max();
            ready.zip(tail).map(|(r, t)| r - t)
        };
        if let Some(by) = by.filter(|&b| b > 0)
            && near.window_by.is_none_or(|w| by < w)
        {
            near.window_by = Some(by);
        }
    }
}

impl Near {
    fn offer(&mut self, at: Insertion, binding: Option<Binding>) {
        match binding {
            None if self.fits.is_none_or(|known| at.cost() < known.cost()) => self.fits = Some(at),
            Some(binding) if self.tight.is_none_or(|(known, _)| at.cost() < known.cost()) => {
                self.tight = Some((at, binding));
            }
            _ => {}
        }
    }

    fn needs(&mut self, need: Need) {
        let closer = |n: &Need| (need.seconds, -need.gain) < (n.seconds, -n.gain);
        if self.need.as_ref().is_none_or(closer) {
            self.need = Some(need);
        }
    }
}
