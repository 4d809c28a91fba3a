//! Commands on plans: make, explain, compare, edit, and what the day would come to otherwise.

mod args;
mod replan;
mod say;

use std::path::Path;

use jiff::civil::Date;
use serde::{Deserialize, Serialize};
use sync_core::model::PlanId;

use super::args::Cli;
use super::commands::{open, open_travel, read};
use super::report;
use super::screen::{Screen, say};
use crate::app::App;
use crate::error::Error;
use crate::progress::Progress as _;
use crate::usecases::build_plan::{
    Edit, Editor, Request, Verb, WhatIf, build_plan, edit_plan, explain_case, pose_instance,
    what_if,
};
use crate::usecases::compare_plans::compare_plans;
use crate::usecases::export_plan::{export_plan, export_saved};
use crate::usecases::lists::{self, case_named};
use crate::usecases::plan_choice::chosen;
use crate::usecases::show_plan::{road_lines, show_plan};

pub(super) use args::PlanArgs;
use args::{EditArgs, PlanCommand, WhatIfArgs, Which};

/// Who edits where nobody logs in.
const EDITOR: &str = "the command line";

pub(super) fn run(cli: &Cli, args: &PlanArgs) -> Result<(), Error> {
    match &args.command {
        None => plan(cli, args),
        Some(PlanCommand::ExportInstance { date, territory, out }) => {
            export_instance(cli, *date, territory.as_deref(), out)
        }
        Some(PlanCommand::Explain { case, which, json }) => explain(cli, case, which, *json),
        Some(PlanCommand::Compare { date, from, to, minutes, json }) => {
            compare(cli, *date, (*from, *to), *minutes, *json)
        }
        Some(PlanCommand::Edit(args)) => edit(cli, args),
        Some(PlanCommand::WhatIf(args)) => ask(cli, args),
        Some(PlanCommand::Replan(args)) => replan::run(cli, args),
    }
}

fn plan(cli: &Cli, args: &PlanArgs) -> Result<(), Error> {
    let app = open(cli)?;
    let travel = open_travel(&app)?;
    let Some(date) = args.date else {
        return Err(Error::Invalid("name the working day: --date YYYY-MM-DD".into()));
    };
    let settings = app.settings.planning;
    let request = Request {
        date,
        seed: args.seed.unwrap_or(settings.seed),
        iterations: args.iterations.unwrap_or(settings.iterations),
    };
    let screen = Screen::new(0);
    screen.begin("Plan", None);
    let built = build_plan(&app, &travel, &request, &screen)?;
    let shown = show_plan(&app, &travel, built.id)?;
    let folder = export_plan(&app.dir, &shown, &road_lines(&travel))?;
    screen.end(&report::planned(&shown));
    for notice in &built.notices {
        say(notice);
    }
    report::plan(&shown);
    say(&format!("Written to {}. See it with `doorstep serve`.", folder.display()));
    Ok(())
}

fn export_instance(
    cli: &Cli,
    date: Date,
    territory: Option<&str>,
    out: &Path,
) -> Result<(), Error> {
    let app = open(cli)?;
    let travel = open_travel(&app)?;
    let screen = Screen::new(0);
    screen.begin("Instance", None);
    let problem =
        pose_instance(&app, &travel, date, territory, &screen).map_err(|error| {
            match (error, territory) {
                (Error::Roads(cause), None) => Error::Roads(format!(
                    "{cause}; or export one territory: --territory AGENT_REF or --territory largest"
                )),
                (other, _) => other,
            }
        })?;
    let name = format!("{date}-{}", territory.unwrap_or("all"));
    let text = planner::instance::write(&name, &problem)
        .map_err(|e| Error::Invalid(format!("the instance: {e}")))?;
    std::fs::write(out, text).map_err(|e| Error::io("write", out, e))?;
    let (jobs, shifts) = (problem.jobs().len(), problem.shifts().len());
    screen.end(&format!("{jobs} clients, {shifts} vehicles"));
    Ok(())
}

fn explain(cli: &Cli, case: &str, which: &Which, json: bool) -> Result<(), Error> {
    let app = open(cli)?;
    let travel = open_travel(&app)?;
    let plan = chosen(&app, which.date, which.version)?;
    let said = explain_case(&app, &travel, plan, case_named(&app, case)?)?;
    if json { as_json(&said) } else { say::explained(&said, &app) }
}

fn compare(
    cli: &Cli,
    date: Date,
    (from, to): (i32, i32),
    minutes: u32,
    json: bool,
) -> Result<(), Error> {
    let app = open(cli)?;
    let plan = |version| chosen(&app, Some(date), Some(version));
    let compared = compare_plans(&app, plan(from)?, plan(to)?, minutes)?;
    if json { as_json(&compared) } else { say::compared(&compared, &app) }
}

fn edit(cli: &Cli, args: &EditArgs) -> Result<(), Error> {
    let app = open(cli)?;
    let travel = open_travel(&app)?;
    let plan = chosen(&app, args.which.date, args.which.version)?;
    let edits = edits(&app, plan, args)?;
    let screen = Screen::new(0);
    screen.begin("Edit", None);
    let by = Editor { name: EDITOR.into(), user: None };
    let edited = edit_plan(&app, &travel, plan, &edits, &by, &screen)?;
    let folder = export_saved(&app, &travel, edited.plan)?;
    screen.end(&format!("version {} of {}", edited.version, edited.date));
    say::edited(&edited, &app);
    say(&format!("Written to {}. Agents work by it after `doorstep publish`.", folder.display()));
    Ok(())
}

/// The edits of a file, or the one that is typed.
fn edits(app: &App, plan: PlanId, args: &EditArgs) -> Result<Vec<Edit>, Error> {
    #[derive(Deserialize)]
    #[serde(deny_unknown_fields)]
    struct Body {
        edits: Vec<Edit>,
    }
    if let Some(path) = &args.edits {
        let body: Result<Body, _> = serde_json::from_slice(&read(path)?);
        return match body {
            Ok(body) => Ok(body.edits),
            Err(error) => Err(Error::Invalid(format!("{}: {error}", path.display()))),
        };
    }
    let case = args.case.clone().unwrap_or_default();
    let (verb, agent) = match (&args.to, args.out, &args.lock, args.unlock) {
        (Some(agent), ..) => {
            let id = case_named(app, &case)?;
            let routes = lists::plan(app, plan)?.routes;
            let planned = routes
                .iter()
                .flat_map(|route| &route.stops)
                .any(|stop| stop.case == id || stop.also.iter().any(|further| further.case == id));
            (if planned { Verb::Move } else { Verb::PutIn }, Some(agent.clone()))
        }
        (_, true, ..) => (Verb::TakeOut, None),
        (.., Some(agent), _) => (Verb::Lock, Some(agent.clone())),
        (.., true) => (Verb::Unlock, None),
        _ => {
            let what = "say what to do with the case: --to AGENT, --out, --lock AGENT or --unlock";
            return Err(Error::Invalid(what.into()));
        }
    };
    Ok(vec![Edit { verb, case, agent, with: args.with.clone(), position: args.position }])
}

fn ask(cli: &Cli, args: &WhatIfArgs) -> Result<(), Error> {
    let app = open(cli)?;
    let travel = open_travel(&app)?;
    let asked = WhatIf {
        date: args.date,
        agents: args.agents,
        cost_per_km: args.cost_per_km,
        cost_per_hour: args.cost_per_hour,
        hours: args.hours,
        visit_hours: args.visit_hours,
        tier_from: args.tier_from,
        seed: args.seed.unwrap_or(app.settings.planning.seed),
        iterations: args.iterations,
    };
    let screen = Screen::new(0);
    screen.begin("What if", None);
    let answer = what_if(&app, &travel, &asked, &screen)?;
    if args.json {
        return as_json(&answer);
    }
    screen.end(&format!("{} numbers of agents", answer.curve.len()));
    say::what_if(&answer, &app);
    Ok(())
}

fn as_json(answer: &impl Serialize) -> Result<(), Error> {
    let text = serde_json::to_string_pretty(answer);
    say(&text.map_err(|error| Error::Invalid(format!("the answer: {error}")))?);
    Ok(())
}
