//! ADAPTER: travel times and distances, from the built road network, an OSRM server or, as the last
//! resort, the great circle. A plan says which of them it used.
//!
//! `provider` is what all three can do, `cache` keeps what was computed, `open` chooses by the
//! settings. A provider that fails is an error; only settings with a fallback go on with estimates,
//! and then everything that is made with them says so. Beside the network lies the file of addresses.

mod addresses;
mod cache;
mod embedded;
mod extent;
mod great_circle;
mod open;
mod osrm;
mod provider;
mod source;
#[cfg(test)]
mod tests;

use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Mutex, PoisonError};

use roads::{MATRIX_MAX_BYTES, MatrixError, Network, SpeedFactors};
use sync_core::model::Position;

use crate::clock::Clock;
use crate::error::Error;
use crate::progress::Progress;
pub use addresses::{Addresses, records};
use cache::Key;
pub use extent::Extent;
use great_circle::GreatCircle;
use open::Kept;
pub use open::{Surroundings, open_network};
#[cfg(test)]
pub(crate) use osrm::tests::server::Server as OsrmForTests;
use provider::Provider;
pub use provider::{Near, Placed, Spot, Table, Way};
pub use source::{NetworkSource, Sources, extract_digest, profile_of};

/// Tables of fewer places are not worth keeping.
const LEAST_KEPT: usize = 16;
/// Seconds after a failure until a provider with a fallback is asked again.
const AGAIN_AFTER_S: i64 = 60;

/// Where travel times are from.
#[derive(Debug)]
pub struct Travel {
    provider: Box<dyn Provider>,
    last_resort: GreatCircle,
    /// Whether the last resort is asked when the provider fails.
    falls_back: bool,
    /// When it failed last, in seconds since 1970, and how.
    failed: Mutex<Option<(i64, String)>>,
    /// Whether lines are drawn straight, because the provider failed to give one.
    straight: AtomicBool,
    /// The tenant's factor on road speeds, where there is one.
    factors: Option<(f64, SpeedFactors)>,
    /// Hours of the day that differ from free flow; nothing where the profile has none.
    hours: Option<SpeedFactors>,
    kept: Kept,
    clock: Clock,
    /// What was odd when it was opened.
    notices: Vec<String>,
    /// What helps against estimates.
    hint: &'static str,
    /// Digest of the extract that the network was built from, where it was noted.
    extract: Option<String>,
}

impl Travel {
    /// For the plan: what was used.
    #[must_use]
    pub fn describe(&self) -> String {
        let mut text = self.provider.describe();
        if let Some((factor, _)) = &self.factors {
            text += &format!(", speeds x {factor}");
        }
        if self.failure().is_some() {
            text += &format!("; where that failed {}", self.last_resort.describe());
        }
        text
    }

    /// What must be said where times are only estimated, and what was odd.
    #[must_use]
    pub fn warnings(&self) -> Vec<String> {
        let mut warnings = self.notices.clone();
        warnings.extend(self.provider.warning().map(|warning| warning + self.hint));
        if let Some((_, why)) = self.failure() {
            warnings.push(format!(
                "Distances and times are estimated in part or in whole: {}, because {why}.",
                self.last_resort.describe()
            ));
        }
        warnings
    }

    /// Fingerprint of the network, if there is one.
    #[must_use]
    pub fn fingerprint(&self) -> Option<String> {
        self.network().map(|network| network.info().fingerprint.clone())
    }

    /// The network, if there is one in the program.
    #[must_use]
    pub fn network(&self) -> Option<&Network> {
        self.provider.network()
    }

    /// What must be named where the travel times are shown.
    #[must_use]
    pub fn credit(&self) -> Option<String> {
        self.provider.credit()
    }

    /// The box the network covers.
    #[must_use]
    pub fn extent(&self) -> Option<Extent> {
        let bounds = self.network()?.info().bounds;
        Some(Extent {
            south: bounds.south,
            west: bounds.west,
            north: bounds.north,
            east: bounds.east,
        })
    }

    /// Learns about many positions at once what [`Travel::place`] will be asked one by one.
    ///
    /// # Errors
    /// The provider fails and there is no fallback.
    pub fn locate(&self, at: &[Position], progress: &dyn Progress) -> Result<(), Error> {
        if self.is_out() {
            return Ok(());
        }
        self.provider.locate(at, progress).or_else(|error| self.fall_back(error))
    }

    /// Finds the spot of a position.
    #[must_use]
    pub fn place(&self, at: Position) -> Placed {
        self.provider.place(at)
    }

    /// Whole metres from a spot to its road, where that is known. They are in no time and no length.
    #[must_use]
    pub fn snap_m(&self, spot: &Spot) -> Option<i64> {
        self.provider.snap_m(spot).map(great_circle::whole)
    }

    /// Name of the road at a spot, where the map has one.
    #[must_use]
    pub fn street(&self, spot: &Spot) -> Option<&str> {
        self.network()?.street(spot.road.as_ref()?)
    }

    /// From every spot to every spot.
    ///
    /// # Errors
    /// The table would not fit into memory, or the provider fails and there is no fallback.
    pub fn table(&self, spots: &[Spot], progress: &dyn Progress) -> Result<Table, Error> {
        let spots: Vec<&Spot> = spots.iter().collect();
        self.asked(&spots, &spots, progress, || {
            let keys: Option<Vec<Key>> = spots.iter().map(|spot| self.provider.key(spot)).collect();
            let Some(keys) = keys else { return self.provider.table(&spots, &spots, progress) };
            let now = self.clock.now().as_second();
            let small = keys.len() < LEAST_KEPT;
            self.kept.table(&keys, now, small, &mut |from, to| {
                let some = |at: &[usize]| at.iter().map(|&at| spots[at]).collect::<Vec<_>>();
                self.provider.table(&some(from), &some(to), progress)
            })
        })
    }

    /// From every spot of one list to every spot of another.
    ///
    /// # Errors
    /// As [`Travel::table`].
    pub fn matrix(
        &self,
        from: &[Spot],
        to: &[Spot],
        progress: &dyn Progress,
    ) -> Result<Table, Error> {
        // From all to all is kept.
        if from.len() == to.len() && from.iter().zip(to).all(|(from, to)| from.at == to.at) {
            return self.table(from, progress);
        }
        let (from, to): (Vec<&Spot>, Vec<&Spot>) = (from.iter().collect(), to.iter().collect());
        self.asked(&from, &to, progress, || self.provider.table(&from, &to, progress))
    }

    /// For every origin the at most `k` nearest destinations.
    ///
    /// # Errors
    /// As [`Travel::table`].
    pub fn nearest(
        &self,
        from: &[Spot],
        to: &[Spot],
        k: usize,
        progress: &dyn Progress,
    ) -> Result<Vec<Vec<Near>>, Error> {
        let (from, to): (Vec<&Spot>, Vec<&Spot>) = (from.iter().collect(), to.iter().collect());
        check_size(from.len(), k.min(to.len()))?;
        if self.is_out() {
            return self.last_resort.nearest(&from, &to, k, progress);
        }
        match self.provider.nearest(&from, &to, k, progress) {
            Ok(mut rows) => {
                for near in rows.iter_mut().flatten() {
                    near.seconds = self.paced(near.seconds);
                }
                Ok(rows)
            }
            Err(error) => {
                self.fall_back(error)?;
                self.last_resort.nearest(&from, &to, k, progress)
            }
        }
    }

    /// One way with its line, if there is one.
    ///
    /// # Errors
    /// The provider fails and there is no fallback.
    pub fn way(&self, from: &Spot, to: &Spot) -> Result<Option<Way>, Error> {
        if self.is_out() {
            return self.last_resort.way(from, to);
        }
        match self.provider.way(from, to) {
            Ok(way) => Ok(way.map(|way| Way { seconds: self.paced(way.seconds), ..way })),
            Err(error) => {
                self.fall_back(error)?;
                self.last_resort.way(from, to)
            }
        }
    }

    /// The line of a leg along the roads; nothing where there is none to be had, and a straight one is to be drawn.
    /// A provider that fails is not asked for further lines.
    #[must_use]
    pub fn line(&self, from: &Spot, to: &Spot) -> Option<Vec<(f64, f64)>> {
        if !self.provider.has_lines() || self.straight.load(Ordering::Relaxed) || self.is_out() {
            return None;
        }
        match self.provider.way(from, to) {
            Ok(way) => way.map(|way| way.line),
            Err(error) => {
                tracing::warn!("ways are drawn as straight lines: {error}");
                self.straight.store(true, Ordering::Relaxed);
                None
            }
        }
    }

    /// Seconds that a leg takes longer (less than nothing: shorter) than its time in the tables when
    /// it begins at a second of the week, Monday 0:00 local time being 0. Nothing where the profile
    /// has no hours.
    #[must_use]
    pub fn hours_add(&self, leg_s: u32, second_of_week: u32) -> Option<i64> {
        let at_hour = self.hours.as_ref()?.seconds_at(leg_s, second_of_week);
        Some(i64::from(at_hour) - i64::from(leg_s))
    }

    /// Asks the provider, or the last resort where that is allowed, and applies the factor.
    fn asked(
        &self,
        from: &[&Spot],
        to: &[&Spot],
        progress: &dyn Progress,
        ask: impl FnOnce() -> Result<Table, Error>,
    ) -> Result<Table, Error> {
        check_size(from.len(), to.len())?;
        if self.is_out() {
            return self.last_resort.table(from, to, progress);
        }
        match ask() {
            Ok(mut table) => {
                self.straight.store(false, Ordering::Relaxed);
                if self.factors.is_some() {
                    table.seconds.iter_mut().for_each(|seconds| *seconds = self.paced(*seconds));
                }
                Ok(table)
            }
            Err(error) => {
                self.fall_back(error)?;
                self.last_resort.table(from, to, progress)
            }
        }
    }

    /// Seconds at the tenant's speed.
    fn paced(&self, seconds: u32) -> u32 {
        self.factors.as_ref().map_or(seconds, |(_, factors)| factors.seconds_at(seconds, 0))
    }

    /// Takes note of a failure where there is a fallback, else returns it.
    fn fall_back(&self, error: Error) -> Result<(), Error> {
        if !self.falls_back {
            return Err(error);
        }
        tracing::warn!("going on with {}: {error}", self.last_resort.describe());
        let now = self.clock.now().as_second();
        *self.failed.lock().unwrap_or_else(PoisonError::into_inner) =
            Some((now, error.to_string()));
        Ok(())
    }

    fn failure(&self) -> Option<(i64, String)> {
        self.failed.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }

    /// Whether the provider failed so recently that it is not asked.
    fn is_out(&self) -> bool {
        let since = |(at, _)| self.clock.now().as_second().saturating_sub(at);
        self.failure().map(since).is_some_and(|s| (0..AGAIN_AFTER_S).contains(&s))
    }
}

/// Refuses a table that memory would not hold, before anything is computed.
fn check_size(from: usize, to: usize) -> Result<(), Error> {
    let bytes = (from as u128).saturating_mul(to as u128).saturating_mul(8);
    if bytes <= u128::from(MATRIX_MAX_BYTES) {
        return Ok(());
    }
    let error = MatrixError::TooLarge { from, to, bytes, limit: MATRIX_MAX_BYTES };
    Err(Error::Roads(error.to_string()))
}
