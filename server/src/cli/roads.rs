//! `doorstep roads`: the network, and questions about it.

use std::fs::File;
use std::io::{BufWriter, Write};
use std::path::{Path, PathBuf};

use ::roads::{Network, NetworkInfo, Profile};

use super::address::find;
use super::args::{Cli, NearestArgs, RoadsCommand};
use super::commands::{named, open_settings, read, travel_of};
use super::report;
use super::screen::{Screen, grouped, say};
use crate::config::DataDir;
use crate::error::Error;
use crate::progress::{Progress, Silent};
use crate::travel::{Travel, profile_of};
use crate::usecases::build_roads::build_roads_of;
use crate::usecases::roads::{Counts, Form, Points, matrix, nearest, route};

pub(super) fn run(cli: &Cli, command: &RoadsCommand) -> Result<(), Error> {
    match command {
        RoadsCommand::Build { pbf, profile } => build(cli, pbf, profile.as_deref()),
        RoadsCommand::Info { json } => info(cli, *json),
        RoadsCommand::Find { address, json } => find(cli, address, *json),
        RoadsCommand::Matrix { from, to, out } => {
            let travel = travel(cli)?;
            let (from, to) = (points(from, &travel)?, points(to, &travel)?);
            output(out.as_deref(), |to_file, screen| matrix(&travel, &from, &to, to_file, screen))
                .and_then(|counts| told(&travel, out.as_deref(), counts))
        }
        RoadsCommand::Route { points: file, out, geojson } => {
            let travel = travel(cli)?;
            let points = points(file, &travel)?;
            let form = form(out.as_deref(), *geojson);
            output(out.as_deref(), |to_file, _| route(&travel, &points, form, to_file))
                .and_then(|counts| told(&travel, out.as_deref(), counts))
        }
        RoadsCommand::Nearest(NearestArgs { from, to, k, out }) => {
            let travel = travel(cli)?;
            let (from, to) = (points(from, &travel)?, points(to, &travel)?);
            output(out.as_deref(), |to_file, screen| {
                nearest(&travel, &from, &to, *k, to_file, screen)
            })
            .and_then(|counts| told(&travel, out.as_deref(), counts))
        }
    }
}

fn build(cli: &Cli, pbf: &Path, profile: Option<&Path>) -> Result<(), Error> {
    let (dir, settings) = open_settings(cli)?;
    let wanted = profile_of(dir.path(), &settings.travel.profile);
    let profile = match profile {
        Some(name) => profile_of("".as_ref(), &name.display().to_string())?,
        None => wanted.as_ref().map_err(|e| Error::Roads(e.to_string()))?.clone(),
    };
    let bytes = read(pbf)?;
    let screen = Screen::new(0);
    screen.begin("Roads", None);
    let built = build_roads_of(&dir, pbf, &bytes, &profile, &screen)?;
    let before = if built.fresh { "" } else { "built already of this extract and profile: " };
    screen.end(&format!("{before}{}", report::network(&built)));
    say(&built.info.credit);
    if !wanted.is_ok_and(|wanted| free_flow(&wanted) == free_flow(&profile)) {
        say(&format!(
            "doorstep.toml has another profile: set [travel] profile to this one ({:?}) before you \
             plan, or build with that one.",
            profile.name
        ));
    }
    Ok(())
}

/// What of a profile goes into the network.
fn free_flow(profile: &Profile) -> Profile {
    Profile { hours: Vec::new(), ..profile.clone() }
}

fn info(cli: &Cli, json: bool) -> Result<(), Error> {
    let dir = DataDir::open(&cli.data_dir)?;
    let path = dir.network();
    if !path.exists() {
        let command = "roads build --pbf FILE";
        return Err(Error::Before { missing: "there is no road network", command });
    }
    let network = Network::from_bytes(&read(&path)?).map_err(|error| {
        Error::Roads(format!(
            "{}: {error}; build it again with `doorstep roads build --pbf FILE`",
            path.display()
        ))
    })?;
    if json {
        let text = serde_json::to_string_pretty(network.info())
            .map_err(|e| Error::Invalid(format!("the network's description: {e}")))?;
        say(&text);
    } else {
        lines(network.info()).iter().for_each(|line| say(line));
    }
    Ok(())
}

fn lines(info: &NetworkInfo) -> Vec<String> {
    let number = |count: u64| grouped(count.cast_signed());
    let b = &info.bounds;
    vec![
        format!("profile        {}", info.profile),
        format!(
            "data of        {}",
            info.data_at.as_deref().unwrap_or("unknown: not in the extract")
        ),
        format!("roads          {} pieces, {:.0} km", number(info.segments), info.road_km),
        format!("turns          {} between {} states", number(info.turns), number(info.states)),
        format!(
            "restrictions   {} used, {} not to be placed on the roads",
            number(info.restrictions),
            number(info.restrictions_unplaced)
        ),
        format!(
            "islands        {} apart from the rest; {} pieces cannot be both reached and left",
            number(info.islands),
            number(info.island_segments)
        ),
        format!("left aside     {}", ignored(info)),
        format!("shortcuts      {}", number(info.shortcuts)),
        format!("lat            {:.4} to {:.4}", b.south, b.north),
        format!("lon            {:.4} to {:.4}", b.west, b.east),
        format!("fingerprint    {}", info.fingerprint),
        info.credit.clone(),
    ]
}

/// What of the extract is no road of the profile, or is not read.
fn ignored(info: &NetworkInfo) -> String {
    let each =
        info.ignored.iter().map(|i| format!("{} {}", grouped(i.objects.cast_signed()), i.tag));
    let list: Vec<String> = each.collect();
    if list.is_empty() { "nothing".to_owned() } else { list.join(", ") }
}

fn travel(cli: &Cli) -> Result<Travel, Error> {
    let (dir, settings) = open_settings(cli)?;
    travel_of(&dir, &settings)
}

fn points(file: &Path, travel: &Travel) -> Result<Points, Error> {
    let (_, bytes) = named(file)?;
    Points::read(&file.display().to_string(), &bytes, travel)
}

/// By the ending of the output's name, unless it is asked for.
fn form(out: Option<&Path>, geojson: bool) -> Form {
    let ending = out.and_then(Path::extension).and_then(|ending| ending.to_str());
    let map = ending.is_some_and(|ending| ["geojson", "json"].contains(&ending));
    if geojson || map { Form::GeoJson } else { Form::Csv }
}

type Output<'a> = (&'a str, &'a mut dyn Write);

/// Has `work` write into a file, which is there when it is complete, or to standard output.
fn output<T>(
    out: Option<&Path>,
    work: impl FnOnce(Output<'_>, &dyn Progress) -> Result<T, Error>,
) -> Result<T, Error> {
    let Some(path) = out else {
        let mut stdout = BufWriter::new(std::io::stdout().lock());
        return work(("standard output", &mut stdout), &Silent);
    };
    let screen = Screen::new(0);
    let mut name = path.file_name().unwrap_or_default().to_owned();
    name.push(format!(".{}.part", std::process::id()));
    let part: PathBuf = path.with_file_name(name);
    let failed = |e| Error::io("write", path, e);
    let shown = path.display().to_string();
    let done = File::create(&part).map_err(failed).and_then(|file| {
        let mut file = BufWriter::new(file);
        let done = work((&shown, &mut file), &screen)?;
        file.flush().and_then(|()| std::fs::rename(&part, path)).map_err(failed)?;
        Ok(done)
    });
    if done.is_err() {
        // What is left of a failed attempt only takes space.
        let _ = std::fs::remove_file(&part);
    }
    done
}

/// What came of it, where standard output is not taken by the answer.
fn told(travel: &Travel, out: Option<&Path>, counts: Counts) -> Result<(), Error> {
    let Some(path) = out else {
        travel.warnings().iter().for_each(|warning| tracing::warn!("{warning}"));
        return Ok(());
    };
    say(&format!(
        "{} ways, {} without; {}. Written to {}.",
        grouped(counts.ok.cast_signed()),
        grouped(counts.others.cast_signed()),
        travel.describe(),
        path.display()
    ));
    travel.warnings().iter().for_each(|warning| say(warning));
    Ok(())
}
