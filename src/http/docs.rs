//! The contract, for machines and for people.
#![expect(clippy::indexing_slicing, reason = "a JSON value answers null for what is not there")]

use std::fmt::Write;

use actix_web::HttpResponse;
use actix_web::web::Data;
use serde_json::Value;

use crate::contract::Contract;

/// The OpenAPI document.
pub(crate) async fn show_contract(document: Data<Contract>) -> HttpResponse {
    HttpResponse::Ok().json(&document.0)
}

/// The same as a page to read.
pub(crate) async fn show_docs(document: Data<Contract>) -> HttpResponse {
    HttpResponse::Ok()
        .content_type("text/html; charset=utf-8")
        .body(page(&document.0))
}

const STYLE: &str = "
:root{color-scheme:light dark;--line:color-mix(in oklch,currentColor 14%,transparent);--soft:color-mix(in oklch,currentColor 62%,transparent)}
body{font:15px/1.55 Inter,system-ui,sans-serif;max-width:860px;margin:0 auto;padding:40px 20px 120px}
h1{font-size:24px;margin:0 0 4px}h2{font-size:13px;text-transform:uppercase;letter-spacing:.06em;color:var(--soft);margin:40px 0 8px}
section{border-top:1px solid var(--line);padding:14px 0}h3{font:600 14px ui-monospace,monospace;margin:0;overflow-wrap:anywhere}
b{display:inline-block;min-width:56px}p{margin:4px 0 0}small{color:var(--soft)}pre{background:color-mix(in oklch,currentColor 5%,transparent);
padding:10px 12px;border-radius:8px;overflow:auto;font-size:13px;margin:8px 0 0}a{color:inherit}";

fn page(document: &Value) -> String {
    let mut html = format!(
        "<!doctype html><html lang=\"en\"><meta charset=\"utf-8\"><meta name=\"viewport\" content=\"width=device-width\">\
         <title>Switchboard API</title><style>{STYLE}</style><main><h1>Switchboard API</h1>\
         <p>JSON over HTTP. Members send <code>Authorization: Bearer</code> with the token of a sign-in. Failures are \
         <code>application/problem+json</code> with a stable <code>code</code>. <a href=\"/api/openapi.json\">openapi.json</a></p>"
    );
    for (tag, operations) in by_tag(document) {
        let _ = write!(html, "<h2>{}</h2>", escape(&tag));
        for operation in operations {
            html.push_str(&section(document, &operation));
        }
    }
    html.push_str("</main></html>");
    html
}

struct Operation<'a> {
    method: &'a str,
    path: &'a str,
    about: &'a Value,
}

fn by_tag(document: &Value) -> Vec<(String, Vec<Operation<'_>>)> {
    let mut tags: Vec<(String, Vec<Operation<'_>>)> = vec![];
    for (path, methods) in document["paths"].as_object().into_iter().flatten() {
        for (method, about) in methods.as_object().into_iter().flatten() {
            let tag = about["tags"][0].as_str().unwrap_or("other").to_owned();
            let operation = Operation { method, path, about };
            match tags.iter_mut().find(|(known, _)| *known == tag) {
                Some((_, operations)) => operations.push(operation),
                None => tags.push((tag, vec![operation])),
            }
        }
    }
    tags
}

fn section(document: &Value, Operation { method, path, about }: &Operation<'_>) -> String {
    let text = |value: &Value| escape(value.as_str().unwrap_or_default());
    let about_it = if about["summary"].is_string() {
        &about["summary"]
    } else {
        &about["description"]
    };
    let id = text(&about["operationId"]);
    let who = match about["security"][0]
        .as_object()
        .and_then(|security| security.keys().next())
    {
        Some(scheme) if scheme == "visitor" => "visitor's token",
        Some(_) => "member's token",
        None => "open to everyone",
    };
    let mut html = format!(
        "<section id=\"{id}\"><h3><b>{}</b> {}</h3><p>{} <small>{who}</small></p>",
        method.to_uppercase(),
        escape(path),
        text(about_it),
    );
    let parameters: Vec<_> = about["parameters"]
        .as_array()
        .into_iter()
        .flatten()
        .map(|p| text(&p["name"]))
        .collect();
    if !parameters.is_empty() {
        let _ = write!(html, "<p><small>parameters: {}</small></p>", parameters.join(", "));
    }
    let body = &about["requestBody"]["content"]["application/json"]["schema"];
    if !body.is_null() {
        let _ = write!(html, "<pre>{}</pre>", escape(&shape(document, body)));
    }
    html.push_str("</section>");
    html
}

/// A body's fields and their types, a line each.
fn shape(document: &Value, schema: &Value) -> String {
    let name = schema["$ref"]
        .as_str()
        .and_then(|to| to.rsplit('/').next())
        .unwrap_or_default();
    let schema = if name.is_empty() {
        schema
    } else {
        &document["components"]["schemas"][name]
    };
    let mut lines = vec![];
    for (field, of) in schema["properties"].as_object().into_iter().flatten() {
        let is_required = schema["required"]
            .as_array()
            .is_some_and(|all| all.iter().any(|one| one == field.as_str()));
        let about = of["description"]
            .as_str()
            .map(|text| format!("  {}", text.replace('\n', " ")))
            .unwrap_or_default();
        lines.push(format!(
            "{field}{}: {}{about}",
            if is_required { "" } else { "?" },
            kind(of)
        ));
    }
    if lines.is_empty() {
        name.to_owned()
    } else {
        lines.join("\n")
    }
}

fn kind(schema: &Value) -> String {
    if let Some(to) = schema["$ref"].as_str() {
        return to.rsplit('/').next().unwrap_or_default().to_owned();
    }
    match &schema["type"] {
        Value::String(one) => one.clone(),
        Value::Array(several) => several.iter().filter_map(Value::as_str).collect::<Vec<_>>().join(" | "),
        _ => schema["oneOf"]
            .as_array()
            .map_or("any".into(), |all| all.iter().map(kind).collect::<Vec<_>>().join(" | ")),
    }
}

fn escape(text: &str) -> String {
    text.replace('&', "&amp;")
        .replace('<', "&lt;")
        .replace('>', "&gt;")
        .replace('"', "&quot;")
}
