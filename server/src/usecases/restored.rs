//! The server goes on from an older state than it had: a backup was restored. Section 8 of `SYNC.md`.
//!
//! What was given out since the backup must not be given out again, and every phone has to begin its
//! stream anew. So the epoch rises, and all numbers go on with a gap.

use super::log::u64_of;
use crate::app::App;
use crate::db::DbError;
use crate::db::log::{AuditNote, Raised};
use crate::db::rows::{EpochRow, SyncHeadRow};

/// How much further the places in the log and the ops of the office go on: more than anybody writes
/// between a backup and its restoration.
pub const GAP: i64 = 1 << 32;

/// The same of the numbers of devices.
pub const DEVICES: i64 = 1_000;

/// For how long a device is not believed again: an hour in microseconds.
const AGAIN_US: i64 = 3_600_000_000;

/// How far beyond the server's clock an epoch is believed: a day in milliseconds.
const AHEAD_MS: u64 = 86_400_000;

/// What a device says the server was like.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Seen {
    /// The device.
    pub(super) actor: i64,
    /// The epoch it has seen last; 0 for none.
    pub(super) epoch: u64,
    /// How far it has read the log in that epoch.
    pub(super) reached: u64,
    /// How many of its ops were acknowledged.
    pub(super) acknowledged: u64,
}

impl Seen {
    /// Whether it knows of more than there is: `known` ops of its own.
    fn is_beyond(&self, head: &SyncHeadRow, known: i64) -> bool {
        let epoch = u64_of(head.epoch);
        let further = self.reached > u64_of(head.server_seq) || self.acknowledged > u64_of(known);
        self.epoch > epoch || (self.epoch == epoch && further)
    }
}

/// Raises the epoch where a device knows of more than there is. Gives the head.
///
/// A device that lies costs every phone a snapshot of its cases, so each is believed once an hour.
///
/// # Errors
/// The database fails.
pub(super) fn notice(app: &App, seen: Seen, known: i64) -> Result<SyncHeadRow, DbError> {
    let head = app.store.head(app.org)?;
    if !seen.is_beyond(&head, known) {
        return Ok(head);
    }
    let now = app.ids.clock().now().as_microsecond();
    app.store.raise_epoch(app.org, Some(seen.actor), |head, before| {
        let lately = before.is_some_and(|at| now.saturating_sub(at) < AGAIN_US);
        // Another device may have been first.
        (seen.is_beyond(head, known) && !lately).then(|| raised(head, now, Some(seen)))
    })
}

/// Raises the epoch after a backup was restored. Gives the new one.
///
/// # Errors
/// The database fails.
pub fn restored(app: &App) -> Result<u64, DbError> {
    let now = app.ids.clock().now().as_microsecond();
    let head = app.store.raise_epoch(app.org, None, |head, _| Some(raised(head, now, None)))?;
    Ok(u64_of(head.epoch))
}

/// The head in the epoch after.
fn raised(head: &SyncHeadRow, now: i64, seen: Option<Seen>) -> Raised {
    let now_ms = now.div_euclid(1000);
    // The epoch of a lost time, unless it is made up.
    let lost = seen.map_or(0, |seen| seen.epoch);
    let lost = if lost <= u64_of(now_ms).saturating_add(AHEAD_MS) { lost } else { 0 };
    let lost = i64::try_from(lost).unwrap_or(0);
    let epoch = head.epoch.max(lost).saturating_add(1).max(now_ms);
    let actor = seen.map(|seen| seen.actor);
    let by = actor.map_or_else(
        || "by command after a restore".to_owned(),
        |actor| format!("device {actor} knew of more than there is"),
    );
    Raised {
        head: SyncHeadRow {
            epoch,
            server_seq: head.server_seq.saturating_add(GAP),
            office_sequence: head.office_sequence.saturating_add(GAP),
            last_actor: head.last_actor.saturating_add(DEVICES).min(i64::from(u32::MAX)),
            ..head.clone()
        },
        epoch: EpochRow { org_id: head.org_id, epoch, raised_at: now, actor },
        note: AuditNote {
            at: now,
            user_id: None,
            actor,
            action: "epoch_raised",
            subject: format!("epoch {epoch}"),
            detail: format!("after {}, {by}", head.epoch),
        },
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::db::Id;

    fn head() -> SyncHeadRow {
        SyncHeadRow {
            org_id: Id([1; 16]),
            epoch: 7,
            server_seq: 40,
            last_actor: 3,
            office_sequence: 12,
            office_head: vec![5; 32],
            office_ms: 0,
            office_count: 0,
            audit_seq: 9,
            audit_head: vec![6; 32],
        }
    }

    const SEEN: Seen = Seen { actor: 2, epoch: 7, reached: 40, acknowledged: 5 };

    #[test]
    fn a_device_that_knows_more_is_noticed() {
        for (seen, known, beyond) in [
            (SEEN, 5, false),
            (SEEN, 9, false),
            (SEEN, 4, true),
            (Seen { reached: 41, ..SEEN }, 5, true),
            (Seen { epoch: 8, reached: 0, acknowledged: 0, ..SEEN }, 5, true),
            // It starts over anyway.
            (Seen { epoch: 6, reached: 99, acknowledged: 99, ..SEEN }, 5, false),
            (Seen { epoch: 0, reached: 0, acknowledged: 0, ..SEEN }, 0, false),
        ] {
            assert_eq!(seen.is_beyond(&head(), known), beyond, "{seen:?} {known}");
        }
    }

    #[test]
    fn all_numbers_go_on_with_a_gap_and_the_epoch_is_new() {
        // 2026-11-20T12:00:00Z
        let now = 1_795_176_000_000_000;
        let Raised { head: after, epoch, .. } = raised(&head(), now, None);
        assert_eq!((after.epoch, epoch.epoch), (1_795_176_000_000, 1_795_176_000_000));
        let numbers = (after.server_seq, after.office_sequence, after.last_actor);
        assert_eq!(numbers, (40 + GAP, 12 + GAP, 1_003));
        assert_eq!((after.office_head, after.audit_seq), (vec![5; 32], 9));
        // Again in the same millisecond, and after an epoch that was lost.
        let again = |epoch, seen| raised(&SyncHeadRow { epoch, ..head() }, now, seen).head.epoch;
        assert_eq!(again(1_795_176_000_000, None), 1_795_176_000_001);
        let seen = |epoch| Some(Seen { epoch, ..SEEN });
        assert_eq!(again(7, seen(1_795_176_000_009)), 1_795_176_000_010);
        assert_eq!(again(7, seen(u64::MAX)), 1_795_176_000_000, "nobody makes up the last one");
    }
}
