//! The codes of what is refused, kept aside or flagged.

use std::fmt;
use std::str::FromStr;

macro_rules! codes {
    ($($(#[$doc:meta])* $name:ident, $label:literal, $status:expr;)+) => {
        /// A code of section 9 of `server/docs/SYNC.md`. The words are stable.
        #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub enum Code {
            $($(#[$doc])* $name,)+
        }

        impl Code {
            /// All codes in the order of the table.
            pub const ALL: &'static [Self] = &[$(Self::$name),+];

            /// The word in answers, problems and tables.
            #[must_use]
            pub const fn label(self) -> &'static str {
                match self { $(Self::$name => $label,)+ }
            }

            /// The HTTP status of a refusal; none where the op is stored all the same.
            #[must_use]
            pub const fn status(self) -> Option<u16> {
                match self { $(Self::$name => $status,)+ }
            }
        }
    };
}

codes! {
    /// Other magic or version.
    UnknownFormat, "unknown_format", Some(400);
    /// App or protocol too old; the device keeps its data.
    UpgradeRequired, "upgrade_required", Some(426);
    /// The body ends too early.
    Truncated, "truncated", Some(400);
    /// Bytes after the end.
    TrailingBytes, "trailing_bytes", Some(400);
    /// More than allowed, or more than announced.
    TooLarge, "too_large", Some(413);
    /// Not the one encoding there is.
    NotCanonical, "not_canonical", Some(400);
    /// Unknown device or other organisation.
    UnknownDevice, "unknown_device", Some(404);
    /// The signature does not hold.
    BadSignature, "bad_signature", Some(403);
    /// The first sequence is too high.
    SequenceGap, "sequence_gap", Some(409);
    /// The chain head does not follow.
    ChainBroken, "chain_broken", Some(409);
    /// A known sequence with another hash: the phone was copied or restored.
    DeviceForked, "device_forked", Some(409);
    /// The device is revoked.
    DeviceRevoked, "device_revoked", Some(403);
    /// The user of the device is disabled.
    UserDisabled, "user_disabled", Some(403);
    /// A hello with a count that was there before.
    HelloReplayed, "hello_replayed", Some(409);
    /// Token missing, expired or of another device.
    Unauthenticated, "unauthenticated", Some(401);
    /// Kept aside: the case was not allocated to this user then.
    ForeignCase, "foreign_case", None;
    /// Kept aside: the kind is not for this role.
    RoleForbidden, "role_forbidden", None;
    /// Kept aside: it names an op of another actor that the server has not got.
    UnheardContext, "unheard_context", None;
    /// Kept aside: a time, an amount or a way that cannot be.
    ValueImplausible, "value_implausible", None;
    /// Flagged: the payload lacks a field or has an impossible value.
    Unreadable, "unreadable", None;
    /// Flagged: the clock is more than a day off, or not of this century.
    ClockImplausible, "clock_implausible", None;
    /// Flagged and not counted: reverses an unknown payment, or more than is left of it.
    ReversalExceeds, "reversal_exceeds", None;
    /// Flagged: a payment like another of the case within ten minutes.
    DuplicateSuspected, "duplicate_suspected", None;
    /// Flagged: outside of the rules when it happened.
    PolicyBreach, "policy_breach", None;
}

impl fmt::Display for Code {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.label())
    }
}

impl FromStr for Code {
    /// The word that is no code this program knows.
    type Err = String;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        Self::ALL.iter().copied().find(|code| code.label() == text).ok_or_else(|| text.to_owned())
    }
}
