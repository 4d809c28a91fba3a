//! What the app implements.

use thiserror::Error;

use super::SyncStep;
use crate::http::{HttpAnswer, HttpRequest};

/// The app's network.
#[uniffi::export(with_foreign)]
#[async_trait::async_trait]
pub trait Transport: Send + Sync + std::fmt::Debug {
    /// Waits `wait_s` seconds, sends a request to the server and returns its answer, whatever its
    /// status. With a limit of time: the library has none.
    ///
    /// # Errors
    /// [`AppError::Offline`] when no whole answer came.
    async fn send(&self, request: HttpRequest) -> Result<HttpAnswer, AppError>;
}

/// Whoever wants to know how far an exchange has come.
#[uniffi::export(with_foreign)]
pub trait SyncListener: Send + Sync + std::fmt::Debug {
    /// A step was made, and is on disk.
    ///
    /// # Errors
    /// Any stops the exchange; a later one goes on.
    fn on_step(&self, step: SyncStep) -> Result<(), AppError>;
}

/// Why the app's part of an exchange failed.
#[derive(Debug, Clone, PartialEq, Eq, Error, uniffi::Error)]
pub enum AppError {
    /// No answer came.
    #[error("no answer: {detail}")]
    Offline {
        /// What happened.
        detail: String,
    },
    /// Anything else.
    #[error("{detail}")]
    Failed {
        /// What happened.
        detail: String,
    },
}

/// An exception that the app did not declare.
impl From<uniffi::UnexpectedUniFFICallbackError> for AppError {
    fn from(error: uniffi::UnexpectedUniFFICallbackError) -> Self {
        Self::Failed { detail: error.reason }
    }
}
