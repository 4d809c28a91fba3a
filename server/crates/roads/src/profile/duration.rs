//! Reading `duration` values.

/// Longest journey of a ferry that is believed.
const LONGEST_S: f64 = 7.0 * 86_400.0;

/// Seconds of a `duration` tag: `MM`, `HH:MM`, `HH:MM:SS` or ISO 8601 (`PT1H30M`);
/// nothing above a week.
pub(super) fn duration_s(value: &str) -> Option<f64> {
    let value = value.trim();
    let seconds = match value.strip_prefix("PT") {
        Some(iso) => iso_s(iso)?,
        None => clock_s(value)?,
    };
    (seconds > 0.0 && seconds <= LONGEST_S).then_some(seconds)
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

    #[test]
    fn durations() {
        for (value, expected) in [
            ("20", Some(1200.0)),
            ("01:25", Some(5100.0)),
            ("00:00:30", Some(30.0)),
            ("PT1H30M", Some(5400.0)),
            ("0", None),
            ("168:00", Some(604_800.0)),
            ("168:01", None),
            ("4000000000:00", None),
            ("PT", None),
            ("a while", None),
            ("PT5é", None),
        ] {
            assert_eq!(duration_s(value), expected, "{value}");
        }
    }
}
