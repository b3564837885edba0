//! Whether a value is what a schema says: as much of JSON Schema as our contract speaks.

use chrono::DateTime;
use regex::Regex;
use serde_json::Value;
use uuid::Uuid;

/// Follows a reference to its end.
pub(super) fn resolve<'a>(contract: &'a Value, mut schema: &'a Value) -> &'a Value {
    while let Some(to) = schema["$ref"].as_str() {
        schema = contract.pointer(to.trim_start_matches('#')).unwrap();
    }
    schema
}

/// Returns what is wrong with a value, and where.
pub(super) fn check(contract: &Value, schema: &Value, value: &Value, at: &str) -> Result<(), String> {
    let schema = resolve(contract, schema);
    let wrong = |what: &str| Err(format!("{at}: {value} {what}"));
    for part in list(&schema["allOf"]) {
        check(contract, part, value, at)?;
    }
    for choice in ["oneOf", "anyOf"] {
        let all = list(&schema[choice]);
        if !all.is_empty() && !all.iter().any(|one| check(contract, one, value, at).is_ok()) {
            return wrong("is none of the choices");
        }
    }
    if !schema["type"].is_null() && !types(schema).any(|word| is_a(value, word)) {
        return wrong(&format!("is no {}", schema["type"]));
    }
    if schema["enum"].is_array() && !list(&schema["enum"]).contains(value) {
        return wrong(&format!("is not of {}", schema["enum"]));
    }
    match value {
        Value::String(text) => check_text(schema, text).or_else(|what| wrong(&what)),
        Value::Number(number) => {
            let is_less = |name: &str| schema[name].as_f64().zip(number.as_f64()).map(|(limit, n)| n < limit);
            let is_more = schema["maximum"]
                .as_f64()
                .zip(number.as_f64())
                .is_some_and(|(most, n)| n > most);
            if is_less("minimum") == Some(true) || is_more {
                return wrong("is out of range");
            }
            Ok(())
        }
        Value::Array(items) => {
            if schema["maxItems"]
                .as_u64()
                .is_some_and(|most| items.len() as u64 > most)
            {
                return wrong("has too many items");
            }
            let mut all = items.iter().enumerate();
            all.try_for_each(|(n, item)| check(contract, &schema["items"], item, &format!("{at}[{n}]")))
        }
        Value::Object(fields) => {
            if let Some(name) = list(&schema["required"])
                .iter()
                .find(|name| !fields.contains_key(name.as_str().unwrap()))
            {
                return wrong(&format!("lacks {name}"));
            }
            for (name, field) in fields {
                let known = &schema["properties"][name];
                let other = &schema["additionalProperties"];
                if known.is_null() && *other == false {
                    return wrong(&format!("knows no {name}"));
                }
                check(
                    contract,
                    if known.is_null() { other } else { known },
                    field,
                    &format!("{at}.{name}"),
                )?;
            }
            Ok(())
        }
        _ => Ok(()),
    }
}

fn check_text(schema: &Value, text: &str) -> Result<(), String> {
    let length = text.chars().count() as u64;
    let is_long = schema["maxLength"].as_u64().is_some_and(|most| length > most);
    if is_long || schema["minLength"].as_u64().is_some_and(|least| length < least) {
        return Err(format!("has {length} characters"));
    }
    if let Some(pattern) = schema["pattern"].as_str()
        && !Regex::new(pattern).unwrap().is_match(text)
    {
        return Err(format!("is not like {pattern}"));
    }
    let is_right = match schema["format"].as_str() {
        Some("uuid") => Uuid::try_parse(text).is_ok(),
        Some("date-time") => DateTime::parse_from_rfc3339(text).is_ok(),
        _ => true,
    };
    is_right
        .then_some(())
        .ok_or_else(|| format!("is no {}", schema["format"]))
}

pub(super) fn types(schema: &Value) -> impl Iterator<Item = &str> {
    let one = schema["type"].as_str();
    one.into_iter()
        .chain(list(&schema["type"]).iter().filter_map(Value::as_str))
}

fn is_a(value: &Value, word: &str) -> bool {
    match word {
        "null" => value.is_null(),
        "boolean" => value.is_boolean(),
        "integer" => value.is_i64() || value.is_u64(),
        "number" => value.is_number(),
        "string" => value.is_string(),
        "array" => value.is_array(),
        _ => value.is_object(),
    }
}

pub(super) fn list(value: &Value) -> &[Value] {
    value.as_array().map_or(&[], Vec::as_slice)
}
