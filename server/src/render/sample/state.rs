//! A long thin state by simple arithmetic, for pictures and for sizes.

use jiff::SignedDuration;

use super::super::document::{
    Cell, LeftOut, Link, PlanDocument, Point, RoadLine, Route, Stop, Totals,
};
use super::{at, empty};

/// A generator good enough for pictures.
struct Dice(u64);

impl Dice {
    fn roll(&mut self) -> f64 {
        self.0 =
            self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        f64::from(u32::try_from(self.0 >> 32).unwrap()) / f64::from(u32::MAX)
    }

    fn up_to(&mut self, n: u32) -> u32 {
        let wide = u64::from(n) * (self.0 >> 40);
        self.roll();
        u32::try_from(wide >> 24).unwrap().min(n - 1)
    }

    fn near(&mut self, centre: Point, degrees: f64) -> Point {
        let squeeze = self.roll() * self.roll();
        let angle = self.roll() * std::f64::consts::TAU;
        Point {
            lat: centre.lat + degrees * squeeze * angle.sin(),
            lon: centre.lon + degrees * 1.28 * squeeze * angle.cos(),
        }
    }
}

/// A long thin state: 12 routes of about 18 stops, 300 cells, 3,000 cases left out.
pub(in super::super) fn state() -> PlanDocument {
    let mut dice = Dice(42);
    let centres = centres();
    let routes: Vec<Route> =
        centres.iter().enumerate().map(|(i, c)| route(i + 1, *c, &mut dice)).collect();
    let mut totals = Totals::default();
    for route in &routes {
        add(&mut totals, &route.totals);
    }
    PlanDocument {
        totals,
        cases: 3_000 + routes.iter().map(|r| r.stops.len()).sum::<usize>(),
        agents: routes.len(),
        notices: vec![
            "Synthetic demo book: real overdue accounts (UCI) are paired at random with real \
             Delaware buildings (seed 20260309). No row describes a real person's debt."
                .into(),
        ],
        credits: vec![
            "Roads and buildings © OpenStreetMap contributors, ODbL 1.0".into(),
            "Accounts: Default of Credit Card Clients, I-Cheng Yeh, UCI Machine Learning \
             Repository, CC BY 4.0"
                .into(),
        ],
        links: vec![
            Link { label: "Stops (CSV)".into(), href: "stops.csv".into() },
            Link { label: "Left out (CSV)".into(), href: "left-out.csv".into() },
            Link { label: "GeoJSON".into(), href: "plan.geojson".into() },
            Link { label: "Route sheets".into(), href: "sheets.html".into() },
        ],
        left_out: left_out(&centres, &mut dice),
        cells: cells(&centres, &mut dice),
        routes,
        ..empty()
    }
}

fn centres() -> Vec<Point> {
    [
        (39.74, -75.55),
        (39.68, -75.75),
        (39.66, -75.62),
        (39.58, -75.70),
        (39.45, -75.71),
        (39.30, -75.62),
        (39.16, -75.53),
        (39.10, -75.58),
        (38.91, -75.43),
        (38.76, -75.31),
        (38.70, -75.10),
        (38.56, -75.57),
    ]
    .map(|(lat, lon)| Point { lat, lon })
    .to_vec()
}

/// A street pattern between two points: along one axis, then the other.
fn corner_line(from: Point, to: Point, dice: &mut Dice) -> Vec<Point> {
    let middle = Point { lat: from.lat, lon: to.lon };
    let between = |a: Point, b: Point, t: f64, dice: &mut Dice| Point {
        lat: a.lat + (b.lat - a.lat) * t + (dice.roll() - 0.5) * 0.0015,
        lon: a.lon + (b.lon - a.lon) * t + (dice.roll() - 0.5) * 0.0015,
    };
    let mut line = vec![from];
    for t in [0.25, 0.5, 0.75] {
        line.push(between(from, middle, t, dice));
    }
    for t in [0.0, 0.33, 0.66] {
        line.push(between(middle, to, t, dice));
    }
    line.push(to);
    line
}

const NAMES: [&str; 12] = [
    "Dana Reyes",
    "Samuel Okafor",
    "Priya Natarajan",
    "Lee Whitcomb",
    "Marta Kowalczyk",
    "Joseph Tran",
    "Alicia Monroe",
    "Ben Haddad",
    "Ruth Castellanos",
    "Ivan Petrov",
    "Grace Adeyemi",
    "Tom Lindqvist",
];
const STREETS: [&str; 6] = [
    "Mill Road",
    "Kirkwood Highway",
    "Silver Lake Drive",
    "Old Baltimore Pike",
    "Elm Court",
    "Bay Road",
];

fn route(number: usize, centre: Point, dice: &mut Dice) -> Route {
    let count = 15 + dice.up_to(7);
    let mut clock = at("08:30");
    let departs_at = clock;
    let mut here = centre;
    let (mut stops, mut legs) = (Vec::new(), Vec::new());
    for n in 1..=count {
        let door = dice.near(centre, 0.09);
        let leg_s = 120 + i64::from(dice.up_to(720));
        let leg_metres = leg_s * 11;
        let arrive_at = clock + SignedDuration::from_secs(leg_s);
        let wait_s = if n == 4 { 540 } else { 0 };
        let start_at = arrive_at + SignedDuration::from_secs(wait_s);
        clock = start_at + SignedDuration::from_secs(900);
        let prize_minor = 1_800 + i64::from(dice.up_to(9_000));
        legs.push(corner_line(here, door, dice));
        here = door;
        stops.push(Stop {
            number: stops.len() + 1,
            case_ref: format!("C-{number:02}{n:03}"),
            address: format!(
                "{} {}",
                10 + dice.up_to(900),
                STREETS[usize::try_from(n % 6).unwrap()]
            ),
            geocode_grade: None,
            at: door,
            arrive_at,
            start_at,
            leave_at: clock,
            leg_metres,
            leg_s,
            prize_minor,
            marginal_minor: prize_minor / 2,
            amount_due_minor: prize_minor * 9,
            dpd: 30 + dice.up_to(150),
            language: None,
            also: Vec::new(),
            with_agent: None,
        });
    }
    legs.push(corner_line(here, centre, dice));
    Route {
        number,
        agent_ref: format!("A-{number:02}"),
        agent_name: NAMES[number - 1].into(),
        base: centre,
        departs_at,
        returns_at: clock + SignedDuration::from_secs(600),
        totals: route_totals(&stops),
        stops,
        breaks: Vec::new(),
        legs,
        along_roads: true,
    }
}

/// Sums of the stops, and ten minutes home.
fn route_totals(stops: &[Stop]) -> Totals {
    let mut totals =
        Totals { fixed_cost_minor: 1_500, metres: 6_400, drive_s: 600, ..Totals::default() };
    for stop in stops {
        totals.prize_minor += stop.prize_minor;
        totals.metres += stop.leg_metres;
        totals.drive_s += stop.leg_s;
        totals.service_s += stop.leave_at.duration_since(stop.start_at).as_secs();
        totals.wait_s += stop.start_at.duration_since(stop.arrive_at).as_secs();
    }
    totals.travel_cost_minor = totals.metres * 30 / 1000;
    totals.time_cost_minor = (totals.drive_s + totals.service_s + totals.wait_s) * 2_400 / 3600;
    totals.profit_minor = totals.prize_minor
        - totals.travel_cost_minor
        - totals.time_cost_minor
        - totals.fixed_cost_minor;
    totals
}

fn add(sum: &mut Totals, part: &Totals) {
    sum.prize_minor += part.prize_minor;
    sum.travel_cost_minor += part.travel_cost_minor;
    sum.time_cost_minor += part.time_cost_minor;
    sum.fixed_cost_minor += part.fixed_cost_minor;
    sum.profit_minor += part.profit_minor;
    sum.metres += part.metres;
    sum.drive_s += part.drive_s;
    sum.service_s += part.service_s;
    sum.wait_s += part.wait_s;
}

fn left_out(centres: &[Point], dice: &mut Dice) -> Vec<LeftOut> {
    const REASONS: [(&str, &str, u32); 5] = [
        ("tier_low", "Low tier: watch list", 1_450),
        ("tier_medium", "Medium tier: letters and calls", 820),
        ("money", "Costs more than it brings", 430),
        ("time", "No time left in any shift", 240),
        ("hardship", "Hardship or dispute: remote help first", 60),
    ];
    let mut cases = Vec::new();
    for (code, title, count) in REASONS {
        for n in 0..count {
            let centre = centres[usize::try_from(dice.up_to(12)).unwrap()];
            let priced = matches!(code, "money" | "time");
            let prize = i64::from(6_000 - n * 4);
            let cost = prize + 120 + i64::from(dice.up_to(900));
            let sentence = match code {
                "money" => format!(
                    "Visit worth {}.{:02}, the cheapest detour costs {}.{:02}",
                    prize / 100,
                    prize % 100,
                    cost / 100,
                    cost % 100
                ),
                "time" => "Worth its detour, but every shift in reach is full until 17:00".into(),
                "hardship" => "Hardship reported: handled by the care desk, not by visits".into(),
                _ => format!("{} days overdue, {title}", 10 + dice.up_to(50)),
            };
            cases.push(LeftOut {
                case_ref: format!("C-9{:04}", cases.len()),
                at: dice.near(centre, 0.16),
                code: code.into(),
                title: title.into(),
                sentence,
                prize_minor: priced.then_some(prize),
                cost_minor: priced.then_some(cost),
            });
        }
    }
    cases
}

fn cells(centres: &[Point], dice: &mut Dice) -> Vec<Cell> {
    // Pointed-top hexagons on a lattice, as wide as H3 resolution 7.
    let (width, height) = (0.028, 0.022);
    let mut cells = Vec::new();
    for row in 0..64_u32 {
        for column in 0..30_u32 {
            let centre = Point {
                lat: 38.45 + f64::from(row) * height * 0.98,
                lon: -75.82 + (f64::from(column) + f64::from(row % 2) / 2.0) * width,
            };
            let distance = |c: &Point| (c.lat - centre.lat).hypot((c.lon - centre.lon) * 0.78);
            let Some((agent, near)) =
                centres.iter().map(distance).enumerate().min_by(|a, b| a.1.total_cmp(&b.1))
            else {
                continue;
            };
            if near > 0.085 || cells.len() == 300 {
                continue;
            }
            let corners =
                [(0.0, 1.0), (-0.5, 0.5), (-0.5, -0.5), (0.0, -1.0), (0.5, -0.5), (0.5, 0.5)];
            cells.push(Cell {
                index: format!("872aa8{:03x}ffffff", cells.len()),
                boundary: corners
                    .map(|(x, y)| Point {
                        lat: centre.lat + y * height * 0.98 / 1.5,
                        lon: centre.lon + x * width,
                    })
                    .to_vec(),
                agent_ref: Some(format!("A-{:02}", agent + 1)),
                cases: usize::try_from(dice.up_to(30)).unwrap(),
                value_minor: (i64::from(dice.up_to(1_000)) * i64::from(dice.up_to(1_000))) / 14,
            });
        }
    }
    cells
}

/// Streets on a jittered lattice, cut at every crossing as a road graph is.
pub(in super::super) fn roads(lines: u32) -> Vec<RoadLine> {
    let mut dice = Dice(7);
    let rows = lines / 40;
    let at = |row: u32, column: u32| {
        let jitter = f64::from((row * 7919 + column * 104_729) % 97) / 97.0;
        Point {
            lat: 38.44 + 1.42 * f64::from(row) / f64::from(rows) + jitter * 0.004,
            lon: -75.80 + 0.75 * f64::from(column) / 20.0 + jitter * 0.006,
        }
    };
    let mut roads = Vec::new();
    for row in 0..rows {
        for column in 0..20 {
            let here = at(row, column);
            for (to, across) in [(at(row, column + 1), row), (at(row + 1, column), column)] {
                let rank = match across {
                    a if a % 60 == 9 => 0,
                    a if a % 20 == 3 => 1,
                    a if a % 10 == 1 => 2,
                    a if a % 5 == 0 => 3,
                    _ => 4,
                };
                let middle = Point {
                    lat: (here.lat + to.lat) / 2.0 + (dice.roll() - 0.5) * 0.001,
                    lon: (here.lon + to.lon) / 2.0 + (dice.roll() - 0.5) * 0.001,
                };
                roads.push(RoadLine { rank, points: vec![here, middle, to] });
            }
        }
    }
    roads
}
