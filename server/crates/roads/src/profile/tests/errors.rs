//! Every refused profile names the key that is wrong.

use crate::Profile;

fn text(name: &str) -> &'static str {
    match name {
        "bicycle" => include_str!("../bicycle.toml"),
        _ => include_str!("../car.toml"),
    }
}

/// What is said when a line of a profile is replaced.
fn refusal(name: &str, line: &str, by: &str) -> String {
    let text = text(name);
    assert_eq!(text.matches(&format!("\n{line}")).count(), 1, "{line:?} must be there once");
    let changed = text.replace(&format!("\n{line}"), &format!("\n{by}"));
    match Profile::from_toml(&changed) {
        Err(error) => error.to_string(),
        Ok(_) => panic!("{by:?} was accepted"),
    }
}

#[test]
fn numbers_out_of_range() {
    for (line, by, key) in [
        ("tertiary_link = 20", "tertiary_link = 0", "highway_kmh.tertiary_link"),
        ("tertiary_link = 20", "tertiary_link = 251", "highway_kmh.tertiary_link"),
        ("tertiary_link = 20", "tertiary_link = nan", "highway_kmh.tertiary_link"),
        ("tertiary_link = 20", "tertiary_link = 1e-300", "highway_kmh.tertiary_link is 1e-300;"),
        ("tertiary_link = 20", "tertiary_link = 0.49", "highway_kmh.tertiary_link"),
        ("restricted_factor = 0.5", "restricted_factor = 0.001", "access.restricted_factor"),
        ("busway = 15", "busway = -1", "opened_kmh.busway"),
        ("alley = 10", "alley = inf", "service_max_kmh.alley"),
        ("cement = 80", "cement = 0", "surface_max_kmh.cement"),
        ("grade1 = 60", "grade1 = 0", "tracktype_max_kmh.grade1"),
        ("horrible = 10", "horrible = 0", "smoothness_max_kmh.horrible"),
        ("\"za:rural\" = 100", "\"za:rural\" = 0", "maxspeed.zones_kmh.za:rural"),
        ("alternating = 0.4", "alternating = 1.5", "oneway_slowed.alternating"),
        ("factor = 0.8\n# No", "factor = 2.1\n# No", "maxspeed.factor"),
        ("most_kmh = 140", "most_kmh = 0", "maxspeed.most_kmh"),
        ("walk_kmh = 5", "walk_kmh = 0", "maxspeed.walk_kmh"),
        ("none_kmh = 140", "none_kmh = 0", "maxspeed.none_kmh"),
        ("restricted_factor = 0.5", "restricted_factor = 1.1", "access.restricted_factor"),
        ("lanes = 1", "lanes = 0", "narrow.lanes"),
        ("width_m = 3", "width_m = 0", "narrow.width_m"),
        ("factor = 0.8\n\n# Which", "factor = 0\n\n# Which", "narrow.factor"),
        ("kmh = 15", "kmh = 0", "ferry.kmh"),
        ("boarding_s = 300", "boarding_s = -1", "ferry.boarding_s"),
        ("signal_s = 2\n# Cross", "signal_s = -1\n# Cross", "delays.signal_s"),
        ("crossing_signal_s = 2", "crossing_signal_s = 601", "delays.crossing_signal_s"),
        ("crossing_s = 0.5", "crossing_s = nan", "delays.crossing_s"),
        ("stop_s = 2", "stop_s = -1", "delays.stop_s"),
        ("give_way_s = 1", "give_way_s = -1", "delays.give_way_s"),
        ("level_crossing_s = 5", "level_crossing_s = -1", "delays.level_crossing_s"),
        ("mini_roundabout_s = 1", "mini_roundabout_s = -1", "delays.mini_roundabout_s"),
        ("lift_gate = 10", "lift_gate = -1", "delays.barrier_s.lift_gate"),
        ("most_s = 7.5", "most_s = -1", "turns.most_s"),
        ("bias = 1.075", "bias = 0.9", "turns.bias"),
        ("u_turn_s = 20", "u_turn_s = 601", "turns.u_turn_s"),
        ("signal_s = 2\ncross", "signal_s = -1\ncross", "turns.signal_s"),
        ("crossing_s = 2\n", "crossing_s = -1\n", "turns.crossing_s"),
    ] {
        let error = refusal("car", line, by);
        let key = if key.contains(' ') { key.to_owned() } else { format!("{key} is ") };
        assert!(error.contains(&format!("'s {key}")), "{by}: {error}");
    }
    let error = refusal("bicycle", "kmh = 4", "kmh = 0");
    assert!(error.contains("'s push.kmh is 0;"), "{error}");
}

#[test]
fn unknown_missing_and_misspelt_keys() {
    for (line, by, key) in [
        ("name = \"car\"", "wheels = 4\nname = \"car\"", "wheels"),
        ("name = \"car\"", "", "name"),
        ("[ferry]", "[ferry]\nfares = 2", "fares"),
        ("[turns]", "[turns]\nleft_s = 2", "left_s"),
        ("stop_s = 2", "", "stop_s"),
        ("curve = \"sigmoid\"", "curve = \"wavy\"", "wavy"),
        ("drives_on = \"right\"", "drives_on = \"middle\"", "middle"),
        ("use = \"replace\"", "use = \"obey\"", "obey"),
        ("residential = 25", "residential = \"fast\"", "residential"),
    ] {
        let error = refusal("car", line, by);
        assert!(error.contains(key), "{by}: {error}");
    }
    let (head, _) = text("car").split_once("\n[ferry]").unwrap();
    let error = Profile::from_toml(head).unwrap_err().to_string();
    assert!(error.contains("missing field `ferry`"), "{error}");
}

#[test]
fn rules_without_effect_are_refused() {
    let keys = "opening_keys = [\"motor_vehicle\", \"motorcar\"]";
    for (line, by, key) in [
        (keys, "opening_keys = [\"motor_car\"]", "opening_keys names the tag \"motor_car\""),
        ("toll_keys", "toll_keys = [\"fee\"] #", "toll_keys names the tag \"fee\""),
        ("oneway_keys", "oneway_keys = [\"one_way\"] #", "oneway_keys names"),
        ("access_keys", "access_keys = [\"acces\"] #", "access_keys names"),
        ("access_keys", "access_keys = [] #", "access_keys is empty"),
        ("name = \"car\"", "name = \" \"", "name is empty"),
        ("advisory_keys", "advisory_keys = [\"advice\"] #", "maxspeed.advisory_keys names"),
        ("[closed]", "[closed]\nwet = [\"yes\"]", "closed.wet names the tag \"wet\""),
        ("[closed]", "[contraflow]\nlane = [\"yes\"]\n[closed]", "contraflow.lane names"),
        ("oneway_highways", "oneway_highways = [\"autobahn\"] #", "names the road \"autobahn\""),
        ("no_snap", "no_snap = [\"highway\"] #", "no_snap names the road \"highway\""),
        ("lower_only", "lower_only = [\"alley\"] #", "maxspeed.lower_only names the road"),
        ("highways = ", "highways = [\"mud\"] #", "unpaved.highways names the road"),
        ("tertiary_link = 20", "tertiray = 20", "highway_kmh.tertiray names the road"),
        ("busway = 15", "bus_way = 15", "opened_kmh.bus_way names the road"),
    ] {
        let error = refusal("car", line, by);
        assert!(error.contains(key), "{by}: {error}");
    }
    let error = refusal("bicycle", "walk_keys = [\"foot\"]", "walk_keys = [\"feet\"]");
    assert!(error.contains("push.walk_keys names the tag \"feet\""), "{error}");
}

#[test]
fn a_value_has_one_meaning() {
    let denied = "denied = [\"no\", ";
    let error = refusal("car", denied, &format!("{denied}\"private\", "));
    assert!(error.contains("access.denied and access.restricted both have \"private\""), "{error}");
    let error = refusal("bicycle", denied, &format!("{denied}\"dismount\", "));
    assert!(error.contains("push.dismount and access.denied both have \"dismount\""), "{error}");
}
