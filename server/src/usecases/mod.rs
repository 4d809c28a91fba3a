//! One file per verb. The only place where rules meet the database.

pub mod accept_ops;
pub mod access;
pub mod allocate;
pub mod audit;
mod book;
pub mod build_plan;
pub mod build_roads;
mod cells;
pub mod devices;
pub mod export_plan;
pub mod form_territories;
pub mod import;
pub mod jobs;
mod log;
pub mod office;
pub mod passwords;
pub mod promises_due;
pub mod publish;
pub mod pull;
pub mod quarantine;
pub mod refusal;
pub mod score_cases;
mod score_table;
pub mod sessions;
pub mod show_plan;
pub mod users;
