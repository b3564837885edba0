//! Asks every operation, as everybody, with what the contract allows and with what it forbids.

use serde_json::{Value, json};

use super::schema::{check, list, resolve};
use super::{Operation, Source, contract, operations};
use crate::support::{Agent, Hub, PASSWORD};

/// How often each operation is asked in a way that is allowed.
const TIMES: usize = 12;

struct World {
    hub: Hub,
    contract: Value,
    source: Source,
    agent: Agent,
    tokens: [(&'static str, Option<String>); 4],
}

impl World {
    async fn new() -> Self {
        let hub = Hub::start().await;
        let owner = hub.owner("Acme").await;
        let agent = hub.member(&owner, "Tom", "agent").await;
        let channel = hub.channel(&owner, json!({})).await;
        let visitor = hub.visitor(&channel).await;
        let conversation = visitor.start("Hello").await;
        let mut source = Source::new(7);
        source.known.extend([
            ("id", json!(conversation)),
            ("conversation_id", json!(conversation)),
            ("channel_id", channel["id"].clone()),
            ("contact_id", visitor.visit["contact"]["id"].clone()),
            ("assignee_id", json!(agent.id())),
            ("email", agent.me["user"]["email"].clone()),
            ("password", json!(PASSWORD)),
            ("key", channel["key"].clone()),
            ("visitor", visitor.visit["visitor"].clone()),
        ]);
        let tokens = [
            ("owner", Some(owner.token.clone())),
            ("agent", Some(agent.token.clone())),
            ("visitor", Some(visitor.token.clone())),
            ("nobody", None),
        ];
        Self {
            hub,
            contract: contract(),
            source,
            agent,
            tokens,
        }
    }

    /// Asks, and checks that the answer stands in the contract.
    async fn ask(
        &mut self,
        operation: &Operation,
        as_whom: &str,
        query: &[(String, String)],
        body: Option<&Value>,
    ) -> u16 {
        let id = self.source.valid(&json!({ "type": "string", "format": "uuid" }), "id");
        let path = operation.at(id.as_str().unwrap());
        let url = format!("{}/api/v1{path}", self.hub.url);
        let mut token = self.tokens.iter().find(|(who, _)| *who == as_whom).unwrap().1.clone();
        if operation.id == "logout" && token.is_some() {
            let someone = self.hub.sign_in(self.agent.me["user"]["email"].as_str().unwrap()).await;
            token = Some(someone.token);
        }
        let mut request = self.hub.client.request(operation.method.clone(), url).query(query);
        if let Some(token) = token {
            request = request.bearer_auth(token);
        }
        if let Some(body) = body {
            request = request.json(body);
        }
        let answer = request.send().await.unwrap();
        let status = answer.status().as_u16();
        let kind = answer
            .headers()
            .get("content-type")
            .map(|kind| kind.to_str().unwrap().to_owned());
        let text = answer.text().await.unwrap();
        let asked = format!(
            "{} as {as_whom} {path} {query:?} {body:?} was answered {status} {text}",
            operation.id
        );
        assert_ne!(status, 500, "{asked}");
        let documented = resolve(&self.contract, &operation.about["responses"][status.to_string()]);
        assert!(!documented.is_null(), "not in the contract: {asked}");
        match documented["content"]
            .as_object()
            .and_then(|content| content.iter().next())
        {
            None => assert_eq!(text, "", "{asked}"),
            Some((expect, content)) => {
                assert_eq!(kind.as_ref(), Some(expect), "{asked}");
                let value = serde_json::from_str(&text).unwrap();
                let fits = check(&self.contract, &content["schema"], &value, "answer");
                assert_eq!(fits, Ok(()), "{asked}");
            }
        }
        status
    }

    fn query(&mut self, operation: &Operation) -> Vec<(String, String)> {
        let mut query = vec![];
        for parameter in operation.query() {
            let name = parameter["name"].as_str().unwrap();
            if parameter["required"] == true || self.source.flip() {
                let value = self.source.valid(&parameter["schema"], name);
                query.push((name.to_owned(), plain(&value)));
            }
        }
        query
    }
}

fn plain(value: &Value) -> String {
    value.as_str().map_or_else(|| value.to_string(), str::to_owned)
}

fn may(operation: &Operation, who: &str) -> bool {
    match operation.guard.as_deref() {
        None => true,
        Some("visitor") => who == "visitor",
        Some(_) => who == "owner" || (who == "agent" && operation.permission.is_none()),
    }
}

#[tokio::test]
async fn what_the_contract_allows_is_taken_and_every_answer_stands_in_it() {
    let mut world = World::new().await;
    for operation in operations() {
        for who in ["owner", "agent", "visitor", "nobody"] {
            for _ in 0..TIMES {
                let query = world.query(&operation);
                let schema = operation.body().cloned();
                let body = schema.map(|schema| world.source.valid(&schema, ""));
                let status = world.ask(&operation, who, &query, body.as_ref()).await;
                let is_refused = matches!(status, 400 | 413 | 422);
                assert!(
                    !may(&operation, who) || !is_refused,
                    "{} refuses {query:?} {body:?} with {status}",
                    operation.id
                );
            }
        }
    }
    assert!(!world.hub.log().contains("panicked"), "{}", world.hub.log());
}

#[tokio::test]
async fn what_the_contract_forbids_is_refused_and_every_refusal_stands_in_it() {
    let mut world = World::new().await;
    for operation in operations() {
        let who = match operation.guard.as_deref() {
            None => "nobody",
            Some("visitor") => "visitor",
            Some(_) => "owner",
        };
        if let Some(schema) = operation.body().cloned() {
            for body in world.source.broken(&schema) {
                let status = world.ask(&operation, who, &[], Some(&body)).await;
                assert!(status >= 400, "{} took {body}", operation.id);
            }
        }
        for parameter in operation.query().cloned().collect::<Vec<_>>() {
            let name = parameter["name"].as_str().unwrap().to_owned();
            for wrong in ["\u{0}", "x".repeat(9_000).as_str(), "-1e9", "{}"] {
                let value = serde_json::from_str(wrong).unwrap_or_else(|_| json!(wrong));
                if check(&world.contract, &parameter["schema"], &value, &name).is_ok()
                    || check(&world.contract, &parameter["schema"], &json!(wrong), &name).is_ok()
                {
                    continue;
                }
                let status = world
                    .ask(&operation, who, &[(name.clone(), wrong.to_owned())], None)
                    .await;
                assert!(status >= 400, "{} took {name}={wrong}", operation.id);
            }
        }
    }
    assert!(!world.hub.log().contains("panicked"), "{}", world.hub.log());
}

#[test]
fn everything_that_may_be_sent_has_bounds() {
    let contract = contract();
    for operation in operations() {
        let parameters = list(&operation.about["parameters"]).iter();
        let schemas = parameters.map(|parameter| (plain(&parameter["name"]), &parameter["schema"]));
        for (name, schema) in schemas.chain(operation.body().map(|body| ("body".to_owned(), body))) {
            let mut found = vec![];
            unbounded(&contract, schema, &name, &mut found);
            assert!(found.is_empty(), "{}: {found:?}", operation.id);
        }
    }
}

/// Finds texts, numbers and lists that may be of any size.
fn unbounded(contract: &Value, schema: &Value, at: &str, found: &mut Vec<String>) {
    let schema = resolve(contract, schema);
    let lacks = |names: &[&str]| names.iter().any(|name| schema[*name].is_null());
    let is_loose = super::schema::types(schema).any(|word| match word {
        "string" => {
            let is_fixed = !schema["enum"].is_null() || ["uuid", "date-time"].iter().any(|f| schema["format"] == *f);
            !is_fixed && lacks(&["maxLength"])
        }
        "integer" => lacks(&["minimum", "maximum"]),
        "array" => lacks(&["maxItems"]),
        _ => false,
    });
    if is_loose {
        found.push(at.to_owned());
    }
    for (name, field) in schema["properties"].as_object().into_iter().flatten() {
        unbounded(contract, field, &format!("{at}.{name}"), found);
    }
    for part in ["oneOf", "anyOf", "allOf"] {
        for one in list(&schema[part]) {
            unbounded(contract, one, at, found);
        }
    }
    if !schema["items"].is_null() {
        unbounded(contract, &schema["items"], at, found);
    }
}
