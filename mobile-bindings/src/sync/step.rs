//! What an exchange has done.

use sync_core::phone::Progress;

/// One step of an exchange. What it brought is on disk.
#[derive(Debug, Clone, PartialEq, Eq, uniffi::Enum)]
pub enum SyncStep {
    /// The server knows the phone.
    Greeted,
    /// A batch of ops was taken.
    Pushed {
        /// How many ops of this phone the server has now.
        acknowledged: u64,
        /// How many of the batch it keeps aside.
        kept_aside: u64,
        /// How many seconds it wants to be left alone for; the next request says so too.
        wait_s: u64,
    },
    /// A batch was refused. It is kept; the exchange goes on with what the server has to send.
    PushRefused {
        /// The HTTP status.
        status: u16,
        /// The code, as in section 9 of `server/docs/SYNC.md`; empty where there was none.
        code: String,
        /// What the answer says.
        detail: String,
    },
    /// A page of the server's stream was taken.
    Pulled {
        /// How many frames it had.
        frames: u64,
        /// Whether there is more.
        more: bool,
    },
    /// The handshake has to be done again.
    Again,
    /// The office has revoked the phone, and it was wiped.
    Wiped,
}

/// What a whole exchange did.
#[derive(Debug, Clone, Default, PartialEq, Eq, uniffi::Record)]
pub struct SyncReport {
    /// How many batches the server took.
    pub batches: u64,
    /// How many of their ops it keeps aside: see `kept_aside`.
    pub kept_aside: u64,
    /// How many pages it sent.
    pub pages: u64,
    /// How many frames these had.
    pub frames: u64,
    /// The batch that was refused, if one was: a [`SyncStep::PushRefused`].
    pub refused: Option<SyncStep>,
    /// Whether the phone was revoked and wiped.
    pub wiped: bool,
}

impl SyncReport {
    pub(super) fn add(&mut self, step: &SyncStep) {
        match step {
            SyncStep::Greeted | SyncStep::Again => {}
            SyncStep::Pushed { kept_aside, .. } => {
                self.batches = self.batches.saturating_add(1);
                self.kept_aside = self.kept_aside.saturating_add(*kept_aside);
            }
            SyncStep::PushRefused { .. } => self.refused = Some(step.clone()),
            SyncStep::Pulled { frames, .. } => {
                self.pages = self.pages.saturating_add(1);
                self.frames = self.frames.saturating_add(*frames);
            }
            SyncStep::Wiped => self.wiped = true,
        }
    }
}

impl From<Progress> for SyncStep {
    fn from(progress: Progress) -> Self {
        let count = |count: usize| u64::try_from(count).unwrap_or(u64::MAX);
        match progress {
            Progress::Greeted => Self::Greeted,
            Progress::Pushed { acknowledged, kept_aside, wait_s } => Self::Pushed {
                acknowledged,
                kept_aside: count(kept_aside),
                wait_s: wait_s.unwrap_or(0),
            },
            Progress::PushRefused(refusal) => Self::PushRefused {
                status: refusal.status,
                code: refusal.code.unwrap_or_default(),
                detail: refusal.detail,
            },
            Progress::Pulled { frames, more } => Self::Pulled { frames: count(frames), more },
            Progress::Again => Self::Again,
            Progress::Wiped => Self::Wiped,
        }
    }
}
