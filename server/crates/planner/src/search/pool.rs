//! Good routes seen on the way, put together anew.
//!
//! Annealing forgets: one time the first route was right, another time the second. From the routes of
//! good states the best disjoint ones are chosen exactly, a few neighbouring shifts at a time, by branch
//! and bound: set packing over a pool, as in Hu and Lim, "An iterative three-component heuristic for the
//! team orienteering problem with time windows", EJOR 232(2), 2014.
use std::collections::BTreeMap;

use super::context::{Context, NONE};
use super::rng::Random;
use super::state::State;
use crate::cast::idx32;

/// Shifts chosen for together.
const TOGETHER: usize = 4;
/// Routes tried in one choice.
const MOST_TRIES: usize = 200_000;
/// Routes kept, and further ones for each shift.
const KEPT: usize = 2_000;
const KEPT_PER_SHIFT: usize = 200;
/// Required jobs count before any money: a prize no sum of money reaches.
const REQUIRED: i128 = 1 << 80;

#[derive(Debug)]
struct Entry {
    key: u64,
    class: u32,
    worth: i128,
    stops: Vec<(u32, u32)>,
}

/// A pool of routes, each set of jobs once for each class of equal shifts.
#[derive(Debug)]
pub(crate) struct Pool {
    entries: Vec<Entry>,
    by_key: BTreeMap<u64, u32>,
    next: usize,
    most: usize,
    /// First shift that equals each shift.
    class_of: Vec<u32>,
    marks: Vec<u64>,
}

impl Pool {
    pub(crate) fn new(ctx: &Context<'_>) -> Self {
        let shifts = ctx.problem.shifts();
        let class = |k: usize| (0..k).find(|&i| shifts[i] == shifts[k]).unwrap_or(k);
        // Marks of their own, so that the pool takes nothing from the search's choices.
        let mut rng = Random::new(0x9e37_79b9_7f4a_7c15);
        Self {
            entries: Vec::new(),
            by_key: BTreeMap::new(),
            next: 0,
            most: KEPT + KEPT_PER_SHIFT * shifts.len(),
            class_of: (0..shifts.len()).map(|k| idx32(class(k))).collect(),
            marks: ctx.jobs.iter().map(|_| rng.bits()).collect(),
        }
    }

    /// Remembers the routes changed in this iteration.
    pub(crate) fn note(&mut self, ctx: &Context<'_>, state: &State) {
        for route in state.touched() {
            self.add(ctx, state, route);
        }
    }

    fn add(&mut self, ctx: &Context<'_>, state: &State, route: u32) {
        let r = &state.routes[route as usize];
        if r.stops() == 0 || r.meets() {
            return;
        }
        let class = self.class_of[route as usize];
        let start = (u64::from(class) + 1).wrapping_mul(0xd134_2543_de82_ef95);
        let key = r.jobs().fold(start, |key, j| key ^ self.marks[j as usize]);
        let worth = worth(ctx, state, route);
        let at = match self.by_key.get(&key) {
            Some(&at) if self.entries[at as usize].worth >= worth => return,
            Some(&at) => at as usize,
            None if self.entries.len() < self.most => {
                self.entries.push(Entry { key, class, worth, stops: Vec::new() });
                self.entries.len() - 1
            }
            None => {
                self.next = (self.next + 1) % self.most;
                self.by_key.remove(&self.entries[self.next].key);
                self.next
            }
        };
        self.by_key.insert(key, idx32(at));
        let entry = &mut self.entries[at];
        (entry.key, entry.class, entry.worth) = (key, class, worth);
        entry.stops.clear();
        entry.stops.extend(r.in_windows());
    }

    /// Puts better routes of the pool into neighbouring shifts, as long as that gains.
    pub(crate) fn recombine(&self, ctx: &Context<'_>, state: &mut State, rng: &mut Random) {
        let shifts = state.routes.len();
        let tries = if shifts <= TOGETHER { 1 } else { shifts };
        for _ in 0..tries {
            let mut group = self.neighbours(ctx, state, rng);
            group.retain(|&route| !state.routes[route as usize].meets());
            while let Some(chosen) = self.choose(ctx, state, &group) {
                if !self.apply(ctx, state, &group, &chosen) {
                    break;
                }
            }
        }
    }

    /// A shift and those that visit near it.
    fn neighbours(&self, ctx: &Context<'_>, state: &State, rng: &mut Random) -> Vec<u32> {
        let shifts = state.routes.len();
        if shifts <= TOGETHER {
            return (0..idx32(shifts)).collect();
        }
        let first = idx32(rng.below(shifts));
        let mut group = vec![first];
        let stops: Vec<u32> = state.routes[first as usize].jobs().collect();
        let seed = stops.get(rng.below(stops.len())).copied();
        for &near in seed.map_or(ctx.near_shift(first), |j| ctx.near(j)) {
            let route = state.route_of[near as usize];
            if route != NONE && !group.contains(&route) {
                group.push(route);
                if group.len() == TOGETHER {
                    break;
                }
            }
        }
        group
    }

    /// Entries to fill the group's shifts with, when they are worth more than what is there.
    fn choose(&self, ctx: &Context<'_>, state: &State, group: &[u32]) -> Option<Vec<usize>> {
        let free = |j: u32| {
            let route = state.route_of[j as usize];
            route == NONE || group.contains(&route)
        };
        let mut places: Vec<(u32, usize)> = Vec::new();
        for &shift in group {
            let class = self.class_of[shift as usize];
            match places.iter_mut().find(|p| p.0 == class) {
                Some(place) => place.1 += 1,
                None => places.push((class, 1)),
            }
        }
        let mut fit: Vec<(i128, usize)> = self
            .entries
            .iter()
            .enumerate()
            .filter(|(_, e)| e.worth > 0 && places.iter().any(|p| p.0 == e.class))
            .filter(|(_, e)| e.stops.iter().all(|s| free(s.0)))
            .map(|(at, e)| (e.worth, at))
            .collect();
        fit.sort_unstable_by(|a, b| b.0.cmp(&a.0).then(a.1.cmp(&b.1)));
        let mut bit_of: BTreeMap<u32, usize> = BTreeMap::new();
        for &(_, at) in &fit {
            for stop in &self.entries[at].stops {
                let next = bit_of.len();
                bit_of.entry(stop.0).or_insert(next);
            }
        }
        let words = bit_of.len().div_ceil(64);
        let mut bits = vec![0_u64; words * fit.len()];
        for (i, &(_, at)) in fit.iter().enumerate() {
            for stop in &self.entries[at].stops {
                if let Some(&bit) = bit_of.get(&stop.0) {
                    bits[i * words + bit / 64] |= 1 << (bit % 64);
                }
            }
        }
        let now: i128 = group.iter().map(|&k| worth(ctx, state, k)).sum();
        let classes = fit.iter().map(|&(_, at)| {
            let class = self.entries[at].class;
            places.iter().position(|p| p.0 == class).unwrap_or(0)
        });
        let mut packing = Packing {
            worths: fit.iter().map(|f| f.0).collect(),
            classes: classes.collect(),
            bits,
            words,
            room: places.iter().map(|p| p.1).collect(),
            taken: vec![0; words],
            chosen: Vec::new(),
            best: now,
            found: None,
            tries: 0,
        };
        packing.extend(0, group.len(), 0);
        Some(packing.found?.into_iter().map(|i| fit[i].1).collect())
    }

    /// False, and nothing done, when routes that are better each are not better together.
    fn apply(&self, ctx: &Context<'_>, state: &mut State, group: &[u32], chosen: &[usize]) -> bool {
        let (before, missing) = (state.objective(ctx), state.missing_required);
        let mut out = Vec::new();
        for &shift in group {
            let stops = state.routes[shift as usize].stops();
            if stops > 0 {
                state.remove(ctx, shift, 1, stops, &mut out);
            }
        }
        let mut free = group.to_vec();
        for &at in chosen {
            let entry = &self.entries[at];
            let fits = |&k: &u32| self.class_of[k as usize] == entry.class;
            if let Some(place) = free.iter().position(fits) {
                state.load(ctx, free.swap_remove(place), &entry.stops);
            }
        }
        let apart = !ctx.ties.has_series() || group.iter().all(|&route| state.is_apart(ctx, route));
        let better = (missing, state.objective(ctx)) > (state.missing_required, before) && apart;
        if better {
            state.commit();
        } else {
            state.rollback(ctx);
        }
        better
    }
}

fn worth(ctx: &Context<'_>, state: &State, route: u32) -> i128 {
    let r = &state.routes[route as usize];
    let required = r.jobs().filter(|&j| ctx.jobs[j as usize].required).count();
    REQUIRED * (required as i128) + i128::from(r.value)
}

/// Branch and bound over disjoint sets, the most valuable first.
struct Packing {
    worths: Vec<i128>,
    classes: Vec<usize>,
    bits: Vec<u64>,
    words: usize,
    room: Vec<usize>,
    taken: Vec<u64>,
    chosen: Vec<usize>,
    best: i128,
    found: Option<Vec<usize>>,
    tries: usize,
}

impl Packing {
    fn extend(&mut self, from: usize, places: usize, worth: i128) {
        if worth > self.best {
            self.best = worth;
            self.found = Some(self.chosen.clone());
        }
        if places == 0 {
            return;
        }
        for i in from..self.worths.len() {
            // None after this one is worth more.
            if worth + self.worths[i] * (places as i128) <= self.best || self.tries > MOST_TRIES {
                return;
            }
            self.tries += 1;
            let class = self.classes[i];
            let own = i * self.words..(i + 1) * self.words;
            let apart = self.bits[own.clone()].iter().zip(&self.taken).all(|(a, b)| a & b == 0);
            if self.room[class] == 0 || !apart {
                continue;
            }
            self.flip(own.clone());
            self.room[class] -= 1;
            self.chosen.push(i);
            self.extend(i + 1, places - 1, worth + self.worths[i]);
            self.chosen.pop();
            self.room[class] += 1;
            self.flip(own);
        }
    }

    fn flip(&mut self, own: std::ops::Range<usize>) {
        for (taken, bits) in self.taken.iter_mut().zip(&self.bits[own]) {
            *taken ^= bits;
        }
    }
}
