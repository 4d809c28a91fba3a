//! Reading speeds and sizes.

use super::MaxspeedRules;

/// Slowest speed there is, in km/h: of a profile, and of a road whatever slows it.
pub(super) const LEAST_KMH: f64 = 0.5;
/// A limit below this, in km/h, is a slip of the mapper.
const LEAST_LIMIT_KMH: f64 = 1.0;
const KMH_PER_MPH: f64 = 1.609_344;
const KMH_PER_KNOT: f64 = 1.852;

/// The limit in km/h, or `None` when the value says nothing usable.
/// Of a list (`30;50`) the lowest counts.
pub(super) fn limit_kmh(value: &str, rules: &MaxspeedRules) -> Option<f64> {
    let limits = value.split([';', ',']).filter_map(|part| one(part.trim(), rules));
    limits.fold(None, |low: Option<f64>, kmh| Some(low.map_or(kmh, |l| l.min(kmh))))
}

fn one(value: &str, rules: &MaxspeedRules) -> Option<f64> {
    let value = value.to_ascii_lowercase();
    match value.as_str() {
        "none" => return Some(rules.none_kmh),
        "walk" => return Some(rules.walk_kmh),
        _ => {}
    }
    let Some((number, unit)) = measure(&value) else { return zone_kmh(&value, rules) };
    let factor = match unit {
        "" | "km/h" | "kmh" | "kph" => 1.0,
        "mph" => KMH_PER_MPH,
        "knots" => KMH_PER_KNOT,
        _ => return None,
    };
    Some(number * factor).filter(|kmh| *kmh >= LEAST_LIMIT_KMH)
}

/// The limit of a zone: `de:rural`, `be-vlg:rural` (a region, else its country), `rural`,
/// or one with its number, `de:zone:30`.
fn zone_kmh(value: &str, rules: &MaxspeedRules) -> Option<f64> {
    let zone = |key: &str| rules.zones_kmh.get(key).copied();
    let Some((place, kind)) = value.split_once(':') else { return zone(value) };
    let country = place.split_once('-').map_or(place, |(country, _)| country);
    let named = zone(value).or_else(|| zone(&format!("{country}:{kind}")));
    named.or_else(|| zone(kind)).or_else(|| {
        // Two letters, or it is some other text with a colon (`sign:50`).
        let number = kind.strip_prefix("zone").unwrap_or(kind).trim_start_matches(':');
        let number: f64 = number.parse().ok().filter(|n| *n >= LEAST_LIMIT_KMH && *n < 200.0)?;
        let miles = rules.mph_countries.iter().any(|c| c == country);
        let factor = if miles { KMH_PER_MPH } else { 1.0 };
        let code = country.len() == 2 && country.bytes().all(|b| b.is_ascii_alphabetic());
        code.then_some(number * factor)
    })
}

/// A number and the unit behind it.
fn measure(value: &str) -> Option<(f64, &str)> {
    let digits = value.find(|c: char| !c.is_ascii_digit() && c != '.').unwrap_or(value.len());
    let (number, unit) = value.split_at(digits);
    Some((number.parse().ok()?, unit.trim()))
}

/// The number of a `lanes` tag; of a list the first.
pub(super) fn lanes(value: &str) -> Option<f64> {
    measure(value.trim()).map(|(number, _)| number).filter(|n| *n > 0.0)
}

/// A `width` in metres; `None` in any other unit.
pub(super) fn metres(value: &str) -> Option<f64> {
    let (number, unit) = measure(value.trim())?;
    (number > 0.0 && matches!(unit, "" | "m")).then_some(number)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::Profile;

    #[test]
    fn limits() {
        let rules = Profile::car().maxspeed;
        let mph = |n: f64| Some(n * 1.609_344);
        for (value, expected) in [
            ("50", Some(50.0)),
            ("50 km/h", Some(50.0)),
            ("7.5", Some(7.5)),
            ("25 mph", mph(25.0)),
            ("25mph", mph(25.0)),
            ("10 knots", Some(18.52)),
            ("30;50", Some(30.0)),
            ("50; 30", Some(30.0)),
            ("signals;50", Some(50.0)),
            ("none", Some(140.0)),
            ("walk", Some(5.0)),
            ("DE:rural", Some(100.0)),
            ("XX:urban", Some(50.0)),
            ("urban", Some(50.0)),
            ("BE-VLG:rural", Some(70.0)),
            ("BE-WAL:motorway", Some(120.0)),
            ("DE-BY:urban", Some(50.0)),
            ("DE:zone:30", Some(30.0)),
            ("FR:zone30", Some(30.0)),
            ("DE:30", Some(30.0)),
            ("GB:zone20", mph(20.0)),
            ("US:25", mph(25.0)),
            ("GB:nsl_single", Some(96.6)),
            ("sign:50", None),
            ("DE:zone:fast", None),
            ("sign", None),
            ("signals", None),
            ("50 furlongs", None),
            ("50|30", None),
            ("0", None),
            ("0.0001", None),
            ("1", Some(1.0)),
            ("DE:zone:0.5", None),
            ("fast", None),
            (":", None),
            ("é:30", None),
            ("", None),
        ] {
            assert_eq!(limit_kmh(value, &rules), expected, "{value}");
        }
    }

    #[test]
    fn sizes() {
        for (value, expected) in
            [("3", Some(3.0)), ("2.5 m", Some(2.5)), ("8'", None), ("wide", None), ("0", None)]
        {
            assert_eq!(metres(value), expected, "{value}");
        }
        assert_eq!((lanes("1"), lanes("2;1"), lanes("many")), (Some(1.0), Some(2.0), None));
    }
}
