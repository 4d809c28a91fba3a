//! The commented `doorstep.toml` that `doorstep init` writes.

use sync_core::model::{Currency, OrgId, Zone};
use sync_core::policy::Pack;

/// Iterations of a plan unless settings or arguments say otherwise.
pub const ITERATIONS: u64 = 150_000;

/// What a new installation is told; the rest of the file is defaults to be edited.
#[derive(Debug, Clone)]
pub struct NewOrganisation<'a> {
    /// Its name.
    pub name: &'a str,
    /// Its currency.
    pub currency: Currency,
    /// Its zone.
    pub time_zone: Zone,
    /// Cost of an hour, a kilometre and a visit, as written in the settings.
    pub costs: [&'a str; 3],
    /// Amounts due, in minor units, from which a case gets more points.
    pub due_bands: [i64; 4],
    /// Minutes at each door.
    pub service_minutes: u32,
    /// Seed of plans.
    pub seed: u64,
    /// Iterations of a plan.
    pub iterations: u64,
    /// Sources that must be named beside the data.
    pub credits: &'a [&'a str],
    /// Warnings on top of every plan.
    pub notices: &'a [&'a str],
}

impl<'a> NewOrganisation<'a> {
    /// What `init` writes: costs and amounts of no particular lender, to be edited.
    #[must_use]
    pub fn usual(name: &'a str, currency: Currency, time_zone: Zone) -> Self {
        Self {
            name,
            currency,
            time_zone,
            costs: ["25.00", "0.50", "2.00"],
            due_bands: [10_000, 50_000, 200_000, 1_000_000],
            service_minutes: 12,
            seed: 1,
            iterations: ITERATIONS,
            credits: &[],
            notices: &[],
        }
    }
}

/// The text of a fresh settings file for the organisation with the key `id`.
#[must_use]
pub fn write_settings(id: OrgId, new: &NewOrganisation<'_>) -> String {
    let NewOrganisation {
        name,
        currency,
        time_zone,
        costs: [hour, km, visit],
        iterations,
        service_minutes,
        seed,
        ..
    } = new;
    let code = currency.code();
    // A TOML string is written like a JSON string for every character JSON escapes.
    let name = serde_json::Value::from(*name);
    let risk = (1..).zip(new.due_bands).fold(RISK.to_owned(), |text, (band, from)| {
        text.replace(&format!("DUE_{band}"), &from.to_string())
    });
    let packs: Vec<&str> = Pack::shipped_names().filter(|name| *name != "house").collect();
    let packs = packs.join(", ");
    let (credits, notices) = (list(new.credits), list(new.notices));
    format!(
        r#"# Settings of this Doorstep data directory. Lines starting with # are explanations.
# Unknown names are refused, so a misspelt setting is never silently ignored.

[organisation]
# Key of all rows of this organisation in the database: do not change it.
id = "{id}"
name = {name}
# ISO 4217 code. All `_minor` columns of imports are in its smallest unit (cents for USD).
currency = "{code}"
# IANA name of the zone in which shifts and contact hours are read, unless a case has its own.
time_zone = "{time_zone}"

[costs]
# In units of {code}. They decide which visits are worth their way: put your own figures here.
per_hour = {hour}       # one paid hour of an agent: driving, waiting and visiting
per_km = {km}         # one kilometre driven
per_visit = {visit}      # each visit, whatever comes of it
per_evidence = 0.00   # evidence of each visit (photo, signature, storage)
per_shift = 0.00      # each agent sent out that day
agency_fee = 0.0      # share of the recovered money that goes to an agency, 0 to 1
discount_rate = 0.0   # interest a year at which later money is worth less, for example 0.12

[visit]
service_minutes = {service_minutes}  # at each door
further_case_minutes = 3  # more for each further case of the borrower at the same door

[shift]
# For agents whose row in agents.csv leaves these empty.
start = "09:00"
end = "17:00"
days = "mon;tue;wed;thu;fri"
max_visits = 30

[policy]
# Rules of law and decency that every planned visit keeps; where several apply the strictest wins.
# `house`: visits 08:00 to 21:00 in the case's zone, caps on visits, no collection visit to
# vulnerable, disputed, bereaved, hardship or no-contact cases. Others, beside it:
# {packs}
packs = ["house"]

[planning]
seed = {seed}              # the same seed and iterations give the same plan
iterations = {iterations}
# largest_matrix = 2500  # candidates searched at once; of more, each territory is searched by itself first. Its square takes 8 bytes
# Only used where `doorstep roads build` was not run; the plan then says so.
fallback_speed_km_h = 40.0
fallback_circuity = 1.35  # road kilometres per kilometre as the crow flies

{PLAN}
{TRAVEL}
[data]
# Shown with every plan: sources that must be named, and warnings.
credits = {credits}
notices = {notices}

{REPLANNING}
{PROMISES}
{risk}"#
    )
}

/// The defaults of [`super::PlanSettings`].
const PLAN: &str = r#"# What plans keep and weigh beside prizes, way and time. All amounts are in units of the currency; 0 is off.
[plan]
overtime_hours = 0.0       # so much longer than the own shift a day may last
overtime_per_hour = 0.00   # each hour of overtime costs this on top of per_hour
# regular_hours = 8.0      # paid hours before overtime begins; the own shift unless given
unfairness_per_hour = 0.00 # each hour of an agent beyond a fair share of all paid hours
overlap = 0.00             # each further agent who stops in the same H3 cell
# overlap_resolution = 8   # of those cells; that of the territories unless given
continuity = 0.00          # a visit by another agent than who was there last and is on duty
preferred = 0.00           # a visit by another agent than those of agent_preferred who are on duty
# certificates_needed = ["field_work"]  # nobody visits anybody without these; see certificates in agents.csv
# When somebody is at home: a visit that begins in a block is worth its chance / home_chance of the prize.
home_chance = 0.5          # what prizes count with, and what holds at all other hours
# [[plan.home]]
# from = "17:00"           # by the clock of the home
# to = "20:00"
# days = "mon;tue;wed;thu;fri"  # all unless given
# chance = 0.7
# Breaks begin within these local times; who is back by then, or leaves later, takes none. Write one block each:
# [[plan.breaks]]
# from = "12:00"
# to = "13:30"
# minutes = 30
# paid = false
"#;

/// The defaults of [`super::TravelSettings`].
const TRAVEL: &str = r#"[travel]
# Who is asked for times and distances: "embedded" is the network of `doorstep roads build` (the great
# circle as long as none is built), "osrm" a server with OSRM's HTTP API, "great_circle" an estimate.
provider = "embedded"
profile = "car"     # of `roads build`: car, motorcycle, bicycle, foot, or the path of a TOML file
speed_factor = 1.0  # on all speeds of roads: 0.9 is ten percent slower
cache_mb = 64       # of tables that are kept
# A provider that fails ends the command, unless this says to go on with estimates:
# fallback = "great_circle"
# For provider = "osrm":
# osrm_url = "http://127.0.0.1:5000"
osrm_profile = "driving"
timeout_s = 30
retries = 3
max_table = 100        # at most the server's --max-table-size
max_snap_m = 1000      # farther from a road, a place is too far
osrm_cache_hours = 24  # 0 asks anew every time
"#;

/// The defaults of [`super::Replanning`].
const REPLANNING: &str = r#"# A plan that is made anew in the middle of the day changes no more than pays.
[replanning]
moved_stop = 1.00             # a stop goes to another agent only where that brings more than this
changed_agent = "new_notice"  # where the borrower was told who comes: tell anew; "drop": nobody else comes that day
"#;

/// The defaults of [`super::Promises`].
const PROMISES: &str = r"# A promise to pay is judged when its day and the days of grace have passed: kept, part kept or broken.
[promises]
grace_days = 3        # payments so many days later still fulfil it
tolerance_percent = 5 # so much of it may be missing when it counts as kept
";

/// The defaults of [`domain::risk::RiskRules`] but for the amounts, to be edited.
const RISK: &str = r"# Points and thresholds of the tiers: high (home visit), medium (letters and calls), low (watched).
# Amounts are in minor units: adapt `due_minor` to what counts as much in your book. `_bp` is monthly ability to pay in basis points of the amount due.
[risk]
medium_from = 35          # points from which a case is medium
high_from = 70            # points from which a case is high
cannot_pay_below_bp = 200 # below this the borrower gets remote help, never a collection visit
able_from_bp = 500
ability_unknown = 10      # points where the ability is not known
due_minor = [
    { from = DUE_1, points = 10 },
    { from = DUE_2, points = 20 },
    { from = DUE_3, points = 30 },
    { from = DUE_4, points = 35 },
]
dpd = [
    { from = 1, points = 5 },
    { from = 30, points = 15 },
    { from = 60, points = 30 },
    { from = 90, points = 35 },
    { from = 180, points = 40 },
]
ability_bp = [{ from = 200, points = 10 }, { from = 500, points = 20 }]
";

fn list(items: &[&str]) -> serde_json::Value {
    items.iter().copied().collect()
}

/// A file as `init` writes it, for tests of reading.
#[cfg(test)]
pub(super) fn sample() -> String {
    let (currency, zone) = ("USD".parse().unwrap(), "America/New_York".parse().unwrap());
    let new = NewOrganisation {
        due_bands: [100_000, 500_000, 2_000_000, 10_000_000],
        credits: &["A \"source\""],
        ..NewOrganisation::usual("Test \"Lender\"", currency, zone)
    };
    write_settings(OrgId::from_parts(1_764_000_000_000, [7; 10]), &new)
}
