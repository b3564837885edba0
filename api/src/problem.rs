//! The one place that turns a failure of any crate into an HTTP answer.

use actix_web::HttpResponse;
use actix_web::http::StatusCode;
use actix_web::http::header::{CONTENT_TYPE, RETRY_AFTER, WWW_AUTHENTICATE};
use kernel::{Code, Fault, Problem};

/// What handlers return.
pub type Result<T> = std::result::Result<T, ApiError>;

/// A failure on its way to the client.
#[derive(Debug)]
pub struct ApiError(Box<Problem>);

tokio::task_local! {
    static TRACE: String;
}

/// Runs `work` with the id that names its failures in the log.
pub async fn with_trace<F: Future>(trace: String, work: F) -> F::Output {
    TRACE.scope(trace, work).await
}

/// Tells of a fault, and logs once what must stay inside.
pub fn problem_of(fault: &impl Fault) -> Problem {
    let trace = TRACE.try_with(Clone::clone).unwrap_or_default();
    if fault.code() == Code::Internal {
        tracing::error!(trace, error = %kernel::fault::chain(fault), "a request failed");
    }
    Problem::of(fault, &trace)
}

impl<F: Fault> From<F> for ApiError {
    fn from(fault: F) -> Self {
        Self(Box::new(problem_of(&fault)))
    }
}

impl std::fmt::Display for ApiError {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(&self.0.detail)
    }
}

impl actix_web::ResponseError for ApiError {
    fn status_code(&self) -> StatusCode {
        StatusCode::from_u16(self.0.status).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR)
    }

    fn error_response(&self) -> HttpResponse {
        let mut answer = HttpResponse::build(self.status_code());
        answer.insert_header((CONTENT_TYPE, "application/problem+json"));
        if let Some(wait) = self.0.retry_after {
            answer.insert_header((RETRY_AFTER, wait.as_secs().max(1)));
        }
        if self.0.status == 401 {
            answer.insert_header((WWW_AUTHENTICATE, "Bearer"));
        }
        answer.body(serde_json::to_string(&self.0).unwrap_or_default())
    }
}
