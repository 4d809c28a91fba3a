//! What a day would come to otherwise.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use actix_web::web;
use jiff::civil::Date;
use serde::Deserialize;
use utoipa::ToSchema;

use super::Api;
use super::extract::Body;
use crate::error::Error;
use crate::http::problem::ApiError;
use crate::progress::Progress;
use crate::usecases::build_plan::{USUAL_ITERATIONS, WhatIf, WhatIfAnswer, what_if};

/// Most iterations of all searches of a request together.
const MOST_ITERATIONS: u64 = 500_000;

/// What is assumed.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct AskWhatIf {
    /// The working day (YYYY-MM-DD).
    #[schema(value_type = String, format = Date)]
    date: Date,
    /// Smallest number of agents; those on duty unless given.
    agents_from: Option<usize>,
    /// Greatest number of agents; one more than the smallest unless given.
    agents_to: Option<usize>,
    /// Another price of a kilometre, in units of the currency.
    cost_per_km: Option<f64>,
    /// Another price of an hour, in units of the currency.
    cost_per_hour: Option<f64>,
    /// Hours by which every shift ends later; less than nothing: earlier.
    hours: Option<f64>,
    /// Local hours within which everybody may be visited, instead of each borrower's own, as `16:00-20:00`; those of
    /// the rules hold.
    visit_hours: Option<String>,
    /// Points from which the tier is high.
    tier_from: Option<i32>,
    /// Seed of each search; that of the settings unless given.
    seed: Option<u64>,
    /// Length of each search, 1 to 100,000; 5,000 unless given.
    iterations: Option<u64>,
}

/// What the day would come to by number of agents, and what one more agent and one more hour would bring. Saves nothing;
/// ends when whoever asked has gone.
#[utoipa::path(post, path = "/plans/what-if", tag = "plans", request_body = AskWhatIf,
    security(("bearer" = [])),
    responses((status = 200, description = "The figures", body = WhatIfAnswer),
        (status = 409, description = "`not_ready`"), (status = 422, description = "`invalid_value`")))]
pub(super) async fn ask(
    api: web::Data<Api>,
    Body(ask): Body<AskWhatIf>,
) -> Result<web::Json<WhatIfAnswer>, ApiError> {
    let (watch, gone) = watched();
    let answer = api.run_searching(move |app, travel| {
        let asked = ask.read(app.settings.planning.seed)?;
        what_if(app, travel, &asked, &watch)
    });
    let answer = answer.await;
    drop(gone);
    Ok(web::Json(answer?))
}

impl AskWhatIf {
    fn read(&self, seed: u64) -> Result<WhatIf, Error> {
        let agents = match (self.agents_from, self.agents_to) {
            (None, None) => None,
            (Some(from), to) => Some((from, to.unwrap_or_else(|| from.saturating_add(1)))),
            (None, Some(_)) => {
                return Err(Error::Invalid("agents_from: give it with agents_to".into()));
            }
        };
        let iterations = self.iterations.unwrap_or(USUAL_ITERATIONS);
        if !(1..=100_000).contains(&iterations) {
            return Err(Error::Invalid("iterations: write 1 to 100000".into()));
        }
        // Beside the numbers asked for: all on duty twice, one more, and an hour more.
        let numbers = agents.map_or(2, |(from, to)| to.saturating_sub(from).saturating_add(1));
        let searches = u64::try_from(numbers).unwrap_or(u64::MAX).saturating_add(4);
        if searches.saturating_mul(iterations) > MOST_ITERATIONS {
            return Err(Error::Invalid(format!(
                "iterations: {searches} searches of {iterations} are more than {MOST_ITERATIONS} in all: ask \
                 for fewer agents or iterations"
            )));
        }
        let visit_hours = self.visit_hours.as_deref().map(str::parse).transpose();
        let visit_hours =
            visit_hours.map_err(|error| Error::Invalid(format!("visit_hours: {error}")))?;
        Ok(WhatIf {
            date: self.date,
            agents,
            cost_per_km: self.cost_per_km,
            cost_per_hour: self.cost_per_hour,
            hours: self.hours,
            visit_hours,
            tier_from: self.tier_from,
            seed: self.seed.unwrap_or(seed),
            iterations,
        })
    }
}

/// A watcher for a search, and what tells it that nobody waits any more.
pub(super) fn watched() -> (Watch, Gone) {
    let watch = Watch::default();
    let gone = Gone(Arc::clone(&watch.0));
    (watch, gone)
}

/// Whether the request is still waited for.
#[derive(Debug, Default)]
pub(super) struct Watch(Arc<AtomicBool>);

/// Told when the request is dropped, answered or not.
pub(super) struct Gone(Arc<AtomicBool>);

impl Drop for Gone {
    fn drop(&mut self) {
        self.0.store(true, Ordering::Relaxed);
    }
}

impl Progress for Watch {
    fn is_cancelled(&self) -> bool {
        self.0.load(Ordering::Relaxed)
    }
}
