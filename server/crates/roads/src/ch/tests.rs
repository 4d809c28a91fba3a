//! The hierarchy against a plain search, on hand-made and random graphs.

use proptest::prelude::*;

use super::{Arc, Cost, Path, Search, build, shortest_path};
use crate::num::{NONE, id, ix};

fn arc((tail, head, cs, dm): (u32, u32, u32, u32), label: usize) -> Arc {
    Arc { tail, head, cost: Cost::new(cs, dm), label: id(label) }
}

fn arcs(list: &[(u32, u32, u32, u32)]) -> Vec<Arc> {
    list.iter().enumerate().map(|(label, &a)| arc(a, label)).collect()
}

/// Bellman-Ford: nothing in common with what is tested.
fn plain(nodes: usize, arcs: &[Arc], seeds: &[(u32, Cost)]) -> Vec<Cost> {
    let mut best = vec![Cost::NONE; nodes];
    for &(node, cost) in seeds {
        best[ix(node)] = cost.min(best[ix(node)]);
    }
    for _ in 0..nodes {
        for arc in arcs {
            let next = best[ix(arc.tail)] + arc.cost;
            best[ix(arc.head)] = next.min(best[ix(arc.head)]);
        }
    }
    best
}

/// Sum over the arcs of a path, which must be one chain from seed to seed.
fn cost_of(path: &Path, arcs: &[Arc], from: &[(u32, Cost)], to: &[(u32, Cost)]) -> Cost {
    let (mut at, mut cost) = from[path.from_seed];
    for &label in &path.labels {
        let arc = arcs[ix(label)];
        assert_eq!(arc.tail, at, "the path is broken");
        at = arc.head;
        cost += arc.cost;
    }
    assert_eq!(at, to[path.to_seed].0, "the path ends elsewhere");
    cost + to[path.to_seed].1
}

#[test]
fn a_small_town() {
    // 0 -5- 1 -5- 2 both ways, 2 -> 3 one way, 0 -> 2 directly in 11: 10 by way of 1 wins.
    let arcs = arcs(&[
        (0, 1, 5, 50),
        (1, 0, 5, 50),
        (1, 2, 5, 50),
        (2, 1, 5, 50),
        (2, 3, 1, 10),
        (0, 2, 11, 1),
    ]);
    let (hierarchy, rank) = build(4, &arcs, &mut |_| {});
    let seed = |node: usize| [(rank[node], Cost::ZERO)];
    let path = shortest_path(&hierarchy, &seed(0), &seed(3)).unwrap();
    assert_eq!((path.cost, path.labels), (Cost::new(11, 110), vec![0, 2, 4]));
    assert_eq!(shortest_path(&hierarchy, &seed(3), &seed(0)), None);
    assert_eq!(shortest_path(&hierarchy, &seed(1), &seed(1)).unwrap().cost, Cost::ZERO);
}

#[test]
fn of_two_equally_fast_ways_the_shorter_is_taken() {
    let arcs = arcs(&[(0, 1, 5, 90), (1, 3, 5, 90), (0, 2, 4, 10), (2, 3, 6, 10)]);
    let (hierarchy, rank) = build(4, &arcs, &mut |_| {});
    let path =
        shortest_path(&hierarchy, &[(rank[0], Cost::ZERO)], &[(rank[3], Cost::ZERO)]).unwrap();
    assert_eq!(path.cost, Cost::new(10, 20));
}

#[test]
fn nothing_to_prepare() {
    let (hierarchy, rank) = build(0, &[], &mut |_| {});
    assert!(hierarchy.is_sound() && rank.is_empty());
}

fn graphs() -> impl Strategy<Value = (usize, Vec<(u32, u32, u32, u32)>)> {
    (2_u32..24).prop_flat_map(|nodes| {
        // Few distinct costs, so that ties and arcs without cost are common.
        let arc = (0..nodes, 0..nodes, 0_u32..6, 0_u32..4);
        (Just(ix(nodes)), prop::collection::vec(arc, 0..80))
    })
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(400))]

    #[test]
    fn every_pair_equals_a_plain_search((nodes, list) in graphs()) {
        let arcs = arcs(&list);
        let (hierarchy, rank) = build(nodes, &arcs, &mut |_| {});
        prop_assert!(hierarchy.is_sound());
        for from in 0..id(nodes) {
            let best = plain(nodes, &arcs, &[(from, Cost::ZERO)]);
            for to in 0..id(nodes) {
                let (a, b) = ([(rank[ix(from)], Cost::ZERO)], [(rank[ix(to)], Cost::ZERO)]);
                let path = shortest_path(&hierarchy, &a, &b);
                let cost = path.as_ref().map_or(Cost::NONE, |path| path.cost);
                prop_assert_eq!(cost, best[ix(to)], "{} to {}", from, to);
                if let Some(path) = path {
                    let ends = ([(from, Cost::ZERO)], [(to, Cost::ZERO)]);
                    prop_assert_eq!(cost_of(&path, &arcs, &ends.0, &ends.1), cost);
                }
            }
        }
    }

    #[test]
    fn several_seeds_equal_a_plain_search(
        (nodes, list) in graphs(),
        picks in prop::collection::vec((0_u32..24, 0_u32..9), 4),
    ) {
        let arcs = arcs(&list);
        let (hierarchy, rank) = build(nodes, &arcs, &mut |_| {});
        let seed = |&(node, cs): &(u32, u32)| (node % id(nodes), Cost::new(cs, 1));
        let (from, to): (Vec<_>, Vec<_>) =
            (picks[..2].iter().map(seed).collect(), picks[2..].iter().map(seed).collect());
        let best = plain(nodes, &arcs, &from);
        let expected = to.iter().map(|&(node, cost)| best[ix(node)] + cost).min();
        let ranked = |seeds: &[(u32, Cost)]| -> Vec<(u32, Cost)> {
            seeds.iter().map(|&(node, cost)| (rank[ix(node)], cost)).collect()
        };
        let path = shortest_path(&hierarchy, &ranked(&from), &ranked(&to));
        prop_assert_eq!(path.as_ref().map(|p| p.cost), expected.filter(|&c| c != Cost::NONE));
        if let Some(path) = path {
            prop_assert_eq!(cost_of(&path, &arcs, &from, &to), path.cost);
        }
    }

    #[test]
    fn the_reversed_graph_gives_the_reversed_costs((nodes, list) in graphs()) {
        let (ahead, rank) = build(nodes, &arcs(&list), &mut |_| {});
        let turned: Vec<_> = list.iter().map(|&(t, h, cs, dm)| (h, t, cs, dm)).collect();
        let (back, back_rank) = build(nodes, &arcs(&turned), &mut |_| {});
        let (mut one, mut other) = (Search::new(nodes), Search::new(nodes));
        for from in 0..nodes {
            for to in 0..nodes {
                let cost = |h, search: &mut Search, a: u32, b: u32| {
                    search.forward(h, &[(a, Cost::ZERO)]);
                    let up: Vec<_> = search.settled.clone();
                    search.backward(h, &[(b, Cost::ZERO)]);
                    up.iter().map(|&(n, c)| c + search.cost(n)).min().unwrap_or(Cost::NONE)
                };
                let there = cost(&ahead, &mut one, rank[from], rank[to]);
                let reverse = cost(&back, &mut other, back_rank[to], back_rank[from]);
                prop_assert_eq!(there, reverse);
            }
        }
    }
}

#[test]
fn the_same_graph_gives_the_same_hierarchy() {
    let grid = |n: u32| (n, (n * 7 + 3) % 50, n % 5 + 1, n);
    let list: Vec<_> = (0..50).map(grid).chain((0..50).map(|n| (n, (n + 1) % 50, 9, 2))).collect();
    let (a, b) = (build(50, &arcs(&list), &mut |_| {}), build(50, &arcs(&list), &mut |_| {}));
    assert_eq!(a, b);
    assert!(!a.1.contains(&NONE));
}
