//! A plan made anew in the middle of its day: from where agents are, with what is done, and with what happened. It
//! changes little, and says of each stop what became of it and why.

mod answer;
mod draft;
mod events;
mod known;
mod save;
mod search;

use jiff::Timestamp;

pub use answer::{AgentNow, BrokenPromise, ReplannedPlan, StopChange};
pub use events::{Event, MOST_EVENTS};

use super::changes::Changes;
use super::edit::{Editor, Fault};
use super::repose::Reposed;
use super::under_way::Done;
use crate::app::App;
use crate::error::Error;
use crate::progress::Progress;
use crate::travel::Travel;
use answer::Answering;
use draft::Making;
use save::Saving;
use search::Effort;
use sync_core::model::PlanId;

/// Length of the search unless it is given.
pub const REPLAN_ITERATIONS: u64 = 10_000;

/// What is asked.
#[derive(Debug, Clone, PartialEq)]
pub struct Replan {
    /// The instant from which on the day is planned anew; by the clock unless given.
    pub now: Option<Timestamp>,
    /// What happened.
    pub events: Vec<Event>,
    /// Seed of the search.
    pub seed: u64,
    /// Length of the search.
    pub iterations: u64,
}

/// Plans what is left of the day anew and saves the result as the next version; nothing where nothing changes.
///
/// # Errors
/// There is no such plan, the instant lies outside of its day, an event is refused, it does not hold on today's
/// roads, the database fails, or whoever watches has gone.
pub fn replan(
    app: &App,
    travel: &Travel,
    plan: PlanId,
    asked: &Replan,
    by: &Editor,
    progress: &dyn Progress,
) -> Result<ReplannedPlan, Error> {
    progress.begin("reading the plan", None);
    let mut reposed = Reposed::load(app, travel, plan.into(), &plan.to_string())?;
    let at = asked.now.unwrap_or_else(|| app.ids.clock().now());
    let now = instant(app, &reposed, at)?;
    let said = events::read(app, &reposed, &asked.events, now)?;
    progress.begin("looking where everybody is", None);
    let known = known::read(app, travel, &reposed, &said, now)?;
    events::check_records(&reposed, &said, |at| known.done.get(&at) == Some(&Done::Recorded))?;
    draft::locate(travel, &reposed)?;
    let changes = Changes::of(app, travel, &reposed, None, Some(usize::MAX))?;
    let making = Making {
        app,
        travel,
        scores: &changes.scores,
        said: &said,
        known: &known,
        now,
        by: &by.name,
    };
    let mut draft = making.draft(&mut reposed)?;
    let effort = Effort { seed: asked.seed, iterations: asked.iterations };
    let found = search::search(app, travel, &reposed, &draft, effort, progress)?;
    for at in &found.unserved {
        if let Some(saved) = reposed.candidates.get_mut(*at) {
            (saved.hold.required, saved.hold.promised) = (false, false);
            saved.mandatory = false;
        }
    }
    let notices = std::mem::take(&mut draft.notices);
    let answering = Answering {
        app,
        plan: &reposed,
        draft: &draft,
        said: &said,
        known: &known,
        found: &found,
        by: &by.name,
        now: at,
    };
    if !said.wants && answering.is_the_same() {
        return answering.unchanged(changes.sentences);
    }
    let mut told = vec![answering.headline(&asked.events)];
    told.extend(notices);
    told.extend(answering.promises_in_words());
    told.extend(answering.publication()?);
    told.extend(changes.sentences.iter().cloned());
    let events = asked.events.len();
    let (plan, draft, found) = (&reposed, &draft, &found);
    let saving = Saving { app, travel, plan, draft, found, by, effort, now, events, progress };
    let rows = saving.save(told)?;
    answering.changed(&rows)
}

/// The instant in seconds since 1970.
fn instant(app: &App, plan: &Reposed, at: Timestamp) -> Result<i64, Error> {
    let refuse = |detail: String| {
        Err(Error::Edits(vec![Fault { field: "now".into(), rule: "instant".into(), detail }]))
    };
    let now = at.as_second();
    let (first, last) = events::day_of(app, plan)?;
    if !(first..=last).contains(&now) {
        let here = app.settings.organisation.time_zone.date_at(at);
        return refuse(format!(
            "{at} is on {here}, and the plan is of {}: give an instant of that day, or plan the other day",
            plan.date
        ));
    }
    match plan.basis.replanned {
        Some(before) if now < before => refuse(format!(
            "{at} is before the instant from which version {} was planned anew: give a later one",
            plan.plan.plan.version
        )),
        _ => Ok(now),
    }
}
