//! The demo's directory. What the demo did not make is never removed.

use std::fs;
use std::path::{Path, PathBuf};

use serde::{Deserialize, Serialize};

use super::super::args::DemoArgs;
use crate::app::App;
use crate::clock::Clock;
use crate::config::DataDir;
use crate::error::Error;
use crate::ids::IdSource;
use crate::usecases::import::imported_files;

/// The files that the demo makes; beside them the network and the addresses in `roads` and folders in `plans`.
const FILES: [&str; 13] = [
    "doorstep.toml",
    "doorstep.sqlite",
    "doorstep.sqlite-wal",
    "doorstep.sqlite-shm",
    "demo-cases.csv",
    "demo-agents.csv",
    "demo-clock.json",
    "scores.csv",
    "import-report.csv",
    "economics-region.csv",
    "economics-region.geojson",
    "economics-cell.csv",
    "economics-cell.geojson",
];

/// Says that the directory is the demo's.
const MARKER: &str = "demo.json";

/// How far a demo directory is built.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Marker {
    /// Always `doorstep demo`.
    made_by: String,
    /// Version of the program that built it.
    version: String,
    /// Seed it was built with.
    seed: u64,
    /// Days planned, oldest first. Empty while the first build runs.
    pub(super) planned: Vec<String>,
}

/// What is in the directory: a finished demo, or nothing after clearing one that is to be built again.
pub(super) fn prepare(dir: &DataDir, args: &DemoArgs) -> Result<Option<Marker>, Error> {
    let path = dir.path().display();
    let Some(marker) = read_marker(dir)? else {
        let there = made(dir).into_iter().find(|file| fs::symlink_metadata(file).is_ok());
        return match there {
            Some(file) => Err(Error::Invalid(format!(
                "{} is not of a demo but data of your own: name another --data-dir, the demo would \
                 replace it",
                file.display()
            ))),
            None => Ok(None),
        };
    };
    let finished = !marker.planned.is_empty() && dir.settings().exists();
    let same = marker.version == env!("CARGO_PKG_VERSION") && marker.seed == args.seed;
    if finished && same && !args.fresh {
        return Ok(Some(marker));
    }
    if finished && !args.fresh {
        return Err(Error::Invalid(format!(
            "{path} holds the demo of version {} and seed {}: add --fresh to build it again, or name \
             another --data-dir",
            marker.version, marker.seed
        )));
    }
    refuse_own_book(dir)?;
    clear(dir)?;
    Ok(None)
}

/// Refuses to clear a directory into which somebody imported a book.
fn refuse_own_book(dir: &DataDir) -> Result<(), Error> {
    // What cannot be opened is the rest of a demo that was cut off, or damaged.
    let ids = IdSource::system(Clock::System);
    let Ok(app) = App::open(dir.path(), None, ids) else { return Ok(()) };
    let files = imported_files(&app)?;
    match files.iter().find(|file| !FILES.contains(&file.as_str())) {
        Some(file) => Err(Error::Invalid(format!(
            "{} holds data of your own ({file} was imported): name another --data-dir for the demo, \
             it would replace them",
            dir.path().display()
        ))),
        None => Ok(()),
    }
}

/// Refuses to write the summary over a file of the data directory.
pub(super) fn refuse_own_file(dir: &DataDir, file: &Path) -> Result<(), Error> {
    let folder = file.parent().filter(|p| !p.as_os_str().is_empty()).unwrap_or(Path::new("."));
    let same = fs::canonicalize(folder).ok() == fs::canonicalize(dir.path()).ok();
    let name = file.file_name().unwrap_or_default();
    let own = FILES.iter().chain([&MARKER]).any(|own| *own == name);
    if same && own {
        return Err(Error::Invalid(format!(
            "--json {}: that is a file of the data directory; choose another name",
            file.display()
        )));
    }
    Ok(())
}

/// Everything that the demo makes and that is there.
fn made(dir: &DataDir) -> Vec<PathBuf> {
    let mut all: Vec<PathBuf> = FILES.iter().map(|name| dir.path().join(name)).collect();
    all.extend([dir.network("car"), dir.network_source("car"), dir.addresses()]);
    all.push(dir.path().join("secrets").join("token.key"));
    let plans = fs::read_dir(dir.plans()).into_iter().flatten().flatten();
    all.extend(plans.map(|entry| entry.path()).filter(|path| is_plan(path)));
    let phones = fs::read_dir(dir.phones()).into_iter().flatten().flatten();
    all.extend(phones.map(|entry| entry.path()).filter(|path| is_store(path)));
    all
}

/// Whether a folder has the name of a plan, `2026-11-23-v1`.
fn is_plan(path: &Path) -> bool {
    let name = path.file_name().and_then(|name| name.to_str()).unwrap_or("");
    name.split_once("-v").is_some_and(|(date, version)| {
        date.parse::<jiff::civil::Date>().is_ok() && version.parse::<u32>().is_ok()
    })
}

/// Whether a file has the name of a phone's store, or of what SQLite puts beside it.
fn is_store(path: &Path) -> bool {
    let name = path.file_name().and_then(|name| name.to_str()).unwrap_or("");
    [".sqlite", ".sqlite-wal", ".sqlite-shm"].iter().any(|end| name.ends_with(end))
}

/// Removes the demo, its marker last; folders only when nothing else is in them.
fn clear(dir: &DataDir) -> Result<(), Error> {
    for path in made(dir).into_iter().chain([dir.path().join(MARKER)]) {
        let removed = match fs::symlink_metadata(&path) {
            Err(_) => continue,
            Ok(found) if found.is_dir() => fs::remove_dir_all(&path),
            Ok(_) => fs::remove_file(&path),
        };
        removed.map_err(|e| Error::io("remove", &path, e))?;
    }
    for folder in [dir.plans(), dir.phones(), dir.path().join("secrets"), dir.path().join("roads")]
    {
        // Stays where something else is in it.
        let _ = fs::remove_dir(folder);
    }
    Ok(())
}

pub(super) fn read_marker(dir: &DataDir) -> Result<Option<Marker>, Error> {
    let path = dir.path().join(MARKER);
    let text = match fs::read_to_string(&path) {
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => return Ok(None),
        Err(error) => return Err(Error::io("read", &path, error)),
        Ok(text) => text,
    };
    let marker: Option<Marker> = serde_json::from_str(&text).ok();
    match marker.filter(|marker| marker.made_by == "doorstep demo") {
        Some(marker) => Ok(Some(marker)),
        None => Err(Error::Invalid(format!(
            "{} is not the demo's: move it away or name another --data-dir",
            path.display()
        ))),
    }
}

pub(super) fn write_marker(
    dir: &DataDir,
    args: &DemoArgs,
    planned: &[String],
) -> Result<(), Error> {
    let marker = Marker {
        made_by: "doorstep demo".into(),
        version: env!("CARGO_PKG_VERSION").into(),
        seed: args.seed,
        planned: planned.to_vec(),
    };
    let text = serde_json::to_string_pretty(&marker)
        .map_err(|e| Error::Invalid(format!("{MARKER}: {e}")))?;
    dir.write(&dir.path().join(MARKER), text.as_bytes())
}
