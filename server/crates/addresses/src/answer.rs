//! What a look-up says.

use std::fmt;

use serde::Serialize;

/// How good a position is, the best last.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Grade {
    /// Some point of the town.
    Place,
    /// Some point of the street.
    Street,
    /// The house.
    House,
}

impl Grade {
    /// `house`, `street` or `place`.
    #[must_use]
    pub fn label(self) -> &'static str {
        match self {
            Self::House => "house",
            Self::Street => "street",
            Self::Place => "place",
        }
    }
}

impl fmt::Display for Grade {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.label())
    }
}

/// What the map says is at a position.
#[derive(Debug, Clone, Default, PartialEq, Eq, PartialOrd, Ord, Serialize)]
pub struct What {
    /// House number.
    pub number: Option<String>,
    /// Street.
    pub street: Option<String>,
    /// Flat or suite.
    pub unit: Option<String>,
    /// Town.
    pub city: Option<String>,
    /// The nearest town or village, where the map does not say which one it is in.
    pub near: Option<String>,
    /// Postcode.
    pub postcode: Option<String>,
    /// State.
    pub state: Option<String>,
}

impl fmt::Display for What {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let line: Vec<&str> =
            [&self.number, &self.street].into_iter().filter_map(|part| part.as_deref()).collect();
        let line = Some(line.join(" ")).filter(|line| !line.is_empty());
        let near = self.near.as_ref().map(|town| format!("near {town}"));
        let parts = [line, self.city.clone(), near, self.state.clone(), self.postcode.clone()];
        f.write_str(&parts.into_iter().flatten().collect::<Vec<_>>().join(", "))
    }
}

/// What somebody should know of an answer before trusting it.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "snake_case", tag = "note")]
pub enum Note {
    /// The address has neither town nor postcode; there is one such street in the extract.
    NoTown,
    /// The map has no town at this address; it is near the one asked for.
    TownByDistance,
    /// The map has another town, in reach of the one asked for or under the same postcode.
    TownDiffers {
        /// On the map.
        map: String,
    },
    /// The map has another postcode.
    PostcodeDiffers {
        /// On the map.
        map: String,
    },
    /// No house near has the postcode asked for.
    PostcodeElsewhere {
        /// Postcodes of the houses near, at most three.
        near: Vec<String>,
    },
    /// The map has another state there.
    StateDiffers {
        /// On the map.
        map: String,
    },
    /// One of the two numbers is a range that holds the other.
    NumberInRange {
        /// On the map.
        map: String,
    },
    /// The map does not have this number of the street.
    NumberUnknown {
        /// The numbers on both sides, if the position was taken from them.
        between: Option<(String, String)>,
    },
    /// The address has no house number.
    NoNumber,
    /// The street is spelt in another way on the map.
    Spelling {
        /// On the map.
        map: String,
    },
    /// The map does not have this street here.
    StreetUnknown {
        /// Streets with similar names.
        similar: Vec<String>,
    },
    /// Part of the address was not understood.
    NotUnderstood {
        /// That part.
        words: String,
    },
}

impl Note {
    /// Whether what is on the map contradicts what was asked for, so that somebody should look at it.
    #[must_use]
    pub fn is_doubt(&self) -> bool {
        !matches!(self, Self::TownByDistance | Self::NumberInRange { .. } | Self::NoNumber)
    }
}

impl fmt::Display for Note {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::NoTown => write!(f, "no town or postcode given"),
            Self::TownByDistance => write!(f, "the map names no town there, the one given is near"),
            Self::TownDiffers { map } => write!(f, "the map says town {map}"),
            Self::PostcodeDiffers { map } => write!(f, "the map says postcode {map}"),
            Self::PostcodeElsewhere { near } if near.is_empty() => {
                write!(f, "the map has this postcode nowhere near")
            }
            Self::PostcodeElsewhere { near } => {
                write!(f, "the map has this postcode nowhere near; there it is {}", near.join(", "))
            }
            Self::StateDiffers { map } => write!(f, "the map says state {map}"),
            Self::NumberInRange { map } => write!(f, "the map says number {map}"),
            Self::NumberUnknown { between: Some((a, b)) } => {
                write!(f, "the map lacks this number; placed between {a} and {b}")
            }
            Self::NumberUnknown { between: None } => {
                write!(f, "the map lacks this number; placed in the middle of the street")
            }
            Self::NoNumber => write!(f, "no house number given"),
            Self::Spelling { map } => write!(f, "the map spells it {map}"),
            Self::StreetUnknown { similar } if similar.is_empty() => {
                write!(f, "the map has no such street there")
            }
            Self::StreetUnknown { similar } => {
                write!(f, "the map has no such street there; similar: {}", similar.join(", "))
            }
            Self::NotUnderstood { words } => write!(f, "`{words}` was not understood"),
        }
    }
}

/// One place that an address may mean. As JSON it has `lat` and `lon` in degrees.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Candidate {
    /// Latitude in 1e-7 degree.
    #[serde(rename = "lat", serialize_with = "in_degrees")]
    pub lat_e7: i32,
    /// Longitude in 1e-7 degree.
    #[serde(rename = "lon", serialize_with = "in_degrees")]
    pub lon_e7: i32,
    /// House, street or place.
    pub grade: Grade,
    /// 1 to 100: how well the map's address agrees with the one asked for. 100 is in every part; where the
    /// house is lacking it is 80 at most, where the street is, 50.
    pub score: u8,
    /// The address on the map.
    pub what: What,
    /// What is not quite as asked.
    pub notes: Vec<Note>,
}

/// Divided, because a product with 1e-7 is not the number that is nearest to the decimal one.
fn degrees(e7: i32) -> f64 {
    f64::from(e7) / 1e7
}

#[expect(clippy::trivially_copy_pass_by_ref, reason = "serde calls it so")]
fn in_degrees<S: serde::Serializer>(e7: &i32, to: S) -> Result<S::Ok, S::Error> {
    to.serialize_f64(degrees(*e7))
}

impl Candidate {
    /// Latitude in degrees.
    #[must_use]
    pub fn lat(&self) -> f64 {
        degrees(self.lat_e7)
    }

    /// Longitude in degrees.
    #[must_use]
    pub fn lon(&self) -> f64 {
        degrees(self.lon_e7)
    }

    /// Whether somebody should look at it before trusting it.
    #[must_use]
    pub fn is_doubtful(&self) -> bool {
        self.notes.iter().any(Note::is_doubt)
    }
}

impl fmt::Display for Candidate {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (lat, lon) = (self.lat(), self.lon());
        write!(f, "{} ({} at {lat:.6}, {lon:.6})", self.what, self.grade)
    }
}

/// Why nothing was found.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case", tag = "reason")]
pub enum Reason {
    /// There are no words in it.
    Empty,
    /// The street is not there, and neither town nor postcode is known.
    Unknown,
    /// The street is known, but not in the town, postcode or state asked for.
    NotThere,
    /// The town is known, but in another state.
    OtherState,
    /// The street is known; what stands after it is no town or postcode of the extract.
    TownUnknown {
        /// What was not understood.
        words: String,
    },
}

impl fmt::Display for Reason {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Empty => write!(f, "there are no words in it"),
            Self::Unknown => write!(f, "the map has neither this street nor this town"),
            Self::NotThere => {
                write!(f, "the map has the street, but not in this town, postcode or state")
            }
            Self::OtherState => write!(f, "the map has this town, but not in this state"),
            Self::TownUnknown { words } => {
                write!(f, "the map has the street, but knows no town or postcode `{words}`")
            }
        }
    }
}

/// What a look-up says.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case", tag = "answer")]
pub enum Answer {
    /// One place.
    Found {
        /// It.
        found: Candidate,
    },
    /// Several places, none of them better than the others.
    Ambiguous {
        /// They, by score and position.
        candidates: Vec<Candidate>,
    },
    /// Nothing.
    NotFound {
        /// Why.
        why: Reason,
        /// What was perhaps meant.
        suggestions: Vec<String>,
    },
}

/// An answer and what was set aside to find it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Lookup {
    /// The answer.
    #[serde(flatten)]
    pub answer: Answer,
    /// The flat or suite in the address, which the map need not know.
    pub unit_asked: Option<String>,
}
