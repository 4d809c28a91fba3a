//! What is different today from what a saved plan was made from, in sentences.

use std::collections::BTreeSet;

use jiff::civil::Date;
use planner::Figures;

use super::basis::Wants;
use super::candidates::{Rules, judge};
use super::crew::Prices;
use super::further;
use super::repose::{Reposed, Saved};
use super::terms::DayTerms;
use crate::app::App;
use crate::error::Error;
use crate::progress::Silent;
use crate::render::micro_money as money;
use crate::travel::Travel;
use crate::usecases::book::{BookCase, load_packs};
use crate::usecases::score_cases::{CaseScore, score_book, service};

/// Cases or agents named in a sentence.
const NAMED: usize = 5;

/// Today's book against a saved plan.
pub(super) struct Changes {
    /// One sentence each.
    pub(super) sentences: Vec<String>,
    /// Scores of today, by case of the book.
    pub(super) scores: Vec<CaseScore>,
}

impl Changes {
    /// Compares. `figures` are those of the plan's routes on today's roads, where they were asked for; of cases all
    /// are told of, or only the one at `about` in the book.
    ///
    /// # Errors
    /// The book cannot be scored, or the database fails.
    pub(super) fn of(
        app: &App,
        travel: &Travel,
        plan: &Reposed,
        figures: Option<&Figures>,
        about: Option<usize>,
    ) -> Result<Self, Error> {
        let scores = score_book(app, &plan.today.cases, &Silent)?;
        let mut sentences = Vec::new();
        sentences.extend(roads(app, travel, plan, figures));
        sentences.extend(settings(app, plan));
        sentences.extend(agents(app, plan));
        sentences.extend(cases(plan, &scores, about));
        let changes = Self { sentences, scores };
        let forbidden = changes.forbidden(app, travel, plan, about)?;
        Ok(Self { sentences: [changes.sentences, forbidden].concat(), ..changes })
    }

    /// Stops that may not be visited any more.
    fn forbidden(
        &self,
        app: &App,
        travel: &Travel,
        plan: &Reposed,
        about: Option<usize>,
    ) -> Result<Vec<String>, Error> {
        let rules = TodayRules::load(app, plan)?;
        let now = app.ids.clock().now();
        if rules.date < Reposed::zone(app).date_at(now) {
            return Ok(Vec::new());
        }
        let told = |case: &usize| about.is_none_or(|about| about == *case);
        let stops: BTreeSet<usize> = plan.routes.iter().flatten().copied().collect();
        let stops = stops.into_iter().filter_map(|at| plan.candidates.get(at));
        let stops: Vec<usize> = stops.flat_map(Saved::cases).filter(told).collect();
        let doors = stops.iter().filter_map(|stop| plan.today.cases.get(*stop)).map(|case| case.at);
        travel.locate(&doors.collect::<Vec<_>>(), &Silent)?;
        let mut found = Vec::new();
        for stop in stops {
            let today = plan.today.cases.get(stop).zip(self.scores.get(stop));
            let Some((case, score)) = today else { continue };
            if let Err((_, why)) = judge(stop, case, score, &rules.rules(app), travel) {
                found.push(format!("{} may not be visited any more: {why}", case.row.case_ref));
            }
        }
        let more = found.len().saturating_sub(NAMED);
        found.truncate(NAMED);
        if more > 0 {
            found.push(format!("{more} more stops may not be visited any more."));
        }
        Ok(found)
    }
}

/// What the rules of today say about the plan's day.
pub(super) struct TodayRules {
    packs: Vec<sync_core::policy::Pack>,
    date: Date,
}

impl TodayRules {
    pub(super) fn load(app: &App, plan: &Reposed) -> Result<Self, Error> {
        Ok(Self { packs: load_packs(app)?, date: plan.date })
    }

    pub(super) fn rules(&self, app: &App) -> Rules<'_> {
        Rules {
            packs: &self.packs,
            date: self.date,
            now: app.ids.clock().now(),
            service: service(&app.settings),
            high_from: app.settings.risk.high_from,
        }
    }
}

/// Other roads, and what the plan comes to on them.
fn roads(app: &App, travel: &Travel, plan: &Reposed, figures: Option<&Figures>) -> Vec<String> {
    let saved = &plan.plan.plan;
    let mut sentences = Vec::new();
    if (travel.fingerprint(), travel.describe()) != (saved.network.clone(), saved.travel.clone()) {
        sentences.push(format!(
            "Times and lengths are those of today ({}); the plan was made with {}.",
            travel.describe(),
            saved.travel
        ));
    }
    let profit = saved.profit_micro();
    if let Some(figures) = figures.filter(|figures| figures.objective != profit) {
        let currency = app.settings.organisation.currency;
        sentences.push(format!(
            "Priced again the plan brings {}; it was saved with {}.",
            money(figures.objective, currency),
            money(profit, currency)
        ));
    }
    sentences
}

/// Other prices, another time at the door, or other terms.
fn settings(app: &App, plan: &Reposed) -> Vec<String> {
    let zone = Reposed::zone(app);
    let at_door = (i64::from(plan.basis.service_s), plan.basis.further_s);
    let then = (plan.basis.prices, at_door);
    let at_door = (service(&app.settings).get(), further(&app.settings));
    let today = (Prices::of(&app.settings.costs), at_door);
    // Territories are formed anew without anybody changing the settings.
    let own = h3o::Resolution::try_from(plan.basis.terms.resolution).ok();
    let terms = DayTerms::of(&app.settings.plan, plan.date, zone, own);
    let rest = "in doorstep.toml are others today; the plan is priced as it was made.";
    [
        (then != today, "The costs or the minutes at a door"),
        (terms != plan.basis.terms, "The terms of [plan]"),
    ]
    .into_iter()
    .filter(|(other, _)| *other)
    .map(|(_, what)| format!("{what} {rest}"))
    .collect()
}

fn agents(app: &App, plan: &Reposed) -> Vec<String> {
    let zone = Reposed::zone(app);
    let (mut other, mut absent, mut new) = (Vec::new(), Vec::new(), Vec::new());
    for agent in &plan.today.agents {
        let row = &agent.row;
        let then = plan.basis.agents.iter().find(|then| then.agent == row.agent_ref);
        let shift = agent.works_on(plan.date).then(|| agent.shift_on(plan.date, zone)).flatten();
        match (then, shift) {
            (None, Some(_)) => new.push(row.agent_ref.as_str()),
            (Some(_), None) => absent.push(row.agent_ref.as_str()),
            (Some(then), Some(shift)) => {
                let place = (row.base_lat_e7, row.base_lon_e7, row.end_lat_e7, row.end_lon_e7);
                // Of a day that has begun the basis has what is left of the shifts.
                let hours = then.shift == shift || plan.basis.replanned.is_some();
                let same = hours
                    && (then.base.0, then.base.1, then.end.0, then.end.1) == place
                    && then.languages == row.languages
                    && then.max_visits == row.max_visits
                    && then.max_cash == row.max_cash_minor
                    && (&then.skills, &then.certificates) == (&row.skills, &row.certificates);
                if !same {
                    other.push(row.agent_ref.as_str());
                }
            }
            (None, None) => {}
        }
    }
    let rest = "the plan keeps them as they were";
    let says = [
        (absent, format!("work no more on that day in today's book; {rest}")),
        (
            other,
            format!(
                "have other hours, places, languages, skills, certificates or limits today; {rest}"
            ),
        ),
        (new, "work on that day and did not when the plan was made".to_owned()),
    ];
    says.into_iter()
        .filter(|(names, _)| !names.is_empty())
        .map(|(names, what)| format!("Agents {} {what}.", some_of(&names)))
        .collect()
}

/// Candidates that are worth something else or live elsewhere today.
fn cases(plan: &Reposed, scores: &[CaseScore], about: Option<usize>) -> Vec<String> {
    let (mut worth, mut moved, mut language) = (Vec::new(), Vec::new(), Vec::new());
    let mut wants = Vec::new();
    let told = |case: &usize| about.is_none_or(|about| about == *case);
    let saved = plan.candidates.iter().flat_map(Saved::parts);
    for (case, prize) in saved.filter(|(case, _)| told(case)) {
        let then_now = plan.cases.get(case).zip(plan.today.cases.get(case));
        let Some((then, now)) = then_now else { continue };
        let name = now.row.case_ref.as_str();
        if scores.get(case).is_some_and(|score| differs(prize, score)) {
            worth.push(name);
        }
        if place(then) != place(now) {
            moved.push(name);
        }
        if then.language != now.language {
            language.push(name);
        }
        if Wants::of(&then.row) != Wants::of(&now.row) {
            wants.push(name);
        }
    }
    [
        (worth, "worth something else today"),
        (moved, "at another place today"),
        (language, "of another language today"),
        (wants, "to be visited by others or otherwise today"),
    ]
    .into_iter()
    .filter(|(names, _)| !names.is_empty())
    .map(|(names, what)| {
        let count = names.len();
        let (cases, are) = if count == 1 { ("case", "is") } else { ("cases", "are") };
        format!(
            "{count} {cases} {are} {what} ({}); the plan counts what was saved.",
            some_of(&names)
        )
    })
    .collect()
}

/// Whoever may not be visited any more is told apart, not as another worth.
fn differs(saved: i64, score: &CaseScore) -> bool {
    score.row.prize_micro.is_some_and(|prize| prize != saved)
}

fn place(case: &BookCase) -> (i32, i32) {
    (case.row.lat_e7, case.row.lon_e7)
}

fn some_of(names: &[&str]) -> String {
    let shown = names.iter().take(NAMED).copied().collect::<Vec<_>>().join(", ");
    match names.len().saturating_sub(NAMED) {
        0 => shown,
        more => format!("{shown} and {more} more"),
    }
}
