//! Errors, one family per operation; each says what to do.

use crate::num::short;

/// Why an extract could not be read or a network not be built from it.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum BuildError {
    /// The bytes do not start like a PBF file.
    #[error(
        "this is not an OpenStreetMap PBF file ({detail}); give a file that ends in .osm.pbf, \
         not .osm, .osm.bz2 or a web page saved under that name"
    )]
    NotPbf {
        /// What was found instead.
        detail: String,
    },
    /// The file ends in the middle of a block.
    #[error(
        "the extract is cut short: the block at byte {at} needs {needed} bytes, {left} are left; \
         download it again"
    )]
    Truncated {
        /// Offset of the block.
        at: usize,
        /// Bytes the block says it has.
        needed: usize,
        /// Bytes left in the file.
        left: usize,
    },
    /// A block cannot be decoded.
    #[error("the extract is damaged in the block at byte {at}: {detail}; download it again")]
    Damaged {
        /// Offset of the block.
        at: usize,
        /// What the decoder said.
        detail: String,
    },
    /// The file needs something this reader does not know.
    #[error(
        "the extract needs the feature {feature:?}, which is not supported; use a plain \
         extract without history"
    )]
    Unsupported {
        /// Name in the file's header.
        feature: String,
    },
    /// No way in the file is a road for the profile.
    #[error(
        "the extract has no road usable by the profile {profile:?} ({ways} road-like ways seen); \
         give an extract of a region with roads, not filtered by other tags"
    )]
    NoRoads {
        /// Name of the profile.
        profile: String,
        /// Ways with a `highway` or `route` tag.
        ways: usize,
    },
    /// More of something than the compact tables can number.
    #[error("the extract is too large: more than {limit} {what}; cut it to your region first")]
    TooLarge {
        /// What there is too much of.
        what: &'static str,
        /// The most that is possible.
        limit: u32,
    },
}

/// Why a saved network could not be opened.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum OpenError {
    /// Reading failed.
    #[error("the road network could not be read: {0}")]
    Io(#[from] std::io::Error),
    /// Another kind of file.
    #[error("this is not a prepared road network; give the file that the road build wrote")]
    NotANetwork,
    /// Written by another version of this program.
    #[error(
        "the road network has file format {found}, this program reads {expected}; build the \
         roads again from the extract"
    )]
    OtherVersion {
        /// Format of the file.
        found: u32,
        /// Format of this program.
        expected: u32,
    },
    /// The file ends early.
    #[error(
        "the road network is cut short ({found} of {expected} bytes); build the roads again \
         from the extract"
    )]
    Truncated {
        /// Bytes of content found.
        found: u64,
        /// Bytes of content expected.
        expected: u64,
    },
    /// The content does not match its checksum, or contradicts itself.
    #[error("the road network is damaged ({what}); build the roads again from the extract")]
    Corrupted {
        /// What was wrong.
        what: &'static str,
    },
}

/// Why a matrix was not filled.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum MatrixError {
    /// The progress function returned `false`.
    #[error("the matrix was cancelled")]
    Cancelled,
    /// A place was snapped on another network.
    #[error("place {index} of the {side} was snapped on another road network; snap it again")]
    ForeignPlace {
        /// `"origins"` or `"destinations"`.
        side: &'static str,
        /// Position in that list.
        index: usize,
    },
    /// The result would not fit the bound.
    #[error(
        "a matrix of {from} x {to} places on roads needs {bytes} bytes, the bound is {limit}; ask \
         for fewer places at a time"
    )]
    TooLarge {
        /// Origins.
        from: usize,
        /// Destinations.
        to: usize,
        /// Bytes the result would need.
        bytes: u128,
        /// Most bytes allowed.
        limit: u64,
    },
}

/// Why a profile was refused.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum ProfileError {
    /// Not the documented form; the message names line and key.
    #[error("the road profile is not valid: {0}")]
    Form(#[from] toml::de::Error),
    /// A number outside of what makes sense.
    #[error(
        "the road profile's {key} is {}; it must be a number from {least} to {most}",
        short(*.value)
    )]
    NotInRange {
        /// Key in the file.
        key: String,
        /// Value found.
        value: f64,
        /// Smallest value allowed.
        least: f64,
        /// Largest value allowed.
        most: f64,
    },
    /// A tag that is dropped while reading, so that the rule would never do anything.
    #[error(
        "the road profile's {key} names the tag {tag:?}, which is not read from the map; use a \
         tag that the profiles of the program use"
    )]
    UnknownTag {
        /// Key in the file.
        key: String,
        /// Tag it names.
        tag: String,
    },
    /// A `highway` value that is no kind of road.
    #[error(
        "the road profile's {key} names the road {kind:?}, which is not known; use a value of \
         OpenStreetMap's highway tag"
    )]
    UnknownRoad {
        /// Key in the file.
        key: String,
        /// Value it names.
        kind: String,
    },
    /// A value with two meanings.
    #[error("the road profile's {key} and {other} both have {value:?}; keep it in one of them")]
    Contradiction {
        /// Key in the file.
        key: String,
        /// The other key.
        other: String,
        /// Value found in both.
        value: String,
    },
    /// A text that must not be empty is.
    #[error("the road profile's {key} is empty; give at least one value")]
    Empty {
        /// Key in the file.
        key: String,
    },
    /// A time or list of days that cannot be read.
    #[error("the road profile's {key} is {value:?}; it must be {expected}")]
    Hours {
        /// Key in the file.
        key: String,
        /// Value found.
        value: String,
        /// What it must be.
        expected: &'static str,
    },
    /// Two hour bands at the same time.
    #[error(
        "the road profile's {key} and {other} both cover {at}; let one end where the other begins"
    )]
    Overlap {
        /// The later band.
        key: String,
        /// The earlier band.
        other: String,
        /// First time that both cover.
        at: String,
    },
}
