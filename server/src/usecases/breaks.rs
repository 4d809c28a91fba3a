//! Breaks of a saved route, as its row has them.

use serde::{Deserialize, Serialize};

use crate::db::DbError;
use crate::db::rows::PlanRouteRow;

/// A break: where and when, in microseconds since 1970.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct KeptBreak {
    /// After how many stops of the route.
    pub(crate) after: i32,
    pub(crate) from: i64,
    pub(crate) to: i64,
    pub(crate) paid: bool,
}

/// As a row has them.
pub(crate) fn written(breaks: &[KeptBreak]) -> String {
    serde_json::json!(breaks).to_string()
}

/// Of a row.
///
/// # Errors
/// The database holds something else.
pub(crate) fn read(row: &PlanRouteRow) -> Result<Vec<KeptBreak>, DbError> {
    serde_json::from_str(&row.breaks)
        .map_err(|e| DbError::Corrupt(format!("breaks of route {}: {e}", row.route_no)))
}
