//! The phone's library as an app sees it, from Python.

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
