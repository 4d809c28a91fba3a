//! From a problem to the file.
use super::InstanceError;
use super::format::{Client, File, Vehicle};
use crate::model::{Job, Problem, ProblemError, Shift, UNREACHABLE};

/// What an unreachable pair is written as: 115 days, 10,000 km.
const NO_WAY: i64 = 10_000_000;

pub(super) fn instance(name: &str, problem: &Problem) -> Result<File, InstanceError> {
    let places = places(problem);
    let shifts = problem.shifts();
    let bases = bases(shifts).len();
    let at = |l: Option<usize>| places.iter().position(|&p| p == l).unwrap_or(0);
    let span = problem.span();
    let mut clients = Vec::new();
    for (i, job) in problem.jobs().iter().enumerate() {
        let tw = match job.windows.as_slice() {
            [] => (span.early, span.late),
            [w] => (w.early, w.late),
            _ => return Err(lacks(format!("jobs[{i}].windows"), "more than one window")),
        };
        if job.demand.len() > 1 || problem.shifts().iter().any(|s| s.capacity.len() > 1) {
            return Err(lacks(format!("jobs[{i}].demand"), "more than one kind of load"));
        }
        clients.push(Client {
            loc: at(Some(job.location)),
            service: job.service_s,
            tw,
            prize: job.prize,
            demand: load(problem, job),
            required: job.required,
            skill: (!job.skills.is_empty()).then(|| needs(job)),
        });
    }
    let vehicles = shifts.iter().map(|s| Vehicle {
        start: Some(at(s.start)),
        end: Some(at(s.end)),
        tw: (s.window.early, s.window.late),
        max_dur: s.max_duration_s.min(u32::MAX >> 1),
        dist_cost: s.cost_per_metre,
        time_cost: s.cost_per_second,
        fixed_cost: s.fixed_cost,
        capacity: s.room(0).or(s.max_jobs).unwrap_or(0),
        skills: has(problem, s),
    });
    let table = |of: &dyn Fn(usize, usize) -> u32| -> Vec<Vec<i64>> {
        let cell = |a: &Option<usize>, b: &Option<usize>| match (a, b) {
            (Some(a), Some(b)) => {
                let x = of(*a, *b);
                if x == UNREACHABLE { NO_WAY } else { i64::from(x) }
            }
            _ => 0,
        };
        places.iter().map(|a| places.iter().map(|b| cell(a, b)).collect()).collect()
    };
    let m = problem.matrix();
    Ok(File {
        name: name.into(),
        kind: "profit".into(),
        locs: vec![(0.0, 0.0); places.len()],
        dist_factor: 1.0,
        rounding: "round".into(),
        speed: 1.0,
        ndepots: bases,
        clients,
        vehicles: vehicles.collect(),
        prize_scale: 1_000_000,
        dist: Some(table(&|a, b| m.metres(a, b))),
        dur: Some(table(&|a, b| m.seconds(a, b))),
    })
}

fn lacks(field: String, what: &str) -> InstanceError {
    InstanceError::Field(ProblemError::new(field, format!("the format has no room for {what}")))
}

/// Starts and ends, each once, in order of first use.
fn bases(shifts: &[Shift]) -> Vec<Option<usize>> {
    let mut bases = Vec::new();
    for base in shifts.iter().flat_map(|s| [s.start, s.end]) {
        if !bases.contains(&base) {
            bases.push(base);
        }
    }
    bases
}

/// Bases, then every other location, so that indices of the file are places of this list.
fn places(problem: &Problem) -> Vec<Option<usize>> {
    let mut places = bases(problem.shifts());
    let mut used = vec![false; problem.matrix().len()];
    for &base in places.iter().flatten() {
        used[base] = true;
    }
    for job in problem.jobs() {
        if !used[job.location] {
            used[job.location] = true;
            places.push(Some(job.location));
        }
    }
    places
}

/// The format has one load: the problem's own, or else the count of jobs when that is limited.
fn load(problem: &Problem, job: &Job) -> u32 {
    let counts = problem.shifts().iter().any(|s| s.room(0).is_none() && s.max_jobs.is_some());
    if counts { 1 } else { job.load(0) }
}

/// One name for all a job needs, since the format has one skill a client.
fn needs(job: &Job) -> String {
    let mut skills = job.skills.clone();
    skills.sort_unstable();
    skills.dedup();
    let names: Vec<String> = skills.iter().map(|s| format!("s{s}")).collect();
    names.join("+")
}

/// The names of all that a shift can do.
fn has(problem: &Problem, shift: &Shift) -> Vec<String> {
    let wanted = problem.jobs().iter().filter(|j| !j.skills.is_empty() && shift.can(j));
    let mut names: Vec<String> = wanted.map(needs).collect();
    names.sort_unstable();
    names.dedup();
    names
}
