//! Commands about who works on what: publish and allocate.

use jiff::civil::Date;

use super::commands::count;
use super::screen::say;
use crate::app::App;
use crate::error::Error;
use crate::usecases::allocate::{self, by_reference};
use crate::usecases::publish::{self, Empty};

pub(super) fn publish(
    app: &App,
    date: Date,
    version: Option<i32>,
    empty: bool,
) -> Result<(), Error> {
    let empty = if empty { Empty::Meant } else { Empty::Refused };
    let done = publish::publish(app, date, version, empty, None)?;
    let plan = format!("Plan of {}, version {}", done.date, done.version);
    if done.again && done.granted == 0 && done.withdrawn == 0 {
        say(&format!("{plan}, is published already; nothing changed."));
        return Ok(());
    }
    say(&format!(
        "{plan}: published. {} given to agents, {} theirs already, {} taken back.",
        count(done.granted, "case"),
        done.kept,
        done.withdrawn
    ));
    Ok(())
}

pub(super) fn allocate(app: &App, case: &str, agent: &str, withdraw: bool) -> Result<(), Error> {
    let (case_id, agent_id) = by_reference(app, case, agent)?;
    let (changed, done, already) = if withdraw {
        let changed = allocate::withdraw(app, case_id, agent_id, None)?;
        (changed, "taken back from", "did not have")
    } else {
        (allocate::allocate(app, case_id, agent_id, None)?, "given to", "has")
    };
    say(&if changed {
        format!("Case {case} {done} agent {agent}.")
    } else {
        format!("Agent {agent} {already} case {case}; nothing changed.")
    });
    Ok(())
}
