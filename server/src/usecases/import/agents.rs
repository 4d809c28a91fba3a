//! The format of the list of agents.

use std::collections::HashMap;

use super::cases::is_language;
use super::cell::Row;
use super::lists::{certificates, is_word, words};
use super::position::{self, Where};
use super::report::Report;
use super::table::{Column, Table, column, coordinate};
use super::{Context, NewIds, most_minor};
use crate::config::{clock_minutes, parse_days};
use crate::db::rows::AgentRow;
use crate::error::Error;

/// Columns of `agents.csv`, in the documented order.
pub const AGENT_COLUMNS: &[Column] = &[
    column("agent_ref", true),
    column("name", false),
    coordinate("base_lat", "base_lon", "base_address"),
    coordinate("base_lon", "base_lat", "base_address"),
    column("base_address", false),
    column("end_lat", false),
    column("end_lon", false),
    column("end_address", false),
    column("shift_start", false),
    column("shift_end", false),
    column("days", false),
    column("languages", false),
    column("skills", false),
    column("max_visits", false),
    column("certificates", false),
    column("max_cash_minor", false),
];

/// Where the day starts.
const BASE: Where = Where { lat: "base_lat", lon: "base_lon", address: "base_address" };
/// Where it ends.
const END: Where = Where { lat: "end_lat", lon: "end_lon", address: "end_address" };

/// Agents, as far as their rows are good; the rest is in `report`.
pub(super) fn read(
    file: &str,
    table: &Table,
    context: &Context<'_>,
    ids: &NewIds<'_>,
    report: &mut Report,
) -> Result<Vec<AgentRow>, Error> {
    let mut seen: HashMap<String, u64> = HashMap::new();
    let mut agents = Vec::with_capacity(table.rows.len());
    for (line, cells) in &table.rows {
        let mut row = Row { file, line: *line, columns: AGENT_COLUMNS, cells, report };
        let agent_ref = row.key("agent_ref", &mut seen);
        let name = row.optional("name", 200);
        let base = position::read(&mut row, BASE, context)?;
        let end = if END.is_given(&row) { position::read(&mut row, END, context)? } else { base };
        let (start_min, end_min) = shift(&mut row, context);
        let days = days(&mut row, context);
        let languages = words(&mut row, "languages", is_language, "en;es");
        let skills = words(&mut row, "skills", is_word, "night;two_person");
        let most = row.whole("max_visits", 1, 500).and_then(|n| i32::try_from(n).ok());
        let certificates = certificates(&mut row, "certificates");
        let max_cash_minor = row.whole("max_cash_minor", 0, most_minor(context));
        let (Some(agent_ref), Some((base, _)), Some((end, _))) = (agent_ref, base, end) else {
            continue;
        };
        agents.push(AgentRow {
            org_id: context.org,
            agent_id: ids.agent()?,
            name: name.unwrap_or_else(|| agent_ref.clone()),
            agent_ref,
            base_lat_e7: base.lat_e7(),
            base_lon_e7: base.lon_e7(),
            end_lat_e7: end.lat_e7(),
            end_lon_e7: end.lon_e7(),
            shift_start_min: i32::from(start_min),
            shift_end_min: i32::from(end_min),
            days,
            languages,
            skills,
            max_visits: most.or_else(|| i32::try_from(context.shift.max_visits).ok()),
            certificates,
            max_cash_minor,
        });
    }
    Ok(agents)
}

/// Start and end of the shift in minutes of the day; the settings' where the row has none.
fn shift(row: &mut Row<'_>, context: &Context<'_>) -> (u16, u16) {
    let default = |text: &str| clock_minutes(text).unwrap_or_default();
    let start = row.clock("shift_start").unwrap_or_else(|| default(&context.shift.start));
    let end = row.clock("shift_end").unwrap_or_else(|| default(&context.shift.end));
    if start >= end {
        let cause = format!("{:02}:{:02} is not after shift_start", end / 60, end % 60);
        row.bad("shift_end", "window_reversed", cause, "give the later time here");
    }
    (start, end)
}

fn days(row: &mut Row<'_>, context: &Context<'_>) -> String {
    let text = row.text("days").to_owned();
    let text = if text.is_empty() { context.shift.days.clone() } else { text };
    match parse_days(&text) {
        Ok(days) => days.iter().map(|day| day.label()).collect::<Vec<_>>().join(";"),
        Err(cause) => {
            row.bad("days", "not_a_day", cause, "correct it or leave it empty");
            String::new()
        }
    }
}
