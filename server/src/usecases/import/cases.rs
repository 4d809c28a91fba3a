//! The format of a book of cases.

use std::collections::HashMap;

use sync_core::model::{Flags, LocalWindow, Zone};

use super::cell::{Row, shown};
use super::lists::{agent_refs, is_word, words};
use super::position::{self, Where};
use super::report::Report;
use super::table::{Column, Table, column, coordinate};
use super::{Context, NewIds, most_minor};
use crate::db::rows::{BorrowerRow, CaseRow};
use crate::error::Error;

/// Columns of `cases.csv`, in the documented order.
pub const CASE_COLUMNS: &[Column] = &[
    column("case_ref", true),
    column("borrower_ref", true),
    column("name", false),
    column("phone", false),
    coordinate("lat", "lon", "address"),
    coordinate("lon", "lat", "address"),
    column("address", false),
    column("amount_due_minor", true),
    column("principal_minor", false),
    column("dpd", true),
    column("last_payment_at", false),
    column("last_payment_minor", false),
    column("ability_minor", false),
    column("language", false),
    column("time_zone", false),
    column("visit_from", false),
    column("visit_to", false),
    column("flags", false),
    column("skills", false),
    column("crew", false),
    column("mandatory", false),
    column("agent_forbidden", false),
    column("agent_preferred", false),
];

/// Where a case is.
const HOME: Where = Where { lat: "lat", lon: "lon", address: "address" };

/// What a file of cases holds.
#[derive(Debug, Default)]
pub(super) struct ReadCases {
    /// One per reference.
    pub(super) borrowers: Vec<BorrowerRow>,
    pub(super) cases: Vec<CaseRow>,
    /// Lines of the cases in the file.
    pub(super) lines: Vec<u64>,
}

/// Cases and their borrowers, as far as their rows are good; the rest is in `report`.
pub(super) fn read(
    file: &str,
    table: &Table,
    context: &Context<'_>,
    ids: &NewIds<'_>,
    report: &mut Report,
) -> Result<ReadCases, Error> {
    let mut seen: HashMap<String, u64> = HashMap::with_capacity(table.rows.len());
    let mut by_ref: HashMap<String, usize> = HashMap::new();
    let mut read = ReadCases::default();
    for (line, cells) in &table.rows {
        let mut row = Row { file, line: *line, columns: CASE_COLUMNS, cells, report };
        let case_ref = row.key("case_ref", &mut seen);
        let borrower = borrower(&mut row, context, ids)?;
        let case = case(&mut row, context, ids)?;
        let (Some(case_ref), Some(borrower), Some(case)) = (case_ref, borrower, case) else {
            continue;
        };
        let at = *by_ref.entry(borrower.borrower_ref.clone()).or_insert_with(|| {
            read.borrowers.push(borrower.clone());
            read.borrowers.len() - 1
        });
        let Some(kept) = read.borrowers.get(at) else { continue };
        if (&kept.name, &kept.phone, &kept.language)
            != (&borrower.name, &borrower.phone, &borrower.language)
        {
            row.odd(
                "borrower_ref",
                "borrower_differs",
                format!("{} has another name, phone or language above", shown(&kept.borrower_ref)),
                "the first row is taken; make them agree",
            );
        }
        read.cases.push(CaseRow { case_ref, borrower_id: kept.borrower_id, ..case });
        read.lines.push(*line);
    }
    Ok(read)
}

fn borrower(
    row: &mut Row<'_>,
    context: &Context<'_>,
    ids: &NewIds<'_>,
) -> Result<Option<BorrowerRow>, Error> {
    let borrower_ref = row.required("borrower_ref", 100);
    let name = row.optional("name", 200).unwrap_or_default();
    let phone = row.optional("phone", 40);
    let language = language(row, "language");
    let Some(borrower_ref) = borrower_ref else { return Ok(None) };
    let borrower_id = ids.borrower()?;
    Ok(Some(BorrowerRow { org_id: context.org, borrower_id, borrower_ref, name, phone, language }))
}

fn case(
    row: &mut Row<'_>,
    context: &Context<'_>,
    ids: &NewIds<'_>,
) -> Result<Option<CaseRow>, Error> {
    let at = position::read(row, HOME, context)?;
    let address = row.optional("address", 300);
    let most = most_minor(context);
    let amount_due_minor = row.required_whole("amount_due_minor", 0, most);
    let principal_minor = row.whole("principal_minor", 0, most);
    let dpd = row.required_whole("dpd", 0, 36_500).and_then(|days| i32::try_from(days).ok());
    let zone: Option<Zone> = row.parsed("time_zone", "unknown_time_zone");
    let local = zone.as_ref().unwrap_or(context.zone);
    let last_payment_at = row.past("last_payment_at", local, context.now);
    let last_payment_minor = row.whole("last_payment_minor", 0, most);
    let ability_minor = row.whole("ability_minor", 0, most);
    let (from, to) = (row.clock("visit_from"), row.clock("visit_to"));
    if (from.is_some() || to.is_some())
        && LocalWindow::new(from.unwrap_or(0), to.unwrap_or(24 * 60)).is_err()
    {
        let cause = format!("{} is not after visit_from", shown(row.text("visit_to")));
        row.bad("visit_to", "window_reversed", cause, "give the later time here");
    }
    let flags: Option<Flags> = row.parsed_lower("flags", "unknown_flag");
    let needs = needs(row);
    let (Some((at, grade)), Some(amount_due_minor), Some(dpd)) = (at, amount_due_minor, dpd) else {
        return Ok(None);
    };
    Ok(Some(CaseRow {
        org_id: context.org,
        case_id: ids.case()?,
        case_ref: String::new(),
        borrower_id: crate::db::Id::default(),
        lat_e7: at.lat_e7(),
        lon_e7: at.lon_e7(),
        address,
        amount_due_minor,
        principal_minor,
        dpd,
        last_payment_at: last_payment_at.map(jiff::Timestamp::as_microsecond),
        last_payment_minor,
        ability_minor,
        time_zone: zone.map(|zone| zone.to_string()),
        visit_from_min: from.map(i32::from),
        visit_to_min: to.map(i32::from),
        flags: flags.unwrap_or(Flags::NONE).to_string(),
        geocode_grade: grade.map(|grade| grade.label().to_owned()),
        skills: needs.skills,
        crew: needs.crew,
        mandatory: i32::from(needs.mandatory),
        agent_forbidden: needs.forbidden,
        agent_preferred: needs.preferred,
    }))
}

/// What a visit needs, and who may, shall or must not make it.
struct Needs {
    skills: String,
    crew: i32,
    mandatory: bool,
    forbidden: String,
    preferred: String,
}

fn needs(row: &mut Row<'_>) -> Needs {
    let skills = words(row, "skills", is_word, "night;two_person");
    let crew = row.whole("crew", 1, 2).and_then(|crew| i32::try_from(crew).ok()).unwrap_or(1);
    let mandatory = row.yes_no("mandatory");
    let forbidden = agent_refs(row, "agent_forbidden");
    let preferred = agent_refs(row, "agent_preferred");
    if let Some(both) = preferred.iter().find(|agent| forbidden.contains(agent)) {
        let cause = format!("{} is in agent_forbidden, too", shown(both));
        row.bad("agent_preferred", "contradiction", cause, "leave it out of one of the two");
    }
    let (forbidden, preferred) = (forbidden.join(";"), preferred.join(";"));
    Needs { skills, crew, mandatory, forbidden, preferred }
}

/// A language tag in lower case: `en`, `es`, `zh-hant`.
pub(super) fn language(row: &mut Row<'_>, column: &'static str) -> Option<String> {
    let tag = row.optional(column, 35)?.to_lowercase();
    if is_language(&tag) {
        return Some(tag);
    }
    let remedy = "write a language tag, as in en, es or zh-hant";
    row.bad(column, "not_a_language", shown(&tag), remedy);
    None
}

/// Whether a text has the form of a language tag (BCP 47).
pub(super) fn is_language(tag: &str) -> bool {
    let mut parts = tag.split('-');
    let primary = parts.next().unwrap_or("");
    (2..=8).contains(&primary.len())
        && primary.bytes().all(|b| b.is_ascii_alphabetic())
        && parts.all(|p| (1..=8).contains(&p.len()) && p.bytes().all(|b| b.is_ascii_alphanumeric()))
}
