//! How many addresses of an extract are found when asked for in one line, and how fast.
//!
//! ```text
//! cargo run --release -p server --example measure_addresses -- region.osm.pbf
//! ```
#![expect(clippy::print_stdout, reason = "an example prints")]

use std::collections::BTreeMap;
use std::time::Instant;

use addresses::{Answer, Grade, Index, Record, Records};
use anyhow::Context as _;

fn main() -> anyhow::Result<()> {
    let path = std::env::args().nth(1).context("name an extract: region.osm.pbf")?;
    let pbf = std::fs::read(&path).with_context(|| path.clone())?;
    let start = Instant::now();
    let named = roads::read_named(&pbf, &mut |_| ())?;
    let all = named.addresses.len();
    println!("read in {:.2} s: {all} address objects", start.elapsed().as_secs_f64());
    let start = Instant::now();
    let records = server::travel::records(named).tidy();
    let bytes = addresses::save(&records, "");
    println!("saved in {:.3} s: {} bytes", start.elapsed().as_secs_f64(), bytes.len());
    let start = Instant::now();
    let saved = addresses::open(&bytes)?;
    let index = Index::build(saved.records);
    println!("opened in {:.3} s: {:?}", start.elapsed().as_secs_f64(), index.counts());
    let asked: Vec<String> = records.houses.iter().map(line).collect();
    let start = Instant::now();
    let answers: Vec<Answer> = asked.iter().map(|line| index.find(line).answer).collect();
    let seconds = start.elapsed().as_secs_f64();
    println!("{} look-ups in {seconds:.3} s, {:.0} a second", asked.len(), {
        f64::from(u32::try_from(asked.len())?) / seconds
    });
    report(&records, &asked, &answers);
    Ok(())
}

fn line(record: &Record) -> String {
    let mut line = format!("{} {}", record.number, record.street);
    for part in [&record.city, &record.state, &record.postcode].into_iter().flatten() {
        line += &format!(", {part}");
    }
    line
}

/// Counts by outcome, apart for records that have a town or postcode, with three examples of each.
fn report(records: &Records, asked: &[String], answers: &[Answer]) {
    let mut kinds: BTreeMap<String, Vec<String>> = BTreeMap::new();
    for ((record, line), answer) in records.houses.iter().zip(asked).zip(answers) {
        let near = |lat: i32, lon: i32| {
            (lat - record.lat_e7).abs() < 20_000 && (lon - record.lon_e7).abs() < 25_000
        };
        let outcome = match answer {
            Answer::Found { found } if found.grade == Grade::House => {
                let right = near(found.lat_e7, found.lon_e7);
                format!("house, {}", if right { "the right one" } else { "another" })
            }
            Answer::Found { found } => found.grade.to_string(),
            Answer::Ambiguous { candidates } => {
                let listed = candidates.iter().any(|c| near(c.lat_e7, c.lon_e7));
                format!("ambiguous, {}", if listed { "listed" } else { "not listed" })
            }
            Answer::NotFound { .. } => "not found".to_owned(),
        };
        let located = record.city.is_some() || record.postcode.is_some();
        let kind = if located { "with town or postcode" } else { "without" };
        kinds
            .entry(format!("{kind}: {outcome}"))
            .or_default()
            .push(format!("{line} -> {answer:?}"));
    }
    for (kind, examples) in kinds {
        println!("{:>6} {kind}", examples.len());
        for example in examples.iter().take(3) {
            println!("           {example}");
        }
    }
}
