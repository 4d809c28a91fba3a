//! What may lie where, how long files may be, and what every member has.

use super::{Tree, expect_none};

/// Everything that may lie at the top of the repository.
const TOP: [&str; 18] = [
    ".ci",
    ".gitattributes",
    ".gitignore",
    "CHANGELOG.md",
    "Cargo.lock",
    "Cargo.toml",
    "LICENSE-APACHE",
    "LICENSE-MIT",
    "README.md",
    "clippy.toml",
    "deny.toml",
    "migrations",
    "mobile-bindings",
    "rust-toolchain.toml",
    "rustfmt.toml",
    "server",
    "sync-core",
    "tests",
];

/// Members of the workspace.
const MEMBERS: [&str; 8] = [
    "mobile-bindings",
    "server",
    "server/crates/addresses",
    "server/crates/domain",
    "server/crates/planner",
    "server/crates/roads",
    "sync-core",
    "tests",
];

/// Lines a file may have at the most.
const LONGEST: usize = 800;

fn strangers(tree: &Tree) -> Vec<String> {
    let mut found: Vec<&str> = tree.0.keys().filter_map(|path| path.split('/').next()).collect();
    found.dedup();
    found
        .into_iter()
        .filter(|name| !TOP.contains(name))
        .map(|name| format!("{name}: what is it, and does it have to lie at the top?"))
        .collect()
}

fn too_long(tree: &Tree) -> Vec<String> {
    tree.rust("")
        .map(|(path, text)| (path, text.lines().count()))
        .filter(|(_, lines)| *lines > LONGEST)
        .map(|(path, lines)| format!("{path} has {lines} lines: split it"))
        .collect()
}

fn toolchain(tree: &Tree) -> Vec<String> {
    let text = tree.0.get("rust-toolchain.toml").map_or("", String::as_str);
    let exact = text.lines().any(|line| line.trim() == "channel = \"1.95.0\"");
    (!exact)
        .then(|| "rust-toolchain.toml must say channel = \"1.95.0\"".into())
        .into_iter()
        .collect()
}

/// Manifests are where the members are said to be, and each takes the lints of the workspace.
fn members(tree: &Tree) -> Vec<String> {
    let mut faults = Vec::new();
    for (path, text) in tree.below("").filter(|(path, _)| path.ends_with("/Cargo.toml")) {
        let folder = path.trim_end_matches("/Cargo.toml");
        if !MEMBERS.contains(&folder) {
            faults.push(format!("{path}: a crate that DESIGN does not know"));
        }
        let mut lines = text.lines().map(str::trim).skip_while(|line| *line != "[lints]");
        if (lines.next(), lines.next()) != (Some("[lints]"), Some("workspace = true")) {
            faults.push(format!("{path} does not take the lints of the workspace"));
        }
    }
    let absent =
        MEMBERS.iter().filter(|folder| !tree.0.contains_key(&format!("{folder}/Cargo.toml")));
    faults.extend(absent.map(|folder| format!("{folder} has no Cargo.toml")));
    faults
}

#[test]
fn the_repository_keeps_its_layout() {
    let tree = Tree::of_repository();
    expect_none(&strangers(&tree));
    expect_none(&too_long(&tree));
    expect_none(&toolchain(&tree));
    expect_none(&members(&tree));
}

#[test]
fn strangers_at_the_top_are_found() {
    let tree = Tree::made_up(&[("server/notes.txt", ""), ("notes.txt", ""), ("scripts/a.sh", "")]);
    let faults = strangers(&tree);
    assert_eq!(faults.len(), 2);
    assert!(faults[0].starts_with("notes.txt:") && faults[1].starts_with("scripts:"), "{faults:?}");
}

#[test]
fn long_files_are_found() {
    let (long, short) = ("x\n".repeat(801), "x\n".repeat(800));
    let tree = Tree::made_up(&[("a.rs", &long), ("b.rs", &short), ("c.css", &long)]);
    assert_eq!(too_long(&tree), ["a.rs has 801 lines: split it"]);
}

#[test]
fn another_toolchain_is_found() {
    for text in ["channel = \"stable\"", "channel = \"1.95\"", ""] {
        assert_eq!(toolchain(&Tree::made_up(&[("rust-toolchain.toml", text)])).len(), 1, "{text}");
    }
}

#[test]
fn members_without_lints_and_unknown_crates_are_found() {
    let good = "[package]\n\n[lints]\nworkspace = true\n";
    let mut files: Vec<(String, &str)> =
        MEMBERS.iter().map(|folder| (format!("{folder}/Cargo.toml"), good)).collect();
    let faults_of = |files: &[(String, &str)]| {
        let files: Vec<(&str, &str)> = files.iter().map(|(path, t)| (path.as_str(), *t)).collect();
        members(&Tree::made_up(&files))
    };
    assert_eq!(faults_of(&files), Vec::<String>::new());
    files[0].1 = "[package]\n\n[lints.rust]\nunsafe_code = \"allow\"\n";
    assert_eq!(faults_of(&files).len(), 1);
    files.push(("server/crates/utils/Cargo.toml".into(), good));
    assert_eq!(faults_of(&files).len(), 2);
    files.remove(1);
    assert!(faults_of(&files).contains(&"server has no Cargo.toml".into()));
}
