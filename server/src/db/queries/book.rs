//! The loan book: borrowers, cases, agents and the log of imports.

use std::collections::HashMap;

use diesel::prelude::*;

use super::feed::{self, Changes};
use super::{Conn, heads, organisations};
use crate::db::rows::{AgentRow, BorrowerRow, CaseRow, ImportRow};
use crate::db::schema::{agents, borrowers, cases, imports};
use crate::db::{BookChange, DbError, Id, RowChange};

/// Writes a checked import: rows are matched by the lender's own keys, existing ids are kept.
///
/// The ids in the rows are proposals for rows that are new.
pub(in crate::db) fn apply(
    conn: &mut Conn,
    org: Id,
    change: &BookChange,
) -> Result<RowChange, DbError> {
    organisations::hold(conn, org)?;
    // The head before any case: whoever admits ops takes them in this order, too.
    heads::lock(conn, org)?;
    let borrower_ids = apply_borrowers(conn, org, &change.borrowers, &change.absent)?;
    let mut changes = Changes::of_borrowers(&borrower_ids.changed);
    let cases = apply_cases(conn, org, change, &borrower_ids.ids, &mut changes)?;
    let agents = apply_agents(conn, org, &change.agents, &change.absent_of_agents)?;
    if let Some(log) = change.log.first() {
        feed::tell(conn, org, &changes, log.imported_at)?;
    }
    for log in &change.log {
        let done = if log.kind == "agents" { agents } else { cases };
        let row = ImportRow {
            rows_inserted: done.inserted,
            rows_updated: done.updated,
            rows_unchanged: done.unchanged,
            ..log.clone()
        };
        diesel::insert_into(imports::table).values(&row).execute(conn)?;
    }
    let mut done = cases;
    done += agents;
    Ok(done)
}

/// Borrowers as they are after an import.
struct Borrowers {
    /// From each proposed id to the one that is stored under the same reference.
    ids: HashMap<Id, Id>,
    /// Those who were known with other values.
    changed: Vec<Id>,
}

fn apply_borrowers(
    conn: &mut Conn,
    org: Id,
    rows: &[BorrowerRow],
    absent: &[&str],
) -> Result<Borrowers, DbError> {
    let mut changed = Vec::new();
    let mut known: HashMap<String, BorrowerRow> = HashMap::new();
    if !rows.is_empty() {
        for row in all_borrowers(conn, org)? {
            known.insert(row.borrower_ref.clone(), row);
        }
    }
    let mut ids = HashMap::with_capacity(rows.len());
    for row in rows {
        let stored = known.get(&row.borrower_ref);
        let id = stored.map_or(row.borrower_id, |stored| stored.borrower_id);
        ids.insert(row.borrower_id, id);
        let mut row = BorrowerRow { borrower_id: id, ..row.clone() };
        if let Some(stored) = stored {
            keep_borrower(&mut row, stored, absent);
        }
        if stored != Some(&row) {
            changed.extend(stored.map(|stored| stored.borrower_id));
            diesel::insert_into(borrowers::table)
                .values(&row)
                .on_conflict((borrowers::org_id, borrowers::borrower_ref))
                .do_update()
                .set(&row)
                .execute(conn)?;
        }
    }
    Ok(Borrowers { ids, changed })
}

fn apply_cases(
    conn: &mut Conn,
    org: Id,
    change: &BookChange,
    borrower_ids: &HashMap<Id, Id>,
    changes: &mut Changes,
) -> Result<RowChange, DbError> {
    let rows = &change.cases;
    let mut known: HashMap<String, CaseRow> = HashMap::new();
    if !rows.is_empty() {
        for row in all_cases(conn, org)? {
            known.insert(row.case_ref.clone(), row);
        }
    }
    let mut done = RowChange::default();
    for row in rows {
        let stored = known.get(&row.case_ref);
        let mut row = CaseRow {
            case_id: stored.map_or(row.case_id, |stored| stored.case_id),
            borrower_id: borrower_ids.get(&row.borrower_id).copied().unwrap_or(row.borrower_id),
            ..row.clone()
        };
        if let Some(stored) = stored {
            keep_case(&mut row, stored, &change.absent);
        }
        if done.count(stored, &row) {
            match stored {
                Some(stored) => changes.of_case(stored, &row),
                None => changes.of_new(&row),
            }
            diesel::insert_into(cases::table)
                .values(&row)
                .on_conflict((cases::org_id, cases::case_ref))
                .do_update()
                .set(&row)
                .execute(conn)?;
        }
    }
    Ok(done)
}

/// Keeps what is known under columns that the file does not have.
fn keep_borrower(row: &mut BorrowerRow, stored: &BorrowerRow, absent: &[&str]) {
    for column in absent {
        match *column {
            "name" => row.name.clone_from(&stored.name),
            "phone" => row.phone.clone_from(&stored.phone),
            "language" => row.language.clone_from(&stored.language),
            _ => {}
        }
    }
}

/// As [`keep_borrower`]. A file without flags must not take a borrower's protection away.
fn keep_case(row: &mut CaseRow, stored: &CaseRow, absent: &[&str]) {
    for column in absent {
        match *column {
            "address" => row.address.clone_from(&stored.address),
            "principal_minor" => row.principal_minor = stored.principal_minor,
            "last_payment_at" => row.last_payment_at = stored.last_payment_at,
            "last_payment_minor" => row.last_payment_minor = stored.last_payment_minor,
            "ability_minor" => row.ability_minor = stored.ability_minor,
            "time_zone" => row.time_zone.clone_from(&stored.time_zone),
            "visit_from" => row.visit_from_min = stored.visit_from_min,
            "visit_to" => row.visit_to_min = stored.visit_to_min,
            "flags" => row.flags.clone_from(&stored.flags),
            "skills" => row.skills.clone_from(&stored.skills),
            "crew" => row.crew = stored.crew,
            "mandatory" => row.mandatory = stored.mandatory,
            "agent_forbidden" => row.agent_forbidden.clone_from(&stored.agent_forbidden),
            "agent_preferred" => row.agent_preferred.clone_from(&stored.agent_preferred),
            _ => {}
        }
    }
}

/// As [`keep_borrower`]. A file without certificates or a limit must not take them away.
fn keep_agent(row: &mut AgentRow, stored: &AgentRow, absent: &[&str]) {
    for column in absent {
        match *column {
            "certificates" => row.certificates.clone_from(&stored.certificates),
            "max_cash_minor" => row.max_cash_minor = stored.max_cash_minor,
            _ => {}
        }
    }
}

fn apply_agents(
    conn: &mut Conn,
    org: Id,
    rows: &[AgentRow],
    absent: &[&str],
) -> Result<RowChange, DbError> {
    let mut known: HashMap<String, AgentRow> = HashMap::new();
    if !rows.is_empty() {
        for row in all_agents(conn, org)? {
            known.insert(row.agent_ref.clone(), row);
        }
    }
    let mut done = RowChange::default();
    for row in rows {
        let stored = known.get(&row.agent_ref);
        let agent_id = stored.map_or(row.agent_id, |stored| stored.agent_id);
        let mut row = AgentRow { agent_id, ..row.clone() };
        if let Some(stored) = stored {
            keep_agent(&mut row, stored, absent);
        }
        if done.count(stored, &row) {
            diesel::insert_into(agents::table)
                .values(&row)
                .on_conflict((agents::org_id, agents::agent_ref))
                .do_update()
                .set(&row)
                .execute(conn)?;
        }
    }
    Ok(done)
}

/// All borrowers, by reference.
pub(in crate::db) fn all_borrowers(conn: &mut Conn, org: Id) -> Result<Vec<BorrowerRow>, DbError> {
    Ok(borrowers::table
        .filter(borrowers::org_id.eq(org))
        .order(borrowers::borrower_ref)
        .select(BorrowerRow::as_select())
        .load(conn)?)
}

/// All cases, by reference.
pub(in crate::db) fn all_cases(conn: &mut Conn, org: Id) -> Result<Vec<CaseRow>, DbError> {
    Ok(cases::table
        .filter(cases::org_id.eq(org))
        .order(cases::case_ref)
        .select(CaseRow::as_select())
        .load(conn)?)
}

/// All agents, by reference.
pub(in crate::db) fn all_agents(conn: &mut Conn, org: Id) -> Result<Vec<AgentRow>, DbError> {
    Ok(agents::table
        .filter(agents::org_id.eq(org))
        .order(agents::agent_ref)
        .select(AgentRow::as_select())
        .load(conn)?)
}

/// All imports, oldest first.
pub(in crate::db) fn all_imports(conn: &mut Conn, org: Id) -> Result<Vec<ImportRow>, DbError> {
    Ok(imports::table
        .filter(imports::org_id.eq(org))
        .order((imports::imported_at, imports::import_id))
        .select(ImportRow::as_select())
        .load(conn)?)
}

/// Id of the case with that reference.
pub(in crate::db) fn case_of_ref(
    conn: &mut Conn,
    org: Id,
    case_ref: &str,
) -> Result<Option<Id>, DbError> {
    Ok(cases::table
        .filter(cases::org_id.eq(org).and(cases::case_ref.eq(case_ref)))
        .select(cases::case_id)
        .first(conn)
        .optional()?)
}

/// Id of the agent with that reference.
pub(in crate::db) fn agent_of_ref(
    conn: &mut Conn,
    org: Id,
    agent_ref: &str,
) -> Result<Option<Id>, DbError> {
    Ok(agents::table
        .filter(agents::org_id.eq(org).and(agents::agent_ref.eq(agent_ref)))
        .select(agents::agent_id)
        .first(conn)
        .optional()?)
}

/// Whether there is such an agent.
pub(in crate::db) fn has_agent(conn: &mut Conn, org: Id, agent: Id) -> Result<bool, DbError> {
    let found: Option<Id> = agents::table
        .filter(agents::org_id.eq(org).and(agents::agent_id.eq(agent)))
        .select(agents::agent_id)
        .first(conn)
        .optional()?;
    Ok(found.is_some())
}
