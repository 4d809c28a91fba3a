//! Circumstances of a case that change how it may be treated.

use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Serialize};
use thiserror::Error;

/// Why a text is no set of flags.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
pub enum FlagError {
    /// Not one of the known words.
    #[error(
        "flags: `{0}` is unknown; use vulnerable, dispute, bereaved, hardship, no_contact, separated by `;`"
    )]
    Unknown(String),
}

/// One circumstance.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum CaseFlag {
    /// Elderly, disabled, ill or otherwise in need of special care.
    Vulnerable,
    /// The debt is contested.
    Dispute,
    /// A death in the household.
    Bereaved,
    /// Hardship was asked for or granted.
    Hardship,
    /// The borrower asked for no contact.
    NoContact,
}

impl CaseFlag {
    /// All flags, in the order they are written.
    pub const ALL: [Self; 5] =
        [Self::Vulnerable, Self::Dispute, Self::Bereaved, Self::Hardship, Self::NoContact];

    /// The word used in files.
    #[must_use]
    pub const fn label(self) -> &'static str {
        match self {
            Self::Vulnerable => "vulnerable",
            Self::Dispute => "dispute",
            Self::Bereaved => "bereaved",
            Self::Hardship => "hardship",
            Self::NoContact => "no_contact",
        }
    }

    const fn bit(self) -> u8 {
        match self {
            Self::Vulnerable => 1,
            Self::Dispute => 2,
            Self::Bereaved => 4,
            Self::Hardship => 8,
            Self::NoContact => 16,
        }
    }
}

impl FromStr for CaseFlag {
    type Err = FlagError;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        Self::ALL
            .into_iter()
            .find(|flag| flag.label() == text)
            .ok_or_else(|| FlagError::Unknown(text.to_owned()))
    }
}

/// A set of flags; text form `vulnerable;dispute`, empty text for none.
///
/// ```
/// use sync_core::model::{CaseFlag, Flags};
/// let flags: Flags = "hardship; dispute".parse()?;
/// assert!(flags.contains(CaseFlag::Dispute));
/// assert_eq!(flags.to_string(), "dispute;hardship");
/// # Ok::<(), sync_core::model::FlagError>(())
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct Flags(u8);

impl Flags {
    /// No flag.
    pub const NONE: Self = Self(0);

    /// The set with `flag` added.
    #[must_use]
    pub const fn with(self, flag: CaseFlag) -> Self {
        Self(self.0 | flag.bit())
    }

    /// The set without `flag`.
    #[must_use]
    pub const fn without(self, flag: CaseFlag) -> Self {
        Self(self.0 & !flag.bit())
    }

    /// Whether `flag` is set.
    #[must_use]
    pub const fn contains(self, flag: CaseFlag) -> bool {
        self.0 & flag.bit() != 0
    }

    /// Whether no flag is set.
    #[must_use]
    pub const fn is_empty(self) -> bool {
        self.0 == 0
    }

    /// The flags that are set, in the order of [`CaseFlag::ALL`].
    pub fn iter(self) -> impl Iterator<Item = CaseFlag> {
        CaseFlag::ALL.into_iter().filter(move |flag| self.contains(*flag))
    }
}

impl FromIterator<CaseFlag> for Flags {
    fn from_iter<T: IntoIterator<Item = CaseFlag>>(flags: T) -> Self {
        flags.into_iter().fold(Self::NONE, Self::with)
    }
}

impl FromStr for Flags {
    type Err = FlagError;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        text.split(';').map(str::trim).filter(|word| !word.is_empty()).map(str::parse).collect()
    }
}

impl TryFrom<String> for Flags {
    type Error = FlagError;

    fn try_from(text: String) -> Result<Self, Self::Error> {
        text.parse()
    }
}

impl From<Flags> for String {
    fn from(flags: Flags) -> Self {
        flags.to_string()
    }
}

impl fmt::Display for Flags {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (index, flag) in self.iter().enumerate() {
            if index > 0 {
                f.write_str(";")?;
            }
            f.write_str(flag.label())?;
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn reads_and_writes_lists() {
        for (text, written) in [
            ("", ""),
            (";", ""),
            ("no_contact;vulnerable;vulnerable", "vulnerable;no_contact"),
            (" bereaved ;", "bereaved"),
        ] {
            assert_eq!(text.parse::<Flags>().unwrap().to_string(), written);
        }
    }

    #[test]
    fn names_the_unknown_word() {
        let error = "dispute;sick".parse::<Flags>().unwrap_err();
        assert_eq!(error, FlagError::Unknown("sick".to_owned()));
        assert!(error.to_string().contains("vulnerable"));
    }

    #[test]
    fn adds_and_removes() {
        let flags = Flags::NONE.with(CaseFlag::Dispute).with(CaseFlag::Hardship);
        assert_eq!(flags.without(CaseFlag::Dispute).to_string(), "hardship");
        assert!(flags.without(CaseFlag::Dispute).without(CaseFlag::Hardship).is_empty());
    }
}
