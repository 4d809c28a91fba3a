//! `doorstep bench roads`: the road engine on one thread.

use std::fmt::Write as _;
use std::path::Path;

use roads::{LatLon, Network, Place, PlainSearch, Snap, read_sites};
use serde::Serialize;

use super::super::args::RoadsBenchArgs;
use super::super::commands::read;
use super::super::screen::{Screen, peak_rss_mb, say};
use super::cpu;
use crate::error::Error;
use crate::progress::Progress as _;
use crate::travel::profile_of;
use crate::usecases::roads::{PointRow, point_rows};

/// What `--json` writes. Seconds are those of the processor.
#[derive(Debug, Default, Serialize)]
struct Figures {
    points: usize,
    too_far: usize,
    island: usize,
    outside: usize,
    prepare_cpu_s: f64,
    open_s: f64,
    file_bytes: usize,
    matrix: Vec<Square>,
    knn: Option<Nearest>,
    pairs: usize,
    mismatches: usize,
    peak_rss_mb: Option<u64>,
}

#[derive(Debug, Serialize)]
struct Square {
    n: usize,
    cpu_s: f64,
    unreached: usize,
}

#[derive(Debug, Serialize)]
struct Nearest {
    n: usize,
    k: usize,
    cpu_s: f64,
}

pub(super) fn run(args: &RoadsBenchArgs) -> Result<(), Error> {
    let screen = Screen::new(0);
    let pbf = read(&args.pbf)?;
    let profile = profile_of(Path::new(""), &args.profile)?;
    let mut figures = Figures::default();
    screen.begin("Preparation", None);
    let (built, seconds) = measured(|| {
        Network::build(&pbf, &profile, &mut |_| {})
            .map_err(|error| Error::Roads(format!("{}: {error}", args.pbf.display())))
    })?;
    figures.prepare_cpu_s = seconds;
    let bytes = built.to_bytes();
    figures.file_bytes = bytes.len();
    drop(built);
    let (network, seconds) =
        measured(|| Network::from_bytes(&bytes).map_err(|error| Error::Roads(error.to_string())))?;
    figures.open_s = seconds;
    screen.end(&format!(
        "{:.2} CPU s, {} bytes, opened in {:.3} s",
        figures.prepare_cpu_s, figures.file_bytes, figures.open_s
    ));
    let places = snapped(args, &pbf, &network, &mut figures)?;
    matrices(args, &network, &places, &mut figures)?;
    nearest(args, &network, &places, &mut figures)?;
    compare(args.pairs, &network, &places, &mut figures)?;
    figures.peak_rss_mb = peak_rss_mb();
    if let Some(path) = &args.json {
        let text = serde_json::to_string_pretty(&figures)
            .map_err(|error| Error::Invalid(format!("the figures: {error}")))?;
        write(path, &format!("{text}\n"))?;
    }
    if figures.mismatches > 0 {
        let (wrong, pairs) = (figures.mismatches, figures.pairs);
        return Err(Error::Roads(format!("{wrong} of {pairs} pairs differ from a plain search")));
    }
    Ok(())
}

/// The result and the processor time it took.
fn measured<T>(work: impl FnOnce() -> Result<T, Error>) -> Result<(T, f64), Error> {
    let before = cpu::seconds().ok_or_else(cpu::untold)?;
    let result = work()?;
    Ok((result, cpu::seconds().ok_or_else(cpu::untold)? - before))
}

fn write(path: &Path, text: &str) -> Result<(), Error> {
    std::fs::write(path, text).map_err(|error| Error::io("write", path, error))
}

/// The places of the points asked for, or of all sites and then of the middles of roads.
fn snapped(
    args: &RoadsBenchArgs,
    pbf: &[u8],
    network: &Network,
    figures: &mut Figures,
) -> Result<Vec<Place>, Error> {
    let points = match &args.points {
        Some(path) => points(path)?,
        None => own_points(pbf, network)?,
    };
    let (mut places, mut csv) = (Vec::new(), String::from("id,lat,lon\n"));
    for (id, at) in &points {
        match network.snap(*at) {
            Snap::Snapped(place) => {
                _ = writeln!(csv, "{id},{},{}", at.lat, at.lon);
                places.push(place);
            }
            Snap::TooFar { .. } => figures.too_far += 1,
            Snap::Island { .. } => figures.island += 1,
            Snap::OutsideExtract => figures.outside += 1,
        }
    }
    figures.points = places.len();
    let (far, island, outside) = (figures.too_far, figures.island, figures.outside);
    say(&format!(
        "{} points snapped, {far} too far, {island} on islands, {outside} outside",
        places.len()
    ));
    if let Some(path) = &args.points_out {
        write(path, &csv)?;
    }
    Ok(places)
}

/// Points of a file, as the commands on roads read them.
fn points(path: &Path) -> Result<Vec<(String, LatLon)>, Error> {
    let rows = point_rows(&path.display().to_string(), &read(path)?)?;
    let point = |row: PointRow| (row.id, LatLon { lat: row.at.lat(), lon: row.at.lon() });
    Ok(rows.into_iter().map(point).collect())
}

/// Addresses, building centres and, where these are few, middles of roads; each shuffled.
fn own_points(pbf: &[u8], network: &Network) -> Result<Vec<(String, LatLon)>, Error> {
    let sites = read_sites(pbf, &mut |_| {}).map_err(|error| Error::Roads(error.to_string()))?;
    let mut addresses = Vec::new();
    let mut buildings = Vec::new();
    for site in sites {
        let point = (format!("s{}", site.osm_id), site.at);
        match site.kind {
            roads::SiteKind::Address => addresses.push(point),
            roads::SiteKind::Building => buildings.push(point),
        }
    }
    let middle = |(number, line): (usize, roads::Line<'_>)| {
        let at = line.points.get(line.points.len() / 2)?;
        Some((format!("r{number}"), *at))
    };
    let mut roads: Vec<_> = network.lines().enumerate().filter_map(middle).collect();
    for list in [&mut addresses, &mut buildings, &mut roads] {
        shuffle(list);
    }
    addresses.append(&mut buildings);
    addresses.append(&mut roads);
    Ok(addresses)
}

/// Always the same order, by G. Marsaglia's xorshift.
fn shuffle<T>(list: &mut [T]) {
    let mut state = 0x9e37_79b9_7f4a_7c15_u64;
    for n in (1..list.len()).rev() {
        state ^= state << 13;
        state ^= state >> 7;
        state ^= state << 17;
        let below = u64::try_from(n + 1).unwrap_or(1);
        list.swap(n, usize::try_from(state % below).unwrap_or(0));
    }
}

fn matrices(
    args: &RoadsBenchArgs,
    network: &Network,
    places: &[Place],
    figures: &mut Figures,
) -> Result<(), Error> {
    let out = match &args.matrix_out[..] {
        [n, path] => {
            let n: usize = n.parse().map_err(|_| {
                Error::Invalid(format!("--matrix-out: {n:?} is no size; give a number and a file"))
            })?;
            Some((n, Path::new(path)))
        }
        _ => None,
    };
    let mut written = false;
    for &n in &args.sizes {
        let Some(some) = places.get(..n) else {
            let most = places.len();
            return Err(Error::Invalid(format!("--sizes: {n} is more than the {most} points")));
        };
        let (matrix, cpu_s) = measured(|| {
            network
                .matrix_on(1, some, some, &|_| true)
                .map_err(|error| Error::Roads(error.to_string()))
        })?;
        let unreached = matrix.seconds.iter().filter(|&&s| s == roads::UNREACHABLE).count();
        say(&format!("{n} x {n}: {cpu_s:.3} CPU s, {unreached} unreached"));
        figures.matrix.push(Square { n, cpu_s, unreached });
        if let Some((_, path)) = out.filter(|&(least, _)| n >= least && !written) {
            written = true;
            let mut csv = String::from("from,to,seconds,metres\n");
            for from in 0..n {
                for to in 0..n {
                    if let Some((seconds, metres)) = matrix.get(from, to) {
                        _ = writeln!(csv, "{from},{to},{seconds},{metres}");
                    }
                }
            }
            write(path, &csv)?;
        }
    }
    Ok(())
}

fn nearest(
    args: &RoadsBenchArgs,
    network: &Network,
    places: &[Place],
    figures: &mut Figures,
) -> Result<(), Error> {
    let [n, k] = args.nearest[..] else { return Ok(()) };
    let some = places.get(..n).unwrap_or(places);
    let (_, cpu_s) = measured(|| {
        network
            .nearest_on(1, some, some, k, &|_| true)
            .map_err(|error| Error::Roads(error.to_string()))
    })?;
    say(&format!("{k} nearest of {}: {cpu_s:.3} CPU s", some.len()));
    figures.knn = Some(Nearest { n: some.len(), k, cpu_s });
    Ok(())
}

/// Compares pairs with a plain search: matrix, route and nearest.
fn compare(
    pairs: usize,
    network: &Network,
    places: &[Place],
    figures: &mut Figures,
) -> Result<(), Error> {
    const WIDTH: usize = 100;
    let plain = PlainSearch::new(network);
    let rows = pairs.div_ceil(WIDTH).min(places.len());
    let to: Vec<Place> = places.iter().rev().take(WIDTH).copied().collect();
    let from = places.get(..rows).unwrap_or_default();
    let fail = |error: roads::MatrixError| Error::Roads(error.to_string());
    let matrix = network.matrix_on(1, from, &to, &|_| true).map_err(fail)?;
    let nearest = network.nearest_on(1, from, &to, to.len(), &|_| true).map_err(fail)?;
    for (row, (place, near)) in from.iter().zip(nearest).enumerate() {
        let expected = plain.row(place, &to);
        let mut found = vec![None; to.len()];
        for near in near {
            if let Some(slot) = found.get_mut(near.to as usize) {
                *slot = Some((near.seconds, near.metres));
            }
        }
        for (column, target) in to.iter().enumerate() {
            let expected = expected.get(column).copied().flatten();
            let leg = || network.route(place, target).map(|leg| (leg.seconds, leg.metres));
            let same = matrix.get(row, column) == expected
                && found.get(column).copied().flatten() == expected
                && (column % 10 != 0 || leg() == expected);
            figures.mismatches += usize::from(!same);
            figures.pairs += 1;
        }
    }
    say(&format!(
        "{} of {} pairs differ from a plain search (matrix and nearest; every tenth route)",
        figures.mismatches, figures.pairs
    ));
    Ok(())
}
