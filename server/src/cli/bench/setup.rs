//! The server and the phones of workload W.

use std::fmt::Write as _;
use std::path::{Path, PathBuf};

use jiff::Timestamp;
use sync_core::kinds::{ContactField, ContactValue, Content};
use sync_core::model::{AgentId, CaseId};
use sync_core::phone::Phone;
use sync_core::store::SqliteStore;
use tempfile::TempDir;

use super::workload::{AREAS, CASES, EDITED, FIELDS, PAIR};
use crate::app::App;
use crate::clock::Clock;
use crate::config::NewOrganisation;
use crate::error::Error;
use crate::ids::IdSource;
use crate::progress::Progress;
use crate::usecases::access::Role;
use crate::usecases::allocate::{allocate, by_reference};
use crate::usecases::devices::{enrol, make_code};
use crate::usecases::import::{Map, Source, import_book};
use crate::usecases::office::{self, OfficeOp};
use crate::usecases::passwords::Cost;
use crate::usecases::users::{NewUser, add_user};

/// Where the days of W begin: Monday 2 March 2026, 13:00 UTC.
pub(super) const START_MS: i64 = 1_772_456_400_000;

/// Its contact fields in the order of their numbers here.
pub(super) const CONTACT: [ContactField; FIELDS] =
    [ContactField::Name, ContactField::Phone, ContactField::Address, ContactField::Email];

/// A phone of W.
#[derive(Debug)]
pub(super) struct Device {
    pub(super) phone: Phone<SqliteStore>,
    pub(super) file: PathBuf,
    /// Of its area, in the order of their references.
    pub(super) cases: Vec<CaseId>,
    pub(super) skew_ms: i64,
}

/// Everything that is there before the first visit.
#[derive(Debug)]
pub(super) struct World {
    pub(super) app: App,
    pub(super) devices: Vec<Device>,
    /// Removed with it.
    pub(super) folder: TempDir,
    /// Where files are not synchronised with a disk, if there is such a place.
    pub(super) memory: Option<TempDir>,
}

fn tell(cause: &dyn std::fmt::Display) -> Error {
    Error::Invalid(format!("bench sync: {cause}"))
}

impl World {
    /// Makes it. Phones lie in memory where that can be, but for the first, which lies on the disk.
    pub(super) fn new(
        seed: u64,
        database_url: Option<&str>,
        screen: &dyn Progress,
    ) -> Result<Self, Error> {
        let folder = TempDir::with_prefix("doorstep-bench-").map_err(|e| tell(&e))?;
        let shared = Path::new("/dev/shm");
        let memory =
            shared.is_dir().then(|| TempDir::with_prefix_in("doorstep-bench-", shared).ok());
        let memory = memory.flatten();
        let app = server(folder.path(), database_url, seed)?;
        let mut devices = Vec::new();
        for area in 0..AREAS {
            let mut cases = Vec::new();
            for number in 0..CASES {
                let (case, _) = by_reference(&app, &case_ref(area, number), &agent_ref(area, 0))?;
                cases.push(case);
            }
            for one in 0..PAIR {
                let place = memory.as_ref().filter(|_| area + one > 0).unwrap_or(&folder).path();
                let (_, agent) = by_reference(&app, &case_ref(area, 0), &agent_ref(area, one))?;
                devices.push(device(&app, place, (area, one), agent, &cases)?);
                screen.at(u64::try_from(devices.len()).unwrap_or(0));
            }
            seed_contacts(&app, &cases)?;
        }
        Ok(Self { app, devices, folder, memory })
    }
}

fn case_ref(area: usize, number: usize) -> String {
    format!("L-{area:02}-{number:03}")
}

fn agent_ref(area: usize, one: usize) -> String {
    format!("A{area:02}{one}")
}

fn server(folder: &Path, database_url: Option<&str>, seed: u64) -> Result<App, Error> {
    let currency = "USD".parse().map_err(|e| tell(&e))?;
    let zone = "America/New_York".parse().map_err(|e| tell(&e))?;
    let start = Timestamp::from_millisecond(START_MS).map_err(|e| tell(&e))?;
    let ids = IdSource::seeded(Clock::simulated(start), seed);
    let new = NewOrganisation::usual("Workload W", currency, zone);
    let app = App::init(&folder.join("server"), database_url, &new, ids)?;
    let mut cases = String::from("case_ref,borrower_ref,lat,lon,amount_due_minor,dpd\n");
    let mut agents = String::from("agent_ref,name,base_lat,base_lon\n");
    for area in 0..AREAS {
        for number in 0..CASES {
            let (lat, lon) = (39 * 10_000 + area * 300 + number, 75 * 10_000 + number * 3);
            let (case, dpd) = (case_ref(area, number), 30 + number);
            // Writing to a text cannot fail.
            let _ = writeln!(
                cases,
                "{case},B{case},{}.{:04},-{}.{:04},{},{dpd}",
                lat / 10_000,
                lat % 10_000,
                lon / 10_000,
                lon % 10_000,
                100_000 + number * 1_000
            );
        }
        for one in 0..PAIR {
            let _ = writeln!(agents, "{},Agent,39.5,-75.5", agent_ref(area, one));
        }
    }
    let (cases, agents) = (
        Source { name: "cases.csv", bytes: cases.as_bytes() },
        Source { name: "agents.csv", bytes: agents.as_bytes() },
    );
    import_book(&app, Some(cases), Some(agents), &Map::default())?;
    Ok(app)
}

fn device(
    app: &App,
    place: &Path,
    (area, one): (usize, usize),
    agent: AgentId,
    cases: &[CaseId],
) -> Result<Device, Error> {
    let agent_ref = agent_ref(area, one);
    let login = agent_ref.to_lowercase();
    let new = NewUser {
        login: &login,
        name: "Agent",
        role: Role::Agent,
        agent_ref: Some(&agent_ref),
        password: None,
    };
    let user = add_user(app, None, &new, Cost::FOR_TESTS)?.user;
    let code = make_code(app, None, user.id)?;
    let file = place.join(format!("{agent_ref}.sqlite"));
    let store = SqliteStore::open(&file).map_err(|e| tell(&e))?;
    let mut phone = Phone::open(store).map_err(|e| tell(&e))?;
    let number = u8::try_from(area * PAIR + one).unwrap_or(0);
    let asked =
        phone.enrolment(&code.code, "bench", "bench", [number + 1; 32]).map_err(|e| tell(&e))?;
    let enrolled = enrol(app, &asked)?;
    let skew_ms = super::workload::draw(1, u64::from(number), 0).skew_ms;
    phone.enrol(START_MS + skew_ms, enrolled).map_err(|e| tell(&e))?;
    for case in cases {
        allocate(app, *case, agent, None)?;
    }
    Ok(Device { phone, file, cases: cases.to_vec(), skew_ms })
}

/// The contact fields as the office knows them before anybody edits.
fn seed_contacts(app: &App, cases: &[CaseId]) -> Result<(), Error> {
    let mut ops = Vec::new();
    for case in cases.iter().take(EDITED.max(CASES)) {
        for (number, field) in CONTACT.iter().enumerate() {
            let content = Content::Contact(ContactValue::of_text(format!("seed {number}")));
            ops.push(OfficeOp { field: Some(field.number()), ..OfficeOp::of(*case, content) });
        }
    }
    office::write(app, None, &ops).map(|_| ())
}
