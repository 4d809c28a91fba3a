//! Tables are made once, whoever else makes them at the same time.

use std::sync::Barrier;

use tests::database::Database;

use super::on_both;

on_both!(a_second_migration_does_nothing, many_may_migrate_at_once);

fn a_second_migration_does_nothing(database: &Database) {
    let store = database.open().unwrap();
    assert!(!store.is_migrated().unwrap());
    let first = store.migrate().unwrap();
    assert!(!first.is_empty());
    assert!(store.is_migrated().unwrap());
    assert!(store.migrate().unwrap().is_empty());
    let another = database.open().unwrap();
    assert!(another.is_migrated().unwrap());
    assert!(another.migrate().unwrap().is_empty());
}

fn many_may_migrate_at_once(database: &Database) {
    const MANY: usize = 6;
    let start = Barrier::new(MANY);
    let applied: Vec<usize> = std::thread::scope(|scope| {
        let migrate = || {
            let store = database.open();
            // Everybody arrives here, also who could not open it: nobody waits for ever.
            start.wait();
            store.unwrap().migrate().unwrap().len()
        };
        let running: Vec<_> = (0..MANY).map(|_| scope.spawn(migrate)).collect();
        running.into_iter().map(|thread| thread.join().unwrap()).collect()
    });
    let names = database.open().unwrap();
    assert!(names.is_migrated().unwrap());
    assert_eq!(applied.iter().filter(|n| **n > 0).count(), 1, "{applied:?}");
}
