//! Currencies of ISO 4217 and how many decimals their minor unit has.

use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Serialize};
use thiserror::Error;

use super::money::Minor;

/// Codes by exponent, as in ISO 4217 list one (active codes of countries).
const TABLE: [(u8, &[&str]); 4] = [
    (
        0,
        &[
            "BIF", "CLP", "DJF", "GNF", "ISK", "JPY", "KMF", "KRW", "PYG", "RWF", "UGX", "VND",
            "VUV", "XAF", "XOF", "XPF",
        ],
    ),
    (
        2,
        &[
            "AED", "AFN", "ALL", "AMD", "AOA", "ARS", "AUD", "AWG", "AZN", "BAM", "BBD", "BDT",
            "BMD", "BND", "BOB", "BRL", "BSD", "BTN", "BWP", "BYN", "BZD", "CAD", "CDF", "CHF",
            "CNY", "COP", "CRC", "CUP", "CVE", "CZK", "DKK", "DOP", "DZD", "EGP", "ERN", "ETB",
            "EUR", "FJD", "FKP", "GBP", "GEL", "GHS", "GIP", "GMD", "GTQ", "GYD", "HKD", "HNL",
            "HTG", "HUF", "IDR", "ILS", "INR", "IRR", "JMD", "KES", "KGS", "KHR", "KPW", "KYD",
            "KZT", "LAK", "LBP", "LKR", "LRD", "LSL", "MAD", "MDL", "MGA", "MKD", "MMK", "MNT",
            "MOP", "MRU", "MUR", "MVR", "MWK", "MXN", "MYR", "MZN", "NAD", "NGN", "NIO", "NOK",
            "NPR", "NZD", "PAB", "PEN", "PGK", "PHP", "PKR", "PLN", "QAR", "RON", "RSD", "RUB",
            "SAR", "SBD", "SCR", "SDG", "SEK", "SGD", "SHP", "SLE", "SOS", "SRD", "SSP", "STN",
            "SVC", "SYP", "SZL", "THB", "TJS", "TMT", "TOP", "TRY", "TTD", "TWD", "TZS", "UAH",
            "USD", "UYU", "UZS", "VES", "WST", "XCD", "YER", "ZAR", "ZMW",
        ],
    ),
    (3, &["BHD", "IQD", "JOD", "KWD", "LYD", "OMR", "TND"]),
    (4, &["CLF", "UYW"]),
];

/// Why a text is no currency.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
pub enum CurrencyError {
    /// Not an active code of ISO 4217.
    #[error("currency: `{0}` is not a known ISO 4217 code; write three capitals, as in `TWD`")]
    Unknown(String),
}

/// A currency: its ISO 4217 code and the number of decimals of its minor unit.
///
/// ```
/// use sync_core::model::{Currency, Minor};
/// let twd: Currency = "TWD".parse()?;
/// assert_eq!(twd.exponent(), 2);
/// assert_eq!(twd.format(Minor::new(1_420)), "14.20 TWD");
/// # Ok::<(), sync_core::model::CurrencyError>(())
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize)]
#[serde(into = "String")]
pub struct Currency {
    code: &'static str,
    exponent: u8,
}

impl Currency {
    /// The three letters.
    #[must_use]
    pub const fn code(self) -> &'static str {
        self.code
    }

    /// Decimals of the minor unit: 2 for TWD, 0 for JPY, 3 for KWD.
    #[must_use]
    pub const fn exponent(self) -> u8 {
        self.exponent
    }

    /// An amount with its code, `14.20 TWD`.
    #[must_use]
    pub fn format(self, amount: Minor) -> String {
        format!("{} {}", amount.display(self.exponent), self.code)
    }
}

impl FromStr for Currency {
    type Err = CurrencyError;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        TABLE
            .iter()
            .find_map(|(exponent, codes)| {
                let code = codes.iter().find(|code| **code == text)?;
                Some(Self { code, exponent: *exponent })
            })
            .ok_or_else(|| CurrencyError::Unknown(text.to_owned()))
    }
}

// Written out: the derived form would ask for input that lives as long as the program.
impl<'de> Deserialize<'de> for Currency {
    fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        String::deserialize(deserializer)?.parse().map_err(serde::de::Error::custom)
    }
}

impl TryFrom<String> for Currency {
    type Error = CurrencyError;

    fn try_from(text: String) -> Result<Self, Self::Error> {
        text.parse()
    }
}

impl From<Currency> for String {
    fn from(currency: Currency) -> Self {
        currency.code.to_owned()
    }
}

impl fmt::Display for Currency {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.code)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn knows_exponents() {
        for (code, exponent) in [("TWD", 2), ("JPY", 0), ("KWD", 3), ("USD", 2), ("CLF", 4)] {
            assert_eq!(code.parse::<Currency>().unwrap().exponent(), exponent, "{code}");
        }
    }

    #[test]
    fn refuses_unknown_codes() {
        for code in ["", "twd", "XYZ", "TWDX"] {
            assert_eq!(code.parse::<Currency>(), Err(CurrencyError::Unknown(code.to_owned())));
        }
    }

    #[test]
    fn is_its_code_in_json() {
        let twd: Currency = serde_json::from_str("\"TWD\"").unwrap();
        assert_eq!(serde_json::to_string(&twd).unwrap(), "\"TWD\"");
    }
}
