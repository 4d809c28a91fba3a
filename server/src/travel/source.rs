//! What a road network was built from, and whether that is still so.

use std::path::{Path, PathBuf};

use roads::{NetworkInfo, Profile, fingerprint};
use serde::{Deserialize, Serialize};

use crate::config::DataDir;
use crate::error::Error;

/// Written beside a network when it is built.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct NetworkSource {
    /// Fingerprint of the network it belongs to.
    network: String,
    /// Digest of the profile without its hours, which are not in the network.
    profile: String,
    extract: PathBuf,
    extract_bytes: u64,
    /// When the extract was written last, in seconds since 1970, where that is known.
    extract_modified: Option<u64>,
}

impl NetworkSource {
    /// Of a network that was just built from the extract at `extract`.
    #[must_use]
    pub fn new(network: &NetworkInfo, profile: &Profile, extract: &Path) -> Self {
        let extract = std::path::absolute(extract).unwrap_or_else(|_| extract.to_owned());
        let (extract_bytes, extract_modified) = size_and_age(&extract).unwrap_or_default();
        Self {
            network: network.fingerprint.clone(),
            profile: fingerprint(&[], profile),
            extract,
            extract_bytes,
            extract_modified,
        }
    }

    /// Keeps it beside the network.
    ///
    /// # Errors
    /// The file cannot be written.
    pub fn write(&self, dir: &DataDir) -> Result<(), Error> {
        let text = serde_json::to_string_pretty(self)
            .map_err(|e| Error::Invalid(format!("the source of the roads: {e}")))?;
        dir.write(&dir.network_source(), text.as_bytes())
    }

    /// What is odd about a network that is used with this profile.
    ///
    /// # Errors
    /// It was built with another profile: its times would be wrong.
    pub(super) fn check(
        dir: &DataDir,
        network: &NetworkInfo,
        profile: &Profile,
    ) -> Result<Option<String>, Error> {
        let source = Self::read(dir).filter(|source| source.network == network.fingerprint);
        let same = source.as_ref().map_or(network.profile == profile.name, |source| {
            source.profile == fingerprint(&[], profile)
        });
        if !same {
            let changed = if network.profile == profile.name {
                format!("that profile has changed since ({:?})", profile.name)
            } else {
                format!("[travel] profile in doorstep.toml is {:?} now", profile.name)
            };
            return Err(Error::Roads(format!(
                "{} was built with the profile {:?}, and {changed}: run `doorstep roads build --pbf \
                 FILE`, or set the profile back",
                dir.network().display(),
                network.profile,
            )));
        }
        Ok(source.and_then(|source| source.extract_changed()))
    }

    fn extract_changed(&self) -> Option<String> {
        // An extract that was put away is no change.
        let now = size_and_age(&self.extract)?;
        let extract = self.extract.display();
        (now != (self.extract_bytes, self.extract_modified)).then(|| {
            format!(
                "{extract} has changed since the roads were built from it: run `doorstep roads build \
                 --pbf {extract}`."
            )
        })
    }

    fn read(dir: &DataDir) -> Option<Self> {
        let path = dir.network_source();
        let text = std::fs::read_to_string(&path).ok()?;
        let source = serde_json::from_str(&text);
        source.inspect_err(|e| tracing::warn!("{} is not used: {e}", path.display())).ok()
    }
}

fn size_and_age(path: &Path) -> Option<(u64, Option<u64>)> {
    let file = std::fs::metadata(path).ok()?;
    let age = file.modified().ok().and_then(|at| at.duration_since(std::time::UNIX_EPOCH).ok());
    Some((file.len(), age.map(|age| age.as_secs())))
}

/// The profile of a name that is compiled in, or of a TOML file; paths count from `from`.
///
/// # Errors
/// There is no such profile or file, or the file is none; the message names file and key.
pub fn profile_of(from: &Path, name: &str) -> Result<Profile, Error> {
    if let Some(profile) = Profile::named(name) {
        return Ok(profile);
    }
    let path = from.join(name);
    if !path.exists() {
        return Err(Error::Unknown(format!(
            "there is no road profile {name:?}, and no file {}: take one of {}, or give the path of \
             a TOML file (server/docs/PROFILES.md)",
            path.display(),
            Profile::NAMES.join(", ")
        )));
    }
    let text = std::fs::read_to_string(&path).map_err(|e| Error::io("read", &path, e))?;
    Profile::from_toml(&text)
        .map_err(|error| Error::Roads(format!("{}: {error}", path.display()).trim_end().to_owned()))
}
