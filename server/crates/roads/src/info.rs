//! What a network is, in figures.

use serde::{Deserialize, Serialize};

use crate::geo::{Fixed, HALF_TURN, LatLon, turned};

/// Shown wherever the map or data made from it is shown.
pub const CREDIT: &str = "© OpenStreetMap contributors, ODbL 1.0";

/// A box of degrees. One that crosses the 180th meridian has a `west` larger than its `east`.
#[derive(Debug, Clone, Copy, PartialEq, Default, Serialize, Deserialize)]
pub struct Bounds {
    /// Smallest latitude.
    pub south: f64,
    /// Smallest longitude.
    pub west: f64,
    /// Largest latitude.
    pub north: f64,
    /// Largest longitude.
    pub east: f64,
}

impl Bounds {
    pub(crate) fn of(points: &[Fixed]) -> Self {
        let range = |values: &mut dyn Iterator<Item = i32>| {
            values.fold((i32::MAX, i32::MIN), |(a, b), v| (a.min(v), b.max(v)))
        };
        let (south, north) = range(&mut points.iter().map(|p| p.lat));
        let (mut west, mut east) = range(&mut points.iter().map(|p| p.lon));
        if i64::from(east) - i64::from(west) > i64::from(HALF_TURN) {
            let beyond = range(&mut points.iter().map(|p| p.lon).filter(|lon| *lon < 0)).1;
            let before = range(&mut points.iter().map(|p| p.lon).filter(|lon| *lon >= 0)).0;
            // Whichever way round leaves out more of the earth.
            if i64::from(before) - i64::from(beyond) > i64::from(HALF_TURN) {
                (west, east) = (before, beyond);
            }
        }
        let degrees = |units: i32| f64::from(units) * 1e-7;
        let (south, north) = (degrees(south), degrees(north));
        Self { south, west: degrees(west), north, east: degrees(east) }
    }

    /// Whether a position lies in the box widened by some metres.
    pub(crate) fn near(&self, at: LatLon, metres: f64) -> bool {
        let across = self.west > self.east;
        let inside = |over: bool, under: bool| if across { over || under } else { over && under };
        let far = |lon: f64| turned(lon - at.lon).abs();
        let lon = match (self.west, self.east) {
            (west, east) if inside(at.lon >= west, at.lon <= east) => at.lon,
            (west, east) if far(west) < far(east) => west,
            (_, east) => east,
        };
        let nearest = LatLon { lat: at.lat.clamp(self.south, self.north.max(self.south)), lon };
        nearest.distance_m(at) <= metres
    }
}

/// Objects of the extract that are left aside.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Ignored {
    /// What they have in common: `highway=footway`, `restriction:conditional`.
    pub tag: String,
    /// How many there are.
    pub objects: u64,
}

/// What a network is, in figures.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct NetworkInfo {
    /// Name of the profile it was built with.
    pub profile: String,
    /// UTC time of the data as the extract says it, if it does (`2016-08-01T00:00:00Z`).
    pub data_at: Option<String>,
    /// SHA-256 over extract and profile, in hex: equal means built from the same.
    pub fingerprint: String,
    /// Pieces of road by direction of travel (and by what was driven before, where a
    /// restriction depends on it).
    pub states: u64,
    /// Turns between them.
    pub turns: u64,
    /// Turn restrictions that apply.
    pub restrictions: u64,
    /// Turn restrictions for the vehicle that cannot be placed on its roads.
    pub restrictions_unplaced: u64,
    /// Connections added by the contraction hierarchy.
    pub shortcuts: u64,
    /// What of the extract the profile makes no road of, or is not read: the most frequent
    /// first, at most 24.
    pub ignored: Vec<Ignored>,
    /// Pieces of road between junctions, islands included.
    pub segments: u64,
    /// Their length in kilometres.
    pub road_km: f64,
    /// Groups of roads not joined to the large network at all.
    pub islands: u64,
    /// Segments that cannot be both reached from and left to the large network.
    pub island_segments: u64,
    /// Where the roads are.
    pub bounds: Bounds,
    /// To be shown with the map.
    pub credit: String,
}

/// Seconds since 1970 as `YYYY-MM-DDTHH:MM:SSZ`; civil date by H. Hinnant's
/// `civil_from_days`.
pub(crate) fn utc_text(seconds: i64) -> String {
    let (days, second) = (seconds.div_euclid(86_400), seconds.rem_euclid(86_400));
    let z = days.saturating_add(719_468);
    let (era, day_of_era) = (z.div_euclid(146_097), z.rem_euclid(146_097));
    let year_of_era =
        (day_of_era - day_of_era / 1460 + day_of_era / 36_524 - day_of_era / 146_096) / 365;
    let day_of_year = day_of_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
    let shifted = (5 * day_of_year + 2) / 153;
    let day = day_of_year - (153 * shifted + 2) / 5 + 1;
    let month = if shifted < 10 { shifted + 3 } else { shifted - 9 };
    let year = year_of_era + era * 400 + i64::from(month <= 2);
    let (hour, minute, second) = (second / 3600, second / 60 % 60, second % 60);
    format!("{year:04}-{month:02}-{day:02}T{hour:02}:{minute:02}:{second:02}Z")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn times() {
        assert_eq!(utc_text(0), "1970-01-01T00:00:00Z");
        assert_eq!(utc_text(1_470_000_000), "2016-07-31T21:20:00Z");
        assert_eq!(utc_text(951_827_696), "2000-02-29T12:34:56Z");
        assert_eq!(utc_text(-1), "1969-12-31T23:59:59Z");
    }
}
