//! The contract is what the server does: requests are made from it, and every answer must stand in it.

mod generate;
mod requests;
mod schema;

use serde_json::Value;

use crate::support::key;

pub(crate) use generate::Source;

/// The contract in the tree; that it is fresh is another test's business.
pub(crate) fn contract() -> Value {
    let text = std::fs::read_to_string(concat!(env!("CARGO_MANIFEST_DIR"), "/openapi.json")).unwrap();
    serde_json::from_str(&text).unwrap()
}

/// One operation of the contract.
#[derive(Clone)]
pub(crate) struct Operation {
    pub(crate) id: String,
    pub(crate) method: reqwest::Method,
    /// With `{id}` in it, and without the API's own prefix.
    pub(crate) path: String,
    /// `bearer`, `visitor`, or nothing for those open to everyone.
    pub(crate) guard: Option<String>,
    /// The permission that the guard asks for.
    pub(crate) permission: Option<String>,
    pub(crate) about: Value,
}

impl Operation {
    /// Its path with this id in it, and with what else there may be: another delivery, the first event, a follower.
    pub(crate) fn at(&self, id: &str) -> String {
        let path = self.path.replace("{id}", id).replace("{delivery_id}", &key());
        path.replace("{seq}", "1").replace("{name}", "webhooks")
    }

    /// The schema of its body, if it takes one.
    pub(crate) fn body(&self) -> Option<&Value> {
        self.about.pointer("/requestBody/content/application~1json/schema")
    }

    pub(crate) fn query(&self) -> impl Iterator<Item = &Value> {
        let all = self.about["parameters"].as_array().into_iter().flatten();
        all.filter(|parameter| parameter["in"] == "query")
    }
}

/// Every operation of the contract.
pub(crate) fn operations() -> Vec<Operation> {
    let mut all = vec![];
    for (path, methods) in contract()["paths"].as_object().unwrap() {
        for (method, about) in methods.as_object().unwrap() {
            let guard = about["security"][0].as_object().and_then(|guard| guard.iter().next());
            all.push(Operation {
                id: about["operationId"].as_str().unwrap().to_owned(),
                method: reqwest::Method::from_bytes(method.to_uppercase().as_bytes()).unwrap(),
                path: path.trim_start_matches("/api/v1").to_owned(),
                guard: guard.map(|(scheme, _)| scheme.clone()),
                permission: guard.and_then(|(_, rights)| Some(rights[0].as_str()?.to_owned())),
                about: about.clone(),
            });
        }
    }
    assert!(all.len() > 30);
    all
}
