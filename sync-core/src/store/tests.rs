use super::*;

#[test]
fn a_store_in_memory_keeps_the_contract() {
    contract::check(MemoryStore::new(), |store| store);
}

#[cfg(feature = "sqlite")]
mod sqlite {
    use super::*;
    use diesel::connection::SimpleConnection;
    use diesel::prelude::*;

    fn open(folder: &tempfile::TempDir) -> Result<SqliteStore, StoreError> {
        SqliteStore::open(&folder.path().join("phone.sqlite"))
    }

    #[test]
    fn a_store_in_a_file_keeps_the_contract() {
        let folder = tempfile::tempdir().unwrap();
        contract::check(open(&folder).unwrap(), |store| {
            drop(store);
            open(&folder).unwrap()
        });
    }

    #[test]
    fn a_newer_file_is_refused_and_left_as_it_is() {
        let folder = tempfile::tempdir().unwrap();
        let mut store = open(&folder).unwrap();
        store.commit(vec![Change::Name("a".to_owned(), Some(vec![1]))]).unwrap();
        drop(store);
        let path = folder.path().join("phone.sqlite");
        let newer = "INSERT INTO __diesel_schema_migrations (version) VALUES ('20991231000001')";
        let mut conn = SqliteConnection::establish(path.to_str().unwrap()).unwrap();
        conn.batch_execute(newer).unwrap();
        drop(conn);
        let before = std::fs::read(&path).unwrap();
        let refused = open(&folder).unwrap_err();
        assert!(
            matches!(&refused, StoreError::Newer { version, .. } if version == "20991231000001"),
            "{refused:?}"
        );
        assert_eq!(std::fs::read(&path).unwrap(), before);
    }

    #[test]
    fn only_one_program_has_it_open() {
        let folder = tempfile::tempdir().unwrap();
        let store = open(&folder).unwrap();
        assert!(matches!(open(&folder), Err(StoreError::InUse)));
        drop(store);
        assert!(open(&folder).is_ok());
    }

    #[test]
    fn what_is_no_store_is_not_opened() {
        let folder = tempfile::tempdir().unwrap();
        assert!(matches!(SqliteStore::open(folder.path()), Err(StoreError::Open { .. })));
        std::fs::write(folder.path().join("phone.sqlite"), "something else, and longer").unwrap();
        assert!(matches!(open(&folder), Err(StoreError::Open { .. })));
    }

    #[test]
    fn what_is_wiped_is_in_no_file() {
        let folder = tempfile::tempdir().unwrap();
        let mut store = open(&folder).unwrap();
        let secret = b"very secret and long enough";
        let name = Change::Name("secret".to_owned(), Some(secret.to_vec()));
        store.commit(vec![name]).unwrap();
        let held = || {
            let files = std::fs::read_dir(folder.path()).unwrap();
            let bytes = files.map(|file| std::fs::read(file.unwrap().path()).unwrap());
            bytes.flatten().collect::<Vec<u8>>()
        };
        let is_there = |bytes: &[u8]| bytes.windows(secret.len()).any(|window| window == secret);
        assert!(is_there(&held()));
        store.commit(vec![Change::Wipe]).unwrap();
        assert!(!is_there(&held()));
        assert_eq!(store.named("secret"), Ok(None));
    }

    #[test]
    fn a_commit_is_synced_before_it_returns() {
        let folder = tempfile::tempdir().unwrap();
        let mut store = open(&folder).unwrap();
        store.commit(vec![Change::Name("a".to_owned(), Some(vec![1]))]).unwrap();
        assert_eq!(store.pragmas(), ("wal".to_owned(), 2));
    }

    #[test]
    fn changes_are_made_all_or_none() {
        let folder = tempfile::tempdir().unwrap();
        let mut store = open(&folder).unwrap();
        let name = Change::Name("a".to_owned(), Some(vec![1]));
        let beyond = Change::Batch(KeptBatch { last: u64::MAX, bytes: vec![] });
        let failed = store.commit(vec![name, beyond]);
        assert_eq!(failed, Err(StoreError::Range { value: u64::MAX }));
        assert_eq!(store.named("a"), Ok(None));
    }
}
