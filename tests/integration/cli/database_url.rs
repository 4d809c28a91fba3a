//! `DATABASE_URL`: what is taken, what is refused and why.

use tests::database::Database;

use super::{Folder, INIT, complaint, sentence};

fn init_on(url: &str) -> String {
    let folder = Folder::empty();
    let done = folder.doorstep.clone().with_url(Some(url)).run(&INIT).unwrap();
    let said = complaint(&done);
    assert!(!said.contains("secret"), "the password is shown: {said}");
    assert!(!folder.data().join("doorstep.toml").exists(), "a failed init leaves no settings");
    said
}

#[test]
fn an_unknown_scheme_is_refused_with_advice() {
    let said = init_on("mysql://root:secret@localhost/doorstep");
    sentence(&said, &["`mysql`", "postgres://USER:PASSWORD@HOST/NAME", "SQLite"]);
    sentence(&init_on("data.sqlite"), &["postgres://"]);
}

#[test]
fn another_machine_needs_the_feature_with_tls() {
    for url in [
        "postgres://doorstep:secret@db.example.org/doorstep",
        "postgres://doorstep:secret@localhost/doorstep?host=192.0.2.1",
    ] {
        sentence(&init_on(url), &["no TLS", "postgres-tls", "localhost"]);
    }
}

#[test]
fn a_server_that_is_not_there_is_told() {
    // Port 9 of this machine: nobody listens there.
    let said = init_on("postgres://doorstep:secret@127.0.0.1:9/doorstep");
    assert!(said.contains("cannot be opened") && said.contains("127.0.0.1"), "{said}");
}

#[test]
fn a_database_without_tables_is_told() {
    let Some(database) = Database::postgres().unwrap() else { return };
    let folder = Folder::initialised();
    let elsewhere = folder.doorstep.clone().with_url(database.url());
    sentence(&complaint(&elsewhere.run(&["score"]).unwrap()), &["no tables", "doorstep migrate"]);
    elsewhere.ok(&["migrate"]).unwrap();
    let said = complaint(&elsewhere.run(&["score"]).unwrap());
    sentence(&said, &["no organisation", "another database"]);
}
