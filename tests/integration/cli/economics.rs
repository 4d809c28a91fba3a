//! `visits import`, `payments import` and `economics` as somebody types them.

use super::{Folder, sentence};

/// Ten more borrowers beside the five, so that there is something to show.
fn folder() -> Folder {
    let folder = Folder::with_book();
    let mut cases = String::from("case_ref,borrower_ref,lat,lon,amount_due_minor,dpd\n");
    for n in 10..20 {
        cases += &format!("D{n},B{n},39.16,-75.52,500000,90\n");
    }
    let cases = folder.write("more.csv", &cases);
    folder.doorstep.ok(&["import", "--cases", &cases]).unwrap();
    folder
}

#[test]
fn from_files_to_a_table() {
    let folder = folder();
    let mut visits = String::from(
        "visit_ref,case_ref,agent_ref,arrived_at,met,disposition,paid_minor,payment_method\n",
    );
    for n in 10..20 {
        visits += &format!("V{n},D{n},A1,2026-01-12T{n}:00,borrower,part_paid,1000,cash\n");
    }
    let visits = folder.write("visits.csv", &visits);
    let import = ["visits", "import", "--visits", &visits];
    let said = folder.doorstep.ok(&import).unwrap();
    assert!(said.contains("10 new, 0 as before; 10 payments"), "{said}");
    let again = folder.doorstep.ok(&import).unwrap();
    assert!(again.contains("0 new, 10 as before"), "{again}");
    let payments = "payment_ref,case_ref,paid_at,amount_minor\nP1,D10,2026-01-20,2500\n";
    let payments = folder.write("payments.csv", payments);
    folder.doorstep.ok(&["payments", "import", "--payments", &payments]).unwrap();

    let (csv, geojson) = (folder.write("out.csv", ""), folder.write("out.geojson", ""));
    for by in ["cell", "region"] {
        let said = folder
            .doorstep
            .ok(&["economics", "--by", by, "--csv", &csv, "--geojson", &geojson])
            .unwrap();
        assert!(said.contains("money in USD") && said.contains("up to 30 days"), "{said}");
        assert!(said.contains("125.00"), "ten payments of 10 and one of 25: {said}");
        assert!(said.contains("Incremental recovery is not identifiable"), "{said}");
        let text = std::fs::read_to_string(&csv).unwrap();
        assert_eq!(text.lines().count(), 3, "one row and the total: {text}");
        assert!(text.contains(",12500,"), "{text}");
        let map: serde_json::Value =
            serde_json::from_str(&std::fs::read_to_string(&geojson).unwrap()).unwrap();
        let geometry = &map["features"][0]["geometry"];
        assert_eq!(geometry["type"], "MultiPolygon");
        assert!(geometry["coordinates"][0][0].as_array().unwrap().len() > 6, "{map}");
    }
}

#[test]
fn what_cannot_be_done_is_said_in_a_sentence() {
    let folder = folder();
    let said =
        folder.fails(&["economics", "--by", "cell", "--from", "2026-02-01", "--to", "2026-01-01"]);
    sentence(&said, &["2026-01-01", "before it starts", "exchange"]);
    let said = folder.fails(&["economics", "--by", "cell", "--from", "2126-02-01"]);
    sentence(&said, &["starts on 2126-02-01", "ends today", "name an earlier first day"]);
    assert!(!said.contains("exchange"), "{said}");
    let bad = folder.write(
        "visits.csv",
        "visit_ref,case_ref,agent_ref,arrived_at,met,disposition\nV1,X,A1,2026-01-12,nobody,other\n",
    );
    let said = folder.fails(&["visits", "import", "--visits", &bad]);
    assert!(said.contains("row 2, case_ref") && said.contains("unknown_case"), "{said}");
    assert!(said.contains("import-report.csv"), "{said}");
    let report = std::fs::read_to_string(folder.data().join("import-report.csv")).unwrap();
    assert!(report.contains("visits.csv,2,case_ref,error,unknown_case"), "{report}");
}

/// A demo's days are ahead of this machine's: everything that is done with its directory goes on from them.
#[test]
fn a_demos_clock_goes_on_in_its_directory() {
    let folder = folder();
    // The machine's clock is before the one noted, so that the demo's stands.
    let clock = r#"{"shown_at":"2126-03-02T17:00:00Z","real_at":"2126-01-01T00:00:00Z"}"#;
    let file = folder.data().join("demo-clock.json");
    std::fs::write(&file, clock).unwrap();
    let mut visits = String::from("visit_ref,case_ref,agent_ref,arrived_at,met,disposition\n");
    let mut payments = String::from("payment_ref,case_ref,paid_at,amount_minor\n");
    for n in 10..20 {
        visits += &format!("V{n},D{n},A1,2126-01-14T{n}:00,borrower,refused_to_pay\n");
        payments += &format!("P{n},D{n},2126-01-20,1000\n");
    }
    let visits = folder.write("visits.csv", &visits);
    let payments = folder.write("payments.csv", &payments);
    folder.doorstep.ok(&["visits", "import", "--visits", &visits]).unwrap();
    folder.doorstep.ok(&["payments", "import", "--payments", &payments]).unwrap();
    let ask = ["economics", "--by", "region"];
    let said = folder.doorstep.ok(&ask).unwrap();
    assert!(said.contains("up to 2126-03-02") && said.contains("Demo clock: 2126-03-02"), "{said}");
    assert!(said.contains("100.00") && !said.contains("less than 30 days old"), "{said}");
    let server = folder.doorstep.serve().unwrap();
    let page = tests::http::get(server.port, "/economics.html").unwrap().body;
    assert!(page.contains("Demo clock: 2126-03-02") && page.contains("100.00"), "{page}");
    drop(server);
    // By the clock of this machine nothing of that has happened yet.
    std::fs::remove_file(&file).unwrap();
    let said = folder.doorstep.ok(&ask).unwrap();
    assert!(said.contains("dated later than now are not counted"), "{said}");
    assert!(!said.contains("100.00") && !said.contains("Demo clock"), "{said}");
    let said = folder.doorstep.ok(&["economics", "--by", "region", "--to", "2126-12-31"]).unwrap();
    assert!(!said.contains("100.00"), "{said}");
    std::fs::write(&file, "{}").unwrap();
    sentence(&folder.fails(&ask), &["demo-clock.json", "--fresh"]);
}
