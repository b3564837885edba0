//! An address of the API that is asked in a way it does not know is told which ways there are.

use actix_web::http::header::{ALLOW, CONTENT_TYPE};
use actix_web::{HttpRequest, HttpResponse};
use kernel::{Code, Fault, Problem};
use serde_json::Value;

use crate::contract::Contract;

#[derive(Debug, thiserror::Error)]
#[error("this address knows {0} only")]
struct OtherMethods(String);

impl Fault for OtherMethods {
    fn code(&self) -> Code {
        Code::NotFound
    }

    fn word(&self) -> &'static str {
        "method_not_allowed"
    }
}

/// Refuses the method, if the address is one of the contract.
pub(crate) fn refuse(request: &HttpRequest, contract: &Contract) -> Option<HttpResponse> {
    let allowed = known(&contract.0, request.path())?;
    let problem = Problem {
        status: 405,
        title: "Not in this way".to_owned(),
        ..api::problem_of(&OtherMethods(allowed.clone()))
    };
    let mut answer = HttpResponse::MethodNotAllowed();
    answer.insert_header((ALLOW, allowed));
    answer.insert_header((CONTENT_TYPE, "application/problem+json"));
    Some(answer.body(serde_json::to_string(&problem).unwrap_or_default()))
}

/// The methods of an address, as `Allow` lists them.
fn known(contract: &Value, path: &str) -> Option<String> {
    let is_like = |pattern: &str| {
        let (pattern, path) = (pattern.split('/'), path.split('/'));
        pattern.clone().count() == path.clone().count()
            && pattern
                .zip(path)
                .all(|(part, word)| part == word || part.starts_with('{'))
    };
    let mut paths = contract.get("paths")?.as_object()?.iter();
    let (_, methods) = paths.find(|(pattern, _)| is_like(pattern))?;
    let words = methods.as_object()?.keys().map(|method| method.to_uppercase());
    Some(words.collect::<Vec<_>>().join(", "))
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn an_address_is_known_by_its_pattern() {
        let contract =
            json!({ "paths": { "/things": { "get": {}, "post": {} }, "/things/{id}/parts": { "put": {} } } });
        let of = |path: &str| known(&contract, path);
        assert_eq!(of("/things").as_deref(), Some("GET, POST"));
        assert_eq!(of("/things/7/parts").as_deref(), Some("PUT"));
        assert_eq!(of("/things/7"), None);
    }
}
