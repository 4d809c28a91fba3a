//! An op as the registers read it.

use crate::clock::Hlc;
use crate::kinds::{Content, PayloadError};
use crate::op::{Dot, Header, Payload};

/// By what every replica orders: of two values the one with the higher marker is shown.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Marker {
    /// The admitted clock; [`Hlc::LAST`] before the op is admitted.
    pub clock: Hlc,
    /// Who wrote it, and as which of the actor's ops.
    pub dot: Dot,
}

/// An op of a known kind with what the server has added to it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Written {
    /// Who wrote what, where, and knowing what.
    pub header: Header,
    /// What.
    pub content: Content,
    /// The admitted clock; of a released op that of its release.
    pub clock: Hlc,
    /// The place in the organisation's log; of a released op that of its release.
    /// [`Self::PENDING`] before it is admitted.
    pub server_seq: u64,
}

impl Written {
    /// In the place of `server_seq`: not admitted yet.
    pub const PENDING: u64 = u64::MAX;

    /// An op that the server has admitted with that clock, at that place of the log.
    #[must_use]
    pub const fn admitted(header: Header, content: Content, clock: Hlc, server_seq: u64) -> Self {
        Self { header, content, clock, server_seq }
    }

    /// An own op that is not acknowledged yet: it lies on top.
    #[must_use]
    pub const fn pending(header: Header, content: Content) -> Self {
        Self { header, content, clock: Hlc::LAST, server_seq: Self::PENDING }
    }

    /// Reads an admitted op; `None` when its kind or the version of it is not known here.
    ///
    /// # Errors
    /// [`PayloadError`] when its payload cannot be read: it changes no register then.
    pub fn read(
        header: &Header,
        payload: &Payload,
        clock: Hlc,
        server_seq: u64,
    ) -> Result<Option<Self>, PayloadError> {
        let content = Content::read(header.kind, header.kind_version, payload)?;
        Ok(content.map(|content| Self::admitted(header.clone(), content, clock, server_seq)))
    }

    /// The name of the op.
    #[must_use]
    pub const fn dot(&self) -> Dot {
        self.header.dot
    }

    /// Whether it is an own op that is not acknowledged yet.
    #[must_use]
    pub const fn is_pending(&self) -> bool {
        self.server_seq == Self::PENDING
    }

    /// By what it is ordered.
    #[must_use]
    pub const fn marker(&self) -> Marker {
        Marker { clock: self.clock, dot: self.header.dot }
    }

    /// Takes over clock and place of the same op once it is admitted. `true` when `other` is it.
    pub(super) fn acknowledge(&mut self, other: &Self) -> bool {
        if self.dot() != other.dot() {
            return false;
        }
        if self.is_pending() && !other.is_pending() {
            (self.clock, self.server_seq) = (other.clock, other.server_seq);
        }
        true
    }
}
