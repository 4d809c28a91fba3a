//! Small cases with the arithmetic written out.
#![expect(clippy::unwrap_used, reason = "tests")]

use std::ops::ControlFlow;

use planner::{
    Binding, Budget, Job, Matrix, Need, Options, Problem, Route, Schedule, Shift, UNREACHABLE,
    Violation, Window, check, explain, instance, marginal, solve, solve_metered, timetable,
};

/// Base and three places on a street, 100 s and 1000 m apart.
fn street() -> Matrix {
    let cell = |unit: u32| (0..16_u32).map(move |k| (k / 4).abs_diff(k % 4) * unit).collect();
    Matrix::new(4, cell(100), cell(1000)).unwrap()
}

/// From and to the base within an hour, 1 a metre and 2 a second, 50 a day.
fn shift() -> Shift {
    let base = Shift::new(Some(0), Some(0), Window::new(0, 3600));
    Shift { cost_per_metre: 1, cost_per_second: 2, fixed_cost: 50, ..base }
}

fn problem(change: impl FnOnce(&mut Vec<Job>, &mut Vec<Shift>)) -> Problem {
    let mut jobs: Vec<Job> = (1..=3).map(|l| Job::new(l, 60, 10_000)).collect();
    let mut shifts = vec![shift()];
    change(&mut jobs, &mut shifts);
    Problem::new(street(), jobs, shifts).unwrap()
}

fn route(jobs: &[usize]) -> Vec<Route> {
    vec![Route::new(0, jobs.to_vec())]
}

#[test]
fn figures_apart() {
    let p = problem(|_, _| {});
    let f = check(&p, &route(&[0, 2])).unwrap();
    // 1000 + 2000 + 3000 m; 600 s of way + 2 * 60 s of service
    assert_eq!((f.metres, f.seconds, f.jobs, f.routes), (6000, 720, 2, 1));
    assert_eq!((f.prize, f.travel_cost, f.time_cost, f.fixed_cost), (20_000, 6000, 1440, 50));
    assert_eq!(f.objective, 20_000 - 6000 - 1440 - 50);
}

#[test]
fn leaves_late_enough_not_to_wait() {
    let p = problem(|jobs, _| jobs[0].windows = vec![Window::new(1000, 1200)]);
    let t = timetable(&p, &route(&[0, 1])[0]).unwrap();
    // served from 1000: leaves at 900, second stop 1160 to 1220, back at 1420
    assert_eq!((t.departure, t.finish), (900, 1420));
    assert_eq!((t.stops[0].wait_s, t.stops[1].arrive, t.stops[1].leave), (0, 1160, 1220));
    assert_eq!((t.stops[1].metres_from_previous, t.seconds_to_end), (1000, 200));
}

#[test]
fn takes_the_window_that_shortens_the_day() {
    // first stop by 100 or by 900; second from 1000: leaving at 0 would wait for it
    let p = problem(|jobs, _| {
        jobs[0].windows = vec![Window::new(0, 100), Window::new(850, 900)];
        jobs[1].windows = vec![Window::new(1000, 1100)];
    });
    let t = timetable(&p, &route(&[0, 1])[0]).unwrap();
    // first at 850..=900, done 910..=960, second 1010..=1060: 100 + 60 + 100 + 60 + 200 = 520 s
    assert_eq!((t.departure, t.finish), (750, 1270));
}

#[test]
fn names_what_is_broken() {
    let p = problem(|jobs, shifts| {
        jobs[0].skills = vec![7];
        jobs[1].demand = vec![3];
        jobs[2].required = true;
        shifts[0].capacity = vec![Some(2)];
        shifts[0].max_jobs = Some(1);
    });
    let wrong = check(&p, &route(&[0, 1, 1])).unwrap_err();
    assert_eq!(
        wrong,
        [
            Violation::Skill { route: 0, job: 0 },
            Violation::JobTwice { route: 0, job: 1 },
            Violation::MaxJobs { route: 0 },
            Violation::Capacity { route: 0, kind: 0 },
            Violation::RequiredMissing { job: 2 },
        ]
    );
    let late = problem(|jobs, _| jobs[0].windows = vec![Window::new(0, 99)]);
    assert_eq!(check(&late, &route(&[0])).unwrap_err(), [Violation::Time { route: 0 }]);
    assert_eq!(
        check(&late, &[Route::new(4, vec![9])]).unwrap_err(),
        [Violation::UnknownShift { route: 0 }, Violation::UnknownJob { route: 0, job: 9 }]
    );
}

#[test]
fn refuses_contradictions_by_name() {
    let jobs = |w| vec![Job::new(0, 0, 0), Job { windows: vec![w], ..Job::new(0, 0, 0) }];
    let refuse = |jobs, shift| Problem::new(street(), jobs, vec![shift]).unwrap_err().to_string();
    assert_eq!(refuse(jobs(Window::new(2, 1)), shift()), "jobs[1].windows[0]: early after late");
    let fine = || jobs(Window::new(1, 2));
    let costly = Shift { cost_per_metre: -1, ..shift() };
    assert_eq!(refuse(fine(), costly), "shifts[0].cost_per_metre: negative");
    let lost = Shift { end: Some(4), ..shift() };
    assert_eq!(refuse(fine(), lost), "shifts[0].end: no such location in the matrix");
    let dear = Shift { cost_per_second: i64::MAX, ..shift() };
    assert_eq!(refuse(fine(), dear), "shifts[0].cost_per_second: could add up to more than 2^60");
}

#[test]
fn marginal_value_is_prize_less_saved_cost() {
    let p = problem(|_, _| {});
    let values = marginal(&p, &route(&[0, 2]));
    // job 0 lies on the way: only its 60 s at 2
    assert_eq!((values[0].saved_cost, values[0].value), (120, 9880));
    // without job 2: 4000 m less and 400 s + 60 s less
    assert_eq!((values[1].saved_cost, values[1].value), (4920, 5080));
    // the only job of a shift saves all: 2000 m, 260 s, the shift
    assert_eq!(marginal(&p, &route(&[0]))[0].saved_cost, 2000 + 520 + 50);
}

#[test]
fn explains_money() {
    let p = problem(|jobs, _| jobs[2].prize = 4000);
    let e = explain(&p, &route(&[0]), 2).unwrap();
    // 4000 m further, 400 s + 60 s at 2
    let at = e.best.unwrap();
    assert_eq!((at.travel_cost, at.time_cost, at.fixed_cost, at.position), (4000, 920, 0, 0));
    assert_eq!((e.binding, e.worth_above, e.need), (Binding::Money, Some(4920), None));
}

#[test]
fn explains_time_and_how_much_is_missing() {
    // out to place 3 and back with two stops: 600 + 120 = 720 s; the day has 700
    let p = problem(|_, shifts| shifts[0].max_duration_s = 700);
    let e = explain(&p, &route(&[0]), 2).unwrap();
    assert_eq!(e.binding, Binding::Duration { by_s: 20 });
    // 10,000 - 4000 m - 460 s * 2
    assert_eq!(e.need, Some(Need { shift: 0, seconds: 20, gain: 5080 }));
    let p = problem(|_, shifts| shifts[0].window.late = 690);
    let e = explain(&p, &route(&[0]), 2).unwrap();
    assert_eq!(e.binding, Binding::ShiftEnd { by_s: 30 });
}

#[test]
fn explains_a_cheaper_place_that_does_not_fit() {
    // The first shift is full with job 0; the second is free, but costs its day of 50 and all of the way.
    let p = problem(|_, shifts| {
        shifts[0].max_duration_s = 400;
        shifts.push(shift());
    });
    let e = explain(&p, &route(&[0]), 1).unwrap();
    // Out to place 2 and back: 4000 m, 460 s at 2, and the day.
    let best = e.best.unwrap();
    assert_eq!((e.binding, best.shift, best.cost()), (Binding::Nothing, 1, 4000 + 920 + 50));
    // One place further on: 2000 m, 260 s; 260 + 260 s are 120 too many.
    let (at, why) = e.cheaper.unwrap();
    assert_eq!((at.shift, at.position, at.cost()), (0, 0, 2000 + 520));
    assert_eq!(why, Binding::Duration { by_s: 120 });
    // With room there is nothing cheaper than the best.
    let p = problem(|_, shifts| shifts.push(shift()));
    let e = explain(&p, &route(&[0]), 1).unwrap();
    assert_eq!((e.best.unwrap().shift, e.cheaper), (0, None));
}

#[test]
fn explains_what_money_cannot_buy() {
    let p = problem(|jobs, shifts| {
        jobs[1].skills = vec![1];
        jobs[2].windows = vec![Window::new(0, 250)];
        shifts[0].max_jobs = Some(2);
    });
    assert_eq!(explain(&p, &route(&[0]), 1).unwrap().binding, Binding::Skill);
    // straight there it takes 300 s
    assert_eq!(explain(&p, &route(&[0]), 2).unwrap().binding, Binding::Window { by_s: 50 });
    let p = problem(|_, shifts| shifts[0].max_jobs = Some(1));
    assert_eq!(explain(&p, &route(&[0]), 1).unwrap().binding, Binding::MaxJobs);
    assert_eq!(explain(&p, &route(&[0]), 0), None);
}

#[test]
fn a_required_job_nobody_reaches_is_reported_and_the_rest_planned() {
    let island = |k: usize| if k / 2 == k % 2 { 0 } else { UNREACHABLE };
    let cells: Vec<u32> = (0..4).map(island).collect();
    let m = Matrix::new(2, cells.clone(), cells).unwrap();
    let lost = Job { required: true, ..Job::new(1, 60, 0) };
    let p = Problem::new(m, vec![lost, Job::new(0, 60, 1000)], vec![shift()]).unwrap();
    let s = solve(&p, &Options::default(), &mut |_| ControlFlow::Continue(()));
    assert_eq!((s.routes.as_slice(), s.unserved_required.as_slice()), (&route(&[1])[..], &[0][..]));
    assert_eq!(explain(&p, &s.routes, 0).unwrap().binding, Binding::Unreachable);
}

#[test]
fn a_metered_or_stopped_run_repeats() {
    let p = problem(|_, _| {});
    let mut used = 0.0;
    let mut meter = || {
        used += 0.07;
        used
    };
    let mut go = |_: &planner::Progress| ControlFlow::Continue(());
    let timed = solve_metered(&p, &Options::default(), &mut meter, &mut go);
    assert_eq!(timed.iterations, 14 * 64);
    let text = timed.schedule.to_string();
    let budget = Budget::Replay(text.parse::<Schedule>().unwrap());
    assert_eq!(solve(&p, &Options { budget, ..Options::default() }, &mut go), timed);

    let budget = Budget::Iterations(1_000_000);
    let mut stop = |p: &planner::Progress| {
        if p.iteration >= 2048 { ControlFlow::Break(()) } else { ControlFlow::Continue(()) }
    };
    let cut = solve(&p, &Options { budget, ..Options::default() }, &mut stop);
    assert_eq!(cut.iterations, 2048);
    let budget = Budget::Replay(cut.schedule.clone());
    assert_eq!(solve(&p, &Options { budget, ..Options::default() }, &mut go), cut);
}

#[test]
fn instances_go_out_and_come_back() {
    let p = problem(|jobs, shifts| {
        jobs[0].windows = vec![Window::new(5, 50)];
        jobs[1].skills = vec![2, 1];
        jobs.iter_mut().for_each(|j| j.demand = vec![1]);
        shifts[0].skills = vec![1, 2, 3];
        shifts[0].end = None;
        shifts[0].capacity = vec![Some(2)];
    });
    let text = instance::write("x", &p).unwrap();
    let back = instance::parse(&text).unwrap();
    // bases first: place 0, then nowhere as a place of its own
    assert_eq!(back.problem.matrix().len(), 5);
    assert_eq!(back.problem.matrix().metres(0, 2), 1000);
    let routes = route(&[0, 1]);
    assert_eq!(check(&back.problem, &routes).is_ok(), check(&p, &routes).is_ok());
    let routes = route(&[2, 1]);
    assert_eq!(check(&back.problem, &routes), check(&p, &routes));
    let text = instance::write_routes(&routes).unwrap();
    assert_eq!(text, r#"{"routes":[[0,[2,1]]]}"#);
    assert_eq!(instance::parse_routes(&text).unwrap(), routes);
}

#[test]
fn reads_points_as_the_reference_does() {
    let text = r#"{"name":"t","kind":"profit","locs":[[0,0],[3,4]],"dist_factor":1.3,
        "rounding":"round","speed":2.0,"ndepots":1,"prize_scale":1000000,
        "clients":[{"loc":1,"service":10,"tw":[0,99],"prize":100,"demand":1,"required":false}],
        "vehicles":[{"start":0,"end":0,"tw":[0,99],"max_dur":99,"dist_cost":2,"time_cost":3,
                     "capacity":0,"skills":[]}]}"#;
    let p = instance::parse(text).unwrap().problem;
    // 5 * 1.3 = 6.5, to the even 6; 6 / 2 = 3 s
    assert_eq!((p.matrix().metres(0, 1), p.matrix().seconds(0, 1)), (6, 3));
    // 100 - 12 m * 2 - 16 s * 3
    assert_eq!(check(&p, &route(&[0])).unwrap().objective, 28);
    let wrong = text.replace("\"profit\"", "\"gain\"");
    assert!(instance::parse(&wrong).unwrap_err().to_string().starts_with("kind: "));
}
