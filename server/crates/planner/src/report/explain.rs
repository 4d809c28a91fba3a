//! Why a job is in no route, and what would bring it in.
use crate::cast::idx32;
use crate::model::{Job, Problem, Route, Shift, UNREACHABLE, Window};
use crate::report::check::score;
use crate::segment::{Seg, join, prune};

/// A place for a job in a route, or in a shift without one.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Insertion {
    /// The shift.
    pub shift: usize,
    /// Place in its route, from 0.
    pub position: usize,
    /// Metres the route gets longer.
    pub extra_metres: i64,
    /// Seconds the route gets longer.
    pub extra_s: i64,
    /// Price of those metres, micro-units.
    pub travel_cost: i64,
    /// Price of those seconds, micro-units.
    pub time_cost: i64,
    /// Fixed cost of a shift not used so far, micro-units.
    pub fixed_cost: i64,
}

impl Insertion {
    /// All costs, micro-units.
    #[must_use]
    pub const fn cost(&self) -> i64 {
        self.travel_cost.saturating_add(self.time_cost).saturating_add(self.fixed_cost)
    }
}

/// What keeps a job out.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Binding {
    /// Nothing: it fits and gains.
    Nothing,
    /// It fits, but costs more than it earns.
    Money,
    /// The shift would end too late by this much.
    ShiftEnd {
        /// Seconds.
        by_s: i64,
    },
    /// The shift would last too long by this much.
    Duration {
        /// Seconds.
        by_s: i64,
    },
    /// The shift has all the jobs it may have.
    MaxJobs,
    /// The shift cannot carry it.
    Capacity {
        /// Kind of load.
        kind: usize,
    },
    /// Its window, or the window of a job after it, would be missed by this much.
    Window {
        /// Seconds.
        by_s: i64,
    },
    /// No shift has the skills.
    Skill,
    /// No shift has a way there and on.
    Unreachable,
}

/// More time on a shift that would make the job worth planning.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Need {
    /// The shift.
    pub shift: usize,
    /// Seconds its end or its longest duration would have to move.
    pub seconds: i64,
    /// Gain of the insertion it allows, micro-units.
    pub gain: i64,
}

/// Why a job is in no route. The smallest changes are `worth_above` (money) and `need` (time).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Explanation {
    /// The job.
    pub job: usize,
    /// Its prize, micro-units.
    pub prize: i64,
    /// What keeps it out.
    pub binding: Binding,
    /// Cheapest place: one that fits or, if none does, the one `binding` speaks of.
    pub best: Option<Insertion>,
    /// A place that costs less than `best` and does not fit, and what keeps it from fitting.
    pub cheaper: Option<(Insertion, Binding)>,
    /// It would be planned if its prize were above this, micro-units; `None` when it fits nowhere.
    pub worth_above: Option<i64>,
    /// Fewest further seconds on a shift that would let it in with a gain.
    pub need: Option<Need>,
}

/// Explains one job. `None` when there is no such job, or it is in a route.
#[must_use]
pub fn explain(problem: &Problem, routes: &[Route], job: usize) -> Option<Explanation> {
    let open = job < problem.jobs().len() && !routes.iter().any(|r| r.jobs.contains(&job));
    open.then(|| one(problem, &lines(problem, routes), job))
}

/// Explains every job that is in no route, by index.
#[must_use]
pub fn explain_all(problem: &Problem, routes: &[Route]) -> Vec<Explanation> {
    let mut served = vec![false; problem.jobs().len()];
    for &j in routes.iter().flat_map(|r| &r.jobs) {
        if let Some(s) = served.get_mut(j) {
            *s = true;
        }
    }
    let lines = lines(problem, routes);
    (0..served.len()).filter(|&j| !served[j]).map(|j| one(problem, &lines, j)).collect()
}

/// A shift's route with what is known up to and from each place. Lists hold one stretch for each
/// choice of windows that may be best.
struct Line<'a> {
    shift: usize,
    data: &'a Shift,
    places: Vec<Option<usize>>,
    heads: Vec<Vec<Seg>>,
    tails: Vec<Vec<Seg>>,
    /// As `tails`, if the shift never ended.
    endless: Vec<Vec<Seg>>,
    seconds: i64,
    load: Vec<u64>,
}

fn lines<'a>(problem: &'a Problem, routes: &[Route]) -> Vec<Line<'a>> {
    let shifts = problem.shifts().iter().enumerate();
    let lines = shifts.filter_map(|(k, _)| {
        let empty = Route { shift: k, jobs: Vec::new() };
        let route = routes.iter().find(|r| r.shift == k).unwrap_or(&empty);
        line(problem, route)
    });
    lines.collect()
}

/// `None` when the route does not hold.
fn line<'a>(problem: &'a Problem, route: &Route) -> Option<Line<'a>> {
    if route.jobs.iter().any(|&j| j >= problem.jobs().len()) {
        return None;
    }
    let data = &problem.shifts()[route.shift];
    let seconds = score(problem, route)?.seconds;
    let job = |&j: &usize| &problem.jobs()[j];
    let mut places = vec![data.start];
    places.extend(route.jobs.iter().map(|j| Some(job(j).location)));
    places.push(data.end);
    let w = data.window;
    let mut heads = vec![vec![Seg { dur: 0, early: w.early, late: w.late }]];
    for (i, j) in route.jobs.iter().enumerate() {
        let leg = i64::from(problem.matrix().leg(places[i], places[i + 1]).seconds);
        heads.push(joins(&heads[i], leg, &own(job(j))));
    }
    let back = |late: i64| {
        let mut tails = vec![vec![Seg { dur: 0, early: w.early, late }]];
        for (i, j) in route.jobs.iter().enumerate().rev() {
            let leg = i64::from(problem.matrix().leg(places[i + 1], places[i + 2]).seconds);
            let next = joins(&own(job(j)), leg, &tails[tails.len() - 1]);
            tails.push(next);
        }
        tails.reverse();
        tails
    };
    let kinds = data.capacity.len();
    let demand = |k: usize| {
        route.jobs.iter().map(|j| job(j).demand.get(k).map_or(0, |&d| u64::from(d))).sum()
    };
    Some(Line {
        shift: route.shift,
        data,
        tails: back(w.late),
        endless: back(Window::ALWAYS.late),
        heads,
        places,
        seconds,
        load: (0..kinds).map(demand).collect(),
    })
}

fn own(job: &Job) -> Vec<Seg> {
    let seg = |w: &Window| Seg { dur: i64::from(job.service_s), early: w.early, late: w.late };
    if job.windows.is_empty() {
        vec![seg(&Window::ALWAYS)]
    } else {
        job.windows.iter().map(seg).collect()
    }
}

fn joins(a: &[Seg], travel: i64, b: &[Seg]) -> Vec<Seg> {
    let mut all: Vec<Seg> =
        a.iter().flat_map(|&x| b.iter().filter_map(move |&y| join(x, travel, y))).collect();
    prune(&mut all);
    all
}

/// The cheapest places so far: of those that fit, and of those that do not with what keeps them from it.
struct Search {
    fits: Option<Insertion>,
    tight: Option<(Insertion, Binding)>,
    need: Option<Need>,
    window_by: Option<i64>,
    skilled: bool,
}

fn one(problem: &Problem, lines: &[Line<'_>], job: usize) -> Explanation {
    let data = &problem.jobs()[job];
    let mut s = Search { fits: None, tight: None, need: None, window_by: None, skilled: false };
    for line in lines.iter().filter(|l| l.data.can(data)) {
        s.skilled = true;
        let limit = full(line, data);
        for position in 0..line.places.len() - 1 {
            place(problem, line, data, position, limit, &mut s);
        }
    }
    let (binding, best) = match (s.fits, s.tight, s.window_by) {
        (Some(at), ..) if at.cost() < data.prize => (Binding::Nothing, Some(at)),
        (Some(at), ..) => (Binding::Money, Some(at)),
        (None, Some((at, binding)), _) => (binding, Some(at)),
        (None, None, Some(by_s)) => (Binding::Window { by_s }, None),
        (None, None, None) if s.skilled => (Binding::Unreachable, None),
        (None, None, None) => (Binding::Skill, None),
    };
    let worth_above = s.fits.map(|at| at.cost());
    let cheaper = s.tight.filter(|(at, _)| s.fits.is_some_and(|fits| at.cost() < fits.cost()));
    Explanation { job, prize: data.prize, binding, best, cheaper, worth_above, need: s.need }
}

/// A limit of the shift that no amount of time lifts.
fn full(line: &Line<'_>, job: &Job) -> Option<Binding> {
    let stops = idx32(line.places.len() - 2);
    if line.data.max_jobs.is_some_and(|most| stops >= most) {
        return Some(Binding::MaxJobs);
    }
    (0..line.data.capacity.len()).find_map(|kind| {
        let more = job.demand.get(kind).map_or(0, |&d| u64::from(d));
        let room = line.data.room(kind).map_or(u64::MAX, u64::from);
        (line.load[kind] + more > room).then_some(Binding::Capacity { kind })
    })
}

/// Tries one place.
fn place(
    problem: &Problem,
    line: &Line<'_>,
    job: &Job,
    position: usize,
    limit: Option<Binding>,
    s: &mut Search,
) {
    let m = problem.matrix();
    let (p, q) = (line.places[position], line.places[position + 1]);
    let (a, b) = (m.leg(p, Some(job.location)), m.leg(Some(job.location), q));
    if a.seconds == UNREACHABLE || b.seconds == UNREACHABLE {
        return;
    }
    let unused = line.places.len() == 2;
    let spared = if unused { 0 } else { i64::from(m.leg(p, q).metres) };
    let extra_metres = i64::from(a.metres) + i64::from(b.metres) - spared;
    let heads = joins(&line.heads[position], i64::from(a.seconds), &own(job));
    let onward = i64::from(b.seconds);
    let insertion = |dur: i64| {
        let extra_s = dur - line.seconds;
        Insertion {
            shift: line.shift,
            position,
            extra_metres,
            extra_s,
            travel_cost: extra_metres.saturating_mul(line.data.cost_per_metre),
            time_cost: extra_s.saturating_mul(line.data.cost_per_second),
            fixed_cost: if unused { line.data.fixed_cost } else { 0 },
        }
    };
    let longest = i64::from(line.data.max_duration_s);
    let within = joins(&heads, onward, &line.tails[position]);
    if let Some(dur) = within.iter().map(|x| x.dur).min().filter(|&d| d <= longest) {
        offer(s, insertion(dur), limit);
        return;
    }
    let all = joins(&heads, onward, &line.endless[position]);
    let over = |x: &Seg| (x.ready() - line.data.window.late).max(0).max(x.dur - longest);
    let Some(x) = all.iter().min_by_key(|x| (over(x), x.dur)) else {
        missed(line, &heads, job, (position, i64::from(a.seconds), onward), s);
        return;
    };
    let (by_s, at) = (over(x), insertion(x.dur));
    let late = x.ready() - line.data.window.late;
    let binding =
        if late >= by_s { Binding::ShiftEnd { by_s } } else { Binding::Duration { by_s } };
    offer(s, at, Some(limit.unwrap_or(binding)));
    let gain = job.prize.saturating_sub(at.cost());
    if limit.is_none() && gain > 0 {
        let need = Need { shift: line.shift, seconds: by_s, gain };
        let closer = |n: &Need| (need.seconds, -need.gain) < (n.seconds, -n.gain);
        if s.need.as_ref().is_none_or(closer) {
            s.need = Some(need);
        }
    }
}

fn offer(s: &mut Search, at: Insertion, binding: Option<Binding>) {
    match binding {
        None if s.fits.is_none_or(|known| at.cost() < known.cost()) => s.fits = Some(at),
        Some(binding) if s.tight.is_none_or(|(known, _)| at.cost() < known.cost()) => {
            s.tight = Some((at, binding));
        }
        _ => {}
    }
}

/// By how much this place misses a window: the job's own, or the one of the stretch after it.
fn missed(
    line: &Line<'_>,
    heads: &[Seg],
    job: &Job,
    (position, there, onward): (usize, i64, i64),
    s: &mut Search,
) {
    let arrive = line.heads[position].iter().map(|h| h.ready() + there).min();
    let last = own(job).iter().map(|w| w.late).max();
    let by = if heads.is_empty() {
        arrive.zip(last).map(|(a, l)| a - l)
    } else {
        let ready = heads.iter().map(|h| h.ready() + onward).min();
        let tail = line.endless[position].iter().map(|t| t.late).max();
        ready.zip(tail).map(|(r, t)| r - t)
    };
    if let Some(by) = by.filter(|&b| b > 0)
        && s.window_by.is_none_or(|w| by < w)
    {
        s.window_by = Some(by);
    }
}
