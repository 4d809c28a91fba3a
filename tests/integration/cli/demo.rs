//! The demo's arguments; the whole demo is run by `.ci/run`, in release.

use std::fs;

use super::{Folder, sentence};

#[test]
fn a_day_that_is_none_is_refused() {
    let done = Folder::empty().doorstep.run(&["demo", "--date", "2026-02-30"]).unwrap();
    assert_eq!(done.code(), Some(2));
    assert!(done.err.contains("2026-02-30"), "{}", done.err);
}

/// Everything below a folder with its content, but for the database: reading moves its pages.
fn files(folder: &std::path::Path) -> Vec<(std::path::PathBuf, Vec<u8>)> {
    let mut found = Vec::new();
    for entry in fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            found.extend(files(&path));
        } else if !path.to_string_lossy().contains("doorstep.sqlite")
            && !path.ends_with("doorstep.lock")
        {
            found.push((path.clone(), fs::read(&path).unwrap()));
        }
    }
    found.sort();
    found
}

#[test]
fn a_folder_of_somebody_else_is_left_as_it_is() {
    for own in
        ["plans/2026-11-23-v1/stops.csv", "roads/car.network", "demo-cases.csv", "scores.csv"]
    {
        let folder = Folder::empty();
        let path = folder.data().join(own);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(&path, "mine").unwrap();
        let before = files(&folder.data());
        for args in [&["demo", "--once"][..], &["demo", "--once", "--fresh"]] {
            sentence(&folder.fails(args), &["is not of a demo", "--data-dir"]);
            assert!(files(&folder.data()) == before, "{own}");
        }
    }
}

#[test]
fn a_book_of_ones_own_is_never_replaced() {
    let folder = Folder::with_book();
    let before = files(&folder.data());
    sentence(&folder.fails(&["demo", "--once", "--fresh"]), &["is not of a demo"]);
    assert!(files(&folder.data()) == before, "files changed");
    // A file that happens to have the marker's name changes nothing.
    fs::write(folder.data().join("demo.json"), "{}").unwrap();
    sentence(&folder.fails(&["demo", "--once", "--fresh"]), &["demo.json", "is not the demo's"]);
    // Nor does a real marker, once a book was imported beside it.
    let marker =
        r#"{"made_by":"doorstep demo","version":"0.1.0","seed":7,"planned":["2026-11-23"]}"#;
    fs::write(folder.data().join("demo.json"), marker).unwrap();
    sentence(&folder.fails(&["demo", "--once", "--fresh"]), &["data of your own", "was imported"]);
    sentence(&folder.fails(&["demo", "--once", "--seed", "8"]), &["--fresh"]);
    fs::remove_file(folder.data().join("demo.json")).unwrap();
    assert!(files(&folder.data()) == before, "files changed");
    assert_eq!(folder.cases(), 5);
}

#[test]
fn a_busy_port_is_told_before_anything_is_touched() {
    let folder = Folder::initialised();
    let busy = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
    let port = busy.local_addr().unwrap().port().to_string();
    let before = files(&folder.data());
    sentence(&folder.fails(&["demo", "--fresh", "--port", &port]), &[&port, "--port"]);
    assert!(files(&folder.data()) == before, "files changed");
}
