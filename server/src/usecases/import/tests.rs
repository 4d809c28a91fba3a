use super::*;
use crate::clock::Clock;
use crate::config::NewOrganisation;

const DELAWARE: Extent = Extent { south: 38.4, west: -75.8, north: 39.9, east: -74.9 };

fn app(dir: &std::path::Path) -> App {
    let clock = Clock::Fixed("2026-11-20T12:00:00Z".parse().unwrap());
    let zone = "America/New_York".parse().unwrap();
    let new = NewOrganisation::usual("Test", "USD".parse().unwrap(), zone);
    App::init(dir, None, &new, IdSource::seeded(clock, 1)).unwrap()
}

fn import(app: &App, cases: &str) -> Result<Imported, Error> {
    let source = Source { name: "cases.csv", bytes: cases.as_bytes() };
    let map = Map { extent: Some(&DELAWARE), ..Map::default() };
    import_book(app, Some(source), None, &map)
}

fn problems(app: &App, cases: &str) -> Vec<(u64, String, &'static str)> {
    match import(app, cases) {
        Err(Error::Import(report)) => {
            report.problems().iter().map(|p| (p.row, p.column.clone(), p.code)).collect()
        }
        other => panic!("expected a report, got {other:?}"),
    }
}

const HEADER: &str = "case_ref,borrower_ref,lat,lon,amount_due_minor,dpd";

#[test]
fn a_second_import_is_an_upsert() {
    let dir = tempfile::tempdir().unwrap();
    let app = app(dir.path());
    let first = format!("{HEADER}\nC1,B1,39.1,-75.5,100,30\nC2,B1,39.2,-75.5,200,60\n");
    assert_eq!(import(&app, &first).unwrap().change.inserted, 2);
    let before = app.store.cases(app.org).unwrap();
    let second = format!(
        "{HEADER}\nC1,B1,39.1,-75.5,100,30\nC2,B1,39.2,-75.5,250,60\nC3,B2,39.2,-75.6,1,0\n"
    );
    let change = import(&app, &second).unwrap().change;
    assert_eq!(change, RowChange { inserted: 1, updated: 1, unchanged: 1 });
    let after = app.store.cases(app.org).unwrap();
    assert_eq!(before[1].case_id, after[1].case_id, "an update keeps the id");
    assert_eq!(after[1].amount_due_minor, 250);
    assert_eq!(app.store.borrowers(app.org).unwrap().len(), 2);
    let log = app.store.imports(app.org).unwrap();
    assert_eq!((log.len(), log[1].rows_inserted, log[1].rows_updated), (2, 1, 1));
}

#[test]
fn one_bad_row_stops_the_whole_book() {
    let dir = tempfile::tempdir().unwrap();
    let app = app(dir.path());
    let text = format!("{HEADER}\nC1,B1,39.1,-75.5,100,30\nC2,B2,39.2,-75.5,1e5,60\n");
    assert_eq!(problems(&app, &text), [(3, "amount_due_minor".into(), "not_a_number")]);
    assert!(app.store.cases(app.org).unwrap().is_empty());
    assert!(app.store.borrowers(app.org).unwrap().is_empty());
    assert!(app.store.imports(app.org).unwrap().is_empty());
}

#[test]
fn every_problem_names_row_column_and_code() {
    let dir = tempfile::tempdir().unwrap();
    let app = app(dir.path());
    let header = format!("{HEADER},flags,visit_from,visit_to,time_zone,last_payment_at,language");
    for (row, column, code) in [
        (",B,39.1,-75.5,1,1,,,,,,", "case_ref", "missing"),
        ("C,,39.1,-75.5,1,1,,,,,,", "borrower_ref", "missing"),
        ("C,B,,-75.5,1,1,,,,,,", "lat", "missing"),
        ("C,B,39.1,west,1,1,,,,,,", "lon", "not_a_number"),
        ("C,B,-75.5,39.1,1,1,,,,,,", "lat", "coordinates_swapped"),
        ("C,B,-105.5,39.1,1,1,,,,,,", "lat", "not_a_position"),
        ("C,B,NaN,39.1,1,1,,,,,,", "lat", "not_a_number"),
        ("C,B,0,0,1,1,,,,,,", "lat", "null_island"),
        ("C,B,39.1,-75.5,-1,1,,,,,,", "amount_due_minor", "out_of_range"),
        ("C,B,39.1,-75.5,,1,,,,,,", "amount_due_minor", "missing"),
        ("C,B,39.1,-75.5,1,40000,,,,,,", "dpd", "out_of_range"),
        ("C,B,39.1,-75.5,1,1,angry,,,,,", "flags", "unknown_flag"),
        ("C,B,39.1,-75.5,1,1,,9:00,,,,", "visit_from", "not_a_time"),
        ("C,B,39.1,-75.5,1,1,,12:00,11:00,,,", "visit_to", "window_reversed"),
        ("C,B,39.1,-75.5,1,1,,,00:00,,,", "visit_to", "window_reversed"),
        ("C,B,39.1,-75.5,1,1,,,,Mars/Base,,", "time_zone", "unknown_time_zone"),
        ("C,B,39.1,-75.5,1,1,,,,,02/11/2026,", "last_payment_at", "not_a_date"),
        ("C,B,39.1,-75.5,1,1,,,,,2027-01-01,", "last_payment_at", "future"),
        ("C,B,39.1,-75.5,1,1,,,,,,e!", "language", "not_a_language"),
        ("C,B,39.1,-75.5,1,1,,,,,", "", "row_length"),
    ] {
        let found = problems(&app, &format!("{header}\n{row}\n"));
        assert!(found.contains(&(2, column.into(), code)), "{row}: {found:?}");
    }
}

#[test]
fn a_misspelt_column_names_the_nearest() {
    let dir = tempfile::tempdir().unwrap();
    let app = app(dir.path());
    let text = "case_ref,borrower_ref,lat,lon,amount_due,DPD\nC,B,39.1,-75.5,1,1\n";
    let Err(Error::Import(report)) = import(&app, text) else { panic!("accepted") };
    let shown = report.to_string();
    assert!(shown.contains("did you mean `amount_due_minor`?"), "{shown}");
    assert!(shown.contains("did you mean `dpd`?"), "{shown}");
    assert!(report.to_csv().starts_with("file,row,column,severity,code,cause,remedy\n"));
}

#[test]
fn a_payment_of_today_is_not_in_the_future() {
    let dir = tempfile::tempdir().unwrap();
    let app = app(dir.path());
    // The clock stands at 07:00 in New York; a date is read as noon.
    let text = format!("{HEADER},last_payment_at\nC,B,39.1,-75.5,1,1,2026-11-20\n");
    import(&app, &text).unwrap();
    let now = app.ids.clock().now().as_microsecond();
    assert_eq!(app.store.cases(app.org).unwrap()[0].last_payment_at, Some(now));
}

#[test]
fn broken_files_are_named_as_such() {
    let dir = tempfile::tempdir().unwrap();
    let app = app(dir.path());
    let codes = |bytes: &[u8]| {
        let source = Source { name: "x.csv", bytes };
        match import_book(&app, Some(source), None, &Map::default()) {
            Err(Error::Import(report)) => {
                report.problems().iter().map(|p| p.code).collect::<Vec<_>>()
            }
            other => panic!("{other:?}"),
        }
    };
    assert_eq!(codes(b""), ["empty_file"]);
    assert_eq!(codes(b"\n \n"), ["empty_file"]);
    assert_eq!(codes(b"case_ref;lat\nC;1\n"), ["delimiter"]);
    assert_eq!(codes(b"case_ref,lat\nM\xfcller,1\n"), ["not_utf8"]);
    assert_eq!(codes(format!("{HEADER}\n").as_bytes()), ["no_rows"]);
    assert_eq!(codes(format!("{HEADER},dpd\n").as_bytes()), ["duplicate_column"]);
    let twice = format!("{HEADER}\nC,B,39.1,-75.5,1,1\nC,B,39.1,-75.5,1,1\n");
    assert_eq!(codes(twice.as_bytes()), ["duplicate"]);
}

#[test]
fn outside_the_extract_and_differing_borrowers_are_warnings() {
    let dir = tempfile::tempdir().unwrap();
    let app = app(dir.path());
    let text = format!(
        "\u{feff}{HEADER},name\r\nC1,B1,40.7,-74.0,100,30,\"Doe, Ann\"\r\nC2,B1,39.1,-75.5,100,30,Anne\r\n"
    );
    let done = import(&app, &text).unwrap();
    let codes: Vec<_> = done.report.problems().iter().map(|p| p.code).collect();
    assert_eq!(codes, ["outside_extract", "borrower_differs"]);
    assert_eq!(app.store.borrowers(app.org).unwrap()[0].name, "Doe, Ann");
}

#[test]
fn agents_take_the_default_shift() {
    let dir = tempfile::tempdir().unwrap();
    let app = app(dir.path());
    let text = "agent_ref,base_lat,base_lon,shift_start,languages\nA1,39.1,-75.5,,ES;en\nA2,39.1,-75.5,10:00,\n";
    let source = Source { name: "agents.csv", bytes: text.as_bytes() };
    assert_eq!(import_book(&app, None, Some(source), &Map::default()).unwrap().agents, 2);
    let agents = app.store.agents(app.org).unwrap();
    assert_eq!((agents[0].shift_start_min, agents[0].shift_end_min), (540, 1020));
    assert_eq!(agents[0].languages, "en;es");
    assert_eq!(agents[0].days, "mon;tue;wed;thu;fri");
    assert_eq!((agents[0].end_lat_e7, agents[0].max_visits), (391_000_000, Some(30)));
    assert_eq!(agents[1].shift_start_min, 600);
}

#[test]
fn rows_are_counted_as_an_editor_counts_lines() {
    let dir = tempfile::tempdir().unwrap();
    let app = app(dir.path());
    for newline in ["\n", "\r\n"] {
        let text = [
            HEADER,
            "C1,B1,39.1,-75.5,1,1",
            "C2,B2,39.1,-75.5,x,1",
            "",
            "",
            "C3,\"B\n3\",39.1,-75.5,1,1",
            "C4,B4,39.1,-75.5,y,1",
        ]
        .join(newline);
        let rows: Vec<u64> = problems(&app, &text).iter().map(|(row, ..)| *row).collect();
        assert_eq!(rows, [3, 6, 8], "{newline:?}");
    }
}

#[test]
fn a_file_without_a_column_takes_nothing_away() {
    let dir = tempfile::tempdir().unwrap();
    let app = app(dir.path());
    let whole =
        format!("{HEADER},flags,phone,visit_from\nC,B,39.1,-75.5,1,1,no_contact,555,09:00\n");
    import(&app, &whole).unwrap();
    let change = import(&app, &format!("{HEADER}\nC,B,39.1,-75.5,2,1\n")).unwrap().change;
    assert_eq!(change.updated, 1);
    let case = &app.store.cases(app.org).unwrap()[0];
    assert_eq!((case.flags.as_str(), case.visit_from_min), ("no_contact", Some(540)));
    assert_eq!(app.store.borrowers(app.org).unwrap()[0].phone.as_deref(), Some("555"));
    // An empty cell under the column does take it away.
    import(&app, &format!("{HEADER},flags\nC,B,39.1,-75.5,2,1,\n")).unwrap();
    assert_eq!(app.store.cases(app.org).unwrap()[0].flags, "");
}

#[test]
fn without_roads_the_agents_tell_a_slip() {
    let dir = tempfile::tempdir().unwrap();
    let app = app(dir.path());
    let agents = "agent_ref,base_lat,base_lon\nA1,39.1,-75.5\n";
    let agents = Source { name: "agents.csv", bytes: agents.as_bytes() };
    let codes = |row: &str| {
        let text = format!("{HEADER}\n{row},1,1\n");
        let cases = Source { name: "cases.csv", bytes: text.as_bytes() };
        let report = match import_book(&app, Some(cases), Some(agents), &Map::default()) {
            Ok(done) => done.report,
            Err(Error::Import(report)) => *report,
            Err(other) => panic!("{other}"),
        };
        report.problems().iter().map(|p| (p.row, p.code, p.severity)).collect::<Vec<_>>()
    };
    assert_eq!(codes("C,B,39.2,-75.6"), []);
    assert_eq!(codes("C,B,-75.6,39.2"), [(2, "coordinates_swapped", Severity::Error)]);
    assert_eq!(codes("C,B,39.2,75.6"), [(2, "far_from_agents", Severity::Warning)]);
    assert_eq!(codes("C,B,48.2,16.4"), [(2, "far_from_agents", Severity::Warning)]);
}

#[test]
fn the_median_of_an_even_number_is_the_mean_of_the_two_in_the_middle() {
    let dir = tempfile::tempdir().unwrap();
    let app = app(dir.path());
    let median = |dues: &[i64]| {
        let rows: String = (1..)
            .zip(dues)
            .map(|(n, due)| format!("C{n},B{n},39.1,-75.5,{due},1\n"))
            .collect::<String>();
        import(&app, &format!("{HEADER}\n{rows}")).unwrap().due.unwrap().median
    };
    assert_eq!(median(&[900, 100, 300]), 300);
    assert_eq!(median(&[900, 100, 300, 400]), 350);
    assert_eq!(median(&[7]), 7);
    assert_eq!(median(&[100, 101]), 101, "half a unit is rounded up");
}
