//! What use cases found, in lines for a terminal.

use sync_core::model::Currency;

use super::commands::count;
use super::screen::{grouped, say};
use crate::render::{LeftOut, PlanDocument, clock_time, micro_money};
use crate::usecases::build_roads::BuiltRoads;
use crate::usecases::form_territories::Formed;
use crate::usecases::import::Imported;
use crate::usecases::score_cases::Scored;

/// Examples of cases left out that are printed.
const EXAMPLES: usize = 5;

pub(super) fn network(built: &BuiltRoads) -> String {
    let info = &built.info;
    format!(
        "{} roads, {} turns, {} turn restrictions, {} shortcuts; {} to look up",
        grouped(info.segments.cast_signed()),
        grouped(info.turns.cast_signed()),
        grouped(info.restrictions.cast_signed()),
        grouped(info.shortcuts.cast_signed()),
        count(built.houses, "house number")
    )
}

pub(super) fn imported(done: &Imported) -> String {
    let mut parts = Vec::new();
    if done.cases > 0 {
        parts.push(count(done.cases, "case"));
    }
    if done.agents > 0 {
        parts.push(count(done.agents, "agent"));
    }
    let c = done.change;
    format!(
        "{}: {} new, {} changed, {} as before",
        parts.join(" and "),
        grouped(c.inserted),
        grouped(c.updated),
        grouped(c.unchanged)
    )
}

/// Sums that show a wrong unit at once.
pub(super) fn dues(done: &Imported, currency: Currency) {
    if let Some(due) = &done.due {
        let part = |minor: i64| amount(minor, currency.exponent());
        say(&format!(
            "{} {} due in all: {} to {}, median {}.",
            part(due.sum),
            currency.code(),
            part(due.least),
            part(due.most),
            part(due.median)
        ));
    }
}

/// How many addresses were looked up, by grade.
pub(super) fn looked_up(done: &Imported) {
    let looked_up = done.report.looked_up;
    if looked_up.all() > 0 {
        say(&format!("Of the rows, {looked_up}."));
    }
}

pub(super) fn scored(scored: &Scored, currency: Currency) -> String {
    let [high, medium, low] = scored.tiers.map(number);
    format!(
        "{high} high, {medium} medium, {low} low tier; {} worth a visit before the way there, {} in all",
        number(scored.worth_a_visit),
        micro_money(scored.prize.get(), currency)
    )
}

pub(super) fn treatments(scored: &Scored) {
    for (treatment, n) in &scored.treatments {
        say(&format!("      {:<20} {:>7}", treatment.replace('_', " "), number(*n)));
    }
}

pub(super) fn formed(formed: &Formed) -> String {
    let moved = if formed.moved > 0 {
        format!(", {} moved since the last time", count(formed.moved, "cell"))
    } else {
        String::new()
    };
    let without = if formed.without > 0 {
        format!("; {} without one, there are fewer cells", count(formed.without, "agent"))
    } else {
        String::new()
    };
    format!(
        "{} over {} of H3 resolution {}, heaviest {:.0} % of a fair share{moved}{without}",
        count(formed.territories.len(), "territory").replace("territorys", "territories"),
        count(formed.cells, "cell"),
        formed.resolution,
        formed.imbalance * 100.0
    )
}

pub(super) fn territories(formed: &Formed, currency: Currency) {
    for sentence in &formed.stranded {
        say(&format!("      {sentence}"));
    }
    say("      agent        cells   cases   hours at doors   value of visits");
    for t in &formed.territories {
        say(&format!(
            "      {:<11} {:>6} {:>7} {:>16} {:>17}",
            t.agent_ref,
            number(t.cells),
            grouped(t.cases),
            format!("{}.{}", t.workload_s / 3600, t.workload_s % 3600 / 360),
            micro_money(t.value.get(), currency)
        ));
    }
}

pub(super) fn planned(plan: &PlanDocument) -> String {
    let stops = plan.visits();
    format!(
        "{} on {}, profit {} {}",
        count(stops, "visit"),
        count(plan.routes.len(), "route"),
        amount(plan.totals.profit_minor, plan.exponent),
        plan.currency
    )
}

pub(super) fn plan(plan: &PlanDocument) {
    say("      route  agent       stops  departs  returns      km      prize   cost      profit");
    for route in &plan.routes {
        let clock = |at: jiff::Timestamp| clock_time(at, &plan.time_zone);
        let t = &route.totals;
        say(&format!(
            "      {:>5}  {:<11} {:>5}  {:>7}  {:>7} {:>7} {:>10} {:>9} {:>9}",
            route.number,
            route.agent_ref,
            route.stops.len(),
            clock(route.departs_at),
            clock(route.returns_at),
            crate::render::kilometres(t.metres),
            amount(t.prize_minor, plan.exponent),
            amount(t.cost_minor(), plan.exponent),
            amount(t.profit_minor, plan.exponent),
        ));
    }
    let t = &plan.totals;
    let code = &plan.currency;
    let part = |minor| amount(minor, plan.exponent);
    let smaller =
        t.smaller().map(|(label, _, minor)| format!(", {} {}", label.to_lowercase(), part(minor)));
    let smaller: Vec<String> = smaller.collect();
    say(&format!(
        "      Visits are expected to bring {} {code}; travel costs {}, time {}, shifts {}{}: profit {}.",
        part(t.prize_minor),
        part(t.travel_cost_minor),
        part(t.time_cost_minor),
        part(t.fixed_cost_minor),
        smaller.concat(),
        part(t.profit_minor)
    ));
    left_out(plan);
}

/// Counts by reason, then a few cases in money.
fn left_out(plan: &PlanDocument) {
    let mut counts: Vec<(&str, &str, usize)> = Vec::new();
    for out in &plan.left_out {
        match counts.iter_mut().find(|(code, ..)| *code == out.code) {
            Some((.., n)) => *n += 1,
            None => counts.push((&out.code, &out.title, 1)),
        }
    }
    if counts.is_empty() {
        return;
    }
    say(&format!("      Left out: {}", count(plan.left_out.len(), "case")));
    for (code, title, n) in &counts {
        say(&format!("      {:>7}  {title} [{code}]", number(*n)));
    }
    let examples = examples(&plan.left_out);
    if !examples.is_empty() {
        say("      For example:");
    }
    for out in examples {
        say(&format!("      - {}: {}", out.case_ref, out.sentence));
    }
}

/// The best of each reason that is told in money, in turn; reasons in their order of display.
fn examples(left_out: &[LeftOut]) -> Vec<&LeftOut> {
    let mut by_code: Vec<Vec<&LeftOut>> = Vec::new();
    for out in left_out.iter().filter(|out| out.cost_minor.is_some()) {
        let last = by_code.last_mut().filter(|list| list.iter().all(|o| o.code == out.code));
        match last {
            Some(list) => list.push(out),
            None => by_code.push(vec![out]),
        }
    }
    let turns = by_code.iter().map(Vec::len).max().unwrap_or(0);
    (0..turns)
        .flat_map(|turn| by_code.iter().filter_map(move |list| list.get(turn).copied()))
        .take(EXAMPLES)
        .collect()
}

fn number(n: usize) -> String {
    grouped(i64::try_from(n).unwrap_or(i64::MAX))
}

fn amount(minor: i64, exponent: u8) -> String {
    crate::render::amount(minor, exponent)
}
