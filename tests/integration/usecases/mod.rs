//! Use cases from the import to the plan.

mod economics;
mod jobs;
mod large_day;
mod plan_a_day;
mod promises_due;
mod reasons;
mod replan;
mod saved_plans;
mod terms;
