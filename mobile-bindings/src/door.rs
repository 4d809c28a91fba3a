//! May I visit now? Of a case on the phone, with all the phone knows.

use crate::codes::CaseStatus;
use crate::error::PhoneError;
use crate::names;
use crate::phone::DoorstepPhone;
use crate::visit::{VisitAnswer, answer};

/// The answer, with what the office said since the case was planned.
#[derive(Debug, Clone, PartialEq, Eq, uniffi::Record)]
pub struct DoorAnswer {
    /// Whether a visit is allowed: nothing below objects.
    pub allowed: bool,
    /// What the rules say, and when to come again if nothing but time is in the way.
    pub rules: VisitAnswer,
    /// The status of the case; only an open one is visited.
    pub status: CaseStatus,
    /// What the office said since the case was planned or allocated: call before you go.
    pub recalls: Vec<RecallLine>,
    /// The policy packs that were asked, as `house@1`.
    pub packs: Vec<String>,
}

/// The office stopped or changed a visit.
#[derive(Debug, Clone, PartialEq, Eq, uniffi::Record)]
pub struct RecallLine {
    /// Why, as a code.
    pub code: String,
    /// When, milliseconds since 1970 UTC.
    pub at_ms: i64,
}

#[uniffi::export]
impl DoorstepPhone {
    /// Whether the borrower may be visited at `now_ms` (the phone's clock, milliseconds since 1970
    /// UTC). Own visits count, also those that are not sent yet. Under a policy pack of a later
    /// program nothing is allowed, with the rule `pack_unread`; visits can be logged all the same.
    ///
    /// # Errors
    /// [`PhoneError::NotAllocated`], [`PhoneError::BadInput`], [`PhoneError::Storage`].
    pub fn may_visit_now(&self, case_id: &str, now_ms: i64) -> Result<DoorAnswer, PhoneError> {
        let case = names::case(case_id)?;
        let (asked, as_of_ms) = self.with(|phone| {
            let asked = phone.may_visit(case, now_ms)?;
            Ok::<_, PhoneError>((asked, phone.case(case)?.facts.as_of_ms))
        })?;
        let recalls = asked.recalls.iter();
        let recalls = recalls.map(|it| RecallLine { code: it.code.clone(), at_ms: it.at_ms });
        Ok(DoorAnswer {
            allowed: asked.is_allowed(),
            rules: answer(&asked.verdict, now_ms.saturating_sub(as_of_ms).max(0)),
            status: asked.status,
            recalls: recalls.collect(),
            packs: asked.packs(),
        })
    }
}
