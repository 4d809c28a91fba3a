//! A plan as people read it: the input of every renderer, free of database and road types.

use std::collections::BTreeSet;

use jiff::{Timestamp, civil::Date, tz::TimeZone};

/// A point in degrees (WGS 84).
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Point {
    /// Latitude in degrees.
    pub lat: f64,
    /// Longitude in degrees.
    pub lon: f64,
}

/// One plan, with everything that a page, a table or a printed sheet shows.
#[derive(Debug, Clone)]
pub struct PlanDocument {
    /// Name of the organisation.
    pub organisation: String,
    /// ISO 4217 code, for example `TWD`.
    pub currency: String,
    /// Digits behind the decimal point of the currency.
    pub exponent: u8,
    /// Zone in which times are shown.
    pub time_zone: TimeZone,
    /// IANA name of that zone.
    pub time_zone_name: String,
    /// The planned working day.
    pub date: Date,
    /// Version of the plan for that day, from 1.
    pub version: i32,
    /// When the plan was made.
    pub created_at: Timestamp,
    /// Where travel times are from, for example `embedded roads, car` or `great circle x 1.4`.
    pub travel: String,
    /// How the plan was searched: seed and iterations replay it.
    pub search: String,
    /// Sources of data that must be named wherever the plan is shown.
    pub credits: Vec<String>,
    /// Warnings to be shown on top, for example that a demo book is synthetic.
    pub notices: Vec<String>,
    /// Totals.
    pub totals: Totals,
    /// Routes by number.
    pub routes: Vec<Route>,
    /// Cases left out, best first within each reason.
    pub left_out: Vec<LeftOut>,
    /// Cells with overdue cases.
    pub cells: Vec<Cell>,
    /// Cases in the book.
    pub cases: usize,
    /// Agents in the book.
    pub agents: usize,
    /// Other forms of this plan that the page offers, for example the CSV of its stops.
    pub links: Vec<Link>,
    /// What came back from the doors.
    pub came_back: CameBack,
    /// Whether agents work by it, in words; empty where that is not known, as in files.
    pub standing: String,
    /// Other plans and where they are shown; none in files.
    pub others: Vec<OtherPlan>,
}

/// Another plan that can be looked at.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct OtherPlan {
    /// Its day.
    pub date: String,
    /// Its version.
    pub version: i32,
    /// Its visits.
    pub visits: usize,
    /// Whether agents work by it, in words.
    pub standing: String,
    /// Where it is.
    pub href: String,
}

/// What came back from the doors on the day of a plan, and what waits for somebody to decide.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct CameBack {
    /// Visits of the day by arrival.
    pub visits: Vec<CameVisit>,
    /// Conflicts that nobody has settled, the latest first.
    pub conflicts: Vec<CameConflict>,
    /// Ops that are kept aside, the latest first.
    pub refused: Vec<CameRefusal>,
}

/// A visit that happened.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CameVisit {
    /// The lender's key of the case.
    pub case_ref: String,
    /// The lender's key of the agent, where it is known.
    pub agent_ref: Option<String>,
    /// Arrival; none for clocks that no calendar has.
    pub arrived_at: Option<Timestamp>,
    /// Whom it found.
    pub met: String,
    /// The outcome as it is shown now.
    pub disposition: String,
    /// Codes of what is odd about it.
    pub flagged: Vec<String>,
}

/// Two values of one field that were written without knowing of each other. Of names, telephone numbers and
/// addresses of mail only as much as tells the two apart.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CameConflict {
    /// The lender's key of the case.
    pub case_ref: String,
    /// The field.
    pub what: String,
    /// The value that is shown.
    pub shown: String,
    /// The one that stands against it.
    pub other: String,
    /// Who wrote the other one: an agent or the office.
    pub by: String,
    /// Since when the two are known to the office.
    pub since: Option<Timestamp>,
}

/// An op that was received and is merged nowhere.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CameRefusal {
    /// The lender's key of the case, empty where that is not known.
    pub case_ref: String,
    /// The device and which of its ops, as `7:12`.
    pub op: String,
    /// Why.
    pub code: String,
    /// What to do.
    pub remedy: String,
}

/// A link of the page to another form of the same plan.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Link {
    /// What the reader gets, for example `Stops (CSV)`.
    pub label: String,
    /// Where it is, relative to the page, for example `stops.csv`.
    pub href: String,
}

/// Money of a plan or a route, in minor units of the currency.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Totals {
    /// What the planned visits are expected to bring before travel and time.
    pub prize_minor: i64,
    /// Cost of distance.
    pub travel_cost_minor: i64,
    /// Cost of paid time, service and waiting included.
    pub time_cost_minor: i64,
    /// Fixed cost of used shifts.
    pub fixed_cost_minor: i64,
    /// Cost of overtime beyond that of its time.
    pub overtime_cost_minor: i64,
    /// What visits earn, or cost when negative, by the agents who make them.
    pub pairing_minor: i64,
    /// Cost of hours beyond fair shares; of a plan only.
    pub unfairness_cost_minor: i64,
    /// Cost of agents who share a neighbourhood; of a plan only.
    pub overlap_cost_minor: i64,
    /// Prize and pairing less all costs.
    pub profit_minor: i64,
    /// Metres driven.
    pub metres: i64,
    /// Seconds on the road.
    pub drive_s: i64,
    /// Seconds at the doors.
    pub service_s: i64,
    /// Seconds waiting for a window.
    pub wait_s: i64,
}

impl PlanDocument {
    /// Visits: a stop of two agents is one.
    #[must_use]
    pub fn visits(&self) -> usize {
        let stops = self.routes.iter().flat_map(|route| &route.stops);
        stops.map(|stop| stop.case_ref.as_str()).collect::<BTreeSet<_>>().len()
    }
}

impl Totals {
    /// All costs together, less what visits earn by the agents who make them: what the profit leaves of the prize.
    #[must_use]
    pub const fn cost_minor(&self) -> i64 {
        self.prize_minor.saturating_sub(self.profit_minor)
    }

    /// Parts beyond prize, way, time and shifts that are not nothing: a label, a note and what they take from the
    /// profit.
    pub(crate) fn smaller(&self) -> impl Iterator<Item = (&'static str, &'static str, i64)> {
        [
            ("Overtime", "on top of the time", self.overtime_cost_minor),
            ("Changed agents", "another than who is known or wanted", -self.pairing_minor),
            ("Unfairness", "hours beyond fair shares", self.unfairness_cost_minor),
            ("Overlap", "agents in one neighbourhood", self.overlap_cost_minor),
        ]
        .into_iter()
        .filter(|(.., minor)| *minor != 0)
    }
}

/// A break of an agent.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Rest {
    /// After how many stops.
    pub after: usize,
    /// Beginning.
    pub from: Timestamp,
    /// End.
    pub to: Timestamp,
    /// Whether it is paid.
    pub paid: bool,
}

/// The day of one agent.
#[derive(Debug, Clone)]
pub struct Route {
    /// Number from 1, as on map and sheet.
    pub number: usize,
    /// The lender's key of the agent.
    pub agent_ref: String,
    /// Name of the agent.
    pub agent_name: String,
    /// Where the day starts.
    pub base: Point,
    /// Departure.
    pub departs_at: Timestamp,
    /// Return.
    pub returns_at: Timestamp,
    /// Money and time of this route.
    pub totals: Totals,
    /// Stops in order.
    pub stops: Vec<Stop>,
    /// Breaks in order.
    pub breaks: Vec<Rest>,
    /// One line per leg: to each stop, then back. May be empty.
    pub legs: Vec<Vec<Point>>,
    /// Whether all of them follow roads; a line that cannot be had is straight.
    pub along_roads: bool,
}

impl Route {
    /// Breaks between so many stops and the next.
    pub(crate) fn breaks_after(&self, stops: usize) -> impl Iterator<Item = &Rest> {
        self.breaks.iter().filter(move |rest| rest.after == stops)
    }

    /// From the base through all stops and back, as the crow flies: the line to draw where no
    /// legs are known.
    #[must_use]
    pub fn straight_line(&self) -> Vec<Point> {
        let stops = self.stops.iter().map(|stop| stop.at);
        std::iter::once(self.base).chain(stops).chain(std::iter::once(self.base)).collect()
    }
}

impl Stop {
    /// What an agent has to know of a position that is not the house.
    #[must_use]
    pub fn rough(&self) -> Option<&'static str> {
        match self.geocode_grade.as_deref()? {
            "street" => Some("position: the street only, look for the door"),
            "place" => Some("position: the town only, look for the door"),
            _ => None,
        }
    }
}

/// A planned stop.
#[derive(Debug, Clone)]
pub struct Stop {
    /// Number from 1 within the route.
    pub number: usize,
    /// The lender's key of the case.
    pub case_ref: String,
    /// Address, or the nearest named road.
    pub address: String,
    /// Further cases of the borrower that the visit is for, by the lender's keys.
    pub also: Vec<String>,
    /// How good a position is that was looked up from the address: `house`, `street` or `place`.
    pub geocode_grade: Option<String>,
    /// Where the door is.
    pub at: Point,
    /// Planned arrival.
    pub arrive_at: Timestamp,
    /// Start of the visit (after waiting for a window).
    pub start_at: Timestamp,
    /// Planned departure.
    pub leave_at: Timestamp,
    /// Road metres from the place before.
    pub leg_metres: i64,
    /// Road seconds from the place before.
    pub leg_s: i64,
    /// What the visit is expected to bring, before travel and time.
    pub prize_minor: i64,
    /// What the plan would lose without this stop.
    pub marginal_minor: i64,
    /// Amount due of all its cases.
    pub amount_due_minor: i64,
    /// Days past due, of the case that is most so.
    pub dpd: u32,
    /// Language of the borrower, if known.
    pub language: Option<String>,
    /// The lender's key of the agent who arrives together with this one, if the visit takes two.
    pub with_agent: Option<String>,
}

impl Stop {
    /// The keys of all its cases.
    #[must_use]
    pub fn case_refs(&self) -> String {
        let further = self.also.iter().map(String::as_str);
        std::iter::once(self.case_ref.as_str()).chain(further).collect::<Vec<_>>().join(", ")
    }
}

/// A case that is not in the plan, and why.
#[derive(Debug, Clone)]
pub struct LeftOut {
    /// The lender's key of the case.
    pub case_ref: String,
    /// Where the door is.
    pub at: Point,
    /// Stable code of the reason, for example `tier_low` or `money`.
    pub code: String,
    /// Heading for all cases with this code, for example `Costs more than it brings`.
    pub title: String,
    /// The reason in one sentence, with its figures.
    pub sentence: String,
    /// Prize, where one was priced.
    pub prize_minor: Option<i64>,
    /// Cost of the cheapest detour, where one was found.
    pub cost_minor: Option<i64>,
}

/// One H3 cell.
#[derive(Debug, Clone)]
pub struct Cell {
    /// H3 index as its hex string.
    pub index: String,
    /// Corners in order, not closed.
    pub boundary: Vec<Point>,
    /// Agent whose territory the cell belongs to, if any.
    pub agent_ref: Option<String>,
    /// Cases with a home visit as their treatment.
    pub cases: usize,
    /// Sum of their prizes.
    pub value_minor: i64,
}

/// A road to draw under the routes.
#[derive(Debug, Clone)]
pub struct RoadLine {
    /// 0 motorway and trunk, 1 primary, 2 secondary, 3 tertiary, 4 the rest.
    pub rank: u8,
    /// Corners in order.
    pub points: Vec<Point>,
}
