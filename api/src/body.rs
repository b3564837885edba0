//! What is asked: extractors that name the field when something is wrong with it.

use actix_web::dev::Payload;
use actix_web::http::header::AUTHORIZATION;
use actix_web::{FromRequest, HttpRequest, web};
use futures_util::StreamExt;
use futures_util::future::LocalBoxFuture;
use kernel::{Code, Fault, FieldError};
use serde::de::DeserializeOwned;
use serde_json::Value;
use std::future::{Ready, ready};

use crate::{ApiError, LimitsConfig};

/// The largest body of somebody who shows no token.
const STRANGERS_BODY: usize = 16 * 1024;

/// A JSON body.
pub struct Json<T>(pub T);

/// The query of a URL.
pub struct Query<T>(pub T);

/// The ids in a path. One that is no id is of nothing that exists.
pub struct Path<T>(pub T);

impl<T: DeserializeOwned + 'static> FromRequest for Json<T> {
    type Error = ApiError;
    type Future = LocalBoxFuture<'static, Result<Self, ApiError>>;

    fn from_request(request: &HttpRequest, payload: &mut Payload) -> Self::Future {
        let limits = request.app_data::<web::Data<LimitsConfig>>();
        let limits = limits.map(|limits| (**limits).clone()).unwrap_or_default();
        // Who has not said who they are has little to say.
        let is_stranger = !request.headers().contains_key(AUTHORIZATION);
        let limit = if is_stranger {
            limits.body_bytes.min(STRANGERS_BODY)
        } else {
            limits.body_bytes
        };
        let mut payload = payload.take();
        Box::pin(async move {
            let body = tokio::time::timeout(limits.body_patience, gather(&mut payload, limit)).await;
            Ok(Self(read(&body.map_err(|_elapsed| BadBody::TooSlow)??)?))
        })
    }
}

impl<T: DeserializeOwned + 'static> FromRequest for Query<T> {
    type Error = ApiError;
    type Future = Ready<Result<Self, ApiError>>;

    fn from_request(request: &HttpRequest, _: &mut Payload) -> Self::Future {
        let query = serde_urlencoded::from_str(request.query_string());
        ready(
            query
                .map(Self)
                .map_err(|e| BadBody::Field(FieldError::new("query", e.to_string())).into()),
        )
    }
}

impl<T: DeserializeOwned + 'static> FromRequest for Path<T> {
    type Error = ApiError;
    type Future = Ready<Result<Self, ApiError>>;

    fn from_request(request: &HttpRequest, payload: &mut Payload) -> Self::Future {
        let path = web::Path::<T>::from_request(request, payload).into_inner();
        ready(
            path.map(|path| Self(path.into_inner()))
                .map_err(|_cause| BadBody::NoSuchPath.into()),
        )
    }
}

async fn gather(payload: &mut Payload, limit: usize) -> Result<web::BytesMut, BadBody> {
    let mut body = web::BytesMut::new();
    while let Some(chunk) = payload.next().await {
        let chunk = chunk.map_err(|e| BadBody::Malformed(e.to_string()))?;
        if body.len() + chunk.len() > limit {
            return Err(BadBody::TooLarge { limit });
        }
        body.extend_from_slice(&chunk);
    }
    Ok(body)
}

fn read<T: DeserializeOwned>(body: &[u8]) -> Result<T, BadBody> {
    // Else a list of its fields would do for a struct.
    if body.trim_ascii_start().starts_with(b"[") {
        let list = FieldError::new("body", "is an object, not a list");
        return Err(BadBody::Field(list));
    }
    parse(body).or_else(|wrong| with_whole_numbers(body).ok_or(wrong))
}

/// To JSON `7.0` is the same whole number as `7`.
fn with_whole_numbers<T: DeserializeOwned>(body: &[u8]) -> Option<T> {
    let mut value = serde_json::from_slice(body).ok()?;
    make_whole(&mut value);
    serde_json::from_value(value).ok()
}

fn make_whole(value: &mut Value) {
    match value {
        Value::Array(items) => items.iter_mut().for_each(make_whole),
        Value::Object(fields) => fields.values_mut().for_each(make_whole),
        Value::Number(number) => {
            let whole = number
                .is_f64()
                .then(|| format!("{}", number.as_f64().unwrap_or(0.5)).parse::<i64>());
            if let Some(Ok(whole)) = whole {
                *value = whole.into();
            }
        }
        _ => {}
    }
}

fn parse<T: DeserializeOwned>(body: &[u8]) -> Result<T, BadBody> {
    let mut json = serde_json::Deserializer::from_slice(body);
    let value = serde_path_to_error::deserialize(&mut json).map_err(|e| {
        let path = e.path().to_string();
        let inner = e.into_inner();
        if !inner.is_data() {
            return BadBody::Malformed(inner.to_string());
        }
        BadBody::Field(FieldError::new(
            if path == "." { "body".to_owned() } else { path },
            inner.to_string(),
        ))
    })?;
    json.end().map_err(|e| BadBody::Malformed(e.to_string()))?;
    Ok(value)
}

/// A request that cannot be understood.
#[derive(Debug, PartialEq, Eq, thiserror::Error)]
enum BadBody {
    #[error("the body is not JSON: {0}")]
    Malformed(String),
    #[error("the body is larger than {limit} bytes")]
    TooLarge { limit: usize },
    #[error("the body did not come in time")]
    TooSlow,
    #[error("{} is not valid", .0.field)]
    Field(FieldError),
    #[error("not found")]
    NoSuchPath,
}

impl Fault for BadBody {
    fn code(&self) -> Code {
        match self {
            Self::Malformed(_) | Self::TooSlow => Code::Malformed,
            Self::TooLarge { .. } => Code::TooLarge,
            Self::Field(_) => Code::Invalid,
            Self::NoSuchPath => Code::NotFound,
        }
    }

    fn fields(&self) -> Vec<FieldError> {
        match self {
            Self::Field(field) => vec![field.clone()],
            _ => vec![],
        }
    }
}

#[cfg(test)]
mod tests {
    use serde::Deserialize;

    use super::*;

    #[derive(Debug, PartialEq, Deserialize)]
    #[serde(deny_unknown_fields)]
    struct Thing {
        n: u8,
    }

    #[test]
    fn a_body_is_read_or_the_field_is_named() {
        let field = |body: &str| match read::<Thing>(body.as_bytes()) {
            Err(BadBody::Field(field)) => field.field.into_owned(),
            other => format!("{other:?}"),
        };
        assert_eq!(read(br#"{"n":1}"#), Ok(Thing { n: 1 }));
        for whole in [r#"{"n":1.0}"#, r#"{"n":10e-1}"#] {
            assert_eq!(read(whole.as_bytes()), Ok(Thing { n: 1 }), "{whole}");
        }
        assert_eq!(field(r#"{"n":1.5}"#), "n");
        assert_eq!(field("[1]"), "body");
        assert_eq!(field(r#"{"n":"x"}"#), "n");
        assert_eq!(field(r#"{"n":300}"#), "n");
        assert_eq!(field(r#"{"n":1,"m":2}"#), "m");
        assert_eq!(field("{}"), "body");
        for bad in ["", "{", "{\"n\":1} x", "\u{0}"] {
            assert!(
                matches!(read::<Thing>(bad.as_bytes()), Err(BadBody::Malformed(_))),
                "{bad}"
            );
        }
    }
}
