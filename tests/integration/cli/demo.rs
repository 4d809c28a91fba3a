//! The demo's arguments; the whole demo is run by `.ci/run`, in release.

use super::Folder;

#[test]
fn a_day_that_is_none_is_refused() {
    let done = Folder::empty().doorstep.run(&["demo", "--date", "2026-02-30"]).unwrap();
    assert_eq!(done.code(), Some(2));
    assert!(done.err.contains("2026-02-30"), "{}", done.err);
}
