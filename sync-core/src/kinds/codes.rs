//! The tables of codes: a number in ops, a word everywhere else.

use std::fmt;
use std::str::FromStr;

use thiserror::Error;

/// A word that is not in a table.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
#[error("{table}: `{text}` is not known; write one of {known}")]
pub struct LabelError {
    /// The name of the table.
    pub table: &'static str,
    /// What was given.
    pub text: String,
    /// The words of the table.
    pub known: String,
}

macro_rules! codes {
    ($(#[$doc:meta])* $name:ident, $table:literal {
        $($(#[$item_doc:meta])* $item:ident = $number:literal, $label:literal;)+
    }) => {
        $(#[$doc])*
        #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub enum $name {
            $($(#[$item_doc])* $item,)+
        }

        impl $name {
            /// All of them in the order of their numbers.
            pub const ALL: &'static [Self] = &[$(Self::$item),+];

            /// The number it is written with in ops.
            #[must_use]
            pub const fn number(self) -> u64 {
                match self { $(Self::$item => $number,)+ }
            }

            /// The one with that number, if there is one.
            #[must_use]
            pub const fn of_number(number: u64) -> Option<Self> {
                match number {
                    $($number => Some(Self::$item),)+
                    _ => None,
                }
            }

            /// The word in databases, files and JSON.
            #[must_use]
            pub const fn label(self) -> &'static str {
                match self { $(Self::$item => $label,)+ }
            }
        }

        impl FromStr for $name {
            type Err = LabelError;

            fn from_str(text: &str) -> Result<Self, Self::Err> {
                Self::ALL.iter().copied().find(|code| code.label() == text).ok_or_else(|| {
                    let labels: Vec<_> = Self::ALL.iter().map(|code| code.label()).collect();
                    LabelError { table: $table, text: text.to_owned(), known: labels.join(", ") }
                })
            }
        }

        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str(self.label())
            }
        }
    };
}

codes! {
    /// Whom a visit found at the door.
    Met, "met" {
        /// Nobody.
        Nobody = 0, "nobody";
        /// The borrower.
        Borrower = 1, "borrower";
        /// Somebody else.
        SomebodyElse = 2, "somebody_else";
    }
}

codes! {
    /// The coded outcome of a visit. There is none for taking goods.
    Disposition, "disposition" {
        /// None of the others.
        Other = 0, "other";
        /// Nobody was reached.
        NoContact = 1, "no_contact";
        /// The borrower lives elsewhere now.
        MovedAway = 2, "moved_away";
        /// The address is wrong.
        AddressWrong = 3, "address_wrong";
        /// Only somebody else was reached.
        ThirdPartyOnly = 4, "third_party_only";
        /// All was paid.
        Paid = 5, "paid";
        /// A part was paid.
        PartPaid = 6, "part_paid";
        /// A payment was promised.
        PromiseToPay = 7, "promise_to_pay";
        /// The borrower will not pay.
        RefusedToPay = 8, "refused_to_pay";
        /// The borrower wants no contact.
        RefusedContact = 9, "refused_contact";
        /// The debt is disputed.
        Disputed = 10, "disputed";
        /// The borrower told of hardship.
        HardshipTold = 11, "hardship_told";
        /// The borrower is vulnerable.
        Vulnerable = 12, "vulnerable";
        /// The borrower has died.
        Deceased = 13, "deceased";
        /// Another time was asked for.
        AskedForAnotherTime = 14, "asked_for_another_time";
        /// The agent left to be safe.
        LeftForSafety = 15, "left_for_safety";
        /// The borrower was referred to somebody who helps.
        Referred = 16, "referred";
    }
}

codes! {
    /// What became of a promise.
    PromiseState, "state of a promise" {
        /// Not due yet, or not looked at.
        Open = 0, "open";
        /// Paid as promised.
        Kept = 1, "kept";
        /// Paid in part.
        PartKept = 2, "part_kept";
        /// Not paid.
        Broken = 3, "broken";
        /// Withdrawn.
        Cancelled = 4, "cancelled";
    }
}

codes! {
    /// How a payment was made.
    PaymentMethod, "method" {
        /// In another way.
        Other = 0, "other";
        /// In cash.
        Cash = 1, "cash";
        /// By cheque.
        Cheque = 2, "cheque";
        /// By card.
        Card = 3, "card";
        /// By bank transfer.
        Transfer = 4, "transfer";
        /// From a mobile wallet.
        MobileMoney = 5, "mobile_money";
    }
}

codes! {
    /// The status of a case.
    CaseStatus, "status" {
        /// Worked on.
        Open = 0, "open";
        /// No contact for now.
        Paused = 1, "paused";
        /// Finished.
        Closed = 2, "closed";
        /// Given to lawyers.
        LegalHandOff = 3, "legal_hand_off";
    }
}

codes! {
    /// A contact field: the number of the field in the header of its ops.
    ContactField, "contact field" {
        /// The name of the borrower.
        Name = 1, "name";
        /// A telephone number.
        Phone = 2, "phone";
        /// The address in words.
        Address = 3, "address";
        /// Where the home is.
        Position = 4, "position";
        /// An e-mail address.
        Email = 5, "email";
        /// The language to speak, a tag of BCP 47.
        Language = 6, "language";
    }
}
