//! Books that cannot be imported, and what is said about them.

use std::path::PathBuf;
use std::sync::OnceLock;

use tests::program::Doorstep;

use super::{CASES, Folder, INIT};
use crate::PROGRAM;

/// The road network of the demo, built once for all tests that need one.
fn network() -> &'static PathBuf {
    static NETWORK: OnceLock<(tempfile::TempDir, PathBuf)> = OnceLock::new();
    let (_, file) = NETWORK.get_or_init(|| {
        let folder = tempfile::tempdir().unwrap();
        let doorstep = Doorstep::new(PROGRAM, folder.path());
        doorstep.ok(&INIT).unwrap();
        let extract = tests::repository().join("server/demo-data/delaware-2016.osm.pbf");
        let extract = extract.display().to_string();
        let built = doorstep.ok(&["roads", "build", "--pbf", &extract]).unwrap();
        assert!(built.contains("OpenStreetMap"), "{built}");
        let file = folder.path().join("roads/car.network");
        (folder, file)
    });
    file
}

/// An installation with the roads of Delaware.
pub(super) fn with_roads() -> Folder {
    let folder = Folder::initialised();
    std::fs::create_dir(folder.data().join("roads")).unwrap();
    std::fs::copy(network(), folder.data().join("roads/car.network")).unwrap();
    folder
}

fn import(folder: &Folder, text: &str) -> String {
    let file = folder.write("cases.csv", text);
    let said = folder.fails(&["import", "--cases", &file]);
    assert!(said.starts_with("nothing was imported"), "{said}");
    let report = std::fs::read_to_string(folder.data().join("import-report.csv")).unwrap();
    assert!(report.starts_with("file,row,column,severity,code,cause,remedy\n"), "{report}");
    // Nothing was: the next step still asks for cases.
    assert!(folder.fails(&["score"]).contains("there are no cases"));
    said
}

#[test]
fn a_misspelt_column_names_the_nearest() {
    let text = CASES.replace("amount_due_minor", "amount_due").replace("lon,", "lng,");
    let said = import(&Folder::initialised(), &text);
    assert!(said.contains("`amount_due`") && said.contains("`amount_due_minor`?"), "{said}");
    assert!(said.contains("`lng`") && said.contains("`lon`"), "{said}");
}

#[test]
fn an_empty_file_is_called_empty() {
    let folder = Folder::initialised();
    assert!(import(&folder, "").contains("[empty_file]"));
    assert!(
        import(&folder, "case_ref,borrower_ref,lat,lon,amount_due_minor,dpd\n").contains("no_rows")
    );
}

#[test]
fn a_bad_value_names_row_and_column() {
    let said = import(&Folder::initialised(), &CASES.replace("700000", "7000.00 USD"));
    assert!(said.contains("row 4, amount_due_minor") && said.contains("[not_a_number]"), "{said}");
}

#[test]
fn swapped_coordinates_are_recognised() {
    let lines: Vec<String> = CASES
        .lines()
        .map(|line| {
            let mut cells: Vec<&str> = line.split(',').collect();
            cells.swap(3, 4);
            cells.join(",")
        })
        .collect();
    let text = lines.join("\n").replacen("lon,lat", "lat,lon", 1);
    let said = import(&with_roads(), &text);
    assert!(said.contains("row 2, lat") && said.contains("[coordinates_swapped]"), "{said}");
    assert!(said.contains("exchange the two"), "{said}");
}

/// Outside of the extract is a warning: the book goes in, and the plan says why it stays out.
#[test]
fn places_outside_of_the_extract_are_told() {
    let folder = with_roads();
    let cases = folder.write("cases.csv", &CASES.replace("39.1582,-75.5244", "48.8566,2.3522"));
    let agents = folder.write("agents.csv", super::AGENTS);
    let said = folder.doorstep.ok(&["import", "--cases", &cases, "--agents", &agents]).unwrap();
    assert!(said.contains("row 2, lat") && said.contains("[outside_extract]"), "{said}");
    folder.doorstep.ok(&["score"]).unwrap();
    folder.doorstep.ok(&["territories"]).unwrap();
    folder.doorstep.ok(&["plan", "--date", "2026-11-23", "--iterations", "200"]).unwrap();
    let plan = folder.data().join("plans/2026-11-23-v1");
    let left_out = std::fs::read_to_string(plan.join("left-out.csv")).unwrap();
    let line = left_out.lines().find(|line| line.contains(",C1,")).unwrap();
    assert!(line.contains("outside_extract"), "{line}");
    let page = std::fs::read_to_string(plan.join("plan.html")).unwrap();
    assert!(page.contains("embedded roads") && page.contains("OpenStreetMap"));
}

#[test]
fn an_extract_that_is_none_is_refused() {
    let folder = Folder::initialised();
    let file = folder.write("region.osm.pbf", "this is no extract");
    let said = folder.fails(&["roads", "build", "--pbf", &file]);
    super::sentence(&said, &["region.osm.pbf"]);
    let missing = folder.fails(&["roads", "build", "--pbf", "no-such.osm.pbf"]);
    super::sentence(&missing, &["no-such.osm.pbf", "no such file"]);
}

#[test]
fn a_network_that_was_cut_off_is_to_be_built_again() {
    let folder = with_roads();
    let file = folder.data().join("roads/car.network");
    let bytes = std::fs::read(&file).unwrap();
    std::fs::write(&file, bytes.get(..bytes.len() / 2).unwrap()).unwrap();
    super::sentence(&folder.fails(&["roads", "info"]), &["car.network", "doorstep roads build"]);
}
