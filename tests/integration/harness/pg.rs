//! PostgreSQL ends with the tests, however they end.

use std::io::{BufRead as _, BufReader};
use std::path::Path;
use std::process::{Command, Stdio};
use std::time::Duration;

use tests::database::Database;
use tests::wait::until;

const CHILD: &str = "DOORSTEP_TEST_HOLDS_A_CLUSTER";

/// Not a test by itself: run by the next one in a process that is to be killed.
#[test]
fn holds_a_cluster_until_killed() {
    if std::env::var_os(CHILD).is_none() {
        return;
    }
    let cluster = tests::pg::cluster().unwrap().unwrap();
    let _database = cluster.database().unwrap();
    println!("\ncluster {}", cluster.folder().display());
    loop {
        std::thread::park();
    }
}

#[test]
fn a_killed_test_process_leaves_nothing() {
    let Some(cluster) = tests::pg::cluster().unwrap() else { return };
    // On Linux this program under a name that also works when a newer build replaced the file.
    let linux = Path::new("/proc/self/exe");
    let this = if linux.exists() { linux.to_owned() } else { std::env::current_exe().unwrap() };
    let mut child = Command::new(this)
        .args(["--exact", "harness::pg::holds_a_cluster_until_killed", "--nocapture"])
        .env(CHILD, "yes")
        .stdin(Stdio::null())
        .stdout(Stdio::piped())
        .spawn()
        .unwrap();
    let lines = BufReader::new(child.stdout.take().unwrap()).lines().map_while(Result::ok);
    let mut folders = lines.filter_map(|line| Some(line.strip_prefix("cluster ")?.to_owned()));
    let folder = folders.next().expect("the child started no cluster");
    assert_ne!(Path::new(&folder), cluster.folder());
    let server: u32 = std::fs::read_to_string(format!("{folder}/data/postmaster.pid"))
        .unwrap()
        .lines()
        .next()
        .and_then(|line| line.trim().parse().ok())
        .unwrap();
    assert!(Path::new(&format!("/proc/{server}")).exists());
    // Child::kill sends SIGKILL: nothing in the process can tidy up after it.
    child.kill().unwrap();
    child.wait().unwrap();
    until("the end of the cluster", Duration::from_secs(30), || {
        Ok((!Path::new(&folder).exists()).then_some(()))
    })
    .unwrap();
    let status = std::fs::read_to_string(format!("/proc/{server}/status")).unwrap_or_default();
    assert!(status.is_empty() || status.contains("zombie"), "{status}");
    assert!(cluster.folder().exists(), "the cluster of this process is untouched");
}

#[test]
fn the_cluster_is_private_and_each_test_has_its_own_database() {
    let (Some(one), Some(other)) = (Database::postgres().unwrap(), Database::postgres().unwrap())
    else {
        return;
    };
    assert_ne!(one.url(), other.url());
    one.raw().unwrap().run("CREATE TABLE mine (a INTEGER)").unwrap();
    assert!(other.raw().unwrap().count("mine").is_err());
    let ask = |query: &str| one.raw().unwrap().lines(query).unwrap().remove(0);
    assert_eq!(ask("SELECT current_setting('listen_addresses') AS line"), "");
    let folder = tests::pg::cluster().unwrap().unwrap().folder().to_owned();
    use std::os::unix::fs::PermissionsExt as _;
    assert_eq!(folder.metadata().unwrap().permissions().mode() & 0o777, 0o700);
    let gone = one.url().unwrap().to_owned();
    drop(one);
    assert!(server::db::Store::open_url(&gone).is_err(), "a dropped database is gone");
}
