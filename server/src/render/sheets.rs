//! Printable route sheets: what an agent carries on paper.
//!
//! A sheet holds addresses and case references, because the visit needs them, and nothing else
//! about a borrower: no name, no amount, no days overdue, no language.

use super::document::{PlanDocument, Route, Stop};
use super::figures::{clock_time, counted, day, duration, kilometres};
use super::html::{Escaped, put};

const STYLE: &str = include_str!("sheets.css");

/// One sheet per agent, each on its own page: stops in order with times, address, the way from the
/// stop before, and boxes for what happened.
#[must_use]
pub fn sheets_html(document: &PlanDocument) -> String {
    let mut out = String::new();
    put(
        &mut out,
        format_args!(
            "<!DOCTYPE html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n\
             <meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n\
             <meta http-equiv=\"Content-Security-Policy\" content=\"default-src 'none'; \
             style-src 'unsafe-inline'; img-src data:\">\n\
             <title>Route sheets of {}, version {}</title>\n<link rel=\"icon\" href=\"data:,\">\n\
             <style>\n{STYLE}</style>\n</head>\n<body>\n",
            document.date, document.version,
        ),
    );
    if document.routes.is_empty() {
        put(
            &mut out,
            format_args!(
                "<article><h1>No routes on {}</h1><p>The plan has no visits, so there is nothing to \
                 print. The page of the plan says why.</p>{}</article>\n",
                day(document.date),
                footer(document),
            ),
        );
    }
    for route in &document.routes {
        sheet(&mut out, document, route);
    }
    out.push_str("</body>\n</html>\n");
    out
}

fn sheet(out: &mut String, document: &PlanDocument, route: &Route) {
    let zone = &document.time_zone;
    let (departs, returns) =
        (clock_time(route.departs_at, zone), clock_time(route.returns_at, zone));
    put(
        out,
        format_args!(
            "<article>\n<header><p class=\"number\" aria-hidden=\"true\">{n}</p><div>\
             <h1>Route {n}: {}</h1><p>{} · {} · {}, plan version {}</p></div>\n\
             <dl><div><dt>Departs</dt><dd>{departs}</dd></div><div><dt>Returns</dt><dd>{returns}</dd></div>\
             <div><dt>Stops</dt><dd>{}</dd></div><div><dt>Distance</dt><dd>{} km</dd></div>\
             <div><dt>On the road</dt><dd>{}</dd></div></dl></header>\n",
            Escaped(&route.agent_name),
            Escaped(&route.agent_ref),
            Escaped(&document.organisation),
            day(document.date),
            document.version,
            route.stops.len(),
            kilometres(route.totals.metres),
            duration(route.totals.drive_s),
            n = route.number,
        ),
    );
    for notice in &document.notices {
        put(out, format_args!("<p class=\"notice\">{}</p>\n", Escaped(notice)));
    }
    put(
        out,
        format_args!(
            "<table><caption>Times in {}</caption><thead><tr><th scope=\"col\">Stop</th>\
             <th scope=\"col\">Arrive</th><th scope=\"col\">From the last</th>\
             <th scope=\"col\">Address and case</th><th scope=\"col\">Result</th>\
             <th scope=\"col\">Time and note</th></tr></thead>\n<tbody>\n\
             <tr class=\"base\"><td></td><td>{departs}</td><td></td><td colspan=\"3\">Leave the base</td></tr>\n",
            Escaped(&document.time_zone_name),
        ),
    );
    for (before, stop) in route.stops.iter().enumerate() {
        rest_rows(out, document, route, before);
        stop_row(out, document, stop);
    }
    rest_rows(out, document, route, route.stops.len());
    let (back_m, back_s) = way_back(route);
    put(
        out,
        format_args!(
            "<tr class=\"base\"><td></td><td>{returns}</td><td>{} km<small>{}</small></td>\
             <td colspan=\"3\">Back at the base</td></tr>\n</tbody></table>\n\
             <p class=\"care\">{} on this sheet. It names no borrower: speak about the matter only to \
             the borrower. Hand the sheet back at the end of the day.</p>\n{}</article>\n",
            kilometres(back_m),
            duration(back_s),
            counted(route.stops.len(), "stop", "stops"),
            footer(document),
        ),
    );
}

/// Breaks between so many stops and the next.
fn rest_rows(out: &mut String, document: &PlanDocument, route: &Route, after: usize) {
    for rest in route.breaks_after(after) {
        put(
            out,
            format_args!(
                "<tr class=\"base\"><td></td><td>{}</td><td></td><td colspan=\"3\">Break until {}{}</td></tr>\n",
                clock_time(rest.from, &document.time_zone),
                clock_time(rest.to, &document.time_zone),
                if rest.paid { ", paid" } else { "" },
            ),
        );
    }
}

fn stop_row(out: &mut String, document: &PlanDocument, stop: &Stop) {
    const RESULTS: [&str; 4] = ["met", "not met", "promise", "paid"];
    let zone = &document.time_zone;
    let waits = stop.start_at.duration_since(stop.arrive_at).as_secs() >= 60;
    put(
        out,
        format_args!(
            "<tr><th scope=\"row\">{}</th><td><b>{}</b>",
            stop.number,
            clock_time(stop.arrive_at, zone)
        ),
    );
    if waits {
        let start = clock_time(stop.start_at, zone);
        put(out, format_args!("<small>visit from {start}</small>"));
    }
    put(
        out,
        format_args!(
            "</td><td>{} km<small>{}</small></td><td>{}<small>{}</small>",
            kilometres(stop.leg_metres),
            duration(stop.leg_s),
            Escaped(&stop.address),
            Escaped(&stop.case_refs()),
        ),
    );
    if let Some(agent) = &stop.with_agent {
        let start = clock_time(stop.start_at, zone);
        put(
            out,
            format_args!("<small><b>together with {}, at {start}</b></small>", Escaped(agent)),
        );
    }
    if let Some(rough) = stop.rough() {
        put(out, format_args!("<small><b>{rough}</b></small>"));
    }
    out.push_str("</td><td class=\"boxes\">");
    for result in RESULTS {
        put(out, format_args!("<span><i></i>{result}</span>"));
    }
    out.push_str("</td><td class=\"note\"></td></tr>\n");
}

/// Metres and seconds from the last stop home: what the legs to the stops leave of the totals.
fn way_back(route: &Route) -> (i64, i64) {
    let metres: i64 = route.stops.iter().map(|s| s.leg_metres).sum();
    let seconds: i64 = route.stops.iter().map(|s| s.leg_s).sum();
    (route.totals.metres - metres, route.totals.drive_s - seconds)
}

fn footer(document: &PlanDocument) -> String {
    let credits: Vec<String> =
        document.credits.iter().map(|credit| Escaped(credit).to_string()).collect();
    format!("<footer>{}</footer>", credits.join(" · "))
}

#[cfg(test)]
mod tests {
    use super::super::sample;
    use super::*;

    #[test]
    fn a_sheet_tells_the_way_and_nothing_about_the_debt() {
        let html = sheets_html(&sample::one_stop());
        for shown in
            ["Dana Reyes", "12 Mill Road, Dover", "C-1001", "08:12", "2.3 km", "OpenStreetMap"]
        {
            assert!(html.contains(shown), "{shown}");
        }
        for hidden in
            ["61.20", "1,234.50", "123450", ">64<", ">es<", "43.82", "http://", "https://"]
        {
            assert!(!html.contains(hidden), "{hidden}");
        }
    }

    #[test]
    fn a_rough_position_is_told_to_who_goes_there() {
        let mut document = sample::one_stop();
        assert!(!sheets_html(&document).contains("look for the door"));
        document.routes[0].stops[0].geocode_grade = Some("street".into());
        assert!(sheets_html(&document).contains("the street only, look for the door"));
        assert!(super::super::stops_csv(&document).lines().nth(1).unwrap().ends_with(",street,"));
    }

    #[test]
    fn the_way_back_is_what_the_legs_leave() {
        assert_eq!(way_back(&sample::one_stop().routes[0]), (2_300, 720));
    }

    #[test]
    fn a_break_stands_where_it_is_taken() {
        let mut document = sample::one_stop();
        let route = &mut document.routes[0];
        let minute = |n: i64| route.departs_at + jiff::SignedDuration::from_mins(n);
        let rest = |after, from, paid| super::super::Rest {
            after,
            from: minute(from),
            to: minute(from + 5),
            paid,
        };
        route.breaks = vec![rest(0, 2, true), rest(1, 33, false)];
        let html = sheets_html(&document);
        let at = |text: &str| html.find(text).unwrap_or_else(|| panic!("{text}"));
        assert!(at("Break until 08:07, paid") < at("C-1001"));
        assert!(at("C-1001") < at("Break until 08:38<"));
        assert!(super::super::page_html(&document, &[]).contains("<td>Break, paid</td>"));
        assert!(super::super::geojson(&document).contains("\"after_stop\":1"));
    }

    #[test]
    fn two_who_arrive_together_are_told_of_each_other() {
        let mut document = sample::one_stop();
        document.routes[0].stops[0].with_agent = Some("A-<2>".into());
        assert!(sheets_html(&document).contains("together with A-&lt;2&gt;, at 08:12"));
        assert!(super::super::page_html(&document, &[]).contains("together with A-&lt;2&gt;"));
    }

    #[test]
    fn waiting_is_told() {
        let mut document = sample::one_stop();
        let stop = &mut document.routes[0].stops[0];
        stop.start_at = stop.arrive_at + jiff::SignedDuration::from_mins(18);
        assert!(sheets_html(&document).contains("visit from 08:30"));
    }

    #[test]
    fn one_page_for_each_agent_and_one_for_none() {
        assert_eq!(sheets_html(&sample::state()).matches("<article>").count(), 12);
        let none = sheets_html(&sample::empty());
        assert!(none.contains("No routes on Monday 9 March 2026"));
    }

    #[test]
    fn markup_from_people_is_text() {
        let evil = "<script>alert(1)</script>";
        let mut document = sample::one_stop();
        document.organisation = evil.into();
        document.credits = vec![evil.into()];
        document.notices = vec![evil.into()];
        document.time_zone_name = evil.into();
        let route = &mut document.routes[0];
        route.agent_name = evil.into();
        route.agent_ref = evil.into();
        route.stops[0].address = evil.into();
        route.stops[0].case_ref = evil.into();
        let html = sheets_html(&document);
        assert!(!html.contains("<script"));
        assert_eq!(html.matches("&lt;script&gt;").count(), 8);
    }
}
