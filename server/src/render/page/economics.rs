//! What visits cost and brought, as a page: cells coloured by net, regions and cells as tables.

use domain::economics::Figures;

use super::super::document::Point;
use super::super::economics::{By, EconomicsDocument, EconomicsRow};
use super::super::figures::{kilometres, money};
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
             <link rel=\"icon\" href=\"data:,\">\n<style>\n{STYLE}{OWN_STYLE}</style>\n</head>\n<body>\n\
             <header><div class=\"title\"><h1>Economics of visits {} <span>{}</span></h1>\
             <nav aria-label=\"Other pages\"><a href=\"./\">Plan</a></nav>\
             <p class=\"made\">Money in {} · days in {} · a payment counts for the last visit, up to {} days \
             before it · rows of at least {} borrowers</p></div></header>\n<main class=\"economics\">\n",
            Escaped(&cells.organisation),
            cells.period(),
            Escaped(&cells.organisation),
            Escaped(&cells.currency),
            Escaped(&cells.time_zone_name),
            cells.window_days,
            cells.least_borrowers,
        ),
    );
    if cells.total.is_some() {
        map(&mut out, cells, regions);
        table(&mut out, regions, "Regions");
        table(&mut out, cells, "Cells");
    }
    out.push_str("<section><h2>To be known</h2><ul>\n");
    for notice in cells.notices.iter().chain(&cells.credits) {
        put(&mut out, format_args!("<li>{}</li>\n", Escaped(notice)));
    }
    out.push_str("</ul></section>\n</main>\n</body>\n</html>\n");
    out
}

/// Cells coloured by net, under the borders of regions.
fn map(out: &mut String, cells: &EconomicsDocument, regions: &EconomicsDocument) {
    let points = |row: &'_ EconomicsRow| -> Vec<Point> {
        row.shape.iter().flatten().flatten().copied().collect()
    };
    let all = cells.rows.iter().chain(&regions.rows).flat_map(points);
    let projection = Projection::around(all);
    let most = cells.rows.iter().map(|row| row.figures.net_minor.unsigned_abs()).max().unwrap_or(0);
    put(
        out,
        format_args!(
            "<section><h2>Net by cell</h2>\n<svg viewBox=\"0 0 {} {}\" role=\"img\" \
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
                class(row.figures.net_minor, most),
                data(row, &projection),
                Escaped(&name),
                money(row.figures.net_minor, cells.exponent),
            ),
        );
    }
    for row in &regions.rows {
        put(out, format_args!("<path class=\"edge\" d=\"{}\"/>\n", data(row, &projection)));
    }
    let third = |n: i64| money(i64::try_from(most).unwrap_or(i64::MAX) / 3 * n, cells.exponent);
    put(
        out,
        format_args!(
            "</svg>\n<p><small><span class=\"key l3\"></span>loss over {0}<span class=\"key l2\"></span>over \
             {1}<span class=\"key l1\"></span>loss<span class=\"key g0\"></span>nothing<span class=\"key \
             g1\"></span>gain<span class=\"key g2\"></span>over {1}<span class=\"key g3\"></span>over {0}\
             </small></p></section>\n",
            third(2),
            third(1)
        ),
    );
}

/// Loss or gain in thirds of the greatest of either.
fn class(net: i64, most: u64) -> &'static str {
    let third = (most / 3).max(1);
    let step = (net.unsigned_abs().saturating_sub(1) / third).min(2);
    match (net.signum(), step) {
        (0, _) => "g0",
        (1, 0) => "g1",
        (1, 1) => "g2",
        (1, _) => "g3",
        (_, 0) => "l1",
        (_, 1) => "l2",
        (_, _) => "l3",
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
            "<section><h2>{title}</h2><table><caption>Visits {}, money in {}</caption>\n<thead><tr>\
             <th scope=\"col\">{}</th><th scope=\"col\">Borrowers</th><th scope=\"col\">Visits</th>\
             <th scope=\"col\">Met, 95 %</th><th scope=\"col\">Promises</th><th scope=\"col\">Recovered</th>\
             <th scope=\"col\">Cost</th><th scope=\"col\">Net</th><th scope=\"col\">Cost a visit</th>\
             <th scope=\"col\">Break-even km</th><th scope=\"col\">Planned, made</th>\
             <th scope=\"col\" class=\"t\">Advice</th></tr></thead>\n<tbody>\n",
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
    out.push_str("</table></section>\n");
}

fn line(out: &mut String, name: &str, figures: &Figures, exponent: u8) {
    let (s, none) = (&figures.sums, || "–".to_owned());
    let met = figures.contact_interval.map_or_else(none, |i| {
        format!("{} ({:.0}–{:.0} %)", s.met_borrower, i.low * 100.0, i.high * 100.0)
    });
    let averages = figures.averages();
    let cost = averages.first().and_then(|(_, value)| *value);
    put(
        out,
        format_args!(
            "<tr><th scope=\"row\">{}</th><td>{}</td><td>{}</td><td>{met}</td><td>{}</td><td>{}</td>\
             <td>{}</td><td>{}</td><td>{}</td><td>{}</td><td>{}, {}</td><td class=\"t\">{}</td></tr>\n",
            Escaped(name),
            s.borrowers,
            s.visits,
            s.promises,
            money(s.recovered_minor, exponent),
            money(figures.cost_minor, exponent),
            money(figures.net_minor, exponent),
            cost.map_or_else(none, |minor| money(minor, exponent)),
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
    fn thirds_of_gain_and_loss() {
        let of = |net| class(net, 90);
        assert_eq!(
            [of(0), of(1), of(30), of(31), of(61), of(90)],
            ["g0", "g1", "g1", "g2", "g3", "g3"]
        );
        assert_eq!([of(-1), of(-31), of(-90)], ["l1", "l2", "l3"]);
        assert_eq!((class(0, 0), class(1, 1)), ("g0", "g1"));
    }
}
