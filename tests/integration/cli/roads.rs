//! `doorstep roads`: what is built, asked, and refused.

use super::{Folder, complaint, sentence};

use super::books::with_roads;

/// Homes and bases in Dover, Delaware.
const HOMES: &str =
    "id,lat,lon\nH1,39.1582,-75.5244\nH2,39.1650,-75.5300\n\"H,3\",39.1480,-75.5150\n";
const BASES: &str = "lon,lat,id\n-75.5200,39.1600,B1\n-75.5300,39.1500,B2\n";

fn lines(text: &str) -> Vec<Vec<String>> {
    let mut reader = csv::ReaderBuilder::new().has_headers(false).from_reader(text.as_bytes());
    let row = |record: csv::StringRecord| record.iter().map(ToOwned::to_owned).collect();
    reader.records().map(|record| row(record.unwrap())).collect()
}

impl Folder {
    /// What a command of `roads` prints, as rows.
    fn rows(&self, args: &[&str]) -> Vec<Vec<String>> {
        lines(&self.doorstep.ok(&[&["roads"], args].concat()).unwrap())
    }

    fn refused(&self, args: &[&str], parts: &[&str]) {
        let said = self.fails(&[&["roads"], args].concat());
        for part in parts {
            assert!(said.contains(part), "`{part}` is not in: {said}");
        }
    }

    fn settings(&self, change: impl FnOnce(&str) -> String) {
        let path = self.data().join("doorstep.toml");
        let text = std::fs::read_to_string(&path).unwrap();
        std::fs::write(&path, change(&text)).unwrap();
    }
}

#[test]
fn a_matrix_has_a_row_for_every_pair() {
    let folder = with_roads();
    let (homes, bases) = (folder.write("h.csv", HOMES), folder.write("b.csv", BASES));
    let rows = folder.rows(&["matrix", "--from", &bases, "--to", &homes]);
    let columns = ["from", "to", "seconds", "metres", "status", "from_snap_m", "to_snap_m"];
    assert_eq!(rows[0], columns);
    assert_eq!(rows.len(), 7);
    assert_eq!(rows[3][..2], ["B1", "H,3"]);
    for row in &rows[1..] {
        let (seconds, metres): (u32, u32) = (row[2].parse().unwrap(), row[3].parse().unwrap());
        assert!((10..3_600).contains(&seconds) && (100..50_000).contains(&metres), "{row:?}");
        assert_eq!(row[4], "ok");
        assert!(row[5..].iter().all(|m| m.parse::<u32>().unwrap() <= 1_000), "{row:?}");
    }
    let out = folder.data().join("table.csv").display().to_string();
    let said = folder
        .doorstep
        .ok(&["roads", "matrix", "--from", &bases, "--to", &homes, "--out", &out])
        .unwrap();
    assert!(said.contains("6 ways, 0 without") && said.contains("embedded roads"), "{said}");
    assert_eq!(lines(&std::fs::read_to_string(&out).unwrap()), rows);
    // Slower by the settings.
    folder.settings(|text| text.replace("speed_factor = 1.0", "speed_factor = 0.5"));
    let slow = folder.rows(&["matrix", "--from", &bases, "--to", &homes]);
    for (row, slow) in rows[1..].iter().zip(&slow[1..]) {
        let [a, b]: [u32; 2] = [&row[2], &slow[2]].map(|s| s.parse().unwrap());
        assert_eq!((a * 2, &row[3]), (b, &slow[3]));
    }
}

#[test]
fn points_without_a_road_have_a_status() {
    let folder = with_roads();
    let some = folder.write("some.csv", &format!("{BASES}-75.0,39.0,sea\n-74.0,40.7,far\n"));
    let rows = folder.rows(&["matrix", "--from", &some, "--to", &some]);
    let status = |from: &str, to: &str| {
        rows.iter().find(|row| row[0] == from && row[1] == to).unwrap()[4].clone()
    };
    assert_eq!(status("B1", "B2"), "ok");
    assert_eq!(status("far", "B1"), "outside");
    assert_eq!(status("B1", "far"), "outside");
    assert!(["too_far", "outside"].contains(&status("sea", "B1").as_str()));
    assert!(rows[1..].iter().filter(|row| row[4] != "ok").all(|row| row[2].is_empty()));
    let near = folder.rows(&["nearest", "--from", &some, "--to", &some, "--k", "2"]);
    assert_eq!(near[0], ["from", "rank", "to", "seconds", "metres", "status"]);
    assert_eq!(near[1], ["B1", "1", "B1", "0", "0", "ok"]);
    assert_eq!(near[2][..3], ["B1", "2", "B2"]);
    let far = near.iter().find(|row| row[0] == "far").unwrap();
    assert_eq!(far[1..], ["", "", "", "", "outside"]);
}

#[test]
fn a_route_is_drawn() {
    let folder = with_roads();
    let homes = folder.write("h.csv", HOMES);
    let rows = folder.rows(&["route", "--points", &homes]);
    assert_eq!(rows.len(), 3);
    assert_eq!((rows[2][0].as_str(), rows[2][1].as_str()), ("H2", "H,3"));
    let out = folder.data().join("day.geojson").display().to_string();
    folder.doorstep.ok(&["roads", "route", "--points", &homes, "--out", &out]).unwrap();
    let map: serde_json::Value =
        serde_json::from_str(&std::fs::read_to_string(&out).unwrap()).unwrap();
    assert!(map["credit"].as_str().unwrap().contains("OpenStreetMap"), "{map}");
    let legs = map["features"].as_array().unwrap();
    assert_eq!(legs.len(), 2);
    for (leg, row) in legs.iter().zip(&rows[1..]) {
        assert_eq!(leg["geometry"]["type"], "LineString");
        let line = leg["geometry"]["coordinates"].as_array().unwrap();
        assert!(line.len() > 2 && line[0][0].as_f64().unwrap() < -75.0, "{line:?}");
        assert_eq!(leg["properties"]["seconds"].to_string(), row[2]);
        assert_eq!(leg["properties"]["metres"].to_string(), row[3]);
    }
}

#[test]
fn points_that_cannot_be_used_are_named() {
    let folder = with_roads();
    let good = folder.write("good.csv", HOMES);
    for (text, parts) in [
        ("", &["is empty", "id,lat,lon"][..]),
        ("id,lat,lon\nA,39.1,-75.5\nB,NaN,-75.5\n", &["row 3", "lat", "NaN"]),
        ("id,lat,lon\nA,39.1,\n", &["row 2", "lon", "no number"]),
        ("id,lat,lon\nA,39.16,-75.52\nA,39.15,-75.53\n", &["row 3", "\"A\"", "row 2"]),
        ("id,lat,lon\nA,39.16,-75.52\nB,-75.52,39.16\n", &["row 3", "exchange"]),
        ("id,lat,lon\nA,-175.52,39.16\n", &["row 2", "swapped"]),
        ("id,lat,lon\nA,52.5,13.4\nB,52.6,13.4\n", &["none of its 2 points", "row 2", "outside"]),
        ("id,lat,lng\nA,1,2\n", &["row 1", "\"lng\"", "id,lat,lon"]),
        ("id,lat,lon\nA,1\n", &["row 2", "2 cells"]),
    ] {
        let bad = folder.write("bad.csv", text);
        let parts = [&["bad.csv"], parts].concat();
        folder.refused(&["matrix", "--from", &good, "--to", &bad], &parts);
        folder.refused(&["nearest", "--from", &bad, "--to", &good], &parts);
        folder.refused(&["route", "--points", &bad], &parts);
    }
    let one = folder.write("one.csv", "id,lat,lon\nA,39.16,-75.52\n");
    folder.refused(&["route", "--points", &one], &["one.csv", "one point"]);
    let far = folder.write("far.csv", "id,lat,lon\nA,39.16,-75.52\nFar,40.7,-74.0\n");
    folder.refused(&["route", "--points", &far], &["far.csv", "row 3", "\"Far\"", "outside"]);
    folder.refused(&["route", "--points", "no.csv"], &["no.csv", "no such file"]);
    let nowhere = folder.data().join("no/such/folder.csv").display().to_string();
    let args = ["matrix", "--from", &good, "--to", &good, "--out", &nowhere];
    folder.refused(&args, &["folder.csv", "no such file or directory"]);
    let done =
        folder.doorstep.run(&["roads", "nearest", "--from", &good, "--to", &good, "--k", "0"]);
    assert_eq!(done.unwrap().code(), Some(2));
}

#[test]
fn too_large_a_table_is_refused_before_it_is_computed() {
    let folder = with_roads();
    let mut many = String::from("id,lat,lon\n");
    for n in 0..12_000 {
        many += &format!("P{n},{:.5},-75.52\n", 39.15 + f64::from(n) * 1e-6);
    }
    let many = folder.write("many.csv", &many);
    let parts = ["12000 x 12000", "1152000000 bytes", "fewer places"];
    folder.refused(&["matrix", "--from", &many, "--to", &many], &parts);
    let text = std::fs::read_to_string(&many).unwrap() + "Far,52.5,13.4\n";
    let many = folder.write("many.csv", &text);
    let parts = ["12000 x 12000", "no road is near: 1 of the 12001 points of", "many.csv"];
    folder.refused(&["matrix", "--from", &many, "--to", &many], &parts);
}

#[test]
fn extracts_and_profiles_that_cannot_be_used_are_named() {
    let folder = Folder::initialised();
    let extract = tests::repository().join("server/demo-data/delaware-2016.osm.pbf");
    let bytes = std::fs::read(&extract).unwrap();
    let extract = extract.display().to_string();
    let cut = folder.data().join("cut.osm.pbf");
    std::fs::write(&cut, &bytes[..bytes.len() / 2]).unwrap();
    folder.refused(&["build", "--pbf", &cut.display().to_string()], &["cut.osm.pbf", "cut short"]);
    let html = folder.write("page.osm.pbf", "<html>404</html>");
    folder.refused(&["build", "--pbf", &html], &["page.osm.pbf", "not an OpenStreetMap PBF"]);
    let empty = folder.write("empty.osm.pbf", "");
    folder.refused(&["build", "--pbf", &empty], &["empty.osm.pbf"]);
    // The first block of an extract and nothing behind it: a region without anything. Its length is
    // the last byte of its head.
    let head = 4 + usize::from(bytes[3]);
    let first = head + usize::from(bytes[head - 1]);
    let none = folder.data().join("none.osm.pbf");
    std::fs::write(&none, &bytes[..first]).unwrap();
    let none = none.display().to_string();
    folder.refused(&["build", "--pbf", &none], &["none.osm.pbf", "no road", "\"car\""]);

    let car = tests::repository().join("server/crates/roads/src/profile/car.toml");
    let car = std::fs::read_to_string(car).unwrap();
    let mine = folder.write("mine.toml", &format!("wings = 2\n{car}"));
    let build = ["build", "--pbf", &extract, "--profile"];
    folder.refused(&[&build[..], &[&mine]].concat(), &["mine.toml", "wings"]);
    folder.refused(&[&build[..], &["plane"]].concat(), &["\"plane\"", "bicycle", "TOML"]);
    let slow = folder.write("slow.toml", &car.replace("[ferry]\n", "[ferry]\nkmh = -1\n"));
    folder.refused(&[&build[..], &[&slow]].concat(), &["slow.toml"]);
    assert!(!folder.data().join("roads/car.network").exists(), "nothing was built");
}

#[test]
fn another_profile_than_that_of_the_settings_is_noticed() {
    let folder = with_roads();
    let extract = tests::repository().join("server/demo-data/delaware-2016.osm.pbf");
    let extract = extract.display().to_string();
    let build = ["roads", "build", "--pbf", &extract];
    let fresh = folder.doorstep.ok(&build).unwrap();
    assert!(!fresh.contains("built already"), "the addresses were missing: {fresh}");
    let again = folder.doorstep.ok(&build).unwrap();
    assert!(again.contains("built already"), "{again}");
    // The address of the examples in README, IMPORT.md and the help.
    let found = folder.doorstep.ok(&["roads", "find", "115 W Loockerman St, Dover"]).unwrap();
    assert!(found.contains("house, score 100"), "{found}");
    folder.settings(|text| text.replace("profile = \"car\"", "profile = \"bicycle\""));
    let homes = folder.write("h.csv", HOMES);
    let parts = ["car.network", "\"car\"", "\"bicycle\"", "doorstep roads build"];
    folder.refused(&["route", "--points", &homes], &parts);
    folder.settings(|text| text.replace("profile = \"bicycle\"", "profile = \"car\""));
    assert_eq!(folder.rows(&["route", "--points", &homes]).len(), 3);
}

/// What is written into the settings after a build is what the last line of the build says.
#[test]
fn several_profiles_live_in_one_data_directory() {
    let folder = with_roads();
    let extract = tests::repository().join("server/demo-data/delaware-2016.osm.pbf");
    let extract = extract.display().to_string();
    let car = folder.doorstep.ok(&["roads", "profile", "--print", "car"]).unwrap();
    let hours = "\n[[hours]]\nfrom = \"07:00\"\nto = \"09:00\"\ndays = \"mo-fr\"\nfactor = 0.5\n";
    let van = car.replacen("name = \"car\"", "name = \"van\"", 1) + hours;
    assert_ne!(van, car.clone() + hours);
    let van = folder.write("van.toml", &van);
    let said =
        folder.doorstep.ok(&["roads", "build", "--pbf", &extract, "--profile", &van]).unwrap();
    assert!(said.contains(&format!("profile = {van:?}")), "{said}");
    let homes = folder.write("h.csv", HOMES);
    let legs = |more: &[&str]| folder.rows(&[&["route", "--points", &homes], more].concat());
    let free = legs(&[]);
    assert_eq!(legs(&["--profile", &van]), free, "the car's network is still there");
    // Twice as long at the slow hour, and not on Saturdays.
    let seconds = |rows: &[Vec<String>]| -> Vec<u32> {
        rows[1..].iter().map(|row| row[2].parse().unwrap()).collect()
    };
    let slow = legs(&["--profile", &van, "--depart", "08:00"]);
    let twice: Vec<u32> = seconds(&free).iter().map(|s| s * 2).collect();
    assert_eq!(seconds(&slow), twice);
    assert_eq!(legs(&["--profile", &van, "--at", "sat 08:00"]), free);
    let args = ["matrix", "--from", &homes, "--to", &homes, "--profile", &van, "--depart"];
    let at = |hour: &str| folder.rows(&[&args[..], &[hour]].concat());
    assert_eq!(at("08:00")[2][2], twice[0].to_string());
    assert_eq!(at("12:00")[2][2], free[1][2]);
    let done = folder.doorstep.run(&[&["roads"], &args[..], &["8 o'clock"]].concat()).unwrap();
    assert_eq!(done.code(), Some(2));
    // The settings as the build says, and what both networks say of themselves.
    folder.settings(|text| text.replace("profile = \"car\"", &format!("profile = {van:?}")));
    assert_eq!(legs(&["--depart", "08:00"]), slow);
    assert_eq!(legs(&["--profile", "car"]), free);
    let info = folder.doorstep.ok(&["roads", "info"]).unwrap();
    for part in ["profile        van", "van.toml", "delaware-2016", "built at       20", "car, van"]
    {
        assert!(info.contains(part), "`{part}` is not in: {info}");
    }
    assert!(info.contains("houses,"), "{info}");
    let found = folder.doorstep.ok(&["roads", "find", "115 W Loockerman St, Dover"]).unwrap();
    assert!(found.contains("house"), "{found}");
}

#[test]
fn a_profile_that_is_not_whole_says_where_to_start() {
    let folder = with_roads();
    let mine = folder.write("mine.toml", "name = \"mine\"\n");
    folder.refused(
        &["build", "--pbf", "x.osm.pbf", "--profile", &mine],
        &["mine.toml", "missing field", "doorstep roads profile --print car"],
    );
    folder.refused(&["profile", "--print", "plane"], &["\"plane\"", "bicycle"]);
}

#[test]
fn an_input_is_never_replaced_and_ids_are_no_formulas() {
    let folder = with_roads();
    let text = "id,lat,lon\n=1+1,39.1582,-75.5244\n@x,39.1650,-75.5300\n";
    let homes = folder.write("h.csv", text);
    let args = ["matrix", "--from", &homes, "--to", &homes, "--out", &homes];
    folder.refused(&args, &["h.csv", "would be replaced"]);
    assert_eq!(std::fs::read_to_string(&homes).unwrap(), text);
    let rows = folder.rows(&["matrix", "--from", &homes, "--to", &homes]);
    assert_eq!(rows[2][..2], ["'=1+1", "'@x"]);
    let near = folder.rows(&["nearest", "--from", &homes, "--to", &homes]);
    assert_eq!((near[1][0].as_str(), near[1][2].as_str()), ("'=1+1", "'=1+1"));
    folder.refused(&["matrix", "--from", "-", "--to", "-"], &["standard input"]);
    folder.refused(&["route", "--points", "-"], &["standard input", "is empty"]);
}

#[test]
fn who_cannot_leave_the_base_gets_no_territory() {
    let folder = with_roads();
    let cases = format!("{}C6,B6,Fay Noe,52.5,13.4,900000,120,120000\n", super::CASES);
    let cases = folder.write("cases.csv", &cases);
    let agents = "agent_ref,base_lat,base_lon\nA1,39.16,-75.52\nSea,39.05,-75.15\nFar,52.5,13.4\n";
    let agents = folder.write("agents.csv", agents);
    let said = folder.doorstep.ok(&["import", "--cases", &cases, "--agents", &agents]).unwrap();
    assert!(said.contains("[too_far]") && said.contains("base_lat"), "{said}");
    folder.doorstep.ok(&["score"]).unwrap();
    let said = folder.doorstep.ok(&["territories"]).unwrap();
    assert!(said.contains("1 territory"), "{said}");
    assert!(said.contains("One case that is worth a visit is in no territory"), "{said}");
    for agent in ["Sea", "Far"] {
        assert!(said.contains(&format!("Agent {agent} gets no territory: the base")), "{said}");
    }
    let none = folder.write("none.csv", "agent_ref,base_lat,base_lon\nA1,39.05,-75.15\n");
    folder.doorstep.ok(&["import", "--agents", &none]).unwrap();
    let said = folder.fails(&["territories"]);
    assert!(said.contains("no agent can be given a territory"), "{said}");
}

#[test]
fn the_network_describes_itself() {
    let folder = with_roads();
    let said = folder.doorstep.ok(&["roads", "info"]).unwrap();
    for part in
        ["profile        car", "turns", "restrictions", "islands", "2016", "© OpenStreetMap"]
    {
        assert!(said.contains(part), "`{part}` is not in: {said}");
    }
    let json = folder.doorstep.ok(&["roads", "info", "--json"]).unwrap();
    let info: serde_json::Value = serde_json::from_str(&json).unwrap();
    assert_eq!(info["profile"], "car");
    assert!(info["turns"].as_u64().unwrap() > info["states"].as_u64().unwrap());
}

#[test]
fn settings_of_travel_that_cannot_be_used_are_named() {
    let folder = with_roads();
    let homes = folder.write("h.csv", HOMES);
    let args = ["roads", "route", "--points", &homes];
    for (from, to, parts) in [
        ("provider = \"embedded\"", "provider = \"osrm\"", ["[travel] osrm_url", "missing"]),
        ("timeout_s = 30", "timeout = 30", ["timeout", "unknown field"]),
        ("speed_factor = 1.0", "speed_factor = 0.0", ["[travel] speed_factor", "0.05"]),
    ] {
        folder.settings(|text| text.replace(from, to));
        let said = complaint(&folder.doorstep.run(&args).unwrap());
        assert!(parts.iter().all(|part| said.contains(part)), "{said}");
        folder.settings(|text| text.replace(to, from));
    }
    // A server that is not there: an error, and an estimate only where that is wanted.
    let (listener, port) = tests::program::busy_port().unwrap();
    drop(listener);
    folder.settings(|text| {
        text.replace("provider = \"embedded\"", "provider = \"osrm\"")
            .replace(
                "# osrm_url = \"http://127.0.0.1:5000\"",
                &format!("osrm_url = \"http://127.0.0.1:{port}\""),
            )
            .replace("retries = 3", "retries = 0")
    });
    let said = folder.fails(&args);
    sentence(&said, &[&format!("http://127.0.0.1:{port}"), "nobody answers", "osrm_url"]);
    folder.settings(|text| {
        text.replace("# fallback = \"great_circle\"", "fallback = \"great_circle\"")
    });
    let out = folder.data().join("legs.csv").display().to_string();
    let told = folder.doorstep.ok(&[&args[..], &["--out", &out]].concat()).unwrap();
    assert!(told.contains("estimated") && told.contains("great circle"), "{told}");
}
