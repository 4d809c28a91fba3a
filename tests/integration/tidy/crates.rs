//! Which crates may depend on which, as cargo sees it.

use std::collections::{BTreeMap, BTreeSet};
use std::process::Command;

use super::expect_none;

/// Each member and the members it may depend on.
const MAY_DEPEND_ON: [(&str, &[&str]); 8] = [
    ("sync-core", &[]),
    ("addresses", &[]),
    ("roads", &[]),
    ("planner", &[]),
    ("domain", &["sync-core"]),
    ("mobile-bindings", &["sync-core"]),
    ("server", &["sync-core", "addresses", "domain", "roads", "planner"]),
    (
        "tests",
        &["sync-core", "addresses", "domain", "roads", "planner", "server", "mobile-bindings"],
    ),
];

/// Crates without I/O and what must be nowhere below them.
const PURE: [&str; 5] = ["sync-core", "addresses", "domain", "roads", "planner"];
const NOT_PURE: [&str; 5] = ["tokio", "actix-web", "actix-rt", "diesel", "reqwest"];
/// What must be nowhere in a phone: its app brings network, threads and event loop, and what writes
/// the bindings stays at home. It does have a store.
const NOT_ON_PHONES: [&str; 7] =
    ["tokio", "actix-web", "actix-rt", "reqwest", "ureq", "uniffi_bindgen", "clap"];

/// Members with the members each names in its manifest, for whatever purpose.
type Members = BTreeMap<String, BTreeSet<String>>;

fn cargo(args: &[&str]) -> String {
    let cargo = std::env::var_os("CARGO").unwrap_or_else(|| "cargo".into());
    let mut command = Command::new(cargo);
    command.args(args).arg("--offline").current_dir(tests::repository());
    let said = command.output().unwrap();
    assert!(said.status.success(), "{args:?}: {}", String::from_utf8_lossy(&said.stderr));
    String::from_utf8(said.stdout).unwrap()
}

fn members() -> Members {
    let text = cargo(&["metadata", "--format-version", "1", "--no-deps"]);
    let metadata: serde_json::Value = serde_json::from_str(&text).unwrap();
    let packages = metadata["packages"].as_array().unwrap();
    let name = |value: &serde_json::Value| value["name"].as_str().unwrap().to_owned();
    let ours: BTreeSet<String> = packages.iter().map(name).collect();
    let named = |package: &serde_json::Value| -> BTreeSet<String> {
        let all = package["dependencies"].as_array().unwrap();
        all.iter().map(name).filter(|dependency| ours.contains(dependency)).collect()
    };
    packages.iter().map(|package| (name(package), named(package))).collect()
}

fn forbidden(members: &Members) -> Vec<String> {
    let mut faults = Vec::new();
    for (member, named) in members {
        let known = MAY_DEPEND_ON.iter().find(|(known, _)| known == member);
        let Some((_, allowed)) = known else {
            faults.push(format!("{member} has no line in the table of tidy/crates.rs"));
            continue;
        };
        for other in named.iter().filter(|other| !allowed.contains(&other.as_str())) {
            faults.push(format!("{member} must not depend on {other}"));
        }
    }
    faults
}

/// Lines of `cargo tree` that must not be there.
fn impure(member: &str, tree: &str) -> Vec<String> {
    reached(tree, &NOT_PURE)
        .map(|name| format!("{member} is pure and must not reach {name}"))
        .collect()
}

fn reached<'a>(tree: &str, unwanted: &'a [&'a str]) -> impl Iterator<Item = &'a str> {
    let names: BTreeSet<&str> = tree.lines().filter_map(|line| line.split(' ').next()).collect();
    unwanted.iter().copied().filter(|name| names.contains(name)).collect::<Vec<_>>().into_iter()
}

#[test]
fn members_depend_on_whom_they_may() {
    let members = members();
    assert_eq!(members.len(), MAY_DEPEND_ON.len(), "{members:?}");
    assert!(members["server"].contains("planner"), "{members:?}");
    expect_none(&forbidden(&members));
}

#[test]
fn pure_crates_reach_no_runtime_and_no_database() {
    for member in PURE {
        let tree = cargo(&["tree", "-p", member, "-e", "normal", "--prefix", "none"]);
        assert!(tree.starts_with(member), "{tree}");
        expect_none(&impure(member, &tree));
    }
    // The same question finds them where they are.
    let server = cargo(&["tree", "-p", "server", "-e", "normal", "--prefix", "none"]);
    assert!(impure("server", &server).len() >= 3, "{:?}", impure("server", &server));
}

#[test]
fn phones_carry_a_store_and_no_runtime() {
    let args = ["tree", "-p", "mobile-bindings", "-e", "normal", "--prefix", "none"];
    let tree = cargo(&args);
    assert_eq!(reached(&tree, &["diesel"]).count(), 1, "{tree}");
    assert_eq!(reached(&tree, &NOT_ON_PHONES).collect::<Vec<_>>(), Vec::<&str>::new());
    // The same question finds what writes the bindings where it is.
    let tree = cargo(&[&args[..], &["--features", "bindgen"]].concat());
    assert_eq!(reached(&tree, &NOT_ON_PHONES).collect::<Vec<_>>(), ["uniffi_bindgen"]);
}

#[test]
fn forbidden_dependencies_are_found() {
    for (member, named) in [
        ("planner", "domain"),
        ("roads", "sync-core"),
        ("addresses", "roads"),
        ("sync-core", "roads"),
        ("domain", "planner"),
        ("mobile-bindings", "server"),
        ("server", "tests"),
        ("server", "mobile-bindings"),
    ] {
        let made_up = Members::from([(member.to_owned(), BTreeSet::from([named.to_owned()]))]);
        assert_eq!(forbidden(&made_up), [format!("{member} must not depend on {named}")]);
    }
    let stranger = Members::from([("utils".to_owned(), BTreeSet::new())]);
    assert_eq!(forbidden(&stranger).len(), 1);
    let tree = "planner v0.1.0 (/x)\nserde v1.0.0\ntokio v1.54.1\ntokio-util v0.7.0\n";
    assert_eq!(impure("planner", tree), ["planner is pure and must not reach tokio"]);
}
