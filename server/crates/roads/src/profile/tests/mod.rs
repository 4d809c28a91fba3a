//! Tags and what each profile makes of them.

mod bicycle;
mod car;
mod errors;
mod foot;
mod hours;
mod motorcycle;
mod nodes;

use super::{Profile, Speed};
use crate::tags::{NODE_KEYS, Tags, WAY_KEYS};

pub(super) type Pairs<'a> = &'a [(&'static str, &'a str)];

/// (forward, backward) in km/h, 0 where it may not be driven; `None` for no road.
fn speeds(profile: &Profile, pairs: Pairs<'_>) -> Option<(f64, f64)> {
    let read = |(key, _): &(&'static str, &str)| WAY_KEYS.contains(key);
    assert!(pairs.iter().all(read), "a tag that is not read: {pairs:?}");
    let rule = profile.way(&Tags::of(pairs))?;
    let Speed::Kmh { forward, backward } = rule.speed else { panic!("no speed: {pairs:?}") };
    let open = |kmh: f64, may: bool| if may { kmh } else { 0.0 };
    Some((open(forward, rule.forward), open(backward, rule.backward)))
}

/// One row: tags, and the speeds expected.
type Row<'a> = (Pairs<'a>, Option<(f64, f64)>);

fn check(profile: &Profile, rows: &[Row<'_>]) {
    for (pairs, expected) in rows {
        let found = speeds(profile, pairs);
        let near = match (found, expected) {
            (None, None) => true,
            (Some(a), Some(b)) => (a.0 - b.0).abs() < 1e-9 && (a.1 - b.1).abs() < 1e-9,
            _ => false,
        };
        assert!(near, "{} {pairs:?}: {found:?}, not {expected:?}", profile.name);
    }
}

/// The same speed both ways.
const fn both(kmh: f64) -> Option<(f64, f64)> {
    Some((kmh, kmh))
}

/// Which profiles can use a way, in the order of [`Profile::NAMES`].
fn who(pairs: Pairs<'_>) -> [bool; 4] {
    Profile::NAMES.map(|name| Profile::named(name).unwrap().way(&Tags::of(pairs)).is_some())
}

#[test]
fn the_compiled_in_profiles_are_valid_and_named() {
    for name in Profile::NAMES {
        assert_eq!(Profile::named(name).unwrap().name, name);
    }
    let own = [Profile::car(), Profile::motorcycle(), Profile::bicycle(), Profile::foot()];
    assert_eq!(own.map(|profile| profile.name), Profile::NAMES.map(str::to_owned));
    assert!(Profile::named("hovercraft").is_none());
}

#[test]
fn a_profile_can_be_written_and_read_again() {
    for name in Profile::NAMES {
        let profile = Profile::named(name).unwrap();
        let text = toml::to_string(&profile).unwrap();
        assert_eq!(Profile::from_toml(&text).unwrap(), profile);
    }
}

/// The default access of the wiki, except where a profile says why not.
#[test]
fn default_access_by_kind() {
    for (kind, expected) in [
        ("motorway", [true, true, false, false]),
        ("motorway_link", [true, true, false, false]),
        ("trunk", [true, true, false, true]),
        ("primary", [true, true, true, true]),
        ("residential", [true, true, true, true]),
        ("living_street", [true, true, true, true]),
        ("service", [true, true, true, true]),
        ("track", [true, true, true, true]),
        ("pedestrian", [false, false, true, true]),
        ("footway", [false, false, true, true]),
        ("path", [false, false, true, true]),
        ("steps", [false, false, true, true]),
        ("cycleway", [false, false, true, false]),
        ("bridleway", [false, false, false, false]),
        ("busway", [false, false, false, false]),
        ("construction", [false, false, false, false]),
        ("proposed", [false, false, false, false]),
        ("raceway", [false, false, false, false]),
    ] {
        assert_eq!(who(&[("highway", kind)]), expected, "{kind}");
    }
}

#[test]
fn what_closes_a_road_for_all() {
    let all = |pairs| assert_eq!(who(pairs), [false; 4], "{pairs:?}");
    all(&[("highway", "residential"), ("area", "yes")]);
    all(&[("highway", "residential"), ("impassable", "yes")]);
    all(&[("highway", "residential"), ("status", "impassable")]);
    all(&[("highway", "residential"), ("construction", "yes")]);
    all(&[("highway", "residential"), ("proposed", "yes")]);
    all(&[("highway", "residential"), ("access", "no")]);
    all(&[("building", "yes")]);
    all(&[("route", "bus")]);
    // What was built there is over: the tag says which kind it was to be.
    assert_eq!(who(&[("highway", "residential"), ("construction", "residential")]), [true; 4]);
    assert_eq!(who(&[("highway", "primary"), ("motorroad", "yes")]), [true, true, false, false]);
    let rough: Pairs<'_> = &[("highway", "track"), ("smoothness", "impassable")];
    assert_eq!(who(rough), [false, false, false, true]);
    assert_eq!(who(&[("highway", "primary"), ("hov", "designated")])[..2], [false, true]);
}

#[test]
fn each_mode_has_its_own_access_chain() {
    let road = |key: &'static str, value: &'static str| {
        who(&[("highway", "residential"), ("access", "no"), (key, value)])
    };
    assert_eq!(road("vehicle", "yes"), [true, true, true, false]);
    assert_eq!(road("motor_vehicle", "yes"), [true, true, false, false]);
    assert_eq!(road("motorcar", "yes"), [true, false, false, false]);
    assert_eq!(road("motorcycle", "yes"), [false, true, false, false]);
    assert_eq!(road("bicycle", "yes"), [false, false, true, false]);
    assert_eq!(road("foot", "yes"), [false, false, false, true]);
    let without = |key: &'static str| who(&[("highway", "residential"), (key, "no")]);
    assert_eq!(without("vehicle"), [false, false, false, true]);
    assert_eq!(without("motor_vehicle"), [false, false, true, true]);
    assert_eq!(without("motorcar"), [false, true, true, true]);
    assert_eq!(without("motorcycle"), [true, false, true, true]);
    assert_eq!(without("bicycle"), [true, true, false, true]);
    assert_eq!(without("foot"), [true, true, true, false]);
}

#[test]
fn toll_and_unpaved_are_marked() {
    let flags = |profile: &Profile, pairs| {
        let rule = profile.way(&Tags::of(pairs)).unwrap();
        (rule.toll, rule.unpaved)
    };
    let (car, foot) = (Profile::car(), Profile::foot());
    for (pairs, expected) in [
        (&[("highway", "motorway"), ("toll", "yes")] as Pairs<'_>, (true, false)),
        (&[("highway", "motorway"), ("toll", "no")], (false, false)),
        (&[("highway", "motorway"), ("toll", "yes"), ("toll:motorcar", "no")], (false, false)),
        (&[("highway", "residential"), ("surface", "gravel")], (false, true)),
        (&[("highway", "track")], (false, true)),
        (&[("highway", "track"), ("tracktype", "grade1")], (false, false)),
        (&[("highway", "track"), ("tracktype", "grade3")], (false, true)),
        (&[("highway", "track"), ("tracktype", "grade3"), ("surface", "asphalt")], (false, false)),
        (&[("route", "ferry"), ("toll", "yes")], (true, false)),
    ] {
        assert_eq!(flags(&car, pairs), expected, "{pairs:?}");
    }
    assert_eq!(flags(&foot, &[("highway", "primary"), ("toll", "yes")]), (false, false));
}

#[test]
fn all_node_tags_that_rules_ask_for_are_read() {
    for name in Profile::NAMES {
        let profile = Profile::named(name).unwrap();
        assert!(profile.access_keys.iter().all(|key| NODE_KEYS.contains(&key.as_str())));
    }
}
