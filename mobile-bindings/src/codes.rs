//! The tables of codes, as in section 6 of `server/docs/SYNC.md`.

// These are the types of `sync_core` itself: the names here are checked against theirs.
pub use sync_core::kinds::{
    CaseStatus, ContactField, Disposition, Met, PaymentMethod, PromiseState,
};

/// Whom a visit found at the door.
#[uniffi::remote(Enum)]
pub enum Met {
    /// Nobody.
    Nobody,
    /// The borrower.
    Borrower,
    /// Somebody else.
    SomebodyElse,
}

/// The coded outcome of a visit. There is none for taking goods.
#[uniffi::remote(Enum)]
pub enum Disposition {
    /// None of the others.
    Other,
    /// Nobody was reached.
    NoContact,
    /// The borrower lives elsewhere now.
    MovedAway,
    /// The address is wrong.
    AddressWrong,
    /// Only somebody else was reached.
    ThirdPartyOnly,
    /// All was paid.
    Paid,
    /// A part was paid.
    PartPaid,
    /// A payment was promised.
    PromiseToPay,
    /// The borrower will not pay.
    RefusedToPay,
    /// The borrower wants no contact.
    RefusedContact,
    /// The debt is disputed.
    Disputed,
    /// The borrower told of hardship.
    HardshipTold,
    /// The borrower is vulnerable.
    Vulnerable,
    /// The borrower has died.
    Deceased,
    /// Another time was asked for.
    AskedForAnotherTime,
    /// The agent left to be safe.
    LeftForSafety,
    /// The borrower was referred to somebody who helps.
    Referred,
}

/// What became of a promise.
#[uniffi::remote(Enum)]
pub enum PromiseState {
    /// Not due yet, or not looked at.
    Open,
    /// Paid as promised.
    Kept,
    /// Paid in part.
    PartKept,
    /// Not paid.
    Broken,
    /// Withdrawn.
    Cancelled,
}

/// How a payment was made.
#[uniffi::remote(Enum)]
pub enum PaymentMethod {
    /// In another way.
    Other,
    /// In cash.
    Cash,
    /// By cheque.
    Cheque,
    /// By card.
    Card,
    /// By bank transfer.
    Transfer,
    /// From a mobile wallet.
    MobileMoney,
}

/// The status of a case.
#[uniffi::remote(Enum)]
pub enum CaseStatus {
    /// Worked on.
    Open,
    /// No contact for now.
    Paused,
    /// Finished.
    Closed,
    /// Given to lawyers.
    LegalHandOff,
}

/// A contact field.
#[uniffi::remote(Enum)]
pub enum ContactField {
    /// The name of the borrower.
    Name,
    /// A telephone number.
    Phone,
    /// The address in words.
    Address,
    /// Where the home is.
    Position,
    /// An e-mail address.
    Email,
    /// The language to speak, a tag of BCP 47.
    Language,
}
