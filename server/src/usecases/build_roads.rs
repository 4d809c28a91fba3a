//! Builds the road network from an OpenStreetMap extract and keeps it for the next start.

use roads::{Network, NetworkInfo, Profile};

use crate::config::DataDir;
use crate::error::Error;
use crate::progress::Progress;

/// Builds, saves and returns what was built. `name` is the extract's name for messages.
///
/// # Errors
/// The extract is no PBF, has no roads, or the file cannot be written.
pub fn build_roads(
    dir: &DataDir,
    name: &str,
    pbf: &[u8],
    progress: &dyn Progress,
) -> Result<NetworkInfo, Error> {
    let profile = Profile::car();
    let mut step = "";
    let network = Network::build(pbf, &profile, &mut |at| {
        if at.name != step {
            step = at.name;
            progress.begin(at.name, Some(at.total));
        }
        progress.at(at.done);
    })
    .map_err(|error| Error::Roads(format!("{name}: {error}")))?;
    dir.write(&dir.network(), &network.to_bytes())?;
    Ok(network.info().clone())
}
