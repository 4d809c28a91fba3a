//! The queue of work, in the database: whoever comes claims the next job for some minutes.

use std::time::Duration;

use sha2::{Digest as _, Sha256};
use sync_core::model::JobId;

use crate::app::App;
use crate::db::rows::JobRow;
use crate::error::Error;

/// How long a claim holds; nobody works longer at one job.
pub const LEASE: Duration = Duration::from_secs(300);
/// How often a job is tried.
pub const TRIES: i32 = 8;
/// Pause before the second attempt; each further one doubles it.
const FIRST_PAUSE: Duration = Duration::from_secs(30);
/// How long jobs that are over are kept, and expired tokens after their end.
const KEPT: Duration = Duration::from_secs(30 * 24 * 3600);

/// A job that is ours until its lease runs out.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Claimed {
    row: JobRow,
    /// What is to be done.
    pub kind: String,
    /// With what, as JSON.
    pub payload: String,
}

/// Microseconds of a duration.
fn micros(duration: Duration) -> i64 {
    i64::try_from(duration.as_micros()).unwrap_or(i64::MAX)
}

fn now(app: &App) -> i64 {
    app.ids.clock().now().as_microsecond()
}

/// Puts the regular job of this period into the queue, unless it is there: its id follows from kind
/// and period, so any number of servers add it once. Says whether it was added.
///
/// # Errors
/// The database fails.
pub fn schedule(app: &App, kind: &'static str, every: Duration) -> Result<bool, Error> {
    let now = now(app);
    let start = now - now.rem_euclid(micros(every).max(1));
    let ms = start.div_euclid(1000);
    let mut rest = [0; 10];
    let hash = Sha256::digest(format!("{kind}/{ms}").as_bytes());
    rest.iter_mut().zip(hash).for_each(|(to, from)| *to = from);
    let id = JobId::from_parts(u64::try_from(ms).unwrap_or(0), rest);
    add(app, id, kind, "{}", start)
}

/// Puts a job into the queue, to be done now.
///
/// # Errors
/// The database fails.
pub fn enqueue(app: &App, kind: &str, payload: &str) -> Result<(), Error> {
    let (ms, random) = app.ids.parts()?;
    add(app, JobId::from_parts(ms, random), kind, payload, now(app)).map(drop)
}

fn add(app: &App, id: JobId, kind: &str, payload: &str, run_at: i64) -> Result<bool, Error> {
    Ok(app.store.add_job(&JobRow {
        org_id: app.org,
        job_id: id.into(),
        kind: kind.into(),
        payload: payload.into(),
        state: "queued".into(),
        run_at,
        attempts: 0,
        claimed_until: None,
        last_error: None,
        created_at: now(app),
        done_at: None,
    })?)
}

/// Claims the job that has been due longest. One that was tried often enough without an end is given
/// up on the way.
///
/// # Errors
/// The database fails.
pub fn claim(app: &App) -> Result<Option<Claimed>, Error> {
    let now = now(app);
    let until = now.saturating_add(micros(LEASE));
    let row = app.store.claim_job(app.org, now, until, TRIES)?;
    Ok(row.map(|row| Claimed { kind: row.kind.clone(), payload: row.payload.clone(), row }))
}

/// Notes that a job is done; nothing where the lease ran out and somebody else has it.
///
/// # Errors
/// The database fails.
pub fn finish(app: &App, claimed: &Claimed) -> Result<bool, Error> {
    let after = JobRow {
        state: "done".into(),
        done_at: Some(now(app)),
        claimed_until: None,
        last_error: None,
        ..claimed.row.clone()
    };
    Ok(app.store.end_claim(&claimed.row, &after)?)
}

/// Notes why a job failed. It is tried again after a pause, or given up.
///
/// # Errors
/// The database fails.
pub fn fail(app: &App, claimed: &Claimed, why: &str) -> Result<bool, Error> {
    let now = now(app);
    let tried = u32::try_from(claimed.row.attempts.saturating_sub(1)).unwrap_or(0);
    let pause = FIRST_PAUSE.saturating_mul(1 << tried.min(16));
    let last = claimed.row.attempts >= TRIES;
    let after = JobRow {
        state: if last { "failed" } else { "queued" }.into(),
        run_at: now.saturating_add(micros(pause)),
        done_at: last.then_some(now),
        claimed_until: None,
        last_error: Some(why.chars().take(500).collect()),
        ..claimed.row.clone()
    };
    Ok(app.store.end_claim(&claimed.row, &after)?)
}

/// Removes tokens and codes that ran out, and jobs that are over, when they are old. Says how many.
///
/// # Errors
/// The database fails.
pub fn clean_up(app: &App) -> Result<usize, Error> {
    let before = now(app).saturating_sub(micros(KEPT));
    Ok(app.store.remove_expired_tokens(app.org, before)?
        + app.store.remove_old_jobs(app.org, before)?)
}
