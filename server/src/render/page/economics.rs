//! What visits cost and brought, as a page: the headline, its parts, cells coloured by net, tables.

use domain::economics::Figures;

use super::super::document::Point;
use super::super::economics::{By, EconomicsDocument, EconomicsRow};
use super::super::figures::{counted, kilometres, money, percent};
use super::super::html::{Escaped, put};
use super::projection::Projection;
use super::{PAGE_CSP, STYLE};

const OWN_STYLE: &str = include_str!("economics.css");

/// The page; both documents are of the same period, one by cell, one by region.
#[must_use]
pub fn economics_html(cells: &EconomicsDocument, regions: &EconomicsDocument) -> String {
    let mut out = String::new();
    put(
        &mut out,
        format_args!(
            "<!DOCTYPE html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n\
             <meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n\
             <meta http-equiv=\"Content-Security-Policy\" content=\"{PAGE_CSP}\">\n\
             <meta name=\"referrer\" content=\"no-referrer\">\n<title>{} · economics of visits</title>\n\
             <link rel=\"icon\" href=\"data:,\">\n<style>\n{STYLE}{OWN_STYLE}</style>\n</head>\n\
             <body class=\"report\">\n",
            Escaped(&cells.organisation),
        ),
    );
    for warning in &cells.warnings {
        put(&mut out, format_args!("<p class=\"notice\" role=\"note\">{}</p>\n", Escaped(warning)));
    }
    put(
        &mut out,
        format_args!(
            "<header><div class=\"title\"><h1>Economics of visits {} <span>{}</span></h1>\
             <nav aria-label=\"Other pages\"><a href=\"./\">Plan</a></nav>\
             <p class=\"made\">Money in {} · days in {} · a payment counts for the last visit, up to {} days \
             before it · rows of at least {} borrowers</p></div>\n",
            cells.period(),
            Escaped(&cells.organisation),
            Escaped(&cells.currency),
            Escaped(&cells.time_zone_name),
            cells.window_days,
            cells.least_borrowers,
        ),
    );
    if let Some(total) = cells.total.as_ref().filter(|total| total.sums.visits > 0) {
        headline(&mut out, total, cells);
    }
    out.push_str("</header>\n<main class=\"economics\">\n");
    match &cells.total {
        None => {
            let sentence =
                cells.notices.iter().find(|notice| notice.starts_with("Nothing is shown"));
            let sentence = sentence.map_or("Nothing is shown.", String::as_str);
            put(&mut out, format_args!("<p class=\"empty\">{}</p>\n", Escaped(sentence)));
        }
        Some(total) if total.sums.visits == 0 => {
            put(
                &mut out,
                format_args!(
                    "<p class=\"empty\">No visit has come back {} yet: {} given to agents, {} planned. What \
                     visits cost and bring is shown here from the first one on.</p>\n",
                    cells.period(),
                    counted_i64(total.sums.cases, "case", "cases"),
                    counted_i64(total.sums.planned_stops, "visit", "visits"),
                ),
            );
        }
        Some(total) => {
            out.push_str("<div class=\"top\">\n");
            map(&mut out, cells, regions);
            parts(&mut out, total, cells);
            out.push_str("</div>\n");
            table(&mut out, regions, "Regions");
            table(&mut out, cells, "Cells");
        }
    }
    out.push_str("<section><h2>To be known</h2><ul>\n");
    for notice in cells.notices.iter().filter(|n| !cells.warnings.contains(n)).chain(&cells.credits)
    {
        put(&mut out, format_args!("<li>{}</li>\n", Escaped(notice)));
    }
    out.push_str("</ul></section>\n</main>\n</body>\n</html>\n");
    out
}

fn counted_i64(n: i64, one: &str, many: &str) -> String {
    counted(usize::try_from(n).unwrap_or(0), one, many)
}

/// What came of it all, in one row.
fn headline(out: &mut String, total: &Figures, document: &EconomicsDocument) {
    out.push_str("<dl class=\"figures\">\n");
    let (s, minor) = (&total.sums, |minor: i64| money(minor, document.exponent));
    let mut figure = |class: &str, label: &str, value: &str, note: &str| {
        super::figure(out, class, label, value, note);
    };
    let rate = |name: &str| {
        let found = total.rates().into_iter().find(|(known, _)| *known == name);
        found.and_then(|(_, rate)| rate.value())
    };
    let net = format!("{} {}", minor(total.net_minor), document.currency);
    let class = if total.net_minor < 0 { "profit loss" } else { "profit" };
    figure(class, "Net", &net, "recovered less cost");
    let paying = format!("gross, by {}", counted_i64(s.paying_visits, "visit", "visits"));
    figure("eq", "Recovered", &minor(s.recovered_minor), &paying);
    let each = total.averages().first().and_then(|(_, cost)| *cost).map_or_else(String::new, minor);
    figure("minus", "Cost", &minor(total.cost_minor), &format!("{each} a visit"));
    let collected =
        rate("cost_to_collect").map_or_else(|| "–".into(), |value| format!("{value:.3}"));
    figure("day", "Cost per collected", &collected, &format!("a {} paid", document.currency));
    let given = counted_i64(s.cases, "case", "cases");
    let of = format!("to {} % of {given} given", percent(s.cases_visited, s.cases));
    figure("", "Visits", &grouped(s.visits), &of);
    let met = format!("{} %", percent(s.met_borrower, s.visits));
    figure("", "Borrower met", &met, &format!("{} visits", grouped(s.met_borrower)));
    let kept = match s.promises_due {
        0 => ("–".into(), format!("{} made, none due", grouped(s.promises))),
        due => {
            let kept = format!("{} of {}", grouped(s.promises_kept), grouped(due));
            let paid = percent(s.promises_kept_minor, s.promises_due_minor);
            (kept, format!("{paid} % of the money"))
        }
    };
    figure("", "Promises kept", &kept.0, &kept.1);
    out.push_str("</dl>\n");
}

fn grouped(n: i64) -> String {
    super::super::figures::count(usize::try_from(n).unwrap_or(0))
}

/// Parts of the cost as bars, then what was promised, and plan beside fact.
fn parts(out: &mut String, total: &Figures, document: &EconomicsDocument) {
    let (s, minor) = (&total.sums, |minor: i64| money(minor, document.exponent));
    out.push_str(
        "<section class=\"facts\"><h2>Where the cost comes from</h2>\n<table class=\"parts\">\n",
    );
    let km = kilometres(s.driven_m.saturating_add(s.return_m));
    let hours = |seconds: i64| format!("{}.{} h", grouped(seconds / 3_600), seconds % 3_600 / 360);
    let road_s = s.driven_s.saturating_add(s.return_s);
    let time = format!("Time: {} on the road, {} at doors", hours(road_s), hours(s.service_s));
    for (name, cost) in [
        (format!("Distance: {km} km"), s.distance_cost_minor),
        (time, s.time_cost_minor),
        (format!("Visits: {}", grouped(s.visits)), s.visit_cost_minor),
        ("Evidence".into(), s.evidence_cost_minor),
        ("Shifts".into(), s.shift_cost_minor),
        ("Fee of the agency".into(), s.fee_cost_minor),
    ] {
        if cost == 0 {
            continue;
        }
        let share = percent(cost, total.cost_minor);
        put(
            out,
            format_args!(
                "<tr><th scope=\"row\">{name}<div class=\"bar\"><i style=\"width:{share}%\"></i></div></th>\
                 <td>{}</td><td>{share} %</td></tr>\n",
                minor(cost),
            ),
        );
    }
    put(
        out,
        format_args!(
            "<tr class=\"sum\"><th scope=\"row\">Cost</th><td>{}</td><td></td></tr>\n</table>\n\
             <h2>Plan and fact</h2>\n<table class=\"parts\"><thead><tr><th></th><th scope=\"col\">Planned</th>\
             <th scope=\"col\">Fact</th></tr></thead>\n\
             <tr><th scope=\"row\">Visits; planned ones made: {}</th><td>{}</td><td>{}</td></tr>\n\
             <tr><th scope=\"row\">Kilometres to the doors</th><td>{}</td><td>{}</td></tr>\n\
             <tr><th scope=\"row\">Hours to the doors</th><td>{}</td><td>{}</td></tr>\n\
             <tr><th scope=\"row\">Expected prize, net <small>over no visit</small>; recovered, gross</th>\
             <td>{}</td><td>{}</td></tr>\n</table>\n",
            minor(total.cost_minor),
            grouped(s.planned_made),
            grouped(s.planned_stops),
            grouped(s.visits),
            kilometres(s.planned_m),
            kilometres(s.driven_m),
            hours(s.planned_s),
            hours(s.driven_s),
            minor(s.planned_prize_minor),
            minor(s.recovered_minor),
        ),
    );
    if s.promises > 0 {
        put(
            out,
            format_args!(
                "<p class=\"said\">{} made for {}; {} of {} due, of which {} kept and {} paid.</p>\n",
                counted_i64(s.promises, "promise", "promises"),
                minor(s.promised_minor),
                grouped(s.promises_due),
                minor(s.promises_due_minor),
                grouped(s.promises_kept),
                minor(s.promises_kept_minor),
            ),
        );
    }
    out.push_str("</section>\n");
}

/// Cells coloured by net, under the borders of regions.
fn map(out: &mut String, cells: &EconomicsDocument, regions: &EconomicsDocument) {
    let points = |row: &'_ EconomicsRow| -> Vec<Point> {
        row.shape.iter().flatten().flatten().copied().collect()
    };
    let all = cells.rows.iter().chain(&regions.rows).flat_map(points);
    let projection = Projection::around(all);
    let shades = Shades::of(cells.rows.iter().map(|row| row.figures.net_minor));
    put(
        out,
        format_args!(
            "<section class=\"where\"><h2>Net by cell</h2>\n<svg viewBox=\"0 0 {} {}\" role=\"img\" \
             aria-label=\"Cells coloured by net; the tables below have the figures\">\n",
            projection.width, projection.height
        ),
    );
    for row in &cells.rows {
        let name = format!("{} {}", row.region(), row.place());
        put(
            out,
            format_args!(
                "<path class=\"{}\" d=\"{}\"><title>{}: net {}</title></path>\n",
                shades.class(row.figures.net_minor),
                data(row, &projection),
                Escaped(&name),
                money(row.figures.net_minor, cells.exponent),
            ),
        );
    }
    for row in &regions.rows {
        put(out, format_args!("<path class=\"edge\" d=\"{}\"/>\n", data(row, &projection)));
    }
    out.push_str("</svg>\n<ul class=\"keys\">");
    for (class, words) in shades.legend(cells.exponent) {
        put(out, format_args!("<li><span class=\"key {class}\"></span>{words}</li>"));
    }
    put(
        out,
        format_args!("<li>{}; lines are regions</li></ul></section>\n", Escaped(&cells.currency)),
    );
}

/// Classes of net with about as many cells in each: thirds of the gains, thirds of the losses.
struct Shades {
    /// Greatest gain of the lower and of the middle third, and of all; nothing without a gain.
    gains: Vec<i64>,
    /// The same of the losses, as positive numbers.
    losses: Vec<i64>,
    zero: bool,
}

const GAINS: [&str; 3] = ["g1", "g2", "g3"];
const LOSSES: [&str; 3] = ["l1", "l2", "l3"];

impl Shades {
    fn of(nets: impl Iterator<Item = i64> + Clone) -> Self {
        let thirds = |mut values: Vec<i64>| -> Vec<i64> {
            values.sort_unstable();
            let last = |third: usize| (values.len() * third).div_ceil(3).checked_sub(1);
            let mut ends: Vec<i64> =
                (1..=3).filter_map(|third| values.get(last(third)?).copied()).collect();
            ends.dedup();
            ends
        };
        Self {
            gains: thirds(nets.clone().filter(|net| *net > 0).collect()),
            losses: thirds(nets.clone().filter(|net| *net < 0).map(i64::saturating_neg).collect()),
            zero: nets.into_iter().any(|net| net == 0),
        }
    }

    /// Deeper colours for greater amounts; fewer than three classes take the deeper ones last.
    fn class(&self, net: i64) -> &'static str {
        let (ends, names) = match net.signum() {
            0 => return "g0",
            1 => (&self.gains, GAINS),
            _ => (&self.losses, LOSSES),
        };
        let at = ends.iter().position(|end| net.saturating_abs() <= *end).unwrap_or(0);
        names.get(at).copied().unwrap_or("g0")
    }

    /// The classes there are, from the greatest loss to the greatest gain.
    fn legend(&self, exponent: u8) -> Vec<(&'static str, String)> {
        let of =
            |ends: &[i64], names: [&'static str; 3], word: &str| -> Vec<(&'static str, String)> {
                let mut from = None;
                ends.iter()
                    .zip(names)
                    .map(|(end, name)| {
                        let to = money(*end, exponent);
                        let words = match from.replace(*end) {
                            None => format!("{word} up to {to}"),
                            Some(_) => format!("to {to}"),
                        };
                        (name, words)
                    })
                    .collect()
            };
        let mut legend = of(&self.losses, LOSSES, "loss");
        legend.reverse();
        legend.extend(self.zero.then(|| ("g0", "nothing".to_owned())));
        legend.extend(of(&self.gains, GAINS, "gain"));
        legend
    }
}

fn data(row: &EconomicsRow, projection: &Projection) -> String {
    let mut data = String::new();
    for ring in row.shape.iter().flatten() {
        for (at, point) in ring.iter().enumerate() {
            let (x, y) = projection.spot(*point);
            put(&mut data, format_args!("{}{x} {y}", if at == 0 { 'M' } else { 'L' }));
        }
        data.push('Z');
    }
    data
}

fn table(out: &mut String, document: &EconomicsDocument, title: &str) {
    put(
        out,
        format_args!(
            "<section><h2>{title} <span>{}</span></h2><div class=\"scroll\"><table><caption>Visits {}, money in \
             {}</caption>\n<thead><tr>\
             <th scope=\"col\">{}</th><th scope=\"col\">Borrowers</th><th scope=\"col\">Visits</th>\
             <th scope=\"col\">Met, 95 %</th><th scope=\"col\">Promises</th><th scope=\"col\">Recovered</th>\
             <th scope=\"col\">Cost</th><th scope=\"col\">Net</th><th scope=\"col\">Cost a visit</th>\
             <th scope=\"col\">Net a visit</th>\
             <th scope=\"col\">Break-even km</th><th scope=\"col\">Planned, made</th>\
             <th scope=\"col\" class=\"t\">Advice</th></tr></thead>\n<tbody>\n",
            grouped(i64::try_from(document.rows.len()).unwrap_or(0)),
            document.period(),
            Escaped(&document.currency),
            if document.by == By::Cell { "Region, cell" } else { "Region" },
        ),
    );
    for row in &document.rows {
        let name = match document.by {
            By::Cell => format!("{} {}", row.region(), row.place()),
            By::Region => row.region(),
        };
        line(out, &name, &row.figures, document.exponent);
    }
    if let Some(total) = &document.total {
        out.push_str("</tbody>\n<tfoot>");
        line(out, "Total", total, document.exponent);
        out.push_str("</tfoot>");
    }
    out.push_str("</table></div></section>\n");
}

fn line(out: &mut String, name: &str, figures: &Figures, exponent: u8) {
    let (s, none) = (&figures.sums, || "–".to_owned());
    let met = figures.contact_interval.map_or_else(none, |i| {
        format!("{} ({:.0}–{:.0} %)", s.met_borrower, i.low * 100.0, i.high * 100.0)
    });
    let averages = figures.averages();
    let average = |name: &str| {
        let found = averages.iter().find(|(known, _)| *known == name);
        found.and_then(|(_, value)| *value).map_or_else(none, |minor| money(minor, exponent))
    };
    put(
        out,
        format_args!(
            "<tr><th scope=\"row\">{}</th><td>{}</td><td>{}</td><td>{met}</td><td>{}</td><td>{}</td>\
             <td>{}</td><td>{}</td><td>{}</td><td>{}</td><td>{}</td><td>{}, {}</td><td class=\"t\">{}</td></tr>\n",
            Escaped(name),
            s.borrowers,
            s.visits,
            s.promises,
            money(s.recovered_minor, exponent),
            money(figures.cost_minor, exponent),
            money(figures.net_minor, exponent),
            average("cost_per_visit_minor"),
            average("net_per_visit_minor"),
            figures.break_even.map_or_else(none, |metres| kilometres(metres.get())),
            s.planned_stops,
            s.planned_made,
            figures.advice.label().replace('_', " "),
        ),
    );
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::render::economics::sample;

    #[test]
    fn the_page_escapes_and_loads_nothing() {
        let mut cells = sample::document();
        cells.organisation = "<script>alert(1)</script>".into();
        cells.rows[0].regions = vec!["<img src=x>".into()];
        let mut regions = cells.clone();
        regions.by = By::Region;
        let html = economics_html(&cells, &regions);
        assert!(!html.contains("<script") && !html.contains("<img"), "{html}");
        assert!(!html.contains("http:") && !html.contains("https:"), "nothing from elsewhere");
        assert!(html.contains("up to 30 days") && html.contains("50.05"));
        assert!(html.contains("not enough visits"));
        (cells.total, cells.rows) = (None, vec![]);
        assert!(!economics_html(&cells, &cells).contains("<table"));
    }

    #[test]
    fn as_many_cells_in_each_class() {
        // One cell is a hundred times as good as the others: equal steps would give all others one colour.
        let nets = [10, 20, 30, 40, 50, 5_000, -5, 0];
        let shades = Shades::of(nets.into_iter());
        let found = nets.map(|net| shades.class(net));
        assert_eq!(found, ["g1", "g1", "g2", "g2", "g3", "g3", "l1", "g0"]);
        let legend = shades.legend(0);
        let said: Vec<String> =
            legend.iter().map(|(class, text)| format!("{class} {text}")).collect();
        assert_eq!(
            said,
            ["l1 loss up to 5", "g0 nothing", "g1 gain up to 20", "g2 to 40", "g3 to 5,000"]
        );
        // All alike: one class; none at all: no legend.
        assert_eq!(Shades::of([7, 7, 7].into_iter()).legend(0).len(), 1);
        assert_eq!(Shades::of([].into_iter()).legend(0).len(), 0);
    }

    #[test]
    fn before_any_visit_there_is_a_sentence_and_no_legend() {
        let mut cells = sample::document();
        let html = economics_html(&cells, &cells);
        for shown in ["Net</dt><dd>5.99 USD", "50.05", "44.06", "gain up to 5.99", "0.880"] {
            assert!(html.contains(shown), "{shown}");
        }
        if let Some(total) = &mut cells.total {
            total.sums.visits = 0;
        }
        let html = economics_html(&cells, &cells);
        assert!(
            html.contains("No visit has come back") && html.contains("10 cases given"),
            "{html}"
        );
        for absent in ["loss", "<svg", "<table", "<dl"] {
            assert!(!html.split("</style>").nth(1).unwrap().contains(absent), "{absent}");
        }
    }
}
