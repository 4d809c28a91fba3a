//! ADAPTER: travel times and distances, from the built road network or, as the last resort, from
//! the great circle. A plan says which of the two it used.

mod extent;
mod great_circle;

use roads::{LatLon, Network, Snap};
use sync_core::model::Position;

use crate::config::{DataDir, Planning};
use crate::error::Error;
use crate::progress::Progress;
pub use extent::Extent;
use great_circle::GreatCircle;

/// Where travel times are from.
#[derive(Debug)]
pub enum Travel {
    /// The network in the data directory.
    Roads(Box<Network>),
    /// Great circle times circuity.
    GreatCircle(GreatCircle),
}

/// A place that travel can start from or end at.
#[derive(Debug, Clone)]
pub struct Spot {
    at: Position,
    road: Option<roads::Place>,
}

/// Whether a position can be reached at all.
#[derive(Debug)]
pub enum Placed {
    /// Yes, from here.
    At(Spot),
    /// The nearest road is that far away.
    TooFar {
        /// Whole metres.
        metres: i64,
    },
    /// Its road is not connected to the network.
    Island,
    /// Outside of the extract.
    Outside,
}

/// Seconds and metres between spots, row-major; `u32::MAX` where there is no way.
#[derive(Debug)]
pub struct Table {
    /// Seconds of the fastest way.
    pub seconds: Vec<u32>,
    /// Metres of that same way.
    pub metres: Vec<u32>,
}

impl Travel {
    /// The network of a data directory if one was built, else the great circle.
    ///
    /// # Errors
    /// There is a network file and it cannot be read.
    pub fn open(dir: &DataDir, planning: &Planning) -> Result<Self, Error> {
        let path = dir.network();
        if !path.exists() {
            return Ok(Self::great_circle(planning));
        }
        let bytes = std::fs::read(&path).map_err(|e| Error::io("read", &path, e))?;
        let network = Network::from_bytes(&bytes).map_err(|error| {
            Error::Roads(format!(
                "{}: {error}; build it again with `doorstep roads build --pbf FILE`",
                path.display()
            ))
        })?;
        Ok(Self::Roads(Box::new(network)))
    }

    /// The last resort, for places that no network reaches.
    #[must_use]
    pub fn great_circle(planning: &Planning) -> Self {
        Self::GreatCircle(GreatCircle {
            speed_km_h: planning.fallback_speed_km_h,
            circuity: planning.fallback_circuity,
        })
    }

    /// For the plan: what was used.
    #[must_use]
    pub fn describe(&self) -> String {
        match self {
            Self::Roads(network) => format!("embedded roads, profile {}", network.info().profile),
            Self::GreatCircle(g) => g.describe(),
        }
    }

    /// What must be said where times are only estimated.
    #[must_use]
    pub fn warning(&self) -> Option<String> {
        self.network().is_none().then(|| {
            format!(
                "Distances and times are estimated: {}. Build one with `doorstep roads build`.",
                self.describe()
            )
        })
    }

    /// Fingerprint of the network, if there is one.
    #[must_use]
    pub fn fingerprint(&self) -> Option<String> {
        match self {
            Self::Roads(network) => Some(network.info().fingerprint.clone()),
            Self::GreatCircle(_) => None,
        }
    }

    /// The network, if there is one.
    #[must_use]
    pub fn network(&self) -> Option<&Network> {
        match self {
            Self::Roads(network) => Some(network),
            Self::GreatCircle(_) => None,
        }
    }

    /// What must be named where the travel times are shown.
    #[must_use]
    pub fn credit(&self) -> Option<String> {
        self.network().map(|network| network.info().credit.to_owned())
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

    /// Finds the spot of a position.
    #[must_use]
    pub fn place(&self, at: Position) -> Placed {
        let Self::Roads(network) = self else {
            return Placed::At(Spot { at, road: None });
        };
        let Ok(point) = LatLon::new(at.lat(), at.lon()) else { return Placed::Outside };
        match network.snap(point) {
            Snap::Snapped(place) => Placed::At(Spot { at, road: Some(place) }),
            Snap::TooFar { metres } => Placed::TooFar { metres: great_circle::whole(metres) },
            Snap::Island { .. } => Placed::Island,
            Snap::OutsideExtract => Placed::Outside,
        }
    }

    /// Name of the road at a spot, where the map has one.
    #[must_use]
    pub fn street(&self, spot: &Spot) -> Option<&str> {
        self.network()?.street(spot.road.as_ref()?)
    }

    /// From every spot to every spot.
    ///
    /// # Errors
    /// The table would not fit into memory.
    pub fn table(&self, spots: &[Spot], progress: &dyn Progress) -> Result<Table, Error> {
        match self {
            Self::GreatCircle(g) => Ok(g.table(spots)),
            Self::Roads(network) => {
                let places: Vec<roads::Place> = spots.iter().filter_map(|s| s.road).collect();
                if places.len() != spots.len() {
                    return Err(Error::Roads("a spot has no road: snap it again".into()));
                }
                progress.begin("travel times", Some(spots.len() as u64));
                let watch = |done: usize| {
                    progress.at(done as u64);
                    true
                };
                let matrix = network
                    .matrix(&places, &places, &watch)
                    .map_err(|error| Error::Roads(error.to_string()))?;
                Ok(Table { seconds: matrix.seconds, metres: matrix.metres })
            }
        }
    }

    /// The line of a leg along the roads, or the straight line.
    #[must_use]
    pub fn line(&self, from: &Spot, to: &Spot) -> Vec<(f64, f64)> {
        if let (Some(network), Some(a), Some(b)) = (self.network(), &from.road, &to.road)
            && let Some(leg) = network.route(a, b)
        {
            return leg.geometry.iter().map(|p| (p.lat, p.lon)).collect();
        }
        vec![(from.at.lat(), from.at.lon()), (to.at.lat(), to.at.lon())]
    }
}
