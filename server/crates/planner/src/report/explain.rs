//! Why a job is in no route, and what would bring it in.
use crate::model::{Problem, Route};
use crate::report::crew;
use crate::report::line::Near;
use crate::report::lines::Lines;

/// A place for a job in a route, or in a shift without one.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Insertion {
    /// The shift.
    pub shift: usize,
    /// Place in its route, from 0.
    pub position: usize,
    /// Metres the route gets longer.
    pub extra_metres: i64,
    /// Paid seconds the route gets longer.
    pub extra_s: i64,
    /// Price of those metres, micro-units.
    pub travel_cost: i64,
    /// Price of those seconds, overtime included, micro-units.
    pub time_cost: i64,
    /// Fixed cost of a shift not used so far, micro-units.
    pub fixed_cost: i64,
    /// Whatever else the objective loses: unfairness, overlap, a pairing that costs, less premiums and
    /// pairings that earn; micro-units.
    pub other_cost: i64,
}

impl Insertion {
    /// All costs, micro-units.
    #[must_use]
    pub const fn cost(&self) -> i64 {
        let way = self.travel_cost.saturating_add(self.time_cost);
        way.saturating_add(self.fixed_cost).saturating_add(self.other_cost)
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
    /// Its window, or the window of a job or a break after it, would be missed by this much.
    Window {
        /// Seconds.
        by_s: i64,
    },
    /// No shift has the skills.
    Skill,
    /// Every shift that has the skills is shut out by name.
    Pair,
    /// Every other shift is too few days from another visit of its series.
    Spacing,
    /// No two shifts can meet there.
    Crew,
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
    /// The other shift's place of a job for two, and when both begin.
    pub second: Option<(Insertion, i64)>,
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
    open.then(|| one(problem, &Lines::new(problem, routes), job))
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
    let lines = Lines::new(problem, routes);
    (0..served.len()).filter(|&j| !served[j]).map(|j| one(problem, &lines, j)).collect()
}

fn one(problem: &Problem, lines: &Lines<'_>, job: usize) -> Explanation {
    let data = &problem.jobs()[job];
    let skilled = lines.all.iter().filter(|l| l.shift.can(data)).count();
    let (mut admitted, mut apart) = (0, 0);
    let mut fit = Vec::new();
    for line in lines.all.iter().filter(|l| l.shift.can(data)) {
        let by_name = data.admits(line.index);
        let by_days = lines.is_apart(data, line.shift.day);
        admitted += usize::from(by_name);
        apart += usize::from(by_name && by_days);
        if by_name && by_days {
            fit.push(line);
        }
    }
    let none = match (skilled, admitted, apart) {
        (0, ..) => Some(Binding::Skill),
        (_, 0, _) => Some(Binding::Pair),
        (_, _, 0) => Some(Binding::Spacing),
        _ => None,
    };
    if data.crew == 2 && none.is_none() {
        return crew::explain(lines, &fit, job);
    }
    let mut near = Near::default();
    for line in fit {
        line.look(lines, job, &mut near);
    }
    let prize = data.prize;
    let (binding, best) = match (near.fits, near.tight, near.window_by) {
        (Some(at), ..) if at.cost() < prize => (Binding::Nothing, Some(at)),
        (Some(at), ..) => (Binding::Money, Some(at)),
        (None, Some((at, binding)), _) => (binding, Some(at)),
        (None, None, Some(by_s)) => (Binding::Window { by_s }, None),
        (None, None, None) => (none.unwrap_or(Binding::Unreachable), None),
    };
    let worth_above = near.fits.map(|at| at.cost());
    let cheaper =
        near.tight.filter(|(at, _)| near.fits.is_some_and(|fits| at.cost() < fits.cost()));
    Explanation { job, prize, binding, best, second: None, cheaper, worth_above, need: near.need }
}
