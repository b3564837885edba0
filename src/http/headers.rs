//! Headers that every answer carries, and the widget's leave to be called from other pages.

use actix_web::body::{EitherBody, MessageBody};
use actix_web::dev::{ServiceRequest, ServiceResponse};
use actix_web::http::Method;
use actix_web::http::header::{HeaderMap, HeaderName, HeaderValue};
use actix_web::middleware::Next;
use actix_web::{Error, HttpResponse};

const POLICY: &str = "default-src 'self'; style-src 'self' 'unsafe-inline'; img-src 'self' data: blob:; font-src 'self' data:; \
                      connect-src 'self' ws: wss:; object-src 'none'; base-uri 'self'; form-action 'self'; frame-ancestors 'none'";

/// Adds the headers that keep browsers careful.
pub(crate) async fn secure<B: MessageBody>(
    request: ServiceRequest,
    next: Next<B>,
) -> Result<ServiceResponse<B>, Error> {
    let mut response = next.call(request).await?;
    let headers = response.headers_mut();
    set(headers, "x-content-type-options", "nosniff");
    set(headers, "referrer-policy", "strict-origin-when-cross-origin");
    set(
        headers,
        "permissions-policy",
        "camera=(), geolocation=(), microphone=()",
    );
    set(headers, "cross-origin-opener-policy", "same-origin");
    set(headers, "content-security-policy", POLICY);
    Ok(response)
}

/// Lets any page call the widget's part of the API. It takes no cookies; which pages may really show the widget is
/// decided by the channel.
pub(crate) async fn allow_widget<B: MessageBody>(
    request: ServiceRequest,
    next: Next<B>,
) -> Result<ServiceResponse<EitherBody<B>>, Error> {
    let is_widget = request.path().starts_with("/api/v1/widget/") || request.path() == "/widget.js";
    let is_question = is_widget && request.method() == Method::OPTIONS;
    let mut response = if is_question {
        request
            .into_response(HttpResponse::NoContent().finish())
            .map_into_right_body()
    } else {
        next.call(request).await?.map_into_left_body()
    };
    if is_widget {
        let headers = response.headers_mut();
        set(headers, "access-control-allow-origin", "*");
        set(headers, "access-control-allow-methods", "GET, POST, PATCH, OPTIONS");
        set(headers, "access-control-allow-headers", "authorization, content-type");
        set(headers, "access-control-expose-headers", "retry-after, x-request-id");
        set(headers, "access-control-max-age", "86400");
        set(headers, "cross-origin-resource-policy", "cross-origin");
    }
    Ok(response)
}

fn set(headers: &mut HeaderMap, name: &'static str, value: &'static str) {
    headers.insert(HeaderName::from_static(name), HeaderValue::from_static(value));
}
