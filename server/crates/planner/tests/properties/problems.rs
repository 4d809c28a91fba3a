//! Random small problems.
use planner::{Break, Job, Matrix, Pairing, Problem, Shift, Spacing, Terms, UNREACHABLE, Window};
use proptest::prelude::*;

fn window() -> impl Strategy<Value = Window> {
    (0_i64..3000, 0_i64..1500).prop_map(|(early, long)| Window::new(early, early + long))
}

fn job(places: usize) -> impl Strategy<Value = Job> {
    (
        0..places,
        0_u32..300,
        prop::collection::vec(window(), 0..3),
        -500_i64..4000,
        prop::bool::weighted(0.1),
        prop::collection::vec(0_u16..2, 0..2),
        0_u32..3,
    )
        .prop_map(|(location, service_s, windows, prize, required, skills, load)| Job {
            windows,
            required,
            skills,
            demand: vec![load],
            ..Job::new(location, service_s, prize)
        })
}

/// As [`job`], with everything that ties jobs to shifts, hours and each other.
fn tied_job(places: usize) -> impl Strategy<Value = Job> {
    let shifts = || prop::collection::vec(0_usize..2, 0..2);
    (
        job(places),
        (prop::collection::vec(-300_i64..600, 0..3), prop::bool::weighted(0.2)),
        (shifts(), shifts(), prop::bool::weighted(0.8)),
        (prop::collection::vec((0_usize..2, -500_i64..500), 0..2), -200_i64..200),
        prop::option::weighted(0.3, 0_u32..3),
        prop::option::weighted(0.4, (0_u32..2, 0_u32..3)),
        prop::option::weighted(0.5, 0_u32..2),
    )
        .prop_map(
            |(job, (premiums, two), (forbidden, only, open), pairs, rank, series, zone)| {
                let premiums = premiums.into_iter().take(job.windows.len()).collect();
                let named = |list: Vec<usize>| if open { Vec::new() } else { list };
                Job {
                    premiums,
                    crew: if two { 2 } else { 1 },
                    forbidden: named(forbidden),
                    only: named(only),
                    pairing: Pairing { with: pairs.0, otherwise: pairs.1 },
                    rank,
                    series: series.map(|(series, days)| Spacing { series, days }),
                    zone,
                    ..job
                }
            },
        )
}

fn pause() -> impl Strategy<Value = Break> {
    (window(), 0_u32..600, prop::bool::ANY).prop_map(|(window, duration_s, paid)| Break {
        window,
        duration_s,
        paid,
    })
}

/// As [`shift`], with breaks, overtime and a day.
fn tied_shift(places: usize) -> impl Strategy<Value = Shift> {
    (shift(places), prop::collection::vec(pause(), 0..3), 0_u32..3000, 0_i64..4, 0..3_i32).prop_map(
        |(shift, breaks, regular_s, overtime_per_second, day)| {
            let mut early: Vec<i64> = breaks.iter().map(|b| b.window.early).collect();
            let mut late: Vec<i64> = breaks.iter().map(|b| b.window.late).collect();
            early.sort_unstable();
            late.sort_unstable();
            let ends = early.into_iter().zip(late);
            let breaks = breaks.into_iter().zip(ends);
            let breaks = breaks.map(|(b, (e, l))| Break { window: Window::new(e, l), ..b });
            Shift { breaks: breaks.collect(), regular_s, overtime_per_second, day, ..shift }
        },
    )
}

/// Two shifts at least, so that crews and fairness mean something.
fn tied_problem_on<M: Strategy<Value = Matrix>>(
    roads: impl Fn(usize) -> M,
    jobs: usize,
) -> impl Strategy<Value = Problem> {
    let terms = (0_i64..3, 0_i64..400);
    ((1_usize..7), terms).prop_flat_map(move |(n, (unfairness_per_second, overlap))| {
        (
            roads(n),
            prop::collection::vec(tied_job(n), 0..=jobs),
            prop::collection::vec(tied_shift(n), 2..=3),
        )
            .prop_map(move |(m, jobs, shifts)| {
                let terms = Terms { unfairness_per_second, overlap };
                Problem::with_terms(m, jobs, shifts, terms).unwrap()
            })
    })
}

pub(crate) fn tied_problem(jobs: usize) -> impl Strategy<Value = Problem> {
    tied_problem_on(matrix, jobs)
}

fn shift(places: usize) -> impl Strategy<Value = Shift> {
    let place = move || prop::option::weighted(0.8, 0..places);
    (
        (place(), place(), 0_i64..1000, 500_i64..4000, 300_u32..4000),
        (0_i64..3, 0_i64..3, 0_i64..500),
        prop::option::of(1_u32..5),
        prop::option::of(2_u32..8),
        prop::collection::vec(0_u16..2, 0..3),
    )
        .prop_map(
            |((start, end, early, long, max_duration_s), money, max_jobs, room, skills)| Shift {
                max_duration_s,
                cost_per_metre: money.0,
                cost_per_second: money.1,
                fixed_cost: money.2,
                max_jobs,
                capacity: vec![room],
                skills,
                ..Shift::new(start, end, Window::new(early, early + long))
            },
        )
}

/// Neither symmetric nor metric, with missing ways.
fn matrix(n: usize) -> impl Strategy<Value = Matrix> {
    let way = prop_oneof![12 => 0_u32..900, 1 => Just(UNREACHABLE)];
    (prop::collection::vec(way, n * n), prop::collection::vec(0_u32..1000, n * n))
        .prop_map(move |(seconds, metres)| Matrix::new(n, seconds, metres).unwrap())
}

/// Blocks of a town with right angles, a metre a second; the last place may be an island.
pub(crate) fn town(n: usize) -> impl Strategy<Value = Matrix> {
    let place = (0_u32..300, 0_u32..300);
    (prop::collection::vec(place, n), prop::bool::weighted(0.2)).prop_map(move |(at, island)| {
        let cut = |i: usize, j: usize| island && i != j && i.max(j) == n - 1;
        let way = |i: usize, j: usize| at[i].0.abs_diff(at[j].0) + at[i].1.abs_diff(at[j].1);
        let cell = |k: usize| if cut(k / n, k % n) { UNREACHABLE } else { way(k / n, k % n) };
        let all: Vec<u32> = (0..n * n).map(cell).collect();
        Matrix::new(n, all.clone(), all).unwrap()
    })
}

pub(crate) fn problem(jobs: usize, shifts: usize) -> impl Strategy<Value = Problem> {
    problem_on(matrix, jobs, shifts)
}

pub(crate) fn problem_on<M: Strategy<Value = Matrix>>(
    roads: impl Fn(usize) -> M,
    jobs: usize,
    shifts: usize,
) -> impl Strategy<Value = Problem> {
    (1_usize..7).prop_flat_map(move |n| {
        (
            roads(n),
            prop::collection::vec(job(n), 0..=jobs),
            prop::collection::vec(shift(n), 0..=shifts),
        )
            .prop_map(|(m, jobs, shifts)| Problem::new(m, jobs, shifts).unwrap())
    })
}

/// Without jobs for two.
pub(crate) fn for_one(p: Problem) -> Problem {
    changed(&p, |job| Job { crew: 1, ..job.clone() })
}

fn changed(p: &Problem, change: impl FnMut(&Job) -> Job) -> Problem {
    let jobs = p.jobs().iter().map(change).collect();
    Problem::with_terms(p.matrix().clone(), jobs, p.shifts().to_vec(), p.terms()).unwrap()
}

pub(crate) fn optional(problem: Problem) -> Problem {
    changed(&problem, |job| Job { required: false, ..job.clone() })
}
