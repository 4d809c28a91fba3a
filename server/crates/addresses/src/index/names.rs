//! Streets by name. What bears one name falls into clusters: the Main Streets of several towns.

use std::collections::{BTreeMap, HashMap};

use super::{House, id, ix};
use crate::geo::{At, rounded, shrink};
use crate::name::{key, keys, words_of};
use crate::record::Street;

/// Side of the squares that hold a street together, in 1e-7 degree of latitude: 500 m. A gap of one square's
/// side is bridged, one of two is not.
const SQUARE: f64 = 45_000.0;

/// All streets of one name.
#[derive(Debug)]
pub(crate) struct Name {
    /// As a map writes it.
    pub(crate) shown: String,
    /// Its likeliest key.
    pub(crate) key: String,
    pub(crate) clusters: Vec<Cluster>,
}

/// One street.
#[derive(Debug, Default)]
pub(crate) struct Cluster {
    /// Points along it.
    pub(crate) points: Vec<At>,
    /// Its houses.
    pub(crate) houses: Vec<u32>,
}

impl Cluster {
    /// Points of the street, or of its houses where the map does not have it.
    pub(crate) fn line<'a>(&'a self, houses: &'a [House]) -> impl Iterator<Item = At> + 'a {
        let of_houses = self.houses.iter().filter_map(|&n| houses.get(ix(n))).map(|h| h.at);
        let alone = self.points.is_empty();
        self.points.iter().copied().chain(of_houses.filter(move |_| alone))
    }
}

/// Collects what bears a name.
#[derive(Debug, Default)]
pub(super) struct Builder {
    // By key, in order, so that the same records give the same index.
    names: BTreeMap<String, Collected>,
}

#[derive(Debug, Default)]
struct Collected {
    shown: String,
    keys: Vec<String>,
    lines: Vec<Vec<At>>,
    houses: Vec<u32>,
}

impl Builder {
    fn of(&mut self, shown: &str) -> &mut Collected {
        let words = words_of(shown);
        let collected = self.names.entry(key(&words)).or_default();
        if collected.shown.is_empty() {
            shown.trim().clone_into(&mut collected.shown);
        }
        for key in keys(&words) {
            if !collected.keys.contains(&key) {
                collected.keys.push(key);
            }
        }
        collected
    }

    pub(super) fn street(&mut self, street: &Street) {
        let line = street.points_e7.iter().map(|&(lat, lon)| At { lat, lon }).collect();
        self.of(&street.name).lines.push(line);
    }

    pub(super) fn house(&mut self, street: &str, house: u32) {
        self.of(street).houses.push(house);
    }

    pub(super) fn finish(self, houses: &[House]) -> (Vec<Name>, HashMap<String, Vec<u32>>) {
        let mut names = Vec::with_capacity(self.names.len());
        let mut by_key: HashMap<String, Vec<u32>> = HashMap::new();
        for (key, collected) in self.names {
            for key in &collected.keys {
                by_key.entry(key.clone()).or_default().push(id(names.len()));
            }
            let clusters = clusters(&collected, houses);
            names.push(Name { shown: collected.shown, key, clusters });
        }
        (names, by_key)
    }
}

/// Parts of a name's streets and houses that hang together.
fn clusters(collected: &Collected, houses: &[House]) -> Vec<Cluster> {
    let house = |&n: &u32| houses.get(ix(n)).map(|house| (n, house.at));
    let of_houses: Vec<(u32, At)> = collected.houses.iter().filter_map(house).collect();
    let points = collected.lines.iter().flatten().copied();
    let Some(origin) = points.chain(of_houses.iter().map(|(_, at)| *at)).next() else {
        return Vec::new();
    };
    let mut squares = Squares::new(origin);
    for line in &collected.lines {
        // Points of one road hang together, however far apart they are.
        let first = line.first().map(|&at| squares.add(at));
        for &at in line {
            let this = squares.add(at);
            squares.join(first.unwrap_or(this), this);
        }
    }
    for (_, at) in &of_houses {
        squares.add(*at);
    }
    squares.join_neighbours();
    let mut clusters: BTreeMap<usize, Cluster> = BTreeMap::new();
    for line in &collected.lines {
        for &at in line {
            clusters.entry(squares.root_at(at)).or_default().points.push(at);
        }
    }
    for (n, at) in of_houses {
        clusters.entry(squares.root_at(at)).or_default().houses.push(n);
    }
    clusters.into_values().collect()
}

/// Squares of the map, joined to each other.
struct Squares {
    shrink: f64,
    ids: BTreeMap<(i32, i32), usize>,
    /// Each square's parent; a root is its own.
    parents: Vec<usize>,
}

impl Squares {
    fn new(origin: At) -> Self {
        let shrink = shrink(f64::from(origin.lat));
        Self { shrink, ids: BTreeMap::new(), parents: Vec::new() }
    }

    fn square(&self, at: At) -> (i32, i32) {
        let number = |x: f64| rounded(libm::floor(x / SQUARE));
        (number(f64::from(at.lat)), number(f64::from(at.lon) * self.shrink))
    }

    fn add(&mut self, at: At) -> usize {
        let next = self.parents.len();
        let square = self.square(at);
        let found = *self.ids.entry(square).or_insert(next);
        if found == next {
            self.parents.push(next);
        }
        found
    }

    fn root(&self, mut square: usize) -> usize {
        while let Some(&parent) = self.parents.get(square)
            && parent != square
        {
            square = parent;
        }
        square
    }

    fn root_at(&self, at: At) -> usize {
        self.ids.get(&self.square(at)).map_or(0, |&square| self.root(square))
    }

    /// The lower number becomes the root, whatever the order.
    fn join(&mut self, a: usize, b: usize) {
        let (a, b) = (self.root(a), self.root(b));
        if let Some(parent) = self.parents.get_mut(a.max(b)) {
            *parent = a.min(b);
        }
    }

    fn join_neighbours(&mut self) {
        let all: Vec<((i32, i32), usize)> = self.ids.iter().map(|(at, n)| (*at, *n)).collect();
        for ((y, x), square) in all {
            for (dy, dx) in [(0, 1), (1, -1), (1, 0), (1, 1)] {
                if let Some(&other) = self.ids.get(&(y + dy, x + dx)) {
                    self.join(square, other);
                }
            }
        }
    }
}
