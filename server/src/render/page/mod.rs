//! The plan as one HTML file that asks nobody for anything: map, figures, tables.
//!
//! Style and script are part of the page; a reader without scripts sees the same facts and loses
//! only zooming, tooltips and the choice of one route. Text from people is always escaped.

mod borders;
mod came_back;
mod economics;
mod left_out;
mod legend;
mod line;
mod map;
mod projection;
mod roads;
mod scale;
mod tables;
#[cfg(test)]
mod tests;

use super::document::{OtherPlan, PlanDocument, RoadLine};
use super::figures::{count, counted, day, duration, kilometres, money, percent};
use super::html::{Escaped, put};
use super::palette::Palette;

pub use economics::economics_html;

/// Other plans that are named without asking.
const OTHERS_AT_ONCE: usize = 3;

const STYLE: &str = include_str!("page.css");
const SCRIPT: &str = include_str!("page.js");

/// The content security policy of the page, also in its own head: nothing may be fetched, sent or
/// framed; the inline style and the inline script are all there is.
pub const PAGE_CSP: &str = "default-src 'none'; style-src 'unsafe-inline'; \
     script-src 'unsafe-inline'; img-src data:; base-uri 'none'; form-action 'none'";

/// The page of a plan with its map, drawn over `roads`.
///
/// Roads of rank 0 to 3 are always drawn, joined and simplified to about 1.6 MB in all; rank 4
/// only if it fits into that. The rest of the page grows with stops, cells and cases left out.
#[must_use]
pub fn page_html(document: &PlanDocument, roads: &[RoadLine]) -> String {
    let palette = Palette::of(document);
    let scale = scale::Scale::of(&document.cells);
    let mut out = String::new();
    head(&mut out, document);
    header(&mut out, document);
    out.push_str("<main>\n<section class=\"map\" aria-label=\"Map\">\n");
    out.push_str(legend::TOOLBAR);
    out.push_str(&map::map_svg(document, &palette, scale.as_ref(), roads));
    out.push_str(&legend::legend(document, scale.as_ref()));
    out.push_str("</section>\n<div class=\"panel\">\n");
    if document.routes.is_empty() {
        put(&mut out, format_args!("<p class=\"empty\">{}</p>\n", why_empty(document)));
    } else {
        out.push_str("<section><h2>Routes</h2>\n");
        out.push_str(&tables::routes_table(document, &palette));
        out.push_str("</section>\n<section><h2>Stops</h2>\n");
        out.push_str(&tables::stop_lists(document, &palette));
        out.push_str("</section>\n");
    }
    out.push_str(&came_back::came_back_section(document));
    out.push_str(&left_out::left_out_section(document));
    out.push_str("</div>\n</main>\n");
    footer(&mut out, document);
    out
}

fn head(out: &mut String, document: &PlanDocument) {
    put(
        out,
        format_args!(
            "<!DOCTYPE html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n\
             <meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n\
             <meta http-equiv=\"Content-Security-Policy\" content=\"{PAGE_CSP}\">\n\
             <meta name=\"referrer\" content=\"no-referrer\">\n\
             <title>{} · plan of {}, version {}</title>\n<link rel=\"icon\" href=\"data:,\">\n\
             <style>\n{STYLE}</style>\n</head>\n<body>\n",
            Escaped(&document.organisation),
            document.date,
            document.version,
        ),
    );
}

fn header(out: &mut String, document: &PlanDocument) {
    for notice in &document.notices {
        put(out, format_args!("<p class=\"notice\" role=\"note\">{}</p>\n", Escaped(notice)));
    }
    put(
        out,
        format_args!(
            "<header>\n<div class=\"title\"><h1>Visits on {} <span>{}</span></h1>",
            day(document.date),
            Escaped(&document.organisation),
        ),
    );
    if !document.links.is_empty() {
        out.push_str("<nav aria-label=\"Other forms of this plan\">");
        for link in &document.links {
            let (href, label) = (Escaped(&link.href), Escaped(&link.label));
            put(out, format_args!("<a href=\"{href}\">{label}</a>"));
        }
        out.push_str("</nav>");
    }
    put(
        out,
        format_args!(
            "<p class=\"made\">Version {}{}{} · times in {} · travel: {} · search: {}</p>",
            document.version,
            if document.standing.is_empty() { "" } else { ", " },
            Escaped(&document.standing),
            Escaped(&document.time_zone_name),
            Escaped(&document.travel),
            Escaped(&document.search),
        ),
    );
    others(out, document);
    out.push_str("</div>\n");
    figures(out, document);
    out.push_str("</header>\n");
}

/// Links to other plans: some at once, the rest when they are asked for.
fn others(out: &mut String, document: &PlanDocument) {
    let link = |out: &mut String, other: &OtherPlan| {
        put(
            out,
            format_args!(
                "<a href=\"{}\">{} v{}</a> ({}, {})",
                Escaped(&other.href),
                Escaped(&other.date),
                other.version,
                Escaped(&other.standing),
                counted(other.visits, "visit", "visits"),
            ),
        );
    };
    let list = |out: &mut String, some: &[OtherPlan]| {
        for (at, other) in some.iter().enumerate() {
            out.push_str(if at == 0 { "" } else { " · " });
            link(out, other);
        }
    };
    let (first, rest) = document.others.split_at(document.others.len().min(OTHERS_AT_ONCE));
    if first.is_empty() {
        return;
    }
    out.push_str("<div class=\"made others\">Other plans: ");
    list(out, first);
    if !rest.is_empty() {
        put(out, format_args!("<details><summary>{} more</summary>", count(rest.len())));
        list(out, rest);
        out.push_str("</details>");
    }
    out.push_str("</div>");
}

/// One figure of a headline.
fn figure(out: &mut String, class: &str, label: &str, value: &str, note: &str) {
    put(
        out,
        format_args!(
            "<div class=\"{class}\"><dt>{label}</dt><dd>{}</dd><dd class=\"note\">{}</dd></div>\n",
            Escaped(value),
            Escaped(note)
        ),
    );
}

/// The headline: how the profit comes about, then what the day looks like.
fn figures(out: &mut String, document: &PlanDocument) {
    let totals = &document.totals;
    let amount = |minor: i64| money(minor, document.exponent);
    let stops = document.visits();
    let paid_s = totals.drive_s + totals.service_s + totals.wait_s;
    out.push_str("<dl class=\"figures\">\n");
    let profit = format!("{} {}", amount(totals.profit_minor), document.currency);
    figure(out, "profit", "Expected profit", &profit, "prize less all costs");
    figure(out, "eq", "Prize", &amount(totals.prize_minor), "what visits should bring");
    figure(out, "minus", "Travel", &amount(totals.travel_cost_minor), "cost of the distance");
    figure(out, "minus", "Time", &amount(totals.time_cost_minor), "road, doors, waiting");
    if totals.fixed_cost_minor != 0 {
        figure(out, "minus", "Shifts", &amount(totals.fixed_cost_minor), "fixed cost");
    }
    for (label, note, minor) in totals.smaller() {
        figure(out, "minus", label, &amount(minor), note);
    }
    let of_cases = format!("of {}", counted(document.cases, "case", "cases"));
    figure(out, "day", "Visits", &count(stops), &of_cases);
    let agents = counted(document.routes.len(), "agent", "agents");
    let per_stop = i64::try_from(stops).ok().and_then(|n| totals.metres.checked_div(n));
    let per_stop = format!("{} a visit", kilometres(per_stop.unwrap_or_default()));
    figure(out, "", "Kilometres", &kilometres(totals.metres), &per_stop);
    let road = format!("{} %", percent(totals.drive_s, paid_s));
    figure(out, "", "On the road", &road, &format!("of {}", duration(paid_s)));
    figure(out, "", "Routes", &count(document.routes.len()), &agents);
    out.push_str("</dl>\n");
}

/// Why there is no route, as one sentence.
fn why_empty(document: &PlanDocument) -> String {
    if document.cases == 0 && document.left_out.is_empty() {
        return "No visit is planned, because no case was scored: import cases and score them, \
                then plan again."
            .to_owned();
    }
    match left_out::reasons(document).first() {
        Some(reason) if document.left_out.len() == 1 => {
            format!("No visit is planned. The only case is left out: {}.", Escaped(reason.title),)
        }
        Some(reason) => format!(
            "No visit is planned. All {} are left out, most of them for this reason: {} ({}).",
            counted(document.left_out.len(), "case", "cases"),
            Escaped(reason.title),
            count(reason.cases.len()),
        ),
        None => format!(
            "No visit is planned, although {} scored: no agent works on this day.",
            if document.cases == 1 {
                "1 case was".to_owned()
            } else {
                format!("{} cases were", count(document.cases))
            },
        ),
    }
}

fn footer(out: &mut String, document: &PlanDocument) {
    out.push_str("<footer>");
    for credit in &document.credits {
        put(out, format_args!("<span>{}</span>", Escaped(credit)));
    }
    put(
        out,
        format_args!(
            "<span>Planned {} by Doorstep</span></footer>\n<script>\n{SCRIPT}</script>\n</body>\n</html>\n",
            document.created_at.to_zoned(document.time_zone.clone()).strftime("%Y-%m-%d %H:%M"),
        ),
    );
}
