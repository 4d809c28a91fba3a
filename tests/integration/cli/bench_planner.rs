//! The planner on an instance file: what it prints can be run again.

use serde_json::{Value, json};

use super::{Folder, sentence};

/// Forty clients in a square of 6 km, two agents of four hours; three in four have a window.
fn instance() -> Value {
    let place = |k: u32| [f64::from(k * 37 % 61) * 100.0, f64::from(k * 53 % 59) * 100.0];
    let clients: Vec<Value> = (1..=40_u32)
        .map(|k| {
            let early = k % 4 * 3_600;
            let late = if k % 4 == 0 { 14_400 } else { early + 3_600 };
            json!({"loc": k, "service": 720, "tw": [early, late], "prize": 4_000_000 + k * 250_000,
                "demand": 1, "required": k == 7})
        })
        .collect();
    let vehicle = json!({"start": 0, "end": 0, "tw": [0, 14_400], "max_dur": 14_400, "dist_cost": 250,
        "time_cost": 1_667, "capacity": 30, "skills": []});
    json!({"name": "square", "kind": "profit", "locs": (0..=40).map(place).collect::<Vec<_>>(),
        "dist_factor": 1.3, "rounding": "round", "speed": 6.9, "ndepots": 1, "clients": clients,
        "vehicles": [vehicle, vehicle], "prize_scale": 1_000_000})
}

fn figures(folder: &Folder, args: &[&str]) -> Value {
    let args: Vec<&str> = ["bench", "planner"].iter().chain(args).copied().collect();
    let mut line: Value = serde_json::from_str(&folder.doorstep.ok(&args).unwrap()).unwrap();
    line.as_object_mut().unwrap().remove("cpu_s").unwrap();
    line
}

#[test]
fn a_timed_run_is_repeated_by_its_iterations_and_schedule() {
    let folder = Folder::empty();
    let file = folder.write("square.json", &instance().to_string());
    let out = folder.write("timed.json", "");
    let timed = figures(&folder, &[&file, "--cpu-seconds", "0.3", "--seed", "5", "--out", &out]);
    let (iterations, schedule) =
        (timed["iterations"].to_string(), timed["schedule"].as_str().unwrap());
    let second = folder.write("again.json", "");
    let again = [
        &file,
        "--iterations",
        &iterations,
        "--schedule",
        schedule,
        "--seed",
        "5",
        "--out",
        &second,
    ];
    assert_eq!(figures(&folder, &again), timed);
    let routes = std::fs::read_to_string(&out).unwrap();
    assert_eq!(std::fs::read_to_string(&second).unwrap(), routes);

    // The routes of the file are those of the figures: the mandatory client is in, nobody twice.
    let routes: Value = serde_json::from_str(&routes).unwrap();
    let stops = routes["routes"].as_array().unwrap().iter().flat_map(|r| r[1].as_array().unwrap());
    let mut stops: Vec<u64> = stops.map(|s| s.as_u64().unwrap()).collect();
    stops.sort_unstable();
    stops.dedup();
    assert_eq!(stops.len() as u64, timed["visits"].as_u64().unwrap());
    assert!(stops.contains(&6), "{stops:?}");
    let prize: u64 = stops.iter().map(|s| 4_000_000 + (s + 1) * 250_000).sum();
    assert_eq!(timed["prize"].as_u64(), Some(prize));
    let number = |key: &str| timed[key].as_i64().unwrap();
    assert_eq!(number("objective"), number("prize") - number("cost"));
}

#[test]
fn more_threads_are_never_worse_than_their_first() {
    let folder = Folder::empty();
    let file = folder.write("square.json", &instance().to_string());
    let alone = figures(&folder, &[&file, "--iterations", "300"]);
    let four = figures(&folder, &[&file, "--iterations", "300", "--threads", "4"]);
    let value = |line: &Value| line["objective"].as_i64().unwrap();
    assert!(value(&four) >= value(&alone), "{four} {alone}");
    let seed = four["seed"].to_string();
    assert_eq!(figures(&folder, &[&file, "--iterations", "300", "--seed", &seed]), four);
}

#[test]
fn what_cannot_be_run_is_named() {
    let folder = Folder::empty();
    let mut broken = instance();
    broken["clients"][3]["tw"] = json!([500, 100]);
    let broken = folder.write("broken.json", &broken.to_string());
    sentence(&folder.fails(&["bench", "planner", &broken]), &["broken.json", "jobs[3].windows[0]"]);
    let file = folder.write("square.json", &instance().to_string());
    for (option, value, said) in
        [("--cpu-seconds", "0", "above 0"), ("--schedule", "1:2", "start:end:n1,n2")]
    {
        sentence(&folder.fails(&["bench", "planner", &file, option, value]), &[option, said]);
    }
    let differs = ["bench", "planner", &file, "--schedule", "9:1:5,5", "--iterations", "11"];
    sentence(&folder.fails(&differs), &["--iterations", "ends at 10"]);
}

#[test]
fn an_iteration_is_measured_by_the_number_of_clients() {
    let folder = Folder::empty();
    let args = ["bench", "planner", "--scaling", "50,200", "--iterations", "3000"];
    let lines = folder.doorstep.ok(&args).unwrap();
    let lines: Vec<Value> = lines.lines().map(|l| serde_json::from_str(l).unwrap()).collect();
    let clients: Vec<_> = lines.iter().map(|l| l["clients"].as_u64().unwrap()).collect();
    assert_eq!(clients, [50, 200]);
    assert_eq!(lines[0]["ratio"], json!(1.0));
    for line in &lines {
        assert!(line["us_per_iteration"].as_f64().unwrap() > 0.0, "{line}");
        // The clock is read every few hundred iterations.
        let measured = line["iterations"].as_u64().unwrap();
        assert!((2_000..=3_000).contains(&measured), "{line}");
        assert!(line["visits"].as_u64().unwrap() > 10, "{line}");
    }
    let nothing = ["bench", "planner", "--scaling", "200", "--iterations", "0"];
    sentence(&folder.fails(&nothing), &["--iterations", "above 0"]);
}
