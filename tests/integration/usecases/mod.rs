//! Use cases from the import to the plan.

mod economics;
mod home;
mod jobs;
mod large_day;
mod one_stop;
mod plan_a_day;
mod planned;
mod promises_due;
mod reasons;
mod replan;
mod saved_plans;
mod terms;
mod wants;
