//! Risk tiers and what is done with a case.

use serde::{Deserialize, Serialize};

/// How much attention a case needs. Ordered: low is less than high.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Tier {
    /// Watched, never routed.
    Low,
    /// Letters and calls.
    Medium,
    /// May be visited.
    High,
}

impl Tier {
    /// The word used in reports and files.
    #[must_use]
    pub const fn label(self) -> &'static str {
        match self {
            Self::Low => "low",
            Self::Medium => "medium",
            Self::High => "high",
        }
    }
}

/// What is done with a case next.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Treatment {
    /// An agent may be routed to the home.
    HomeVisit,
    /// Letters and telephone calls.
    LettersAndCalls,
    /// Watched without contact.
    WatchList,
    /// Help from afar: extension, instalments, referral. For those who cannot pay.
    RemoteHelp,
    /// A decision on the hardship request comes first.
    HardshipReview,
    /// The dispute is settled first.
    DisputeReview,
    /// Contact pauses after a death.
    BereavementPause,
    /// One trained person, remote first.
    DedicatedAgent,
    /// The borrower asked for no contact; only what the law demands is sent.
    NoContact,
}

impl Treatment {
    /// The word used in reports and files.
    #[must_use]
    pub const fn label(self) -> &'static str {
        match self {
            Self::HomeVisit => "home_visit",
            Self::LettersAndCalls => "letters_and_calls",
            Self::WatchList => "watch_list",
            Self::RemoteHelp => "remote_help",
            Self::HardshipReview => "hardship_review",
            Self::DisputeReview => "dispute_review",
            Self::BereavementPause => "bereavement_pause",
            Self::DedicatedAgent => "dedicated_agent",
            Self::NoContact => "no_contact",
        }
    }
}
