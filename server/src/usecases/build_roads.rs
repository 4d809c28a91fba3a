//! Builds the road network and the address file from an OpenStreetMap extract and keeps them for the next start.

use std::path::Path;

use roads::{BuildStep, Network, NetworkInfo, Profile};

use crate::config::DataDir;
use crate::error::Error;
use crate::progress::Progress;
use crate::travel::{self, NetworkSource};

/// What was built.
#[derive(Debug)]
pub struct BuiltRoads {
    /// The network.
    pub info: NetworkInfo,
    /// Houses whose address can be looked up.
    pub houses: usize,
    /// Whether it was built now; not where it was there already, of the same extract and profile.
    pub fresh: bool,
}

/// Builds for cars, saves and returns what was built. `name` is the extract's name for messages.
///
/// # Errors
/// The extract is no PBF, has no roads, or a file cannot be written.
pub fn build_roads(
    dir: &DataDir,
    name: &str,
    pbf: &[u8],
    progress: &dyn Progress,
) -> Result<BuiltRoads, Error> {
    build(dir, name, pbf, &Profile::car(), progress)
}

/// As [`build_roads`] with a profile, from the file at `path`, of which is noted what it was. What
/// is built of the same already is left as it is.
///
/// # Errors
/// As [`build_roads`].
pub fn build_roads_of(
    dir: &DataDir,
    path: &Path,
    pbf: &[u8],
    profile: &Profile,
    progress: &dyn Progress,
) -> Result<BuiltRoads, Error> {
    let built = match there(dir, pbf, profile) {
        Some(built) => built,
        None => build(dir, &path.display().to_string(), pbf, profile, progress)?,
    };
    NetworkSource::new(&built.info, profile, path).write(dir)?;
    Ok(built)
}

/// What is there of the same extract and profile; what cannot be opened is not.
fn there(dir: &DataDir, pbf: &[u8], profile: &Profile) -> Option<BuiltRoads> {
    let network = Network::from_bytes(&std::fs::read(dir.network()).ok()?).ok()?;
    if !network.is_built_from(pbf, profile) {
        return None;
    }
    let info = network.info().clone();
    let bytes = std::fs::read(dir.addresses()).ok()?;
    let saved =
        addresses::open(&bytes).ok().filter(|saved| saved.fingerprint == info.fingerprint)?;
    Some(BuiltRoads { info, houses: saved.records.houses.len(), fresh: false })
}

fn build(
    dir: &DataDir,
    name: &str,
    pbf: &[u8],
    profile: &Profile,
    progress: &dyn Progress,
) -> Result<BuiltRoads, Error> {
    let mut step = "";
    let mut tell = |at: BuildStep| {
        if at.name != step {
            step = at.name;
            progress.begin(at.name, Some(at.total));
        }
        progress.at(at.done);
    };
    let failed = |error| Error::Roads(format!("{name}: {error}"));
    let network = Network::build(pbf, profile, &mut tell).map_err(failed)?;
    let records = travel::records(roads::read_named(pbf, &mut tell).map_err(failed)?).tidy();
    // Who opens them compares the fingerprints: one file alone, after a crash in between, is noticed.
    dir.write(&dir.addresses(), &addresses::save(&records, &network.info().fingerprint))?;
    dir.write(&dir.network(), &network.to_bytes())?;
    Ok(BuiltRoads { info: network.info().clone(), houses: records.houses.len(), fresh: true })
}
