//! Where things are and who may know whom: the layout of the sources, kept true.
//!
//! Each rule is a function from a tree of files to the faults it finds, and is shown a made-up
//! tree that breaks it.

mod crates;
mod layout;
mod walls;
mod words;

use std::collections::BTreeMap;
use std::path::Path;

/// The text files of the repository, or some made up for a test, by path.
struct Tree(BTreeMap<String, String>);

impl Tree {
    fn of_repository() -> Self {
        let mut files = BTreeMap::new();
        let root = tests::repository();
        collect(&root, &root, &mut files);
        assert!(files.contains_key("server/src/main.rs"), "{} is no repository", root.display());
        Self(files)
    }

    fn made_up(files: &[(&str, &str)]) -> Self {
        Self(files.iter().map(|(path, text)| ((*path).into(), (*text).into())).collect())
    }

    /// Rust sources below a folder, with their paths.
    fn rust(&self, below: &str) -> impl Iterator<Item = (&str, &str)> {
        self.below(below).filter(|(path, _)| path.ends_with(".rs"))
    }

    fn below(&self, folder: &str) -> impl Iterator<Item = (&str, &str)> {
        let files = self.0.iter().map(|(path, text)| (path.as_str(), text.as_str()));
        files.filter(move |(path, _)| path.starts_with(folder))
    }
}

/// Files with a text, apart from what is built or belongs to version control.
fn collect(root: &Path, folder: &Path, files: &mut BTreeMap<String, String>) {
    for entry in std::fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        let name = path.strip_prefix(root).unwrap().to_string_lossy().into_owned();
        if ["target", ".git", "doorstep-data"].contains(&name.as_str()) {
            continue;
        }
        if path.is_dir() {
            collect(root, &path, files);
        } else {
            // Anything else than text has a name and no content. A file may also vanish meanwhile.
            let text = std::fs::read_to_string(&path).unwrap_or_default();
            files.insert(name, text);
        }
    }
}

/// Fails with all faults.
fn expect_none(faults: &[String]) {
    assert!(faults.is_empty(), "\n{}\n", faults.join("\n"));
}
