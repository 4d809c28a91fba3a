//! What jobs owe each other and what they earn by who serves them and when. Most problems have few of
//! these ties or none, so each list is empty when nothing needs it.
use std::collections::BTreeMap;

use super::context::NONE;
use crate::cast::idx32;
use crate::model::{Job, Problem};

#[derive(Debug)]
pub(crate) struct Ties {
    shifts: usize,
    /// By window; empty when none earns anything.
    premiums: Vec<i64>,
    /// By job and shift; empty when none has a price.
    pairing: Vec<i64>,
    /// By job, `NONE` for none; empty when no job has one.
    ranks: Vec<u32>,
    zones: Vec<u32>,
    crews: Vec<u32>,
    /// Number of zones.
    pub(crate) zone_count: usize,
    /// Jobs for two.
    pub(crate) crew_jobs: Vec<u32>,
    /// Other visits of a job's series with the days between; empty when there are no series.
    mates: Vec<Vec<(u32, u32)>>,
    days: Vec<i32>,
    /// Cost of a further shift in a zone.
    pub(crate) overlap: i64,
    /// Cost of a second beyond the fair share, and how long each shift can be.
    pub(crate) unfairness: i64,
    longest: Vec<i64>,
    longest_of_all: i64,
}

impl Ties {
    pub(crate) fn new(problem: &Problem) -> Self {
        let (jobs, shifts) = (problem.jobs(), problem.shifts());
        let all: Vec<i64> =
            jobs.iter().flat_map(|j| j.openings().map(|(_, premium)| premium)).collect();
        let premiums = if all.iter().all(|&p| p == 0) { Vec::new() } else { all };
        let priced = jobs.iter().any(|j| j.pairing.otherwise != 0 || !j.pairing.with.is_empty());
        let pairs = jobs.iter().flat_map(|j| (0..shifts.len()).map(move |k| j.paired(k)));
        let (zones, zone_count) = numbered(jobs, |j| j.zone);
        let terms = problem.terms();
        let crew: Vec<u32> =
            (0..idx32(jobs.len())).filter(|&j| jobs[j as usize].crew == 2).collect();
        let (mut crews, mut ranks) = (Vec::new(), Vec::new());
        if !crew.is_empty() {
            crews = vec![NONE; jobs.len()];
            (0..).zip(&crew).for_each(|(at, &job)| crews[job as usize] = at);
        }
        if jobs.iter().any(|j| j.rank.is_some()) {
            ranks = jobs.iter().map(|j| j.rank.map_or(NONE, |r| r.min(NONE - 1))).collect();
        }
        let longest: Vec<i64> = shifts.iter().map(crate::model::Shift::longest).collect();
        Self {
            shifts: shifts.len(),
            premiums,
            pairing: if priced { pairs.collect() } else { Vec::new() },
            ranks,
            zones: if terms.overlap == 0 { Vec::new() } else { zones },
            crews,
            zone_count: if terms.overlap == 0 { 0 } else { zone_count },
            crew_jobs: crew,
            mates: mates(jobs),
            days: shifts.iter().map(|s| s.day).collect(),
            overlap: terms.overlap,
            unfairness: terms.unfairness_per_second,
            longest_of_all: longest.iter().sum(),
            longest,
        }
    }

    #[inline]
    pub(crate) fn premium(&self, window: u32) -> i64 {
        if self.premiums.is_empty() { 0 } else { self.premiums[window as usize] }
    }

    /// What a shift earns with a job beyond its prize.
    #[inline]
    pub(crate) fn paired(&self, job: u32, shift: u32) -> i64 {
        if self.pairing.is_empty() {
            0
        } else {
            self.pairing[job as usize * self.shifts + shift as usize]
        }
    }

    pub(crate) fn rank(&self, job: u32) -> Option<u32> {
        self.ranks.get(job as usize).copied().filter(|&r| r != NONE)
    }

    pub(crate) fn zone(&self, job: u32) -> Option<usize> {
        self.zones.get(job as usize).filter(|&&z| z != NONE).map(|&z| z as usize)
    }

    /// Number of a job for two among those.
    #[inline]
    pub(crate) fn crew(&self, job: u32) -> Option<usize> {
        if self.crews.is_empty() {
            return None;
        }
        Some(self.crews[job as usize]).filter(|&c| c != NONE).map(|c| c as usize)
    }

    pub(crate) fn has_series(&self) -> bool {
        !self.mates.is_empty()
    }

    /// Whether shifts work at least so many days apart.
    pub(crate) fn are_apart(&self, shift: u32, other: u32, days: u32) -> bool {
        self.days[shift as usize].abs_diff(self.days[other as usize]) >= days
    }

    /// Other visits of the job's series.
    pub(crate) fn mates(&self, job: u32) -> &[(u32, u32)] {
        self.mates.get(job as usize).map_or(&[], Vec::as_slice)
    }

    /// Whether a shift has more than its fair share of so many seconds.
    pub(crate) fn is_loaded(&self, shift: u32, paid: i64, worked: i64) -> bool {
        let share = i128::from(worked) * i128::from(self.longest[shift as usize]);
        self.unfairness > 0 && i128::from(paid) * i128::from(self.longest_of_all) > share
    }

    /// Cost of what shifts work beyond their fair shares.
    pub(crate) fn unfair(&self, paid: impl Iterator<Item = i64>, worked: i64) -> i64 {
        if self.unfairness == 0 || self.longest_of_all == 0 {
            return 0;
        }
        let (all, worked) = (i128::from(self.longest_of_all), i128::from(worked));
        let beyond = paid
            .zip(&self.longest)
            .map(|(p, &l)| (i128::from(p) * all - worked * i128::from(l)).max(0));
        crate::cast::saturate(beyond.sum::<i128>() / all * i128::from(self.unfairness))
    }
}

/// Numbers from 0 for the values that occur, `NONE` for none.
fn numbered(jobs: &[Job], of: impl Fn(&Job) -> Option<u32>) -> (Vec<u32>, usize) {
    let mut known: BTreeMap<u32, u32> = BTreeMap::new();
    let numbers = jobs.iter().map(|job| {
        of(job).map_or(NONE, |value| {
            let next = idx32(known.len());
            *known.entry(value).or_insert(next)
        })
    });
    let numbers: Vec<u32> = numbers.collect();
    (numbers, known.len())
}

fn mates(jobs: &[Job]) -> Vec<Vec<(u32, u32)>> {
    let mut series: BTreeMap<u32, Vec<usize>> = BTreeMap::new();
    for (j, job) in jobs.iter().enumerate() {
        if let Some(of) = job.series {
            series.entry(of.series).or_default().push(j);
        }
    }
    if series.is_empty() {
        return Vec::new();
    }
    let days = |j: usize| jobs[j].series.map_or(0, |s| s.days);
    let of = |(j, job): (usize, &Job)| {
        let all = job.series.and_then(|s| series.get(&s.series));
        let others = all.into_iter().flatten().filter(|&&other| other != j);
        others.map(|&other| (idx32(other), days(j).max(days(other)))).collect()
    };
    jobs.iter().enumerate().map(of).collect()
}
