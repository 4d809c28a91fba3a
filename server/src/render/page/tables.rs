//! Routes, and the stops of each, as tables.

use super::super::document::{PlanDocument, Route, Totals};
use super::super::figures::{clock_time, counted, duration, kilometres, money};
use super::super::html::{Escaped, put};
use super::super::palette::Palette;

/// The table of routes with its sums; empty without routes.
pub(super) fn routes_table(document: &PlanDocument, palette: &Palette<'_>) -> String {
    if document.routes.is_empty() {
        return String::new();
    }
    let mut out = String::new();
    put(
        &mut out,
        format_args!(
            "<div class=\"scroll\"><table class=\"routes\"><caption>Routes of the day, money in {}. \
             Select a route to see it alone.</caption>\n\
             <thead><tr><th scope=\"col\">Route</th><th scope=\"col\">Agent</th>\
             <th scope=\"col\" class=\"n\">Stops</th><th scope=\"col\" class=\"n\">Departs, returns</th>\
             <th scope=\"col\" class=\"n wide\">km</th>\
             <th scope=\"col\" class=\"n wide\">Prize</th><th scope=\"col\" class=\"n wide\">Cost</th>\
             <th scope=\"col\" class=\"n\">Profit</th></tr></thead>\n<tbody>\n",
            Escaped(&document.currency)
        ),
    );
    for route in &document.routes {
        put(
            &mut out,
            format_args!(
                "<tr data-route=\"{n}\"><th scope=\"row\"><a class=\"chip pick\" href=\"#route-{n}\" \
                 style=\"--c:{}\" aria-label=\"Route {n}\">{n}</a></th><td>{} <small>{}</small></td>\
                 <td class=\"n\">{}</td><td class=\"n\">{}–{}</td>{}</tr>\n",
                palette.colour(&route.agent_ref),
                Escaped(&route.agent_name),
                Escaped(&route.agent_ref),
                route.stops.len(),
                clock_time(route.departs_at, &document.time_zone),
                clock_time(route.returns_at, &document.time_zone),
                totals_cells(&route.totals, document.exponent),
                n = route.number,
            ),
        );
    }
    put(
        &mut out,
        format_args!(
            "</tbody>\n<tfoot><tr><th scope=\"row\" colspan=\"2\">All routes</th>\
             <td class=\"n\">{}</td><td></td>{}</tr></tfoot></table></div>\n",
            document.routes.iter().map(|r| r.stops.len()).sum::<usize>(),
            totals_cells(&document.totals, document.exponent),
        ),
    );
    out
}

fn totals_cells(totals: &Totals, exponent: u8) -> String {
    format!(
        "<td class=\"n wide\">{}</td><td class=\"n wide\">{}</td><td class=\"n wide\">{}</td>\
         <td class=\"n strong\">{}</td>",
        kilometres(totals.metres),
        money(totals.prize_minor, exponent),
        money(totals.cost_minor(), exponent),
        money(totals.profit_minor, exponent),
    )
}

/// One block per route that opens to its stops.
pub(super) fn stop_lists(document: &PlanDocument, palette: &Palette<'_>) -> String {
    let mut out = String::new();
    for route in &document.routes {
        stop_list(&mut out, document, route, palette);
    }
    out
}

fn stop_list(out: &mut String, document: &PlanDocument, route: &Route, palette: &Palette<'_>) {
    let zone = &document.time_zone;
    let totals = &route.totals;
    put(
        out,
        format_args!(
            "<details class=\"route-stops\" id=\"route-{n}\" data-route=\"{n}\"><summary>\
             <span class=\"chip\" style=\"--c:{}\">{n}</span><span class=\"who\">{}</span>\
             <span class=\"sum\">{}, {} km, {} on the road, {} at the doors</span></summary>\n\
             <div class=\"scroll\"><table><caption>Stops of route {n}, money in {}. \
             Lost without: what the plan would lose without the stop.</caption>\
             <thead><tr><th scope=\"col\" class=\"n\">Stop</th><th scope=\"col\">Address and case</th>\
             <th scope=\"col\" class=\"n\">Arrive</th><th scope=\"col\" class=\"n wide\">Leave</th>\
             <th scope=\"col\" class=\"n\">km</th><th scope=\"col\" class=\"n wide\">min</th>\
             <th scope=\"col\" class=\"n\">Prize</th>\
             <th scope=\"col\" class=\"n\">Lost without</th></tr></thead>\n<tbody>\n",
            palette.colour(&route.agent_ref),
            Escaped(&route.agent_name),
            counted(route.stops.len(), "stop", "stops"),
            kilometres(totals.metres),
            duration(totals.drive_s),
            duration(totals.service_s),
            Escaped(&document.currency),
            n = route.number,
        ),
    );
    for (before, stop) in route.stops.iter().enumerate() {
        rests(out, document, route, before);
        let wait = stop.start_at.duration_since(stop.arrive_at).as_secs();
        let mut waits =
            if wait >= 60 { format!(", waits {}", duration(wait)) } else { String::new() };
        if let Some(agent) = &stop.with_agent {
            put(&mut waits, format_args!(", together with {}", Escaped(agent)));
        }
        if let Some(rough) = stop.rough() {
            put(&mut waits, format_args!(", {rough}"));
        }
        put(
            out,
            format_args!(
                "<tr><th scope=\"row\" class=\"n\">{}</th><td>{} <small><span class=\"keep\">{}</span>, \
                 {} days overdue{waits}</small></td><td class=\"n\">{}</td>\
                 <td class=\"n wide\">{}</td><td class=\"n\">{}</td><td class=\"n wide\">{}</td>\
                 <td class=\"n\">{}</td><td class=\"n\">{}</td></tr>\n",
                stop.number,
                Escaped(&stop.address),
                Escaped(&stop.case_refs()),
                stop.dpd,
                clock_time(stop.arrive_at, zone),
                clock_time(stop.leave_at, zone),
                kilometres(stop.leg_metres),
                (stop.leg_s.max(0) + 30) / 60,
                money(stop.prize_minor, document.exponent),
                money(stop.marginal_minor, document.exponent),
            ),
        );
    }
    rests(out, document, route, route.stops.len());
    out.push_str("</tbody></table></div></details>\n");
}

/// Breaks between so many stops and the next.
fn rests(out: &mut String, document: &PlanDocument, route: &Route, after: usize) {
    for rest in route.breaks_after(after) {
        put(
            out,
            format_args!(
                "<tr><td></td><td>{}</td><td class=\"n\">{}</td><td class=\"n wide\">{}</td>\
                 <td colspan=\"4\"></td></tr>\n",
                if rest.paid { "Break, paid" } else { "Break" },
                clock_time(rest.from, &document.time_zone),
                clock_time(rest.to, &document.time_zone),
            ),
        );
    }
}
