//! The rules of the schema, asked of live databases: both alike, and every key has `org_id`, so
//! that PostgreSQL can be distributed by organisation later.

use std::collections::BTreeSet;
use std::path::PathBuf;

use tests::database::{Database, Raw};

use super::on_both;

on_both!(every_key_names_the_organisation, up_down_and_up_again, nothing_fires_by_itself);

/// Tables of the product; the log of migrations is none of them.
const TABLES_SQLITE: &str = "sqlite_schema AS t WHERE t.type = 'table' AND t.name NOT LIKE \
     'sqlite_%' AND t.name <> '__diesel_schema_migrations'";

const COLUMNS_SQLITE: &str = "SELECT t.name || '.' || c.name || ' ' || c.type || \
     CASE c.\"notnull\" WHEN 1 THEN ' NOT NULL' ELSE '' END AS line \
     FROM (SELECT name FROM TABLES) AS t, pragma_table_info(t.name) AS c";
const KEYS_SQLITE: &str = "SELECT t.name || CASE i.origin WHEN 'pk' THEN ' primary ' ELSE ' unique ' END || \
     (SELECT group_concat(name, ' ') FROM (SELECT name FROM pragma_index_info(i.name) ORDER BY seqno)) \
     AS line FROM (SELECT name FROM TABLES) AS t, pragma_index_list(t.name) AS i WHERE i.\"unique\" = 1";
const FOREIGN_SQLITE: &str = "SELECT t.name || ' to ' || f.\"table\" || ' ' || \
     group_concat(f.\"from\" || '=' || f.\"to\", ' ') AS line \
     FROM (SELECT name FROM TABLES) AS t, pragma_foreign_key_list(t.name) AS f GROUP BY t.name, f.id";

const COLUMNS_PG: &str = "SELECT table_name || '.' || column_name || ' ' || upper(data_type) || \
     CASE is_nullable WHEN 'NO' THEN ' NOT NULL' ELSE '' END AS line FROM information_schema.columns \
     WHERE table_schema = 'public' AND table_name <> '__diesel_schema_migrations'";
const KEYS_PG: &str = "SELECT t.relname || CASE WHEN i.indisprimary THEN ' primary ' ELSE ' unique ' END || \
     (SELECT string_agg(a.attname, ' ' ORDER BY k.n) FROM unnest(i.indkey) WITH ORDINALITY AS k (attnum, n) \
     JOIN pg_attribute AS a ON a.attrelid = t.oid AND a.attnum = k.attnum) AS line \
     FROM pg_index AS i JOIN pg_class AS t ON t.oid = i.indrelid \
     WHERE t.relnamespace = 'public'::regnamespace AND i.indisunique \
     AND t.relname <> '__diesel_schema_migrations'";
const FOREIGN_PG: &str = "SELECT t.relname || ' to ' || u.relname || ' ' || \
     (SELECT string_agg(a.attname || '=' || b.attname, ' ' ORDER BY k.n) \
     FROM unnest(c.conkey, c.confkey) WITH ORDINALITY AS k (mine, theirs, n) \
     JOIN pg_attribute AS a ON a.attrelid = t.oid AND a.attnum = k.mine \
     JOIN pg_attribute AS b ON b.attrelid = u.oid AND b.attnum = k.theirs) AS line \
     FROM pg_constraint AS c JOIN pg_class AS t ON t.oid = c.conrelid \
     JOIN pg_class AS u ON u.oid = c.confrelid WHERE c.contype = 'f'";

/// A live schema as sorted lines.
#[derive(Debug, Default, PartialEq, Eq)]
struct Schema {
    /// `cases.case_id BYTES NOT NULL`
    columns: BTreeSet<String>,
    /// `cases primary org_id case_id`, `cases unique org_id case_ref`
    keys: BTreeSet<String>,
    /// `cases to borrowers org_id=org_id borrower_id=borrower_id`
    foreign: BTreeSet<String>,
}

impl Schema {
    fn of(raw: &mut Raw) -> Self {
        let [columns, keys, foreign] = match raw {
            Raw::Sqlite(_) => [COLUMNS_SQLITE, KEYS_SQLITE, FOREIGN_SQLITE],
            Raw::Pg(_) => [COLUMNS_PG, KEYS_PG, FOREIGN_PG],
        };
        let mut ask = |query: &str| -> BTreeSet<String> {
            let lines = raw.lines(&query.replace("TABLES", TABLES_SQLITE)).unwrap();
            lines.iter().map(|line| portable(line)).collect()
        };
        Self { columns: ask(columns), keys: ask(keys), foreign: ask(foreign) }
    }

    fn tables(&self) -> BTreeSet<&str> {
        self.columns.iter().filter_map(|column| column.split('.').next()).collect()
    }

    /// What breaks a rule, one sentence each.
    fn faults(&self) -> Vec<String> {
        let mut faults = Vec::new();
        for table in self.tables() {
            if !self.columns.contains(&format!("{table}.org_id BYTES NOT NULL")) {
                faults.push(format!("{table} has no org_id, or one that may be null"));
            }
            if !self.keys.iter().any(|key| key.starts_with(&format!("{table} primary "))) {
                faults.push(format!("{table} has no primary key"));
            }
        }
        for key in &self.keys {
            if !key.split(' ').skip(2).any(|column| column == "org_id") {
                faults.push(format!("a key without org_id: {key}"));
            }
        }
        for key in &self.foreign {
            if !key.split(' ').any(|pair| pair == "org_id=org_id") {
                faults.push(format!("a foreign key without org_id: {key}"));
            }
        }
        let allowed = ["BYTES", "TEXT", "BIGINT", "INTEGER"];
        for column in &self.columns {
            if !column.split(' ').nth(1).is_some_and(|kind| allowed.contains(&kind)) {
                faults.push(format!("a type that is not the same everywhere: {column}"));
            }
        }
        faults
    }
}

/// The one type that has two names.
fn portable(line: &str) -> String {
    line.replace(" BLOB", " BYTES").replace(" BYTEA", " BYTES")
}

fn every_key_names_the_organisation(database: &Database) {
    database.open().unwrap().migrate().unwrap();
    let schema = Schema::of(&mut database.raw().unwrap());
    assert!(schema.tables().len() >= 12, "{:?}", schema.tables());
    assert!(schema.foreign.len() >= 12, "{:?}", schema.foreign);
    assert!(schema.faults().is_empty(), "{:#?}", schema.faults());
}

fn nothing_fires_by_itself(database: &Database) {
    database.open().unwrap().migrate().unwrap();
    let query = match database.url() {
        None => "SELECT name AS line FROM sqlite_schema WHERE type = 'trigger'",
        Some(_) => "SELECT tgname::text AS line FROM pg_trigger WHERE NOT tgisinternal",
    };
    assert_eq!(database.raw().unwrap().lines(query).unwrap(), Vec::<String>::new());
}

/// Folders of one kind's migrations, oldest first.
fn migrations(kind: &str) -> Vec<PathBuf> {
    let folder = tests::repository().join("migrations").join(kind);
    let mut found: Vec<PathBuf> =
        std::fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path()).collect();
    found.sort();
    found
}

fn up_down_and_up_again(database: &Database) {
    let migrations = migrations(if database.url().is_some() { "postgres" } else { "sqlite" });
    let mut raw = database.raw().unwrap();
    let run = |raw: &mut Raw, folder: &PathBuf, file: &str| {
        raw.run(&std::fs::read_to_string(folder.join(file)).unwrap()).unwrap();
    };
    let mut steps = vec![Schema::of(&mut raw)];
    for folder in &migrations {
        run(&mut raw, folder, "up.sql");
        steps.push(Schema::of(&mut raw));
    }
    for folder in migrations.iter().rev() {
        let made = steps.pop().unwrap();
        assert_eq!(Schema::of(&mut raw), made);
        run(&mut raw, folder, "down.sql");
    }
    assert_eq!(Schema::of(&mut raw), Schema::default(), "down.sql leaves something");
    for folder in &migrations {
        run(&mut raw, folder, "up.sql");
    }
    // What the files make by hand is what the program makes.
    let by_hand = Schema::of(&mut raw);
    let other = match database.url() {
        None => Database::sqlite().unwrap(),
        Some(_) => Database::postgres().unwrap().unwrap(),
    };
    other.open().unwrap().migrate().unwrap();
    assert_eq!(Schema::of(&mut other.raw().unwrap()), by_hand);
}

#[test]
fn both_databases_have_the_same_tables() {
    let sqlite = Database::sqlite().unwrap();
    sqlite.open().unwrap().migrate().unwrap();
    let sqlite = Schema::of(&mut sqlite.raw().unwrap());
    let Some(pg) = Database::postgres().unwrap() else { return };
    pg.open().unwrap().migrate().unwrap();
    let pg = Schema::of(&mut pg.raw().unwrap());
    let differences = |a: &BTreeSet<String>, b: &BTreeSet<String>| -> Vec<String> {
        a.symmetric_difference(b).cloned().collect()
    };
    assert_eq!(differences(&sqlite.columns, &pg.columns), Vec::<String>::new());
    assert_eq!(differences(&sqlite.keys, &pg.keys), Vec::<String>::new());
    assert_eq!(differences(&sqlite.foreign, &pg.foreign), Vec::<String>::new());
}

#[test]
fn both_databases_have_the_same_migrations() {
    let names = |kind| -> Vec<String> {
        let name = |path: PathBuf| path.file_name().unwrap().to_string_lossy().into_owned();
        migrations(kind).into_iter().map(name).collect()
    };
    assert!(!names("sqlite").is_empty());
    assert_eq!(names("sqlite"), names("postgres"));
    for kind in ["sqlite", "postgres"] {
        for folder in migrations(kind) {
            for file in ["up.sql", "down.sql"] {
                assert!(folder.join(file).is_file(), "{} lacks {file}", folder.display());
            }
        }
    }
}

/// The rules find what they are there to find, on both databases.
#[test]
fn a_bad_schema_is_found() {
    let bad = "CREATE TABLE a (org_id BYTES NOT NULL, id TEXT NOT NULL, at REAL, PRIMARY KEY (id), \
         UNIQUE (org_id, at)); \
         CREATE TABLE b (id TEXT NOT NULL REFERENCES a (id), org_id BYTES, PRIMARY KEY (org_id, id));";
    let kinds = [Some(Database::sqlite().unwrap()), Database::postgres().unwrap()];
    for database in kinds.into_iter().flatten() {
        let bytes = if database.url().is_some() { "BYTEA" } else { "BLOB" };
        let mut raw = database.raw().unwrap();
        raw.run(&bad.replace("BYTES", bytes)).unwrap();
        let faults = Schema::of(&mut raw).faults();
        let found = |text: &str| faults.iter().any(|fault| fault.contains(text));
        assert!(found("a key without org_id: a primary id"), "{faults:?}");
        assert!(found("a foreign key without org_id: b to a id=id"), "{faults:?}");
        assert!(found("a type that is not the same everywhere: a.at REAL"), "{faults:?}");
        // PostgreSQL makes the columns of a primary key NOT NULL by itself.
        assert!(found("b has no org_id") || database.url().is_some(), "{faults:?}");
        assert!(!found("a has no org_id") && !found("a unique"), "{faults:?}");
    }
}
