//! Time zones by IANA name, from the database compiled in.

use std::fmt;
use std::str::FromStr;

use jiff::Timestamp;
use jiff::civil::Date;
use jiff::tz::TimeZone;
use serde::{Deserialize, Serialize};
use thiserror::Error;

/// Why a text is no zone.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
pub enum ZoneError {
    /// Not a name in the bundled database.
    #[error("time_zone: `{0}` is not an IANA name; write it as in `America/New_York`")]
    Unknown(String),
}

/// A time zone, always with its IANA name. In JSON that name.
///
/// ```
/// use sync_core::model::Zone;
/// let zone: Zone = "Asia/Kolkata".parse()?;
/// assert_eq!(zone.to_string(), "Asia/Kolkata");
/// # Ok::<(), sync_core::model::ZoneError>(())
/// ```
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct Zone(TimeZone);

impl Zone {
    /// Coordinated universal time.
    pub const UTC: Self = Self(TimeZone::UTC);

    /// The zone as `jiff` knows it.
    #[must_use]
    pub const fn time_zone(&self) -> &TimeZone {
        &self.0
    }

    /// The local date at an instant.
    #[must_use]
    pub fn date_at(&self, at: Timestamp) -> Date {
        self.0.to_datetime(at).date()
    }
}

impl FromStr for Zone {
    type Err = ZoneError;

    fn from_str(name: &str) -> Result<Self, Self::Err> {
        let unknown = || ZoneError::Unknown(name.to_owned());
        let zone = TimeZone::get(name).map_err(|_| unknown())?;
        // A zone without a name could not be written again.
        zone.iana_name().ok_or_else(unknown)?;
        Ok(Self(zone))
    }
}

impl TryFrom<String> for Zone {
    type Error = ZoneError;

    fn try_from(name: String) -> Result<Self, Self::Error> {
        name.parse()
    }
}

impl From<Zone> for String {
    fn from(zone: Zone) -> Self {
        zone.to_string()
    }
}

impl fmt::Display for Zone {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.0.iana_name().unwrap_or("UTC"))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn refuses_unknown_names() {
        for name in ["", "Mars/Olympus", "+05:30"] {
            assert_eq!(name.parse::<Zone>(), Err(ZoneError::Unknown(name.to_owned())));
        }
    }

    #[test]
    fn knows_the_local_date() {
        let zone: Zone = "Asia/Taipei".parse().unwrap();
        let at: Timestamp = "2026-03-01T20:00:00Z".parse().unwrap();
        assert_eq!(zone.date_at(at), jiff::civil::date(2026, 3, 2));
        assert_eq!("UTC".parse::<Zone>().unwrap(), Zone::UTC);
    }
}
