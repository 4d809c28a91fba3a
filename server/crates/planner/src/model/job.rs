//! What there is to do.
use super::Window;

/// Something to do at a place.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Job {
    /// Location in the matrix.
    pub location: usize,
    /// Time spent there, seconds.
    pub service_s: u32,
    /// Service starts within one of these; empty means any time.
    pub windows: Vec<Window>,
    /// What serving it earns before travel and time, micro-units; may be negative.
    pub prize: i64,
    /// To be served whatever it costs, if anybody can.
    pub required: bool,
    /// What a shift must have to serve it.
    pub skills: Vec<u16>,
    /// What it takes of a shift's capacity, one entry per kind of load; missing entries are 0.
    pub demand: Vec<u32>,
    /// Earned on top of the prize by starting in each of the windows, micro-units; missing entries are 0.
    pub premiums: Vec<i64>,
    /// Shifts that serve it together and start at the same instant: 1 or 2.
    pub crew: u8,
    /// Shifts that may not serve it.
    pub forbidden: Vec<usize>,
    /// The only shifts that may serve it; empty means any.
    pub only: Vec<usize>,
    /// What it earns (negative: costs) beyond its prize by the shift that serves it.
    pub pairing: Pairing,
    /// In a route, jobs with a rank come in the order of their ranks; others anywhere.
    pub rank: Option<u32>,
    /// The series of visits it belongs to.
    pub series: Option<Spacing>,
    /// The neighbourhood that shifts are to share as little as possible: see [`crate::Terms::overlap`].
    pub zone: Option<u32>,
}

/// What serving a job earns beyond its prize, by shift, micro-units; negative amounts cost.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Pairing {
    /// Shifts with an amount of their own.
    pub with: Vec<(usize, i64)>,
    /// All other shifts.
    pub otherwise: i64,
}

/// Visits to one place on different days.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Spacing {
    /// Jobs with the same number belong together.
    pub series: u32,
    /// Days at least between it and any other of the series.
    pub days: u32,
}

impl Job {
    /// An optional job at any time, with a prize in micro-units.
    #[must_use]
    pub const fn new(location: usize, service_s: u32, prize: i64) -> Self {
        Self {
            location,
            service_s,
            windows: Vec::new(),
            prize,
            required: false,
            skills: Vec::new(),
            demand: Vec::new(),
            premiums: Vec::new(),
            crew: 1,
            forbidden: Vec::new(),
            only: Vec::new(),
            pairing: Pairing { with: Vec::new(), otherwise: 0 },
            rank: None,
            series: None,
            zone: None,
        }
    }

    /// Windows with what starting in each earns; one without a bound when it has none.
    pub(crate) fn openings(&self) -> impl Iterator<Item = (Window, i64)> + '_ {
        let any = self.windows.is_empty().then_some((Window::ALWAYS, 0));
        let premium = |k: usize| self.premiums.get(k).copied().unwrap_or(0);
        any.into_iter().chain(self.windows.iter().enumerate().map(move |(k, &w)| (w, premium(k))))
    }

    /// The best premium of the windows that hold an instant; `None` when it may not start then.
    pub(crate) fn premium_at(&self, t: i64) -> Option<i64> {
        self.openings().filter(|(w, _)| w.holds(t)).map(|(_, premium)| premium).max()
    }

    /// What it takes of one kind of load.
    pub(crate) fn load(&self, kind: usize) -> u32 {
        self.demand.get(kind).copied().unwrap_or(0)
    }

    /// What that shift earns with it beyond the prize.
    #[must_use]
    pub fn paired(&self, shift: usize) -> i64 {
        let own = self.pairing.with.iter().find(|(k, _)| *k == shift);
        own.map_or(self.pairing.otherwise, |(_, amount)| *amount)
    }

    /// Whether the shift is not shut out by name.
    #[must_use]
    pub fn admits(&self, shift: usize) -> bool {
        (self.only.is_empty() || self.only.contains(&shift)) && !self.forbidden.contains(&shift)
    }
}
