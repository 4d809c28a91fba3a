//! Hour bands: arithmetic by hand, laws by chance, and what is refused.

use proptest::prelude::*;

use crate::{HourBand, Profile, SpeedFactors, UNREACHABLE};

const HOUR: u32 = 3600;
const DAY: u32 = 24 * HOUR;
const WEEK: u32 = 7 * DAY;

fn band(from: &str, to: &str, days: &str, factor: f64) -> HourBand {
    HourBand { from: from.to_owned(), to: to.to_owned(), days: days.to_owned(), factor }
}

fn rush() -> SpeedFactors {
    let bands = [band("07:00", "09:00", "mo-fr", 0.5), band("22:00", "05:00", "fr,sa", 2.0)];
    SpeedFactors::new(&bands, 1.0).unwrap()
}

#[test]
fn bands_are_crossed_piece_by_piece() {
    let rush = rush();
    // Free flow outside.
    assert_eq!(rush.seconds_at(600, 10 * HOUR), 600);
    // Half the speed inside: twice the time.
    assert_eq!(rush.seconds_at(600, 7 * HOUR), 1200);
    // 300 s before 7:00, the other 300 s at half speed.
    assert_eq!(rush.seconds_at(600, 7 * HOUR - 300), 900);
    // 100 s of band cover 50 s; 550 s are left after 9:00.
    assert_eq!(rush.seconds_at(600, 9 * HOUR - 100), 650);
    // Two hours of band cover one; 7:00 to 9:00, then an hour more.
    assert_eq!(rush.seconds_at(2 * HOUR, 7 * HOUR), 3 * HOUR);
    // Saturday morning is no band; Friday night is fast until five.
    assert_eq!(rush.seconds_at(600, 5 * DAY + 8 * HOUR), 600);
    assert_eq!(rush.seconds_at(600, 5 * DAY + 4 * HOUR), 300);
    assert_eq!(rush.seconds_at(600, 6 * DAY + 4 * HOUR), 300);
    assert_eq!(rush.seconds_at(600, 4 * HOUR), 600);
    // Half a second counts as one.
    assert_eq!(rush.seconds_at(3, 5 * DAY), 2);
}

#[test]
fn over_the_end_of_the_week_and_through_whole_weeks() {
    let sunday = SpeedFactors::new(&[band("23:00", "01:00", "su", 0.5)], 1.0).unwrap();
    // From Sunday 23:40: 1200 s of Sunday and 3600 s of Monday cover 2400 s, then 100 s.
    assert_eq!(sunday.seconds_at(2500, WEEK - 1200), 4900);
    assert_eq!(sunday.seconds_at(60, WEEK + 30), 120);
    // A week of it covers a week less one hour.
    assert_eq!(sunday.seconds_at(WEEK - HOUR, 2 * DAY), WEEK);
    assert_eq!(sunday.seconds_at(10 * (WEEK - HOUR) + 5, 2 * DAY), 10 * WEEK + 5);
    assert_eq!(sunday.seconds_at(UNREACHABLE, 0), UNREACHABLE);
    assert_eq!(sunday.seconds_at(UNREACHABLE - 1, 0), UNREACHABLE - 1);
}

#[test]
fn a_tenant_has_a_factor_of_its_own() {
    let mut car = Profile::car();
    assert_eq!(car.speed_factors(0.8).unwrap().seconds_at(600, 0), 750);
    car.hours = vec![band("00:00", "24:00", "mo", 0.5)];
    let factors = car.speed_factors(1.25).unwrap();
    assert_eq!((factors.seconds_at(600, 0), factors.seconds_at(600, DAY)), (960, 480));
}

#[test]
fn errors_name_the_key() {
    let say = |bands: &[HourBand]| SpeedFactors::new(bands, 1.0).unwrap_err().to_string();
    for (wrong, key) in [
        (band("7:00", "09:00", "mo", 0.8), "hours[1].from is \"7:00\""),
        (band("24:00", "09:00", "mo", 0.8), "hours[1].from is \"24:00\""),
        (band("07:60", "09:00", "mo", 0.8), "hours[1].from is \"07:60\""),
        (band("07:00", "24:01", "mo", 0.8), "hours[1].to is \"24:01\""),
        (band("07:00", "+9:00", "mo", 0.8), "hours[1].to is \"+9:00\""),
        (band("07:00", "07:00", "mo", 0.8), "hours[1].to is \"07:00\""),
        (band("07:00", "09:00", "", 0.8), "hours[1].days is \"\""),
        (band("07:00", "09:00", "mo-xx", 0.8), "hours[1].days is \"mo-xx\""),
        (band("07:00", "09:00", "mo,mo", 0.8), "hours[1].days is \"mo,mo\""),
        (band("07:00", "09:00", "mo", 0.0), "hours[1].factor is 0;"),
        (band("07:00", "09:00", "mo", 3.1), "hours[1].factor is 3.1;"),
        (band("07:00", "09:00", "mo", f64::NAN), "hours[1].factor is NaN;"),
    ] {
        let error = say(&[band("10:00", "11:00", "mo", 1.0), wrong]);
        assert!(error.contains(key), "{error}");
    }
    let error = say(&[band("22:00", "02:00", "su", 0.8), band("01:30", "03:00", "mo", 0.9)]);
    assert!(error.contains("hours[1] and hours[0] both cover mo 01:30"), "{error}");
    for factor in [0.0, -1.0, 3.5, f64::NAN] {
        let error = Profile::car().speed_factors(factor).unwrap_err().to_string();
        assert!(error.contains("speed_factor is"), "{error}");
    }
    let text = include_str!("../car.toml");
    let bands = "[[hours]]\nfrom = \"07:00\"\nto = \"9\"\ndays = \"mo-fr\"\nfactor = 0.8\n";
    let error = Profile::from_toml(&format!("{text}\n{bands}")).unwrap_err().to_string();
    assert!(error.contains("hours[0].to is \"9\""), "{error}");
    let good = Profile::from_toml(&format!("{text}\n{}", bands.replace("\"9\"", "\"09:00\"")));
    assert_eq!(good.unwrap().hours, [band("07:00", "09:00", "mo-fr", 0.8)]);
}

/// Bands of whole hours that do not overlap, at random.
fn bands() -> impl Strategy<Value = Vec<HourBand>> {
    prop::collection::vec((1_u32..6, 0_u32..4, 5_u32..300), 0..6).prop_map(|pieces| {
        let mut at = 0;
        let mut bands = Vec::new();
        for (length, gap, percent) in pieces {
            let from = at + gap;
            at = from + length;
            if at > 24 {
                break;
            }
            let days = ["mo-fr", "mo-su", "sa-mo"][bands.len() % 3];
            let factor = f64::from(percent) / 100.0;
            bands.push(band(&format!("{from:02}:00"), &format!("{at:02}:00"), days, factor));
        }
        bands
    })
}

/// Speed in an hour of the week, straight from the bands.
fn speed_in(bands: &[HourBand], hour_of_week: u32) -> f64 {
    let (day, hour) = (hour_of_week / 24, hour_of_week % 24);
    let covers = |band: &&HourBand| {
        let hours = |text: &str| text[..2].parse::<u32>().unwrap();
        let today = match band.days.as_str() {
            "mo-fr" => day < 5,
            "sa-mo" => day == 5 || day == 6 || day == 0,
            _ => true,
        };
        today && (hours(&band.from)..hours(&band.to)).contains(&hour)
    };
    bands.iter().find(covers).map_or(1.0, |band| band.factor)
}

proptest! {
    #[test]
    fn leaving_later_never_arrives_earlier(
        bands in bands(), tenant in 0.1..2.5_f64, free in 0_u32..200_000,
        leave in 0..WEEK, later in 0..2 * HOUR,
    ) {
        let factors = SpeedFactors::new(&bands, tenant).unwrap();
        let arrive = |at: u32| u64::from(at) + u64::from(factors.seconds_at(free, at));
        prop_assert!(arrive(leave) <= arrive(leave + later));
        prop_assert!(factors.seconds_at(free, leave) <= factors.seconds_at(free + 1, leave));
    }

    #[test]
    fn without_bands_nothing_changes(free: u32, leave: u32) {
        let factors = Profile::car().speed_factors(1.0).unwrap();
        prop_assert_eq!(factors.seconds_at(free, leave), free);
    }

    /// Against a plain walk, second by second.
    #[test]
    fn the_same_as_driving_second_by_second(
        bands in bands(), free in 0_u32..20_000, leave in 0..WEEK,
    ) {
        let factors = SpeedFactors::new(&bands, 1.0).unwrap();
        let speeds: Vec<f64> = (0..7 * 24).map(|hour| speed_in(&bands, hour)).collect();
        let speed = |at: u32| speeds[usize::try_from(at % WEEK / HOUR).unwrap()];
        let (mut left, mut at) = (f64::from(free), leave);
        while left > speed(at) {
            left -= speed(at);
            at += 1;
        }
        let expected = f64::from(at - leave) + left / speed(at);
        let found = f64::from(factors.seconds_at(free, leave));
        prop_assert!((found - expected).abs() < 0.51, "{} against {}", found, expected);
    }
}
