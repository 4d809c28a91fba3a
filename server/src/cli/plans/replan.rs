//! `plan replan`: what happened, as it is typed.

use jiff::Timestamp;
use jiff::civil::Date;
use serde::Deserialize;
use sync_core::model::{PlanId, Zone};

use super::args::ReplanArgs;
use super::{EDITOR, as_json, say};
use crate::app::App;
use crate::cli::args::Cli;
use crate::cli::commands::{open, open_travel, read};
use crate::cli::screen::{Screen, say as say_line};
use crate::config::clock_minutes;
use crate::error::Error;
use crate::progress::Progress as _;
use crate::usecases::build_plan::{Editor, Event, Replan, replan};
use crate::usecases::export_plan::export_saved;
use crate::usecases::lists;
use crate::usecases::plan_choice::chosen;

pub(super) fn run(cli: &Cli, args: &ReplanArgs) -> Result<(), Error> {
    let app = open(cli)?;
    let travel = open_travel(&app)?;
    let plan = chosen(&app, args.which.date, args.which.version)?;
    let asked = asked(&app, plan, args)?;
    let screen = Screen::new(0);
    screen.begin("Replan", None);
    let by = Editor { name: EDITOR.into(), user: None };
    let answer = replan(&app, &travel, plan, &asked, &by, &screen)?;
    let folder = if answer.saved { Some(export_saved(&app, &travel, answer.plan)?) } else { None };
    if args.json {
        return as_json(&answer);
    }
    screen.end(&format!("version {} of {}", answer.version, answer.date));
    say::replanned(&answer, &app);
    if let Some(folder) = folder {
        say_line(&format!(
            "Written to {}. Agents work by it after `doorstep publish`.",
            folder.display()
        ));
    }
    Ok(())
}

fn asked(app: &App, plan: PlanId, args: &ReplanArgs) -> Result<Replan, Error> {
    let date = lists::plan(app, plan)?.plan.date;
    let date: Date = date.parse().map_err(|e| Error::Invalid(format!("the plan's day: {e}")))?;
    let typing = Typing { date, zone: &app.settings.organisation.time_zone };
    let mut asked = Replan {
        now: args.now.as_deref().map(|text| typing.time("--now", text)).transpose()?,
        events: Vec::new(),
        seed: args.seed.unwrap_or(app.settings.planning.seed),
        iterations: args.iterations,
    };
    if let Some(path) = &args.events {
        let body: Result<Body, _> = serde_json::from_slice(&read(path)?);
        let body = body.map_err(|error| Error::Invalid(format!("{}: {error}", path.display())))?;
        asked.events = body.events;
        asked.now = asked.now.or(body.now);
        asked.seed = body.seed.unwrap_or(asked.seed);
        asked.iterations = body.iterations.unwrap_or(asked.iterations);
    }
    asked.events.extend(typing.events(args)?);
    Ok(asked)
}

/// The body of the API.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Body {
    now: Option<Timestamp>,
    #[serde(default)]
    events: Vec<Event>,
    seed: Option<u64>,
    iterations: Option<u64>,
}

struct Typing<'a> {
    date: Date,
    zone: &'a Zone,
}

impl Typing<'_> {
    fn events(&self, args: &ReplanArgs) -> Result<Vec<Event>, Error> {
        let mut events = Vec::new();
        for text in &args.agent_out {
            let (agent, from) = parted(text);
            events.push(Event::AgentOut { agent, from: self.at("--agent-out", from)? });
        }
        for text in &args.urgent {
            let (case, hours) = parted(text);
            let hours = hours.map(|hours| self.hours("--urgent", hours)).transpose()?;
            let (from, to) = (hours.map(|h| h.0), hours.map(|h| h.1));
            events.push(Event::Urgent { case, from, to });
        }
        for text in &args.appointment {
            let (case, hours) =
                needed("--appointment", text, "REF=FROM-TO, as in L-7=15:00-16:00")?;
            let (from, to) = self.hours("--appointment", hours)?;
            events.push(Event::Appointment { case, from, to });
        }
        for text in &args.falls_away {
            let (case, why) = needed("--falls-away", text, "REF=WHY, as in L-9=paid")?;
            events.push(Event::FallsAway { case, why: why.to_owned() });
        }
        for text in &args.lock {
            let (case, agent) = parted(text);
            let agent = agent.map(ToOwned::to_owned);
            events.push(Event::Lock { case, agent, rank: None, from: None, to: None });
        }
        events.extend(args.told.iter().map(|case| Event::Told { case: case.clone() }));
        for text in &args.position {
            let form = "AGENT_REF=LAT,LON, as in A02=39.1582,-75.5244";
            let (agent, place) = needed("--position", text, form)?;
            let read = |part: &str| part.trim().parse::<f64>().ok();
            let place = place.split_once(',').and_then(|(a, b)| read(a).zip(read(b)));
            let (lat, lon) =
                place.ok_or_else(|| Error::Invalid(format!("--position {text}: write {form}")))?;
            events.push(Event::Position { agent, lat, lon });
        }
        for text in &args.begun {
            let (case, at) = parted(text);
            events.push(Event::Begun { case, agent: None, at: self.at("--begun", at)? });
        }
        for text in &args.done {
            let (case, at) = parted(text);
            events.push(Event::Done { case, agent: None, at: self.at("--done", at)? });
        }
        Ok(events)
    }

    fn at(&self, option: &str, text: Option<&str>) -> Result<Option<Timestamp>, Error> {
        text.map(|text| self.time(option, text)).transpose()
    }

    fn hours(&self, option: &str, text: &str) -> Result<(Timestamp, Timestamp), Error> {
        let parts = text.split_once('-').ok_or_else(|| {
            Error::Invalid(format!("{option}: write the hours as 15:00-16:00, not {text}"))
        })?;
        Ok((self.time(option, parts.0)?, self.time(option, parts.1)?))
    }

    /// A clock time of the plan's day, or an instant.
    fn time(&self, option: &str, text: &str) -> Result<Timestamp, Error> {
        if let Ok(at) = text.parse() {
            return Ok(at);
        }
        let wrong = |problem: String| Error::Invalid(format!("{option}: {problem}"));
        let minutes = i32::from(clock_minutes(text.trim()).map_err(wrong)?);
        let (hour, minute) = (i8::try_from(minutes / 60), i8::try_from(minutes % 60));
        let (hour, minute) = hour.ok().zip(minute.ok()).unwrap_or_default();
        let at = self.date.at(hour, minute, 0, 0).to_zoned(self.zone.time_zone().clone());
        Ok(at.map_err(|error| wrong(error.to_string()))?.timestamp())
    }
}

/// A reference, and what stands behind the last `=`.
fn parted(text: &str) -> (String, Option<&str>) {
    match text.rsplit_once('=') {
        Some((name, rest)) => (name.to_owned(), Some(rest)),
        None => (text.to_owned(), None),
    }
}

fn needed<'a>(option: &str, text: &'a str, form: &str) -> Result<(String, &'a str), Error> {
    let (name, rest) = parted(text);
    let rest = rest.ok_or_else(|| Error::Invalid(format!("{option} {text}: write {form}")))?;
    Ok((name, rest))
}
