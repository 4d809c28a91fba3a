//! Visits without the app, payments, and what both come to: the circle closed from files.

use server::error::Error;
use server::progress::Silent;
use server::render::economics::{By, EconomicsDocument, economics_csv};
use server::usecases::build_plan::{Request as Plan, build_plan};
use server::usecases::economics::{Request, economics};
use server::usecases::import::{ImportedField, Source, import_payments, import_visits};
use server::usecases::publish::{Empty, publish};
use tests::book::{Case, agents_csv, cases_csv};
use tests::database::Database;
use tests::installation::Installation;

use crate::db::on_both;

const VISITS: &str = "visit_ref,case_ref,agent_ref,arrived_at,left_at,met,disposition,\
    promise_amount_minor,promise_due_on,paid_minor,payment_method,travel_m,travel_s,note\n\
    V1,N1,A1,2026-10-05T09:00,2026-10-05T09:10,borrower,promise_to_pay,10000,2026-10-12,,,5000,600,\n\
    V2,N2,A1,2026-10-05T10:00:00-04:00,2026-10-05T10:10,nobody,no_contact,,,,,2000,300,at noon\n\
    V3,S1,A2,2026-10-05,,borrower,part_paid,,,3000,cash,,,\n";

const PAYMENTS: &str = "payment_ref,case_ref,paid_at,amount_minor,method,reverses_ref\n\
    R1,N2,2026-10-07,1500,,P1\n\
    P1,N2,2026-10-06,4000,transfer,\n\
    P2,N1,2026-10-10T12:00,10000,card,\n\
    P3,S2,2026-10-10,777,,\n";

/// Twelve borrowers in the north and twelve in the south, far enough to be other cells, other areas.
fn book(database: &Database) -> Installation {
    let doorstep = Installation::new(database).unwrap();
    let cases: Vec<Case> = (1..=12)
        .flat_map(|n| {
            [
                Case::new(&format!("N{n}")).at(39.70, -75.60),
                Case::new(&format!("S{n}")).at(38.60, -75.40),
            ]
        })
        .collect();
    let agents = agents_csv(&[("A1", 39.70, -75.60), ("A2", 38.60, -75.40)]);
    doorstep.import(&cases_csv(&cases), &agents).unwrap();
    doorstep.score().unwrap();
    doorstep.territories().unwrap();
    doorstep
}

fn visits(doorstep: &Installation, csv: &str) -> Result<ImportedField, Error> {
    let source = Source { name: "visits.csv", bytes: csv.as_bytes() };
    import_visits(&doorstep.app, source, None)
}

fn payments(doorstep: &Installation, csv: &str) -> Result<ImportedField, Error> {
    let source = Source { name: "payments.csv", bytes: csv.as_bytes() };
    import_payments(&doorstep.app, source, None)
}

/// Row, column and code of each problem.
fn problems(result: Result<ImportedField, Error>) -> Vec<(u64, String, &'static str)> {
    match result {
        Err(Error::Import(report)) => {
            report.problems().iter().map(|p| (p.row, p.column.clone(), p.code)).collect()
        }
        other => panic!("expected a report, got {other:?}"),
    }
}

fn asked(doorstep: &Installation, by: By, days: Option<(&str, &str)>) -> EconomicsDocument {
    let day = |text: &str| text.parse().unwrap();
    let request = Request { by, from: days.map(|d| day(d.0)), to: days.map(|d| day(d.1)) };
    economics(&doorstep.app, &doorstep.travel, &request).unwrap()
}

fn from_files_to_figures(database: &Database) {
    let doorstep = book(database);
    let done = visits(&doorstep, VISITS).unwrap();
    assert_eq!((done.inserted, done.promises, done.payments), (3, 1, 1));
    let done = payments(&doorstep, PAYMENTS).unwrap();
    assert_eq!((done.inserted, done.payments, done.reversals), (4, 3, 1));

    // Each case was given to an agent by its visit alone: three borrowers, too few to show.
    let few = asked(&doorstep, By::Region, None);
    assert!(few.total.is_none() && few.rows.is_empty());
    assert!(few.notices[0].starts_with("Nothing is shown"), "{:?}", few.notices);

    let all: String = (3..=12)
        .flat_map(|n| [('N', "A1", n), ('S', "A2", n)])
        .map(|(side, agent, n)| {
            format!("W{side}{n},{side}{n},{agent},2026-10-06T12:{n:02},,nobody,no_contact\n")
        })
        .collect();
    let header = "visit_ref,case_ref,agent_ref,arrived_at,left_at,met,disposition\n";
    assert_eq!(visits(&doorstep, &format!("{header}{all}")).unwrap().inserted, 20);

    let document = asked(&doorstep, By::Region, None);
    let regions: Vec<&str> = document.rows.iter().map(|row| row.regions[0].as_str()).collect();
    assert_eq!(regions, ["A1", "A2"]);
    let north = &document.rows[0].figures;
    let s = &north.sums;
    assert_eq!((s.borrowers, s.visits, s.met_borrower, s.met_nobody), (12, 12, 1, 11));
    // P1 less R1 counts for V2, P2 for V1; nothing of P3, which nobody went for.
    assert_eq!((s.recovered_minor, s.paying_visits), (2_500 + 10_000, 2));
    assert_eq!((s.promises, s.promises_due, s.promises_kept), (1, 1, 1));
    assert_eq!((s.promises_kept_minor, s.open_windows), (10_000, 0));
    assert_eq!(s.visit_cost_minor, 12 * 200);
    assert_eq!((s.estimated_ways, s.driven_m), (10, 7_000), "ten at the same house as the base");
    // 600 + 600 s at the two doors; ten of 12 minutes, the usual time.
    assert_eq!(s.service_s, 1_200 + 7_200);
    assert_eq!(document.uncredited_minor, 0, "nobody was sent to S2, so it is not in the report");
    // 5,000 m in 600 s and 2,000 m in 300 s: 7,000 in 900 s, 28 km/h.
    let speed = "driven at 28 km/h, the mean of 2 recorded ways";
    assert!(document.notices.iter().any(|n| n.contains(speed)), "{:?}", document.notices);
    let second_day = asked(&doorstep, By::Region, Some(("2026-10-06", "2026-10-06")));
    let speed = "driven at 40 km/h, `fallback_speed_km_h`";
    assert!(second_day.notices.iter().any(|n| n.contains(speed)), "{:?}", second_day.notices);
    // B = 125.00 / 12; less 2.00 a visit and 25 an hour for 8,400 s by 12 visits, 700 s; at
    // 28 km/h: (10.4167 - 2 - 4.8611) / (2 (0.5 + 25 / 28)) = 1.2759 km.
    assert_eq!(north.break_even.map(sync_core::model::Metres::get), Some(1_276));
    let total = document.total.unwrap();
    assert_eq!(total.sums.recovered_minor, 12_500 + 3_000);
    let nets: i64 = document.rows.iter().map(|row| row.figures.net_minor).sum();
    assert_eq!(nets, total.net_minor);

    let cells = asked(&doorstep, By::Cell, None);
    assert_eq!(cells.rows.len(), 2);
    assert!(cells.rows.iter().all(|row| row.cell.is_some() && !row.shape.is_empty()));
    assert_eq!(cells.total, document.total);

    // The first day alone: three borrowers.
    assert!(asked(&doorstep, By::Cell, Some(("2026-10-05", "2026-10-05"))).total.is_none());
    // The second day: the 20 of that day, ten on each side.
    let second = asked(&doorstep, By::Region, Some(("2026-10-06", "2026-10-06")));
    assert_eq!(second.total.unwrap().sums.visits, 20);
    assert_eq!(second.total.unwrap().sums.recovered_minor, 0);
}

fn a_second_import_changes_nothing(database: &Database) {
    let doorstep = book(database);
    visits(&doorstep, VISITS).unwrap();
    payments(&doorstep, PAYMENTS).unwrap();
    let ops = || database.raw().unwrap().count("ops").unwrap();
    let before = ops();
    assert_eq!(before, 3 + 2 + 4, "visits, their promise and payment, the payments");
    let again = visits(&doorstep, VISITS).unwrap();
    assert_eq!((again.inserted, again.unchanged), (0, 3));
    let again = payments(&doorstep, PAYMENTS).unwrap();
    assert_eq!((again.inserted, again.unchanged), (0, 4));
    assert_eq!(ops(), before);

    for (from, to, column) in [
        ("V1,N1,A1", "V1,N3,A1", "case_ref"),
        ("V1,N1,A1", "V1,N1,A2", "agent_ref"),
        ("T09:00", "T08:00", "arrived_at"),
        ("T09:10", "T09:11", "left_at"),
        ("promise_to_pay,10000", "promise_to_pay,10001", "promise_amount_minor"),
        ("promise_to_pay,10000,2026-10-12", "promise_to_pay,,", "promise_amount_minor"),
        ("3000,cash", "3000,card", "paid_minor"),
        ("at noon", "at one", "note"),
    ] {
        assert!(VISITS.contains(from), "{from}");
        let found = problems(visits(&doorstep, &VISITS.replace(from, to)));
        assert_eq!(found.len(), 1, "{from}: {found:?}");
        assert_eq!((found[0].1.as_str(), found[0].2), (column, "already_imported"), "{from}");
    }
    for (from, to, column) in [
        ("P3,S2", "P3,S3", "case_ref"),
        ("777", "778", "amount_minor"),
        ("10000,card", "10000,cash", "method"),
        ("T12:00", "T13:00", "paid_at"),
    ] {
        let found = problems(payments(&doorstep, &PAYMENTS.replace(from, to)));
        assert_eq!((found[0].1.as_str(), found[0].2), (column, "already_imported"), "{from}");
    }
    // What was reversed before cannot be reversed again.
    let header = PAYMENTS.lines().next().unwrap();
    let more = format!("{header}\nR2,N2,2026-10-08,2501,,P1\n");
    assert_eq!(
        problems(payments(&doorstep, &more)),
        [(2, "amount_minor".into(), "reversal_exceeds")]
    );
    let rest = format!("{header}\nR2,N2,2026-10-08,2500,,P1\n");
    assert_eq!(payments(&doorstep, &rest).unwrap().reversals, 1);
    assert_eq!(ops(), before + 1);
}

fn one_bad_row_stops_the_file(database: &Database) {
    let doorstep = book(database);
    let header = VISITS.lines().next().unwrap();
    let good = "V1,N1,A1,2026-10-05T09:00,,borrower,other,,,,,,,";
    for (row, column, code) in [
        (",N1,A1,2026-10-05,,nobody,other,,,,,,,", "visit_ref", "missing"),
        ("V1,N2,A1,2026-10-05,,nobody,other,,,,,,,", "visit_ref", "duplicate"),
        ("V,N99,A1,2026-10-05,,nobody,other,,,,,,,", "case_ref", "unknown_case"),
        ("V,N1,A9,2026-10-05,,nobody,other,,,,,,,", "agent_ref", "unknown_agent"),
        ("V,N1,A1,,,nobody,other,,,,,,,", "arrived_at", "missing"),
        ("V,N1,A1,05/10/2026,,nobody,other,,,,,,,", "arrived_at", "not_a_date"),
        ("V,N1,A1,2026-12-05,,nobody,other,,,,,,,", "arrived_at", "future"),
        (
            "V,N1,A1,2026-10-05T09:00,2026-10-05T08:59,nobody,other,,,,,,,",
            "left_at",
            "window_reversed",
        ),
        ("V,N1,A1,2026-10-05,,dog,other,,,,,,,", "met", "not_in_table"),
        ("V,N1,A1,2026-10-05,,nobody,took the car,,,,,,,", "disposition", "not_in_table"),
        ("V,N1,A1,2026-10-05,,borrower,other,100,,,,,,", "promise_due_on", "incomplete"),
        (
            "V,N1,A1,2026-10-05,,borrower,other,100,2026-10-04,,,,,",
            "promise_due_on",
            "window_reversed",
        ),
        ("V,N1,A1,2026-10-05,,nobody,other,100,2026-10-09,,,,,", "met", "nobody_promised"),
        ("V,N1,A1,2026-10-05,,nobody,other,,,500,cash,,,", "met", "contradiction"),
        ("V,N1,A1,2026-10-05,,nobody,paid,,,,,,,", "met", "contradiction"),
        ("V,N1,A1,2026-10-05,,nobody,disputed,,,,,,,", "met", "contradiction"),
        ("V,N1,A1,2026-10-05,,borrower,other,,,,cash,,,", "paid_minor", "incomplete"),
        ("V,N1,A1,2026-10-05,,borrower,other,,,0,cash,,,", "paid_minor", "out_of_range"),
        ("V,N1,A1,2026-10-05,,borrower,other,,,9,gold,,,", "payment_method", "not_in_table"),
        ("V,N1,A1,2026-10-05,,borrower,other,,,,,-1,,", "travel_m", "out_of_range"),
    ] {
        let found = problems(visits(&doorstep, &format!("{header}\n{good}\n{row}\n")));
        assert!(found.contains(&(3, column.into(), code)), "{row}: {found:?}");
    }
    let header = PAYMENTS.lines().next().unwrap();
    let good = "P1,N1,2026-10-05,100,cash,";
    for (row, column, code) in [
        ("P1,N1,2026-10-05,100,cash,", "payment_ref", "duplicate"),
        ("P2,N1,2026-12-05,100,cash,", "paid_at", "future"),
        ("P2,N1,,100,cash,", "paid_at", "missing"),
        ("P2,N1,2026-10-05,-100,cash,", "amount_minor", "out_of_range"),
        ("P2,N1,2026-10-05,100,,P9", "reverses_ref", "unknown_payment"),
        ("P2,N2,2026-10-05,100,,P1", "reverses_ref", "other_case"),
        ("P2,N1,2026-10-05,101,,P1", "amount_minor", "reversal_exceeds"),
    ] {
        let found = problems(payments(&doorstep, &format!("{header}\n{good}\n{row}\n")));
        assert!(found.contains(&(3, column.into(), code)), "{row}: {found:?}");
    }
    let mut raw = database.raw().unwrap();
    let rows = ["ops", "visits", "promises", "payments"].map(|table| raw.count(table).unwrap());
    assert_eq!(rows, [0; 4], "nothing is half-imported");
}

/// Each row, its column and code; all of it is imported.
fn what_is_odd_is_told_and_imported(database: &Database) {
    let doorstep = book(database);
    let header = VISITS.lines().next().unwrap();
    let rows = [
        "V1,N1,A1,2026-10-05T03:10,,borrower,other,,,,,,,",
        // 10:10 in Greenwich is 06:10 in New York.
        "V2,N1,A1,2026-10-06T10:10:00Z,,borrower,other,,,,,900000,10,",
        "V3,N1,A1,2026-10-07T21:59,,nobody,moved_away,,,,,400,0,",
        "V4,N1,A1,2026-10-08T22:00,,borrower,other,,,,,41000,1000,",
        "V5,N1,A1,2026-10-09,,nobody,no_contact,,,,,42000,1000,",
    ];
    let done = visits(&doorstep, &format!("{header}\n{}\n", rows.join("\n"))).unwrap();
    assert_eq!((done.inserted, done.report.errors()), (5, 0));
    let found: Vec<(u64, &str)> = done.report.problems().iter().map(|p| (p.row, p.code)).collect();
    assert_eq!(found, [(2, "odd_hour"), (3, "odd_speed"), (5, "odd_hour"), (6, "odd_speed")]);
}

/// Words that are expected are told whole, and nobody is told to empty what must be there.
fn remedies_are_told_whole(database: &Database) {
    let doorstep = book(database);
    let header = VISITS.lines().next().unwrap();
    let long = "x".repeat(5_000);
    let bad = format!(
        "{header}\nV1,N1,A1,2026-10-05,,dog,took the car,,,,,,,\n\
         V2,N1,A1,2026-10-05,,borrower,{long},,,9,gold,,,\n"
    );
    let Err(Error::Import(report)) = visits(&doorstep, &bad) else { panic!("imported") };
    for text in [report.to_csv(), report.to_string()] {
        assert_eq!(text.matches("hardship_told").count(), 2, "{text}");
        assert_eq!(text.matches("referred").count(), 2, "the last word of the list: {text}");
        assert_eq!(text.matches("leave it empty").count(), 1, "payment_method alone: {text}");
        assert!(!text.contains(&long[..50]), "{text}");
    }
}

fn plan_against_fact(database: &Database) {
    let doorstep = book(database);
    let built = doorstep.plan().unwrap();
    let planned = built.plan.stops.len();
    assert!(planned >= 10, "{planned} stops");
    // The plan is of Monday, the clock stands on Friday: ask for the Monday.
    let document = asked(&doorstep, By::Region, Some(("2026-11-23", "2026-11-23")));
    let s = document.total.unwrap().sums;
    assert_eq!(s.planned_stops, i64::try_from(planned).unwrap());
    assert_eq!((s.planned_made, s.visits, s.cases), (0, 0, s.planned_stops));
    // To the cent what the page of the plan says, and there its stops.
    let shown = doorstep.shown().unwrap();
    assert_eq!(s.planned_prize_minor, shown.totals.prize_minor);
    for route in &shown.routes {
        let prizes: i64 = route.stops.iter().map(|stop| stop.prize_minor).sum();
        assert_eq!(prizes, route.totals.prize_minor);
    }
    let legs: i64 = built.plan.stops.iter().map(|stop| stop.leg_metres).sum();
    assert_eq!(s.planned_m, legs);
    // A second version of the day replaces the first; nothing is counted twice.
    doorstep.plan().unwrap();
    let again = asked(&doorstep, By::Region, Some(("2026-11-23", "2026-11-23")));
    assert_eq!(again.total.unwrap().sums.planned_stops, s.planned_stops);
    // The Tuesday is planned too; nothing is published, so the newest of each day counts.
    let tuesday = Plan { date: "2026-11-24".parse().unwrap(), seed: 7, iterations: 500 };
    let trial = build_plan(&doorstep.app, &doorstep.travel, &tuesday, &Silent).unwrap();
    let trial = i64::try_from(trial.plan.stops.len()).unwrap();
    assert!(trial > 0);
    let stops = || {
        let both = asked(&doorstep, By::Region, Some(("2026-11-23", "2026-11-24")));
        let sums = both.total.unwrap().sums;
        (sums.planned_stops, sums.cases)
    };
    assert_eq!(stops().0, s.planned_stops + trial);
    // Once the Monday is published, the Tuesday is a trial.
    let monday = "2026-11-23".parse().unwrap();
    publish(&doorstep.app, monday, None, Empty::Refused, None).unwrap();
    assert_eq!(stops(), (s.planned_stops, s.planned_stops));
    let days = Some(("2026-11-24", "2026-11-24"));
    let sums = asked(&doorstep, By::Region, days).total.unwrap().sums;
    assert_eq!(sums.planned_stops, 0, "the cases are the agents' since the publication");
}

on_both!(
    from_files_to_figures,
    a_second_import_changes_nothing,
    one_bad_row_stops_the_file,
    what_is_odd_is_told_and_imported,
    remedies_are_told_whole,
    plan_against_fact,
);

#[test]
fn both_databases_say_the_same() {
    let said = |database: &Database| {
        let doorstep = book(database);
        doorstep.plan().unwrap();
        visits(&doorstep, VISITS).unwrap();
        payments(&doorstep, PAYMENTS).unwrap();
        [By::Cell, By::Region]
            .map(|by| economics_csv(&asked(&doorstep, by, Some(("2026-10-01", "2026-11-30")))))
    };
    let on_sqlite = said(&Database::sqlite().unwrap());
    assert!(on_sqlite[0].lines().count() > 2, "{}", on_sqlite[0]);
    if let Some(database) = Database::postgres().unwrap() {
        assert_eq!(on_sqlite, said(&database));
    }
}
