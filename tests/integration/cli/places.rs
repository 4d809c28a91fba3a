//! Directories and ports that cannot be had.

use std::os::unix::fs::PermissionsExt as _;

use tests::program::{Doorstep, busy_port};

use super::disk_full::on_disk_of_its_own;
use super::{Folder, INIT, complaint, sentence};
use crate::PROGRAM;

impl Folder {
    #[track_caller]
    fn fails_in(dir: &str, args: &[&str]) -> String {
        complaint(&Doorstep::new(PROGRAM, dir.as_ref()).run(args).unwrap())
    }
}

#[test]
fn a_directory_below_a_file_cannot_be_made() {
    let folder = Folder::empty();
    let below = format!("{}/data", folder.write("file", "x"));
    for args in [&INIT[..], &["demo", "--once"]] {
        let said = Folder::fails_in(&below, args);
        sentence(&said, &["cannot", &below, "choose another place"]);
    }
}

#[test]
fn a_file_is_no_directory() {
    let folder = Folder::empty();
    let file = folder.write("file", "x");
    sentence(&Folder::fails_in(&file, &INIT), &[&file, "choose another place"]);
    sentence(&Folder::fails_in(&file, &["score"]), &["doorstep init"]);
}

#[test]
fn a_directory_without_rights_is_told() {
    if tests::is_root().unwrap() {
        // Root may write anywhere, except where nobody can.
        let init = format!("exec \"$2\" --data-dir \"$1/data\" {}", INIT.join(" "));
        if let Some(done) = on_disk_of_its_own("ro", "".as_ref(), &init) {
            let cannot = "cannot create the directory";
            sentence(&complaint(&done), &[cannot, "read-only", "choose another place"]);
        }
        return;
    }
    let folder = Folder::empty();
    let closed = folder.data();
    std::fs::create_dir(&closed).unwrap();
    std::fs::set_permissions(&closed, std::fs::Permissions::from_mode(0o500)).unwrap();
    sentence(&folder.fails(&INIT), &["permission denied", "choose another place"]);
}

#[test]
fn a_busy_port_is_told_before_any_work() {
    let (_somebody, port) = busy_port().unwrap();
    let port = port.to_string();
    let folder = Folder::with_book();
    let said = folder.fails(&["serve", "--port", &port]);
    sentence(&said, &[&format!("port {port}"), "another program listens", "--port"]);
    let demo = Folder::empty();
    let said = demo.fails(&["demo", "--port", &port]);
    sentence(&said, &[&format!("port {port}"), "--port"]);
    assert!(!demo.data().join("doorstep.sqlite").exists(), "the demo began to build");
}

#[test]
fn an_import_of_no_file_is_told() {
    let folder = Folder::initialised();
    let said = folder.fails(&["import", "--cases", "no-such.csv"]);
    sentence(&said, &["no-such.csv", "check the spelling"]);
    let here = folder.data().display().to_string();
    sentence(&folder.fails(&["import", "--cases", &here]), &["a directory, not a file"]);
}

#[test]
fn data_that_are_not_of_the_demo_are_left_alone() {
    let folder = Folder::with_book();
    let said = folder.fails(&["demo", "--once"]);
    sentence(&said, &["demo", "--data-dir"]);
    assert_eq!(folder.cases(), 5);
}
