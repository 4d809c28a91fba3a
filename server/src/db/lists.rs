//! What a list is asked for: data without queries. `before` is the key of the last row seen.

use super::Id;
use super::rows::{CaseStatusRow, CaseTagRow, ContactValueRow};

/// Visits, the latest arrival first.
#[derive(Debug, Clone, Copy)]
pub struct Visits {
    /// Arrival from and before, in microseconds since 1970 UTC.
    pub between: Option<(i64, i64)>,
    /// Of one case.
    pub case: Option<Id>,
    /// Of one agent.
    pub agent: Option<Id>,
    /// Arrival and id.
    pub before: Option<(i64, Id)>,
    /// Most rows.
    pub most: i64,
}

/// Conflicts, the latest first.
#[derive(Debug, Clone, Copy)]
pub struct Conflicts {
    /// Of one case.
    pub case: Option<Id>,
    /// Settled ones too.
    pub settled: bool,
    /// Opening, actor and sequence.
    pub before: Option<(i64, i64, i64)>,
    /// Most rows.
    pub most: i64,
}

/// Ops kept aside, the latest first.
#[derive(Debug, Clone)]
pub struct Aside {
    /// Of one device.
    pub actor: Option<i64>,
    /// Released ones too.
    pub released: bool,
    /// Receipt, actor, sequence and body hash.
    pub before: Option<(i64, i64, i64, Vec<u8>)>,
    /// Most rows.
    pub most: i64,
}

/// Ops that are odd, the latest first.
#[derive(Debug, Clone, Copy)]
pub struct Flagged {
    /// The `server_seq` of the last one seen.
    pub before: i64,
    /// Most rows.
    pub most: i64,
}

/// What was written about a case itself.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CaseEdits {
    /// All values of contact fields that nothing has replaced.
    pub contacts: Vec<ContactValueRow>,
    /// Tags in the order of their letters.
    pub tags: Vec<CaseTagRow>,
    /// The status, if it was ever set.
    pub status: Option<CaseStatusRow>,
}
