//! Laws that hold for every problem, on random small ones.
#![expect(clippy::unwrap_used, reason = "tests")]

use std::ops::ControlFlow;

use planner::{
    Binding, Budget, Explanation, Figures, Job, Matrix, Options, Problem, Route, Shift,
    UNREACHABLE, Window, check, explain_all, marginal, solve, timetable,
};
use proptest::prelude::*;

fn options(seed: u64, iterations: u64) -> Options {
    Options { seed, budget: Budget::Iterations(iterations), start: None }
}

fn run(problem: &Problem, options: &Options) -> planner::Solution {
    solve(problem, options, &mut |_| ControlFlow::Continue(()))
}

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
fn town(n: usize) -> impl Strategy<Value = Matrix> {
    let place = (0_u32..300, 0_u32..300);
    (prop::collection::vec(place, n), prop::bool::weighted(0.2)).prop_map(move |(at, island)| {
        let cut = |i: usize, j: usize| island && i != j && i.max(j) == n - 1;
        let way = |i: usize, j: usize| at[i].0.abs_diff(at[j].0) + at[i].1.abs_diff(at[j].1);
        let cell = |k: usize| if cut(k / n, k % n) { UNREACHABLE } else { way(k / n, k % n) };
        let all: Vec<u32> = (0..n * n).map(cell).collect();
        Matrix::new(n, all.clone(), all).unwrap()
    })
}

fn problem(jobs: usize, shifts: usize) -> impl Strategy<Value = Problem> {
    problem_on(matrix, jobs, shifts)
}

fn problem_on<M: Strategy<Value = Matrix>>(
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

/// Figures of routes that may lack required jobs.
fn score(problem: &Problem, routes: &[Route]) -> Option<Figures> {
    let jobs = problem.jobs().iter().map(|j| Job { required: false, ..j.clone() }).collect();
    let free = Problem::new(problem.matrix().clone(), jobs, problem.shifts().to_vec()).unwrap();
    check(&free, routes).ok()
}

/// Most required jobs, then highest objective, over everything that can be done.
fn best_of_all(problem: &Problem) -> (usize, i64) {
    fn extend(p: &Problem, routes: &mut Vec<Route>, job: usize, best: &mut (usize, i64)) {
        if job == p.jobs().len() {
            if let Some(f) = score(p, routes) {
                let required = routes.iter().flat_map(|r| &r.jobs);
                let count = required.filter(|&&j| p.jobs()[j].required).count();
                *best = (*best).max((count, f.objective));
            }
            return;
        }
        extend(p, routes, job + 1, best);
        for k in 0..routes.len() {
            for at in 0..=routes[k].jobs.len() {
                routes[k].jobs.insert(at, job);
                extend(p, routes, job + 1, best);
                routes[k].jobs.remove(at);
            }
        }
    }
    let shifts = 0..problem.shifts().len();
    let mut routes: Vec<Route> = shifts.map(|shift| Route::new(shift, vec![])).collect();
    let mut best = (0, i64::MIN);
    extend(problem, &mut routes, 0, &mut best);
    best
}

fn optional(mut problem: Problem) -> Problem {
    let jobs = problem.jobs().iter().map(|j| Job { required: false, ..j.clone() }).collect();
    problem = Problem::new(problem.matrix().clone(), jobs, problem.shifts().to_vec()).unwrap();
    problem
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 400, failure_persistence: None, ..Default::default() })]

    #[test]
    fn solutions_pass_the_check(p in problem(12, 3), seed in 0_u64..1000) {
        let solution = run(&p, &options(seed, 150));
        prop_assert_eq!(score(&p, &solution.routes), Some(solution.figures));
        if solution.unserved_required.is_empty() {
            prop_assert_eq!(check(&p, &solution.routes), Ok(solution.figures));
        }
        prop_assert!(solution.routes.iter().all(|r| !r.jobs.is_empty()));
        prop_assert_eq!(solution.iterations, if p.jobs().is_empty() || p.shifts().is_empty() { 0 } else { 150 });
    }

    #[test]
    fn runs_repeat(p in problem(12, 3), seed in 0_u64..1000) {
        let once = run(&p, &options(seed, 150));
        prop_assert_eq!(&once, &run(&p, &options(seed, 150)));
        let budget = Budget::Replay(once.schedule.to_string().parse().unwrap());
        prop_assert_eq!(&once, &run(&p, &Options { seed, budget, start: None }));
    }

    #[test]
    fn a_warm_start_is_not_made_worse(p in problem(10, 3).prop_map(optional)) {
        let cold = run(&p, &options(1, 150));
        let start = Some(cold.routes.clone());
        let warm = run(&p, &Options { seed: 2, budget: Budget::Iterations(0), start });
        prop_assert!(warm.figures.objective >= cold.figures.objective || !metric(&p, &cold.routes));
    }

    #[test]
    fn timetables_agree_with_the_figures(p in problem(12, 3)) {
        let solution = run(&p, &options(1, 100));
        let mut seconds = 0;
        for route in &solution.routes {
            let t = timetable(&p, route).unwrap();
            let shift = &p.shifts()[route.shift];
            prop_assert!(t.departure >= shift.window.early && t.finish <= shift.window.late);
            let mut clock = t.departure;
            for stop in &t.stops {
                let job = &p.jobs()[stop.job];
                prop_assert_eq!(stop.arrive, clock + i64::from(stop.seconds_from_previous));
                prop_assert_eq!(stop.start, stop.arrive + stop.wait_s);
                prop_assert!(stop.wait_s >= 0);
                let open = |w: &Window| w.early <= stop.start && stop.start <= w.late;
                prop_assert!(job.windows.is_empty() || job.windows.iter().any(open));
                clock = stop.start + i64::from(job.service_s);
                prop_assert_eq!(stop.leave, clock);
            }
            prop_assert!(clock + i64::from(t.seconds_to_end) <= t.finish);
            seconds += t.finish - t.departure;
        }
        prop_assert_eq!(seconds, solution.figures.seconds);
    }

    #[test]
    fn the_shortest_schedule_is_the_shortest(p in problem(4, 1)) {
        for shift in 0..p.shifts().len() {
            let route = Route::new(shift, (0..p.jobs().len()).collect());
            let s = &p.shifts()[shift];
            let tried = (s.window.early..=s.window.late).filter_map(|t| drive(&p, &route, t));
            let shortest = tried.min().filter(|&d| d <= i64::from(s.max_duration_s));
            let ours = timetable(&p, &route).map(|t| t.finish - t.departure);
            prop_assert_eq!(ours, shortest);
        }
    }

    #[test]
    fn marginals_are_differences(p in problem(10, 3)) {
        let solution = run(&p, &options(1, 100));
        for value in marginal(&p, &solution.routes) {
            let mut rest = solution.routes.clone();
            for r in &mut rest {
                r.jobs.retain(|&j| j != value.job);
            }
            let less = score(&p, &rest).unwrap().objective;
            prop_assert_eq!(value.value, solution.figures.objective - less);
            prop_assert_eq!(value.value, value.prize - value.saved_cost);
        }
    }

    #[test]
    fn reasons_agree_with_trying_every_place(p in problem(9, 3)) {
        let solution = run(&p, &options(1, 60));
        for e in explain_all(&p, &solution.routes) {
            reason(&p, &solution, &e)?;
        }
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 120, failure_persistence: None,
        // A heuristic may miss the best; these cases it must not.
        rng_seed: proptest::test_runner::RngSeed::Fixed(4), ..Default::default() })]

    #[test]
    fn tiny_problems_are_solved_to_the_best(p in problem_on(town, 5, 2)) {
        let solution = run(&p, &options(1, 4000));
        let required = p.jobs().iter().filter(|j| j.required).count();
        let ours = (required - solution.unserved_required.len(), solution.figures.objective);
        prop_assert_eq!(ours, best_of_all(&p));
    }
}

/// Duration of the route when it leaves at `t`, one second at a time; `None` when it cannot.
fn drive(p: &Problem, route: &Route, t: i64) -> Option<i64> {
    let s = &p.shifts()[route.shift];
    let way = |a: Option<usize>, b: Option<usize>| match (a, b) {
        (Some(a), Some(b)) => {
            Some(p.matrix().seconds(a, b)).filter(|&x| x != UNREACHABLE).map(i64::from)
        }
        _ => Some(0),
    };
    let (mut clock, mut place) = (t, s.start);
    for &j in &route.jobs {
        let job = &p.jobs()[j];
        clock += way(place, Some(job.location))?;
        if !job.windows.is_empty() {
            let open = job.windows.iter().filter(|w| w.late >= clock);
            clock = open.map(|w| w.early.max(clock)).min()?;
        }
        clock += i64::from(job.service_s);
        place = Some(job.location);
    }
    clock += way(place, s.end)?;
    (clock <= s.window.late).then_some(clock - t)
}

/// Whether all beginnings of all routes hold, so that routes can be given stop by stop.
fn metric(p: &Problem, routes: &[Route]) -> bool {
    let one_window = p.jobs().iter().all(|j| j.windows.len() < 2);
    let begins = routes.iter().all(|r| {
        (1..=r.jobs.len()).all(|n| score(p, &[Route::new(r.shift, r.jobs[..n].to_vec())]).is_some())
    });
    one_window && begins
}

/// Figures with the job put everywhere in one shift's route.
fn places(
    p: &Problem,
    routes: &[Route],
    shift: usize,
    job: usize,
) -> impl Iterator<Item = Figures> {
    let mut routes = routes.to_vec();
    let at = routes.iter().position(|r| r.shift == shift).unwrap_or_else(|| {
        routes.push(Route::new(shift, vec![]));
        routes.len() - 1
    });
    (0..=routes[at].jobs.len()).filter_map(move |place| {
        let mut with = routes.clone();
        with[at].jobs.insert(place, job);
        score(p, &with)
    })
}

/// Compares a reason with the check of every way to put the job in.
fn reason(p: &Problem, s: &planner::Solution, e: &Explanation) -> Result<(), TestCaseError> {
    let mut cheapest: Option<i64> = None;
    let skilled = |k: &Shift| p.jobs()[e.job].skills.iter().all(|x| k.skills.contains(x));
    for shift in 0..p.shifts().len() {
        for f in places(p, &s.routes, shift, e.job) {
            let cost = e.prize - (f.objective - s.figures.objective);
            cheapest = Some(cheapest.map_or(cost, |c: i64| c.min(cost)));
        }
    }
    prop_assert_eq!(e.worth_above, cheapest);
    match e.binding {
        Binding::Nothing => prop_assert!(cheapest.is_some_and(|c| c < e.prize)),
        Binding::Money => prop_assert!(cheapest.is_some_and(|c| c >= e.prize)),
        Binding::Skill => prop_assert!(!p.shifts().iter().any(skilled)),
        _ => prop_assert!(cheapest.is_none()),
    }
    if e.binding == Binding::Nothing {
        prop_assert!(false, "a job that fits and gains was left out");
    }
    if let Some(need) = e.need {
        let mut shifts = p.shifts().to_vec();
        shifts[need.shift].window.late += need.seconds;
        let longer = i64::from(shifts[need.shift].max_duration_s) + need.seconds;
        shifts[need.shift].max_duration_s = u32::try_from(longer).unwrap();
        let wider = Problem::new(p.matrix().clone(), p.jobs().to_vec(), shifts).unwrap();
        let gain = places(&wider, &s.routes, need.shift, e.job).map(|f| f.objective);
        prop_assert!(gain.max().is_some_and(|o| o > s.figures.objective));
    }
    Ok(())
}
