//! CSV for spreadsheets and scripts: stops, and cases left out.
//!
//! Text that came from people (references, addresses) and starts with `=`, `+`, `-`, `@`, a tab or
//! a line break gets a leading apostrophe, because a spreadsheet would run it as a formula.
//! Numbers are written as they are; money is in minor units.

use std::borrow::Cow;

use super::document::PlanDocument;
use super::figures::rfc3339;

const STOPS_HEADER: [&str; 18] = [
    "plan_date",
    "plan_version",
    "route",
    "stop",
    "agent_ref",
    "case_ref",
    "lat",
    "lon",
    "address",
    "arrive_at",
    "start_at",
    "leave_at",
    "leg_metres",
    "leg_s",
    "prize_minor",
    "marginal_minor",
    "geocode_grade",
    "also",
];

const LEFT_OUT_HEADER: [&str; 9] = [
    "plan_date",
    "plan_version",
    "case_ref",
    "lat",
    "lon",
    "code",
    "reason",
    "prize_minor",
    "detour_cost_minor",
];

/// One row per planned stop, by route and stop. Times are RFC 3339 with the offset of the plan's
/// zone, `leg_metres` and `leg_s` count from the place before (the way home is not among them: the totals of a
/// route in the `GeoJSON` have it), and `marginal_minor` is what the plan would lose without the stop.
/// `also` lists further cases of the borrower that the visit is for. `geocode_grade` is empty where the position was given, else `house`, `street` or `place`.
#[must_use]
pub fn stops_csv(document: &PlanDocument) -> String {
    let zone = &document.time_zone;
    let rows = document.routes.iter().flat_map(|route| {
        route.stops.iter().map(move |stop| {
            [
                document.date.to_string(),
                document.version.to_string(),
                route.number.to_string(),
                stop.number.to_string(),
                cell(&route.agent_ref).into_owned(),
                cell(&stop.case_ref).into_owned(),
                degrees(stop.at.lat),
                degrees(stop.at.lon),
                cell(&stop.address).into_owned(),
                rfc3339(stop.arrive_at, zone),
                rfc3339(stop.start_at, zone),
                rfc3339(stop.leave_at, zone),
                stop.leg_metres.to_string(),
                stop.leg_s.to_string(),
                stop.prize_minor.to_string(),
                stop.marginal_minor.to_string(),
                stop.geocode_grade.clone().unwrap_or_default(),
                cell(&stop.also.join(";")).into_owned(),
            ]
        })
    });
    table(STOPS_HEADER, rows)
}

/// One row per case that is not in the plan, with the reason's code and sentence; money is empty
/// where nothing was priced.
#[must_use]
pub fn left_out_csv(document: &PlanDocument) -> String {
    let money = |minor: Option<i64>| minor.map(|m| m.to_string()).unwrap_or_default();
    let rows = document.left_out.iter().map(|case| {
        [
            document.date.to_string(),
            document.version.to_string(),
            cell(&case.case_ref).into_owned(),
            degrees(case.at.lat),
            degrees(case.at.lon),
            cell(&case.code).into_owned(),
            cell(&case.sentence).into_owned(),
            money(case.prize_minor),
            money(case.cost_minor),
        ]
    });
    table(LEFT_OUT_HEADER, rows)
}

fn table<const N: usize>(header: [&str; N], rows: impl Iterator<Item = [String; N]>) -> String {
    let mut writer = csv::Writer::from_writer(Vec::new());
    // Memory takes every write, all rows have N cells, and all cells are UTF-8.
    let _ = writer.write_record(header);
    for row in rows {
        let _ = writer.write_record(row);
    }
    String::from_utf8(writer.into_inner().unwrap_or_default()).unwrap_or_default()
}

/// Text as a cell that no spreadsheet takes for a formula.
pub(crate) fn cell(text: &str) -> Cow<'_, str> {
    if text.starts_with(['=', '+', '-', '@', '\t', '\r', '\n', '＝', '＋', '－', '＠']) {
        Cow::Owned(format!("'{text}"))
    } else {
        Cow::Borrowed(text)
    }
}

fn degrees(value: f64) -> String {
    format!("{value:.6}")
}

#[cfg(test)]
mod tests {
    use super::super::sample;
    use super::*;

    #[test]
    fn stops_in_the_zone_of_the_plan() {
        insta::assert_snapshot!(stops_csv(&sample::one_stop()), @r#"
        plan_date,plan_version,route,stop,agent_ref,case_ref,lat,lon,address,arrive_at,start_at,leave_at,leg_metres,leg_s,prize_minor,marginal_minor,geocode_grade,also
        2026-03-09,3,1,1,A-01,C-1001,39.160000,-75.520000,"12 Mill Road, Dover",2026-03-09T08:12:00-04:00,2026-03-09T08:12:00-04:00,2026-03-09T08:32:00-04:00,2300,720,6120,4882,,
        "#);
    }

    #[test]
    fn an_empty_plan_is_a_header() {
        let document = sample::empty();
        assert_eq!(stops_csv(&document), format!("{}\n", STOPS_HEADER.join(",")));
        assert_eq!(left_out_csv(&document), format!("{}\n", LEFT_OUT_HEADER.join(",")));
    }

    #[test]
    fn quotes_commas_and_formulas_are_harmless() {
        let mut document = sample::one_stop();
        document.routes[0].agent_ref = "=HYPERLINK(\"http://x\")".into();
        let stop = &mut document.routes[0].stops[0];
        stop.case_ref = "@SUM(1,2)".into();
        stop.address = "12 \"Old\" Mill Rd,\nDover".into();
        stop.at.lat = -39.1;
        stop.marginal_minor = -7;
        let text = stops_csv(&document);
        let mut reader = csv::Reader::from_reader(text.as_bytes());
        let row = reader.records().next().unwrap().unwrap();
        assert_eq!(&row[4], "'=HYPERLINK(\"http://x\")");
        assert_eq!(&row[5], "'@SUM(1,2)");
        assert_eq!(&row[6], "-39.100000", "numbers keep their sign");
        assert_eq!(&row[8], "12 \"Old\" Mill Rd,\nDover");
        assert_eq!(&row[15], "-7");
        for start in ["=1", "+1", "-1", "@a", "\t=1", "\r=1"] {
            assert!(cell(start).starts_with('\''), "{start:?}");
        }
        assert_eq!(cell("12 Main St"), "12 Main St");
    }

    #[test]
    fn cases_left_out_keep_their_sentence() {
        insta::assert_snapshot!(left_out_csv(&sample::one_stop()), @r#"
        plan_date,plan_version,case_ref,lat,lon,code,reason,prize_minor,detour_cost_minor
        2026-03-09,3,C-1002,39.155000,-75.510000,money,"Visit worth 14.20, detour costs 18.90",1420,1890
        "#);
    }
}
