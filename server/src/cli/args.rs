//! What can be typed. The help texts are written for somebody who sees them for the first time.
#![expect(clippy::doc_markdown, reason = "doc comments here are help texts on a terminal")]

use std::net::SocketAddr;
use std::path::PathBuf;

use clap::{Args, Parser, Subcommand, ValueEnum};
use jiff::civil::Date;
use sync_core::model::{Currency, Zone};

use super::access::{AuditCommand, DeviceCommand, UserCommand};
use super::plans::PlanArgs;
use crate::render::economics::By;

/// Doorstep plans field visits to borrowers whose loans are overdue: which homes are worth a visit,
/// whose, in what order, and why the others are not.
#[derive(Debug, Parser)]
#[command(name = "doorstep", version, max_term_width = 100)]
#[command(after_help = "Try it:  doorstep demo\n\
    Your own data:  doorstep init --currency USD --time-zone America/New_York\n  \
    doorstep roads build --pbf region.osm.pbf\n  \
    doorstep import --cases cases.csv --agents agents.csv\n  \
    doorstep score && doorstep territories && doorstep plan --date 2026-11-23\n  doorstep serve")]
pub struct Cli {
    /// Directory of settings, SQLite file, road network and plans.
    #[arg(long, global = true, default_value = "doorstep-data", value_name = "DIR")]
    pub data_dir: PathBuf,

    /// PostgreSQL instead of the SQLite file, postgres://USER:PASSWORD@HOST/NAME.
    #[arg(long, global = true, env = "DATABASE_URL", hide_env_values = true, value_name = "URL")]
    pub database_url: Option<String>,

    /// What to do.
    #[command(subcommand)]
    pub command: Command,
}

/// The commands.
#[derive(Debug, Subcommand)]
pub enum Command {
    /// Shows the whole product on data that come with it.
    #[command(after_help = "Example:  doorstep demo --once --json summary.json")]
    Demo(DemoArgs),
    /// Makes a data directory with settings and a database.
    #[command(after_help = "Example:  doorstep init --currency USD --time-zone America/New_York")]
    Init(InitArgs),
    /// Brings the database tables up to date.
    #[command(after_help = "Example:  doorstep migrate --data-dir ./doorstep-data")]
    Migrate,
    /// Builds the road network from an OpenStreetMap extract and answers from it: times, ways, the nearest, addresses.
    #[command(after_help = "Examples:  doorstep roads build --pbf delaware-latest.osm.pbf\n  \
        doorstep roads matrix --from bases.csv --to homes.csv --out table.csv")]
    Roads {
        /// What to do with it.
        #[command(subcommand)]
        command: RoadsCommand,
    },
    /// Imports cases and agents from CSV: all rows or, if one is bad, none.
    #[command(after_help = "Example:  doorstep import --cases cases.csv --agents agents.csv\n\n\
        server/docs/IMPORT.md lists the columns. A second import updates what is known by case_ref and agent_ref.")]
    Import(ImportArgs),
    /// Scores every case: tier, ability to pay, what a visit is worth.
    #[command(after_help = "Example:  doorstep score")]
    Score,
    /// Forms the agents' territories of H3 cells.
    #[command(after_help = "Example:  doorstep territories")]
    Territories,
    /// Plans a working day; explains, compares and edits plans.
    #[command(
        args_conflicts_with_subcommands = true,
        after_help = "Examples:  doorstep plan --date 2026-11-23\n  \
        doorstep plan explain --case L-1042\n  \
        doorstep plan export-instance --date 2026-11-23 --territory A07 --out a07.json"
    )]
    Plan(PlanArgs),
    /// Makes, lists and disables users.
    #[command(after_help = "Example:  doorstep user add --login ann --role agent --agent A07")]
    User {
        /// What to do.
        #[command(subcommand)]
        command: UserCommand,
    },
    /// Enrols, lists and revokes phones.
    #[command(after_help = "Example:  doorstep device enrol --user ann")]
    Device {
        /// What to do.
        #[command(subcommand)]
        command: DeviceCommand,
    },
    /// Verifies or exports the log of what was done.
    #[command(after_help = "Example:  doorstep audit verify")]
    Audit {
        /// What to do.
        #[command(subcommand)]
        command: AuditCommand,
    },
    /// Does the work that is due, as `serve` does beside its requests.
    #[command(after_help = "Example:  doorstep worker --once")]
    Worker {
        /// Ends when nothing is due any more.
        #[arg(long)]
        once: bool,
    },
    /// Publishes a plan: agents work by it, and get its cases on their phones.
    #[command(after_help = "Example:  doorstep publish --date 2026-11-23\n\n\
        Cases that an earlier publication of the day gave to an agent, and that are on that agent's\n\
        route no more, are taken back. To publish a plan again changes nothing.")]
    Publish {
        /// The working day.
        #[arg(long, value_name = "YYYY-MM-DD", value_parser = date)]
        date: Date,
        /// Version of the day's plan [default: the newest].
        #[arg(long)]
        version: Option<i32>,
        /// Also a plan without visits, which takes back all cases that an earlier publication of the day gave.
        #[arg(long)]
        empty: bool,
    },
    /// Gives a case to a further agent, or takes it back.
    #[command(after_help = "Examples:  doorstep allocate --case L-1042 --agent A07\n  \
        doorstep allocate --case L-1042 --agent A07 --withdraw")]
    Allocate {
        /// The case_ref of the case.
        #[arg(long, value_name = "REF")]
        case: String,
        /// The agent_ref of the agent.
        #[arg(long, value_name = "REF")]
        agent: String,
        /// Takes the case back.
        #[arg(long)]
        withdraw: bool,
    },
    /// Exports what the server holds.
    #[command(after_help = "Example:  doorstep export ops --csv > server.csv")]
    Export {
        /// What.
        #[command(subcommand)]
        command: ExportCommand,
    },
    /// Measures this program on this machine.
    #[command(after_help = "Example:  doorstep bench sync --json sync.json")]
    Bench {
        /// What to measure.
        #[command(subcommand)]
        command: BenchCommand,
    },
    /// Looks into the store of a phone.
    #[command(
        after_help = "Example:  doorstep phone dump doorstep-data/phones/A01.sqlite --csv\n\n\
        The store also holds ops of others that the phone got: those of the office are of device 0."
    )]
    Phone {
        /// What to do with it.
        #[command(subcommand)]
        command: PhoneCommand,
    },
    /// Visits made without the app.
    #[command(after_help = "Example:  doorstep visits import --visits visits.csv")]
    Visits {
        /// What to do with them.
        #[command(subcommand)]
        command: VisitsCommand,
    },
    /// Payments the lender knows of.
    #[command(after_help = "Example:  doorstep payments import --payments payments.csv")]
    Payments {
        /// What to do with them.
        #[command(subcommand)]
        command: PaymentsCommand,
    },
    /// To be run once after a backup was restored: phones begin anew and send again what is missing.
    #[command(after_help = "Example:  doorstep restored\n\n\
        server/docs/OPERATIONS.md says when. To run it once too often only costs the phones a download.")]
    Restored,
    /// What visits cost and what they brought, by H3 cell or region.
    #[command(after_help = "Examples:  doorstep economics --by region\n  \
        doorstep economics --by cell --from 2026-11-01 --to 2026-11-30 --csv cells.csv --geojson cells.geojson\n\n\
        server/docs/ECONOMICS.md says how each figure is made.")]
    Economics(EconomicsArgs),
    /// Serves the API and, on this machine only, the page of the newest plan.
    #[command(after_help = "Examples:  doorstep serve --port 8081\n  \
        doorstep serve --listen 0.0.0.0:8080")]
    Serve {
        /// Port of the loopback address; 0 takes a free one.
        #[arg(long, default_value_t = 8080)]
        port: u16,
        /// Another address, for phones and the office; put a server that speaks TLS before it.
        #[arg(long, value_name = "IP:PORT", conflicts_with = "port")]
        listen: Option<SocketAddr>,
    },
}

/// What can be exported.
#[derive(Debug, Subcommand)]
pub enum ExportCommand {
    /// Every op the server has taken, as device, sequence and body hash; device 0 is the office.
    #[command(after_help = "Example:  doorstep export ops --csv > server.csv")]
    Ops {
        /// CSV on standard output, the only form there is.
        #[arg(long, required = true)]
        csv: bool,
    },
}

/// What can be measured.
#[derive(Debug, Subcommand)]
pub enum BenchCommand {
    /// Twenty phones in ten areas: bytes, times, and whether both sides end up alike. Makes its own data in a
    /// temporary folder, and with --database-url an organisation of its own in that database.
    #[command(after_help = "Example:  doorstep bench sync --json sync.json")]
    Sync {
        /// Writes the figures as JSON.
        #[arg(long, value_name = "FILE")]
        json: Option<PathBuf>,
        /// Seed of what is written.
        #[arg(long, default_value_t = 1)]
        seed: u64,
    },
    /// The road engine on one thread: preparation, opening, matrices, nearest by road, and whether all agree with
    /// a plain search.
    #[command(
        after_help = "Example:  doorstep bench roads --pbf delaware.osm.pbf --json roads.json"
    )]
    Roads(RoadsBenchArgs),
    /// The planner on an instance in JSON, as `plan export-instance` writes them: figures as one line of JSON. The budget
    /// begins after reading.
    #[command(
        after_help = "Example:  doorstep bench planner day.json --cpu-seconds 10 --seed 1 --out solution.json\n\n\
        --iterations and --schedule of a run's line repeat it exactly, with its seed.\n\n\
        doorstep bench planner --scaling says what an iteration costs by the number of clients."
    )]
    Planner(PlannerBenchArgs),
}

/// Arguments of `bench planner`.
#[derive(Debug, Args)]
pub struct PlannerBenchArgs {
    /// The instance.
    #[arg(value_name = "INSTANCE", required_unless_present = "scaling")]
    pub instance: Option<PathBuf>,
    /// What an iteration costs with so many clients, made up with one agent for each fifty, instead of an instance
    /// [default: 200,1000,5000,20000].
    #[arg(long, value_name = "N,...", value_delimiter = ',', num_args = 0..=1, default_missing_value = "200,1000,5000,20000",
          value_parser = clap::value_parser!(u32).range(50..=50_000),
          conflicts_with_all = ["instance", "cpu_seconds", "threads", "schedule", "out"])]
    pub scaling: Option<Vec<u32>>,
    /// Processor seconds a thread.
    #[arg(long, default_value_t = 10.0, value_name = "S")]
    pub cpu_seconds: f64,
    /// Seed of every random choice.
    #[arg(long, default_value_t = 1)]
    pub seed: u64,
    /// Searches side by side, with this seed and the next ones; the best result counts.
    #[arg(long, default_value_t = 1, value_parser = clap::value_parser!(u32).range(1..=256))]
    pub threads: u32,
    /// So many iterations instead of seconds.
    #[arg(long, value_name = "N")]
    pub iterations: Option<u64>,
    /// The schedule of an earlier run, to repeat it.
    #[arg(long, value_name = "SCHEDULE")]
    pub schedule: Option<String>,
    /// Writes the routes as JSON.
    #[arg(long, value_name = "FILE")]
    pub out: Option<PathBuf>,
}

/// Arguments of `bench roads`.
#[derive(Debug, Args)]
pub struct RoadsBenchArgs {
    /// The extract.
    #[arg(long, value_name = "FILE")]
    pub pbf: PathBuf,
    /// Points as CSV `id,lat,lon` [default: the extract's addresses, then its building centres, then the middles of
    /// its roads, each shuffled in a fixed way].
    #[arg(long, value_name = "FILE")]
    pub points: Option<PathBuf>,
    /// A built-in profile, or the file of one.
    #[arg(long, default_value = "car", value_name = "NAME|FILE")]
    pub profile: String,
    /// Sizes of the square matrices.
    #[arg(long, default_value = "200,1000,2000,5000", value_delimiter = ',')]
    pub sizes: Vec<usize>,
    /// How many points look for their nearest, and how many each.
    #[arg(long, default_values_t = [20_000, 100], num_args = 2, value_names = ["POINTS", "K"])]
    pub nearest: Vec<usize>,
    /// Pairs compared with a plain search.
    #[arg(long, default_value_t = 5_000)]
    pub pairs: usize,
    /// Writes the figures as JSON.
    #[arg(long, value_name = "FILE")]
    pub json: Option<PathBuf>,
    /// Writes the snapped points in the order used, as CSV `id,lat,lon`, for another engine.
    #[arg(long, value_name = "FILE")]
    pub points_out: Option<PathBuf>,
    /// Writes the first matrix of at least this size as CSV `from,to,seconds,metres`.
    #[arg(long, num_args = 2, value_names = ["N", "FILE"])]
    pub matrix_out: Vec<String>,
}

/// What can be asked of a phone's store.
#[derive(Debug, Subcommand)]
pub enum PhoneCommand {
    /// Every op the phone holds, as device, sequence and body hash: those it has written and, unless
    /// --own, those of others that it was sent.
    #[command(
        after_help = "Example:  doorstep phone dump doorstep-data/phones/A01.sqlite --csv --own"
    )]
    Dump {
        /// The store: an SQLite file.
        store: PathBuf,
        /// Only what the phone itself has written.
        #[arg(long)]
        own: bool,
        /// CSV on standard output, the only form there is.
        #[arg(long, required = true)]
        csv: bool,
    },
}

/// Arguments of `demo`.
#[derive(Debug, Args)]
pub struct DemoArgs {
    /// The working day to plan.
    #[arg(long, default_value = "2026-11-23", value_name = "YYYY-MM-DD", value_parser = date)]
    pub date: Date,
    /// Port of the page on 127.0.0.1 [default: 8080, with --once any free one].
    #[arg(long)]
    pub port: Option<u16>,
    /// Ends after drawing the page, instead of serving it.
    #[arg(long)]
    pub once: bool,
    /// Builds everything again, even if it is there.
    #[arg(long)]
    pub fresh: bool,
    /// Seed of the pairing of accounts and buildings, and of the search.
    #[arg(long, default_value_t = 7, value_parser = clap::value_parser!(u64).range(..=9_223_372_036_854_775_807))]
    pub seed: u64,
    /// Writes the figures of the run as JSON.
    #[arg(long, value_name = "FILE")]
    pub json: Option<PathBuf>,
}

/// Arguments of `init`.
#[derive(Debug, Args)]
pub struct InitArgs {
    /// Name of the organisation, as shown on plans.
    #[arg(long, default_value = "My organisation")]
    pub name: String,
    /// ISO 4217 code of its currency, as in USD.
    #[arg(long)]
    pub currency: Currency,
    /// IANA name of its time zone, as in America/New_York.
    #[arg(long)]
    pub time_zone: Zone,
    /// Login of the first administrator.
    #[arg(long, default_value = "admin", value_name = "LOGIN")]
    pub admin: String,
}

/// Commands on roads.
#[derive(Debug, Subcommand)]
pub enum RoadsCommand {
    /// Builds the network; needed once, and again for a newer extract or another profile.
    #[command(after_help = "Examples:  doorstep roads build --pbf delaware-latest.osm.pbf\n  \
        doorstep roads build --pbf delaware-latest.osm.pbf --profile motorcycle")]
    Build {
        /// OpenStreetMap extract (.osm.pbf) that covers homes and bases.
        #[arg(long, value_name = "FILE")]
        pbf: PathBuf,
        /// One of car, motorcycle, bicycle, foot, or a TOML file [default: from doorstep.toml].
        #[arg(long, value_name = "NAME|FILE")]
        profile: Option<PathBuf>,
    },
    /// Says what the network holds, and what it was built from.
    #[command(after_help = "Example:  doorstep roads info --json")]
    Info {
        /// As JSON.
        #[arg(long)]
        json: bool,
        #[command(flatten)]
        profile: ProfileChoice,
    },
    /// Writes the file of a profile that is in the program, to start one of your own from.
    #[command(after_help = "Example:  doorstep roads profile --print car > van.toml\n\n\
        Every key is explained where it stands; server/docs/PROFILES.md says more. Change `name`, too.")]
    Profile {
        /// One of car, motorcycle, bicycle, foot.
        #[arg(long, value_name = "NAME")]
        print: String,
    },
    /// Times and lengths from all points of a file to all of another: from,to,seconds,metres,status.
    #[command(
        after_help = "Example:  doorstep roads matrix --from bases.csv --to homes.csv --out table.csv\n\n\
        Points are CSV with the columns id,lat,lon; `-` reads them from standard input. The status is ok,\n\
        unreachable, too_far, island or outside. server/docs/TRAVEL.md says more."
    )]
    Matrix {
        /// CSV of points to start from.
        #[arg(long, value_name = "FILE")]
        from: PathBuf,
        /// CSV of points to go to.
        #[arg(long, value_name = "FILE")]
        to: PathBuf,
        /// Where to write it [default: standard output].
        #[arg(long, value_name = "FILE")]
        out: Option<PathBuf>,
        #[command(flatten)]
        profile: ProfileChoice,
        /// When all ways begin, local time, by the profile's hours [default: free roads].
        #[arg(long, value_name = "[DAY ]HH:MM", visible_alias = "at", value_parser = depart)]
        depart: Option<u32>,
    },
    /// The ways from each point of a file to the next one.
    #[command(after_help = "Example:  doorstep roads route --points day.csv --out day.geojson")]
    Route {
        /// CSV of points, id,lat,lon, in the order of the visits.
        #[arg(long, value_name = "FILE")]
        points: PathBuf,
        /// Where to write it; .geojson or .json is written with the lines [default: standard output].
        #[arg(long, value_name = "FILE")]
        out: Option<PathBuf>,
        /// GeoJSON whatever the output is called.
        #[arg(long)]
        geojson: bool,
        #[command(flatten)]
        profile: ProfileChoice,
        /// When the first way begins, as in 08:00 or "sat 08:00", local time, by the profile's hours; each
        /// further one begins where the one before ends [default: free roads].
        #[arg(long, value_name = "[DAY ]HH:MM", visible_alias = "at", value_parser = depart)]
        depart: Option<u32>,
    },
    /// The nearest points of one file, by time, for each point of another.
    #[command(
        after_help = "Example:  doorstep roads nearest --from homes.csv --to bases.csv --k 3 --out near.csv"
    )]
    Nearest(NearestArgs),
    /// Looks up an address in the extract, as `import` does.
    #[command(after_help = "Examples:  doorstep roads find \"115 W Loockerman St, Dover, DE\"\n  \
        doorstep roads find \"115 W Loockerman St, Dover, DE\" --json\n\n\
        Whatever the answer is, a house or nothing, the command succeeds.")]
    Find {
        /// The address in one line, with town or postcode.
        address: String,
        /// The answer as JSON.
        #[arg(long)]
        json: bool,
    },
}

/// Arguments of `roads nearest`.
#[derive(Debug, Args)]
pub struct NearestArgs {
    /// CSV of points to start from: id,lat,lon.
    #[arg(long, value_name = "FILE")]
    pub from: PathBuf,
    /// CSV of points to go to.
    #[arg(long, value_name = "FILE")]
    pub to: PathBuf,
    /// How many for each.
    #[arg(long, default_value_t = 1, value_parser = parse_k)]
    pub k: usize,
    /// Where to write it [default: standard output].
    #[arg(long, value_name = "FILE")]
    pub out: Option<PathBuf>,
    /// Whose network is asked.
    #[command(flatten)]
    pub profile: ProfileChoice,
}

/// Which of the networks of a data directory is asked.
#[derive(Debug, Args)]
pub struct ProfileChoice {
    /// The profile whose network is asked: a name or the file it was built with [default: from doorstep.toml].
    #[arg(long, value_name = "NAME|FILE")]
    pub profile: Option<PathBuf>,
}

/// Seconds since Monday 0:00 of a time of day, with a day before it or of a Monday.
fn depart(text: &str) -> Result<u32, String> {
    const DAYS: [&str; 7] = ["mon", "tue", "wed", "thu", "fri", "sat", "sun"];
    let wrong =
        || "write the time as HH:MM, as in 08:00, or with the day, as in \"sat 08:00\"".to_owned();
    let (day, clock) = text.trim().split_once(' ').unwrap_or(("mon", text.trim()));
    let day = DAYS.iter().zip(0_u32..).find(|(name, _)| name.eq_ignore_ascii_case(day));
    let (_, day) = day.ok_or_else(wrong)?;
    let minutes = crate::config::clock_minutes(clock.trim()).map_err(|_| wrong())?;
    Ok(day * 86_400 + u32::from(minutes) * 60)
}

/// How many destinations are wanted.
fn parse_k(text: &str) -> Result<usize, String> {
    let k = text.parse().ok().filter(|k| (1..=1_000_000).contains(k));
    k.ok_or_else(|| "write how many are wanted, 1 to 1000000".to_owned())
}

/// Arguments of `import`.
#[derive(Debug, Args)]
pub struct ImportArgs {
    /// CSV of cases.
    #[arg(long, value_name = "FILE", required_unless_present = "agents")]
    pub cases: Option<PathBuf>,
    /// CSV of agents.
    #[arg(long, value_name = "FILE")]
    pub agents: Option<PathBuf>,
    /// How good a position must be that is looked up from an address, where a row has no coordinates: the
    /// house, or some point of its street or town.
    #[arg(long, value_name = "GRADE", default_value = "house")]
    pub accept_grade: AcceptGrade,
}

/// The worst grade of a position that an import takes.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum AcceptGrade {
    /// The house itself.
    House,
    /// Some point of the street.
    Street,
    /// Some point of the town.
    Place,
}

/// Commands on visits.
#[derive(Debug, Subcommand)]
pub enum VisitsCommand {
    /// Imports visits from CSV with what was promised and paid at them: all rows or, if one is bad, none.
    #[command(after_help = "Example:  doorstep visits import --visits visits.csv\n\n\
        server/docs/IMPORT.md lists the columns. A second import writes only what is new, by visit_ref.")]
    Import {
        /// CSV of visits.
        #[arg(long, value_name = "FILE")]
        visits: PathBuf,
    },
}

/// Commands on payments.
#[derive(Debug, Subcommand)]
pub enum PaymentsCommand {
    /// Imports payments and reversals from CSV: all rows or, if one is bad, none.
    #[command(after_help = "Example:  doorstep payments import --payments payments.csv\n\n\
        server/docs/IMPORT.md lists the columns. A second import writes only what is new, by payment_ref.")]
    Import {
        /// CSV of payments.
        #[arg(long, value_name = "FILE")]
        payments: PathBuf,
    },
}

/// Arguments of `economics`.
#[derive(Debug, Args)]
pub struct EconomicsArgs {
    /// What the rows are: cell or region.
    #[arg(long, value_name = "cell|region")]
    pub by: By,
    /// First day of visits [default: the first there is].
    #[arg(long, value_name = "YYYY-MM-DD", value_parser = date)]
    pub from: Option<Date>,
    /// Last day of visits [default: today].
    #[arg(long, value_name = "YYYY-MM-DD", value_parser = date)]
    pub to: Option<Date>,
    /// Writes all figures as CSV.
    #[arg(long, value_name = "FILE")]
    pub csv: Option<PathBuf>,
    /// Writes all figures with the outlines of the rows.
    #[arg(long, value_name = "FILE")]
    pub geojson: Option<PathBuf>,
}

/// A working day.
pub(super) fn date(text: &str) -> Result<Date, String> {
    let strict = text.len() == 10 && text.as_bytes().get(4) == Some(&b'-');
    strict
        .then(|| text.parse().ok())
        .flatten()
        .ok_or_else(|| "write the day as year-month-day, as in 2026-11-23".to_owned())
}
