//! What each command does: open, call one use case, say what came of it.

use std::net::SocketAddr;
use std::path::Path;
use std::sync::Arc;

use super::args::{
    Cli, Command, ExportCommand, ImportArgs, InitArgs, PaymentsCommand, PhoneCommand, VisitsCommand,
};
use super::screen::{Screen, grouped, say};
use super::{
    access, address, bench, demo, economics, exports, field, field_import, plans, report, restored,
    roads,
};
use crate::app::App;
use crate::clock::Clock;
use crate::config::{DataDir, NewOrganisation, Settings};
use crate::error::Error;
use crate::http;
use crate::ids::IdSource;
use crate::progress::Progress as _;
use crate::travel::{Addresses, Surroundings, Travel};
use crate::usecases::form_territories::form_territories;
use crate::usecases::import::{Finder, Map, Source, import_book};
use crate::usecases::score_cases::score_cases;
use crate::worker::Worker;

pub(super) fn run(cli: &Cli) -> Result<(), Error> {
    match &cli.command {
        Command::Demo(args) => demo::run(&cli.data_dir, args),
        Command::Init(args) => init(cli, args),
        Command::Migrate => migrate(cli),
        Command::Roads { command } => roads::run(cli, command),
        Command::Import(args) => import(cli, args),
        Command::Score => score(cli),
        Command::Territories => territories(cli),
        Command::Plan(args) => plans::run(cli, args),
        Command::User { command } => access::user(cli, command),
        Command::Device { command } => access::device(cli, command),
        Command::Audit { command } => access::audit(cli, command),
        Command::Worker { once } => access::worker(cli, *once),
        Command::Publish { date, version, empty } => {
            field::publish(&open(cli)?, *date, *version, *empty)
        }
        Command::Allocate { case, agent, withdraw } => {
            field::allocate(&open(cli)?, case, agent, *withdraw)
        }
        Command::Bench { command } => bench::run(command, database_url(cli)),
        Command::Export { command: ExportCommand::Ops { csv: _ } } => exports::ops(&open(cli)?),
        Command::Phone { command: PhoneCommand::Dump { store, own, csv: _ } } => {
            exports::phone(store, *own)
        }
        Command::Serve { port, listen } => serve(cli, *port, *listen),
        Command::Visits { command: VisitsCommand::Import { visits } } => {
            field_import::visits(&open(cli)?, visits)
        }
        Command::Payments { command: PaymentsCommand::Import { payments } } => {
            field_import::payments(&open(cli)?, payments)
        }
        Command::Restored => restored::run(&open(cli)?),
        Command::Economics(args) => economics::run(&open(cli)?, args),
    }
}

/// The database named by argument or environment; empty is as good as unset.
fn database_url(cli: &Cli) -> Option<&str> {
    cli.database_url.as_deref().filter(|url| !url.is_empty())
}

fn system_ids() -> IdSource {
    IdSource::system(Clock::System)
}

pub(super) fn open(cli: &Cli) -> Result<App, Error> {
    let clock = DataDir::open(&cli.data_dir)?.clock()?;
    App::open(&cli.data_dir, database_url(cli), IdSource::system(clock))
}

pub(super) fn open_travel(app: &App) -> Result<Travel, Error> {
    travel_of(&app.dir, &app.settings)
}

/// What the settings say to travel by.
pub(super) fn travel_of(dir: &DataDir, settings: &Settings) -> Result<Travel, Error> {
    let ids = system_ids();
    let surroundings = Surroundings::real(ids.clock(), u64::from_le_bytes(ids.secret()?));
    Travel::configured(dir, settings, surroundings)
}

/// Directory and settings where no database is needed.
pub(super) fn open_settings(cli: &Cli) -> Result<(DataDir, Settings), Error> {
    let dir = DataDir::open(&cli.data_dir)?;
    let path = dir.settings();
    let text = std::fs::read_to_string(&path).map_err(|e| Error::io("read", &path, e))?;
    let settings = Settings::parse(&text, &path.display().to_string())?;
    Ok((dir, settings))
}

fn init(cli: &Cli, args: &InitArgs) -> Result<(), Error> {
    let _lock = DataDir::create(&cli.data_dir)?.lock()?;
    let new = NewOrganisation::usual(&args.name, args.currency, args.time_zone.clone());
    let app = App::init(&cli.data_dir, database_url(cli), &new, system_ids())?;
    let settings = app.dir.settings();
    say(&format!("Made {}.", app.dir.path().display()));
    access::first_admin(&app, &args.admin)?;
    say(&format!("Next: put your costs into {}, then", settings.display()));
    say("  doorstep roads build --pbf region.osm.pbf");
    say("  doorstep import --cases cases.csv --agents agents.csv");
    say("  doorstep score");
    say("  doorstep territories");
    say("  doorstep plan --date YYYY-MM-DD");
    Ok(())
}

fn migrate(cli: &Cli) -> Result<(), Error> {
    let applied = App::migrate(&cli.data_dir, database_url(cli), system_ids())?;
    if applied.is_empty() {
        say("The tables are up to date.");
    }
    for name in applied {
        say(&format!("Applied {name}."));
    }
    // The database may be of another organisation yet; the next command says so.
    match open(cli) {
        Ok(app) => access::hint_first_admin(&app),
        Err(_) => Ok(()),
    }
}

fn import(cli: &Cli, args: &ImportArgs) -> Result<(), Error> {
    let app = open(cli)?;
    let travel = open_travel(&app)?;
    let cases = args.cases.as_deref().map(named).transpose()?;
    let agents = args.agents.as_deref().map(named).transpose()?;
    let screen = Screen::new(0);
    screen.begin("Import", None);
    let extent = travel.extent();
    let addresses = Addresses::of(&app.dir, &travel);
    let finder = Finder { addresses: &addresses, accept: address::grade(args.accept_grade) };
    let result = import_book(
        &app,
        cases.as_ref().map(|(name, bytes)| Source { name, bytes }),
        agents.as_ref().map(|(name, bytes)| Source { name, bytes }),
        &Map {
            extent: extent.as_ref(),
            finder: Some(&finder),
            roads: travel.network().map(|_| &travel),
        },
    );
    let report_path = app.dir.path().join("import-report.csv");
    match result {
        Ok(done) => {
            screen.end(&report::imported(&done));
            report::dues(&done, app.settings.organisation.currency);
            report::looked_up(&done);
            app.dir.remove(&report_path)?;
            if done.report.warnings() > 0 {
                app.dir.write(&report_path, done.report.to_csv().as_bytes())?;
                say(done.report.to_string().trim_end());
                say(&format!("All warnings: {}", report_path.display()));
            }
            say("Next: doorstep score");
            Ok(())
        }
        Err(Error::Import(found)) => {
            app.dir.write(&report_path, found.to_csv().as_bytes())?;
            let text = found.to_string();
            Err(Error::Invalid(format!("{text}All problems: {}", report_path.display())))
        }
        Err(other) => Err(other),
    }
}

fn score(cli: &Cli) -> Result<(), Error> {
    let app = open(cli)?;
    let screen = Screen::new(0);
    screen.begin("Score", None);
    let scored = score_cases(&app, &screen)?;
    screen.end(&report::scored(&scored, app.settings.organisation.currency));
    report::treatments(&scored);
    say(&format!("All parts: {}. Next: doorstep territories", app.dir.scores().display()));
    Ok(())
}

fn territories(cli: &Cli) -> Result<(), Error> {
    let app = open(cli)?;
    let travel = open_travel(&app)?;
    let screen = Screen::new(0);
    screen.begin("Territories", None);
    let formed = form_territories(&app, &travel, &screen)?;
    screen.end(&report::formed(&formed));
    report::territories(&formed, app.settings.organisation.currency);
    say("Next: doorstep plan --date YYYY-MM-DD");
    Ok(())
}

fn serve(cli: &Cli, port: u16, listen: Option<SocketAddr>) -> Result<(), Error> {
    let app = open(cli)?;
    let _lock = app.dir.lock()?;
    let travel = open_travel(&app)?;
    let bound = match listen {
        Some(address) => http::Bound::listen(address)?,
        None => http::Bound::to(port)?,
    };
    let address = bound.address();
    if bound.has_pages() {
        say(&format!("http://{address} (stop with Ctrl-C)"));
    } else {
        say(&format!("http://{address}{} (stop with Ctrl-C)", http::api::PREFIX));
        say("Only the API: the page of plans has no login, see it with --port on this machine.");
    }
    let app = Arc::new(app);
    let worker = Worker::start(Arc::clone(&app));
    let served = http::serve(app, Arc::new(travel), None, bound);
    drop(worker);
    served
}

/// Reads a file the user named.
pub(super) fn read(path: &Path) -> Result<Vec<u8>, Error> {
    std::fs::read(path).map_err(|e| Error::io("read", path, e))
}

/// A file's name and content.
pub(super) fn named(path: &Path) -> Result<(String, Vec<u8>), Error> {
    let name = path.file_name().map_or_else(String::new, |n| n.to_string_lossy().into());
    Ok((name, read(path)?))
}

/// A count with its noun's number.
pub(super) fn count(n: usize, noun: &str) -> String {
    let number = grouped(i64::try_from(n).unwrap_or(i64::MAX));
    match noun.strip_suffix('y') {
        _ if n == 1 => format!("{number} {noun}"),
        Some(stem) => format!("{number} {stem}ies"),
        None => format!("{number} {noun}s"),
    }
}
