//! Breaks, overtime, crews, pairings, order, days and shares, with the arithmetic written out.
#![expect(clippy::unwrap_used, reason = "tests")]

use std::ops::ControlFlow;

use planner::{
    Binding, Break, Budget, Job, Matrix, Meeting, Options, Pairing, Problem, Route, Shift,
    Solution, Spacing, Terms, Violation, Window, check, explain, marginal, solve, timetable,
};

/// Base and three places on a street, 100 s and 1000 m apart.
fn street() -> Matrix {
    let cell = |unit: u32| (0..16_u32).map(move |k| (k / 4).abs_diff(k % 4) * unit).collect();
    Matrix::new(4, cell(100), cell(1000)).unwrap()
}

/// From and to the base within two hours, 1 a second.
fn shift() -> Shift {
    Shift { cost_per_second: 1, ..Shift::new(Some(0), Some(0), Window::new(0, 7200)) }
}

fn problem(shifts: usize, change: impl FnOnce(&mut Vec<Job>, &mut Vec<Shift>)) -> Problem {
    with(shifts, Terms::default(), change)
}

fn with(
    shifts: usize,
    terms: Terms,
    change: impl FnOnce(&mut Vec<Job>, &mut Vec<Shift>),
) -> Problem {
    let mut jobs: Vec<Job> = (1..=3).map(|l| Job::new(l, 60, 10_000)).collect();
    let mut shifts = vec![shift(); shifts];
    change(&mut jobs, &mut shifts);
    Problem::with_terms(street(), jobs, shifts, terms).unwrap()
}

fn lunch(early: i64, late: i64, duration_s: u32, paid: bool) -> Break {
    Break { window: Window::new(early, late), duration_s, paid }
}

fn solved(p: &Problem) -> Solution {
    let options = Options { budget: Budget::Iterations(300), ..Options::default() };
    let solution = solve(p, &options, &mut |_| ControlFlow::Continue(()));
    assert_eq!(check(p, &solution.routes), Ok(solution.figures));
    solution
}

#[test]
fn an_unpaid_break_lies_between_two_stops() {
    let p = problem(1, |jobs, shifts| {
        shifts[0].breaks = vec![lunch(1000, 2000, 600, false)];
        jobs[0].windows = vec![Window::new(900, 950)];
        jobs[1].windows = vec![Window::new(2500, 2600)];
    });
    let route = Route::new(0, vec![0, 1]);
    let t = timetable(&p, &route).unwrap();
    // served at 950 at the latest, done at 1010, second from 2500, back at 2760: away at 2000, so the
    // break is due; 950 - 100 = 850 to 2760 are 1910 s, of which 600 are not paid
    assert_eq!((t.departure, t.finish), (850, 2760));
    assert_eq!((t.breaks[0].after, t.breaks[0].start, t.breaks[0].end), (1, 1010, 1610));
    let f = check(&p, &[route]).unwrap();
    assert_eq!((f.seconds, f.time_cost), (1310, 1310));
    // A paid one costs its time.
    let p = problem(1, |jobs, shifts| {
        shifts[0].breaks = vec![lunch(1000, 2000, 600, true)];
        jobs[0].windows = vec![Window::new(900, 950)];
        jobs[1].windows = vec![Window::new(2500, 2600)];
    });
    assert_eq!(check(&p, &[Route::new(0, vec![0, 1])]).unwrap().seconds, 1910);
}

#[test]
fn who_is_back_in_time_or_leaves_later_needs_no_break() {
    let out_and_back = |windows| {
        let p = problem(1, |jobs, shifts| {
            shifts[0].breaks = vec![lunch(1000, 2000, 600, true)];
            jobs[0].windows = windows;
        });
        timetable(&p, &Route::new(0, vec![0])).map(|t| (t.departure, t.finish, t.breaks.len()))
    };
    // 100 s out, 60 s there, 100 s back
    assert_eq!(out_and_back(vec![Window::new(1840, 1840)]), Some((1740, 2000, 0)));
    assert_eq!(out_and_back(vec![Window::new(2100, 2100)]), Some((2000, 2260, 0)));
    // at 2000 it is on the way: 600 s more, and before driving out it is home the earliest
    assert_eq!(out_and_back(vec![Window::new(1841, 1841)]), Some((1141, 2001, 1)));
}

#[test]
fn a_day_is_filled_around_its_break() {
    let p = problem(1, |jobs, shifts| {
        *jobs = (0..40).map(|k| Job::new(1 + k % 3, 200, 10_000)).collect();
        shifts[0].breaks = vec![lunch(3000, 3600, 900, false)];
    });
    let s = solved(&p);
    // 7200 s less 600 s of way and 900 s of break: 28 stops of 200 s
    assert_eq!((s.figures.jobs, s.figures.seconds), (28, 600 + 28 * 200));
    let t = timetable(&p, &s.routes[0]).unwrap();
    assert!(t.breaks[0].start >= 3000 && t.breaks[0].start <= 3600);
}

#[test]
fn overtime_is_worked_where_it_pays() {
    let day = |prize| {
        let p = problem(1, |jobs, shifts| {
            *jobs = (0..10).map(|_| Job::new(1, 100, prize)).collect();
            (shifts[0].regular_s, shifts[0].overtime_per_second) = (700, 2);
        });
        solved(&p).figures
    };
    // 200 s of way; five stops fill 700 s; a further one costs 100 s at 1 and at 2 more
    let f = day(299);
    assert_eq!((f.jobs, f.overtime_s, f.overtime_cost), (5, 0, 0));
    let f = day(301);
    assert_eq!((f.jobs, f.overtime_s, f.overtime_cost, f.time_cost), (10, 500, 1000, 1200));
    assert_eq!(f.objective, 3010 - 1000 - 1200);
}

#[test]
fn two_meet_and_are_paid_once() {
    let p = problem(2, |jobs, _| jobs[1].crew = 2);
    let s = solved(&p);
    assert_eq!(s.figures.jobs, 3);
    assert_eq!(s.figures.prize, 30_000);
    let met: Vec<&Route> = s.routes.iter().filter(|r| r.jobs.contains(&1)).collect();
    let starts = met.iter().map(|r| {
        let t = timetable(&p, r).unwrap();
        t.stops.iter().find(|s| s.job == 1).unwrap().start
    });
    let starts: Vec<i64> = starts.collect();
    assert!(met.len() == 2 && starts[0] == starts[1]);
    // One alone, or two at different times, is not enough.
    let alone = [Route::new(0, vec![1])];
    assert_eq!(check(&p, &alone).unwrap_err(), [Violation::Crew { job: 1 }]);
    let at = |shift, start| Route {
        meetings: vec![Meeting { job: 1, start }],
        ..Route::new(shift, vec![1])
    };
    assert_eq!(check(&p, &[at(0, 600), at(1, 900)]).unwrap_err(), [Violation::Crew { job: 1 }]);
    // 400 s out and back and 60 s there, twice; the value is the prize less both
    let f = check(&p, &[at(0, 600), at(1, 600)]).unwrap();
    assert_eq!((f.prize, f.jobs, f.objective), (10_000, 1, 10_000 - 920));
    assert_eq!(marginal(&p, &[at(0, 600), at(1, 600)])[0].value, 10_000 - 920);
    let e = explain(&p, &[], 1).unwrap();
    assert_eq!((e.binding, e.worth_above), (Binding::Nothing, Some(920)));
    // Nobody to meet.
    let p = problem(1, |jobs, _| jobs[1].crew = 2);
    assert_eq!(solved(&p).figures.jobs, 2);
    assert_eq!(explain(&p, &[], 1).unwrap().binding, Binding::Crew);
}

#[test]
fn pairs_are_kept_apart_or_brought_together() {
    let p = problem(2, |jobs, _| {
        jobs[0].forbidden = vec![0];
        jobs[1].only = vec![0];
        jobs[2].pairing = Pairing { with: vec![(1, 0)], otherwise: -5000 };
    });
    let s = solved(&p);
    let shift_of = |job| s.routes.iter().find(|r| r.jobs.contains(&job)).unwrap().shift;
    assert_eq!((shift_of(0), shift_of(1), shift_of(2), s.figures.pairing), (1, 0, 1, 0));
    let wrong = check(&p, &[Route::new(0, vec![0]), Route::new(1, vec![1])]).unwrap_err();
    assert_eq!(wrong, [Violation::Pair { route: 0, job: 0 }, Violation::Pair { route: 1, job: 1 }]);
    assert_eq!(check(&p, &[Route::new(0, vec![2])]).unwrap().pairing, -5000);
    let shut = problem(1, |jobs, _| jobs[0].forbidden = vec![0]);
    assert_eq!(explain(&shut, &[], 0).unwrap().binding, Binding::Pair);
}

#[test]
fn ranks_are_an_order() {
    // far first, then near, then the middle: 300 + 200 + 100 + 200 s of way instead of 600
    let p = problem(1, |jobs, _| {
        for (job, rank) in jobs.iter_mut().zip([2, 3, 1]) {
            job.rank = Some(rank);
        }
    });
    let s = solved(&p);
    assert_eq!((s.routes[0].jobs.as_slice(), s.figures.seconds), (&[2, 0, 1][..], 800 + 180));
    let wrong = check(&p, &[Route::new(0, vec![0, 1, 2])]).unwrap_err();
    assert_eq!(wrong, [Violation::Order { route: 0, job: 2 }]);
}

#[test]
fn visits_of_a_series_lie_days_apart() {
    let p = problem(4, |jobs, shifts| {
        for (k, shift) in (0..).zip(shifts) {
            shift.day = k;
        }
        for job in jobs.iter_mut() {
            *job = Job { series: Some(Spacing { series: 7, days: 2 }), ..Job::new(1, 60, 10_000) };
        }
    });
    let s = solved(&p);
    // days 0 to 3 have room for two visits that are two days apart
    assert_eq!(s.figures.jobs, 2);
    let left = (0..3).find(|j| !s.routes.iter().any(|r| r.jobs.contains(j))).unwrap();
    assert_eq!(explain(&p, &s.routes, left).unwrap().binding, Binding::Spacing);
    let near = [Route::new(0, vec![0]), Route::new(1, vec![1])];
    assert_eq!(check(&p, &near).unwrap_err(), [Violation::Spacing { job: 0, other: 1 }]);
}

#[test]
fn the_evening_is_worth_more() {
    let p = problem(1, |jobs, _| {
        jobs[0].windows = vec![Window::new(0, 1000), Window::new(5000, 6000)];
        jobs[0].premiums = vec![0, 300];
    });
    // alone it goes in the evening: 300 more for the same 260 s
    let f = check(&p, &[Route::new(0, vec![0])]).unwrap();
    assert_eq!((f.prize, f.objective), (10_300, 10_300 - 260));
    let s = solved(&p);
    assert_eq!((s.figures.jobs, s.figures.prize), (3, 30_300));
}

#[test]
fn hours_are_shared_where_that_is_worth_more() {
    let far = |unfairness_per_second| {
        let terms = Terms { unfairness_per_second, overlap: 0 };
        let p = with(2, terms, |jobs, shifts| {
            *jobs = (0..4).map(|_| Job::new(1, 500, 10_000)).collect();
            shifts.iter_mut().for_each(|s| s.fixed_cost = 100);
        });
        solved(&p).figures
    };
    // one shift does all: 200 s of way and 2000 s; 1100 s are beyond the half of each
    assert_eq!((far(0).routes, far(0).unfairness_cost), (1, 0));
    // at 1 a second the second shift costs 200 s and 100, and evens out
    assert_eq!((far(1).routes, far(1).unfairness_cost), (2, 0));
    let terms = Terms { unfairness_per_second: 1, overlap: 0 };
    let p = with(2, terms, |_, _| {});
    // 260 s against none: 130 s beyond the share
    assert_eq!(check(&p, &[Route::new(0, vec![0])]).unwrap().unfairness_cost, 130);
}

#[test]
fn a_neighbourhood_is_left_to_one() {
    let routes = |overlap| {
        let p = with(2, Terms { unfairness_per_second: 0, overlap }, |jobs, shifts| {
            jobs.truncate(2);
            jobs.iter_mut().for_each(|j| j.zone = Some(3));
            // The first shift is too short for both.
            shifts[0].max_duration_s = 300;
            shifts[1].cost_per_second = 5;
        });
        let f = solved(&p).figures;
        (f.routes, f.overlap_cost)
    };
    // apart: 260 s at 1 and 460 s at 5; together: 520 s at 5, 40 more
    assert_eq!(routes(39), (2, 39));
    assert_eq!(routes(41), (1, 0));
}

#[test]
fn refuses_by_name() {
    let refuse = |change: fn(&mut Job, &mut Shift)| {
        let (mut job, mut shift) = (Job::new(1, 60, 1), shift());
        change(&mut job, &mut shift);
        Problem::new(street(), vec![job], vec![shift]).unwrap_err().to_string()
    };
    assert_eq!(refuse(|j, _| j.crew = 3), "jobs[0].crew: neither 1 nor 2");
    assert_eq!(refuse(|j, _| j.only = vec![1]), "jobs[0].only: no such shift");
    assert_eq!(refuse(|j, _| j.premiums = vec![1]), "jobs[0].premiums: more of them than windows");
    assert_eq!(
        refuse(|_, s| s.breaks = vec![lunch(5, 4, 1, true)]),
        "shifts[0].breaks[0]: early after late"
    );
    assert_eq!(
        refuse(|_, s| s.breaks = vec![lunch(5, 9, 1, true), lunch(1, 9, 1, true)]),
        "shifts[0].breaks[1]: begins or ends before the window of the break before it"
    );
    let terms = Terms { overlap: -1, ..Terms::default() };
    let negative = Problem::with_terms(street(), vec![], vec![], terms).unwrap_err();
    assert_eq!(negative.to_string(), "terms.overlap: negative");
}
