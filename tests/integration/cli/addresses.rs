//! Books with addresses instead of coordinates.

use addresses::{Place, PlaceKind, Record, RecordKind, Records, Street};
use tests::database::Database;
use tests::program::Doorstep;

use super::{Folder, INIT, complaint, sentence};
use crate::PROGRAM;

const HEADER: &str = "case_ref,borrower_ref,lat,lon,address,amount_due_minor,dpd\n";
const AGENTS: &str =
    "agent_ref,base_address,end_address\nA1,\"10 Main St, Ashby\",\"10 Main St, Burton\"\n";

/// Two towns 20 km apart, each with a Main Street.
fn county() -> Records {
    let house = |osm_id, lat_e7, lon_e7, number: &str, street: &str, city: &str| Record {
        kind: RecordKind::Node,
        osm_id,
        lat_e7,
        lon_e7,
        number: number.into(),
        street: street.into(),
        unit: None,
        city: Some(city.into()),
        postcode: None,
        state: Some("DE".into()),
    };
    let place = |name: &str, lat_e7| Place {
        name: name.into(),
        kind: PlaceKind::Town,
        lat_e7,
        lon_e7: -755_000_000,
    };
    let birch = vec![(390_020_000, -755_000_000), (390_020_000, -754_990_000)];
    Records {
        houses: vec![
            house(1, 390_000_000, -755_000_000, "10", "Main Street", "Ashby"),
            house(2, 390_000_000, -754_990_000, "20", "Main Street", "Ashby"),
            house(3, 391_800_000, -755_000_000, "10", "Main Street", "Burton"),
            house(4, 390_010_000, -755_000_000, "7", "Loockerman Street", "Ashby"),
        ],
        streets: vec![Street { name: "Birch Avenue".into(), points_e7: birch }],
        places: vec![place("Ashby", 390_000_000), place("Burton", 391_800_000)],
    }
}

/// A data directory with the address file of the county, as `roads build` would have left it.
fn installation(database: &Database) -> Doorstep {
    let doorstep = Doorstep::new(PROGRAM, database.dir()).with_url(database.url());
    doorstep.ok(&INIT).unwrap();
    write_addresses(&doorstep, &addresses::save(&county().tidy(), "a made-up county"));
    doorstep
}

fn write_addresses(doorstep: &Doorstep, bytes: &[u8]) {
    let folder = doorstep.dir().join("roads");
    std::fs::create_dir_all(&folder).unwrap();
    std::fs::write(folder.join("addresses"), bytes).unwrap();
}

fn file(doorstep: &Doorstep, name: &str, text: &str) -> String {
    let path = doorstep.dir().join(name);
    std::fs::write(&path, text).unwrap();
    path.display().to_string()
}

fn cases(doorstep: &Doorstep, rows: &[&str]) -> String {
    file(doorstep, "cases.csv", &format!("{HEADER}{}\n", rows.join("\n")))
}

/// Each case with its position and how it was found.
fn stored(database: &Database) -> Vec<String> {
    let query = "SELECT case_ref || ' ' || CAST(lat_e7 AS TEXT) || ' ' || CAST(lon_e7 AS TEXT) || ' ' || \
         COALESCE(geocode_grade, 'given') AS line FROM cases ORDER BY case_ref";
    database.raw().unwrap().lines(query).unwrap()
}

fn on_both(test: fn(&Database)) {
    for database in [Some(Database::sqlite().unwrap()), Database::postgres().unwrap()] {
        database.as_ref().into_iter().for_each(test);
    }
}

#[test]
fn houses_are_taken_and_their_grade_is_kept() {
    on_both(|database| {
        let doorstep = installation(database);
        let cases = cases(
            &doorstep,
            &[
                "C1,B1,,,\"20 main st., ashby DE\",100,30",
                "C2,B2,,,\"7 Loockerman Street Apt 4, Ashby\",100,30",
                "C3,B3,39.1000000,-75.4000000,\"10 Main Street, Ashby\",100,30",
                "C4,B4,39.2,-75.5,\"Nowhere\",100,30",
            ],
        );
        let agents = file(&doorstep, "agents.csv", AGENTS);
        let import = ["import", "--cases", &cases, "--agents", &agents];
        let said = doorstep.ok(&import).unwrap();
        assert!(said.contains("addresses looked up: 4 to the house."), "{said}");
        // Coordinates win, and that they are far from their address is said.
        assert!(said.contains("row 4, address") && said.contains("[address_elsewhere]"), "{said}");
        assert!(said.contains("14.1 km away"), "{said}");
        let expected = [
            "C1 390000000 -754990000 house",
            "C2 390010000 -755000000 house",
            "C3 391000000 -754000000 given",
            "C4 392000000 -755000000 given",
        ];
        assert_eq!(stored(database), expected);
        let ends = "SELECT CAST(base_lat_e7 AS TEXT) || ' ' || CAST(end_lat_e7 AS TEXT) AS line FROM agents";
        assert_eq!(database.raw().unwrap().lines(ends).unwrap(), ["390000000 391800000"]);
        let again = doorstep.ok(&import).unwrap();
        assert!(again.contains("5 as before"), "{again}");
    });
}

#[test]
fn what_is_not_certain_is_listed_and_refused() {
    on_both(|database| {
        let doorstep = installation(database);
        let cases = cases(
            &doorstep,
            &[
                "C1,B1,,,\"10 Main Street, Ashby\",100,30",
                "C2,B2,,,10 Main Street,100,30",
                "C3,B3,,,\"10 Main Street, Springfield\",100,30",
                "C4,B4,,,\"15 Main Street, Ashby\",100,30",
                "C5,B5,,,\"3 Nowhere Road, Burton\",100,30",
                "C6,B6,,,,100,30",
                "C7,B7,39.0,,\"10 Main Street, Ashby\",100,30",
            ],
        );
        let said = complaint(&doorstep.run(&["import", "--cases", &cases]).unwrap());
        let counts = "1 to the house, 1 ambiguous, 1 not found, 2 not good enough";
        assert!(said.contains(counts), "{said}");
        let report = std::fs::read_to_string(doorstep.dir().join("import-report.csv")).unwrap();
        insta::assert_snapshot!("refused_addresses", report);
        assert_eq!(stored(database), Vec::<String>::new());
    });
}

#[test]
fn rougher_grades_are_taken_when_asked_for() {
    on_both(|database| {
        let doorstep = installation(database);
        let rows = [
            "C1,B1,,,\"15 Main Street, Ashby\",100,30",
            "C2,B2,,,\"3 Nowhere Road, Burton\",100,30",
        ];
        let both = cases(&doorstep, &rows);
        let import = |cases: &str, grade: &str| {
            doorstep.run(&["import", "--cases", cases, "--accept-grade", grade]).unwrap()
        };
        let said = complaint(&import(&both, "street"));
        assert!(
            said.contains("row 3, address")
                && !said.contains("row 2, address: `15 Main Street, Ashby` is known to"),
            "{said}"
        );
        assert!(said.contains("--accept-grade place"), "{said}");
        let done = import(&both, "place");
        assert!(done.status.success(), "{done:?}");
        assert!(done.out.contains("1 to the street, 1 to the place"), "{done:?}");
        assert!(done.out.contains("[address_rough] (warning)"), "{done:?}");
        let expected = ["C1 390000000 -754995000 street", "C2 391800000 -755000000 place"];
        assert_eq!(stored(database), expected);
        // Coordinates in a later file end the guess.
        let given = cases(&doorstep, &["C2,B2,39.19,-75.49,,100,30"]);
        assert!(import(&given, "house").status.success());
        assert_eq!(stored(database)[1], "C2 391900000 -754900000 given");
    });
}

#[test]
fn a_file_needs_coordinates_or_addresses() {
    let database = Database::sqlite().unwrap();
    let doorstep = installation(&database);
    let bare = "case_ref,borrower_ref,amount_due_minor,dpd\nC1,B1,100,30\n";
    let said =
        complaint(&doorstep.run(&["import", "--cases", &file(&doorstep, "c.csv", bare)]).unwrap());
    assert!(
        said.contains("[missing_column]") && said.contains("or `address` instead of both"),
        "{said}"
    );
    let only =
        "case_ref,borrower_ref,address,amount_due_minor,dpd\nC1,B1,\"10 Main St, Ashby\",100,30\n";
    doorstep.ok(&["import", "--cases", &file(&doorstep, "c.csv", only)]).unwrap();
    assert_eq!(stored(&database), ["C1 390000000 -755000000 house"]);
}

#[test]
fn without_an_address_file_somebody_has_to_build_one() {
    let folder = Folder::initialised();
    let said = folder.fails(&["roads", "find", "10 Main St"]);
    sentence(&said, &["there is no address file", "doorstep roads build"]);
    let file = folder.write("cases.csv", &format!("{HEADER}C1,B1,,,10 Main St,100,30\n"));
    let said = folder.fails(&["import", "--cases", &file]);
    assert!(said.contains("[no_address_file]") && said.contains("roads build"), "{said}");
}

#[test]
fn a_damaged_file_is_to_be_built_again() {
    let database = Database::sqlite().unwrap();
    let doorstep = installation(&database);
    let bytes = addresses::save(&county().tidy(), "x");
    write_addresses(&doorstep, bytes.get(..bytes.len() - 9).unwrap());
    let said = complaint(&doorstep.run(&["roads", "find", "10 Main St"]).unwrap());
    sentence(&said, &["roads/addresses", "cut short", "doorstep roads build"]);
    // A book with coordinates alone does not need it.
    let cases = cases(&doorstep, &["C1,B1,39.1,-75.5,,100,30"]);
    doorstep.ok(&["import", "--cases", &cases]).unwrap();
}

#[test]
fn the_command_says_what_the_import_would() {
    let database = Database::sqlite().unwrap();
    let doorstep = installation(&database);
    let said = doorstep.ok(&["roads", "find", "10 main st, ashby"]).unwrap();
    assert_eq!(said, "10 Main Street, Ashby, DE\n  39.000000, -75.500000  house, score 100\n");
    let said = doorstep.ok(&["roads", "find", "10 Main St", "--json"]).unwrap();
    let json: serde_json::Value = serde_json::from_str(&said).unwrap();
    assert_eq!(json["answer"], "ambiguous");
    assert_eq!(json["candidates"][0]["lat"], 39.0);
    assert_eq!(json["candidates"][1]["what"]["city"], "Burton");
    assert_eq!(json["candidates"][1]["notes"][0]["note"], "no_town");
}
