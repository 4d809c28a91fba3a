//! What an index is built from, as plain records of a map.

/// Where a record is from. Nodes and ways number apart.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum RecordKind {
    /// A point.
    Node,
    /// Mostly the outline of a building.
    Way,
}

/// A house with its address.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Record {
    /// Node or way.
    pub kind: RecordKind,
    /// Its id.
    pub osm_id: i64,
    /// Latitude in 1e-7 degree.
    pub lat_e7: i32,
    /// Longitude in 1e-7 degree.
    pub lon_e7: i32,
    /// House number as written: `12`, `12A`, `12-16`, `12;14`.
    pub number: String,
    /// Street, or the place that is numbered where there are no streets.
    pub street: String,
    /// Flat or suite.
    pub unit: Option<String>,
    /// Town.
    pub city: Option<String>,
    /// Postcode.
    pub postcode: Option<String>,
    /// State or province, its name or abbreviation.
    pub state: Option<String>,
}

/// A piece of a street.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Street {
    /// Its name.
    pub name: String,
    /// Latitude and longitude in 1e-7 degree, along the street.
    pub points_e7: Vec<(i32, i32)>,
}

/// What sort of place a name is of, the largest first.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum PlaceKind {
    /// A large town.
    City,
    /// A town.
    Town,
    /// A village.
    Village,
    /// A part of a town.
    Suburb,
    /// A few houses.
    Hamlet,
}

impl PlaceKind {
    /// From the map's word; `None` for islands, counties and whatever else is no town.
    #[must_use]
    pub fn from_osm(word: &str) -> Option<Self> {
        Some(match word {
            "city" => Self::City,
            "town" => Self::Town,
            "village" => Self::Village,
            "suburb" | "borough" | "quarter" => Self::Suburb,
            "hamlet" | "neighbourhood" | "isolated_dwelling" => Self::Hamlet,
            _ => return None,
        })
    }

    /// How far from its centre a house may say that it is there, in metres.
    pub(crate) fn reach_m(self) -> f64 {
        match self {
            Self::City => 15_000.0,
            Self::Town => 8_000.0,
            Self::Village => 4_000.0,
            Self::Suburb | Self::Hamlet => 2_500.0,
        }
    }

    pub(crate) fn code(self) -> u32 {
        match self {
            Self::City => 0,
            Self::Town => 1,
            Self::Village => 2,
            Self::Suburb => 3,
            Self::Hamlet => 4,
        }
    }

    pub(crate) fn from_code(code: u32) -> Option<Self> {
        [Self::City, Self::Town, Self::Village, Self::Suburb, Self::Hamlet]
            .into_iter()
            .find(|kind| kind.code() == code)
    }
}

/// A named town, suburb or hamlet.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Place {
    /// Its name.
    pub name: String,
    /// Its sort.
    pub kind: PlaceKind,
    /// Latitude of its centre in 1e-7 degree.
    pub lat_e7: i32,
    /// Longitude of its centre in 1e-7 degree.
    pub lon_e7: i32,
}

/// All that an index is built from.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Records {
    /// Houses.
    pub houses: Vec<Record>,
    /// Streets.
    pub streets: Vec<Street>,
    /// Towns.
    pub places: Vec<Place>,
}
