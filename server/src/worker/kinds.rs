//! The kinds of jobs, and which of them come by themselves.

use std::time::Duration;

use crate::app::App;
use crate::error::Error;
use crate::usecases::jobs;
use crate::usecases::promises_due::judge_promises;

/// A job that comes by itself.
pub(super) struct Regular {
    /// Its kind.
    pub(super) kind: &'static str,
    /// How often.
    pub(super) every: Duration,
}

const PROMISES_DUE: &str = "promises_due";
const TOKENS_CLEANUP: &str = "tokens_cleanup";

pub(super) const REGULAR: [Regular; 2] = [
    Regular { kind: PROMISES_DUE, every: Duration::from_secs(3600) },
    Regular { kind: TOKENS_CLEANUP, every: Duration::from_secs(24 * 3600) },
];

/// Does one job.
pub(super) fn run(app: &App, kind: &str) -> Result<(), Error> {
    match kind {
        PROMISES_DUE => {
            let judged = judge_promises(app)?;
            tracing::info!(judged, "promises");
            Ok(())
        }
        TOKENS_CLEANUP => {
            let removed = jobs::clean_up(app)?;
            tracing::info!(removed, "expired tokens, codes and old jobs");
            Ok(())
        }
        other => Err(Error::Invalid(format!(
            "there is no kind of job {other}: a newer version of this program put it there"
        ))),
    }
}
