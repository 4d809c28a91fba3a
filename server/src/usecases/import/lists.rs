//! Cells that hold lists, and names of agents that have to be known.

use std::collections::{BTreeMap, BTreeSet};

use jiff::civil::Date;

use super::cell::{Row, shown};
use super::report::{Problem, Report, Severity};
use crate::db::rows::CaseRow;

/// The words of a cell, without repetitions, in their order.
fn parts(text: &str) -> Vec<String> {
    let words: BTreeSet<&str> =
        text.split(';').map(str::trim).filter(|word| !word.is_empty()).collect();
    words.into_iter().map(ToOwned::to_owned).collect()
}

/// A `;`-separated list in lower case, sorted, without repetitions.
pub(super) fn words(
    row: &mut Row<'_>,
    column: &'static str,
    fits: fn(&str) -> bool,
    sample: &str,
) -> String {
    let words = parts(&row.text(column).to_lowercase());
    if let Some(word) = words.iter().find(|word| !fits(word)) {
        let cause = shown(word);
        row.bad(column, "not_in_list_form", cause, &format!("write words as in {sample}"));
    }
    words.join(";")
}

/// Whether a text has the form of a skill or certificate.
pub(super) fn is_word(word: &str) -> bool {
    word.len() <= 40 && word.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'_' || b == b'-')
}

/// Keys of agents as they are written, sorted, without repetitions.
pub(super) fn agent_refs(row: &mut Row<'_>, column: &'static str) -> Vec<String> {
    // As many as a few hundred keys; what is no key of an agent is found out when all agents are known.
    row.optional(column, 10_000).map(|text| parts(&text)).unwrap_or_default()
}

/// Certificates with their last days: `bailiff:2027-03-31;night:2026-12-31`.
pub(super) fn certificates(row: &mut Row<'_>, column: &'static str) -> String {
    let mut until: BTreeMap<String, Date> = BTreeMap::new();
    for part in parts(row.text(column)) {
        let read = part.split_once(':').and_then(|(name, day)| {
            let (name, day) = (name.trim().to_lowercase(), day.trim());
            let date = day.parse::<Date>().ok().filter(|date| date.to_string() == day)?;
            (!name.is_empty() && is_word(&name)).then_some((name, date))
        });
        let Some((name, date)) = read else {
            let remedy = "write name and last day, as in bailiff:2027-03-31";
            row.bad(column, "not_a_certificate", shown(&part), remedy);
            continue;
        };
        if until.insert(name.clone(), date).is_some() {
            let remedy = "write each certificate once, with the later day";
            row.bad(column, "duplicate", format!("{} stands twice", shown(&name)), remedy);
        }
    }
    until.iter().map(|(name, day)| format!("{name}:{day}")).collect::<Vec<_>>().join(";")
}

/// Notes every agent that a case names and nobody knows.
pub(super) fn check_agents<'a>(
    file: &str,
    cases: impl Iterator<Item = (&'a CaseRow, u64)>,
    known: &BTreeSet<&str>,
    report: &mut Report,
) {
    for (case, row) in cases {
        let named = [
            ("agent_forbidden", &case.agent_forbidden),
            ("agent_preferred", &case.agent_preferred),
        ];
        for (column, text) in named {
            for agent in text.split(';').filter(|agent| !agent.is_empty()) {
                if !known.contains(agent) {
                    report.add(Problem {
                        file: file.into(),
                        row,
                        column: column.into(),
                        code: "unknown_agent",
                        cause: shown(agent),
                        remedy: "import the agent first or in the same command, or correct the reference"
                            .into(),
                        severity: Severity::Error,
                    });
                }
            }
        }
    }
}
