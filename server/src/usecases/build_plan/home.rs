//! Better hours: a visit is worth more when somebody is more likely to be at home.

use jiff::civil::Date;
use planner::Window;
use serde::{Deserialize, Serialize};
use sync_core::model::{LocalWindow, Weekday, Zone};

use crate::config::PlanSettings;

/// Parts of [`Band::ratio`] that leave a prize as it is.
const WHOLE: i64 = 1_000_000;

/// Hours of one day of the week, by the clock of the home.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Band {
    /// First minute of the day, and the one after the last.
    from: u16,
    to: u16,
    /// What a prize is worth then, in millionths.
    ratio: i64,
}

/// The hours of a day by the settings.
pub(super) fn bands(settings: &PlanSettings, date: Date) -> Vec<Band> {
    let today = Weekday::of(date);
    let of_day = settings.home.iter().filter_map(|band| {
        let (from, to) = band.window().ok()?;
        let days = band.weekdays().ok()?;
        let ratio = millionths(band.chance / settings.home_chance);
        days.contains(&today).then_some(Band { from, to, ratio })
    });
    of_day.collect()
}

#[expect(clippy::cast_possible_truncation, reason = "clamped to the range first")]
fn millionths(ratio: f64) -> i64 {
    (ratio * 1e6).round().clamp(0.0, 1e12) as i64
}

/// Windows of a job, each whole within one band or outside of all, and what beginning in it earns on top of the prize.
pub(super) fn openings(
    (windows, origin): (&[Window], i64),
    (bands, prize): (&[Band], i64),
    (date, zone): (Date, &Zone),
) -> (Vec<Window>, Vec<i64>) {
    let spans = bands.iter().flat_map(|band| {
        let local = LocalWindow::new(band.from, band.to).ok();
        let spans = local.map(|local| local.on(date, zone)).unwrap_or_default();
        spans.into_iter().map(|span| {
            let (from, to) = (span.early().as_second() - origin, span.late().as_second() - origin);
            (from, to, band.ratio)
        })
    });
    let spans: Vec<(i64, i64, i64)> = spans.collect();
    cut(windows, &spans).into_iter().map(|(window, ratio)| (window, beyond(prize, ratio))).unzip()
}

/// What a prize is worth beyond itself.
fn beyond(prize: i64, ratio: i64) -> i64 {
    let more = i128::from(prize) * i128::from(ratio - WHOLE) / i128::from(WHOLE);
    i64::try_from(more).unwrap_or(0)
}

/// Windows cut where a span, whose end is excluded, begins or ends; each with the ratio that holds in it.
fn cut(windows: &[Window], spans: &[(i64, i64, i64)]) -> Vec<(Window, i64)> {
    let mut pieces = Vec::new();
    for window in windows {
        let edges = spans.iter().flat_map(|(from, to, _)| [*from, *to]);
        let mut starts: Vec<i64> =
            edges.filter(|edge| window.early < *edge && *edge <= window.late).collect();
        starts.push(window.early);
        starts.sort_unstable();
        starts.dedup();
        let ends = starts.iter().skip(1).map(|next| next - 1).chain([window.late]);
        for (early, late) in starts.iter().copied().zip(ends) {
            let span = spans.iter().find(|(from, to, _)| *from <= early && early < *to);
            pieces.push((Window::new(early, late), span.map_or(WHOLE, |(.., ratio)| *ratio)));
        }
    }
    pieces
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn windows_are_cut_at_the_edges_of_the_hours() {
        let windows = [Window::new(0, 100), Window::new(200, 300)];
        let pieces = cut(&windows, &[(50, 80, 2), (80, 101, 3), (150, 200, 4), (300, 400, 5)]);
        let expected = [
            (Window::new(0, 49), WHOLE),
            (Window::new(50, 79), 2),
            (Window::new(80, 100), 3),
            (Window::new(200, 299), WHOLE),
            (Window::new(300, 300), 5),
        ];
        assert_eq!(pieces, expected);
        assert_eq!(cut(&windows[..1], &[]), [(windows[0], WHOLE)]);
    }

    #[test]
    fn a_prize_is_worth_more_or_less() {
        assert_eq!(beyond(1_000, 1_800_000), 800);
        assert_eq!(beyond(1_000, 500_000), -500);
        assert_eq!(beyond(-7, WHOLE), 0);
        assert_eq!(millionths(0.7 / 0.5), 1_400_000);
    }
}
