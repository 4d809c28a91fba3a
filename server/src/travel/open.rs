//! Choosing a provider by the settings, and keeping its tables.

use std::path::Path;
use std::sync::{Arc, Mutex, PoisonError};

use roads::{Network, Profile, SpeedFactors};

use super::Travel;
use super::cache::{self, Cache, Fetch, Key, Limits};
use super::embedded::Embedded;
use super::great_circle::{Because, GreatCircle};
use super::osrm::{Osrm, Pause, Waiting};
use super::provider::{Provider, Table};
use super::source::{NetworkSource, profile_of};
use crate::clock::Clock;
use crate::config::{DataDir, Planning, ProviderName, Settings, TravelSettings};
use crate::error::Error;

/// What providers take from outside: time, a way to wait, and chance.
#[derive(Clone)]
pub struct Surroundings {
    /// Now.
    pub clock: Clock,
    /// Waits.
    pub pause: Pause,
    /// What the lengths of pauses are drawn from.
    pub seed: u64,
}

impl std::fmt::Debug for Surroundings {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Surroundings").field("clock", &self.clock).finish_non_exhaustive()
    }
}

impl Surroundings {
    /// Waits for real.
    #[must_use]
    pub fn real(clock: Clock, seed: u64) -> Self {
        Self { clock, pause: Arc::new(std::thread::sleep), seed }
    }
}

impl Travel {
    /// The network of a data directory if one was built, else the great circle, with the settings
    /// that hold where nothing is said.
    ///
    /// # Errors
    /// There is a network file and it cannot be read.
    pub fn open(dir: &DataDir, planning: &Planning) -> Result<Self, Error> {
        let settings = TravelSettings::default();
        Self::of(dir, &settings, planning, Surroundings::real(Clock::System, 0))
    }

    /// What the settings say.
    ///
    /// # Errors
    /// There is a network file and it cannot be read or was built with another profile, or the
    /// profile of the settings cannot be read.
    pub fn configured(
        dir: &DataDir,
        settings: &Settings,
        surroundings: Surroundings,
    ) -> Result<Self, Error> {
        Self::of(dir, &settings.travel, &settings.planning, surroundings)
    }

    /// The last resort, for places that no network reaches.
    #[must_use]
    pub fn great_circle(planning: &Planning) -> Self {
        let kept = Kept::nothing();
        let circle = circle(planning, Because::Fallback);
        Self::with(Box::new(circle), circle, kept, Clock::System)
    }

    pub(crate) fn of(
        dir: &DataDir,
        settings: &TravelSettings,
        planning: &Planning,
        surroundings: Surroundings,
    ) -> Result<Self, Error> {
        let circle = |because| circle(planning, because);
        let bytes =
            usize::try_from(settings.cache_mb).unwrap_or(usize::MAX).saturating_mul(1 << 20);
        let limits = Limits { bytes, age_s: None };
        let clock = surroundings.clock;
        let (mut hours, mut notices, mut hint, mut extract) = (None, Vec::new(), "", None);
        let (provider, kept): (Box<dyn Provider>, Kept) = match settings.provider {
            ProviderName::GreatCircle => (Box::new(circle(Because::Settings)), Kept::nothing()),
            ProviderName::Embedded => match network(dir, &settings.profile)? {
                None => {
                    hint = " Build one with `doorstep roads build`.";
                    (Box::new(circle(Because::NoNetwork)), Kept::nothing())
                }
                Some((network, profile)) => {
                    notices.extend(NetworkSource::check(dir, network.info(), &profile)?);
                    extract = NetworkSource::of(dir, network.info()).and_then(|s| s.digest());
                    if !profile.hours.is_empty() {
                        hours = Some(profile.speed_factors(1.0).map_err(roads_error)?);
                    }
                    (Box::new(Embedded(Box::new(network))), Kept::in_memory(limits))
                }
            },
            ProviderName::Osrm => {
                let wrong = |why| Error::Invalid(format!("[travel] osrm_url {why}"));
                let url = settings.osrm().map_err(wrong)?;
                let waiting = Waiting { pause: surroundings.pause, seed: surroundings.seed };
                let osrm = Osrm::new(&url, settings, waiting);
                let age_s = Some(i64::from(settings.osrm_cache_hours) * 3_600);
                let name = format!("{} {} m", osrm.name(), settings.max_snap_m);
                let kept = Kept::in_file(Limits { bytes, age_s }, dir, name);
                (Box::new(osrm), kept)
            }
        };
        let factor = settings.speed_factor;
        let factors = if (factor - 1.0).abs() > f64::EPSILON && provider.has_road_speeds() {
            Some((factor, SpeedFactors::new(&[], factor).map_err(roads_error)?))
        } else {
            None
        };
        let travel = Self::with(provider, circle(Because::Fallback), kept, clock);
        Ok(Self {
            falls_back: settings.fallback.is_some(),
            factors,
            hours,
            notices,
            hint,
            extract,
            ..travel
        })
    }

    fn with(provider: Box<dyn Provider>, circle: GreatCircle, kept: Kept, clock: Clock) -> Self {
        Self {
            provider,
            last_resort: circle,
            falls_back: false,
            failed: Mutex::default(),
            straight: std::sync::atomic::AtomicBool::new(false),
            factors: None,
            hours: None,
            kept,
            clock,
            notices: Vec::new(),
            hint: "",
            extract: None,
        }
    }
}

fn circle(planning: &Planning, because: Because) -> GreatCircle {
    let (speed_km_h, circuity) = (planning.fallback_speed_km_h, planning.fallback_circuity);
    GreatCircle { because, speed_km_h, circuity }
}

fn roads_error(error: roads::ProfileError) -> Error {
    Error::Roads(error.to_string())
}

/// The network of a profile in a data directory; nothing where none of any profile was built.
///
/// # Errors
/// There are others only, or it cannot be read, or the profile cannot.
fn network(dir: &DataDir, profile: &str) -> Result<Option<(Network, Profile)>, Error> {
    let built = dir.networks();
    if built.is_empty() {
        return Ok(None);
    }
    let profile = profile_of(dir.path(), profile)?;
    let own = dir.network(&profile.name);
    // Older versions called the file of every profile by this name.
    let (path, shared) = if own.exists() { (own, false) } else { (dir.network("car"), true) };
    let other = |file: &Path, name: &str| {
        Error::Roads(format!(
            "{} was built with the profile {name:?}, and {:?} is asked for ([travel] profile in \
             doorstep.toml, or --profile): run `doorstep roads build --pbf FILE --profile NAME|FILE` \
             with that one, or ask for one that is built ({})",
            file.display(),
            profile.name,
            built.join(", ")
        ))
    };
    if !path.exists() {
        let some = built.first().map(String::as_str).unwrap_or_default();
        return Err(other(&dir.network(some), some));
    }
    let network = open_network(&path)?;
    if shared && network.info().profile != profile.name {
        return Err(other(&path, &network.info().profile));
    }
    Ok(Some((network, profile)))
}

/// Opens the file of a network.
///
/// # Errors
/// It cannot be read, or is none; the message says what to do.
pub fn open_network(path: &Path) -> Result<Network, Error> {
    let bytes = std::fs::read(path).map_err(|e| Error::io("read", path, e))?;
    Network::from_bytes(&bytes).map_err(|error| {
        Error::Roads(format!(
            "{}: {error}; build it again with `doorstep roads build --pbf FILE`",
            path.display()
        ))
    })
}

/// Tables that are kept, and where.
#[derive(Debug)]
pub(super) struct Kept {
    limits: Limits,
    /// Of slow providers, the file and what its tables are of.
    file: Option<(DataDir, String)>,
    /// Nothing until the file was looked at.
    cache: Mutex<Option<Cache>>,
}

impl Kept {
    fn nothing() -> Self {
        Self::in_memory(Limits { bytes: 0, age_s: None })
    }

    fn in_memory(limits: Limits) -> Self {
        Self { limits, file: None, cache: Mutex::new(Some(Cache::default())) }
    }

    fn in_file(limits: Limits, dir: &DataDir, of: String) -> Self {
        Self { limits, file: Some((dir.clone(), of)), cache: Mutex::default() }
    }

    /// The table of these places; of a small one only what is there already is used.
    pub(super) fn table(
        &self,
        keys: &[Key],
        now: i64,
        small: bool,
        fetch: &mut Fetch<'_>,
    ) -> Result<Table, Error> {
        let mut guard = self.cache.lock().unwrap_or_else(PoisonError::into_inner);
        let cache = guard.get_or_insert_with(|| self.load());
        if small {
            let known = cache.peek(keys, now, self.limits);
            // Nobody else has to wait while a server is asked.
            drop(guard);
            let all: Vec<usize> = (0..keys.len()).collect();
            return known.map_or_else(|| fetch(&all, &all), Ok);
        }
        let (table, added) = cache.table(keys, now, self.limits, fetch)?;
        if added && let Some((dir, of)) = &self.file {
            // The tables are there; that they cannot be kept is no reason to stop.
            if let Err(error) = dir.write(&dir.osrm_tables(), &cache::write(cache, of)) {
                tracing::warn!("the times of OSRM are not kept for the next run: {error}");
            }
        }
        Ok(table)
    }

    fn load(&self) -> Cache {
        let Some((dir, of)) = &self.file else { return Cache::default() };
        let path = dir.osrm_tables();
        match read(&path, self.limits.bytes) {
            Ok(None) => Cache::default(),
            Ok(Some(bytes)) => cache::read(&bytes, of).unwrap_or_else(|why| {
                tracing::warn!("{} is not used and made anew: {why}", path.display());
                Cache::default()
            }),
            Err(error) => {
                tracing::warn!("{error}; its times are asked for again");
                Cache::default()
            }
        }
    }
}

/// The file, unless there is none or it is larger than may be kept.
fn read(path: &Path, most: usize) -> Result<Option<Vec<u8>>, Error> {
    let failed = |e| Error::io("read", path, e);
    match std::fs::metadata(path) {
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => return Ok(None),
        Err(error) => return Err(failed(error)),
        // Places and the head take a little beside the table.
        Ok(file) if file.len() > (most as u64).saturating_mul(2).saturating_add(1 << 20) => {
            return Ok(None);
        }
        Ok(_) => {}
    }
    std::fs::read(path).map(Some).map_err(failed)
}
