//! One line a row, and the total; `server/docs/ECONOMICS.md` explains the columns.

use domain::economics::{Figures, Sums};
use sync_core::model::Metres;

use super::NOT_IDENTIFIABLE;
use super::document::{EconomicsDocument, EconomicsRow};
use crate::render::text_cell;

/// A line per row and a last one of all, if there are enough borrowers. Money is in minor units, shares and
/// ratios are fractions with four decimals, empty where they have no meaning.
#[must_use]
pub fn economics_csv(document: &EconomicsDocument) -> String {
    let mut writer = ::csv::Writer::from_writer(Vec::new());
    // Writing to memory cannot fail.
    let _ = writer.write_record(header());
    for row in &document.rows {
        let _ = writer.write_record(line(document, Some(row), &row.figures));
    }
    if let Some(total) = &document.total {
        let _ = writer.write_record(line(document, None, total));
    }
    String::from_utf8(writer.into_inner().unwrap_or_default()).unwrap_or_default()
}

const FIRST: [&str; 8] =
    ["row", "region", "cell", "rest", "from", "to", "outcome_window_days", "currency"];

const LAST: [&str; 7] = [
    "contact_low",
    "contact_high",
    "recovered_per_visit_low_minor",
    "recovered_per_visit_high_minor",
    "break_even_m",
    "advice",
    "incremental_recovery",
];

fn header() -> Vec<&'static str> {
    let any = no_figures();
    let mut names = FIRST.to_vec();
    names.extend(Sums::default().entries().iter().map(|(name, _)| *name));
    names.extend(["cost_minor", "net_minor"]);
    names.extend(any.rates().iter().map(|(name, _)| *name));
    names.extend(any.averages().iter().map(|(name, _)| *name));
    names.extend(LAST);
    names
}

/// Figures of nothing, for their names.
fn no_figures() -> Figures {
    Figures {
        sums: Sums::default(),
        cost_minor: 0,
        net_minor: 0,
        contact_interval: None,
        recovered_interval: None,
        break_even: None,
        advice: domain::economics::Advice::NotEnoughVisits,
    }
}

fn line(
    document: &EconomicsDocument,
    row: Option<&EconomicsRow>,
    figures: &Figures,
) -> Vec<String> {
    let whole = |value: Option<i64>| value.map(|v| v.to_string()).unwrap_or_default();
    let share = |value: Option<f64>| value.map(|v| format!("{v:.4}")).unwrap_or_default();
    let mut cells = vec![
        row.map_or("total", |_| document.by.label()).to_owned(),
        row.map(|row| text_cell(&row.regions.join(";")).into_owned()).unwrap_or_default(),
        row.and_then(|row| row.cell.clone()).unwrap_or_default(),
        row.is_some_and(|row| row.rest).to_string(),
        document.from.map(|from| from.to_string()).unwrap_or_default(),
        document.to.to_string(),
        document.window_days.to_string(),
        document.currency.clone(),
    ];
    cells.extend(figures.sums.entries().iter().map(|(_, value)| value.to_string()));
    cells.extend([figures.cost_minor.to_string(), figures.net_minor.to_string()]);
    cells.extend(figures.rates().iter().map(|(_, rate)| share(rate.value())));
    cells.extend(figures.averages().iter().map(|(_, value)| whole(*value)));
    let contact = figures.contact_interval;
    let recovered = figures.recovered_interval;
    cells.extend([
        share(contact.map(|i| i.low)),
        share(contact.map(|i| i.high)),
        whole(recovered.map(|i| i.0)),
        whole(recovered.map(|i| i.1)),
        whole(figures.break_even.map(Metres::get)),
        figures.advice.label().to_owned(),
        NOT_IDENTIFIABLE.to_owned(),
    ]);
    cells
}
