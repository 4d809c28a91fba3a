//! What an op is about.

/// The number of a kind. Numbers that are not known here are kept as they came.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Kind(u64);

impl Kind {
    /// A visit that happened.
    pub const VISIT: Self = Self(1);
    /// The disposition of a visit.
    pub const DISPOSITION: Self = Self(2);
    /// A promise to pay.
    pub const PROMISE: Self = Self(3);
    /// A payment.
    pub const PAYMENT: Self = Self(4);
    /// The reversal of a payment.
    pub const REVERSAL: Self = Self(5);
    /// A contact field: name, phone, address or position.
    pub const CONTACT: Self = Self(6);
    /// A tag added.
    pub const TAG_ADDED: Self = Self(7);
    /// A tag removed.
    pub const TAG_REMOVED: Self = Self(8);
    /// The status of a case.
    pub const STATUS: Self = Self(9);
    /// A conflict settled.
    pub const SETTLED: Self = Self(10);
    /// An op released from quarantine.
    pub const RELEASED: Self = Self(11);

    /// The kind with that number, known or not.
    #[must_use]
    pub const fn new(number: u64) -> Self {
        Self(number)
    }

    /// Its number.
    #[must_use]
    pub const fn number(self) -> u64 {
        self.0
    }

    /// Whether this program knows the kind; its version may still be another.
    #[must_use]
    pub const fn is_known(self) -> bool {
        matches!(self.0, 1..=11)
    }
}
