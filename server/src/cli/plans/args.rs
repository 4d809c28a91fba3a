//! What can be typed after `plan`.
#![expect(clippy::doc_markdown, reason = "doc comments here are help texts on a terminal")]

use std::path::PathBuf;

use clap::{Args, Subcommand};
use jiff::civil::Date;
use sync_core::model::LocalWindow;

use crate::cli::args::date;

/// Arguments of `plan`.
#[derive(Debug, Args)]
pub struct PlanArgs {
    /// Another thing to do with the day than to plan it.
    #[command(subcommand)]
    pub command: Option<PlanCommand>,
    /// The working day.
    #[arg(long, value_name = "YYYY-MM-DD", value_parser = date, required = true)]
    pub date: Option<Date>,
    /// Seed of the search [default: from doorstep.toml].
    #[arg(long, value_parser = clap::value_parser!(u64).range(..=9_223_372_036_854_775_807))]
    pub seed: Option<u64>,
    /// Length of the search [default: from doorstep.toml].
    #[arg(long, value_parser = clap::value_parser!(u64).range(1..=1_000_000_000))]
    pub iterations: Option<u64>,
}

/// Commands on a day's problem and on saved plans.
#[derive(Debug, Subcommand)]
pub enum PlanCommand {
    /// Writes the day as a routing problem in JSON, for comparison with other solvers.
    #[command(
        after_help = "Example:  doorstep plan export-instance --date 2026-11-23 --territory A07 --out a07.json"
    )]
    ExportInstance {
        /// The working day.
        #[arg(long, value_name = "YYYY-MM-DD", value_parser = date)]
        date: Date,
        /// Only the territory of this agent; `largest` takes the one with the most cases.
        #[arg(long, value_name = "AGENT_REF")]
        territory: Option<String>,
        /// Where to write it.
        #[arg(long, value_name = "FILE")]
        out: PathBuf,
    },
    /// Says why a case is in a plan or not, and what would change that.
    #[command(after_help = "Examples:  doorstep plan explain --case L-1042\n  \
        doorstep plan explain --case L-1042 --date 2026-11-23 --version 2 --json")]
    Explain {
        /// The case_ref of the case.
        #[arg(long, value_name = "REF")]
        case: String,
        /// The plan.
        #[command(flatten)]
        which: Which,
        /// All parts, as the API answers them.
        #[arg(long)]
        json: bool,
    },
    /// Two versions of a day side by side: figures, and stops kept, moved, added and dropped.
    #[command(
        after_help = "Examples:  doorstep plan compare --date 2026-11-23 --from 1 --to 2\n  \
        doorstep plan compare --date 2026-11-23 --from 1 --to 2 --minutes 5 --json"
    )]
    Compare {
        /// The working day.
        #[arg(long, value_name = "YYYY-MM-DD", value_parser = date)]
        date: Date,
        /// The version to compare with.
        #[arg(long, value_name = "VERSION")]
        from: i32,
        /// The version that is compared.
        #[arg(long, value_name = "VERSION")]
        to: i32,
        /// Minutes by which a stop may begin earlier or later and still count as kept.
        #[arg(long, default_value_t = crate::usecases::compare_plans::USUAL_MINUTES)]
        minutes: u32,
        /// All parts, as the API answers them.
        #[arg(long)]
        json: bool,
    },
    /// Edits a plan by hand: checked and priced at once, saved as the next version of the day.
    #[command(
        after_help = "Examples:  doorstep plan edit --date 2026-11-23 --case L-1042 --to A07 --position 3\n  \
        doorstep plan edit --date 2026-11-23 --case L-1042 --out\n  \
        doorstep plan edit --date 2026-11-23 --case L-1042 --lock A07\n  \
        doorstep plan edit --date 2026-11-23 --edits edits.json\n\n\
        edits.json is the body that POST /api/v1/plans/{id}/edits takes, for several edits at once."
    )]
    Edit(EditArgs),
    /// What the day would come to with other numbers of agents, costs, hours or rules. Saves nothing.
    #[command(after_help = "Examples:  doorstep plan what-if --date 2026-11-23 --agents 8..14\n  \
        doorstep plan what-if --date 2026-11-23 --cost-per-km 0.65 --hours +1\n  \
        doorstep plan what-if --date 2026-11-23 --tier-from 60 --json")]
    WhatIf(WhatIfArgs),
    /// Plans what is left of a day anew, from where agents are: what happened, what moved and why.
    #[command(after_help = "Examples:  doorstep plan replan --agent-out A07\n  \
        doorstep plan replan --now 13:00 --agent-out A07=13:30 --urgent L-1042 --appointment L-7=15:00-16:00\n  \
        doorstep plan replan --falls-away L-9=paid --lock L-4 --position A02=39.1582,-75.5244\n  \
        doorstep plan replan --date 2026-11-23 --events events.json --json\n\n\
        Times are HH:MM of the plan's day. events.json is the body that POST /api/v1/plans/{id}/replan takes.")]
    Replan(ReplanArgs),
}

/// Which plan.
#[derive(Debug, Args)]
pub struct Which {
    /// The working day [default: that of the plan agents work by, else of the newest].
    #[arg(long, value_name = "YYYY-MM-DD", value_parser = date)]
    pub date: Option<Date>,
    /// Version of the day's plan [default: the one agents work by, else the newest].
    #[arg(long, requires = "date")]
    pub version: Option<i32>,
}

/// Arguments of `plan edit`.
#[derive(Debug, Args)]
pub struct EditArgs {
    /// The plan.
    #[command(flatten)]
    pub which: Which,
    /// The case_ref of the case.
    #[arg(long, value_name = "REF", required_unless_present = "edits", conflicts_with = "edits")]
    pub case: Option<String>,
    /// Moves it to that agent, or puts it in.
    #[arg(long, value_name = "AGENT_REF", requires = "case", group = "what")]
    pub to: Option<String>,
    /// The other agent, of a visit that takes two.
    #[arg(long, value_name = "AGENT_REF", requires = "to")]
    pub with: Option<String>,
    /// The number it gets in the route [default: the cheapest place that fits].
    #[arg(long, requires = "to")]
    pub position: Option<usize>,
    /// Takes it out.
    #[arg(long, requires = "case", group = "what")]
    pub out: bool,
    /// No other agent may visit it.
    #[arg(long, value_name = "AGENT_REF", requires = "case", group = "what")]
    pub lock: Option<String>,
    /// Any agent may visit it.
    #[arg(long, requires = "case", group = "what")]
    pub unlock: bool,
    /// Several edits as JSON, {"edits": [...]}.
    #[arg(long, value_name = "FILE", group = "what")]
    pub edits: Option<PathBuf>,
}

/// Arguments of `plan replan`.
#[derive(Debug, Args)]
pub struct ReplanArgs {
    /// The plan.
    #[command(flatten)]
    pub which: Which,
    /// The instant from which on the day is planned anew, HH:MM of its day or RFC 3339 [default: now].
    #[arg(long, value_name = "TIME")]
    pub now: Option<String>,
    /// Takes no further stops, from now on or from a time.
    #[arg(long, value_name = "AGENT_REF[=TIME]")]
    pub agent_out: Vec<String>,
    /// Must be visited today, within hours if they are given.
    #[arg(long, value_name = "REF[=FROM-TO]")]
    pub urgent: Vec<String>,
    /// Is promised to the borrower within these hours.
    #[arg(long, value_name = "REF=FROM-TO")]
    pub appointment: Vec<String>,
    /// Is not to be visited any more.
    #[arg(long, value_name = "REF=WHY")]
    pub falls_away: Vec<String>,
    /// Stays with the agent who has it, or goes to another one and stays there.
    #[arg(long, value_name = "REF[=AGENT_REF]")]
    pub lock: Vec<String>,
    /// Its borrower was told who comes.
    #[arg(long, value_name = "REF")]
    pub told: Vec<String>,
    /// Where an agent is.
    #[arg(long, value_name = "AGENT_REF=LAT,LON")]
    pub position: Vec<String>,
    /// The agent is at the door now, or since a time.
    #[arg(long, value_name = "REF[=TIME]")]
    pub begun: Vec<String>,
    /// Was visited, and there is no record of it yet.
    #[arg(long, value_name = "REF[=TIME]")]
    pub done: Vec<String>,
    /// Events as JSON, {"events": [...]}, beside those that are typed.
    #[arg(long, value_name = "FILE")]
    pub events: Option<PathBuf>,
    /// Seed of the search [default: from doorstep.toml].
    #[arg(long, value_parser = clap::value_parser!(u64).range(..=9_223_372_036_854_775_807))]
    pub seed: Option<u64>,
    /// Length of the search.
    #[arg(long, default_value_t = crate::usecases::build_plan::REPLAN_ITERATIONS,
        value_parser = clap::value_parser!(u64).range(1..=1_000_000_000))]
    pub iterations: u64,
    /// All of it, as the API answers it.
    #[arg(long)]
    pub json: bool,
}

/// Arguments of `plan what-if`.
#[derive(Debug, Args)]
pub struct WhatIfArgs {
    /// The working day.
    #[arg(long, value_name = "YYYY-MM-DD", value_parser = date)]
    pub date: Date,
    /// Numbers of agents, as 8..14 [default: those on duty, and one more].
    #[arg(long, value_name = "N..M", value_parser = range)]
    pub agents: Option<(usize, usize)>,
    /// Another price of a kilometre, in units of the currency.
    #[arg(long, value_name = "AMOUNT")]
    pub cost_per_km: Option<f64>,
    /// Another price of an hour.
    #[arg(long, value_name = "AMOUNT")]
    pub cost_per_hour: Option<f64>,
    /// Hours by which every shift ends later, or with a minus earlier.
    #[arg(long, allow_hyphen_values = true)]
    pub hours: Option<f64>,
    /// Local hours within which everybody may be visited, instead of each borrower's own; the rules' hours hold.
    #[arg(long, value_name = "HH:MM-HH:MM")]
    pub visit_hours: Option<LocalWindow>,
    /// Points from which the tier is high, which makes a visit possible.
    #[arg(long, value_name = "POINTS")]
    pub tier_from: Option<i32>,
    /// Seed of each search [default: from doorstep.toml].
    #[arg(long, value_parser = clap::value_parser!(u64).range(..=9_223_372_036_854_775_807))]
    pub seed: Option<u64>,
    /// Length of each search.
    #[arg(long, default_value_t = crate::usecases::build_plan::USUAL_ITERATIONS,
        value_parser = clap::value_parser!(u64).range(1..=1_000_000_000))]
    pub iterations: u64,
    /// All figures, as the API answers them.
    #[arg(long)]
    pub json: bool,
}

/// Numbers of agents.
fn range(text: &str) -> Result<(usize, usize), String> {
    let (from, to) = text.split_once("..").unwrap_or((text, text));
    let read = from.parse().ok().zip(to.parse().ok());
    read.ok_or_else(|| "write the numbers of agents as 8..14".to_owned())
}
