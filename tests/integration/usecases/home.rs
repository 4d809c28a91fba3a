//! Hours in which somebody is more likely to be at home: what a visit is worth then, and what stays hard.

use jiff::Timestamp;
use jiff::tz::TimeZone;
use server::config::{HomeSetting, PlanSettings};
use server::usecases::build_plan::{Event, Verb};
use tests::book::Case;
use tests::database::Database;

use super::planned::{Planned, to, with_columns};
use crate::db::on_both;

on_both!(
    a_visit_is_worth_more_when_somebody_is_at_home,
    hours_and_days_that_do_not_fit_earn_nothing,
    what_was_kept_is_counted_again,
);

const AGENTS: &str = "agent_ref,base_lat,base_lon,shift_start,shift_end,days,max_visits\n\
    A1,39.1600,-75.5200,09:00,17:00,mon,20\n";

/// Nine in ten are at home between these on those days, one in ten before ten on all.
fn home(from: &str, to: &str, days: &str) -> PlanSettings {
    let band = |from: &str, to: &str, days: Option<&str>, chance| HomeSetting {
        from: from.into(),
        to: to.into(),
        days: days.map(Into::into),
        chance,
    };
    let home = vec![band(from, to, Some(days), 0.9), band("08:00", "10:00", None, 0.1)];
    PlanSettings { home, ..PlanSettings::default() }
}

fn mondays() -> PlanSettings {
    home("15:00", "16:30", "mon")
}

/// One case with the hours the borrower asks for.
fn book(from: &str, to: &str) -> String {
    let hours = format!("{from},{to}");
    with_columns("visit_from,visit_to", &[(Case::new("C").at(39.175, -75.53), &hours)])
}

/// Prize, premium and the minute of the day at which the only visit begins.
fn visit(day: &Planned) -> (i64, i64, i32) {
    let [(_, stop)] = &day.stops("C")[..] else { panic!("{:?}", day.rows.stops) };
    let zone = TimeZone::get("America/New_York").unwrap();
    let at = Timestamp::from_microsecond(stop.start_at).unwrap().to_zoned(zone);
    let minute = i32::from(at.hour()) * 60 + i32::from(at.minute());
    (stop.prize_micro, stop.premium_micro, minute)
}

fn a_visit_is_worth_more_when_somebody_is_at_home(database: &Database) {
    let day = Planned::of(database, mondays(), &book("", ""), AGENTS);
    let (prize, premium, minute) = visit(&day);
    // 0.9 of a chance of 0.5: four fifths of the prize more.
    assert_eq!(premium, prize * 4 / 5);
    assert!((15 * 60..16 * 60 + 30).contains(&minute), "{minute}");
    let [route] = &day.rows.routes[..] else { panic!() };
    assert_eq!((route.prize_micro, day.rows.plan.prize_micro), (prize + premium, prize + premium));
    let costs = &day.office.app.settings.costs;
    let paid = (route.returns_at - route.departs_at) / 1_000_000;
    let expected = prize + premium
        - paid * ((costs.per_hour.micro() + 1_800) / 3_600)
        - route.metres * ((costs.per_km.micro() + 500) / 1_000);
    assert_eq!(day.rows.plan.profit_micro(), expected);
    let shown = day.office.shown().unwrap();
    assert_eq!(shown.routes[0].stops[0].prize_minor, (prize + premium + 5_000) / 10_000);
    let said = day.explain("C");
    assert_eq!(said.prize_micro, Some(prize + premium));
    let stop = said.stop.unwrap();
    assert_eq!((stop.premium_micro, stop.marginal_micro), (premium, expected));
    assert_eq!(stop.saved_cost_micro, prize + premium - expected);
    assert!(said.sentence.contains("more at that hour than at others"), "{}", said.sentence);
}

fn hours_and_days_that_do_not_fit_earn_nothing(database: &Database) {
    // The borrower's own hours stay hard: nobody comes at three, however likely it were.
    let day = Planned::of(database, mondays(), &book("10:00", "14:00"), AGENTS);
    let (prize, premium, minute) = visit(&day);
    assert_eq!(premium, 0);
    assert!((10 * 60..=14 * 60 - 12).contains(&minute), "{minute}");
    // Where there are no other hours than bad ones a fifth of the prize is left.
    let mut office = day.office;
    office.import(&book("08:00", "10:00"), "").unwrap();
    let day = Planned::again(office);
    assert_eq!(visit(&day).0, prize);
    assert_eq!(visit(&day).1, -(prize * 4 / 5));
    assert!(day.explain("C").sentence.contains("less at that hour than at others"));
    // What is said of Tuesdays is nothing to a Monday, and neither are hours after the shift.
    office = day.office;
    office.import(&book("", ""), "").unwrap();
    for other in [home("15:00", "16:30", "tue;sun"), home("17:01", "20:00", "mon")] {
        office.app.settings.plan = other;
        let day = Planned::again(office);
        let (own, premium, minute) = visit(&day);
        assert_eq!((own, premium), (prize, 0));
        assert!(minute >= 10 * 60, "not in the bad hours: {minute}");
        office = day.office;
    }
}

fn what_was_kept_is_counted_again(database: &Database) {
    let mut day = Planned::of(database, mondays(), &book("", ""), AGENTS);
    let profit = day.rows.plan.profit_micro();
    day.office.app.settings.plan = PlanSettings::default();
    let told = day.explain("C").notices;
    assert_eq!(told.len(), 1, "{told:?}");
    assert!(told[0].starts_with("The terms of [plan] in doorstep.toml are others today"));
    let out = day.edit(to(Verb::TakeOut, "C", &[])).unwrap();
    assert_eq!((out.before.profit_micro, out.after.prize_micro), (profit, 0));
    let without = day.with(out.plan);
    let back = without.edit(to(Verb::PutIn, "C", &["A1"])).unwrap();
    assert_eq!(back.after.profit_micro, profit);
    // An appointment is hard, too: at noon the visit is worth its prize and no more.
    let at = |text: &str| text.parse::<Timestamp>().unwrap();
    let noon = Event::Appointment {
        case: "C".into(),
        from: at("2026-11-23T17:00:00Z"),
        to: at("2026-11-23T17:30:00Z"),
    };
    let day = without.with(back.plan);
    let (prize, premium, _) = visit(&day);
    let answer = day.replan("2026-11-23T13:30:00Z", vec![noon]);
    assert_eq!(answer.before.prize_micro - answer.after.prize_micro, premium);
    let day = day.with(answer.plan);
    let (own, premium, minute) = visit(&day);
    assert_eq!((own, premium), (prize, 0));
    assert!((12 * 60..=12 * 60 + 30).contains(&minute), "{minute}");
}
