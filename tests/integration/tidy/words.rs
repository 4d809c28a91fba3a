//! Words that may stand only in certain places.

use super::{Tree, expect_none};

/// A word and the places it is kept out of.
struct Rule {
    words: &'static [&'static str],
    below: &'static str,
    except: &'static [&'static str],
    /// Whether capital letters do not matter.
    any_case: bool,
    why: &'static str,
}

// The words of the last rule are taken apart, so that this file does not break it.
const RULES: [Rule; 5] = [
    Rule {
        words: &["diesel"],
        below: "server/",
        except: &["server/src/db/"],
        any_case: true,
        why: "only server/src/db says diesel: add a method to Store",
    },
    Rule {
        words: &["borrower", "loan"],
        below: "server/crates/planner/",
        except: &[],
        any_case: true,
        why: "the planner knows jobs, prizes and shifts; what they stand for is not its business",
    },
    Rule {
        words: &["borrower", "loan"],
        below: "server/crates/roads/",
        except: &[],
        any_case: true,
        why: "roads knows places; what is there is not its business",
    },
    Rule {
        words: &["Timestamp::now", "Zoned::now", "SystemTime::now", "Instant::now"],
        below: "",
        except: &["server/src/clock.rs", "tests/", "/examples/", "/tests/"],
        any_case: false,
        why: "time is an argument: only server/src/clock.rs reads a clock",
    },
    Rule {
        words: &[concat!("to", "do!"), concat!("unimple", "mented!"), concat!("#[ig", "nore")],
        below: "",
        except: &[],
        any_case: false,
        why: "finish it, or leave it out",
    },
];

fn misplaced(tree: &Tree, rule: &Rule) -> Vec<String> {
    let spared = |path: &str| {
        rule.except.iter().any(|place| match place.strip_prefix('/') {
            Some(_) => path.contains(place),
            None => path.starts_with(place),
        })
    };
    let mut faults = Vec::new();
    for (path, text) in tree.rust(rule.below).filter(|(path, _)| !spared(path)) {
        for (number, line) in (1..).zip(text.lines()) {
            let line = if rule.any_case { line.to_lowercase() } else { line.to_owned() };
            if let Some(word) = rule.words.iter().find(|word| line.contains(**word)) {
                faults.push(format!("{path}:{number} says `{word}`: {}", rule.why));
            }
        }
    }
    faults
}

#[test]
fn words_stand_where_they_belong() {
    let tree = Tree::of_repository();
    for rule in &RULES {
        expect_none(&misplaced(&tree, rule));
    }
}

#[test]
fn each_misplaced_word_is_found() {
    let broken = [
        ("server/src/usecases/x.rs", "use diesel::prelude::*;", "server/src/db/x.rs"),
        ("server/crates/planner/src/x.rs", "// the Borrower's door", "server/crates/domain/x.rs"),
        ("server/crates/roads/src/x.rs", "let loans = 1;", "server/crates/domain/x.rs"),
        ("server/src/app.rs", "let now = jiff::Timestamp::now();", "server/src/clock.rs"),
        ("sync-core/src/x.rs", concat!("to", "do!(\"later\")"), "server/README.md"),
    ];
    for (rule, (path, text, allowed)) in RULES.iter().zip(broken) {
        let faults = misplaced(&Tree::made_up(&[("a.rs", ""), (path, text)]), rule);
        assert_eq!(faults.len(), 1, "{path}: {faults:?}");
        assert!(faults[0].starts_with(&format!("{path}:1 says")), "{faults:?}");
        assert_eq!(misplaced(&Tree::made_up(&[(allowed, text)]), rule), Vec::<String>::new());
    }
    let clock = ("server/crates/roads/examples/measure.rs", "std::time::Instant::now()");
    assert_eq!(misplaced(&Tree::made_up(&[clock]), &RULES[3]), Vec::<String>::new());
}
