//! What every source of travel times can do.

use std::fmt;

use roads::Network;
use sync_core::model::Position;

use super::cache::Key;
use crate::error::Error;
use crate::progress::Progress;

/// A place that travel can start from or end at.
#[derive(Debug, Clone)]
pub struct Spot {
    pub(super) at: Position,
    pub(super) road: Option<roads::Place>,
}

impl Spot {
    /// Where it is.
    #[must_use]
    pub const fn position(&self) -> Position {
        self.at
    }
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
    Island {
        /// Whole metres to that road.
        metres: i64,
    },
    /// Outside of the extract.
    Outside,
}

/// Seconds and metres from spots to spots, row-major; `u32::MAX` where there is no way.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Table {
    /// Seconds of the fastest way.
    pub seconds: Vec<u32>,
    /// Metres of that same way.
    pub metres: Vec<u32>,
}

/// One way with its line.
#[derive(Debug, Clone, PartialEq)]
pub struct Way {
    /// Driving time.
    pub seconds: u32,
    /// Length.
    pub metres: u32,
    /// Latitude and longitude of its points.
    pub line: Vec<(f64, f64)>,
}

/// A source of travel times.
pub(super) trait Provider: fmt::Debug + Send + Sync {
    /// For the plan: what it is.
    fn describe(&self) -> String;

    /// What must be said where its times are only estimated.
    fn warning(&self) -> Option<String> {
        None
    }

    /// What must be named where its times are shown.
    fn credit(&self) -> Option<String> {
        None
    }

    /// Whether a tenant's factor on road speeds is for it.
    fn has_road_speeds(&self) -> bool {
        true
    }

    /// Whether the lines of its ways follow roads.
    fn has_lines(&self) -> bool {
        true
    }

    /// Metres from a position that was asked for to the road its ways begin and end at, where that is known. They are
    /// in no time and no length.
    fn snap_m(&self, _: &Spot) -> Option<f64> {
        None
    }

    /// What its times to and from a spot are kept under; nothing where keeping does not pay.
    fn key(&self, spot: &Spot) -> Option<Key>;

    /// Learns in few requests what [`Provider::place`] will be asked.
    fn locate(&self, _at: &[Position], _progress: &dyn Progress) -> Result<(), Error> {
        Ok(())
    }

    /// Finds the spot of a position.
    fn place(&self, at: Position) -> Placed;

    /// From every spot to every spot.
    fn table(&self, from: &[&Spot], to: &[&Spot], progress: &dyn Progress) -> Result<Table, Error>;

    /// For every origin the at most `k` nearest destinations: position in `to`, seconds, metres.
    fn nearest(
        &self,
        from: &[&Spot],
        to: &[&Spot],
        k: usize,
        progress: &dyn Progress,
    ) -> Result<Vec<Vec<Near>>, Error> {
        if to.is_empty() {
            return Ok(vec![Vec::new(); from.len()]);
        }
        let table = self.table(from, to, progress)?;
        let rows = table.seconds.chunks(to.len()).zip(table.metres.chunks(to.len()));
        Ok(rows.map(|(seconds, metres)| nearest_of(seconds, metres, k)).collect())
    }

    /// One way, if there is one.
    fn way(&self, from: &Spot, to: &Spot) -> Result<Option<Way>, Error>;

    /// The road network, where it is in the program.
    fn network(&self) -> Option<&Network> {
        None
    }
}

/// A destination and the way to it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Near {
    /// Position in the destinations given.
    pub to: usize,
    /// Driving time.
    pub seconds: u32,
    /// Length.
    pub metres: u32,
}

fn nearest_of(seconds: &[u32], metres: &[u32], k: usize) -> Vec<Near> {
    let all = seconds.iter().zip(metres).enumerate();
    let mut near: Vec<Near> = all
        .map(|(to, (&seconds, &metres))| Near { to, seconds, metres })
        .filter(|near| near.seconds != u32::MAX)
        .collect();
    near.sort_by_key(|near| (near.seconds, near.metres, near.to));
    near.truncate(k);
    near
}
