//! What the hours of the day, which the search does not know, would do to a plan's driving.

use jiff::Timestamp;
use sync_core::model::Zone;

use crate::db::rows::{PlanRouteRow, PlanStopRow};
use crate::travel::Travel;

/// How the sentence begins.
pub(super) const BEGINNING: &str = "The times are those of free roads.";

/// A sentence on how much longer the ways take at their hours, where the profile has hours and any
/// way is longer by them.
pub(super) fn notice(
    travel: &Travel,
    routes: &[PlanRouteRow],
    stops: &[PlanStopRow],
    zone: &Zone,
) -> Option<String> {
    let mut sums = Vec::with_capacity(routes.len());
    for route in routes {
        let own = stops.iter().filter(|stop| stop.route_no == route.route_no);
        let (mut left_at, mut driven_s, mut more_s) = (route.departs_at, 0, 0);
        for stop in own {
            more_s += more(travel, left_at, stop.leg_s, zone)?;
            driven_s += stop.leg_s;
            left_at = stop.leave_at;
        }
        more_s += more(travel, left_at, route.drive_s - driven_s, zone)?;
        sums.push((more_s, route.route_no));
    }
    let total: i64 = sums.iter().map(|(more_s, _)| more_s).sum();
    let (most, route) = sums.into_iter().max()?;
    (most > 0).then(|| {
        format!(
            "{BEGINNING} At the hours of the profile all ways together take \
             {} minutes longer, most on route {route}: {} minutes.",
            minutes(total),
            minutes(most)
        )
    })
}

/// Seconds that a way takes longer at its hour; nothing where the profile has no hours.
fn more(travel: &Travel, left_at: i64, leg_s: i64, zone: &Zone) -> Option<i64> {
    let at = Timestamp::from_microsecond(left_at).ok()?.to_zoned(zone.time_zone().clone());
    let day = i64::from(at.weekday().to_monday_zero_offset());
    let second = (i64::from(at.hour()) * 60 + i64::from(at.minute())) * 60 + i64::from(at.second());
    let second_of_week = u32::try_from(day * 86_400 + second).ok()?;
    travel.hours_add(u32::try_from(leg_s).ok()?, second_of_week)
}

/// Rounded to whole minutes.
fn minutes(seconds: i64) -> i64 {
    (seconds + 30).div_euclid(60)
}
