//! Phones and server: what is taken, what is refused, what is kept aside, what comes down.

mod http;
mod implausible;
mod kept;
mod merge;
mod money;
mod pull;
mod refused;
mod restored;

use server::usecases::allocate::{allocate, by_reference};
use sync_core::model::CaseId;
use tests::book::{Case, agents_csv, cases_csv};
use tests::database::Database;
use tests::installation::Installation;
use tests::phone::Phone;

/// Four cases and two agents: the first three cases are K1's, the last two K2's.
struct Field {
    doorstep: Installation,
    cases: Vec<CaseId>,
    one: Phone,
    two: Phone,
}

fn field(database: &Database) -> Field {
    let doorstep = Installation::new(database).unwrap();
    let book: Vec<Case> = (1..=4).map(|n| Case::new(&format!("C{n}"))).collect();
    let agents = agents_csv(&[("K1", 39.16, -75.52), ("K2", 39.11, -75.58)]);
    doorstep.import(&cases_csv(&book), &agents).unwrap();
    let mut cases = Vec::new();
    for (case_ref, agents) in
        [("C1", &["K1"][..]), ("C2", &["K1"]), ("C3", &["K1", "K2"]), ("C4", &["K2"])]
    {
        for agent_ref in agents {
            let (case, agent) = by_reference(&doorstep.app, case_ref, agent_ref).unwrap();
            assert!(allocate(&doorstep.app, case, agent, None).unwrap());
            cases.push(case);
        }
    }
    cases.dedup();
    let one = Phone::enrol(database, &doorstep, 1, "K1").unwrap();
    let two = Phone::enrol(database, &doorstep, 2, "K2").unwrap();
    Field { doorstep, cases, one, two }
}

/// How many rows the tables of the log have: ops, kept aside, visits.
fn counts(database: &Database) -> (i64, i64, i64) {
    let mut raw = database.raw().unwrap();
    let mut count = |table: &str| raw.count(table).unwrap();
    (count("ops"), count("kept_aside"), count("visits"))
}
