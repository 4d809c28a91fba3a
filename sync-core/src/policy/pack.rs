//! Packs: versioned rules as data.

use serde::{Deserialize, Serialize};
use thiserror::Error;

use super::caps::Cap;
use super::days::Days;
use super::hours::Hours;
use super::stop_triggers::StopTrigger;
use crate::model::{Dpd, Seconds};

/// Packs that come with the library, by name and version.
///
/// Only what was found in a law's text or in secondary sources and concerns visits; each pack says
/// what was not verified.
const SHIPPED: [(&str, &str); 13] = [
    ("house", Pack::HOUSE_JSON),
    ("au-accc", include_str!("packs/au-accc-1.json")),
    ("cn-cba-2026", include_str!("packs/cn-cba-2026-1.json")),
    ("cn-gbt45251-2025", include_str!("packs/cn-gbt45251-2025-1.json")),
    ("id-pojk22-2023", include_str!("packs/id-pojk22-2023-1.json")),
    ("in-rbi-2026-draft", include_str!("packs/in-rbi-2026-draft-1.json")),
    ("kr-pdpa-2024", include_str!("packs/kr-pdpa-2024-1.json")),
    ("mx-condusef", include_str!("packs/mx-condusef-1.json")),
    ("ph-sec-mc18-2019", include_str!("packs/ph-sec-mc18-2019-1.json")),
    ("th-dca-2015", include_str!("packs/th-dca-2015-1.json")),
    ("uk-conc7", include_str!("packs/uk-conc7-1.json")),
    ("us-ma", include_str!("packs/us-ma-1.json")),
    ("us-regf", include_str!("packs/us-regf-1.json")),
];

/// Why a pack could not be read.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
pub enum PackError {
    /// Not the JSON of a pack: an unknown or missing field, or a value of the wrong form.
    #[error("policy pack: {0}; correct the field it names")]
    Read(String),
    /// No pack of that name is shipped.
    #[error("policy pack: `{name}` is not shipped; choose one of {known}")]
    Unknown {
        /// The name asked for.
        name: String,
        /// The names there are.
        known: String,
    },
    /// A field whose value makes no sense.
    #[error("policy pack `{pack}`: {field} {problem}")]
    Value {
        /// The pack.
        pack: String,
        /// The field.
        field: &'static str,
        /// What is wrong and what to write.
        problem: &'static str,
    },
}

/// Name and version of a pack, as logged with every verdict.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct PackRef {
    /// The pack's name.
    pub name: String,
    /// Its version.
    pub version: u32,
}

/// The rules of a pack. A rule left out does not restrict.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Rules {
    /// Hours of the day.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub hours: Option<Hours>,
    /// Weekdays and holidays.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub days: Option<Days>,
    /// How often; every cap must hold.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub caps: Vec<Cap>,
    /// Circumstances that stop collection visits.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub stop_triggers: Vec<StopTrigger>,
    /// Oldest facts a visit may be based on, in seconds.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub facts_max_age_s: Option<Seconds>,
    /// Days past due from which a visit may be made.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub minimum_dpd: Option<Dpd>,
}

/// A versioned set of rules. No legal advice.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Pack {
    /// The name, lower case.
    pub name: String,
    /// The version, from one.
    pub version: u32,
    /// For whom and what it is.
    pub about: String,
    /// Where the rules were taken from.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub sources: Vec<String>,
    /// What was not verified or cannot be expressed.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub not_verified: Vec<String>,
    /// The rules.
    pub rules: Rules,
}

impl Pack {
    /// The text of the house pack.
    pub const HOUSE_JSON: &str = include_str!("packs/house-1.json");

    /// A pack from its JSON text.
    ///
    /// # Errors
    /// [`PackError::Read`] naming the unknown, missing or malformed field; [`PackError::Value`]
    /// for values that make no sense.
    pub fn from_json(text: &str) -> Result<Self, PackError> {
        let pack: Self =
            serde_json::from_str(text).map_err(|error| PackError::Read(error.to_string()))?;
        pack.check()?;
        Ok(pack)
    }

    /// The house pack: 08:00 to 21:00 in the case's zone and the stop triggers of this product.
    ///
    /// # Errors
    /// None in a release that passed its tests; the text is part of the library.
    pub fn house() -> Result<Self, PackError> {
        Self::shipped("house")
    }

    /// A shipped pack by name.
    ///
    /// # Errors
    /// [`PackError::Unknown`] listing the names there are.
    pub fn shipped(name: &str) -> Result<Self, PackError> {
        let text = SHIPPED.iter().find(|(known, _)| *known == name);
        let (_, text) = text.ok_or_else(|| PackError::Unknown {
            name: name.to_owned(),
            known: Self::shipped_names().collect::<Vec<_>>().join(", "),
        })?;
        Self::from_json(text)
    }

    /// The names of the shipped packs.
    pub fn shipped_names() -> impl Iterator<Item = &'static str> {
        SHIPPED.iter().map(|(name, _)| *name)
    }

    /// Name and version.
    #[must_use]
    pub fn reference(&self) -> PackRef {
        PackRef { name: self.name.clone(), version: self.version }
    }

    /// Name and version of a pack that [`Self::from_json`] does not take, as far as the text says
    /// them.
    #[must_use]
    pub fn reference_of(text: &str) -> PackRef {
        #[derive(Deserialize)]
        struct Named {
            #[serde(default)]
            name: String,
            #[serde(default)]
            version: u32,
        }
        let named = serde_json::from_str::<Named>(text).ok();
        let named = named.unwrap_or_else(|| Named { name: String::new(), version: 0 });
        let name = if named.name.is_empty() { "unknown".to_owned() } else { named.name };
        PackRef { name, version: named.version }
    }

    fn check(&self) -> Result<(), PackError> {
        let wrong =
            |field, problem| Err(PackError::Value { pack: self.name.clone(), field, problem });
        if self.name.is_empty() {
            return wrong("name", "is empty; give it a name");
        }
        if self.version == 0 {
            return wrong("version", "is 0; count versions from 1");
        }
        if self.rules.caps.iter().any(|cap| cap.days == 0) {
            return wrong("caps.days", "is 0; the shortest span is 1 day");
        }
        if self.rules.days.as_ref().is_some_and(|days| days.forbidden_weekdays.len() == 7) {
            return wrong("days.forbidden_weekdays", "leaves no day; leave at least one");
        }
        Ok(())
    }
}
