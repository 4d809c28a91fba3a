//! A table for a terminal.

use domain::economics::{Figures, Rate};

use super::document::{By, EconomicsDocument};
use crate::render::figures::{count, kilometres, money};

/// Heading with units, a line a row, the total, and what must be known to read them.
#[must_use]
pub fn economics_text(document: &EconomicsDocument) -> Vec<String> {
    let mut lines = vec![format!(
        "Visits {} by {}, money in {}. A payment counts for the last visit, up to {} days before it.",
        document.period(),
        document.by.label(),
        document.currency,
        document.window_days
    )];
    let mut table = vec![heading(document.by)];
    table.extend(document.rows.iter().map(|row| {
        let name = match document.by {
            By::Region => vec![row.region()],
            By::Cell => vec![row.region(), row.place()],
        };
        line(document, name, &row.figures)
    }));
    if let Some(total) = &document.total {
        let mut name = vec!["total".to_owned()];
        name.extend((document.by == By::Cell).then(String::new));
        table.push(line(document, name, total));
        lines.extend(aligned(&table, if document.by == By::Cell { 2 } else { 1 }));
        lines.push(format!(
            "Coverage: {} of {} cases that were given to agents were visited.",
            whole(total.sums.cases_visited),
            whole(total.sums.cases)
        ));
        lines.push(parts(document, total));
        lines.extend(promises(document, total));
        lines.push(plan(document, total));
        if document.uncredited_minor > 0 {
            let amount = money(document.uncredited_minor, document.exponent);
            lines.push(format!("Paid in the period, for no visit: {amount}."));
        }
    }
    lines.extend(document.notices.iter().cloned());
    lines
}

fn heading(by: By) -> Vec<String> {
    let mut names = vec!["region"];
    names.extend((by == By::Cell).then_some("cell"));
    names.extend([
        "borrowers",
        "visits",
        "coverage %",
        "met %",
        "(95 %)",
        "promises",
        "recovered",
        "cost",
        "net",
        "cost/visit",
        "net/visit",
        "cost/collected",
        "break-even km",
        "advice",
    ]);
    names.into_iter().map(ToOwned::to_owned).collect()
}

fn line(document: &EconomicsDocument, mut cells: Vec<String>, figures: &Figures) -> Vec<String> {
    let s = &figures.sums;
    let minor = |minor: i64| money(minor, document.exponent);
    let maybe = |value: Option<String>| value.unwrap_or_else(|| "-".into());
    let rates = figures.rates();
    let rate = |name: &str| {
        rates.iter().find(|(n, _)| *n == name).and_then(|(_, rate): &(_, Rate)| rate.value())
    };
    let average = |name: &str| {
        let found = figures.averages().into_iter().find(|(n, _)| *n == name);
        maybe(found.and_then(|(_, value)| value).map(minor))
    };
    let percent = |value: f64| format!("{:.0}", value * 100.0);
    cells.extend([
        whole(s.borrowers),
        whole(s.visits),
        maybe(rate("coverage").map(percent)),
        maybe(rate("contact_rate").map(percent)),
        maybe(figures.contact_interval.map(|i| format!("{}-{}", percent(i.low), percent(i.high)))),
        whole(s.promises),
        minor(s.recovered_minor),
        minor(figures.cost_minor),
        minor(figures.net_minor),
        average("cost_per_visit_minor"),
        average("net_per_visit_minor"),
        maybe(rate("cost_to_collect").map(|value| format!("{value:.2}"))),
        maybe(figures.break_even.map(|metres| kilometres(metres.get()))),
        figures.advice.label().replace('_', " "),
    ]);
    cells
}

/// The parts of the cost, which add up to it.
fn parts(document: &EconomicsDocument, total: &Figures) -> String {
    let (s, minor) = (&total.sums, |minor: i64| money(minor, document.exponent));
    format!(
        "Cost {}: distance {}, time {}, visits {}, evidence {}, shifts {}, fee {}.",
        minor(total.cost_minor),
        minor(s.distance_cost_minor),
        minor(s.time_cost_minor),
        minor(s.visit_cost_minor),
        minor(s.evidence_cost_minor),
        minor(s.shift_cost_minor),
        minor(s.fee_cost_minor)
    )
}

fn promises(document: &EconomicsDocument, total: &Figures) -> Option<String> {
    let (s, minor) = (&total.sums, |minor: i64| money(minor, document.exponent));
    (s.promises > 0).then(|| {
        format!(
            "Promises: {} of {}; {} of {} due, of which {} kept, {} paid.",
            whole(s.promises),
            minor(s.promised_minor),
            whole(s.promises_due),
            minor(s.promises_due_minor),
            whole(s.promises_kept),
            minor(s.promises_kept_minor)
        )
    })
}

/// Planned and made; both without ways back.
fn plan(document: &EconomicsDocument, total: &Figures) -> String {
    let (s, minor) = (&total.sums, |minor: i64| money(minor, document.exponent));
    let hours = |seconds: i64| format!("{}.{}", seconds / 3_600, seconds % 3_600 / 360);
    format!(
        "Plan and fact: {} stops planned, {} made, {} visits; {} and {} km, {} and {} h to the doors. Prize {}: \
         expected net of what would be paid without a visit; recovered {}: gross, all that was paid after one.",
        whole(s.planned_stops),
        whole(s.planned_made),
        whole(s.visits),
        kilometres(s.planned_m),
        kilometres(s.driven_m),
        hours(s.planned_s),
        hours(s.driven_s),
        minor(s.planned_prize_minor),
        minor(s.recovered_minor)
    )
}

fn whole(value: i64) -> String {
    count(usize::try_from(value).unwrap_or(0))
}

/// Columns of equal width: `names` of text to the left, numbers to the right, the last as it is.
fn aligned(table: &[Vec<String>], names: usize) -> Vec<String> {
    let columns = table.first().map_or(0, Vec::len);
    let width = |at: usize| {
        table.iter().filter_map(|row| row.get(at)).map(|c| c.chars().count()).max().unwrap_or(0)
    };
    let widths: Vec<usize> = (0..columns).map(width).collect();
    table
        .iter()
        .map(|row| {
            let cells = row.iter().zip(&widths).enumerate().map(|(at, (cell, width))| {
                let gap = " ".repeat(width.saturating_sub(cell.chars().count()));
                match at {
                    _ if at + 1 == columns => cell.clone(),
                    _ if at < names => format!("{cell}{gap}"),
                    _ => format!("{gap}{cell}"),
                }
            });
            format!("  {}", cells.collect::<Vec<_>>().join("  "))
        })
        .collect()
}
