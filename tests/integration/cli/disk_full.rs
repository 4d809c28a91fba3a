//! A disk that fills up while a command writes.

use std::path::Path;
use std::process::Command;

use tests::program::{Done, Doorstep, finish};

use super::{AGENTS, CASES, INIT, cases_of, complaint, sentence};
use crate::PROGRAM;

/// Runs shell commands on a new disk that only they see, mounted at `$1` with `options`; `$2` is
/// the program, `$3` a folder of the test. Nothing where mounting is not allowed.
pub(super) fn on_disk_of_its_own(options: &str, folder: &Path, commands: &str) -> Option<Done> {
    let mount = tempfile::tempdir().unwrap();
    let script = format!("mount -t tmpfs -o {options} none \"$1\" || exit 77; {commands}");
    let mut command = Command::new("unshare");
    command.args(["--mount", "--propagation", "private", "sh", "-c", &script, "sh"]);
    command.arg(mount.path()).arg(PROGRAM).arg(folder).env_remove("DATABASE_URL");
    let done = finish(command.env("RUST_BACKTRACE", "1"));
    match done {
        Ok(done) if done.code() != Some(77) && !done.err.starts_with("unshare:") => Some(done),
        _ => {
            let remedy = "run as root with the right to mount";
            tests::skip::missing("a disk of its own (unshare, mount)", remedy).unwrap();
            None
        }
    }
}

/// Whole pages, so that every size of the disk stops another write.
#[test]
fn init_says_so_or_succeeds() {
    let input = tempfile::tempdir().unwrap();
    let mut failed = 0;
    for size in ["4k", "16k", "64k", "128k", "256k", "16m"] {
        let commands = format!("exec \"$2\" --data-dir \"$1/data\" {}", INIT.join(" "));
        let options = format!("size={size}");
        let Some(done) = on_disk_of_its_own(&options, input.path(), &commands) else { return };
        if done.status.success() {
            continue;
        }
        failed += 1;
        sentence(&complaint(&done), &["/data", "full", "free some space", "--data-dir"]);
    }
    assert!((1..6).contains(&failed), "{failed} of 6 sizes were too small");
}

/// An import that does not fit changes nothing: with more room the same directory goes on.
#[test]
fn an_import_that_does_not_fit_leaves_the_book_as_it_was() {
    let input = tempfile::tempdir().unwrap();
    let mut many = String::from(CASES);
    for n in 0..20_000 {
        many.push_str(&format!("M{n},B{n},{},39.15,-75.52,100000,60,\n", "N".repeat(150)));
    }
    for (name, text) in [("few.csv", CASES), ("agents.csv", AGENTS), ("many.csv", &many)] {
        std::fs::write(input.path().join(name), text).unwrap();
    }
    let commands = format!(
        "set -e; d() {{ \"$program\" --data-dir \"$disk/data\" \"$@\"; }}; program=$2; disk=$1; \
         d {} >/dev/null; d import --cases \"$3/few.csv\" --agents \"$3/agents.csv\" >/dev/null; \
         d import --cases \"$3/many.csv\" >/dev/null && exit 9 || code=$?; \
         cp -r \"$disk/data\" \"$3/saved\"; exit $code",
        INIT.join(" ")
    );
    let Some(done) = on_disk_of_its_own("size=4m", input.path(), &commands) else { return };
    sentence(&complaint(&done), &["doorstep.sqlite", "full", "free some space"]);
    assert_eq!(cases_of(&Doorstep::new(PROGRAM, &input.path().join("saved"))), 5);
}
