//! Every test here is one body that runs on SQLite and on PostgreSQL.

mod book;
mod migrate;
mod organisations;
mod plans;
mod schema;

/// Makes each function a test on both databases: `sqlite::name` and `postgres::name`.
macro_rules! on_both {
    ($($name:ident),+ $(,)?) => {
        mod sqlite {
            $(#[test]
            fn $name() {
                super::$name(&tests::database::Database::sqlite().unwrap());
            })+
        }
        mod postgres {
            $(#[test]
            fn $name() {
                if let Some(database) = tests::database::Database::postgres().unwrap() {
                    super::$name(&database);
                }
            })+
        }
    };
}
pub(crate) use on_both;
