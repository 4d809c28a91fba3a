//! What a decision about the log reads, and what it writes: data without queries.

use super::Id;
pub use super::audit::AuditNote;
use super::rows::{
    AllocationRow, CaseRow, CaseStatusRow, CaseTagRow, ConflictRow, ContactValueRow, DeviceRow,
    EpochRow, FeedRow, KeptAsideRow, LiveOpRow, OpRow, PaymentRow, PromiseRow, PublicationRow,
    SyncHeadRow, UserRow, VisitRow,
};

/// Case, arrival, whom it found and the agent of a visit.
pub type VisitMade = (Id, i64, String, Option<Id>);

/// What to read before deciding.
#[derive(Debug, Clone, Default)]
pub struct LogQuery {
    /// The device that pushes, with the first and last sequence it sends.
    pub device: Option<(i64, i64, i64)>,
    /// The cases the ops are about.
    pub cases: Vec<Id>,
    /// Whether ops of them will be admitted: then their registers, records and facts are read.
    pub admits: bool,
    /// Ops to look up by actor and sequence, wherever they are.
    pub dots: Vec<(i64, i64)>,
    /// Actors of whom the last sequence is asked.
    pub actors: Vec<i64>,
    /// Ops kept aside to look up by actor and sequence.
    pub kept: Vec<(i64, i64)>,
    /// A day (YYYY-MM-DD) whose publications, and the allocations these made, are read.
    pub published_on: Option<String>,
}

/// What is known when deciding; the head is locked.
#[derive(Debug, Clone)]
pub struct LogKnown {
    /// The head of the log.
    pub head: SyncHeadRow,
    /// The device that pushes.
    pub device: Option<DeviceRow>,
    /// Its user.
    pub user: Option<UserRow>,
    /// Ops of the device that are in the log within the range sent.
    pub stored: Vec<OpRow>,
    /// Ops kept aside: of the device within the range sent, and those looked up.
    pub kept: Vec<KeptAsideRow>,
    /// The last sequences of the actors asked, as far as they are devices.
    pub heights: Vec<(i64, i64)>,
    /// The ops looked up, as far as they are in the log.
    pub ops: Vec<OpRow>,
    /// Live ops of the cases, with the keys of their registers.
    pub live: Vec<(Vec<u8>, OpRow)>,
    /// Add-only records of the cases.
    pub records: Vec<OpRow>,
    /// Open conflicts of the cases.
    pub conflicts: Vec<ConflictRow>,
    /// Visits of the cases, by time.
    pub visits: Vec<VisitRow>,
    /// Ledger of the cases.
    pub payments: Vec<PaymentRow>,
    /// The cases, and the other cases of their borrowers.
    pub cases: Vec<CaseRow>,
    /// Allocations of the cases, those that ended too; and of the day's publications.
    pub allocations: Vec<AllocationRow>,
    /// Publications of the day, the newest first.
    pub publications: Vec<PublicationRow>,
    /// Recalls of the cases because of their circumstances.
    pub recalls: Vec<FeedRow>,
}

/// How far a device has come.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DeviceProgress {
    /// Whose.
    pub actor: i64,
    /// Last sequence taken.
    pub sequence: i64,
    /// Head of the chain there.
    pub chain_head: Vec<u8>,
    /// Admitted clock of the last op.
    pub admitted: (i64, i32),
    /// When it was heard of.
    pub seen_at: i64,
    /// Since when it is known to be forked.
    pub forked_at: Option<i64>,
}

/// All rows of one decision; written together or not at all.
#[derive(Debug, Clone)]
pub struct LogRows {
    /// The head after it.
    pub head: SyncHeadRow,
    /// The device after it.
    pub device: Option<DeviceProgress>,
    /// New ops.
    pub ops: Vec<OpRow>,
    /// Ops to keep aside.
    pub kept: Vec<KeptAsideRow>,
    /// Ops kept aside that are taken in: dot, body hash, `server_seq` of the release.
    pub released: Vec<((i64, i64), Vec<u8>, i64)>,
    /// Live ops that are none any more.
    pub live_gone: Vec<LiveOpRow>,
    /// New live ops.
    pub live_new: Vec<LiveOpRow>,
    /// New visits.
    pub visits: Vec<VisitRow>,
    /// Dispositions of known visits.
    pub dispositions: Vec<(Id, String)>,
    /// Promises, new or changed.
    pub promises: Vec<PromiseRow>,
    /// New payments and reversals.
    pub payments: Vec<PaymentRow>,
    /// Values of contact fields: all of a case's field.
    pub contacts: Vec<(Id, String, Vec<ContactValueRow>)>,
    /// Tags: all of a case.
    pub tags: Vec<(Id, Vec<CaseTagRow>)>,
    /// Statuses that changed.
    pub statuses: Vec<CaseStatusRow>,
    /// Conflicts that opened or were settled.
    pub conflicts: Vec<ConflictRow>,
    /// Recalls and changed facts.
    pub feed: Vec<FeedRow>,
    /// Cases given.
    pub granted: Vec<AllocationRow>,
    /// Cases taken back: allocation, when, at which `server_seq`.
    pub withdrawn: Vec<(Id, i64, i64)>,
    /// Plans published.
    pub published: Vec<PublicationRow>,
    /// What to note.
    pub audit: Vec<AuditNote>,
}

impl LogRows {
    /// Nothing but a head.
    #[must_use]
    pub fn at(head: SyncHeadRow) -> Self {
        Self {
            head,
            device: None,
            ops: Vec::new(),
            kept: Vec::new(),
            released: Vec::new(),
            live_gone: Vec::new(),
            live_new: Vec::new(),
            visits: Vec::new(),
            dispositions: Vec::new(),
            promises: Vec::new(),
            payments: Vec::new(),
            contacts: Vec::new(),
            tags: Vec::new(),
            statuses: Vec::new(),
            conflicts: Vec::new(),
            feed: Vec::new(),
            granted: Vec::new(),
            withdrawn: Vec::new(),
            published: Vec::new(),
            audit: Vec::new(),
        }
    }
}

/// Another epoch: the head in it, its row, and what to note.
#[derive(Debug, Clone)]
pub struct Raised {
    /// The head after it.
    pub head: SyncHeadRow,
    /// Since when and why.
    pub epoch: EpochRow,
    /// What to note.
    pub note: AuditNote,
}

/// A hello to be noted.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Greeting {
    /// Of which device.
    pub actor: i64,
    /// Its count.
    pub count: i64,
    /// Server clock less device clock, in milliseconds.
    pub offset_ms: i64,
    /// The app it runs.
    pub app_version: String,
    /// When it came.
    pub at: i64,
}
