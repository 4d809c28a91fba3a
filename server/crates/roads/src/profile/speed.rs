//! Reading `maxspeed` and `duration` values.

use super::MaxspeedRules;

const KMH_PER_MPH: f64 = 1.609_344;
const KMH_PER_KNOT: f64 = 1.852;

/// The limit in km/h, or `None` when the value says nothing usable.
/// Of a list (`30;50`) the lowest counts.
pub(super) fn maxspeed_kmh(value: &str, rules: &MaxspeedRules) -> Option<f64> {
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
    let digits = value.find(|c: char| !c.is_ascii_digit() && c != '.').unwrap_or(value.len());
    let (number, unit) = value.split_at(digits);
    if let Ok(number) = number.parse::<f64>() {
        let factor = match unit.trim() {
            "" | "km/h" | "kmh" | "kph" => 1.0,
            "mph" => KMH_PER_MPH,
            "knots" => KMH_PER_KNOT,
            _ => return None,
        };
        return (number > 0.0).then_some(number * factor);
    }
    let zone = |key: &str| rules.zones_kmh.get(key).copied();
    zone(&value).or_else(|| zone(value.split_once(':')?.1))
}

/// Seconds of a `duration` tag: `MM`, `HH:MM`, `HH:MM:SS` or ISO 8601 (`PT1H30M`).
pub(super) fn duration_s(value: &str) -> Option<f64> {
    let value = value.trim();
    let seconds = match value.strip_prefix("PT") {
        Some(iso) => iso_s(iso)?,
        None => clock_s(value)?,
    };
    (seconds > 0.0).then_some(seconds)
}

fn clock_s(value: &str) -> Option<f64> {
    let parts: Option<Vec<u32>> = value.split(':').map(|p| p.parse().ok()).collect();
    let parts: Vec<f64> = parts?.into_iter().map(f64::from).collect();
    match parts.as_slice() {
        [minutes] => Some(minutes * 60.0),
        [hours, minutes] => Some(hours * 3600.0 + minutes * 60.0),
        [hours, minutes, seconds] => Some(hours * 3600.0 + minutes * 60.0 + seconds),
        _ => None,
    }
}

fn iso_s(mut rest: &str) -> Option<f64> {
    let mut seconds = 0.0;
    while !rest.is_empty() {
        let unit = rest.find(|c: char| c.is_ascii_alphabetic())?;
        let number: u32 = rest.get(..unit)?.parse().ok()?;
        let factor = match rest.get(unit..=unit)? {
            "H" => 3600.0,
            "M" => 60.0,
            "S" => 1.0,
            _ => return None,
        };
        seconds += f64::from(number) * factor;
        rest = rest.get(unit + 1..)?;
    }
    Some(seconds)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::Profile;

    #[test]
    fn limits() {
        let rules = Profile::car().maxspeed;
        for (value, expected) in [
            ("50", Some(50.0)),
            ("50 km/h", Some(50.0)),
            ("25 mph", Some(25.0 * 1.609_344)),
            ("25mph", Some(25.0 * 1.609_344)),
            ("30;50", Some(30.0)),
            ("none", Some(140.0)),
            ("walk", Some(5.0)),
            ("DE:rural", Some(100.0)),
            ("XX:urban", Some(50.0)),
            ("signals", None),
            ("0", None),
            ("fast", None),
            ("", None),
        ] {
            assert_eq!(maxspeed_kmh(value, &rules), expected, "{value}");
        }
    }

    #[test]
    fn durations() {
        for (value, expected) in [
            ("20", Some(1200.0)),
            ("01:25", Some(5100.0)),
            ("00:00:30", Some(30.0)),
            ("PT1H30M", Some(5400.0)),
            ("0", None),
            ("PT", None),
            ("a while", None),
            ("PT5é", None),
        ] {
            assert_eq!(duration_s(value), expected, "{value}");
        }
    }
}
