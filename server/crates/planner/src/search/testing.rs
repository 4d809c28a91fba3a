//! A street for tests with arithmetic by hand: places on a line, 10 m apart a second.
use crate::model::{Job, Matrix, Problem, Shift, Window};

/// Places at these metres; a metre takes a tenth of a second, rounded down.
pub(crate) fn street(at: &[u32]) -> Matrix {
    let pairs = || at.iter().flat_map(|a| at.iter().map(move |b| a.abs_diff(*b)));
    Matrix::new(at.len(), pairs().map(|d| d / 10).collect(), pairs().collect()).unwrap()
}

/// Base at 0 m; jobs of 60 s and prize 1000 at 1000, 2000 and 3000 m; one shift of an hour at
/// 1 a metre's tenth (2 a second, 0 a metre) unless changed.
pub(crate) fn three() -> (Matrix, Vec<Job>, Vec<Shift>) {
    let jobs = (1..=3).map(|l| Job::new(l, 60, 1000)).collect();
    let shift = Shift { cost_per_second: 2, ..Shift::new(Some(0), Some(0), Window::new(0, 3600)) };
    (street(&[0, 1000, 2000, 3000]), jobs, vec![shift])
}

pub(crate) fn problem((m, jobs, shifts): (Matrix, Vec<Job>, Vec<Shift>)) -> Problem {
    Problem::new(m, jobs, shifts).unwrap()
}
