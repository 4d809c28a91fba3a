//! What [`super::Problem::new`] refuses, so that nothing behind it can overflow or index out of bounds.
use super::{Job, Matrix, Shift, Terms, UNREACHABLE, Window};

/// A field that contradicts itself or the rest of the problem.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{field}: {reason}")]
pub struct ProblemError {
    /// The field with its index, as `jobs[3].windows[0]`.
    pub field: String,
    /// What is wrong with it.
    pub reason: String,
}

impl ProblemError {
    pub(crate) fn new(field: impl Into<String>, reason: impl Into<String>) -> Self {
        Self { field: field.into(), reason: reason.into() }
    }
}

/// Instants lie within about 30 years of the origin; a missing way (`u32::MAX` s) exceeds any shift.
const FAR: i64 = 1_000_000_000;
/// No sum of money in a problem can exceed this.
const MONEY: i128 = 1 << 60;

fn refuse(field: String, reason: &str) -> Result<(), ProblemError> {
    Err(ProblemError::new(field, reason))
}

fn window(field: impl Fn() -> String, w: Window) -> Result<(), ProblemError> {
    if w.early > w.late {
        return refuse(field(), "early after late");
    }
    if w.early < -FAR || w.late > FAR {
        return refuse(field(), "more than 1e9 seconds from the origin");
    }
    Ok(())
}

pub(super) fn problem(
    m: &Matrix,
    jobs: &[Job],
    shifts: &[Shift],
    terms: Terms,
) -> Result<(), ProblemError> {
    if jobs.len() >= 1 << 31 {
        return refuse("jobs".into(), "too many");
    }
    if shifts.len() >= 1 << 31 {
        return refuse("shifts".into(), "too many");
    }
    for (i, job) in jobs.iter().enumerate() {
        one_job(i, job, m, shifts.len())?;
    }
    let sum: i128 = jobs.iter().map(most_worth).sum();
    if sum > MONEY {
        return refuse("jobs".into(), "the prizes add up to more than 2^60 micro-units");
    }
    for (k, shift) in shifts.iter().enumerate() {
        breaks(k, shift)?;
    }
    costs(m, jobs.len(), shifts)?;
    together(jobs, shifts, terms)
}

/// Prize, premium and pairings of a job at their largest.
fn most_worth(job: &Job) -> i128 {
    let largest = |all: &mut dyn Iterator<Item = i64>| all.map(|x| i128::from(x).abs()).max();
    let premium = largest(&mut job.premiums.iter().copied()).unwrap_or(0);
    let mut pairs = job.pairing.with.iter().map(|p| p.1).chain([job.pairing.otherwise]);
    let pair = largest(&mut pairs).unwrap_or(0);
    i128::from(job.prize).abs() + premium + 2 * pair
}

fn one_job(i: usize, job: &Job, m: &Matrix, shifts: usize) -> Result<(), ProblemError> {
    if job.location >= m.len() {
        return refuse(format!("jobs[{i}].location"), "no such location in the matrix");
    }
    for (k, w) in job.windows.iter().enumerate() {
        window(|| format!("jobs[{i}].windows[{k}]"), *w)?;
    }
    if job.premiums.len() > job.windows.len() {
        return refuse(format!("jobs[{i}].premiums"), "more of them than windows");
    }
    if !(1..=2).contains(&job.crew) {
        return refuse(format!("jobs[{i}].crew"), "neither 1 nor 2");
    }
    let named = [("forbidden", &job.forbidden), ("only", &job.only)];
    for (field, list) in named {
        if list.iter().any(|&k| k >= shifts) {
            return refuse(format!("jobs[{i}].{field}"), "no such shift");
        }
    }
    if job.pairing.with.iter().any(|p| p.0 >= shifts) {
        return refuse(format!("jobs[{i}].pairing"), "no such shift");
    }
    Ok(())
}

fn breaks(k: usize, shift: &Shift) -> Result<(), ProblemError> {
    for (b, pause) in shift.breaks.iter().enumerate() {
        let field = || format!("shifts[{k}].breaks[{b}]");
        window(field, pause.window)?;
        if b > 0 {
            let before = shift.breaks[b - 1].window;
            if before.early > pause.window.early || before.late > pause.window.late {
                return refuse(field(), "begins or ends before the window of the break before it");
            }
        }
    }
    Ok(())
}

/// Terms over all routes, and what must agree between jobs.
fn together(jobs: &[Job], shifts: &[Shift], terms: Terms) -> Result<(), ProblemError> {
    let seconds: i128 = shifts.iter().map(|s| i128::from(s.window.late - s.window.early + 1)).sum();
    for (field, price, most) in [
        ("unfairness_per_second", terms.unfairness_per_second, seconds),
        ("overlap", terms.overlap, 2 * jobs.len() as i128),
    ] {
        if price < 0 {
            return refuse(format!("terms.{field}"), "negative");
        }
        if i128::from(price) * most > MONEY {
            return refuse(format!("terms.{field}"), "could add up to more than 2^60");
        }
    }
    Ok(())
}

fn costs(m: &Matrix, jobs: usize, shifts: &[Shift]) -> Result<(), ProblemError> {
    let longest = (0..m.len())
        .flat_map(|i| m.row(i))
        .map(|a| a.metres)
        .filter(|&x| x != UNREACHABLE)
        .max()
        .unwrap_or(0);
    // Every job is served once and every shift comes home once.
    let metres = i128::from(longest) * (jobs as i128 + shifts.len() as i128 + 1);
    let mut fixed = 0;
    for (k, s) in shifts.iter().enumerate() {
        for (name, at) in [("start", s.start), ("end", s.end)] {
            if at.is_some_and(|l| l >= m.len()) {
                return refuse(format!("shifts[{k}].{name}"), "no such location in the matrix");
            }
        }
        window(|| format!("shifts[{k}].window"), s.window)?;
        let seconds = i128::from(s.window.late - s.window.early + 1) * shifts.len() as i128;
        fixed += i128::from(s.fixed_cost).max(0);
        for (name, rate, most) in [
            ("cost_per_metre", s.cost_per_metre, metres * i128::from(s.cost_per_metre)),
            ("cost_per_second", s.cost_per_second, seconds * i128::from(s.cost_per_second)),
            (
                "overtime_per_second",
                s.overtime_per_second,
                seconds * (i128::from(s.cost_per_second) + i128::from(s.overtime_per_second)),
            ),
            ("fixed_cost", s.fixed_cost, fixed),
        ] {
            if rate < 0 {
                return refuse(format!("shifts[{k}].{name}"), "negative");
            }
            if most > MONEY {
                return refuse(format!("shifts[{k}].{name}"), "could add up to more than 2^60");
            }
        }
    }
    Ok(())
}
