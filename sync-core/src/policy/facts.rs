//! What the rules may know about a case.

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use crate::model::{Dpd, Flags, LocalWindow, Zone};

/// How a borrower was approached.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Channel {
    /// At the door.
    Visit,
    /// By telephone.
    Call,
    /// By short message, e-mail or voice message.
    Message,
    /// By post.
    Letter,
}

/// One earlier approach.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Attempt {
    /// When.
    pub at: Timestamp,
    /// How.
    pub channel: Channel,
    /// Whether the borrower was met or spoken to.
    pub met: bool,
}

impl Attempt {
    /// A visit at `at`.
    #[must_use]
    pub const fn visit(at: Timestamp, met: bool) -> Self {
        Self { at, channel: Channel::Visit, met }
    }
}

/// What the rules may know about a case.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct CaseFacts {
    /// The zone of the home to be visited.
    pub zone: Zone,
    /// The hours the borrower asked for (`visit_from`, `visit_to`).
    pub visit_window: Option<LocalWindow>,
    /// Circumstances.
    pub flags: Flags,
    /// Earlier approaches on all channels, in any order.
    pub attempts: Vec<Attempt>,
    /// When these facts were known to be true.
    pub facts_as_of: Timestamp,
    /// Days past due.
    pub dpd: Dpd,
}
