//! The road network in the data directory.

use roads::{LatLon, MatrixError, Network, Place, Snap};
use sync_core::model::Position;

use super::cache::Key;
use super::great_circle::whole;
use super::provider::{Near, Placed, Provider, Spot, Table, Way};
use crate::error::Error;
use crate::progress::Progress;

/// A network of `doorstep roads build`.
#[derive(Debug)]
pub(super) struct Embedded(pub(super) Box<Network>);

impl Provider for Embedded {
    fn describe(&self) -> String {
        format!("embedded roads, profile {}", self.0.info().profile)
    }

    fn credit(&self) -> Option<String> {
        Some(self.0.info().credit.clone())
    }

    fn key(&self, spot: &Spot) -> Option<Key> {
        let (segment, dm) = spot.road.as_ref()?.key();
        Some([segment, dm])
    }

    fn snap_m(&self, spot: &Spot) -> Option<f64> {
        Some(spot.road.as_ref()?.distance_m)
    }

    fn place(&self, at: Position) -> Placed {
        let Ok(point) = LatLon::new(at.lat(), at.lon()) else { return Placed::Outside };
        match self.0.snap(point) {
            Snap::Snapped(place) => Placed::At(Spot { at, road: Some(place) }),
            Snap::TooFar { metres } => Placed::TooFar { metres: whole(metres) },
            Snap::Island { place } => Placed::Island { metres: whole(place.distance_m) },
            Snap::OutsideExtract => Placed::Outside,
        }
    }

    fn table(&self, from: &[&Spot], to: &[&Spot], progress: &dyn Progress) -> Result<Table, Error> {
        progress.begin("travel times", Some(from.len() as u64));
        let matrix = self
            .0
            .matrix(&places(from)?, &places(to)?, &watch(progress))
            .map_err(|error| wrong(&error))?;
        Ok(Table { seconds: matrix.seconds, metres: matrix.metres })
    }

    fn nearest(
        &self,
        from: &[&Spot],
        to: &[&Spot],
        k: usize,
        progress: &dyn Progress,
    ) -> Result<Vec<Vec<Near>>, Error> {
        progress.begin("nearest", Some(from.len() as u64));
        let rows = self
            .0
            .nearest(&places(from)?, &places(to)?, k, &watch(progress))
            .map_err(|error| wrong(&error))?;
        let near = |near: roads::Near| Near {
            to: usize::try_from(near.to).unwrap_or(usize::MAX),
            seconds: near.seconds,
            metres: near.metres,
        };
        Ok(rows.into_iter().map(|row| row.into_iter().map(near).collect()).collect())
    }

    fn way(&self, from: &Spot, to: &Spot) -> Result<Option<Way>, Error> {
        let leg = from.road.as_ref().zip(to.road.as_ref()).and_then(|(a, b)| self.0.route(a, b));
        Ok(leg.map(|leg| Way {
            seconds: leg.seconds,
            metres: leg.metres,
            line: leg.geometry.iter().map(|p| (p.lat, p.lon)).collect(),
        }))
    }

    fn network(&self) -> Option<&Network> {
        Some(&self.0)
    }
}

fn places(spots: &[&Spot]) -> Result<Vec<Place>, Error> {
    let places: Vec<Place> = spots.iter().filter_map(|spot| spot.road).collect();
    if places.len() == spots.len() {
        Ok(places)
    } else {
        Err(Error::Roads("a spot has no road: snap it again".into()))
    }
}

fn watch(progress: &dyn Progress) -> impl Fn(usize) -> bool + Sync {
    |done| {
        progress.at(done as u64);
        true
    }
}

fn wrong(error: &MatrixError) -> Error {
    Error::Roads(error.to_string())
}
