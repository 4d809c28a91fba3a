//! Lets a request through to its handler only as the table of routes says.

use std::future::{Ready, ready};

use actix_web::body::{EitherBody, MessageBody};
use actix_web::dev::{Payload, ServiceRequest, ServiceResponse};
use actix_web::http::{StatusCode, header};
use actix_web::middleware::Next;
use actix_web::{Error, FromRequest, HttpMessage as _, HttpRequest, ResponseError as _, web};

use super::{Access, Api, PREFIX, ROUTES};
use crate::http::problem::ApiError;
use crate::usecases::access::AccessError;
use crate::usecases::sessions::{Caller, caller};

/// What is not in the table is not there; what is has a caller where the table wants one.
pub(super) async fn authorise<B: MessageBody>(
    request: ServiceRequest,
    next: Next<B>,
) -> Result<ServiceResponse<EitherBody<B>>, Error> {
    match admit(&request).await {
        Ok(()) => Ok(next.call(request).await?.map_into_left_body()),
        Err(refused) => Ok(request.into_response(refused.error_response()).map_into_right_body()),
    }
}

async fn admit(request: &ServiceRequest) -> Result<(), ApiError> {
    let pattern = request.match_pattern().unwrap_or_default();
    let path = pattern.strip_prefix(PREFIX).unwrap_or_default();
    let known: Vec<_> = ROUTES.iter().filter(|route| route.path == path).collect();
    if known.is_empty() {
        let (method, path) = (request.method(), request.path());
        return Err(ApiError::not_found(format!("there is no {method} {path}")));
    }
    let method = request.method().as_str();
    let Some(route) = known.iter().find(|route| route.method.eq_ignore_ascii_case(method)) else {
        let known: Vec<_> = known.iter().map(|route| route.method.to_uppercase()).collect();
        let detail = format!("{} answers {}", request.path(), known.join(", "));
        return Err(ApiError::new(StatusCode::METHOD_NOT_ALLOWED, "method_not_allowed", detail));
    };
    // The parts of the path are the route's to read; here it is known what each is called.
    let mut parts = pattern.split('/').zip(request.path().split('/'));
    if let Some((name, _)) = parts.find(|(_, part)| part.contains('\0') || part.contains("%00")) {
        let name = name.trim_matches(['{', '}']);
        let detail = format!("{name}: nothing here has the character U+0000 in its name");
        return Err(ApiError::not_found(detail).with("field", name));
    }
    if route.access == Access::Anyone {
        return Ok(());
    }
    let token = bearer(request).ok_or(AccessError::Unauthenticated)?;
    let api = request.app_data::<web::Data<Api>>().cloned();
    let api = api.ok_or_else(|| ApiError::internal(&"the API has no data"))?;
    let caller = api.run(move |app| caller(app, &token)).await?;
    match route.access {
        Access::Anyone | Access::SignedIn => {}
        Access::Device if caller.device.is_some() => {}
        Access::Device => return Err(AccessError::DeviceOnly.into()),
        Access::Roles(roles) => caller.require(roles)?,
    }
    request.extensions_mut().insert(caller);
    Ok(())
}

fn bearer(request: &ServiceRequest) -> Option<String> {
    let value = request.headers().get(header::AUTHORIZATION)?.to_str().ok()?;
    let (scheme, token) = value.split_once(' ')?;
    scheme.eq_ignore_ascii_case("bearer").then(|| token.trim().to_owned())
}

impl FromRequest for Caller {
    type Error = Error;
    type Future = Ready<Result<Self, Error>>;

    fn from_request(request: &HttpRequest, _: &mut Payload) -> Self::Future {
        // Absent where the table lets anyone in.
        let caller = request.extensions().get::<Self>().copied();
        ready(caller.ok_or_else(|| ApiError::from(AccessError::Unauthenticated).into()))
    }
}
