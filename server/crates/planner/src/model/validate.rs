//! What [`super::Problem::new`] refuses, so that nothing behind it can overflow or index out of bounds.
use super::{Job, Matrix, Shift, UNREACHABLE, Window};

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

pub(super) fn problem(m: &Matrix, jobs: &[Job], shifts: &[Shift]) -> Result<(), ProblemError> {
    if jobs.len() >= 1 << 31 {
        return refuse("jobs".into(), "too many");
    }
    if shifts.len() >= 1 << 31 {
        return refuse("shifts".into(), "too many");
    }
    for (i, job) in jobs.iter().enumerate() {
        if job.location >= m.len() {
            return refuse(format!("jobs[{i}].location"), "no such location in the matrix");
        }
        for (k, w) in job.windows.iter().enumerate() {
            window(|| format!("jobs[{i}].windows[{k}]"), *w)?;
        }
    }
    let sum: i128 = jobs.iter().map(|j| i128::from(j.prize).abs()).sum();
    if sum > MONEY {
        return refuse("jobs".into(), "the prizes add up to more than 2^60 micro-units");
    }
    costs(m, jobs.len(), shifts)
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
