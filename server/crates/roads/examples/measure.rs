//! Measures preparation, opening and matrices on an extract:
//! `cargo run --release -p roads --example measure -- FILE.osm.pbf [SIZES]`
#![expect(clippy::print_stdout, reason = "a program that prints its figures")]

use std::time::Instant;

use roads::{Network, Place, PlainSearch, Profile, Snap, read_sites};

type Failure = Box<dyn std::error::Error>;

fn main() -> Result<(), Failure> {
    let mut arguments = std::env::args().skip(1);
    let path = arguments.next().ok_or("give the path of an .osm.pbf file")?;
    let sizes = arguments.next().unwrap_or_else(|| "200,1000,2000,5000".to_owned());
    let pbf = std::fs::read(path)?;

    let mut step = ("", Instant::now());
    let start = clock();
    let network = Network::build(&pbf, &Profile::car(), &mut |now| {
        if now.name != step.0 {
            println!("  {:<16}{:6.2} s", step.0, step.1.elapsed().as_secs_f64());
            step = (now.name, Instant::now());
        }
    })?;
    println!("  {:<16}{:6.2} s", step.0, step.1.elapsed().as_secs_f64());
    println!("prepare {:.2} CPU s, peak {:.0} MB", start.seconds(), peak_mb());
    println!("{:#?}", network.info());

    let bytes = network.to_bytes();
    let start = clock();
    let opened = Network::from_bytes(&bytes)?;
    println!(
        "open {:.3} CPU s, {} bytes, same {}",
        start.seconds(),
        bytes.len(),
        opened == network
    );

    let start = clock();
    let sites = read_sites(&pbf, &mut |_| {})?;
    println!("{} sites in {:.2} CPU s", sites.len(), start.seconds());
    let start = clock();
    let mut counts = [0_u32; 4];
    let mut places = Vec::new();
    for site in &sites {
        match opened.snap(site.at) {
            Snap::Snapped(place) => places.push(place),
            Snap::TooFar { .. } => counts[1] += 1,
            Snap::Island { .. } => counts[2] += 1,
            Snap::OutsideExtract => counts[3] += 1,
        }
    }
    let metres: f64 = places.iter().map(|place| place.distance_m).sum();
    let mean = metres / f64::from(u32::try_from(places.len())?);
    println!(
        "snapped {} (mean {mean:.1} m), too far {}, island {}, outside {} in {:.2} CPU s",
        places.len(),
        counts[1],
        counts[2],
        counts[3],
        start.seconds()
    );
    shuffle(&mut places);
    for size in sizes.split(',') {
        let some = places.get(..size.parse()?).ok_or("the extract has fewer sites")?;
        let start = clock();
        let matrix = opened.matrix_on(1, some, some, &|_| true)?;
        let cpu = start.seconds();
        let wall = Instant::now();
        let same = opened.matrix(some, some, &|_| true)? == matrix;
        let unreached = matrix.seconds.iter().filter(|&&s| s == roads::UNREACHABLE).count();
        println!(
            "{size} x {size}: {cpu:.3} CPU s, {:.3} s on all cores (same {same}), unreached {unreached}",
            wall.elapsed().as_secs_f64()
        );
    }
    check(&opened, &places)?;
    println!("peak {:.0} MB", peak_mb());
    Ok(())
}

/// Compares 100 x 100 pairs with a plain search, and routes with both.
fn check(network: &Network, places: &[Place]) -> Result<(), Failure> {
    let (from, to) = (places.get(..100).ok_or("few")?, places.get(100..200).ok_or("few")?);
    let matrix = network.matrix(from, to, &|_| true)?;
    let plain = PlainSearch::new(network);
    let mut wrong = 0;
    let start = clock();
    for (row, place) in from.iter().enumerate() {
        let expected = plain.row(place, to);
        wrong += (0..to.len()).filter(|&c| matrix.get(row, c) != expected[c]).count();
    }
    println!("{wrong} of 10000 pairs differ from a plain search ({:.1} CPU s)", start.seconds());
    let start = clock();
    let mut routes = 0;
    for (n, (a, b)) in from.iter().zip(to).enumerate() {
        let leg = network.route(a, b).map(|leg| {
            let line: f64 = leg.geometry.windows(2).map(|p| p[0].distance_m(p[1])).sum();
            let drawn = (line - f64::from(leg.metres)).abs() < 2.0 + line * 1e-4;
            (leg.seconds, if drawn { leg.metres } else { 0 })
        });
        routes += usize::from(leg != matrix.get(n, n));
    }
    println!("{routes} of 100 routes differ from the matrix ({:.3} CPU s)", start.seconds());
    Ok(())
}

/// Always the same order (xorshift).
fn shuffle(places: &mut [Place]) {
    let mut state = 0x9e37_79b9_7f4a_7c15_u64;
    for n in (1..places.len()).rev() {
        state ^= state << 13;
        state ^= state >> 7;
        state ^= state << 17;
        let below = u64::try_from(n + 1).unwrap_or(1);
        places.swap(n, usize::try_from(state % below).unwrap_or(0));
    }
}

/// CPU time of this thread, from the Linux scheduler; 0 elsewhere.
struct Clock(u64);

fn clock() -> Clock {
    Clock(cpu_ns())
}

impl Clock {
    fn seconds(&self) -> f64 {
        std::time::Duration::from_nanos(cpu_ns() - self.0).as_secs_f64()
    }
}

fn cpu_ns() -> u64 {
    let text = std::fs::read_to_string("/proc/thread-self/schedstat").unwrap_or_default();
    text.split(' ').next().and_then(|ns| ns.parse().ok()).unwrap_or(0)
}

fn peak_mb() -> f64 {
    let text = std::fs::read_to_string("/proc/self/status").unwrap_or_default();
    let line = text.lines().find_map(|line| line.strip_prefix("VmHWM:"));
    let kb = line.and_then(|line| line.split_whitespace().next()?.parse::<f64>().ok());
    kb.unwrap_or(0.0) / 1024.0
}
