//! Parameters: the ids, places and names in paths, which our own extractor reads, and queries, which leave out what they do not ask.

use serde_json::{Value, json};

use super::operations;

pub(super) fn complete(document: &mut Value) {
    for (path, operation) in operations(document) {
        let ids = path
            .split('/')
            .filter_map(|part| part.strip_prefix('{')?.strip_suffix('}'));
        let ids = ids.map(|name| json!({ "name": name, "in": "path", "required": true, "schema": in_path(name) }));
        let Some(operation) = operation.as_object_mut() else {
            continue;
        };
        let own = operation.remove("parameters").unwrap_or_default();
        let own = own
            .as_array()
            .cloned()
            .unwrap_or_default()
            .into_iter()
            // What stands in the path is said above, with its bounds.
            .filter(|parameter| parameter["in"] != "path")
            .map(without_null);
        let all: Vec<_> = ids.chain(own).collect();
        if !all.is_empty() {
            operation.insert("parameters".into(), all.into());
        }
    }
}

/// What stands in a path: a place in the log, the name of a part of the system, else an id.
fn in_path(name: &str) -> Value {
    match name {
        "seq" => json!({ "type": "integer", "format": "int64", "minimum": 1 }),
        "name" => json!({ "type": "string", "pattern": "^[a-z0-9._-]+$", "minLength": 1, "maxLength": 80 }),
        _ => json!({ "type": "string", "format": "uuid" }),
    }
}

/// A query cannot say null: a parameter that may be absent is one that is not required.
fn without_null(mut parameter: Value) -> Value {
    let Some(schema) = parameter.get_mut("schema") else {
        return parameter;
    };
    if let Some(types) = schema.get("type").and_then(Value::as_array) {
        let word = types.iter().find(|word| *word != "null").cloned().unwrap_or_default();
        if let Some(schema) = schema.as_object_mut() {
            schema.insert("type".into(), word);
        }
    }
    let null = json!({ "type": "null" });
    let choice = schema.get("oneOf").and_then(Value::as_array);
    if let Some([only]) = choice
        .map(|of| of.iter().filter(|one| **one != null).collect::<Vec<_>>())
        .as_deref()
    {
        *schema = (*only).clone();
    }
    parameter
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_parameter_is_there_or_not_and_never_null() {
        let table = [
            (
                json!({ "type": ["integer", "null"], "minimum": 1 }),
                json!({ "type": "integer", "minimum": 1 }),
            ),
            (
                json!({ "oneOf": [{ "$ref": "#/x" }, { "type": "null" }] }),
                json!({ "$ref": "#/x" }),
            ),
            (json!({ "type": "string" }), json!({ "type": "string" })),
        ];
        for (schema, expect) in table {
            let done = without_null(json!({ "name": "q", "schema": schema }));
            assert_eq!(done, json!({ "name": "q", "schema": expect }));
        }
    }
}
