//! What is said of plans, in lines for a terminal.

use jiff::Timestamp;
use sync_core::model::Currency;

use crate::app::App;
use crate::cli::commands::count;
use crate::cli::screen::{grouped, say};
use crate::error::Error;
use crate::render::{clock_time, kilometres, micro_amount as amount, micro_money as money};
use crate::usecases::build_plan::{
    CaseExplanation, Detour, EditedPlan, PlanFigures, ReplannedPlan, StopChange, WhatIfAnswer,
};
use crate::usecases::compare_plans::{MovedStop, OneSided, PlanComparison, StopPlace};

/// Stops of each kind that are listed.
const LISTED: usize = 20;

pub(super) fn explained(said: &CaseExplanation, app: &App) -> Result<(), Error> {
    let currency = app.settings.organisation.currency;
    let state = if said.planned { "planned" } else { "left out" };
    let code = said.code.as_ref().map_or_else(String::new, |code| format!(" [{code}]"));
    say(&format!(
        "Case {}, plan of {}, version {}: {state}{code}.",
        said.case_ref, said.date, said.version
    ));
    say(&said.sentence);
    if let Some(reason) = &said.money {
        if let Some(at) = &reason.place {
            say(&detour("Cheapest that fits, or would", at, currency));
        }
        if let Some(tight) = &reason.cheaper {
            say(&detour("Cheaper, but does not fit", &tight.place, currency));
        }
    }
    for notice in &said.notices {
        say(notice);
    }
    Ok(())
}

fn detour(what: &str, at: &Detour, currency: Currency) -> String {
    let other = match at.other_cost_micro {
        0 => String::new(),
        micro => format!(", other terms {}", money(micro, currency)),
    };
    format!(
        "      {what}: stop {} of {}, {}: way {}, time {}, sending the agent {}{other}.",
        at.number,
        at.agent_ref,
        money(at.cost_micro, currency),
        money(at.travel_cost_micro, currency),
        money(at.time_cost_micro, currency),
        money(at.fixed_cost_micro, currency)
    )
}

pub(super) fn compared(compared: &PlanComparison, app: &App) -> Result<(), Error> {
    let currency = app.settings.organisation.currency;
    let (from, to) = (&compared.from, &compared.to);
    for plan in [from, to] {
        if let (Some(version), Some(who)) = (plan.edited_from, &plan.edited_by) {
            say(&format!("Version {} was edited by {who} from version {version}.", plan.version));
        }
    }
    figures(
        (&format!("version {}", from.version), &from.figures),
        (&format!("version {}", to.version), &to.figures),
        currency,
    );
    say(&format!(
        "      {} kept within {} min, {} to another agent, {} in order or time, {} added, {} dropped",
        count(compared.kept, "stop"),
        compared.minutes,
        compared.other_agent.len(),
        compared.other_time.len(),
        compared.added.len(),
        compared.dropped.len()
    ));
    let words = Words { app };
    words.moved("To another agent", &compared.other_agent);
    words.moved("In order or time", &compared.other_time);
    words.one_sided("Added", &compared.added);
    words.one_sided("Dropped", &compared.dropped);
    Ok(())
}

/// Two columns and their difference.
fn figures(a: (&str, &PlanFigures), b: (&str, &PlanFigures), currency: Currency) {
    say(&format!("      {:<22} {:>14} {:>14} {:>14}", "", a.0, b.0, "difference"));
    let line = |name: &str, a: i64, b: i64, text: &dyn Fn(i64) -> String| {
        say(&format!("      {name:<22} {:>14} {:>14} {:>14}", text(a), text(b), text(b - a)));
    };
    let (a, b) = (a.1, b.1);
    let in_money = |micro| amount(micro, currency);
    line(&format!("prize ({})", currency.code()), a.prize_micro, b.prize_micro, &in_money);
    line("travel cost", a.travel_cost_micro, b.travel_cost_micro, &in_money);
    line("time cost", a.time_cost_micro, b.time_cost_micro, &in_money);
    line("cost of shifts", a.fixed_cost_micro, b.fixed_cost_micro, &in_money);
    for (name, a, b) in [
        ("overtime", a.overtime_cost_micro, b.overtime_cost_micro),
        ("by agents", a.pairing_micro, b.pairing_micro),
        ("unfairness", a.unfairness_cost_micro, b.unfairness_cost_micro),
        ("overlap", a.overlap_cost_micro, b.overlap_cost_micro),
    ] {
        if (a, b) != (0, 0) {
            line(name, a, b, &in_money);
        }
    }
    line("profit", a.profit_micro, b.profit_micro, &in_money);
    let number = |n: usize| i64::try_from(n).unwrap_or(i64::MAX);
    line("visits", number(a.visits), number(b.visits), &grouped);
    line("routes", number(a.routes), number(b.routes), &grouped);
    line("km", a.metres, b.metres, &|metres| {
        let sign = if metres <= -50 { "-" } else { "" };
        format!("{sign}{}", kilometres(metres.abs()))
    });
    line("minutes driven", a.drive_s / 60, b.drive_s / 60, &grouped);
    line("minutes waited", a.wait_s / 60, b.wait_s / 60, &grouped);
}

struct Words<'a> {
    app: &'a App,
}

impl Words<'_> {
    fn moved(&self, title: &str, stops: &[MovedStop]) {
        list(title, stops, |stop| {
            let reason = stop.reason.as_ref().map_or_else(String::new, |why| format!(": {why}"));
            let (from, to) = (self.place(&stop.from), self.place(&stop.to));
            format!("{}, {from} -> {to}{reason}", stop.case_ref)
        });
    }

    fn changed(&self, stop: &StopChange) -> String {
        let place = |at: &Option<StopPlace>| at.as_ref().map(|at| self.place(at));
        let way = match (place(&stop.from), place(&stop.to)) {
            (Some(from), Some(to)) => format!("{from} -> {to}"),
            (one, other) => one.or(other).unwrap_or_default(),
        };
        let why = stop.why.as_ref().map_or_else(String::new, |why| format!(": {why}"));
        let promised = if stop.promised { " (promised)" } else { "" };
        format!("{}{promised}, {way}{why}", stop.case_ref)
    }

    fn one_sided(&self, title: &str, stops: &[OneSided]) {
        list(title, stops, |stop| {
            let reason = stop.reason.as_ref().map_or_else(String::new, |why| format!(": {why}"));
            format!("{}, {}{reason}", stop.case_ref, self.place(&stop.at))
        });
    }

    fn place(&self, at: &StopPlace) -> String {
        format!("{} stop {} at {}", at.agent_ref, at.number, clock(self.app, at.start_at))
    }
}

fn list<T>(title: &str, items: &[T], line: impl Fn(&T) -> String) {
    if items.is_empty() {
        return;
    }
    say(&format!("      {title}:"));
    for item in items.iter().take(LISTED) {
        say(&format!("      - {}", line(item)));
    }
    if items.len() > LISTED {
        say(&format!("      - and {} more: --json lists all", items.len() - LISTED));
    }
}

pub(super) fn edited(edited: &EditedPlan, app: &App) {
    for notice in &edited.notices {
        say(notice);
    }
    figures(
        (&format!("version {}", edited.from_version), &edited.before),
        (&format!("version {}", edited.version), &edited.after),
        app.settings.organisation.currency,
    );
}

pub(super) fn replanned(answer: &ReplannedPlan, app: &App) {
    for notice in &answer.notices {
        say(notice);
    }
    for agent in &answer.agents {
        let out = agent
            .out_since
            .map_or_else(String::new, |at| format!(", out since {}", clock(app, Some(at))));
        let door = agent.at_case.as_ref().map_or_else(String::new, |case| format!(" at {case}"));
        say(&format!(
            "      {:<10} {} done, {} to come, free at {}{door} (known by: {}){out}",
            agent.agent_ref,
            agent.done,
            agent.to_come,
            clock(app, agent.free_at),
            agent.known_by
        ));
    }
    if answer.saved {
        figures(
            (&format!("version {}", answer.from_version), &answer.before),
            (&format!("version {}", answer.version), &answer.after),
            app.settings.organisation.currency,
        );
    }
    let words = Words { app };
    for (title, change) in
        [("Moved", "moved"), ("Dropped", "dropped"), ("New", "new"), ("Begun", "begun")]
    {
        let of_kind: Vec<&StopChange> =
            answer.stops.iter().filter(|stop| stop.change == change).collect();
        list(title, &of_kind, |stop| words.changed(stop));
    }
    let count_of = |change: &str| answer.stops.iter().filter(|stop| stop.change == change).count();
    say(&format!("      {} kept, {} done", count(count_of("kept"), "stop"), count_of("done")));
    if !answer.new_notices.is_empty() {
        say(&format!("      A new notice is due to: {}", answer.new_notices.join(", ")));
    }
}

pub(super) fn what_if(answer: &WhatIfAnswer, app: &App) {
    let currency = app.settings.organisation.currency;
    for assumed in &answer.assumed {
        say(assumed);
    }
    say("      agents   sent  visits      prize   travel     time   shifts     profit  next agent");
    for point in &answer.curve {
        say(&format!(
            "      {:>6} {:>6} {:>7} {:>10} {:>8} {:>8} {:>8} {:>10} {:>11}",
            point.agents,
            point.sent,
            point.visits,
            amount(point.prize_micro, currency),
            amount(point.travel_cost_micro, currency),
            amount(point.time_cost_micro, currency),
            amount(point.fixed_cost_micro, currency),
            amount(point.profit_micro, currency),
            point.next_agent_micro.map_or_else(String::new, |micro| amount(micro, currency)),
        ));
    }
    say(&format!(
        "      {} on duty: one more brings {}; an hour more on each shift {}, {} an hour.",
        count(answer.agents_on_duty, "agent"),
        money(answer.next_agent_micro, currency),
        money(answer.next_hour_micro, currency),
        money(answer.next_hour_each_micro, currency)
    ));
    say(&format!(
        "      {} of {} cases searched, seed {}, {} iterations each. Nothing was saved.",
        answer.searched, answer.candidates, answer.seed, answer.iterations
    ));
    for notice in &answer.notices {
        say(notice);
    }
}

fn clock(app: &App, at: Option<Timestamp>) -> String {
    let zone = app.settings.organisation.time_zone.time_zone();
    at.map_or_else(String::new, |at| clock_time(at, zone))
}
