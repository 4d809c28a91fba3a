//! Visits that have to be made and are not, told with the plan.

use std::collections::BTreeMap;

use super::solve::Day;
use crate::db::Id;
use crate::db::rows::PlanLeftOutRow;
use crate::usecases::book::BookCase;

/// How the sentence begins.
pub(super) const BEGINNING: &str = "Visits that have to be made (mandatory) and are not:";

/// Cases named in the sentence.
const NAMED: usize = 20;

/// A sentence on the mandatory cases among those left out, if there are any.
pub(super) fn notice(day: &Day<'_>, left_out: &[PlanLeftOutRow]) -> Option<String> {
    let must = day.cases.iter().filter(|case| case.is_mandatory());
    let must: BTreeMap<Id, &BookCase> = must.map(|case| (case.row.case_id, case)).collect();
    let out = left_out.iter().filter_map(|row| Some((*must.get(&row.case_id)?, row)));
    let mut names: Vec<String> =
        out.map(|(case, row)| format!("{} ({})", case.row.case_ref, row.code)).collect();
    if names.is_empty() {
        return None;
    }
    names.sort_unstable();
    let more = names.len().saturating_sub(NAMED);
    names.truncate(NAMED);
    let more = if more > 0 { format!(" and {more} more") } else { String::new() };
    Some(format!(
        "{BEGINNING} {}{more}. The reasons are with the cases left out.",
        names.join(", ")
    ))
}
