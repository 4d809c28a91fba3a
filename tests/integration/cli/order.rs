//! Steps that come too early, and settings that cannot be used.

use super::{CASES, Folder, sentence};

#[test]
fn every_step_names_the_one_before() {
    let folder = Folder::empty();
    for args in [
        &["migrate"][..],
        &["score"],
        &["territories"],
        &["plan", "--date", "2026-11-23"],
        &["serve", "--port", "0"],
        &["roads", "info"],
    ] {
        sentence(&folder.fails(args), &["doorstep init --currency"]);
    }
    let folder = Folder::initialised();
    sentence(&folder.fails(&["score"]), &["no cases", "doorstep import"]);
    sentence(&folder.fails(&["territories"]), &["no agents", "doorstep import"]);
    sentence(&folder.fails(&["plan", "--date", "2026-11-23"]), &["no cases", "doorstep import"]);
    sentence(&folder.fails(&["roads", "info"]), &["no road network", "doorstep roads build"]);
    let cases = folder.write("cases.csv", CASES);
    folder.doorstep.ok(&["import", "--cases", &cases]).unwrap();
    folder.doorstep.ok(&["score"]).unwrap();
    sentence(&folder.fails(&["plan", "--date", "2026-11-23"]), &["no agents", "doorstep import"]);
    let folder = Folder::with_book();
    sentence(&folder.fails(&["territories"]), &["score", "doorstep score"]);
    sentence(&folder.fails(&["plan", "--date", "2026-11-23"]), &["score", "doorstep score"]);
}

#[test]
fn a_second_init_leaves_the_first_alone() {
    let folder = Folder::with_book();
    let before = std::fs::read_to_string(folder.data().join("doorstep.toml")).unwrap();
    let said = folder.fails(&["init", "--currency", "EUR", "--time-zone", "Europe/Paris"]);
    sentence(&said, &["already holds Doorstep data", "--data-dir"]);
    let after = std::fs::read_to_string(folder.data().join("doorstep.toml")).unwrap();
    assert_eq!(before, after);
    folder.doorstep.ok(&["score"]).unwrap();
}

fn with_settings(from: &str, to: &str) -> Folder {
    let folder = Folder::with_book();
    let file = folder.data().join("doorstep.toml");
    let text = std::fs::read_to_string(&file).unwrap();
    assert!(text.contains(from), "the settings lost `{from}`");
    std::fs::write(&file, text.replace(from, to)).unwrap();
    folder
}

#[test]
fn settings_that_cannot_be_used_are_named() {
    let said = with_settings("per_km =", "per_mile =").fails(&["score"]);
    assert!(said.contains("doorstep.toml") && said.contains("per_mile"), "{said}");
    assert!(said.contains("line") && said.contains("per_km"), "line and known names: {said}");
    let said = with_settings("agency_fee = 0.0", "agency_fee = 3").fails(&["score"]);
    sentence(&said, &["doorstep.toml", "[costs] agency_fee", "between 0 and 1"]);
    let said = with_settings("currency = \"USD\"", "currency = \"EUR\"").fails(&["score"]);
    sentence(&said, &["EUR", "USD"]);
}

#[test]
fn an_unknown_pack_is_named_with_the_known_ones() {
    let folder = with_settings("packs = [\"house\"]", "packs = [\"haus\"]");
    folder.doorstep.run(&["score"]).unwrap();
    let said = folder.fails(&["plan", "--date", "2026-11-23"]);
    sentence(&said, &["doorstep.toml", "haus", "house"]);
}

#[test]
fn a_day_without_agents_is_told() {
    let folder = Folder::with_book();
    folder.doorstep.ok(&["score"]).unwrap();
    let said = folder.fails(&["plan", "--date", "2026-11-22"]);
    sentence(&said, &["no agent works on 2026-11-22 (Sunday)", "--date"]);
}

/// The organisation of the settings is not in that database.
#[test]
fn another_database_is_recognised() {
    let (one, other) = (Folder::with_book(), Folder::initialised());
    let settings = one.data().join("doorstep.toml");
    std::fs::copy(settings, other.data().join("doorstep.toml")).unwrap();
    sentence(&other.fails(&["score"]), &["no organisation", "another database", "doorstep init"]);
}
