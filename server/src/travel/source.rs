//! What a road network was built from, and whether that is still so.

use std::io::Read as _;
use std::path::{Path, PathBuf};

use jiff::Timestamp;
use roads::{NetworkInfo, Profile, fingerprint};
use serde::{Deserialize, Serialize};
use sha2::{Digest as _, Sha256};
use sync_core::bytes::hex;

use crate::config::DataDir;
use crate::error::Error;

/// Written beside a network when it is built.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct NetworkSource {
    /// Fingerprint of the network it belongs to.
    network: String,
    /// Digest of the profile without its hours, which are not in the network.
    profile: String,
    /// The file of the profile, if it is none of those that are compiled in.
    #[serde(default)]
    pub profile_file: Option<PathBuf>,
    /// Where the extract was, if it was a file.
    pub extract: Option<PathBuf>,
    extract_bytes: u64,
    /// When the extract was written last, in seconds since 1970, where that is known.
    extract_modified: Option<u64>,
    /// When anything about the extract's file was changed last.
    #[serde(default)]
    extract_touched: Option<i64>,
    /// SHA-256 of the extract, in hex.
    #[serde(default)]
    extract_digest: Option<String>,
    /// When it was built.
    #[serde(default)]
    pub built_at: Option<Timestamp>,
}

/// What a network is built from.
#[derive(Debug, Clone, Copy)]
pub struct Sources<'a> {
    /// The extract.
    pub pbf: &'a [u8],
    /// The file it is from, if it is from one.
    pub path: Option<&'a Path>,
    /// The vehicle.
    pub profile: &'a Profile,
    /// The file of the profile, if it is none of those that are compiled in.
    pub profile_file: Option<&'a Path>,
    /// Now.
    pub now: Timestamp,
}

impl NetworkSource {
    /// Of a network that was just built.
    #[must_use]
    pub fn new(network: &NetworkInfo, from: &Sources<'_>) -> Self {
        let absolute = |path: &Path| std::path::absolute(path).unwrap_or_else(|_| path.to_owned());
        let extract = from.path.map(absolute);
        let seen = extract.as_deref().and_then(Seen::of);
        Self {
            network: network.fingerprint.clone(),
            profile: fingerprint(&[], from.profile),
            profile_file: from.profile_file.map(absolute),
            extract,
            extract_bytes: seen.as_ref().map_or(0, |seen| seen.bytes),
            extract_modified: seen.as_ref().and_then(|seen| seen.modified),
            extract_touched: seen.as_ref().and_then(|seen| seen.touched),
            extract_digest: Some(extract_digest(from.pbf)),
            built_at: Some(from.now),
        }
    }

    /// Keeps it beside the network.
    ///
    /// # Errors
    /// The file cannot be written.
    pub fn write(&self, dir: &DataDir, profile: &str) -> Result<(), Error> {
        let text = serde_json::to_string_pretty(self)
            .map_err(|e| Error::Invalid(format!("the source of the roads: {e}")))?;
        dir.write(&dir.network_source(profile), text.as_bytes())
    }

    /// What was noted of a network, if it is there and of that very one.
    #[must_use]
    pub fn of(dir: &DataDir, network: &NetworkInfo) -> Option<Self> {
        let paths = [dir.network_source(&network.profile), dir.old_network_source()];
        let mut sources = paths.iter().filter_map(|path| Self::read(path));
        sources.find(|source| source.network == network.fingerprint)
    }

    /// SHA-256 of the extract, in hex, where it was noted.
    #[must_use]
    pub fn digest(&self) -> Option<String> {
        self.extract_digest.clone()
    }

    /// The first digits of a digest that tells two profiles of one name apart.
    #[must_use]
    pub fn profile_digest(&self) -> &str {
        self.profile.get(..12).unwrap_or(&self.profile)
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
        let source = Self::of(dir, network);
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
                dir.network(&profile.name).display(),
                network.profile,
            )));
        }
        Ok(source.and_then(|source| source.extract_changed()))
    }

    fn extract_changed(&self) -> Option<String> {
        let path = self.extract.as_deref()?;
        // An extract that was put away is no change.
        let now = Seen::of(path)?;
        let extract = path.display();
        self.differs(path, &now).then(|| {
            format!(
                "{extract} has changed since the roads were built from it: run `doorstep roads build \
                 --pbf {extract}`."
            )
        })
    }

    /// Whether the extract has another content. It is read only where size and times leave that open.
    fn differs(&self, path: &Path, now: &Seen) -> bool {
        if now.bytes != self.extract_bytes {
            return true;
        }
        let times = (now.modified, now.touched);
        let Some(digest) = &self.extract_digest else {
            return now.modified != self.extract_modified;
        };
        times != (self.extract_modified, self.extract_touched)
            && digest_of_file(path).is_some_and(|now| now != *digest)
    }

    fn read(path: &Path) -> Option<Self> {
        let text = std::fs::read_to_string(path).ok()?;
        let source = serde_json::from_str(&text);
        source.inspect_err(|e| tracing::warn!("{} is not used: {e}", path.display())).ok()
    }
}

/// What can be seen of a file without reading it.
struct Seen {
    bytes: u64,
    modified: Option<u64>,
    touched: Option<i64>,
}

impl Seen {
    fn of(path: &Path) -> Option<Self> {
        let file = std::fs::metadata(path).ok()?;
        let age = file.modified().ok().and_then(|at| at.duration_since(std::time::UNIX_EPOCH).ok());
        Some(Self {
            bytes: file.len(),
            modified: age.map(|age| age.as_secs()),
            touched: touched(&file),
        })
    }
}

/// A time that programs that set the time of writing back do not set.
#[cfg(unix)]
fn touched(file: &std::fs::Metadata) -> Option<i64> {
    use std::os::unix::fs::MetadataExt as _;
    Some(file.ctime().wrapping_mul(1_000_000_000).wrapping_add(file.ctime_nsec()))
}

#[cfg(not(unix))]
fn touched(_: &std::fs::Metadata) -> Option<i64> {
    None
}

/// SHA-256 of an extract, in hex: what the addresses of several networks are known by.
#[must_use]
pub fn extract_digest(pbf: &[u8]) -> String {
    hex(&Sha256::digest(pbf))
}

fn digest_of_file(path: &Path) -> Option<String> {
    let mut file = std::fs::File::open(path).ok()?;
    let (mut hash, mut block) = (Sha256::new(), vec![0; 1 << 20]);
    loop {
        match file.read(&mut block).ok()? {
            0 => return Some(hex(&hash.finalize())),
            read => hash.update(block.get(..read)?),
        }
    }
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
             a TOML file (`doorstep roads profile --print car > mine.toml` writes one to start from)",
            path.display(),
            Profile::NAMES.join(", ")
        )));
    }
    let text = std::fs::read_to_string(&path).map_err(|e| Error::io("read", &path, e))?;
    Profile::from_toml(&text).map_err(|error| {
        let error = format!("{}: {error}", path.display());
        let missing = error.contains("missing field");
        let hint = if missing {
            "; a profile has all keys: start from `doorstep roads profile --print car`"
        } else {
            ""
        };
        Error::Roads(format!("{}{hint}", error.trim_end()))
    })
}
