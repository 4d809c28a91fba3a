//! The page as a whole.

use super::super::document::{
    CameBack, CameConflict, CameRefusal, CameVisit, OtherPlan, PlanDocument,
};
use super::super::sample;
use super::page_html;

/// Every text that somebody outside could have written.
fn hostile(evil: &str) -> PlanDocument {
    let mut document = sample::one_stop();
    document.organisation = evil.into();
    document.currency = evil.into();
    document.time_zone_name = evil.into();
    document.travel = evil.into();
    document.search = evil.into();
    document.credits = vec![evil.into()];
    document.notices = vec![evil.into()];
    document.links = vec![super::super::Link { label: evil.into(), href: evil.into() }];
    document.cells[0].index = evil.into();
    document.cells[0].agent_ref = Some(evil.into());
    let case = &mut document.left_out[0];
    case.case_ref = evil.into();
    case.title = evil.into();
    case.sentence = evil.into();
    let route = &mut document.routes[0];
    route.agent_ref = evil.into();
    route.agent_name = evil.into();
    route.stops[0].case_ref = evil.into();
    route.stops[0].address = evil.into();
    document.came_back = came_back(evil);
    document.standing = evil.into();
    document.others = vec![other(evil)];
    document
}

fn other(text: &str) -> OtherPlan {
    OtherPlan { date: text.into(), version: 2, visits: 1, standing: text.into(), href: text.into() }
}

#[test]
fn other_plans_are_linked_some_at_once() {
    let mut document = sample::one_stop();
    assert!(!page_html(&document, &[]).contains("Other plans"));
    document.standing = "published".into();
    document.others = (0..5).map(|n| other(&format!("day-{n}"))).collect();
    let html = page_html(&document, &[]);
    assert!(html.contains(", published · times in"));
    assert!(html.contains("Other plans: <a href=\"day-0\">day-0 v2</a> (day-0, 1 visit) · "));
    assert!(html.contains("<summary>2 more</summary><a href=\"day-3\">"));
}

fn came_back(text: &str) -> CameBack {
    let visit = CameVisit {
        case_ref: text.into(),
        agent_ref: Some(text.into()),
        arrived_at: None,
        met: text.into(),
        disposition: text.into(),
        flagged: vec![text.into()],
    };
    let refusal = CameRefusal {
        case_ref: text.into(),
        op: text.into(),
        code: text.into(),
        remedy: text.into(),
    };
    let conflict = CameConflict {
        case_ref: text.into(),
        what: text.into(),
        shown: text.into(),
        other: format!("{text} too"),
        by: text.into(),
        since: Some(jiff::Timestamp::UNIX_EPOCH),
    };
    CameBack { visits: vec![visit], conflicts: vec![conflict], refused: vec![refusal] }
}

#[test]
fn what_came_back_is_shown_where_something_did() {
    let mut document = sample::one_stop();
    assert!(!page_html(&document, &[]).contains("What came back"));
    document.came_back = came_back("part_paid");
    let html = page_html(&document, &[]);
    for text in [
        "What came back <span>1 visit, 0 met",
        "In conflict",
        "<td>part paid too</td>",
        "Kept aside",
    ] {
        assert!(html.contains(text), "{text}");
    }
}

#[test]
fn markup_from_people_is_text() {
    let calm = page_html(&sample::one_stop(), &[]);
    let html = page_html(&hostile("\"'><script>alert(1)</script><img src=x>"), &[]);
    assert_eq!(html.matches("<script").count(), calm.matches("<script").count());
    assert!(!html.contains("<img") && !html.contains("\"'>"));
}

#[test]
fn nothing_is_asked_of_anybody() {
    let html = page_html(&sample::state(), &[]);
    for request in
        ["http://", "https://", "//cdn", "@import", "url(", "fetch(", "XMLHttpRequest", " src="]
    {
        assert!(!html.contains(request), "{request}");
    }
}

#[test]
fn an_empty_plan_says_why() {
    let mut document = sample::empty();
    assert!(page_html(&document, &[]).contains("because no case was scored"));
    document.cases = 40;
    assert!(page_html(&document, &[]).contains("40 cases were scored: no agent works"));
    document.left_out = sample::one_stop().left_out;
    let html = page_html(&document, &[]);
    assert!(
        html.contains("No visit is planned. The only case is left out: Costs more than it brings.")
    );
    document.left_out.extend(sample::one_stop().left_out);
    let html = page_html(&document, &[]);
    assert!(html.contains("All 2 cases are left out, most of them for this reason"));
}

#[test]
fn the_headline_adds_up_in_words() {
    let html = page_html(&sample::one_stop(), &[]);
    for shown in
        ["43.82 USD", "61.20", "1.38", "11.00", "5.00", "55 %", "4.6 a visit", "of 2 cases"]
    {
        assert!(html.contains(shown), "{shown}");
    }
}

#[test]
fn long_lists_end_with_a_word_about_the_csv() {
    let html = page_html(&sample::state(), &[]);
    assert!(html.contains("and 1,250 more in the CSV"));
    assert!(html.contains("First 5 of 1,450"));
    assert!(html.contains("<summary>All 60</summary>"));
}

#[test]
fn a_state_fits_into_three_megabytes() {
    let roads = sample::roads(100_000);
    let html = page_html(&sample::state(), &roads);
    assert!(html.len() < 3_000_000, "{} bytes", html.len());
}

/// Writes the page and the sheets to the directory named by `RENDER_SAMPLES`, to be looked at.
#[test]
fn samples_to_look_at() {
    let Some(directory) = std::env::var_os("RENDER_SAMPLES") else { return };
    let directory = std::path::PathBuf::from(directory);
    let state = sample::state();
    let write = |name: &str, text: String| std::fs::write(directory.join(name), text).unwrap();
    write("plan.html", page_html(&state, &sample::roads(20_000)));
    write("sheets.html", super::super::sheets_html(&state));
    write("stops.csv", super::super::stops_csv(&state));
    write("plan.geojson", super::super::geojson(&state));
    write("empty.html", page_html(&sample::empty(), &[]));
    write("one.html", page_html(&sample::one_stop(), &[]));
}
