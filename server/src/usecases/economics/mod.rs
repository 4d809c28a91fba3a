//! What visits cost and what they brought, by H3 cell or region.

mod left_out;
mod rows;
mod shapes;
mod ways;

use domain::economics::{Group, Input, Period, Rates, Region, Report, evaluate};
use domain::recovery::Costs;
use jiff::civil::Date;
use sync_core::model::{Micro, Zone};

use super::score_cases::visit_costs;
use crate::app::App;
use crate::error::Error;
use crate::render::economics::{By, EconomicsDocument, EconomicsRow};
use crate::travel::Travel;
use rows::Gathered;
use shapes::Shapes;

/// What is asked.
#[derive(Debug, Clone, Copy)]
pub struct Request {
    /// The rows.
    pub by: By,
    /// The first day of visits, in the organisation's zone; all that there are without one.
    pub from: Option<Date>,
    /// The last day; without one today.
    pub to: Option<Date>,
}

/// The period asked for.
#[derive(Debug, Clone, Copy)]
struct Span {
    from: Option<Date>,
    to: Date,
    period: Period,
    now: i64,
    window_us: i64,
}

/// Counts visits, payments, promises, plans and costs of a period.
///
/// # Errors
/// Days in the wrong order, sums that do not fit, a corrupt row, or the database.
pub fn economics(
    app: &App,
    travel: &Travel,
    request: &Request,
) -> Result<EconomicsDocument, Error> {
    let settings = &app.settings;
    let rates = Rates {
        costs: visit_costs(settings)?,
        per_shift: Micro::new(settings.costs.per_shift.micro()),
        window_days: settings.score_card.window_days,
        ..Rates::new(settings.organisation.currency.exponent())
    };
    let span = span(app, request, &rates)?;
    let gathered = rows::gather(app, travel, &span)?;
    let speed = Speed::of(&gathered, &span, rates.costs.v_km_h);
    let rates = Rates { costs: Costs { v_km_h: speed.km_h, ..rates.costs }, ..rates };
    let report = evaluate(&Input {
        cases: &gathered.cases,
        visits: &gathered.visits,
        payments: &gathered.payments,
        promises: &gathered.promises,
        stops: &gathered.stops,
        shifts: &gathered.shifts,
        territories: &gathered.territories,
        resolution: gathered.resolution,
        period: span.period,
        now: span.now,
        rates,
    })
    .map_err(|e| Error::Invalid(format!("economics: {e}")))?;
    Ok(document(app, travel, request.by, &span, (&gathered, speed), &report))
}

/// How fast agents drive, for break-even distances.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct Speed {
    km_h: u32,
    /// Recorded ways it is the mean of; none: it is the setting.
    ways: usize,
}

impl Speed {
    /// The mean of the ways recorded in the period, all metres by all seconds; else `fallback`.
    fn of(gathered: &Gathered, span: &Span, fallback: u32) -> Self {
        let recorded = gathered
            .visits
            .iter()
            .filter(|visit| span.period.holds(visit.at) && !visit.estimated && visit.travel_m > 0);
        let (ways, metres, seconds) =
            recorded.fold((0, 0_i64, 0_i64), |(ways, metres, seconds), visit| {
                (
                    ways + 1,
                    metres.saturating_add(visit.travel_m),
                    seconds.saturating_add(visit.travel_s),
                )
            });
        let doubled = metres.saturating_mul(36) / 5;
        let km_h = doubled.checked_div(seconds).map(|doubled| (doubled + 1) / 2);
        match km_h.and_then(|km_h| u32::try_from(km_h).ok()).filter(|km_h| *km_h > 0) {
            Some(km_h) => Self { km_h, ways },
            None => Self { km_h: fallback, ways: 0 },
        }
    }

    fn sentence(self) -> String {
        let Self { km_h, ways } = self;
        if ways == 0 {
            return format!(
                "Break-even distances are driven at {km_h} km/h, `fallback_speed_km_h` of doorstep.toml: no way \
                 of the period was recorded."
            );
        }
        let ways =
            if ways == 1 { "one recorded way".into() } else { format!("{ways} recorded ways") };
        format!("Break-even distances are driven at {km_h} km/h, the mean of {ways} of the period.")
    }
}

fn span(app: &App, request: &Request, rates: &Rates) -> Result<Span, Error> {
    let zone = &app.settings.organisation.time_zone;
    let now = app.ids.clock().now();
    let today = zone.date_at(now);
    let to = request.to.unwrap_or(today);
    if let Some(from) = request.from.filter(|from| *from > to) {
        return Err(Error::Invalid(match request.to {
            Some(_) => {
                format!(
                    "the period ends on {to}, before it starts on {from}: exchange the two days"
                )
            }
            None => format!(
                "the period starts on {from}, and without a last day it ends today, {to}: name an earlier \
                 first day, or a last day of {from} or later"
            ),
        }));
    }
    let window_us = i64::from(rates.window_days) * 86_400_000_000;
    let from = request.from.map_or(Ok(i64::MIN), |from| midnight(from, zone))?;
    let period = Period { from, to: day(to, zone)?.to };
    Ok(Span { from: request.from, to, period, now: now.as_microsecond(), window_us })
}

/// The instants of a local day.
fn day(date: Date, zone: &Zone) -> Result<Period, Error> {
    let next = date.tomorrow().map_err(|e| Error::Invalid(format!("{date}: {e}")))?;
    Ok(Period { from: midnight(date, zone)?, to: midnight(next, zone)? })
}

/// The first instant of a local day, in microseconds since 1970 UTC.
fn midnight(date: Date, zone: &Zone) -> Result<i64, Error> {
    date.to_zoned(zone.time_zone().clone())
        .map(|zoned| zoned.timestamp().as_microsecond())
        .map_err(|e| Error::Invalid(format!("{date}: {e}")))
}

fn document(
    app: &App,
    travel: &Travel,
    by: By,
    span: &Span,
    (gathered, speed): (&Gathered, Speed),
    report: &Report,
) -> EconomicsDocument {
    let groups = match by {
        By::Cell => &report.cells,
        By::Region => &report.regions,
    };
    let shapes = Shapes::new(groups, &gathered.territories, gathered.resolution);
    let settings = &app.settings;
    let rates = Rates::new(settings.organisation.currency.exponent());
    EconomicsDocument {
        organisation: settings.organisation.name.clone(),
        currency: settings.organisation.currency.code().into(),
        exponent: rates.exponent,
        time_zone_name: settings.organisation.time_zone.to_string(),
        by,
        from: span.from,
        to: span.to,
        window_days: settings.score_card.window_days,
        least_borrowers: rates.least_borrowers,
        resolution: u8::from(gathered.resolution),
        rows: groups.iter().map(|group| row(group, &shapes)).collect(),
        total: report.total,
        uncredited_minor: report.uncredited_minor,
        warnings: warnings(app),
        notices: notices(app, travel, (gathered, speed), report),
        credits: settings.data.credits.iter().cloned().chain(travel.credit()).collect(),
    }
}

fn row(group: &Group, shapes: &Shapes<'_>) -> EconomicsRow {
    EconomicsRow {
        regions: group
            .regions
            .iter()
            .map(|region| match region {
                Region::Beat(agent_ref) => agent_ref.clone(),
                Region::Area(cell) => cell.to_string(),
            })
            .collect(),
        cell: group.cell.map(|cell| cell.to_string()),
        rest: group.rest,
        figures: group.figures,
        shape: shapes.of(group),
    }
}

/// What must be said on top.
fn warnings(app: &App) -> Vec<String> {
    app.clock_notice().into_iter().chain(app.settings.data.notices.iter().cloned()).collect()
}

/// What must be known to read the figures.
fn notices(
    app: &App,
    travel: &Travel,
    (gathered, speed): (&Gathered, Speed),
    report: &Report,
) -> Vec<String> {
    let mut notices = warnings(app);
    if gathered.dated_later {
        notices.push("Visits and payments dated later than now are not counted yet.".into());
    }
    let least = Rates::new(0).least_borrowers;
    let Some(total) = &report.total else {
        notices.push(format!(
            "Nothing is shown: fewer than {least} borrowers were given to agents in this period."
        ));
        notices.extend(gathered.left_out.notice());
        return notices;
    };
    let s = &total.sums;
    let days = app.settings.score_card.window_days;
    if s.open_windows > 0 {
        notices.push(format!(
            "{} of {} visits are less than {days} days old: payments may still come for them.",
            s.open_windows, s.visits
        ));
    }
    if s.visits > 0 {
        notices.push(format!(
            "{} of {} ways to a door were not recorded and are estimated from the door before, or the \
             base, as all ways back are: {}. Waiting is not known and costs nothing here.",
            s.estimated_ways,
            s.visits,
            travel.describe()
        ));
    }
    if s.visits > 0 {
        notices.push(speed.sentence());
    }
    if gathered.without_agent > 0 {
        notices.push(format!(
            "Visits that name no agent: {}. No shift and no way back is counted for them.",
            gathered.without_agent
        ));
    }
    notices.extend(gathered.left_out.notice());
    notices.push(format!(
        "Groups of fewer than {least} borrowers are put together with others. Reports of other days are \
         not guarded against each other."
    ));
    notices.push(
        "Incremental recovery is not identifiable: there is no held-out arm, so what would have been \
         paid without a visit is not known."
            .into(),
    );
    notices
}
