//! From cells to groups that may be shown.
//!
//! Regions first: those with too few borrowers are put together, and if they still are too few, with the
//! smallest other region. Then the cells of each region, from the finest level to the coarsest: a cell with
//! enough borrowers is a row, the others go up to their parent; what is left at the top is a row if it has
//! enough, and joins the smallest row of the region if not. Both are partitions of the same cells, the second
//! finer than the first, and every part has enough borrowers: so has every difference of rows, which is a
//! union of parts.

use std::collections::{BTreeMap, BTreeSet};

use h3o::{CellIndex, Resolution};

use super::atoms::{Atoms, Tally};
use super::figures::Figures;
use super::input::Input;
use super::{COARSEST, EconomicsError, Group, Region, Report};
use crate::number::float;

/// A row in the making.
#[derive(Debug, Default)]
struct Draft {
    regions: BTreeSet<Region>,
    cell: Option<CellIndex>,
    rest: bool,
    tally: Tally,
    atoms: Vec<(CellIndex, Tally)>,
}

impl Draft {
    fn take(&mut self, other: Self) -> Result<(), EconomicsError> {
        self.regions.extend(other.regions);
        self.atoms.extend(other.atoms);
        self.tally.add(&other.tally)
    }

    fn borrowers(&self) -> i64 {
        self.tally.sums.borrowers
    }
}

pub(super) fn report(
    input: &Input<'_>,
    atoms: &Atoms,
    uncredited_minor: i64,
) -> Result<Report, EconomicsError> {
    let least = input.rates.least_borrowers;
    let mut total = Tally::default();
    for tally in atoms.values() {
        total.add(tally)?;
    }
    if total.sums.borrowers < least.max(1) {
        return Ok(Report { cells: vec![], regions: vec![], total: None, uncredited_minor: 0 });
    }
    let typical =
        (total.closed_paying > 0).then(|| float(total.closed_kept) / float(total.closed_paying));
    let figures = |tally: &Tally| Figures::of(tally, &input.rates, typical);
    let row = |draft: &Draft| -> Result<Group, EconomicsError> {
        Ok(Group {
            regions: draft.regions.iter().cloned().collect(),
            cell: draft.cell,
            rest: draft.rest,
            figures: figures(&draft.tally)?,
        })
    };
    let regions = regions(atoms, least)?;
    let mut cells = Vec::new();
    for region in &regions {
        for draft in cells_of(region, least, input.resolution)? {
            cells.push(row(&draft)?);
        }
    }
    Ok(Report {
        cells,
        regions: regions.iter().map(row).collect::<Result<_, _>>()?,
        total: Some(figures(&total)?),
        uncredited_minor,
    })
}

/// Regions with enough borrowers, by name.
fn regions(atoms: &Atoms, least: i64) -> Result<Vec<Draft>, EconomicsError> {
    let mut by_region: BTreeMap<&Region, Draft> = BTreeMap::new();
    for ((region, cell), tally) in atoms {
        let draft = by_region.entry(region).or_default();
        draft.take(Draft {
            regions: BTreeSet::from([region.clone()]),
            tally: *tally,
            atoms: vec![(*cell, *tally)],
            ..Draft::default()
        })?;
    }
    let (mut shown, small): (Vec<_>, Vec<_>) =
        by_region.into_values().partition(|draft| draft.borrowers() >= least);
    let mut rest: Option<Draft> = None;
    for draft in small {
        match &mut rest {
            Some(rest) => rest.take(draft)?,
            None => rest = Some(draft),
        }
    }
    place_rest(&mut shown, rest, least)?;
    shown.sort_by(|a, b| a.regions.cmp(&b.regions));
    Ok(shown)
}

/// Adds what is left as a row of its own or, where it is too small, to the smallest row.
fn place_rest(
    shown: &mut Vec<Draft>,
    rest: Option<Draft>,
    least: i64,
) -> Result<(), EconomicsError> {
    let Some(rest) = rest else { return Ok(()) };
    let smallest = shown.iter_mut().min_by_key(|draft| draft.borrowers());
    match smallest.filter(|_| rest.borrowers() < least) {
        Some(smallest) => smallest.take(rest),
        None => {
            shown.push(rest);
            Ok(())
        }
    }
}

/// The rows of one region, by cell; the row without a cell is last.
fn cells_of(
    region: &Draft,
    least: i64,
    resolution: Resolution,
) -> Result<Vec<Draft>, EconomicsError> {
    let new = || Draft { regions: region.regions.clone(), ..Draft::default() };
    let mut shown: Vec<Draft> = Vec::new();
    let mut pending: BTreeMap<CellIndex, Draft> = BTreeMap::new();
    for (cell, tally) in &region.atoms {
        pending.entry(*cell).or_insert_with(new).take(Draft {
            tally: *tally,
            atoms: vec![(*cell, *tally)],
            ..Draft::default()
        })?;
    }
    let mut level = Some(resolution);
    while let Some(at) = level.filter(|at| *at >= COARSEST) {
        let mut higher: BTreeMap<CellIndex, Draft> = BTreeMap::new();
        for (cell, draft) in pending {
            let up = at.pred().filter(|up| *up >= COARSEST).and_then(|up| cell.parent(up));
            if draft.borrowers() >= least {
                let rest =
                    shown.iter().any(|row| row.cell.is_some_and(|c| c.parent(at) == Some(cell)));
                shown.push(Draft { cell: Some(cell), rest, ..draft });
            } else {
                higher.entry(up.unwrap_or(cell)).or_insert_with(new).take(draft)?;
            }
        }
        pending = higher;
        level = at.pred();
    }
    let mut rest: Option<Draft> = None;
    for draft in pending.into_values() {
        match &mut rest {
            Some(rest) => rest.take(draft)?,
            None => rest = Some(draft),
        }
    }
    if let Some(rest) = &mut rest {
        rest.rest = !shown.is_empty();
    }
    shown.sort_by_key(|draft| draft.cell);
    merge_rest(&mut shown, rest, least)?;
    Ok(shown)
}

/// As [`place_rest`]; a cell that takes more than itself is called by its region alone.
fn merge_rest(
    shown: &mut Vec<Draft>,
    rest: Option<Draft>,
    least: i64,
) -> Result<(), EconomicsError> {
    let Some(rest) = rest else { return Ok(()) };
    if rest.borrowers() >= least || shown.is_empty() {
        shown.push(rest);
        return Ok(());
    }
    let smallest = (0..shown.len()).min_by_key(|at| shown.get(*at).map(Draft::borrowers));
    let Some(at) = smallest else { return Ok(()) };
    let mut joined = shown.remove(at);
    joined.take(rest)?;
    (joined.cell, joined.rest) = (None, !shown.is_empty());
    shown.push(joined);
    Ok(())
}
