//! Each request has an id, a line in the log and a place in the metrics.

use actix_web::Error;
use actix_web::body::MessageBody;
use actix_web::dev::{ServiceRequest, ServiceResponse};
use actix_web::http::header::{HeaderName, HeaderValue};
use actix_web::middleware::Next;
use tokio::time::Instant;

/// How long the server took, where browsers and measurements look for it.
const SERVER_TIMING: HeaderName = HeaderName::from_static("server-timing");
const REQUEST_ID: HeaderName = HeaderName::from_static("x-request-id");

/// Names the request, carries it out, and tells how it went.
pub(crate) async fn follow<B: MessageBody>(
    request: ServiceRequest,
    next: Next<B>,
) -> Result<ServiceResponse<B>, Error> {
    let (id, begun) = (id_of(&request), Instant::now());
    let (method, path) = (request.method().to_string(), request.path().to_owned());
    let mut response = api::with_trace(id.clone(), next.call(request)).await?;
    let (status, took) = (response.status().as_u16(), begun.elapsed());
    let route = response.request().match_pattern().unwrap_or_else(|| "other".into());
    metrics::histogram!("switchboard_http_request_seconds", "method" => method.clone(), "route" => route, "status" => status.to_string())
        .record(took.as_secs_f64());
    tracing::info!(
        request.id = id,
        method,
        path,
        status,
        ms = took.as_secs_f64() * 1_000.0,
        "request"
    );
    if let Ok(value) = HeaderValue::from_str(&format!("total;dur={:.3}", took.as_secs_f64() * 1_000.0)) {
        response.headers_mut().insert(SERVER_TIMING, value);
    }
    if let Ok(value) = HeaderValue::from_str(&id) {
        response.headers_mut().insert(REQUEST_ID, value);
    }
    Ok(response)
}

/// The id that a proxy gave, if it is a sensible one, or a new one.
fn id_of(request: &ServiceRequest) -> String {
    let given = request.headers().get(REQUEST_ID).and_then(|id| id.to_str().ok());
    let is_sensible =
        |id: &&str| (8..=64).contains(&id.len()) && id.chars().all(|c| c.is_ascii_alphanumeric() || c == '-');
    given
        .filter(is_sensible)
        .map_or_else(|| uuid::Uuid::now_v7().simple().to_string(), str::to_owned)
}
