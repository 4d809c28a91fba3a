//! `doorstep demo`: the whole product on data that come with it.

mod book;
mod steps;
mod summary;

use std::fs;
use std::path::Path;
use std::sync::Arc;

use serde::{Deserialize, Serialize};

use super::args::DemoArgs;
use super::screen::say;
use crate::clock::Stopwatch;
use crate::config::{DataDir, InstanceLock};
use crate::error::Error;
use crate::http::{self, Bound};
use steps::Ready;

/// Port of the page unless told otherwise.
const PORT: u16 = 8080;

/// Everything the demo makes in its directory; `--fresh` removes these and nothing else.
const MADE: [&str; 10] = [
    "demo.json",
    "doorstep.toml",
    "doorstep.sqlite",
    "doorstep.sqlite-wal",
    "doorstep.sqlite-shm",
    "demo-cases.csv",
    "demo-agents.csv",
    "scores.csv",
    "roads",
    "plans",
];

/// How far a demo directory is built.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct Marker {
    /// Version of the program that built it.
    version: String,
    /// Seed it was built with.
    seed: u64,
    /// Days planned, oldest first. Empty while the first build runs.
    planned: Vec<String>,
}

/// Runs the demo.
pub(super) fn run(path: &Path, args: &DemoArgs) -> Result<(), Error> {
    let watch = Stopwatch::start();
    let dir = DataDir::create(path)?;
    let lock = dir.lock()?;
    let marker = prepare(&dir, args)?;
    // The port is claimed before the work, so that a busy one is told at once.
    let port = args.port.unwrap_or(if args.once { 0 } else { PORT });
    let bound = Bound::to(port)?;
    let built = marker.as_ref().is_some_and(|m| m.planned.contains(&args.date.to_string()));
    let ready = match marker {
        Some(marker) => steps::reopen(&dir, args, marker.planned.contains(&args.date.to_string()))?,
        None => {
            write_marker(&dir, args, &[])?;
            steps::build(&dir, args)?
        }
    };
    let mut planned = read_marker(&dir)?.map(|m| m.planned).unwrap_or_default();
    if !planned.contains(&args.date.to_string()) {
        planned.push(args.date.to_string());
        write_marker(&dir, args, &planned)?;
    }
    if built {
        say(&format!("ready_s {:.2}", watch.seconds()));
    }
    finish(args, ready, bound, lock, watch)
}

/// Shows the page, or checks that it answers and ends.
fn finish(
    args: &DemoArgs,
    ready: Ready,
    bound: Bound,
    _lock: InstanceLock,
    watch: Stopwatch,
) -> Result<(), Error> {
    let url = format!("http://127.0.0.1:{}", bound.port());
    let date = Some(args.date.to_string());
    let (app, travel) = (Arc::new(ready.app), Arc::new(ready.travel));
    if args.once {
        http::Pages::new(Arc::clone(&app), Arc::clone(&travel), date.clone()).check()?;
    }
    let summary = summary::summarise(&ready.plan, watch.seconds());
    if let Some(file) = &args.json {
        summary.write(file)?;
    }
    summary.print();
    if args.once {
        return Ok(());
    }
    say(&format!("The plan is on {url} (stop with Ctrl-C)"));
    http::serve(app, travel, date, bound)
}

/// What is in the directory: a finished demo, or nothing after clearing a stale or unfinished one.
fn prepare(dir: &DataDir, args: &DemoArgs) -> Result<Option<Marker>, Error> {
    let marker = read_marker(dir)?;
    if marker.is_none() && dir.settings().exists() {
        return Err(Error::Invalid(format!(
            "{} holds data of your own: name another --data-dir for the demo, it would replace them",
            dir.path().display()
        )));
    }
    let current = marker.filter(|m| {
        !args.fresh
            && m.version == env!("CARGO_PKG_VERSION")
            && m.seed == args.seed
            && !m.planned.is_empty()
            && dir.settings().exists()
    });
    if current.is_none() {
        clear(dir)?;
    }
    Ok(current)
}

fn clear(dir: &DataDir) -> Result<(), Error> {
    for name in MADE {
        let path = dir.path().join(name);
        let removed = match fs::symlink_metadata(&path) {
            Err(_) => continue,
            Ok(found) if found.is_dir() => fs::remove_dir_all(&path),
            Ok(_) => fs::remove_file(&path),
        };
        removed.map_err(|e| Error::io("remove", &path, e))?;
    }
    Ok(())
}

fn read_marker(dir: &DataDir) -> Result<Option<Marker>, Error> {
    let path = dir.path().join("demo.json");
    match fs::read_to_string(&path) {
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => Ok(None),
        Err(error) => Err(Error::io("read", &path, error)),
        // One that cannot be read was cut off or is of another version: it is built again.
        Ok(text) => Ok(Some(serde_json::from_str(&text).unwrap_or(Marker {
            version: String::new(),
            seed: 0,
            planned: Vec::new(),
        }))),
    }
}

fn write_marker(dir: &DataDir, args: &DemoArgs, planned: &[String]) -> Result<(), Error> {
    let marker = Marker {
        version: env!("CARGO_PKG_VERSION").into(),
        seed: args.seed,
        planned: planned.to_vec(),
    };
    let text = serde_json::to_string_pretty(&marker)
        .map_err(|e| Error::Invalid(format!("demo.json: {e}")))?;
    dir.write(&dir.path().join("demo.json"), text.as_bytes())
}
