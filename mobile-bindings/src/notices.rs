//! What needs a human: conflicts, and ops the server took notice of.

use sync_core::op::Kind;
use sync_core::phone::{KeptAside, Phone, PhoneConflict};
use sync_core::protocol::Code;

use crate::error::PhoneError;
use crate::names::{self, Moment, OpName};
use crate::phone::DoorstepPhone;
use crate::said::Said;

/// Two values of one field, written by people who did not know of each other. Neither is lost.
#[derive(Debug, Clone, PartialEq, Eq, uniffi::Record)]
pub struct Conflict {
    /// The case, a UUID.
    pub case_id: String,
    /// The visit or promise the field belongs to; none where it belongs to the case.
    pub record: Option<OpName>,
    /// The value that is shown.
    pub shown: Said,
    /// The value that is not.
    pub other: Said,
}

/// An op of this phone that the server keeps aside or flagged.
#[derive(Debug, Clone, PartialEq, Eq, uniffi::Record)]
pub struct Notice {
    /// The op.
    pub op: OpName,
    /// The case, a UUID.
    pub case_id: Option<String>,
    /// When it was written, by the phone's clock, milliseconds since 1970 UTC.
    pub written_at_ms: i64,
    /// What the op is, as `visit` or `payment`.
    pub kind: String,
    /// Why, a code of section 9 of `server/docs/SYNC.md`, or one of a later server.
    pub code: String,
    /// What it means and what to do, a sentence to show.
    pub sentence: String,
}

#[uniffi::export]
impl DoorstepPhone {
    /// Conflicts that nobody has settled.
    ///
    /// # Errors
    /// [`PhoneError::Storage`].
    pub fn conflicts(&self) -> Result<Vec<Conflict>, PhoneError> {
        let conflicts = self.with(Phone::conflicts)?;
        Ok(conflicts.iter().map(Conflict::of).collect())
    }

    /// Settles conflicts of a case: the values of the ops `lost` are out of the question. To take
    /// the other value instead, write it again: that replaces both.
    ///
    /// # Errors
    /// [`PhoneError::NotAllocated`], [`PhoneError::BadInput`], [`PhoneError::Storage`].
    pub fn settle_conflict(
        &self,
        moment: Moment,
        case_id: &str,
        lost: Vec<OpName>,
        note: Option<String>,
    ) -> Result<OpName, PhoneError> {
        let (moment, case) = (moment.core()?, names::case(case_id)?);
        let lost: Result<Vec<_>, _> = lost.into_iter().map(|op| op.dot("lost")).collect();
        let lost = lost?;
        Ok(self.with(|phone| phone.settle(moment, case, lost, note))?.into())
    }

    /// Own ops that the server keeps aside: they count nowhere until the office releases them.
    ///
    /// # Errors
    /// [`PhoneError::Storage`].
    pub fn kept_aside(&self) -> Result<Vec<Notice>, PhoneError> {
        Ok(self.with(Phone::kept_aside)?.into_iter().map(Notice::of).collect())
    }

    /// Own ops that the server took and flagged, once for each code.
    ///
    /// # Errors
    /// [`PhoneError::Storage`].
    pub fn flagged(&self) -> Result<Vec<Notice>, PhoneError> {
        Ok(self.with(Phone::flagged)?.into_iter().map(Notice::of).collect())
    }
}

impl Conflict {
    fn of(conflict: &PhoneConflict) -> Self {
        Self {
            case_id: conflict.case.to_string(),
            record: conflict.register.record.map(OpName::from),
            shown: Said::of(&conflict.shown),
            other: Said::of(&conflict.other),
        }
    }
}

impl Notice {
    fn of(noticed: KeptAside) -> Self {
        let KeptAside { op, code } = noticed;
        let header = op.header;
        Self {
            op: header.dot.into(),
            case_id: header.case.map(|case| case.to_string()),
            written_at_ms: header.clock.ms(),
            kind: kind(header.kind).to_owned(),
            sentence: sentence(&code).to_owned(),
            code,
        }
    }
}

fn kind(kind: Kind) -> &'static str {
    match kind {
        Kind::VISIT => "visit",
        Kind::DISPOSITION => "disposition",
        Kind::PROMISE => "promise",
        Kind::PAYMENT => "payment",
        Kind::REVERSAL => "reversal",
        Kind::CONTACT => "contact",
        Kind::TAG_ADDED => "tag_added",
        Kind::TAG_REMOVED => "tag_removed",
        Kind::SETTLED => "settled",
        _ => "other",
    }
}

fn sentence(code: &str) -> &'static str {
    match code.parse() {
        Ok(Code::ForeignCase) => {
            "The case was not allocated to you then. Ask the office to release the entry."
        }
        Ok(Code::RoleForbidden) => "This is for the office to enter. Tell it what happened.",
        Ok(Code::DeviceRevoked | Code::DeviceForked | Code::UserDisabled) => {
            "The phone was not allowed to write any more. Ask the office to release the entry."
        }
        Ok(Code::ValueImplausible) => {
            "A time, an amount or a way in it cannot be. Set the clock of the phone, enter it again, or \
             tell the office what happened."
        }
        Ok(Code::Unreadable) => "The office cannot read the entry. Update the app, enter it again.",
        Ok(Code::ClockImplausible) => "The clock of the phone was wrong. Set it; nothing is lost.",
        Ok(Code::ReversalExceeds) => {
            "More was reversed than was left of the payment, so it does not count. Look at the \
             payment again."
        }
        Ok(Code::DuplicateSuspected) => {
            "A payment much like it was entered within ten minutes. If it is the same, reverse one."
        }
        Ok(Code::PolicyBreach) => "The visit was outside of the rules. The office will ask you.",
        _ => "The office looks at it. Ask there what to do.",
    }
}
