//! The audit log: a chain of hashes over its rows, so that none can be changed or left out unseen.

use sha2::{Digest as _, Sha256};
use sync_core::bytes::RecordWriter;

use super::Id;
use super::rows::AuditRow;

/// What the first entry follows.
pub const AUDIT_START: [u8; 32] = [0; 32];

/// One entry to be.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AuditNote {
    /// When, in microseconds since 1970 UTC.
    pub at: i64,
    /// Which user did it; nobody where the server or the command line did.
    pub user_id: Option<Id>,
    /// From which device.
    pub actor: Option<i64>,
    /// What was done, as a stable code.
    pub action: &'static str,
    /// To what, as a noun and an id.
    pub subject: String,
    /// How it ended, without personal data.
    pub detail: String,
}

/// Where the log should begin and end, and where it does.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AuditEnds {
    /// Number and hash of the last entry, as the head of the log has them.
    pub head: Option<(i64, Vec<u8>)>,
    /// The same number as it is noted beside.
    pub mark: Option<i64>,
    /// The lowest number there is.
    pub first: Option<i64>,
    /// The highest.
    pub last: Option<i64>,
    /// Whether there are users: none was made without an entry.
    pub used: bool,
}

impl AuditEnds {
    /// How many entries there should be.
    #[must_use]
    pub fn entries(&self) -> i64 {
        self.head.as_ref().map(|(number, _)| *number).or(self.mark).unwrap_or(0)
    }
}

/// The hash of `row` after an entry with the hash `before`: SHA-256 over `before` and the row as a
/// record in canonical bytes (1 organisation, 2 number, 3 at, 4 user ?, 5 actor ?, 6 action, 7
/// subject, 8 detail). Its own `hash` has no part in it.
#[must_use]
pub fn audit_hash(before: &[u8], row: &AuditRow) -> Vec<u8> {
    let mut record = RecordWriter::new();
    record.bytes(1, &row.org_id.0).ivarint(2, row.audit_seq).ivarint(3, row.at);
    if let Some(user) = &row.user_id {
        record.bytes(4, &user.0);
    }
    if let Some(actor) = row.actor {
        record.ivarint(5, actor);
    }
    record.text(6, &row.action).text(7, &row.subject).text(8, &row.detail);
    let mut hash = Sha256::new();
    hash.update(before);
    hash.update(record.finish());
    hash.finalize().to_vec()
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The hash must stay what it is: entries written by this version are checked by later ones.
    #[test]
    fn the_hash_of_a_row_is_fixed() {
        let row = AuditRow {
            org_id: Id([1; 16]),
            audit_seq: 1,
            at: 1_700_000_000_000_000,
            user_id: Some(Id([2; 16])),
            actor: Some(3),
            action: "signed_in".into(),
            subject: "user x".into(),
            detail: String::new(),
            hash: vec![],
        };
        let hash = |row: &AuditRow| -> String {
            audit_hash(&AUDIT_START, row).iter().map(|byte| format!("{byte:02x}")).collect()
        };
        assert_eq!(hash(&row), "9a4ecd8fadd6d84b33f6ed34e3bc44855ca0ae16e502cdf9447384e1cf9471e9");
        let others = [
            AuditRow { org_id: Id([9; 16]), ..row.clone() },
            AuditRow { audit_seq: 2, ..row.clone() },
            AuditRow { at: 0, ..row.clone() },
            AuditRow { user_id: None, ..row.clone() },
            AuditRow { actor: None, ..row.clone() },
            AuditRow { action: "x".into(), ..row.clone() },
            AuditRow { subject: "user y".into(), ..row.clone() },
            AuditRow { detail: " ".into(), ..row.clone() },
        ];
        for other in others {
            assert_ne!(hash(&other), hash(&row), "{other:?}");
        }
        assert_ne!(audit_hash(&[1; 32], &row), audit_hash(&AUDIT_START, &row));
    }
}
