//! `doorstep economics`.

use std::path::Path;

use super::args::EconomicsArgs;
use super::commands::open_travel;
use super::screen::say;
use crate::app::App;
use crate::error::Error;
use crate::render::economics::{economics_csv, economics_geojson, economics_text};
use crate::usecases::economics::{Request, economics};

pub(super) fn run(app: &App, args: &EconomicsArgs) -> Result<(), Error> {
    let travel = open_travel(app)?;
    let request = Request { by: args.by, from: args.from, to: args.to };
    let document = economics(app, &travel, &request)?;
    for line in economics_text(&document) {
        say(&line);
    }
    if let Some(path) = &args.csv {
        write(path, &economics_csv(&document))?;
    }
    if let Some(path) = &args.geojson {
        write(path, &economics_geojson(&document))?;
    }
    Ok(())
}

fn write(path: &Path, text: &str) -> Result<(), Error> {
    std::fs::write(path, text).map_err(|e| Error::io("write", path, e))?;
    say(&format!("Written to {}.", path.display()));
    Ok(())
}
