//! Providers behind [`Travel`]: the cache, the factor, the fallback, what is said.

use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, OnceLock};

use jiff::Timestamp;
use proptest::prelude::*;
use roads::Profile;

use super::osrm::tests::server::{Reply, Server, osrm};
use super::*;
use crate::config::{DataDir, Fallback, Planning, ProviderName, TravelSettings};
use crate::progress::Silent;

const PLANNING: Planning = Planning {
    seed: 1,
    iterations: 1,
    largest_matrix: 100,
    fallback_speed_km_h: 40.0,
    fallback_circuity: 1.35,
};

/// The demo's roads, built once.
fn delaware() -> &'static [u8] {
    static FILE: OnceLock<Vec<u8>> = OnceLock::new();
    FILE.get_or_init(|| {
        let pbf = include_bytes!("../../demo-data/delaware-2016.osm.pbf");
        Network::build(pbf, &Profile::car(), &mut |_| {}).unwrap().to_bytes()
    })
}

fn folder() -> (tempfile::TempDir, DataDir) {
    let folder = tempfile::tempdir().unwrap();
    let dir = DataDir::create(folder.path()).unwrap();
    (folder, dir)
}

fn with_roads() -> (tempfile::TempDir, DataDir) {
    let (folder, dir) = folder();
    dir.write(&dir.network("car"), delaware()).unwrap();
    (folder, dir)
}

fn at(seconds: i64) -> Surroundings {
    let clock = Clock::Fixed(Timestamp::from_second(seconds).unwrap());
    Surroundings { clock, pause: Arc::new(|_| ()), seed: 1 }
}

fn travel(dir: &DataDir, settings: &TravelSettings) -> Travel {
    Travel::of(dir, settings, &PLANNING, at(1_000_000)).unwrap()
}

fn by_osrm(server: &Server) -> TravelSettings {
    TravelSettings {
        provider: ProviderName::Osrm,
        osrm_url: Some(server.url()),
        retries: 0,
        ..TravelSettings::default()
    }
}

/// Spots on a grid around Dover that lie on roads.
fn spots(travel: &Travel, count: u32) -> Vec<Spot> {
    let place = |n: u32| {
        let (north, east) = (f64::from(n % 12), f64::from(n / 12));
        let at = Position::from_degrees(39.10 + 0.008 * north, -75.58 + 0.009 * east).unwrap();
        match travel.place(at) {
            Placed::At(spot) => Some(spot),
            _ => None,
        }
    };
    (0..400).filter_map(place).take(count as usize).collect()
}

fn uncached(travel: &Travel, spots: &[Spot]) -> Table {
    let spots: Vec<&Spot> = spots.iter().collect();
    travel.provider.table(&spots, &spots, &Silent).unwrap()
}

#[test]
fn kept_tables_equal_computed_ones() {
    let (_folder, dir) = with_roads();
    let travel = travel(&dir, &TravelSettings { cache_mb: 1, ..TravelSettings::default() });
    let all = spots(&travel, 120);
    assert_eq!(all.len(), 120);
    // With a repetition, and more than a megabyte holds in the end.
    for range in [0..40, 20..60, 5..120, 0..17, 30..90] {
        let mut some = all[range].to_vec();
        some.push(some[0].clone());
        assert_eq!(travel.table(&some, &Silent).unwrap(), uncached(&travel, &some));
    }
    assert_eq!(travel.table(&[], &Silent).unwrap(), Table::default());
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(12))]
    #[test]
    fn any_sequence_of_places_gives_the_computed_table(
        requests in prop::collection::vec(prop::collection::vec(0_usize..60, 0..40), 1..6),
        cache_mb in 0_u32..2,
    ) {
        let (_folder, dir) = with_roads();
        let travel = travel(&dir, &TravelSettings { cache_mb, ..TravelSettings::default() });
        let all = spots(&travel, 60);
        for numbers in requests {
            let some: Vec<Spot> = numbers.iter().map(|&n| all[n].clone()).collect();
            prop_assert_eq!(travel.table(&some, &Silent).unwrap(), uncached(&travel, &some));
        }
    }
}

#[test]
fn a_factor_slows_every_answer_alike() {
    let (_folder, dir) = with_roads();
    let free = travel(&dir, &TravelSettings::default());
    let slow = travel(&dir, &TravelSettings { speed_factor: 0.5, ..TravelSettings::default() });
    let some = spots(&free, 20);
    let (a, b) = (free.table(&some, &Silent).unwrap(), slow.table(&some, &Silent).unwrap());
    assert_eq!(a.metres, b.metres);
    assert!(a.seconds.iter().zip(&b.seconds).all(|(a, b)| a * 2 == *b));
    assert_eq!(slow.table(&some, &Silent).unwrap(), b, "kept times are free-flow times");
    let way = slow.way(&some[0], &some[5]).unwrap().unwrap();
    assert_eq!((way.seconds, way.metres), (b.seconds[5], b.metres[5]));
    let near = slow.nearest(&some[..1], &some[1..], 1, &Silent).unwrap()[0][0];
    assert_eq!(near.seconds, b.seconds[near.to + 1]);
    assert!(slow.describe().ends_with("profile car, speeds x 0.5"), "{}", slow.describe());
}

#[test]
fn too_large_a_table_is_refused_with_its_size() {
    let (_folder, dir) = folder();
    let travel = travel(&dir, &TravelSettings::default());
    let Placed::At(spot) = travel.place(Position::from_degrees(39.0, -75.0).unwrap()) else {
        panic!("the great circle reaches everywhere")
    };
    let many = vec![spot; 12_000];
    let said = travel.table(&many, &Silent).unwrap_err().to_string();
    assert!(said.contains("12000 x 12000") && said.contains("1152000000 bytes"), "{said}");
}

#[test]
fn tables_of_osrm_are_kept_for_the_next_run_and_for_a_time() {
    let server = Server::osrm();
    let (_folder, dir) = folder();
    let settings = by_osrm(&server);
    let open = |seconds| Travel::of(&dir, &settings, &PLANNING, at(seconds)).unwrap();
    let first = open(1_000_000);
    let some = spots(&first, 30);
    let table = first.table(&some, &Silent).unwrap();
    let asked = server.asked().len();
    assert!(dir.osrm_tables().exists());
    let next = open(1_000_000 + 86_000);
    assert_eq!(next.table(&some, &Silent).unwrap(), table);
    assert_eq!(next.table(&some[..2], &Silent).unwrap().seconds[1], table.seconds[1]);
    assert_eq!(next.matrix(&some, &some, &Silent).unwrap(), table);
    assert_eq!(server.asked().len(), asked, "nothing was asked again");
    assert_eq!(open(1_000_000 + 86_400).table(&some, &Silent).unwrap(), table);
    assert!(server.asked().len() > asked, "a day is over");
}

#[test]
fn a_damaged_file_of_tables_is_made_anew() {
    let server = Server::osrm();
    let (_folder, dir) = folder();
    let settings = by_osrm(&server);
    let first = travel(&dir, &settings);
    let some = spots(&first, 30);
    let table = first.table(&some, &Silent).unwrap();
    let good = std::fs::read(dir.osrm_tables()).unwrap();
    for bad in [&good[..good.len() / 2], b"nonsense", b""] {
        std::fs::write(dir.osrm_tables(), bad).unwrap();
        assert_eq!(travel(&dir, &settings).table(&some, &Silent).unwrap(), table);
        assert_eq!(std::fs::read(dir.osrm_tables()).unwrap(), good);
    }
    std::fs::remove_file(dir.osrm_tables()).unwrap();
    std::fs::create_dir(dir.osrm_tables()).unwrap();
    assert_eq!(travel(&dir, &settings).table(&some, &Silent).unwrap(), table, "it cannot be kept");
}

#[test]
fn a_provider_that_fails_is_an_error() {
    let server = Server::start(|_, _| Reply::Answer(503, "", String::new()));
    let (_folder, dir) = folder();
    let travel = travel(&dir, &by_osrm(&server));
    let some = spots(&travel, 20);
    for said in [
        travel.table(&some, &Silent).unwrap_err(),
        travel.matrix(&some, &some, &Silent).unwrap_err(),
        travel.nearest(&some, &some, 2, &Silent).unwrap_err(),
        travel.way(&some[0], &some[1]).unwrap_err(),
        travel.locate(&[some[0].at], &Silent).unwrap_err(),
    ] {
        assert!(said.to_string().contains("HTTP 503"), "{said}");
    }
    assert_eq!(travel.warnings(), Vec::<String>::new());
    assert_eq!(travel.line(&some[0], &some[1]), None, "only drawn straight");
    let asked = server.asked().len();
    let _ = travel.line(&some[0], &some[1]);
    assert_eq!(server.asked().len(), asked, "and not asked for again");
}

#[test]
fn a_fallback_is_used_only_where_the_settings_say_so_and_then_it_is_said() {
    let failing = Arc::new(AtomicUsize::new(0));
    let fails = Arc::clone(&failing);
    let server = Server::start(move |_, path| match fails.load(Ordering::SeqCst) {
        0 => Reply::Answer(200, "", osrm(path)),
        _ => Reply::Answer(503, "", String::new()),
    });
    let (_folder, dir) = folder();
    let settings = TravelSettings { fallback: Some(Fallback::GreatCircle), ..by_osrm(&server) };
    let travel = travel(&dir, &settings);
    let some = spots(&travel, 20);
    let by_roads = travel.matrix(&some, &some, &Silent).unwrap();
    assert!(travel.warnings().is_empty() && !travel.describe().contains("great circle"));
    failing.store(1, Ordering::SeqCst);
    let estimated = travel.matrix(&some, &some[1..], &Silent).unwrap();
    let circle = Travel::great_circle(&PLANNING);
    assert_eq!(estimated, circle.matrix(&some, &some[1..], &Silent).unwrap());
    assert_ne!(estimated.seconds[0], by_roads.seconds[1]);
    let said = travel.warnings().join("\n");
    assert!(said.contains("great circle x 1.35") && said.contains("HTTP 503"), "{said}");
    assert!(!said.contains("no road network") && !travel.describe().contains("no road network"));
    assert_eq!(travel.line(&some[0], &some[1]), None);
    assert!(travel.describe().contains("OSRM at") && travel.describe().contains("great circle"));
    let asked = server.asked().len();
    travel.table(&some, &Silent).unwrap();
    assert_eq!(server.asked().len(), asked, "it is left alone for a while");
}

#[test]
fn a_network_of_another_profile_is_refused() {
    let (_folder, dir) = with_roads();
    let of = |profile: &str| {
        let settings = TravelSettings { profile: profile.into(), ..TravelSettings::default() };
        Travel::of(&dir, &settings, &PLANNING, at(0))
    };
    assert!(of("car").unwrap().warnings().is_empty());
    let said = of("bicycle").unwrap_err().to_string();
    assert!(said.contains("\"car\"") && said.contains("\"bicycle\""), "{said}");
    assert!(said.contains("doorstep roads build"), "{said}");
    let said = of("submarine").unwrap_err().to_string();
    assert!(said.contains("submarine") && said.contains("motorcycle"), "{said}");

    // The same name, other speeds: known from what was noted at the build.
    let info = of("car").unwrap().network().unwrap().info().clone();
    let extract = dir.path().join("x.osm.pbf");
    let noted = |profile: &Profile| {
        let pbf = std::fs::read(&extract).unwrap();
        let now = Timestamp::from_second(0).unwrap();
        let from = Sources { pbf: &pbf, path: Some(&extract), profile, profile_file: None, now };
        NetworkSource::new(&info, &from).write(&dir, "car").unwrap();
    };
    std::fs::write(&extract, "1").unwrap();
    noted(&Profile::car());
    assert!(of("car").unwrap().warnings().is_empty());
    // Another content of the same size, and the time of writing put back.
    let written = std::fs::metadata(&extract).unwrap().modified().unwrap();
    let put_back = |text: &str| {
        std::fs::write(&extract, text).unwrap();
        let file = std::fs::File::options().append(true).open(&extract).unwrap();
        file.set_modified(written).unwrap();
    };
    put_back("2");
    let said = of("car").unwrap().warnings().join("");
    assert!(said.contains("x.osm.pbf has changed"), "{said}");
    put_back("1");
    assert!(of("car").unwrap().warnings().is_empty(), "touched, and what it was");
    std::fs::write(&extract, "22").unwrap();
    let said = of("car").unwrap().warnings().join("");
    assert!(said.contains("x.osm.pbf has changed"), "{said}");
    let mut other = Profile::car();
    other.ferry.kmh += 1.0;
    noted(&other);
    let said = of("car").unwrap_err().to_string();
    assert!(said.contains("has changed since"), "{said}");
}

#[test]
fn each_profile_has_its_network() {
    let (_folder, dir) = with_roads();
    let car = include_str!("../../crates/roads/src/profile/car.toml");
    let van = car.replacen("name = \"car\"", "name = \"van\"", 1);
    std::fs::write(dir.path().join("van.toml"), &van).unwrap();
    let of = |profile: &str| {
        let settings = TravelSettings { profile: profile.into(), ..TravelSettings::default() };
        Travel::of(&dir, &settings, &PLANNING, at(0))
    };
    let said = of("van.toml").unwrap_err().to_string();
    assert!(said.contains("\"van\"") && said.contains("(car)"), "{said}");
    let pbf = include_bytes!("../../demo-data/delaware-2016.osm.pbf");
    let profile = Profile::from_toml(&van).unwrap();
    let network = Network::build(pbf, &profile, &mut |_| {}).unwrap();
    dir.write(&dir.network("van"), &network.to_bytes()).unwrap();
    assert!(of("van.toml").unwrap().describe().ends_with("profile van"));
    assert!(of("car").unwrap().describe().ends_with("profile car"));
    // Older versions called the file of every profile by one name.
    std::fs::rename(dir.network("van"), dir.network("car")).unwrap();
    assert!(of("van.toml").unwrap().describe().ends_with("profile van"));
    let said = of("car").unwrap_err().to_string();
    assert!(said.contains("car.network") && said.contains("\"van\""), "{said}");
}

#[test]
fn profiles_in_the_program_are_the_files_that_are_printed() {
    for name in Profile::NAMES {
        let printed = Profile::from_toml(Profile::text(name).unwrap()).unwrap();
        assert_eq!(Some(printed), Profile::named(name), "{name}");
    }
    assert_eq!(Profile::text("van"), None);
}

#[test]
fn the_great_circle_says_why_and_draws_nothing() {
    let (_folder, dir) = folder();
    let spot =
        |travel: &Travel, lat| match travel.place(Position::from_degrees(lat, -75.5).unwrap()) {
            Placed::At(spot) => spot,
            other => panic!("{other:?}"),
        };
    let without = travel(&dir, &TravelSettings::default());
    assert!(without.describe().ends_with("(no road network)"), "{}", without.describe());
    let (a, b) = (spot(&without, 39.1), spot(&without, 39.2));
    assert_eq!((without.line(&a, &b), without.snap_m(&a)), (None, None));
    let (_folder, dir) = with_roads();
    let settings =
        TravelSettings { provider: ProviderName::GreatCircle, ..TravelSettings::default() };
    let chosen = travel(&dir, &settings);
    assert!(!chosen.describe().contains("no road network"), "{}", chosen.describe());
    assert!(chosen.describe().contains("settings"), "{}", chosen.describe());
    let roads = travel(&dir, &TravelSettings::default());
    let some = spots(&roads, 2);
    assert!(roads.line(&some[0], &some[1]).unwrap().len() > 2);
    assert!(roads.snap_m(&some[0]).unwrap() <= 1_000);
}

#[test]
fn a_profile_of_a_file_is_read_and_its_faults_are_named() {
    let (_folder, dir) = with_roads();
    let car = include_str!("../../crates/roads/src/profile/car.toml");
    let hours = "\n[[hours]]\nfrom = \"07:00\"\nto = \"09:00\"\ndays = \"mo-fr\"\nfactor = 0.5\n";
    std::fs::write(dir.path().join("rush.toml"), format!("{car}{hours}")).unwrap();
    let settings = TravelSettings { profile: "rush.toml".into(), ..TravelSettings::default() };
    let travel = travel(&dir, &settings);
    assert_eq!(travel.hours_add(600, 7 * 3600), Some(600));
    assert_eq!(travel.hours_add(600, 12 * 3600), Some(0));
    std::fs::write(dir.path().join("rush.toml"), format!("wings = 2\n{car}")).unwrap();
    let said = Travel::of(&dir, &settings, &PLANNING, at(0)).unwrap_err().to_string();
    assert!(said.contains("rush.toml") && said.contains("wings"), "{said}");
}
