//! `doorstep demo`: the whole product on data that come with it.

mod book;
mod folder;
mod steps;
mod summary;

use std::path::Path;
use std::sync::Arc;

use super::args::DemoArgs;
use super::screen::say;
use crate::clock::Stopwatch;
use crate::config::{DataDir, InstanceLock};
use crate::error::Error;
use crate::http::{self, Bound};
use steps::Ready;

/// Port of the page unless told otherwise.
const PORT: u16 = 8080;

/// Runs the demo.
pub(super) fn run(path: &Path, args: &DemoArgs) -> Result<(), Error> {
    let watch = Stopwatch::start();
    let dir = DataDir::create(path)?;
    let lock = dir.lock()?;
    // The port is claimed before anything is touched, so that a busy one is told at once.
    let port = args.port.unwrap_or(if args.once { 0 } else { PORT });
    let bound = Bound::to(port)?;
    if let Some(file) = &args.json {
        folder::refuse_own_file(&dir, file)?;
    }
    let marker = folder::prepare(&dir, args)?;
    let built = marker.as_ref().is_some_and(|m| m.planned.contains(&args.date.to_string()));
    let ready = match marker {
        Some(marker) => steps::reopen(&dir, args, marker.planned.contains(&args.date.to_string()))?,
        None => {
            folder::write_marker(&dir, args, &[])?;
            steps::build(&dir, args)?
        }
    };
    let mut planned = folder::read_marker(&dir)?.map(|m| m.planned).unwrap_or_default();
    if !planned.contains(&args.date.to_string()) {
        planned.push(args.date.to_string());
        folder::write_marker(&dir, args, &planned)?;
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
