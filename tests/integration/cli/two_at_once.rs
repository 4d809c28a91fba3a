//! One data directory, several programs.

use super::{Folder, sentence};

#[test]
fn a_second_serve_is_refused_while_the_first_runs() {
    let folder = Folder::with_book();
    let first = folder.doorstep.serve().unwrap();
    sentence(
        &folder.fails(&["serve", "--port", "0"]),
        &["another doorstep is running", "--data-dir"],
    );
    // What only reads and writes the database is welcome.
    folder.doorstep.ok(&["score"]).unwrap();
    assert!(first.terminate().unwrap().success());
    let next = folder.doorstep.serve().unwrap();
    drop(next);
    // Even after it was killed.
    folder.doorstep.serve().unwrap();
}

#[test]
fn a_demo_is_refused_where_one_runs() {
    let folder = Folder::with_book();
    let _first = folder.doorstep.serve().unwrap();
    sentence(&folder.fails(&["demo", "--once"]), &["another doorstep is running", "--data-dir"]);
}

#[test]
fn two_imports_at_once_both_go_in() {
    let folder = Folder::initialised();
    let files = [
        folder.write("one.csv", super::CASES),
        folder.write("other.csv", &super::CASES.replace('C', "D").replace(",B", ",E")),
    ];
    std::thread::scope(|scope| {
        for file in &files {
            let doorstep = &folder.doorstep;
            scope.spawn(move || doorstep.ok(&["import", "--cases", file]).unwrap());
        }
    });
    assert_eq!(folder.cases(), 10);
}
