//! The commands of the real program, as somebody types them.

mod access;
mod addresses;
mod bench_planner;
mod books;
mod database_url;
mod demo;
mod disk_full;
mod economics;
mod help;
mod order;
mod places;
mod plans;
mod roads;
mod two_at_once;
mod walk;

use std::path::PathBuf;

use tempfile::TempDir;
use tests::program::{Done, Doorstep};

use crate::PROGRAM;

/// Five cases a day can hold, as a new user writes them.
const CASES: &str = "case_ref,borrower_ref,name,lat,lon,amount_due_minor,dpd,ability_minor\n\
    C1,B1,Ann Doe,39.1582,-75.5244,900000,120,120000\n\
    C2,B2,Bob Roe,39.1650,-75.5300,800000,95,110000\n\
    C3,B3,Cy Poe,39.1480,-75.5150,700000,100,100000\n\
    C4,B4,Di Loe,39.1700,-75.5000,600000,130,90000\n\
    C5,B5,Ed Moe,39.1400,-75.5400,500000,150,80000\n";

const AGENTS: &str = "agent_ref,base_lat,base_lon\nA1,39.1600,-75.5200\nA2,39.1500,-75.5300\n";

const INIT: [&str; 5] = ["init", "--currency", "USD", "--time-zone", "America/New_York"];

/// The program in an empty folder, which goes when the test ends.
struct Folder {
    doorstep: Doorstep,
    folder: TempDir,
}

impl Folder {
    fn empty() -> Self {
        let folder = TempDir::with_prefix("doorstep-cli-").unwrap();
        Self { doorstep: Doorstep::new(PROGRAM, &folder.path().join("data")), folder }
    }

    fn initialised() -> Self {
        let new = Self::empty();
        new.doorstep.ok(&INIT).unwrap();
        new
    }

    /// Initialised, with the five cases and two agents.
    fn with_book() -> Self {
        let new = Self::initialised();
        let (cases, agents) = (new.write("cases.csv", CASES), new.write("agents.csv", AGENTS));
        new.doorstep.ok(&["import", "--cases", &cases, "--agents", &agents]).unwrap();
        new
    }

    /// A file beside the data directory, by its full path.
    fn write(&self, name: &str, text: &str) -> String {
        let path = self.folder.path().join(name);
        std::fs::write(&path, text).unwrap();
        path.display().to_string()
    }

    /// Scores the book and returns how many cases there are.
    fn cases(&self) -> usize {
        cases_of(&self.doorstep)
    }

    fn data(&self) -> PathBuf {
        self.doorstep.dir().to_owned()
    }

    /// Runs a command that must fail as every failure should, and returns what it says.
    #[track_caller]
    fn fails(&self, args: &[&str]) -> String {
        complaint(&self.doorstep.run(args).unwrap())
    }
}

/// Scores the book and returns how many cases there are: `Score: 3 high, 1 medium, 1 low tier`.
fn cases_of(doorstep: &Doorstep) -> usize {
    let said = doorstep.ok(&["score"]).unwrap();
    let words: Vec<&str> = said.split_whitespace().collect();
    let before = |tier: &str| -> usize {
        let at = words.iter().position(|word| word.trim_end_matches(',') == tier).unwrap();
        words[at - 1].replace(',', "").parse().unwrap()
    };
    before("high") + before("medium") + before("low")
}

/// What a failed command says, after checking how: code 1, one message on standard error, and
/// nothing that only a developer would understand.
#[track_caller]
fn complaint(done: &Done) -> String {
    assert_eq!(done.code(), Some(1), "{done:?}");
    let said = done.err.strip_prefix("error: ");
    let said = said.unwrap_or_else(|| panic!("no `error: ` in front: {done:?}"));
    for word in ["panicked", "stack backtrace", "RUST_BACKTRACE", "DieselError", "os error", "Err("]
    {
        assert!(!said.contains(word), "`{word}` in: {said}");
    }
    assert!(!said.contains("error: "), "more than one message: {said}");
    said.trim_end().to_owned()
}

/// As [`complaint`] of a single line.
#[track_caller]
fn sentence(said: &str, parts: &[&str]) {
    assert_eq!(said.lines().count(), 1, "more than a sentence: {said}");
    for part in parts {
        assert!(said.contains(part), "`{part}` is not in: {said}");
    }
}
