//! `doorstep roads`: the network, and questions about it.

use std::io::Read as _;
use std::path::Path;

use ::roads::{NetworkInfo, Profile};

use super::address::find;
use super::args::{Cli, NearestArgs, ProfileChoice, RoadsCommand};
use super::commands::{named, open_settings, read, travel_of};
use super::output::output;
use super::report;
use super::screen::{Screen, grouped, say};
use crate::clock::Clock;
use crate::config::{DataDir, Settings};
use crate::error::Error;
use crate::progress::Progress as _;
use crate::travel::{NetworkSource, Sources, Travel, open_network, profile_of};
use crate::usecases::build_roads::build_roads;
use crate::usecases::find_address::{Located, count_addresses};
use crate::usecases::roads::{Answer, Counts, Form, Points, matrix, nearest, route};

/// Stands for standard input.
const STDIN: &str = "-";
/// A network that has less than this share of the one before is told.
const SHRUNK: f64 = 0.5;

pub(super) fn run(cli: &Cli, command: &RoadsCommand) -> Result<(), Error> {
    match command {
        RoadsCommand::Build { pbf, profile } => build(cli, pbf, profile.as_deref()),
        RoadsCommand::Info { json, profile } => info(cli, profile, *json),
        RoadsCommand::Profile { print } => profile(print),
        RoadsCommand::Find { address, json } => find(cli, address, *json),
        RoadsCommand::Matrix { from, to, out, profile, depart } => {
            let travel = travel(cli, profile)?;
            let files = [from.as_path(), to.as_path()];
            let [from, to] = both(files, &travel)?;
            let answer = Answer { travel: &travel, depart: *depart };
            output(out.as_deref(), &files, |to_file, screen| {
                matrix(&answer, &from, &to, to_file, screen)
            })
            .and_then(|counts| told(&answer, out.as_deref(), counts))
        }
        RoadsCommand::Route { points: file, out, geojson, profile, depart } => {
            let travel = travel(cli, profile)?;
            let points = points(file, &travel)?;
            let form = form(out.as_deref(), *geojson);
            let answer = Answer { travel: &travel, depart: *depart };
            output(out.as_deref(), &[file], |to_file, _| route(&answer, &points, form, to_file))
                .and_then(|counts| told(&answer, out.as_deref(), counts))
        }
        RoadsCommand::Nearest(NearestArgs { from, to, k, out, profile }) => {
            let travel = travel(cli, profile)?;
            let files = [from.as_path(), to.as_path()];
            let [from, to] = both(files, &travel)?;
            let answer = Answer { travel: &travel, depart: None };
            output(out.as_deref(), &files, |to_file, screen| {
                nearest(&travel, &from, &to, *k, to_file, screen)
            })
            .and_then(|counts| told(&answer, out.as_deref(), counts))
        }
    }
}

fn build(cli: &Cli, pbf: &Path, chosen: Option<&Path>) -> Result<(), Error> {
    let (dir, settings) = open_settings(cli)?;
    let wanted = profile_of(dir.path(), &settings.travel.profile);
    let (profile, file) = match chosen {
        Some(name) => {
            let named = name.display().to_string();
            let file = Profile::named(&named).is_none().then(|| absolute(name));
            (profile_of("".as_ref(), &named)?, file)
        }
        None => {
            let name = settings.travel.profile.as_str();
            let file = Profile::named(name).is_none().then(|| absolute(&dir.path().join(name)));
            (wanted.as_ref().map_err(|e| Error::Roads(e.to_string()))?.clone(), file)
        }
    };
    let bytes = read(pbf)?;
    let screen = Screen::new(0);
    screen.begin("Roads", None);
    let from = Sources {
        pbf: &bytes,
        path: Some(pbf),
        profile: &profile,
        profile_file: file.as_deref(),
        now: Clock::System.now(),
    };
    let built = build_roads(&dir, &pbf.display().to_string(), &from, &screen)?;
    let before = if built.fresh { "" } else { "built already of this extract and profile: " };
    screen.end(&format!("{before}{}", report::network(&built)));
    say(&built.info.credit);
    if let Some(km) = built.km_before.filter(|km| built.info.road_km < km * SHRUNK) {
        say(&format!(
            "There were {km:.0} km of roads before, and are {:.0} km now: is this the extract that you \
             meant?",
            built.info.road_km
        ));
    }
    if !wanted.is_ok_and(|wanted| free_flow(&wanted) == free_flow(&profile)) {
        say(&format!(
            "doorstep.toml has another profile: write profile = {:?} there, under [travel], to plan by \
             this one, or ask for it with --profile.",
            setting(&dir, &profile, file.as_deref())
        ));
    }
    Ok(())
}

/// What `[travel] profile` has to be for a profile: its name, or its file from the data directory.
fn setting(dir: &DataDir, profile: &Profile, file: Option<&Path>) -> String {
    let Some(file) = file else { return profile.name.clone() };
    let inside = absolute(dir.path());
    file.strip_prefix(&inside).unwrap_or(file).display().to_string()
}

fn absolute(path: &Path) -> std::path::PathBuf {
    std::path::absolute(path).unwrap_or_else(|_| path.to_owned())
}

/// What of a profile goes into the network.
fn free_flow(profile: &Profile) -> Profile {
    Profile { hours: Vec::new(), ..profile.clone() }
}

fn profile(name: &str) -> Result<(), Error> {
    let text = Profile::text(name).ok_or_else(|| {
        let names = Profile::NAMES.join(", ");
        Error::Unknown(format!("there is no profile {name:?} in the program; it has {names}"))
    })?;
    say(text.trim_end());
    Ok(())
}

fn info(cli: &Cli, choice: &ProfileChoice, json: bool) -> Result<(), Error> {
    let (dir, settings) = open_settings(cli)?;
    let built = dir.networks();
    if built.is_empty() {
        let command = "roads build --pbf FILE";
        return Err(Error::Before { missing: "there is no road network", command });
    }
    let settings = chosen(settings, choice);
    // Whether it is the one to plan by is said by what plans; here it is only looked at.
    let named = profile_of(dir.path(), &settings.travel.profile).map(|profile| profile.name);
    let own = named.map(|name| dir.network(&name)).ok().filter(|path| path.exists());
    let path = own.unwrap_or_else(|| dir.network(built.first().map_or("car", String::as_str)));
    let network = open_network(&path)?;
    let source = NetworkSource::of(&dir, network.info());
    let addresses = count_addresses(&dir)?;
    if json {
        let whole = serde_json::to_value(network.info()).and_then(|mut info| {
            info["file"] = path.display().to_string().into();
            info["addresses"] = serde_json::to_value(addresses)?;
            info["source"] = serde_json::to_value(&source)?;
            info["networks"] = built.clone().into();
            serde_json::to_string_pretty(&info)
        });
        let text = whole.map_err(|e| Error::Invalid(format!("the network's description: {e}")))?;
        say(&text);
        return Ok(());
    }
    let mut all = lines(network.info());
    let at = all.len().saturating_sub(1);
    all.splice(at..at, sources(&path, source.as_ref(), addresses, &built));
    all.iter().for_each(|line| say(line));
    Ok(())
}

/// What a network was made of, as far as that was noted.
fn sources(
    path: &Path,
    source: Option<&NetworkSource>,
    addresses: Option<Located>,
    built: &[String],
) -> Vec<String> {
    let unknown = || "not noted".to_owned();
    let file = |path: &Option<std::path::PathBuf>, or: &str| {
        path.as_ref().map_or_else(|| or.to_owned(), |path| path.display().to_string())
    };
    let number = |n: usize| grouped(i64::try_from(n).unwrap_or(i64::MAX));
    let mut all = vec![
        format!("file           {}", path.display()),
        format!(
            "extract        {}",
            source.map_or_else(unknown, |s| file(&s.extract, "in the program"))
        ),
        format!(
            "built at       {}",
            source
                .and_then(|s| s.built_at)
                .map_or_else(unknown, |at| at.strftime("%Y-%m-%d %H:%M UTC").to_string())
        ),
        format!(
            "profile file   {}",
            source.map_or_else(unknown, |s| format!(
                "{} (digest {})",
                file(&s.profile_file, "in the program"),
                s.profile_digest()
            ))
        ),
        addresses.map_or_else(
            || "addresses      none".to_owned(),
            |a| {
                let (houses, streets) = (number(a.houses), number(a.streets));
                format!(
                    "addresses      {houses} houses, {streets} pieces of streets, {} places",
                    number(a.places)
                )
            },
        ),
    ];
    if built.len() > 1 {
        all.push(format!("networks       {}", built.join(", ")));
    }
    all
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

/// The settings with the profile of the command line, if one was named: a file is looked for from where the command runs.
fn chosen(settings: Settings, choice: &ProfileChoice) -> Settings {
    let Some(profile) = &choice.profile else { return settings };
    let name = profile.display().to_string();
    let known = Profile::named(&name).is_some() || !profile.exists();
    let name = if known { name } else { absolute(profile).display().to_string() };
    let travel = crate::config::TravelSettings { profile: name, ..settings.travel };
    Settings { travel, ..settings }
}

fn travel(cli: &Cli, choice: &ProfileChoice) -> Result<Travel, Error> {
    let (dir, settings) = open_settings(cli)?;
    travel_of(&dir, &chosen(settings, choice))
}

/// Two files of points, of which standard input can be one.
fn both(files: [&Path; 2], travel: &Travel) -> Result<[Points; 2], Error> {
    let [from, to] = files;
    if from == Path::new(STDIN) && to == Path::new(STDIN) {
        return Err(Error::Invalid(
            "--from and --to cannot both be read from standard input: name a file for one".into(),
        ));
    }
    Ok([points(from, travel)?, points(to, travel)?])
}

fn points(file: &Path, travel: &Travel) -> Result<Points, Error> {
    if file == Path::new(STDIN) {
        let (name, mut bytes) = ("standard input", Vec::new());
        let read = std::io::stdin().lock().read_to_end(&mut bytes);
        read.map_err(|e| Error::io("read", name.as_ref(), e))?;
        return Points::read(name, &bytes, travel);
    }
    let (_, bytes) = named(file)?;
    Points::read(&file.display().to_string(), &bytes, travel)
}

/// By the ending of the output's name, unless it is asked for.
fn form(out: Option<&Path>, geojson: bool) -> Form {
    let ending = out.and_then(Path::extension).and_then(|ending| ending.to_str());
    let map = ending.is_some_and(|ending| ["geojson", "json"].contains(&ending));
    if geojson || map { Form::GeoJson } else { Form::Csv }
}

/// What came of it, where standard output is not taken by the answer.
fn told(answer: &Answer<'_>, out: Option<&Path>, counts: Counts) -> Result<(), Error> {
    let warnings = answer.travel.warnings().into_iter().chain(answer.without_hours());
    let Some(path) = out else {
        warnings.for_each(|warning| tracing::warn!("{warning}"));
        return Ok(());
    };
    let ways = if counts.ok == 1 { "way" } else { "ways" };
    say(&format!(
        "{} {ways}, {} without; {}. Written to {}.",
        grouped(counts.ok.cast_signed()),
        grouped(counts.others.cast_signed()),
        answer.travel.describe(),
        path.display()
    ));
    warnings.for_each(|warning| say(&warning));
    Ok(())
}
