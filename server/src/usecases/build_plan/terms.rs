//! What a day's plan keeps and weighs beside prizes, way and time: breaks, overtime, fair shares, neighbourhoods of
//! one's own, and borrowers who know their agent.

use std::collections::{BTreeMap, BTreeSet};

use domain::territory::cell_of;
use h3o::Resolution;
use jiff::civil::Date;
use planner::{Break, Pairing, Shift, Terms, Window};
use serde::{Deserialize, Serialize};
use sync_core::model::{LocalWindow, Position, Zone};

use super::figures::is_nothing;
use super::home::{self, Band};
use crate::config::{Amount, BreakSetting, PlanSettings};
use crate::db::rows::AgentRow;
use crate::usecases::book::BookCase;

/// Resolution of neighbourhoods where neither settings nor territories say one.
const USUAL_RESOLUTION: u8 = 8;

/// Terms of one day, as they are kept beside its plan. Amounts in micro-units.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub(super) struct DayTerms {
    /// Breaks of every agent.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub(super) breaks: Vec<Pause>,
    /// Paid seconds before overtime; those of the own shift unless given.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) regular_s: Option<u32>,
    /// Seconds that a day may last beyond the shift.
    pub(super) overtime_s: u32,
    pub(super) overtime_per_second: i64,
    pub(super) unfairness_per_second: i64,
    /// Each further agent in a neighbourhood.
    pub(super) overlap: i64,
    /// Resolution of the cells that are neighbourhoods.
    pub(super) resolution: u8,
    /// A visit by another agent than who was there last.
    pub(super) continuity: i64,
    /// A visit by another agent than those who are preferred.
    #[serde(skip_serializing_if = "is_nothing")]
    pub(super) preferred: i64,
    /// When somebody is at home.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub(super) home: Vec<Band>,
    /// Certificates that every visit needs.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub(super) certificates: Vec<String>,
}

/// A break: first and last instant of its beginning, seconds since 1970.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Pause {
    pub(super) from: i64,
    pub(super) to: i64,
    pub(super) duration_s: u32,
    pub(super) paid: bool,
}

impl DayTerms {
    /// Of a day by the settings; `territories` is the resolution of the territories, where there are any.
    pub(super) fn of(
        settings: &PlanSettings,
        date: Date,
        zone: &Zone,
        territories: Option<Resolution>,
    ) -> Self {
        let by_second = |amount: Amount| (amount.micro() + 1_800) / 3_600;
        Self {
            breaks: settings.breaks.iter().filter_map(|pause| on(pause, date, zone)).collect(),
            regular_s: settings.regular_hours.map(seconds),
            overtime_s: seconds(settings.overtime_hours),
            overtime_per_second: by_second(settings.overtime_per_hour),
            unfairness_per_second: by_second(settings.unfairness_per_hour),
            overlap: settings.overlap.micro(),
            resolution: settings
                .overlap_resolution
                .or(territories.map(u8::from))
                .unwrap_or(USUAL_RESOLUTION),
            continuity: settings.continuity.micro(),
            preferred: settings.preferred.micro(),
            home: home::bands(settings, date),
            certificates: settings.certificates_needed.clone(),
        }
    }

    /// Terms that concern all routes together.
    pub(super) const fn together(&self) -> Terms {
        Terms { unfairness_per_second: self.unfairness_per_second, overlap: self.overlap }
    }

    /// Adds breaks and overtime to a shift whose regular hours are those of its window.
    pub(super) fn add_to(&self, shift: Shift, origin: i64) -> Shift {
        let overtime = i64::from(self.overtime_s);
        let breaks = self.breaks.iter().map(|pause| Break {
            window: Window::new(pause.from - origin, pause.to - origin),
            duration_s: pause.duration_s,
            paid: pause.paid,
        });
        let regular_s = self.regular_s.unwrap_or(shift.max_duration_s);
        let priced = self.overtime_per_second > 0;
        Shift {
            breaks: breaks.collect(),
            regular_s: if priced { regular_s } else { u32::MAX },
            overtime_per_second: self.overtime_per_second,
            max_duration_s: shift.max_duration_s.saturating_add(self.overtime_s),
            window: Window::new(shift.window.early, shift.window.late.saturating_add(overtime)),
            ..shift
        }
    }

    /// What a visit earns by the agent who makes it.
    pub(super) fn pairing(&self, case: &BookCase, duty: &[Option<&AgentRow>]) -> Pairing {
        let shifts = |is: &dyn Fn(&AgentRow) -> bool| -> Vec<usize> {
            let named = duty.iter().enumerate().filter(|(_, row)| row.is_some_and(is));
            named.map(|(shift, _)| shift).collect()
        };
        let known = shifts(&|row| case.last_agent == Some(row.agent_id));
        let preferred = shifts(&|row| case.prefers(row));
        // Who is not on duty is not missed.
        let priced = |among: &[usize], price: i64| if among.is_empty() { 0 } else { price };
        let continuity = priced(&known, self.continuity);
        let preference = priced(&preferred, self.preferred);
        if continuity == 0 && preference == 0 {
            return Pairing::default();
        }
        let cost =
            |among: &[usize], shift: &usize, price| if among.contains(shift) { 0 } else { price };
        let named: BTreeSet<usize> = known.iter().chain(&preferred).copied().collect();
        let with = named.into_iter().map(|shift| {
            let other = cost(&known, &shift, continuity) + cost(&preferred, &shift, preference);
            (shift, -other)
        });
        Pairing { with: with.collect(), otherwise: -(continuity + preference) }
    }
}

/// Neighbourhoods as the numbers the planner wants.
#[derive(Debug, Default)]
pub(super) struct Zones(BTreeMap<u64, u32>);

impl Zones {
    /// The number of the neighbourhood of a door; none where they cost nothing.
    pub(super) fn of(&mut self, terms: &DayTerms, at: Position) -> Option<u32> {
        let resolution =
            Resolution::try_from(terms.resolution).ok().filter(|_| terms.overlap > 0)?;
        let next = u32::try_from(self.0.len()).ok()?;
        Some(*self.0.entry(u64::from(cell_of(at, resolution))).or_insert(next))
    }
}

/// A break on that day; none where the clocks skip all of it.
fn on(pause: &BreakSetting, date: Date, zone: &Zone) -> Option<Pause> {
    let (from, to) = pause.window().ok()?;
    // Up to the end of the last minute, so that a beginning at one minute is a window, too.
    let spans = LocalWindow::new(from, to + 1).ok()?.on(date, zone);
    Some(Pause {
        from: spans.first()?.early().as_second(),
        to: spans.last()?.late().as_second() - 60,
        duration_s: pause.minutes.saturating_mul(60),
        paid: pause.paid,
    })
}

/// Hours as whole seconds.
#[expect(
    clippy::cast_possible_truncation,
    clippy::cast_sign_loss,
    reason = "0 to 24 hours, which the settings were checked for"
)]
fn seconds(hours: f64) -> u32 {
    (hours * 3_600.0).round() as u32
}

#[cfg(test)]
mod tests {
    use super::*;

    const DAY: Date = jiff::civil::date(2026, 3, 9);

    fn terms(text: &str) -> DayTerms {
        let settings: PlanSettings = toml::from_str(text).unwrap();
        DayTerms::of(&settings, DAY, &"America/New_York".parse().unwrap(), None)
    }

    #[test]
    fn a_break_is_an_hour_of_the_day_and_zone() {
        let pause = "breaks = [{ from = \"12:00\", to = \"13:30\", minutes = 30 }]";
        let noon = "2026-03-09T16:00:00Z".parse::<jiff::Timestamp>().unwrap().as_second();
        let [one] = terms(pause).breaks[..] else { panic!() };
        assert_eq!(
            (one.from, one.to, one.duration_s, one.paid),
            (noon, noon + 5_400, 1_800, false)
        );
        // At one instant only.
        let [one] = terms(&pause.replace("13:30", "12:00")).breaks[..] else { panic!() };
        assert_eq!((one.from, one.to), (noon, noon));
    }

    #[test]
    fn overtime_begins_where_the_shift_or_the_settings_say() {
        let shift =
            Shift { max_duration_s: 28_800, ..Shift::new(None, None, Window::new(0, 28_800)) };
        let off = DayTerms::default().add_to(shift.clone(), 0);
        assert_eq!(off, shift, "terms of nothing change nothing");
        let text = "overtime_hours = 1.5\novertime_per_hour = 18.0";
        let on = terms(text).add_to(shift.clone(), 0);
        assert_eq!((on.regular_s, on.max_duration_s, on.window.late), (28_800, 34_200, 34_200));
        assert_eq!(on.overtime_per_second, 5_000, "18.00 an hour is 0.005 a second");
        let short = terms(&format!("{text}\nregular_hours = 7.0")).add_to(shift, 0);
        assert_eq!(short.regular_s, 25_200);
    }

    #[test]
    fn neighbourhoods_are_cells_where_they_cost() {
        let at = |lat: i32| Position::from_e7(lat, -750_000_000).unwrap();
        let mut zones = Zones::default();
        assert_eq!(zones.of(&terms(""), at(390_000_000)), None);
        let priced = terms("overlap = 1.0");
        assert_eq!(priced.resolution, 8);
        let of: Vec<_> = [390_000_000, 390_000_100, 395_000_000, 390_000_000]
            .map(|lat| zones.of(&priced, at(lat)))
            .into();
        assert_eq!(of, [Some(0), Some(0), Some(1), Some(0)]);
        let coarse = terms("overlap = 1.0\noverlap_resolution = 2");
        let mut zones = Zones::default();
        assert_eq!(zones.of(&coarse, at(390_000_000)), zones.of(&coarse, at(391_000_000)));
    }
}
