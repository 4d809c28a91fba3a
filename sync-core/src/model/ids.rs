//! Ids: UUIDv7, one type per noun, so that a case's id cannot be passed for an agent's.

use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Serialize};
use thiserror::Error;
use uuid::{Builder, Uuid};

/// Why a text or some bytes are no id.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
pub enum IdError {
    /// Not a UUID in hyphenated form.
    #[error("{kind}: `{text}` is not a UUID; write 36 characters with hyphens")]
    Syntax {
        /// Which id was expected.
        kind: &'static str,
        /// What was given.
        text: String,
    },
    /// A UUID of another version.
    #[error("{kind}: `{id}` is not a UUID of version 7; ids of this system are")]
    Version {
        /// Which id was expected.
        kind: &'static str,
        /// What was given.
        id: Uuid,
    },
}

macro_rules! id {
    ($name:ident, $kind:literal, $doc:literal) => {
        #[doc = $doc]
        ///
        /// Sorts by the time it was made. In JSON a hyphenated string.
        #[derive(
            Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize,
        )]
        #[serde(try_from = "Uuid", into = "Uuid")]
        pub struct $name(Uuid);

        impl $name {
            /// An id made at `unix_ms` (milliseconds since 1970, 48 bits are used) with
            /// `random` bytes.
            #[must_use]
            pub fn from_parts(unix_ms: u64, random: [u8; 10]) -> Self {
                Self(Builder::from_unix_timestamp_millis(unix_ms, &random).into_uuid())
            }

            /// An id from its 16 bytes.
            ///
            /// # Errors
            /// [`IdError::Version`] when they are no UUID of version 7.
            pub fn from_bytes(bytes: [u8; 16]) -> Result<Self, IdError> {
                Self::try_from(Uuid::from_bytes(bytes))
            }

            /// The 16 bytes, big-endian.
            #[must_use]
            pub fn as_bytes(&self) -> &[u8; 16] {
                self.0.as_bytes()
            }
        }

        impl TryFrom<Uuid> for $name {
            type Error = IdError;

            fn try_from(id: Uuid) -> Result<Self, Self::Error> {
                if id.get_version_num() == 7 {
                    Ok(Self(id))
                } else {
                    Err(IdError::Version { kind: $kind, id })
                }
            }
        }

        impl From<$name> for Uuid {
            fn from(id: $name) -> Self {
                id.0
            }
        }

        impl FromStr for $name {
            type Err = IdError;

            fn from_str(text: &str) -> Result<Self, Self::Err> {
                let syntax = || IdError::Syntax { kind: $kind, text: text.to_owned() };
                // The uuid crate also reads braced and bare forms; one form is enough here.
                if text.len() != 36 {
                    return Err(syntax());
                }
                Self::try_from(Uuid::try_parse(text).map_err(|_| syntax())?)
            }
        }

        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                self.0.hyphenated().fmt(f)
            }
        }
    };
}

id!(OrgId, "organisation id", "An organisation: the tenant all data belong to.");
id!(UserId, "user id", "A person who logs in.");
id!(BorrowerId, "borrower id", "A person who owes.");
id!(AccountId, "account id", "A loan contract.");
id!(CaseId, "case id", "An account placed for recovery.");
id!(AgentId, "agent id", "A person who visits.");
id!(TerritoryId, "territory id", "Connected cells of one plan.");
id!(PlanId, "plan id", "A plan of one working day.");
id!(RouteId, "route id", "The stops of one agent in a plan.");
id!(StopId, "stop id", "A planned visit.");
id!(AllocationId, "allocation id", "A case given to an agent for a period.");
id!(JobId, "job id", "A piece of work in the queue.");
id!(ImportId, "import id", "One import of files.");
id!(VisitId, "visit id", "A visit that happened.");

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn is_made_from_time_and_random_bytes() {
        let id = CaseId::from_parts(0x0190_0000_0000, [0xff; 10]);
        assert_eq!(id.to_string(), "01900000-0000-7fff-bfff-ffffffffffff");
        assert_eq!(id.to_string().parse(), Ok(id));
        assert_eq!(CaseId::from_bytes(*id.as_bytes()), Ok(id));
        assert!(id < CaseId::from_parts(0x0190_0000_0001, [0; 10]));
    }

    #[test]
    fn is_a_string_in_json() {
        let id = AgentId::from_parts(1, [7; 10]);
        let json = serde_json::to_string(&id).unwrap();
        assert_eq!(json, format!("\"{id}\""));
        assert_eq!(serde_json::from_str::<AgentId>(&json).unwrap(), id);
    }

    #[test]
    fn refuses_other_uuids() {
        let four = "550e8400-e29b-41d4-a716-446655440000";
        assert!(matches!(four.parse::<CaseId>(), Err(IdError::Version { .. })));
        let bare = "019000000000fffffffffffffffffff7";
        assert!(matches!(bare.parse::<CaseId>(), Err(IdError::Syntax { .. })));
    }
}
