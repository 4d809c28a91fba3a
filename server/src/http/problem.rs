//! Errors as `application/problem+json` (RFC 9457), with stable codes. The only place where an error
//! becomes a status.

use std::fmt;

use actix_web::http::StatusCode;
use actix_web::http::header;
use actix_web::{HttpResponse, ResponseError};
use serde_json::{Map, Value, json};

use crate::error::Error;
use crate::usecases::access::AccessError;
use crate::usecases::refusal::{Refusal, SyncError};

/// Seconds after which a busy database may be asked again.
const RETRY_AFTER_S: &str = "5";

/// Why a request is not answered as it wished.
#[derive(Debug, Clone)]
pub(in crate::http) struct ApiError {
    status: StatusCode,
    code: &'static str,
    detail: String,
    /// Further members of the problem.
    more: Map<String, Value>,
}

impl ApiError {
    /// An error with that status and stable code.
    pub(in crate::http) fn new(
        status: StatusCode,
        code: &'static str,
        detail: impl Into<String>,
    ) -> Self {
        Self { status, code, detail: detail.into(), more: Map::new() }
    }

    /// The same with a further member, as in `field`.
    pub(in crate::http) fn with(mut self, name: &str, value: impl Into<Value>) -> Self {
        self.more.insert(name.into(), value.into());
        self
    }

    /// Nothing of that name or id is here.
    pub(in crate::http) fn not_found(detail: impl Into<String>) -> Self {
        Self::new(StatusCode::NOT_FOUND, "not_found", detail)
    }

    /// The database is busy or cannot be reached. The cause goes into the log; later may be better.
    fn busy(cause: &dyn fmt::Display) -> Self {
        tracing::warn!(%cause, "a request has to wait");
        let detail = "the database is busy; send the request again in some seconds";
        Self::new(StatusCode::SERVICE_UNAVAILABLE, "busy", detail)
    }

    /// The body did not come in time. The connection ends with the answer.
    pub(in crate::http) fn too_slow() -> Self {
        let detail = "the body did not come in time; send it again over a better line";
        Self::new(StatusCode::REQUEST_TIMEOUT, "too_slow", detail)
    }

    /// The server failed. The cause goes into the log and to nobody else.
    pub(in crate::http) fn internal(cause: &dyn fmt::Display) -> Self {
        tracing::error!(%cause, "a request failed");
        let detail = "the server failed; its log says why";
        Self::new(StatusCode::INTERNAL_SERVER_ERROR, "internal", detail)
    }
}

impl fmt::Display for ApiError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}: {}", self.code, self.detail)
    }
}

impl ResponseError for ApiError {
    fn status_code(&self) -> StatusCode {
        self.status
    }

    fn error_response(&self) -> HttpResponse {
        let title = self.status.canonical_reason().unwrap_or("Error");
        let mut body = json!({
            "type": "about:blank", "title": title, "status": self.status.as_u16(),
            "code": self.code, "detail": self.detail,
        });
        if let Some(members) = body.as_object_mut() {
            members.extend(self.more.clone());
        }
        let mut response = HttpResponse::build(self.status);
        response.content_type("application/problem+json");
        if self.status == StatusCode::UNAUTHORIZED {
            response.insert_header((header::WWW_AUTHENTICATE, "Bearer"));
        }
        if self.status == StatusCode::SERVICE_UNAVAILABLE {
            response.insert_header((header::RETRY_AFTER, RETRY_AFTER_S));
        }
        if self.status == StatusCode::REQUEST_TIMEOUT {
            response.force_close();
        }
        response.body(body.to_string())
    }
}

impl From<AccessError> for ApiError {
    fn from(error: AccessError) -> Self {
        use AccessError as A;
        let status = match &error {
            A::WrongCredentials | A::Unauthenticated | A::SessionEnded | A::RefreshReused => {
                StatusCode::UNAUTHORIZED
            }
            A::RoleForbidden(_) | A::DeviceOnly | A::InvalidCode | A::BadProof => {
                StatusCode::FORBIDDEN
            }
            A::LoginTaken(_) | A::LastAdmin | A::KeyKnown => StatusCode::CONFLICT,
            A::NoAgent | A::UnknownAgent(_) | A::Value { .. } => StatusCode::UNPROCESSABLE_ENTITY,
        };
        let problem = Self::new(status, error.code(), error.to_string());
        match error {
            A::Value { field, .. } => problem.with("field", field),
            _ => problem,
        }
    }
}

impl From<SyncError> for ApiError {
    fn from(error: SyncError) -> Self {
        let refusal = match error {
            SyncError::Failed(error) => return error.into(),
            SyncError::Refused(refusal) => refusal,
        };
        let status = StatusCode::from_u16(refusal.status()).unwrap_or(StatusCode::BAD_REQUEST);
        let problem = Self::new(status, refusal.code().label(), refusal.to_string());
        match refusal {
            Refusal::Gap { expected, .. } => problem.with("expected", expected),
            _ => problem,
        }
    }
}

impl From<Error> for ApiError {
    fn from(error: Error) -> Self {
        match error {
            Error::Access(error) => error.into(),
            Error::Unknown(detail) => Self::not_found(detail),
            Error::Invalid(detail) => {
                Self::new(StatusCode::UNPROCESSABLE_ENTITY, "invalid_value", detail)
            }
            Error::Outdated(detail) => Self::new(StatusCode::CONFLICT, "plan_outdated", detail),
            Error::Edits(ref faults) => {
                let problem =
                    Self::new(StatusCode::UNPROCESSABLE_ENTITY, "edit_refused", error.to_string());
                let field = faults.first().map_or("edits", |fault| fault.field.as_str());
                problem.with("field", field).with("violations", json!(faults))
            }
            Error::Cancelled => {
                Self::new(StatusCode::SERVICE_UNAVAILABLE, "cancelled", error.to_string())
            }
            Error::EmptyPlan { .. } => {
                Self::new(StatusCode::CONFLICT, "empty_plan", error.to_string())
            }
            Error::Before { .. } => Self::new(StatusCode::CONFLICT, "not_ready", error.to_string()),
            other if other.is_busy() => Self::busy(&other),
            other => Self::internal(&other),
        }
    }
}
