//! The HTTP API under `/api/v1`: JSON in, JSON or `application/problem+json` out.
//!
//! [`ROUTES`] says what there is and who may. A new endpoint is a handler with `utoipa::path` in the
//! file of its noun and one line in the table of `routes.rs`; routing, access and the `OpenAPI`
//! document follow from that.

mod audit;
mod cases;
mod devices;
mod economics;
mod extract;
mod guard;
mod paging;
mod payments;
mod plans;
mod replan;
mod routes;
mod sessions;
mod sync;
mod users;
mod visits;
mod what_if;

use std::sync::Arc;

use actix_web::{middleware, web};
use tokio::sync::Semaphore;

use super::problem::ApiError;
use crate::app::App;
use crate::error::Error;
use crate::travel::Travel;

pub use extract::Patience;
pub(in crate::http) use extract::Query;
pub use routes::{Access, PREFIX, ROUTES, Route, openapi_json};

/// Passwords that are hashed at the same time: each takes 19 MiB and a core.
const HASHING: usize = 2;

/// Questions of what a day would come to that are searched at the same time.
const SEARCHING: usize = 1;

/// What all handlers share.
#[derive(Debug)]
pub(in crate::http) struct Api {
    app: Arc<App>,
    travel: Arc<Travel>,
    hashing: Semaphore,
    searching: Semaphore,
    patience: Patience,
}

impl Api {
    pub(in crate::http) fn new(app: Arc<App>, travel: Arc<Travel>, patience: Patience) -> Self {
        let (hashing, searching) = (Semaphore::new(HASHING), Semaphore::new(SEARCHING));
        Self { app, travel, hashing, searching, patience }
    }

    /// Runs a use case on the blocking pool.
    pub(in crate::http) async fn run<T, E>(
        &self,
        f: impl FnOnce(&App) -> Result<T, E> + Send + 'static,
    ) -> Result<T, ApiError>
    where
        T: Send + 'static,
        E: Send + 'static,
        ApiError: From<E>,
    {
        let app = Arc::clone(&self.app);
        let done = web::block(move || f(&app)).await.map_err(|error| ApiError::internal(&error))?;
        Ok(done?)
    }

    /// As [`Self::run`], for what asks for travel times.
    async fn run_travelling<T: Send + 'static>(
        &self,
        f: impl FnOnce(&App, &Travel) -> Result<T, Error> + Send + 'static,
    ) -> Result<T, ApiError> {
        let travel = Arc::clone(&self.travel);
        self.run(move |app| f(app, &travel)).await
    }

    /// As [`Self::run_travelling`], for what searches: one at a time, the others wait.
    async fn run_searching<T: Send + 'static>(
        &self,
        f: impl FnOnce(&App, &Travel) -> Result<T, Error> + Send + 'static,
    ) -> Result<T, ApiError> {
        let turn = self.searching.acquire().await;
        let _turn = turn.map_err(|error| ApiError::internal(&error))?;
        self.run_travelling(f).await
    }

    /// As [`Self::run`], for what hashes a password: few at a time, the others wait.
    async fn run_hashing<T: Send + 'static>(
        &self,
        f: impl FnOnce(&App) -> Result<T, Error> + Send + 'static,
    ) -> Result<T, ApiError> {
        let turn = self.hashing.acquire().await;
        let _turn = turn.map_err(|error| ApiError::internal(&error))?;
        self.run(f).await
    }
}

/// The API below [`PREFIX`].
pub(in crate::http) fn configure(config: &mut web::ServiceConfig) {
    config.service(
        web::scope(PREFIX).wrap(middleware::from_fn(guard::authorise)).configure(routes::resources),
    );
}
