//! The phone's library as an app sees it, from Python.

mod small_day;

use tests::python::Python;

use crate::BINDGEN;

/// Python, or nothing where the machine has none and tests may be skipped.
fn python() -> Option<Python> {
    Python::new(BINDGEN).unwrap()
}

#[test]
fn the_rules_answer_in_python() {
    let Some(python) = python() else { return };
    let done = python.run("may_visit_now.py", &[]).unwrap();
    let lines: Vec<&str> = done.out.lines().collect();
    assert_eq!(
        lines,
        [
            "07:59:59 not yet: hours of house@1, again at 08:00",
            "08:00:00 yes, by facts of 1 h before",
            "time_zone: bad input",
            "no pack: nothing is allowed",
        ]
    );
    assert_eq!(done.err, "");
}

#[test]
fn faults_and_cancellation_cross_the_border() {
    let Some(python) = python() else { return };
    let file = python.dir().join("phone.sqlite");
    let done = python.run("borders.py", &[file.to_str().unwrap()]).unwrap();
    let lines: Vec<&str> = done.out.lines().collect();
    assert_eq!(
        lines,
        [
            "Offline no signal",
            "App KeyError('the app has a fault')",
            "Refused 503 busy later",
            "Stopped UNREADABLE_ANSWER",
            "cancelled by its task",
            "cancelled by a thread",
            "wiped None",
        ]
    );
    // The fault of the app is shown with its place; nothing else is.
    assert_eq!(done.err.matches("Traceback").count(), 1, "{}", done.err);
    assert!(done.err.contains("in mistake"), "{}", done.err);
}
