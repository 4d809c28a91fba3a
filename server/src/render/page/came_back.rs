//! What came back from the doors: visits, conflicts, and what was kept aside.

use super::super::document::{CameBack, PlanDocument};
use super::super::figures::{clock_time, count, counted};
use super::super::html::{Escaped, put};

/// Rows of each table; the API has them all.
const MOST_ROWS: usize = 200;

/// Three tables, as far as there is something in them; nothing where nothing came back.
pub(super) fn came_back_section(document: &PlanDocument) -> String {
    let mut out = String::new();
    let back = &document.came_back;
    if *back == CameBack::default() {
        return out;
    }
    let met = back.visits.iter().filter(|visit| visit.met == "borrower").count();
    put(
        &mut out,
        format_args!(
            "<section class=\"back\"><h2>What came back <span>{}, {} met</span></h2>\n",
            counted(back.visits.len(), "visit", "visits"),
            count(met),
        ),
    );
    visits(&mut out, document);
    conflicts(&mut out, document);
    refused(&mut out, back);
    out.push_str("</section>\n");
    out
}

fn visits(out: &mut String, document: &PlanDocument) {
    let visits = &document.came_back.visits;
    if visits.is_empty() {
        return;
    }
    out.push_str(
        "<div class=\"scroll\"><table><caption>Visits of the day by arrival</caption>\n<thead><tr>\
         <th scope=\"col\">Arrived</th><th scope=\"col\">Case</th><th scope=\"col\">Agent</th>\
         <th scope=\"col\">Met</th><th scope=\"col\">Outcome</th><th scope=\"col\">Flagged</th></tr>\
         </thead>\n<tbody>\n",
    );
    for visit in visits.iter().take(MOST_ROWS) {
        let arrived = visit.arrived_at.map(|at| clock_time(at, &document.time_zone).to_string());
        put(
            out,
            format_args!(
                "<tr><td>{}</td><th scope=\"row\">{}</th><td>{}</td><td>{}</td><td>{}</td>\
                 <td>{}</td></tr>\n",
                arrived.unwrap_or_default(),
                Escaped(&visit.case_ref),
                Escaped(visit.agent_ref.as_deref().unwrap_or_default()),
                Escaped(&words(&visit.met)),
                Escaped(&words(&visit.disposition)),
                Escaped(&words(&visit.flagged.join(", "))),
            ),
        );
    }
    end(out, visits.len());
}

fn conflicts(out: &mut String, document: &PlanDocument) {
    let conflicts = &document.came_back.conflicts;
    if conflicts.is_empty() {
        return;
    }
    out.push_str(
        "<div class=\"scroll\"><table><caption>In conflict: written without knowing of each other; \
         nothing is lost. Names, numbers and mail are told whole by the API only.</caption>\n<thead><tr>\
         <th scope=\"col\">Case</th><th scope=\"col\">Field</th><th scope=\"col\">Shown</th>\
         <th scope=\"col\">Against it</th><th scope=\"col\">Written by</th><th scope=\"col\">Known since</th>\
         </tr></thead>\n<tbody>\n",
    );
    for conflict in conflicts.iter().take(MOST_ROWS) {
        let since = conflict.since.map(|at| {
            at.to_zoned(document.time_zone.clone()).strftime("%Y-%m-%d %H:%M").to_string()
        });
        put(
            out,
            format_args!(
                "<tr><th scope=\"row\">{}</th><td>{}</td><td>{}</td><td>{}</td><td>{}</td><td>{}</td></tr>\n",
                Escaped(&conflict.case_ref),
                Escaped(&words(&conflict.what)),
                Escaped(&words(&conflict.shown)),
                Escaped(&words(&conflict.other)),
                Escaped(&conflict.by),
                since.unwrap_or_default(),
            ),
        );
    }
    end(out, conflicts.len());
}

fn refused(out: &mut String, back: &CameBack) {
    if back.refused.is_empty() {
        return;
    }
    out.push_str(
        "<div class=\"scroll\"><table><caption>Kept aside: received, and merged nowhere</caption>\n\
         <thead><tr><th scope=\"col\">Op</th><th scope=\"col\">Case</th><th scope=\"col\">Why</th>\
         <th scope=\"col\">What to do</th></tr></thead>\n<tbody>\n",
    );
    for refusal in back.refused.iter().take(MOST_ROWS) {
        put(
            out,
            format_args!(
                "<tr><th scope=\"row\">{}</th><td>{}</td><td>{}</td><td>{}</td></tr>\n",
                Escaped(&refusal.op),
                Escaped(&refusal.case_ref),
                Escaped(&words(&refusal.code)),
                Escaped(&refusal.remedy),
            ),
        );
    }
    end(out, back.refused.len());
}

fn end(out: &mut String, rows: usize) {
    out.push_str("</tbody></table></div>\n");
    if rows > MOST_ROWS {
        let more = count(rows - MOST_ROWS);
        put(out, format_args!("<p class=\"more\">and {more} more in the API</p>\n"));
    }
}

/// A code in words.
fn words(code: &str) -> String {
    code.replace('_', " ")
}
