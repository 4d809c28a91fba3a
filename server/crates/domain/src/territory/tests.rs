use super::*;
use proptest::prelude::*;
use sync_core::model::Position;

fn home() -> CellIndex {
    cell_of(Position::from_degrees(39.0, -75.5).unwrap(), Resolution::Eight)
}

fn cell(index: CellIndex, seconds: u32) -> Cell {
    Cell { index, workload: Seconds::from(seconds), value: Micro::new(i64::from(seconds)) }
}

fn disk(radius: u32, seconds: u32) -> Vec<Cell> {
    home().grid_disk::<Vec<_>>(radius).into_iter().map(|index| cell(index, seconds)).collect()
}

fn base(key: u32, cell: CellIndex) -> Base<u32> {
    Base { key, cell, capacity: Seconds::from(28_800) }
}

fn no_roads(_: CellIndex, _: CellIndex) -> Option<Seconds> {
    None
}

/// Cells, bridges and links of each territory hang together, and every cell is in exactly one.
fn check(cells: &[Cell], found: &Territories<u32>) {
    let mut all: Vec<CellIndex> =
        found.territories.iter().flat_map(|territory| territory.cells.clone()).collect();
    all.sort_unstable();
    let mut given: Vec<CellIndex> = cells.iter().map(|cell| cell.index).collect();
    given.sort_unstable();
    assert_eq!(all, given);
    for territory in &found.territories {
        assert!(!territory.cells.is_empty());
        let own: BTreeSet<CellIndex> =
            territory.cells.iter().chain(&territory.bridges).copied().collect();
        let mut seen = BTreeSet::new();
        let mut open = vec![territory.cells[0]];
        while let Some(at) = open.pop() {
            if own.contains(&at) && seen.insert(at) {
                open.extend(at.grid_disk::<Vec<_>>(1));
                open.extend(territory.links.iter().filter(|l| l.from == at).map(|l| l.to));
                open.extend(territory.links.iter().filter(|l| l.to == at).map(|l| l.from));
            }
        }
        assert_eq!(seen, own, "territory {} falls apart", territory.key);
    }
}

#[test]
fn one_base_takes_all() {
    let cells = disk(4, 600);
    let found = form(&cells, &[base(1, home())], no_roads, &[]).unwrap();
    check(&cells, &found);
    let territory = &found.territories[0];
    assert_eq!(territory.workload, Seconds::from(61 * 600));
    assert!(territory.bridges.is_empty() && territory.links.is_empty());
    // A hexagon of cells is close to a disc.
    assert!((0.95..=1.01).contains(&territory.compactness), "{}", territory.compactness);
}

#[test]
fn a_branch_with_many_agents_is_shared_evenly() {
    let cells = disk(12, 900);
    let bases: Vec<Base<u32>> = (0..6).map(|key| base(key, home())).collect();
    let found = form(&cells, &bases, no_roads, &[]).unwrap();
    check(&cells, &found);
    assert!(found.imbalance < 1.08, "{}", found.imbalance);
    assert!(found.territories.iter().all(|t| t.compactness > 0.5), "{found:?}");
}

#[test]
fn work_follows_capacity() {
    let cells = disk(10, 900);
    let mut bases = [base(1, home()), base(2, home())];
    bases[1].capacity = Seconds::from(9_600);
    let found = form(&cells, &bases, no_roads, &[]).unwrap();
    check(&cells, &found);
    let share = crate::number::float(found.territories[1].workload.get())
        / crate::number::float(found.territories[0].workload.get());
    assert!((0.28..0.39).contains(&share), "{share}");
}

#[test]
fn small_gaps_are_bridged_and_wide_ones_linked() {
    let far = cell_of(Position::from_degrees(39.0, -74.5).unwrap(), Resolution::Eight);
    let near: Vec<CellIndex> = home().grid_ring::<Vec<_>>(6);
    let cells: Vec<Cell> =
        [home(), near[0], far].into_iter().map(|index| cell(index, 600)).collect();
    let found = form(&cells, &[base(1, home())], no_roads, &[]).unwrap();
    check(&cells, &found);
    assert_eq!(found.territories[0].bridges.len(), 5);
    let [link] = found.links.as_slice() else { panic!("{:?}", found.links) };
    assert!([link.from, link.to].contains(&far));
    assert!((80_000..90_000).contains(&link.distance.get()), "{link:?}");
}

#[test]
fn beats_that_balance_stay_as_they_are() {
    let cells = disk(10, 900);
    let bases: Vec<Base<u32>> = (0..4).map(|key| base(key, home())).collect();
    let first = form(&cells, &bases, no_roads, &[]).unwrap();
    let again = form(&cells, &bases, no_roads, &owned(&first)).unwrap();
    assert_eq!(again.moved, 0);
    for (a, b) in first.territories.iter().zip(&again.territories) {
        assert_eq!(a.cells, b.cells);
    }
    // A tenth of the cells change their work: hardly any cell moves.
    let mut changed = cells;
    changed.iter_mut().step_by(10).for_each(|cell| cell.workload = Seconds::from(1_800));
    let later = form(&changed, &bases, no_roads, &owned(&first)).unwrap();
    check(&changed, &later);
    assert!(later.moved * 20 <= changed.len(), "{} of {}", later.moved, changed.len());
}

fn owned(found: &Territories<u32>) -> Vec<(CellIndex, u32)> {
    let of = |t: &Territory<u32>| {
        let key = t.key;
        t.cells.iter().chain(&t.bridges).map(move |c| (*c, key)).collect::<Vec<_>>()
    };
    found.territories.iter().flat_map(of).collect()
}

#[test]
fn a_new_agent_gets_a_share_and_a_leaver_leaves_one() {
    let cells = disk(10, 900);
    let three: Vec<Base<u32>> = (0..3).map(|key| base(key, home())).collect();
    let four: Vec<Base<u32>> = (0..4).map(|key| base(key, home())).collect();
    let first = form(&cells, &three, no_roads, &[]).unwrap();
    let more = form(&cells, &four, no_roads, &owned(&first)).unwrap();
    check(&cells, &more);
    assert!(more.imbalance < 1.3, "{}", more.imbalance);
    let fewer = form(&cells, &three, no_roads, &owned(&more)).unwrap();
    check(&cells, &fewer);
    assert!(fewer.imbalance < 1.3, "{}", fewer.imbalance);
}

#[test]
fn contradictory_input_is_refused() {
    let cells = disk(1, 1);
    let one = [base(1, home())];
    assert_eq!(form(&[], &one, no_roads, &[]), Err(TerritoryError::NoCells));
    assert_eq!(form::<u32>(&cells, &[], no_roads, &[]), Err(TerritoryError::NoBases));
    let twice = [base(1, home()), base(1, home())];
    assert_eq!(
        form(&cells, &twice, no_roads, &[]),
        Err(TerritoryError::DuplicateBase("1".to_owned()))
    );
    let many: Vec<Base<u32>> = (0..8).map(|key| base(key, home())).collect();
    assert_eq!(
        form(&cells, &many, no_roads, &[]),
        Err(TerritoryError::TooManyBases { bases: 8, cells: 7 })
    );
    let idle = [Base { capacity: Seconds::ZERO, ..base(1, home()) }];
    assert!(matches!(form(&cells, &idle, no_roads, &[]), Err(TerritoryError::NoCapacity(_))));
    let double = [cells[0], cells[0]];
    assert!(matches!(form(&double, &one, no_roads, &[]), Err(TerritoryError::DuplicateCell(_))));
    let parent = home().parent(Resolution::Seven).unwrap();
    let mixed = [cells[0], cell(parent, 1)];
    assert!(matches!(form(&mixed, &one, no_roads, &[]), Err(TerritoryError::MixedResolution(..))));
}

#[test]
fn a_book_without_workload_is_shared_by_cells() {
    let cells = disk(8, 0);
    let bases: Vec<Base<u32>> = (0..3).map(|key| base(key, home())).collect();
    let found = form(&cells, &bases, no_roads, &[]).unwrap();
    check(&cells, &found);
    assert!(found.imbalance < 1.1, "{}", found.imbalance);
}

prop_compose! {
    /// A part of the cells of a disk, at random, with random work, and bases among them.
    fn any_book()(
        keep in prop::collection::vec(prop::option::weighted(0.6, 300_u32..3_600), 271),
        spots in prop::collection::vec(0_usize..271, 1..8),
    ) -> (Vec<Cell>, Vec<Base<u32>>) {
        let all = home().grid_disk::<Vec<_>>(9);
        let cells = all.iter().zip(keep).filter_map(|(index, work)| Some(cell(*index, work?)));
        let bases = (0_u32..).zip(spots).map(|(key, spot)| base(key, all[spot]));
        (cells.collect(), bases.collect())
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(24))]

    #[test]
    fn every_book_is_divided_evenly_into_connected_territories((cells, bases) in any_book()) {
        let found = form(&cells, &bases, no_roads, &[]).unwrap();
        check(&cells, &found);
        prop_assert!(found.imbalance < 1.25, "{}", found.imbalance);
    }

    #[test]
    fn the_order_of_the_input_does_not_matter((cells, bases) in any_book(), turn in 0_usize..50) {
        let found = form(&cells, &bases, no_roads, &[]).unwrap();
        let (mut cells, mut bases) = (cells, bases);
        let places = (cells.len(), bases.len());
        cells.rotate_left(turn % places.0);
        cells.reverse();
        bases.rotate_left(turn % places.1);
        prop_assert_eq!(form(&cells, &bases, no_roads, &[]).unwrap(), found);
    }

    #[test]
    fn beats_are_kept_connected((cells, bases) in any_book(), owner in prop::collection::vec(0_u32..8, 271)) {
        let existing: Vec<(CellIndex, u32)> = cells.iter().map(|c| c.index).zip(owner).collect();
        let found = form(&cells, &bases, no_roads, &existing).unwrap();
        check(&cells, &found);
    }
}
