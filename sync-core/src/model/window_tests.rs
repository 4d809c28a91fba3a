use super::*;
use jiff::civil::date;
use proptest::prelude::*;

fn ts(text: &str) -> Timestamp {
    text.parse().unwrap()
}

fn spans(window: &str, date: Date, zone: &str) -> Vec<(String, String)> {
    let window: LocalWindow = window.parse().unwrap();
    window
        .on(date, &zone.parse().unwrap())
        .into_iter()
        .map(|w| (w.early().to_string(), w.late().to_string()))
        .collect()
}

fn pair(early: &str, late: &str) -> (String, String) {
    (early.to_owned(), late.to_owned())
}

#[test]
fn an_ordinary_day_is_one_span() {
    assert_eq!(
        spans("08:00-21:00", date(2026, 1, 15), "Asia/Kolkata"),
        [pair("2026-01-15T02:30:00Z", "2026-01-15T15:30:00Z")]
    );
    assert_eq!(
        spans("00:00-24:00", date(2026, 1, 15), "America/New_York"),
        [pair("2026-01-15T05:00:00Z", "2026-01-16T05:00:00Z")]
    );
}

#[test]
fn clocks_set_forward_cut_the_missing_hour() {
    // New York, 8 March 2026: 02:00 becomes 03:00.
    let day = date(2026, 3, 8);
    assert_eq!(spans("02:00-03:00", day, "America/New_York"), []);
    assert_eq!(
        spans("01:30-03:30", day, "America/New_York"),
        [pair("2026-03-08T06:30:00Z", "2026-03-08T07:30:00Z")]
    );
    assert_eq!(
        spans("08:00-21:00", day, "America/New_York"),
        [pair("2026-03-08T12:00:00Z", "2026-03-09T01:00:00Z")]
    );
}

#[test]
fn clocks_set_back_give_the_hour_twice() {
    // New York, 1 November 2026: 02:00 becomes 01:00.
    let day = date(2026, 11, 1);
    assert_eq!(
        spans("01:00-01:30", day, "America/New_York"),
        [
            pair("2026-11-01T05:00:00Z", "2026-11-01T05:30:00Z"),
            pair("2026-11-01T06:00:00Z", "2026-11-01T06:30:00Z")
        ]
    );
    assert_eq!(
        spans("00:00-24:00", day, "America/New_York"),
        [pair("2026-11-01T04:00:00Z", "2026-11-02T05:00:00Z")]
    );
}

#[test]
fn a_day_without_midnight_starts_at_one() {
    // Beirut, 29 March 2026: 00:00 becomes 01:00.
    assert_eq!(
        spans("00:00-02:00", date(2026, 3, 29), "Asia/Beirut"),
        [pair("2026-03-28T22:00:00Z", "2026-03-28T23:00:00Z")]
    );
}

#[test]
fn refuses_what_is_no_window() {
    for text in [
        "",
        "08:00",
        "8:00-21:00",
        "08:00-25:00",
        "21:00-08:00",
        "08:00-08:00",
        "08:60-09:00",
        "+8:00-09:00",
    ] {
        assert_eq!(text.parse::<LocalWindow>(), Err(WindowError::Local(text.to_owned())));
    }
    assert!(TimeWindow::new(ts("2026-01-02T00:00Z"), ts("2026-01-01T00:00Z")).is_err());
    let reversed = r#"{"early":"2026-01-02T00:00:00Z","late":"2026-01-01T00:00:00Z"}"#;
    assert!(serde_json::from_str::<TimeWindow>(reversed).is_err());
}

#[test]
fn latest_start_leaves_room_for_the_visit() {
    let window = TimeWindow::new(ts("2026-01-01T08:00Z"), ts("2026-01-01T09:00Z")).unwrap();
    assert_eq!(window.latest_start(Seconds::from(900)), Some(ts("2026-01-01T08:45Z")));
    assert_eq!(window.latest_start(Seconds::from(3600)), Some(ts("2026-01-01T08:00Z")));
    assert_eq!(window.latest_start(Seconds::from(3601)), None);
}

#[test]
fn touching_spans_share_nothing() {
    let a = TimeWindow::new(ts("2026-01-01T08:00Z"), ts("2026-01-01T09:00Z")).unwrap();
    let b = TimeWindow::new(ts("2026-01-01T09:00Z"), ts("2026-01-01T10:00Z")).unwrap();
    assert_eq!(a.intersect(b), None);
    assert_eq!(join(vec![b, a]).len(), 1);
}

proptest! {
    #[test]
    fn spans_hold_exactly_the_wall_clock_times(
        from in 0_u16..1440,
        length in 1_u16..1440,
        second in 1_772_000_000_i64..1_798_000_000,
        zone in prop::sample::select(vec!["America/New_York", "Asia/Kolkata", "Asia/Beirut", "Australia/Lord_Howe"]),
    ) {
        let window = LocalWindow::new(from, (from + length).min(1440)).unwrap();
        let zone: Zone = zone.parse().unwrap();
        let at = Timestamp::from_second(second).unwrap();
        let spans = window.on(zone.date_at(at), &zone);
        prop_assert_eq!(window.contains(at, &zone), spans.iter().any(|s| s.contains(at)));
    }
}
