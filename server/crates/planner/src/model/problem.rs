//! Jobs, shifts and the problem they make.
use super::matrix::Arc;
use super::{Job, Matrix, ProblemError, Route, Shift, Window, validate};

/// Small terms of the objective that concern all routes together, micro-units.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Terms {
    /// Cost of every paid second of a shift beyond its fair share: its part of all paid seconds in
    /// proportion to how long each shift can be.
    pub unfairness_per_second: i64,
    /// Cost of every further shift that stops in a [`Job::zone`].
    pub overlap: i64,
}

/// A checked problem: whatever one can hold, the solver can work on.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Problem {
    matrix: Matrix,
    jobs: Vec<Job>,
    shifts: Vec<Shift>,
    terms: Terms,
}

impl Problem {
    /// Checks and keeps the parts.
    ///
    /// # Errors
    /// Names the first field that contradicts itself or the others, as `jobs[3].windows[0]`: unknown
    /// location, window that ends before it begins, negative cost, figures too large to add up.
    pub fn new(matrix: Matrix, jobs: Vec<Job>, shifts: Vec<Shift>) -> Result<Self, ProblemError> {
        Self::with_terms(matrix, jobs, shifts, Terms::default())
    }

    /// As [`Self::new`], with terms that concern all routes together.
    ///
    /// # Errors
    /// As [`Self::new`].
    pub fn with_terms(
        matrix: Matrix,
        jobs: Vec<Job>,
        shifts: Vec<Shift>,
        terms: Terms,
    ) -> Result<Self, ProblemError> {
        validate::problem(&matrix, &jobs, &shifts, terms)?;
        Ok(Self { matrix, jobs, shifts, terms })
    }

    /// Terms that concern all routes together.
    #[must_use]
    pub fn terms(&self) -> Terms {
        self.terms
    }

    /// Travel times and distances.
    #[must_use]
    pub fn matrix(&self) -> &Matrix {
        &self.matrix
    }

    /// Jobs, in the order given.
    #[must_use]
    pub fn jobs(&self) -> &[Job] {
        &self.jobs
    }

    /// Shifts, in the order given.
    #[must_use]
    pub fn shifts(&self) -> &[Shift] {
        &self.shifts
    }

    /// From the first second of any shift to the last of any.
    pub(crate) fn span(&self) -> Window {
        let early = self.shifts.iter().map(|s| s.window.early).min().unwrap_or(0);
        let late = self.shifts.iter().map(|s| s.window.late).max().unwrap_or(0);
        Window::new(early, late)
    }

    /// Every leg of a route whose indices exist, from the shift's start to its end.
    pub(crate) fn legs<'a>(&'a self, route: &'a Route) -> impl Iterator<Item = Arc> + 'a {
        let shift = &self.shifts[route.shift];
        let place = |&j: &usize| Some(self.jobs[j].location);
        let from = std::iter::once(shift.start).chain(route.jobs.iter().map(place));
        let to = route.jobs.iter().map(place).chain(std::iter::once(shift.end));
        from.zip(to).map(|(a, b)| self.matrix.leg(a, b))
    }
}
