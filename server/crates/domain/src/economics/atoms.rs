//! The figures of each cell, before anything is grouped.

use std::collections::{BTreeMap, HashMap, HashSet};

use h3o::CellIndex;
use sync_core::kinds::Met;
use sync_core::model::{CaseId, Minor, VisitId};

use super::credit::{Credit, credits};
use super::input::{Input, Visit};
use super::interval::Spread;
use super::promises::judge;
use super::rounding::{part, priced};
use super::sums::Sums;
use super::{COARSEST, EconomicsError, Region};

/// What adds up of a group of cells.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(super) struct Tally {
    pub(super) sums: Sums,
    /// Recovered per visit.
    pub(super) recovered: Spread,
    /// Recovered less all cost per visit whose window is closed.
    pub(super) net: Spread,
    /// Of these visits: those a payment counts for, and what of it is left after the fee.
    pub(super) closed_paying: i64,
    pub(super) closed_kept: i64,
    /// Of these visits: all cost but the fee.
    pub(super) closed_cost: i64,
}

impl Tally {
    pub(super) fn add(&mut self, other: &Self) -> Result<(), EconomicsError> {
        self.sums.add(&other.sums)?;
        self.recovered.add(&other.recovered)?;
        self.net.add(&other.net)?;
        for (own, more) in [
            (&mut self.closed_paying, other.closed_paying),
            (&mut self.closed_kept, other.closed_kept),
            (&mut self.closed_cost, other.closed_cost),
        ] {
            *own = own.checked_add(more).ok_or(EconomicsError::Overflow)?;
        }
        Ok(())
    }
}

/// The cells with anything in them, and where they belong.
pub(super) type Atoms = BTreeMap<(Region, CellIndex), Tally>;

/// Sorts everything into cells; beside them the payments that count for no visit.
pub(super) fn gather(input: &Input<'_>) -> Result<(Atoms, i64), EconomicsError> {
    let mut map = Map::new(input)?;
    let (credits, uncredited) = credits(input)?;
    let shares = shares(input)?;
    let mut visited: HashSet<CaseId> = HashSet::new();
    let mut in_period: HashSet<VisitId> = HashSet::new();
    for (visit, credit) in input.visits.iter().zip(&credits) {
        if !input.period.holds(visit.at) {
            continue;
        }
        in_period.insert(visit.id);
        let mut tally =
            one_visit(input, visit, *credit, shares.get(&visit.id).copied().unwrap_or_default())?;
        tally.sums.cases_visited = i64::from(visited.insert(visit.case));
        map.at(visit.case)?.add(&tally)?;
    }
    promises(input, &in_period, &mut map)?;
    stops(input, &mut map)?;
    Ok((map.atoms, uncredited))
}

struct Map<'a> {
    input: &'a Input<'a>,
    homes: HashMap<CaseId, CellIndex>,
    atoms: Atoms,
}

impl<'a> Map<'a> {
    fn new(input: &'a Input<'a>) -> Result<Self, EconomicsError> {
        let mut map = Self { input, homes: HashMap::new(), atoms: Atoms::new() };
        let mut borrowers = HashSet::new();
        for case in input.cases {
            if case.cell.resolution() != input.resolution {
                return Err(EconomicsError::Resolution(case.cell));
            }
            if map.homes.insert(case.id, case.cell).is_some() {
                continue;
            }
            let sums = Sums {
                cases: 1,
                borrowers: i64::from(borrowers.insert(case.borrower)),
                ..Sums::default()
            };
            map.at(case.id)?.sums.add(&sums)?;
        }
        Ok(map)
    }

    fn at(&mut self, case: CaseId) -> Result<&mut Tally, EconomicsError> {
        let cell = *self.homes.get(&case).ok_or(EconomicsError::UnknownCase)?;
        let region = match self.input.territories.get(&cell) {
            Some(agent) => Region::Beat(agent.clone()),
            None => Region::Area(cell.parent(COARSEST).unwrap_or(cell)),
        };
        Ok(self.atoms.entry((region, cell)).or_default())
    }
}

/// What falls to one visit of its shift.
#[derive(Debug, Clone, Copy, Default)]
struct Share {
    fixed_minor: i64,
    return_m: i64,
    return_s: i64,
}

/// Shifts divided among their visits, the first ones taking what does not divide.
fn shares(input: &Input<'_>) -> Result<HashMap<VisitId, Share>, EconomicsError> {
    let fixed = priced(input.rates.per_shift, 1, 1, input.rates.exponent)?;
    let mut of_shift: BTreeMap<usize, Vec<&Visit>> = BTreeMap::new();
    for visit in input.visits.iter().filter(|visit| input.period.holds(visit.at)) {
        if let Some(shift) = visit.shift {
            of_shift.entry(shift).or_default().push(visit);
        }
    }
    let mut shares = HashMap::new();
    for (number, mut visits) in of_shift {
        let shift = input.shifts.get(number).ok_or(EconomicsError::UnknownShift(number))?;
        visits.sort_unstable_by_key(|visit| (visit.at, visit.id));
        let of = i64::try_from(visits.len()).map_err(|_| EconomicsError::Overflow)?;
        for (at, visit) in (0..).zip(visits) {
            let share = Share {
                fixed_minor: part(fixed, of, at),
                return_m: part(shift.return_m, of, at),
                return_s: part(shift.return_s, of, at),
            };
            shares.insert(visit.id, share);
        }
    }
    Ok(shares)
}

fn one_visit(
    input: &Input<'_>,
    visit: &Visit,
    credit: Credit,
    share: Share,
) -> Result<Tally, EconomicsError> {
    let (rates, over) = (&input.rates, EconomicsError::Overflow);
    let metres = visit.travel_m.checked_add(share.return_m).ok_or(over)?;
    let paid_s =
        visit.travel_s.checked_add(share.return_s).and_then(|s| s.checked_add(visit.service_s));
    let cost = |rate, quantity, per| priced(rate, quantity, per, rates.exponent);
    let open = visit.at.saturating_add(rates.window_us()) > input.now;
    let met = |who: Met| i64::from(visit.met == who);
    let sums = Sums {
        visits: 1,
        met_borrower: met(Met::Borrower),
        met_somebody_else: met(Met::SomebodyElse),
        met_nobody: met(Met::Nobody),
        paying_visits: i64::from(credit.recovered > 0),
        open_windows: i64::from(open),
        recovered_minor: credit.recovered,
        distance_cost_minor: cost(rates.costs.c_km, metres, 1_000)?,
        time_cost_minor: cost(rates.costs.c_h, paid_s.ok_or(over)?, 3_600)?,
        visit_cost_minor: cost(rates.costs.c_fix, 1, 1)?,
        evidence_cost_minor: cost(rates.costs.c_evidence, 1, 1)?,
        shift_cost_minor: share.fixed_minor,
        fee_cost_minor: credit.fee,
        driven_m: visit.travel_m,
        driven_s: visit.travel_s,
        estimated_ways: i64::from(visit.estimated),
        return_m: share.return_m,
        return_s: share.return_s,
        service_s: visit.service_s,
        ..Sums::default()
    };
    let all = sums.cost_minor()?;
    let mut tally = Tally { sums, ..Tally::default() };
    tally.recovered.note(credit.recovered)?;
    if !open {
        tally.net.note(credit.recovered.checked_sub(all).ok_or(over)?)?;
        tally.closed_paying = sums.paying_visits;
        tally.closed_kept = credit.recovered - credit.fee;
        tally.closed_cost = all - credit.fee;
    }
    Ok(tally)
}

fn promises(
    input: &Input<'_>,
    in_period: &HashSet<VisitId>,
    map: &mut Map<'_>,
) -> Result<(), EconomicsError> {
    for (promise, judged) in input.promises.iter().zip(judge(input)) {
        if !promise.visit.is_some_and(|visit| in_period.contains(&visit)) {
            continue;
        }
        let amount = promise.amount.get();
        let due = i64::from(judged.due);
        map.at(promise.case)?.sums.add(&Sums {
            promises: 1,
            promised_minor: amount,
            promises_due: due,
            promises_due_minor: amount * due,
            promises_kept: i64::from(judged.kept) * due,
            promises_kept_minor: judged.paid * due,
            ..Sums::default()
        })?;
    }
    Ok(())
}

fn stops(input: &Input<'_>, map: &mut Map<'_>) -> Result<(), EconomicsError> {
    let mut visits: HashMap<CaseId, Vec<i64>> = HashMap::new();
    for visit in input.visits {
        visits.entry(visit.case).or_default().push(visit.at);
    }
    for stop in input.stops {
        let made = visits.get(&stop.case).is_some_and(|at| at.iter().any(|at| stop.day.holds(*at)));
        let prize = Minor::from_micro(stop.prize, input.rates.exponent)?;
        map.at(stop.case)?.sums.add(&Sums {
            planned_stops: 1,
            planned_made: i64::from(made),
            planned_m: stop.metres,
            planned_s: stop.seconds,
            planned_prize_minor: prize.get(),
            ..Sums::default()
        })?;
    }
    Ok(())
}
