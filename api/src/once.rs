//! The `Idempotency-Key` header: the same request again gets the answer of the first time.

use std::future::{Ready, ready};

use actix_web::dev::Payload;
use actix_web::{FromRequest, HttpRequest};
use kernel::{Code, Fault, FieldError};
use serde::Serialize;
use store::idempotency::IdempotencyKey;

use crate::ApiError;

/// What the client said about repeating this request.
pub struct Once {
    key: Option<String>,
    operation: String,
}

impl Once {
    /// The key for this body, if the client gave one.
    pub fn of(&self, body: &impl Serialize) -> Option<IdempotencyKey> {
        let body = serde_json::to_vec(body).unwrap_or_default();
        self.key
            .as_ref()
            .map(|key| IdempotencyKey::new(key, &self.operation, &body))
    }
}

impl FromRequest for Once {
    type Error = ApiError;
    type Future = Ready<Result<Self, ApiError>>;

    fn from_request(request: &HttpRequest, _: &mut Payload) -> Self::Future {
        let operation = format!("{} {}", request.method(), request.path());
        let key = match request.headers().get("idempotency-key") {
            None => Ok(None),
            Some(value) => match value.to_str() {
                Ok(key) if (1..=200).contains(&key.len()) => Ok(Some(key.to_owned())),
                _ => Err(BadKey.into()),
            },
        };
        ready(key.map(|key| Self { key, operation }))
    }
}

#[derive(Debug, thiserror::Error)]
#[error("the idempotency key is not valid")]
struct BadKey;

impl Fault for BadKey {
    fn code(&self) -> Code {
        Code::Invalid
    }

    fn fields(&self) -> Vec<FieldError> {
        vec![FieldError::new(
            "Idempotency-Key",
            "has 1 to 200 visible ASCII characters",
        )]
    }
}
