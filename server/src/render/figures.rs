//! Money, times and distances as people read them.

use jiff::{Timestamp, civil::Date, tz::TimeZone};
use sync_core::model::{Currency, Micro, Minor};

/// Minor units with the currency's digits, in groups of three: `1,234.50`, `−0.05`.
pub(crate) fn money(minor: i64, exponent: u8) -> String {
    let sign = if minor < 0 { "−" } else { "" };
    let digits = format!("{:0>width$}", minor.unsigned_abs(), width = usize::from(exponent) + 1);
    let (whole, fraction) = digits.split_at(digits.len() - usize::from(exponent));
    let whole = grouped(whole);
    if fraction.is_empty() { format!("{sign}{whole}") } else { format!("{sign}{whole}.{fraction}") }
}

/// 1e-6 of a currency as an amount of it, nothing where that does not fit: `1,234.50`.
pub(crate) fn micro_amount(micro: i64, currency: Currency) -> String {
    let minor = Minor::from_micro(Micro::new(micro), currency.exponent()).unwrap_or(Minor::ZERO);
    money(minor.get(), currency.exponent())
}

/// The same with the currency's code: `1,234.50 USD`.
pub(crate) fn micro_money(micro: i64, currency: Currency) -> String {
    format!("{} {}", micro_amount(micro, currency), currency.code())
}

/// A count in groups of three: `12,345`.
pub(super) fn count(n: usize) -> String {
    grouped(&n.to_string())
}

/// A count with its noun: `1 case`, `2 cases`.
pub(super) fn counted(n: usize, one: &str, many: &str) -> String {
    format!("{} {}", count(n), if n == 1 { one } else { many })
}

/// Hours and minutes, rounded to the minute: `3 h 05 min`, `12 min`.
pub(super) fn duration(seconds: i64) -> String {
    let minutes = (seconds.max(0) + 30) / 60;
    match minutes / 60 {
        0 => format!("{minutes} min"),
        hours => format!("{hours} h {:02} min", minutes % 60),
    }
}

/// Kilometres with one decimal, without the unit: `12.3`.
pub(crate) fn kilometres(metres: i64) -> String {
    let tenths = (metres.max(0).unsigned_abs() + 50) / 100;
    format!("{}.{}", grouped(&(tenths / 10).to_string()), tenths % 10)
}

/// `part` of `whole` in whole per cent; `0` of nothing.
pub(super) fn percent(part: i64, whole: i64) -> i64 {
    if whole <= 0 { 0 } else { (part.saturating_mul(200) + whole) / (2 * whole) }
}

/// Time of day in the plan's zone: `08:05`.
pub(crate) fn clock_time(at: Timestamp, zone: &TimeZone) -> String {
    at.to_zoned(zone.clone()).strftime("%H:%M").to_string()
}

/// RFC 3339 with the zone's offset at that moment: `2026-03-09T08:05:00-04:00`.
pub(super) fn rfc3339(at: Timestamp, zone: &TimeZone) -> String {
    at.display_with_offset(zone.to_offset(at)).to_string()
}

/// A day in words: `Monday 9 March 2026`.
pub(super) fn day(date: Date) -> String {
    date.strftime("%A %-d %B %Y").to_string()
}

fn grouped(digits: &str) -> String {
    let mut out = String::with_capacity(digits.len() + digits.len() / 3);
    for (i, digit) in digits.chars().enumerate() {
        if i > 0 && (digits.len() - i).is_multiple_of(3) {
            out.push(',');
        }
        out.push(digit);
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn money_has_the_digits_of_its_currency() {
        assert_eq!(money(123_450, 2), "1,234.50");
        assert_eq!(money(-5, 2), "−0.05");
        assert_eq!(money(0, 2), "0.00");
        assert_eq!(money(1_234_567, 0), "1,234,567");
        assert_eq!(money(999, 3), "0.999");
        assert_eq!(money(i64::MIN, 2), "−92,233,720,368,547,758.08");
    }

    #[test]
    fn durations_are_rounded_to_the_minute() {
        assert_eq!(duration(3 * 3600 + 5 * 60), "3 h 05 min");
        assert_eq!(duration(3599), "1 h 00 min");
        assert_eq!(duration(29), "0 min");
        assert_eq!(duration(-4), "0 min");
    }

    #[test]
    fn kilometres_have_one_decimal() {
        assert_eq!(kilometres(12_349), "12.3");
        assert_eq!(kilometres(50), "0.1");
        assert_eq!(kilometres(1_234_567), "1,234.6");
    }

    #[test]
    fn shares_are_whole_per_cent() {
        assert_eq!(percent(1, 3), 33);
        assert_eq!(percent(2, 3), 67);
        assert_eq!(percent(1, 0), 0);
    }

    #[test]
    fn times_carry_the_offset_of_their_day() {
        let zone = TimeZone::get("America/New_York").unwrap();
        let winter: Timestamp = "2026-03-07T13:05:00Z".parse().unwrap();
        let summer: Timestamp = "2026-03-09T12:05:00Z".parse().unwrap();
        assert_eq!(rfc3339(winter, &zone), "2026-03-07T08:05:00-05:00");
        assert_eq!(rfc3339(summer, &zone), "2026-03-09T08:05:00-04:00");
        assert_eq!(clock_time(summer, &zone), "08:05");
        assert_eq!(day(jiff::civil::date(2026, 3, 9)), "Monday 9 March 2026");
    }

    #[test]
    fn counts_agree_with_their_noun() {
        assert_eq!(counted(1, "case", "cases"), "1 case");
        assert_eq!(counted(3000, "case", "cases"), "3,000 cases");
    }
}
