//! The problem as the search wants it: flat tables, one lookup each.
use super::ties::Ties;
use crate::cast::idx32;
use crate::model::{Arc, Matrix, Problem, Window};

/// A place that is none: legs from and to it are free.
pub(crate) const NOWHERE: u32 = u32::MAX;
/// No job, no route.
pub(crate) const NONE: u32 = u32::MAX;

/// Nearest jobs known of each job.
const NEIGHBOURS: usize = 100;

#[derive(Debug, Clone, Copy)]
pub(crate) struct JobData {
    pub(crate) loc: u32,
    pub(crate) first_window: u32,
    pub(crate) windows: u32,
    pub(crate) required: bool,
    pub(crate) service: i64,
    pub(crate) prize: i64,
}

impl JobData {
    /// Numbers of its windows.
    #[inline]
    pub(crate) fn own_windows(&self) -> std::ops::Range<u32> {
        self.first_window..self.first_window + self.windows
    }
}

#[derive(Debug, Clone, Copy)]
pub(crate) struct ShiftData {
    pub(crate) start: u32,
    pub(crate) end: u32,
    pub(crate) window: Window,
    pub(crate) max_duration: i64,
    pub(crate) per_metre: i64,
    pub(crate) per_second: i64,
    /// Paid seconds beyond this cost `overtime` more each.
    pub(crate) regular: i64,
    pub(crate) overtime: i64,
    pub(crate) fixed: i64,
    pub(crate) max_jobs: usize,
    pub(crate) has_breaks: bool,
}

impl ShiftData {
    /// Cost of paid seconds.
    #[inline]
    pub(crate) fn cost_of(&self, paid: i64) -> i64 {
        let regular = paid * self.per_second;
        if self.overtime == 0 || paid <= self.regular {
            regular
        } else {
            regular + (paid - self.regular) * self.overtime
        }
    }
}

/// Legs to and from one place, by the other place. Both rows are contiguous, so that a scan of
/// positions for one job stays in the cache however large the matrix is.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Legs<'a> {
    from: &'a [Arc],
    to: &'a [Arc],
}

impl Legs<'_> {
    #[inline]
    pub(crate) fn from(&self, to: u32) -> Arc {
        if to == NOWHERE { Arc::default() } else { self.from[to as usize] }
    }

    #[inline]
    pub(crate) fn to(&self, from: u32) -> Arc {
        if from == NOWHERE { Arc::default() } else { self.to[from as usize] }
    }
}

#[derive(Debug)]
pub(crate) struct Context<'a> {
    pub(crate) problem: &'a Problem,
    matrix: &'a Matrix,
    transposed: Option<Matrix>,
    pub(crate) jobs: Vec<JobData>,
    pub(crate) windows: Vec<Window>,
    pub(crate) shifts: Vec<ShiftData>,
    allowed: Vec<bool>,
    /// Kinds of load.
    pub(crate) kinds: usize,
    demand: Vec<u32>,
    neighbours: Vec<u32>,
    per_job: usize,
    /// Jobs nearest to each shift's start (or end), nearest first.
    near_shift: Vec<Vec<u32>>,
    pub(crate) several_windows: bool,
    /// Whether more is to be chosen in a route than the order of its stops.
    pub(crate) has_choices: bool,
    /// What jobs owe each other, and what they earn by who serves them and when.
    pub(crate) ties: Ties,
    /// No price of a second above this; times a shift's seconds it stays far from overflow.
    pub(crate) highest_price: i64,
}

impl<'a> Context<'a> {
    pub(crate) fn new(problem: &'a Problem) -> Self {
        let matrix = problem.matrix();
        let mut windows = Vec::new();
        let mut jobs = Vec::with_capacity(problem.jobs().len());
        let kinds = problem.jobs().iter().map(|j| j.demand.len()).max().unwrap_or(0);
        let mut demand = Vec::new();
        for job in problem.jobs() {
            let first_window = idx32(windows.len());
            if job.windows.is_empty() {
                windows.push(Window::ALWAYS);
            }
            windows.extend_from_slice(&job.windows);
            jobs.push(JobData {
                loc: idx32(job.location),
                first_window,
                windows: idx32(job.windows.len().max(1)),
                required: job.required,
                service: i64::from(job.service_s),
                prize: job.prize,
            });
            demand.extend((0..kinds).map(|k| job.load(k)));
        }
        let shifts: Vec<ShiftData> = problem.shifts().iter().map(shift_data).collect();
        let allowed = problem.jobs().iter().flat_map(|j| {
            problem.shifts().iter().enumerate().map(|(k, s)| s.can(j) && j.admits(k))
        });
        let allowed = allowed.collect();
        let several_windows = jobs.iter().any(|j| j.windows > 1);
        let longest = shifts.iter().map(|s| s.window.late - s.window.early + 1).max().unwrap_or(1);
        let mut context = Self {
            problem,
            matrix,
            transposed: matrix.transposed(),
            jobs,
            windows,
            shifts,
            allowed,
            kinds,
            demand,
            neighbours: Vec::new(),
            per_job: 0,
            near_shift: Vec::new(),
            several_windows,
            has_choices: several_windows
                || problem.shifts().iter().any(|s| !s.breaks.is_empty())
                || problem.jobs().iter().any(|j| j.crew == 2)
                || problem.terms() != crate::model::Terms::default(),
            ties: Ties::new(problem),
            highest_price: (1 << 59) / longest,
        };
        context.find_neighbours();
        context
    }

    #[inline]
    pub(crate) fn leg(&self, from: u32, to: u32) -> Arc {
        if from == NOWHERE || to == NOWHERE {
            return Arc::default();
        }
        self.matrix.row(from as usize)[to as usize]
    }

    #[inline]
    pub(crate) fn legs(&self, place: u32) -> Legs<'_> {
        let from = self.matrix.row(place as usize);
        let to = self.transposed.as_ref().map_or(from, |t| t.row(place as usize));
        Legs { from, to }
    }

    #[inline]
    pub(crate) fn allowed(&self, job: u32, shift: u32) -> bool {
        self.allowed[job as usize * self.shifts.len() + shift as usize]
    }

    pub(crate) fn demand(&self, job: u32) -> &[u32] {
        &self.demand[job as usize * self.kinds..(job as usize + 1) * self.kinds]
    }

    pub(crate) fn room(&self, shift: u32, kind: usize) -> u64 {
        self.problem.shifts()[shift as usize].room(kind).map_or(u64::MAX, u64::from)
    }

    /// Jobs near a job, nearest first, without itself.
    #[inline]
    pub(crate) fn near(&self, job: u32) -> &[u32] {
        &self.neighbours[job as usize * self.per_job..(job as usize + 1) * self.per_job]
    }

    pub(crate) fn near_shift(&self, shift: u32) -> &[u32] {
        &self.near_shift[shift as usize]
    }

    fn find_neighbours(&mut self) {
        let n = self.jobs.len();
        self.per_job = NEIGHBOURS.min(n.saturating_sub(1));
        let mut all = Vec::with_capacity(n * self.per_job);
        let mut row: Vec<(u64, u32)> = Vec::with_capacity(n);
        for i in 0..n {
            self.by_distance(self.jobs[i].loc, idx32(i), self.per_job, &mut row);
            all.extend(row.iter().map(|&(_, j)| j));
        }
        self.neighbours = all;
        for k in 0..self.shifts.len() {
            let s = self.shifts[k];
            let place = if s.start == NOWHERE { s.end } else { s.start };
            row.clear();
            if place != NOWHERE {
                self.by_distance(place, NONE, 2 * NEIGHBOURS, &mut row);
            }
            self.near_shift.push(row.iter().map(|&(_, j)| j).collect());
        }
    }

    /// Fills `row` with the `most` jobs nearest to a place, there and back; equal ones by index.
    fn by_distance(&self, place: u32, but: u32, most: usize, row: &mut Vec<(u64, u32)>) {
        let legs = self.legs(place);
        let both = |l: u32| u64::from(legs.from(l).seconds) + u64::from(legs.to(l).seconds);
        row.clear();
        row.extend(self.jobs.iter().enumerate().map(|(j, d)| (both(d.loc), idx32(j))));
        row.retain(|&(_, j)| j != but);
        if most < row.len() {
            row.select_nth_unstable(most);
            row.truncate(most);
        }
        row.sort_unstable();
    }
}

fn shift_data(s: &crate::model::Shift) -> ShiftData {
    ShiftData {
        start: s.start.map_or(NOWHERE, idx32),
        end: s.end.map_or(NOWHERE, idx32),
        window: s.window,
        max_duration: i64::from(s.max_duration_s),
        per_metre: s.cost_per_metre,
        per_second: s.cost_per_second,
        regular: i64::from(s.regular_s),
        overtime: s.overtime_per_second,
        fixed: s.fixed_cost,
        max_jobs: s.max_jobs.map_or(usize::MAX, |m| m as usize),
        has_breaks: !s.breaks.is_empty(),
    }
}
