//! The demo's steps, each through the same use case as the command of its name.

use jiff::ToSpan as _;
use jiff::civil::Date;

use super::super::args::DemoArgs;
use super::super::commands::{count, travel_of};
use super::super::report;
use super::super::screen::{Screen, say};
use super::{book, day};
use crate::app::App;
use crate::clock::Clock;
use crate::config::{DataDir, NewOrganisation};
use crate::error::Error;
use crate::ids::IdSource;
use crate::progress::Progress as _;
use crate::render::PlanDocument;
use crate::render::economics::{By, economics_csv, economics_geojson, economics_text};
use crate::travel::{Sources, Travel};
use crate::usecases::build_plan::{Request, build_plan};
use crate::usecases::build_roads::build_roads;
use crate::usecases::economics;
use crate::usecases::export_plan::export_plan;
use crate::usecases::form_territories::form_territories;
use crate::usecases::import::{Map, Source, import_book};
use crate::usecases::score_cases::score_cases;
use crate::usecases::show_plan::{newest_plan, road_lines, show_plan};

const EXTRACT: &[u8] = include_bytes!("../../../demo-data/delaware-2016.osm.pbf");

pub(super) const ZONE: &str = "America/New_York";

const CREDITS: [&str; 1] =
    ["Overdue accounts: UCI Machine Learning Repository, \"Default of Credit \
     Card Clients\", I-Cheng Yeh 2009, doi 10.24432/C55S3H, CC BY 4.0"];

const NOTICES: [&str; 1] = [
    "Synthetic pairing: real overdue accounts (Taiwan, TWD) were paired at \
     random with real buildings (Delaware, USA). Names, telephone numbers, languages, visiting \
     hours and circumstances are invented; no account belongs to any address shown. What happened at the doors is drawn from a model.",
];

/// A demo that can be shown.
pub(super) struct Ready {
    pub(super) app: App,
    pub(super) travel: Travel,
    pub(super) plan: PlanDocument,
}

/// Steps of a whole run.
pub(super) const STEPS: usize = 13;

/// The first step of the day.
pub(super) const DAY: usize = 8;

/// Builds everything in an empty directory.
pub(super) fn build(dir: &DataDir, args: &DemoArgs) -> Result<Ready, Error> {
    let screen = Screen::new(STEPS);
    say("Doorstep demo. Data credits:");
    say(&format!("  {}", roads::CREDIT));
    for line in CREDITS.iter().chain(&NOTICES) {
        say(&format!("  {line}"));
    }
    say(&format!("  Seed of the pairing and of the search: {}", args.seed));
    day::disclose(args.seed);

    screen.step(1, "Database");
    let app = App::init(dir.path(), None, &organisation(args.seed)?, ids(args)?)?;
    screen.end("SQLite created and migrated");

    screen.step(2, "Book");
    let imported = import(&app, args)?;
    screen.end(&imported);

    screen.step(3, "Roads");
    let profile = roads::Profile::car();
    let now = app.ids.clock().now();
    let from = Sources { pbf: EXTRACT, path: None, profile: &profile, profile_file: None, now };
    let built = build_roads(dir, "the demo's extract", &from, &screen)?;
    let travel = travel_of(dir, &app.settings)?;
    screen.end(&report::network(&built));

    screen.step(4, "Scores");
    let scored = score_cases(&app, &screen)?;
    let currency = app.settings.organisation.currency;
    screen.end(&report::scored(&scored, currency));
    report::treatments(&scored);

    screen.step(5, "Territories");
    let formed = form_territories(&app, &travel, &screen)?;
    screen.end(&report::formed(&formed));
    report::territories(&formed, currency);

    let plan = plan(&app, &travel, args, &screen)?;
    Ok(Ready { app, travel, plan })
}

/// Opens a finished demo, and plans the day if it was not planned yet.
pub(super) fn reopen(dir: &DataDir, args: &DemoArgs, planned: bool) -> Result<Ready, Error> {
    // A day that is still to be acted out starts the evening before.
    let ids = if planned { IdSource::system(dir.clock()?) } else { ids(args)? };
    let app = App::open(dir.path(), None, ids)?;
    let travel = travel_of(dir, &app.settings)?;
    let newest = newest_plan(&app, Some(&args.date.to_string()))?.filter(|_| planned);
    let plan = match newest {
        Some(id) => show_plan(&app, &travel, id)?,
        None => plan(&app, &travel, args, &Screen::new(STEPS))?,
    };
    Ok(Ready { app, travel, plan })
}

fn plan(
    app: &App,
    travel: &Travel,
    args: &DemoArgs,
    screen: &Screen,
) -> Result<PlanDocument, Error> {
    screen.step(6, "Plan");
    let iterations = app.settings.planning.iterations;
    let request = Request { date: args.date, seed: args.seed, iterations };
    let built = build_plan(app, travel, &request, screen)?;
    let shown = show_plan(app, travel, built.id)?;
    screen.end(&report::planned(&shown));
    for notice in &built.notices {
        say(&format!("      {notice}"));
    }
    report::plan(&shown);
    screen.step(7, "Files");
    let folder = export_plan(&app.dir, &shown, &road_lines(travel))?;
    screen.end(&format!("CSV, GeoJSON, route sheets and page in {}", folder.display()));
    Ok(shown)
}

/// What the day cost and brought, by the territories of the agents.
pub(super) fn economics(app: &App, travel: &Travel, screen: &Screen) -> Result<(), Error> {
    screen.step(STEPS, "Economics");
    let files = [("region", By::Region), ("cell", By::Cell)];
    let mut shown = Vec::new();
    for (name, by) in files {
        let request = economics::Request { by, from: None, to: None };
        let document = economics::economics(app, travel, &request)?;
        let path = app.dir.path();
        let (csv, map) = (economics_csv(&document), economics_geojson(&document));
        app.dir.write(&path.join(format!("economics-{name}.csv")), csv.as_bytes())?;
        app.dir.write(&path.join(format!("economics-{name}.geojson")), map.as_bytes())?;
        if by == By::Region {
            shown = economics_text(&document);
        }
    }
    screen.end("by region and by cell, as CSV and GeoJSON");
    for line in shown {
        say(&format!("      {line}"));
    }
    Ok(())
}

fn import(app: &App, args: &DemoArgs) -> Result<String, Error> {
    let sites = roads::read_sites(EXTRACT, &mut |_| {})
        .map_err(|e| Error::Roads(format!("the demo's extract: {e}")))?;
    let book = book::pair(&sites, args.seed, args.date)?;
    let path = app.dir.path();
    app.dir.write(&path.join("demo-cases.csv"), book.cases_csv.as_bytes())?;
    app.dir.write(&path.join("demo-agents.csv"), book.agents_csv.as_bytes())?;
    let cases = Source { name: "demo-cases.csv", bytes: book.cases_csv.as_bytes() };
    let agents = Source { name: "demo-agents.csv", bytes: book.agents_csv.as_bytes() };
    let done = import_book(app, Some(cases), Some(agents), &Map::default())?;
    Ok(format!(
        "{} and {}, paired at random with {} of the extract",
        count(done.cases, "account"),
        count(done.agents, "agent"),
        count(sites.len(), "building"),
    ))
}

fn organisation(seed: u64) -> Result<NewOrganisation<'static>, Error> {
    let wrong = |error: String| Error::Invalid(error);
    let currency = "TWD".parse().map_err(|e| wrong(format!("{e}")))?;
    let zone = ZONE.parse().map_err(|e| wrong(format!("{e}")))?;
    Ok(NewOrganisation {
        costs: ["220.00", "9.00", "30.00"],
        due_bands: [100_000, 500_000, 2_000_000, 10_000_000],
        service_minutes: 20,
        seed,
        credits: &CREDITS,
        notices: &NOTICES,
        ..NewOrganisation::usual("Doorstep demo", currency, zone)
    })
}

/// Ids and "now" of the demo, from the evening before the planned day on, so that every run is the same.
fn ids(args: &DemoArgs) -> Result<IdSource, Error> {
    Ok(IdSource::seeded(Clock::simulated(evening_before(args.date)?), args.seed))
}

fn evening_before(date: Date) -> Result<jiff::Timestamp, Error> {
    date.checked_sub(1.day())
        .and_then(|day| day.at(18, 0, 0, 0).in_tz(ZONE))
        .map(|at| at.timestamp())
        .map_err(|e| Error::Invalid(format!("--date {date}: {e}")))
}
