//! One file per verb. The only place where rules meet the database.

pub mod import;
