//! Section `[travel]`: where times and distances come from.

use serde::Deserialize;
use url::Url;

/// Section `[travel]`; every name may be left out.
#[derive(Debug, Clone, PartialEq, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct TravelSettings {
    /// Who is asked.
    pub provider: ProviderName,
    /// What to do when that provider fails; without it the command fails.
    pub fallback: Option<Fallback>,
    /// Name of a profile that is compiled in, or path of a TOML file, from the data directory.
    pub profile: String,
    /// Factor on all speeds of roads: 0.9 is ten percent slower.
    pub speed_factor: f64,
    /// Most megabytes of tables that are kept, in memory and of OSRM in a file.
    pub cache_mb: u32,
    /// Address of an OSRM server, as in `http://127.0.0.1:5000`.
    pub osrm_url: Option<String>,
    /// Profile in the paths of its API.
    pub osrm_profile: String,
    /// Seconds until a request is given up.
    pub timeout_s: u32,
    /// How often a request is repeated that may succeed the next time.
    pub retries: u32,
    /// Most origins and most destinations of one request.
    pub max_table: u32,
    /// Farther from a road than this, in metres, a place is too far.
    pub max_snap_m: u32,
    /// Hours after which a time of OSRM is asked for again.
    pub osrm_cache_hours: u32,
}

/// Who is asked for times and distances.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ProviderName {
    /// The network that `doorstep roads build` made; the great circle where there is none.
    #[default]
    Embedded,
    /// A server that speaks OSRM's HTTP API.
    Osrm,
    /// Distance as the crow flies times a factor.
    GreatCircle,
}

/// What is asked when the provider fails.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Fallback {
    /// Distance as the crow flies times a factor.
    GreatCircle,
}

impl Default for TravelSettings {
    fn default() -> Self {
        Self {
            provider: ProviderName::Embedded,
            fallback: None,
            profile: "car".into(),
            speed_factor: 1.0,
            cache_mb: 64,
            osrm_url: None,
            osrm_profile: "driving".into(),
            timeout_s: 30,
            retries: 3,
            max_table: 100,
            max_snap_m: 1_000,
            osrm_cache_hours: 24,
        }
    }
}

impl TravelSettings {
    /// The address of the OSRM server.
    ///
    /// # Errors
    /// There is none, or it cannot be used; the sentence says why.
    pub fn osrm(&self) -> Result<Url, String> {
        let example = "write the address of the server, as in \"http://127.0.0.1:5000\"";
        let text = self.osrm_url.as_deref().unwrap_or_default();
        if text.is_empty() {
            return Err(format!("is missing, but provider is \"osrm\": {example}"));
        }
        // The text itself may hold a password and is not repeated.
        let url = Url::parse(text).map_err(|e| format!("is no address ({e}): {example}"))?;
        match url.scheme() {
            "http" if url.host().is_none() => Err(format!("names no host: {example}")),
            "http" if url.query().is_some() || url.fragment().is_some() => {
                Err(format!("must not have a query or fragment: {example}"))
            }
            "http" => Ok(url),
            "https" => {
                Err("is https, which this program does not speak to OSRM: put a proxy that \
                            does on this machine and write its http address"
                    .into())
            }
            other => Err(format!("begins with {other}: {example}")),
        }
    }

    /// The first name whose value cannot be used, and why.
    pub(super) fn fault(&self) -> Option<(&'static str, String)> {
        let range = |field, value: u32, least: u32, most: u32| {
            let fits = (least..=most).contains(&value);
            (!fits).then(|| (field, format!("{value} must lie between {least} and {most}")))
        };
        if !(0.05..=3.0).contains(&self.speed_factor) {
            let problem = format!(
                "{} must lie between 0.05 and 3; 0.9 makes all speeds ten percent slower",
                self.speed_factor
            );
            return Some(("speed_factor", problem));
        }
        if self.profile.trim().is_empty() {
            let problem = "is empty: write a name such as \"car\", or the path of a TOML file";
            return Some(("profile", problem.into()));
        }
        let plain = |c: char| c.is_ascii_alphanumeric() || c == '-' || c == '_';
        if self.osrm_profile.is_empty() || !self.osrm_profile.chars().all(plain) {
            let problem = "must be one word of the server's paths, such as \"driving\"";
            return Some(("osrm_profile", problem.into()));
        }
        let numbers = range("cache_mb", self.cache_mb, 0, 16_384)
            .or_else(|| range("timeout_s", self.timeout_s, 1, 600))
            .or_else(|| range("retries", self.retries, 0, 10))
            .or_else(|| range("max_table", self.max_table, 1, 5_000))
            .or_else(|| range("max_snap_m", self.max_snap_m, 1, 100_000))
            .or_else(|| range("osrm_cache_hours", self.osrm_cache_hours, 0, 8_760));
        let asked = self.provider == ProviderName::Osrm || self.osrm_url.is_some();
        numbers.or_else(|| Some(("osrm_url", self.osrm().err().filter(|_| asked)?)))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn fault(text: &str) -> Option<(&'static str, String)> {
        toml::from_str::<TravelSettings>(text).unwrap().fault()
    }

    #[test]
    fn an_empty_section_is_the_embedded_network() {
        assert_eq!(toml::from_str::<TravelSettings>("").unwrap(), TravelSettings::default());
        assert_eq!(fault(""), None);
        assert_eq!(fault("provider = \"osrm\"\nosrm_url = \"http://a:b@10.0.0.1/x\""), None);
    }

    #[test]
    fn what_cannot_be_used_is_named() {
        for (text, field, word) in [
            ("provider = \"osrm\"", "osrm_url", "missing"),
            ("osrm_url = \"127.0.0.1:5000\"", "osrm_url", "http://127"),
            ("osrm_url = \"https://x\"", "osrm_url", "proxy"),
            ("osrm_url = \"http://x/?a\"", "osrm_url", "query"),
            ("speed_factor = nan", "speed_factor", "0.9"),
            ("speed_factor = 0", "speed_factor", "0.05"),
            ("profile = \" \"", "profile", "car"),
            ("osrm_profile = \"a/b\"", "osrm_profile", "driving"),
            ("timeout_s = 0", "timeout_s", "between 1"),
            ("max_table = 0", "max_table", "between 1"),
            ("retries = 99", "retries", "10"),
        ] {
            let (named, problem) = fault(text).unwrap();
            assert_eq!(named, field, "{text}");
            assert!(problem.contains(word), "{text}: {problem}");
        }
        let secret = fault("osrm_url = \"ftp://me:hunter2@x\"").unwrap().1;
        assert!(!secret.contains("hunter2"), "{secret}");
    }

    #[test]
    fn unknown_names_are_refused() {
        for text in ["osrm = 1", "provider = \"google\"", "fallback = \"none\""] {
            assert!(toml::from_str::<TravelSettings>(text).is_err(), "{text}");
        }
    }
}
