//! Use cases from the import to the plan.

mod plan_a_day;
