//! Inside `server/src`: who may say `crate::` whom. Everything that is not listed is forbidden.

use super::{Tree, expect_none};

/// Each module of `server/src` and the modules it may use beside itself.
const MAY_USE: [(&str, &[&str]); 16] = [
    ("clock", &[]),
    ("progress", &[]),
    ("render", &[]),
    ("db", &[]),
    ("tokens", &[]),
    ("ids", &["clock"]),
    ("config", &["clock", "error"]),
    ("error", &["config", "db", "ids", "usecases"]),
    ("app", &["config", "db", "error", "ids", "tokens"]),
    ("travel", &["clock", "config", "error", "progress"]),
    (
        "usecases",
        &["app", "clock", "config", "db", "error", "ids", "progress", "render", "tokens", "travel"],
    ),
    ("http", &["app", "error", "progress", "render", "travel", "usecases"]),
    (
        "cli",
        &[
            "app", "clock", "config", "error", "http", "ids", "progress", "render", "travel",
            "usecases", "worker",
        ],
    ),
    ("worker", &["app", "error", "usecases"]),
    ("lib", &[]),
    ("main", &[]),
];

/// Modules that reach the database only through use cases.
const BEHIND_USE_CASES: [&str; 3] = ["http", "cli", "worker"];

fn breaches(tree: &Tree) -> Vec<String> {
    let mut faults = Vec::new();
    for (path, text) in tree.rust("server/src/") {
        let modules = modules(path);
        let Some(own) = modules.first() else { continue };
        let Some((_, allowed)) = MAY_USE.iter().find(|(module, _)| module == own) else {
            faults.push(format!("{path}: `{own}` has no line in the table of tidy/walls.rs"));
            continue;
        };
        for (number, line) in (1..).zip(text.lines()) {
            for used in used(line, modules.len()) {
                let known = MAY_USE.iter().any(|(module, _)| *module == used);
                if known && used != *own && !allowed.contains(&used) {
                    faults.push(format!("{path}:{number}: {own} must not use {used}"));
                }
            }
            if BEHIND_USE_CASES.contains(own) && line.contains("app.store") {
                faults.push(format!("{path}:{number}: {own} asks the store; ask a use case"));
            }
        }
    }
    faults
}

/// `http::pages` of `server/src/http/pages.rs`, `http` of `server/src/http/mod.rs`.
fn modules(path: &str) -> Vec<&str> {
    let inner = path.trim_start_matches("server/src/").trim_end_matches(".rs");
    inner.split('/').filter(|name| *name != "mod").collect()
}

/// First names after `crate::`, or after as many `super::` as lead out of all modules.
fn used(line: &str, depth: usize) -> Vec<&str> {
    let mut found = Vec::new();
    for start in ["crate::", &"super::".repeat(depth)] {
        for (at, _) in line.match_indices(start) {
            let before = line.get(..at).unwrap_or("");
            if before.ends_with("super::") {
                continue;
            }
            let rest = line.get(at + start.len()..).unwrap_or("");
            match rest.strip_prefix('{') {
                Some(group) => found.extend(group.split([',', '}']).map(|n| first(n.trim()))),
                None => found.push(first(rest)),
            }
        }
    }
    found
}

fn first(path: &str) -> &str {
    let end = path.find(|c: char| !c.is_alphanumeric() && c != '_').unwrap_or(path.len());
    path.get(..end).unwrap_or("")
}

#[test]
fn nobody_reaches_through_a_wall() {
    expect_none(&breaches(&Tree::of_repository()));
}

#[test]
fn each_way_through_a_wall_is_found() {
    for (path, text) in [
        ("server/src/http/pages.rs", "use crate::db::Id;"),
        ("server/src/http/pages.rs", "use super::super::db::Id;"),
        ("server/src/http/pages.rs", "use crate::{app::App, db};"),
        ("server/src/http/pages.rs", "let plan = self.app.store.latest_plan(org, None)?;"),
        ("server/src/cli/commands.rs", "    app.store.migrate()?;"),
        ("server/src/db/store.rs", "use crate::http::Pages;"),
        ("server/src/db/queries/book.rs", "fn f(app: &crate::app::App) {}"),
        ("server/src/usecases/x.rs", "pub(crate) use crate::http::Bound;"),
        ("server/src/travel/mod.rs", "use crate::usecases::import::Extent;"),
        ("server/src/render/page/tables.rs", "use super::super::super::db::rows::CaseRow;"),
        ("server/src/clock.rs", "use super::db;"),
        ("server/src/helpers/mod.rs", ""),
    ] {
        let faults = breaches(&Tree::made_up(&[(path, text)]));
        assert_eq!(faults.len(), 1, "{path}: {text}: {faults:?}");
        assert!(faults[0].starts_with(path), "{faults:?}");
    }
    for (path, text) in [
        ("server/src/http/pages.rs", "use crate::usecases::show_plan::document;"),
        ("server/src/http/pages.rs", "use super::guard;"),
        ("server/src/db/mod.rs", "pub use error::DbError; use crate::db::Id;"),
        ("server/src/db/queries/book.rs", "use super::super::error::DbError;"),
        ("server/src/cli/demo/mod.rs", "use super::super::report; // not server::render"),
    ] {
        let faults = breaches(&Tree::made_up(&[(path, text)]));
        assert_eq!(faults, Vec::<String>::new(), "{path}: {text}");
    }
}
