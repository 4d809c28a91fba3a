//! Builds the road network and the address file from an OpenStreetMap extract and keeps them for the next start.

use roads::{BuildStep, Network, NetworkInfo};

use crate::config::DataDir;
use crate::error::Error;
use crate::progress::Progress;
use crate::travel::{self, NetworkSource, Sources, extract_digest, open_network};

/// What was built.
#[derive(Debug)]
pub struct BuiltRoads {
    /// The network.
    pub info: NetworkInfo,
    /// Houses whose address can be looked up.
    pub houses: usize,
    /// Whether it was built now; not where it was there already, of the same extract and profile.
    pub fresh: bool,
    /// Kilometres of the network of this profile that was there before, if there was one.
    pub km_before: Option<f64>,
}

/// Builds, saves and returns what was built, and notes what of. `name` is the extract's name for messages. What is
/// built of the same already is left as it is.
///
/// # Errors
/// The extract is no PBF, has no roads, or a file cannot be written.
pub fn build_roads(
    dir: &DataDir,
    name: &str,
    from: &Sources<'_>,
    progress: &dyn Progress,
) -> Result<BuiltRoads, Error> {
    let digest = extract_digest(from.pbf);
    let before = open_network(&dir.network(&from.profile.name)).ok();
    let there = before.as_ref().and_then(|network| there(dir, network, from, &digest));
    let built = match there {
        Some(built) => built,
        None => BuiltRoads {
            km_before: before.map(|network| network.info().road_km),
            ..build(dir, name, from, &digest, progress)?
        },
    };
    NetworkSource::new(&built.info, from).write(dir, &from.profile.name)?;
    Ok(built)
}

/// What is there of the same extract and profile.
fn there(dir: &DataDir, network: &Network, from: &Sources<'_>, digest: &str) -> Option<BuiltRoads> {
    if !network.is_built_from(from.pbf, from.profile) {
        return None;
    }
    let info = network.info().clone();
    let bytes = std::fs::read(dir.addresses()).ok()?;
    let of_these = |of: &str| of == digest || of == info.fingerprint;
    let saved = addresses::open(&bytes).ok().filter(|saved| of_these(&saved.fingerprint))?;
    Some(BuiltRoads { info, houses: saved.records.houses.len(), fresh: false, km_before: None })
}

fn build(
    dir: &DataDir,
    name: &str,
    from: &Sources<'_>,
    digest: &str,
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
    let network = Network::build(from.pbf, from.profile, &mut tell).map_err(failed)?;
    let records = travel::records(roads::read_named(from.pbf, &mut tell).map_err(failed)?).tidy();
    // Who opens them compares the digests: one file alone, after a crash in between, is noticed.
    dir.write(&dir.addresses(), &addresses::save(&records, digest))?;
    dir.write(&dir.network(&from.profile.name), &network.to_bytes())?;
    let info = network.info().clone();
    Ok(BuiltRoads { info, houses: records.houses.len(), fresh: true, km_before: None })
}
