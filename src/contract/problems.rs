//! Problems: every answer that an operation can give when it says no, with its codes.
//!
//! What follows from its guard, its body and its parameters is added here. What is its own stands at the handler, as
//! `(status = 409, description = "email_taken, choose_tenant")`.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::{Map, Value, json};

use super::operations;

/// What is said to what is no operation: by the socket, and of methods.
const OF_NO_OPERATION: [&str; 3] = ["method_not_allowed", "unknown_op", "unknown_topic"];

type Codes = BTreeMap<u16, BTreeSet<String>>;

pub(super) fn complete(document: &mut Value) {
    let mut named = Map::new();
    let mut all: BTreeSet<String> = OF_NO_OPERATION.map(str::to_owned).into();
    for (path, operation) in operations(document) {
        say_yes(operation);
        for (status, codes) in codes(path, operation) {
            let name = name(&codes);
            if let Some(responses) = operation.get_mut("responses").and_then(Value::as_object_mut) {
                let place = json!({ "$ref": format!("#/components/responses/{name}") });
                responses.insert(status.to_string(), place);
            }
            named.insert(name, response(status, &codes));
            all.extend(codes);
        }
    }
    let Some(components) = document.get_mut("components").and_then(Value::as_object_mut) else {
        return;
    };
    components.insert("responses".into(), named.into());
    if let Some(schemas) = components.get_mut("schemas").and_then(Value::as_object_mut) {
        let codes = json!({ "type": "string", "enum": all, "description": "For programs; a code does not change." });
        schemas.insert("ProblemCode".into(), codes);
        if let Some(code) = schemas
            .get_mut("Problem")
            .and_then(|problem| problem.pointer_mut("/properties/code"))
        {
            *code = json!({ "$ref": "#/components/schemas/ProblemCode" });
        }
    }
}

/// Every answer has a word on it, those that say yes, too.
fn say_yes(operation: &mut Value) {
    let responses = operation.get_mut("responses").and_then(Value::as_object_mut);
    for (status, response) in responses.into_iter().flatten() {
        let word = match status.as_str() {
            "200" => "As asked",
            "201" => "Made",
            "204" => "Done; there is nothing to add",
            _ => continue,
        };
        if let Some(response) = response.as_object_mut() {
            response.insert("description".into(), word.into());
        }
    }
}

/// What an operation can say, by status.
fn codes(path: &str, operation: &Value) -> Codes {
    let mut codes = own(operation);
    let mut add = |status, words: &[&str]| {
        let known = codes.entry(status).or_default();
        known.extend(words.iter().map(|word| (*word).to_owned()));
    };
    let guard = operation.pointer("/security/0").and_then(Value::as_object);
    if let Some((_, rights)) = guard.and_then(|guard| guard.iter().next()) {
        add(401, &["unauthenticated", "token_expired"]);
        if rights.as_array().is_some_and(|rights| !rights.is_empty()) {
            add(403, &["forbidden"]);
        }
    }
    if path.contains('{') {
        add(404, &["not_found"]);
    }
    let asks = operation
        .get("parameters")
        .and_then(Value::as_array)
        .into_iter()
        .flatten();
    if asks.into_iter().any(|parameter| parameter["in"] != "path") {
        add(422, &["invalid"]);
    }
    if operation.get("requestBody").is_some() {
        add(400, &["malformed"]);
        add(413, &["too_large"]);
        add(422, &["invalid"]);
    }
    add(500, &["internal"]);
    add(503, &["unavailable"]);
    codes
}

/// What stands at the handler.
fn own(operation: &Value) -> Codes {
    let responses = operation
        .get("responses")
        .and_then(Value::as_object)
        .into_iter()
        .flatten();
    let codes = responses.filter_map(|(status, response)| {
        let status = status.parse().ok().filter(|status| *status >= 400)?;
        let words = response.get("description")?.as_str()?.split(", ");
        Some((status, words.map(str::to_owned).collect()))
    });
    codes.collect()
}

/// `not_found, unknown_key` is called `NotFoundOrUnknownKey`.
fn name(codes: &BTreeSet<String>) -> String {
    let camel = |code: &String| -> String {
        let words = code.split('_').map(|word| {
            let (first, rest) = word.split_at_checked(1).unwrap_or((word, ""));
            first.to_uppercase() + rest
        });
        words.collect()
    };
    codes.iter().map(camel).collect::<Vec<_>>().join("Or")
}

fn response(status: u16, codes: &BTreeSet<String>) -> Value {
    let words: Vec<_> = codes.iter().map(|code| format!("`{code}`")).collect();
    let schema = json!({ "allOf": [
        { "$ref": "#/components/schemas/Problem" },
        { "type": "object", "properties": { "code": { "type": "string", "enum": codes }, "status": { "type": "integer", "enum": [status] } } },
    ] });
    let mut response = json!({
        "description": words.join(" or "),
        "content": { "application/problem+json": { "schema": schema } },
    });
    let header = match status {
        401 => Some(("WWW-Authenticate", json!({ "type": "string", "enum": ["Bearer"] }))),
        429 | 503 => Some(("Retry-After", json!({ "type": "integer", "minimum": 1 }))),
        _ => None,
    };
    if let (Some((name, schema)), Some(response)) = (header, response.as_object_mut()) {
        response.insert("headers".into(), json!({ name: { "schema": schema } }));
    }
    response
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_operation_says_what_follows_from_its_signature_and_what_is_its_own() {
        let operation = json!({
            "security": [{ "bearer": ["channels.manage"] }],
            "requestBody": {},
            "responses": { "201": { "description": "made" }, "409": { "description": "email_taken, choose_tenant" } },
        });
        let codes = codes("/things/{id}", &operation);
        assert_eq!(
            codes.keys().copied().collect::<Vec<_>>(),
            [400, 401, 403, 404, 409, 413, 422, 500, 503]
        );
        assert_eq!(name(&codes[&409]), "ChooseTenantOrEmailTaken");
        let open = json!({ "security": [{}], "responses": { "200": { "description": "" } } });
        assert_eq!(super::codes("/open", &open).into_keys().collect::<Vec<_>>(), [500, 503]);
    }
}
