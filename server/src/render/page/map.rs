//! The map: cells, roads, territories, cases left out, routes and stops as one SVG drawing.
//!
//! Lines keep their width on the screen at every zoom (`vector-effect`), and marks keep their size
//! (`--k`, units of the drawing per pixel, kept up to date by the script).

use super::super::document::{Cell, PlanDocument, RoadLine, Route};
use super::super::figures::{clock_time, counted, money};
use super::super::html::{Escaped, put};
use super::super::palette::Palette;
use super::borders::territory_border;
use super::line::{path_data, simplified};
use super::projection::{Projection, Spot};
use super::roads::draw_roads;
use super::scale::Scale;

/// Bytes that roads may take of the page.
const ROAD_BUDGET: usize = 1_600_000;
/// Above so many shapes of a kind, the rest is drawn without tooltips.
const MOST_TOOLTIPS: usize = 4_000;
/// Pixels that the longer side of the drawing takes before the script has measured.
const USUAL_PIXELS: i32 = 850;

/// The drawing, without legend and buttons.
pub(super) fn map_svg(
    document: &PlanDocument,
    palette: &Palette<'_>,
    scale: Option<&Scale>,
    roads: &[RoadLine],
) -> String {
    let projection = Projection::of(document, roads);
    let (width, height) = (projection.width, projection.height);
    let mut out = String::new();
    put(
        &mut out,
        format_args!(
            "<svg id=\"map\" viewBox=\"0 0 {width} {height}\" data-km=\"{:.2}\" \
             style=\"--k:{}\" role=\"group\" tabindex=\"0\" \
             aria-label=\"Map of routes, cells and cases left out. The tables hold the same facts.\">\n",
            projection.units_per_km,
            (width.max(height) / USUAL_PIXELS).max(1),
        ),
    );
    cells(&mut out, document, scale, &projection);
    out.push_str("<g class=\"roads\">\n");
    out.push_str(&draw_roads(roads, &projection, ROAD_BUDGET));
    out.push_str("</g>\n");
    territories(&mut out, document, palette, &projection);
    left_out(&mut out, document, &projection);
    out.push_str("<g class=\"lines\">\n");
    for route in &document.routes {
        route_line(&mut out, route, palette, &projection);
    }
    out.push_str("</g>\n<g class=\"marks\">\n");
    for route in &document.routes {
        stops(&mut out, document, route, palette, &projection);
    }
    out.push_str("</g>\n</svg>\n");
    out
}

fn cells(
    out: &mut String,
    document: &PlanDocument,
    scale: Option<&Scale>,
    projection: &Projection,
) {
    let class = |cell: &Cell| scale.map_or(0, |s| s.shade(s.class(cell.value_minor)));
    let tooltips = document.cells.len() <= MOST_TOOLTIPS;
    out.push_str("<g class=\"cells\">\n");
    for cell in &document.cells {
        let ring: Vec<Spot> = cell.boundary.iter().map(|p| projection.spot(*p)).collect();
        put(out, format_args!("<path class=\"v{}\" d=\"", class(cell)));
        path_data(out, &ring, true);
        if tooltips {
            put(out, format_args!("\"><title>{}</title></path>\n", cell_title(document, cell)));
        } else {
            out.push_str("\"/>\n");
        }
    }
    out.push_str("</g>\n");
}

fn cell_title(document: &PlanDocument, cell: &Cell) -> String {
    let agent = cell.agent_ref.as_deref().unwrap_or("none");
    format!(
        "Cell {}\n{} worth {} {}\nTerritory of {}",
        Escaped(&cell.index),
        counted(cell.cases, "case", "cases"),
        money(cell.value_minor, document.exponent),
        Escaped(&document.currency),
        Escaped(agent),
    )
}

fn territories(
    out: &mut String,
    document: &PlanDocument,
    palette: &Palette<'_>,
    projection: &Projection,
) {
    out.push_str("<g class=\"borders\">\n");
    for agent in palette.agents() {
        let own: Vec<&Cell> =
            document.cells.iter().filter(|c| c.agent_ref.as_deref() == Some(agent)).collect();
        let border = territory_border(&own, projection);
        if !border.is_empty() {
            let colour = palette.colour(agent);
            put(out, format_args!("<path stroke=\"{colour}\" d=\"{border}\"/>\n"));
        }
    }
    out.push_str("</g>\n");
}

fn left_out(out: &mut String, document: &PlanDocument, projection: &Projection) {
    out.push_str("<g class=\"left-out\">\n");
    let with_tooltip = document.left_out.len().min(MOST_TOOLTIPS);
    let (first, rest) = document.left_out.split_at(with_tooltip);
    for case in first {
        let (x, y) = projection.spot(case.at);
        let (name, why) = (Escaped(&case.case_ref), Escaped(&case.sentence));
        put(
            out,
            format_args!("<path d=\"M{x} {y}h0\"><title>{name}, left out\n{why}</title></path>\n"),
        );
    }
    if !rest.is_empty() {
        out.push_str("<path d=\"");
        for case in rest {
            let (x, y) = projection.spot(case.at);
            put(out, format_args!("M{x} {y}h0"));
        }
        out.push_str("\"/>\n");
    }
    out.push_str("</g>\n");
}

fn route_line(out: &mut String, route: &Route, palette: &Palette<'_>, projection: &Projection) {
    let mut data = String::new();
    let straight = [route.straight_line()];
    let has_legs = route.legs.iter().any(|leg| leg.len() > 1);
    let along_roads = has_legs && route.along_roads;
    for leg in if has_legs { route.legs.as_slice() } else { &straight } {
        let mut line: Vec<Spot> = leg.iter().map(|p| projection.spot(*p)).collect();
        line.dedup();
        path_data(&mut data, &simplified(&line, 0.7), false);
    }
    put(
        out,
        format_args!(
            "<g class=\"route{}\" data-route=\"{number}\" style=\"--c:{}\">\
             <path class=\"casing\" d=\"{data}\"/><path class=\"line\" d=\"{data}\">\
             <title>Route {number}, {}</title></path></g>\n",
            if along_roads { "" } else { " straight" },
            palette.colour(&route.agent_ref),
            Escaped(&route.agent_name),
            number = route.number,
        ),
    );
}

fn stops(
    out: &mut String,
    document: &PlanDocument,
    route: &Route,
    palette: &Palette<'_>,
    projection: &Projection,
) {
    let number = route.number;
    put(
        out,
        format_args!(
            "<g class=\"stops\" data-route=\"{number}\" style=\"--c:{}\">\n",
            palette.colour(&route.agent_ref)
        ),
    );
    for stop in &route.stops {
        let (x, y) = projection.spot(stop.at);
        put(
            out,
            format_args!(
                "<g class=\"stop\" transform=\"translate({x} {y})\"><title>Route {number}, stop {}\n\
                 {}\nArrive {}, prize {} {}</title><g class=\"mark\"><circle r=\"8.5\"/>\
                 <text>{}</text></g></g>\n",
                stop.number,
                Escaped(&stop.address),
                clock_time(stop.arrive_at, &document.time_zone),
                money(stop.prize_minor, document.exponent),
                Escaped(&document.currency),
                stop.number,
            ),
        );
    }
    let (x, y) = projection.spot(route.base);
    put(
        out,
        format_args!(
            "<g class=\"base\" transform=\"translate({x} {y})\"><title>Route {number}, {}\n\
             Base: departs {}, returns {}</title><g class=\"mark\">\
             <rect x=\"-9.5\" y=\"-9.5\" width=\"19\" height=\"19\" rx=\"3\"/>\
             <text>{number}</text></g></g>\n</g>\n",
            Escaped(&route.agent_name),
            clock_time(route.departs_at, &document.time_zone),
            clock_time(route.returns_at, &document.time_zone),
        ),
    );
}
