//! Several cases of one borrower at one door: one visit, one stop, as long as they ask for the same.

use std::collections::HashMap;

use super::basis::Wants;
use super::candidates::Candidate;
use crate::db::Id;
use crate::usecases::book::BookCase;

/// A further case of a stop.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Also {
    /// Index in the book.
    pub(super) case: usize,
    /// Its part of the prize of the stop, micro-units.
    pub(super) prize: i64,
    /// Its part of the money that is carried, minor units.
    pub(super) cash: i64,
}

/// Spans of instants, seconds since 1970.
pub(super) type Spans = Vec<(i64, i64)>;

impl Candidate {
    /// The cases of the stop, as places in the book, each with its part of the prize.
    pub(super) fn parts(&self) -> impl Iterator<Item = (usize, i64)> + '_ {
        parts((self.case, self.prize), &self.also)
    }

    /// The cases of the stop, as places in the book.
    pub(super) fn cases(&self) -> impl Iterator<Item = usize> + '_ {
        self.parts().map(|(case, _)| case)
    }

    /// What of the money that is carried is of the first case.
    pub(super) fn own_cash(&self) -> i64 {
        self.cash - self.also.iter().map(|also| also.cash).sum::<i64>()
    }
}

/// All cases of a stop with their parts of its prize.
pub(super) fn parts(
    (case, prize): (usize, i64),
    also: &[Also],
) -> impl Iterator<Item = (usize, i64)> + '_ {
    let own = prize - also.iter().map(|also| also.prize).sum::<i64>();
    std::iter::once((case, own)).chain(also.iter().map(|also| (also.case, also.prize)))
}

/// Puts cases of one borrower at one door together, where they need the same agents and have hours in common in which
/// a visit for all of them can begin. `further_s` is what each further case takes.
pub(super) fn merge(
    cases: &[BookCase],
    candidates: Vec<Candidate>,
    further_s: i64,
) -> Vec<Candidate> {
    let mut stops: Vec<Candidate> = Vec::with_capacity(candidates.len());
    let mut doors: HashMap<(Id, i32, i32), Vec<usize>> = HashMap::with_capacity(candidates.len());
    for candidate in candidates {
        let Some(case) = cases.get(candidate.case) else { continue };
        let door = (case.row.borrower_id, case.row.lat_e7, case.row.lon_e7);
        let there = doors.entry(door).or_default();
        let joined = there.iter().find_map(|at| {
            let stop = stops.get(*at)?;
            let other = cases.get(stop.case)?;
            let alike = Wants::of(&case.row).is_like(&Wants::of(&other.row));
            let windows = together(stop, &candidate.windows, further_s);
            (alike && !windows.is_empty()).then_some((*at, windows))
        });
        match joined.and_then(|(at, windows)| Some((stops.get_mut(at)?, windows))) {
            Some((stop, windows)) => {
                stop.windows = windows;
                stop.prize = stop.prize.saturating_add(candidate.prize);
                stop.cash = stop.cash.saturating_add(candidate.cash);
                stop.mandatory |= candidate.mandatory;
                let Candidate { case, prize, cash, .. } = candidate;
                stop.also.push(Also { case, prize, cash });
            }
            None => {
                there.push(stops.len());
                stops.push(candidate);
            }
        }
    }
    stops
}

/// When a visit may begin that is for one case more.
fn together(stop: &Candidate, windows: &[(i64, i64)], further_s: i64) -> Spans {
    let more = i64::try_from(stop.also.len()).unwrap_or(i64::MAX).saturating_add(1);
    let own = earlier(&stop.windows, further_s);
    common(&own, &earlier(windows, further_s.saturating_mul(more)))
}

/// Spans that end so much earlier.
pub(super) fn earlier(spans: &[(i64, i64)], seconds: i64) -> Spans {
    let cut = spans.iter().map(|(from, to)| (*from, to.saturating_sub(seconds)));
    cut.filter(|(from, to)| from <= to).collect()
}

/// What two lists of spans have in common.
pub(super) fn common(a: &[(i64, i64)], b: &[(i64, i64)]) -> Spans {
    let both = |span: &(i64, i64)| {
        let (from, to) = *span;
        let cut = a.iter().map(move |(early, late)| ((*early).max(from), (*late).min(to)));
        cut.filter(|(early, late)| early <= late)
    };
    b.iter().flat_map(both).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_longer_visit_begins_earlier_and_within_the_hours_of_all() {
        assert_eq!(earlier(&[(0, 100), (200, 205)], 10), [(0, 90)]);
        assert_eq!(common(&[(0, 10), (20, 30)], &[(5, 25)]), [(5, 10), (20, 25)]);
        assert_eq!(common(&[(0, 10)], &[(11, 20)]), []);
    }

    #[test]
    fn parts_add_up_to_the_prize() {
        let also = [Also { case: 4, prize: 30, cash: 0 }, Also { case: 9, prize: -5, cash: 0 }];
        let all: Vec<(usize, i64)> = parts((2, 100), &also).collect();
        assert_eq!(all, [(2, 75), (4, 30), (9, -5)]);
    }
}
