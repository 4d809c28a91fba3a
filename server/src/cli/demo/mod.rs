//! `doorstep demo`: the whole product on data that come with it.

mod book;
mod day;
mod folder;
mod steps;
mod summary;

use std::path::Path;
use std::sync::Arc;

use super::args::DemoArgs;
use super::screen::{Screen, say};
use crate::clock::{Clock, Stopwatch};
use crate::config::DataDir;
use crate::error::Error;
use crate::http::{self, Bound};

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
    let date = args.date.to_string();
    let built = marker.as_ref().is_some_and(|m| m.planned.contains(&date));
    let ready = match marker {
        Some(_) => steps::reopen(&dir, args, built)?,
        None => {
            folder::write_marker(&dir, args, &[])?;
            steps::build(&dir, args)?
        }
    };
    let (app, travel) = (Arc::new(ready.app), Arc::new(ready.travel));
    let server =
        http::start_until_told(Arc::clone(&app), Arc::clone(&travel), date.clone(), bound)?;
    let figures = if built {
        day::both_sides(&app)?
    } else {
        let screen = Screen::new(steps::STEPS);
        let hours = day::Hours::of(args.date, steps::ZONE)?;
        let (port, seed) = (server.address.port(), args.seed);
        let stage = day::Stage { app: &app, date: args.date, seed, port, hours, screen: &screen };
        let figures = stage.run(steps::DAY)?;
        steps::economics(&app, &travel, &screen)?;
        keep_clock(&dir, app.ids.clock())?;
        let mut planned = folder::read_marker(&dir)?.map(|m| m.planned).unwrap_or_default();
        planned.push(date.clone());
        folder::write_marker(&dir, args, &planned)?;
        figures
    };
    if built {
        say(&format!("ready_s {:.2}", watch.seconds()));
    }
    http::Pages::new(Arc::clone(&app), travel, Some(date)).check()?;
    let summary = summary::summarise(&ready.plan, figures, watch.seconds());
    if let Some(file) = &args.json {
        summary.write(file)?;
    }
    summary.print();
    if args.once {
        return Ok(());
    }
    say(&format!("The plan is on http://{} (stop with Ctrl-C)", server.address));
    server.wait();
    drop(lock);
    Ok(())
}

/// From here on the demo's clock goes on from its last day, or from that of an earlier run.
fn keep_clock(dir: &DataDir, clock: Clock) -> Result<(), Error> {
    let before = dir.clock()?;
    if before.is_going_on() && before.now() > clock.now() {
        clock.move_to(before.now());
    }
    dir.keep_clock(clock)
}
