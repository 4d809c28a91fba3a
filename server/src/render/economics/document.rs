//! The economics of a period as people read them: the input of every renderer of this folder.

use std::str::FromStr;

use domain::economics::Figures;
use jiff::civil::Date;

use crate::render::Point;

/// What the rows are.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum By {
    /// H3 cells within regions.
    Cell,
    /// Beats, and cells of resolution 5 where there is none.
    Region,
}

impl By {
    /// The word in files, JSON and on the command line.
    #[must_use]
    pub const fn label(self) -> &'static str {
        match self {
            Self::Cell => "cell",
            Self::Region => "region",
        }
    }
}

impl FromStr for By {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        match text {
            "cell" => Ok(Self::Cell),
            "region" => Ok(Self::Region),
            _ => Err(format!("`{text}` is not known; write cell or region")),
        }
    }
}

/// The economics of a period.
#[derive(Debug, Clone)]
pub struct EconomicsDocument {
    /// Name of the organisation.
    pub organisation: String,
    /// ISO 4217 code.
    pub currency: String,
    /// Digits behind the decimal point of the currency.
    pub exponent: u8,
    /// IANA name of the zone of the days.
    pub time_zone_name: String,
    /// What the rows are.
    pub by: By,
    /// The first day of visits; `None`: since the beginning.
    pub from: Option<Date>,
    /// The last day.
    pub to: Date,
    /// Days after a visit within which a payment counts for it.
    pub window_days: u32,
    /// Fewest borrowers of a row.
    pub least_borrowers: i64,
    /// H3 resolution from which cells roll up.
    pub resolution: u8,
    /// The rows.
    pub rows: Vec<EconomicsRow>,
    /// All of them together; `None` with too few borrowers.
    pub total: Option<Figures>,
    /// Payments in the period that count for no visit.
    pub uncredited_minor: i64,
    /// What must be said on top: a clock that is not this machine's, data that are made up. Also among
    /// `notices`.
    pub warnings: Vec<String>,
    /// What must be known to read the figures.
    pub notices: Vec<String>,
    /// Sources of data that must be named.
    pub credits: Vec<String>,
}

/// A cell or a region.
#[derive(Debug, Clone)]
pub struct EconomicsRow {
    /// Its regions: agents' keys, or cells of resolution 5.
    pub regions: Vec<String>,
    /// The cell as its hex string; `None` by region, and for what of the regions is in no cell with enough
    /// borrowers.
    pub cell: Option<String>,
    /// Whether parts of it have rows of their own.
    pub rest: bool,
    /// Its figures.
    pub figures: Figures,
    /// Polygons, each a list of closed rings: the border, then holes.
    pub shape: Vec<Vec<Vec<Point>>>,
}

impl EconomicsRow {
    /// The regions in one word.
    #[must_use]
    pub fn region(&self) -> String {
        match self.regions.as_slice() {
            [] => String::new(),
            [one] => one.clone(),
            [first, others @ ..] => format!("{first} +{}", others.len()),
        }
    }

    /// The cell in one word: `rest` for what is in none.
    #[must_use]
    pub fn place(&self) -> String {
        match (&self.cell, self.rest) {
            (Some(cell), false) => cell.clone(),
            (Some(cell), true) => format!("{cell} (rest)"),
            (None, true) => "rest".into(),
            (None, false) => "all".into(),
        }
    }
}

impl EconomicsDocument {
    /// The period in words, to follow `visits`.
    #[must_use]
    pub fn period(&self) -> String {
        match self.from {
            Some(from) if from == self.to => format!("on {from}"),
            Some(from) => format!("from {from} to {}", self.to),
            None => format!("up to {}", self.to),
        }
    }
}
