//! The shape of the product: every operation is guarded, and the contract is fresh.

use std::collections::BTreeSet;

use reqwest::Method;
use serde_json::{Value, json};

use crate::contract::{Operation, contract, operations};
use crate::support::{Answer, Hub, key};

/// The path of an operation, with the id of nothing in it.
fn path(operation: &Operation) -> String {
    operation.at(&key())
}

/// What anyone may ask: signing up and in, and the widget's first two questions.
const OPEN: [&str; 5] = ["begin_visit", "create_tenant", "get_widget_config", "login", "refresh"];

/// What everyone who is signed in may ask.
const FOR_ALL_MEMBERS: [&str; 7] = [
    "cancel_job",
    "delete_job",
    "get_job",
    "get_job_file",
    "get_me",
    "list_jobs",
    "logout",
];

#[tokio::test]
async fn nobody_gets_in_without_a_token() {
    let hub = Hub::start().await;
    let mut open = BTreeSet::new();
    for operation in operations() {
        let Some(_) = operation.guard else {
            open.insert(operation.id);
            continue;
        };
        let url = format!("{}/api/v1{}", hub.url, path(&operation));
        let answer = hub
            .client
            .request(operation.method, url)
            .json(&json!({}))
            .send()
            .await
            .unwrap();
        assert_eq!(answer.status(), 401, "{}", operation.id);
    }
    assert_eq!(open, OPEN.map(str::to_owned).into());
}

#[tokio::test]
async fn a_powerless_member_and_a_visitor_are_refused_everywhere() {
    let hub = Hub::start().await;
    let owner = hub.owner("Acme").await;
    let guest = hub.member(&owner, "Gus", "guest").await;
    let channel = hub.channel(&owner, json!({})).await;
    let visitor = hub.visitor(&channel).await;
    let mut for_all = BTreeSet::new();
    for operation in operations() {
        if operation.guard.as_deref() != Some("bearer") {
            continue;
        }
        let Some(permission) = &operation.permission else {
            for_all.insert(operation.id);
            continue;
        };
        let (url, body) = (path(&operation), json!({}));
        let refused = guest.request(operation.method.clone(), &url).json(&body);
        let problem: Value = refused.send().await.unwrap().json().await.unwrap();
        let expect = format!("this needs the permission {permission}");
        assert_eq!(problem["detail"], expect, "{} as a guest", operation.id);
        let url = format!("{}/api/v1{url}", hub.url);
        let request = hub
            .client
            .request(operation.method, url)
            .bearer_auth(&visitor.token)
            .json(&body);
        assert_eq!(
            request.send().await.unwrap().status(),
            401,
            "{} as a visitor",
            operation.id
        );
    }
    assert_eq!(for_all, FOR_ALL_MEMBERS.map(str::to_owned).into());
}

#[tokio::test]
async fn things_of_nobody_are_not_found() {
    let hub = Hub::start().await;
    let owner = hub.owner("Acme").await;
    for operation in operations() {
        let is_read = operation.method == Method::GET && operation.guard.as_deref() == Some("bearer");
        if is_read && operation.path.contains("{id}") {
            let Answer { status, body } = owner.get(&path(&operation)).await;
            assert_eq!(status, 404, "{}: {body}", operation.id);
        }
    }
}

#[test]
fn the_contract_is_fresh() {
    let folder = tempfile::tempdir().unwrap();
    let made = std::process::Command::new(env!("CARGO_BIN_EXE_switchboard"))
        .arg("contract")
        .current_dir(folder.path())
        .status()
        .unwrap();
    assert!(made.success());
    let fresh: Value =
        serde_json::from_str(&std::fs::read_to_string(folder.path().join("openapi.json")).unwrap()).unwrap();
    assert!(fresh == contract(), "openapi.json is out of date: make contract");
    let events = std::fs::read_to_string(folder.path().join("docs/events.md")).unwrap();
    let kept = concat!(env!("CARGO_MANIFEST_DIR"), "/docs/events.md");
    let kept = std::fs::read_to_string(kept).unwrap_or_default();
    assert!(events == kept, "docs/events.md is out of date: make contract");
}

#[tokio::test]
async fn the_contract_and_its_page_are_served() {
    let hub = Hub::start().await;
    let served: Value = hub
        .client
        .get(format!("{}/api/openapi.json", hub.url))
        .send()
        .await
        .unwrap()
        .json()
        .await
        .unwrap();
    assert_eq!(
        served["paths"].as_object().unwrap().len(),
        contract()["paths"].as_object().unwrap().len()
    );
    let page = hub.client.get(format!("{}/api/docs", hub.url)).send().await.unwrap();
    assert!(
        page.headers()["content-security-policy"]
            .to_str()
            .unwrap()
            .contains("default-src 'self'")
    );
    assert!(page.text().await.unwrap().contains("/api/v1/inbox/conversations"));
    let metrics = hub
        .client
        .get(format!("{}/metrics", hub.url))
        .send()
        .await
        .unwrap()
        .text()
        .await
        .unwrap();
    assert!(metrics.contains("switchboard_http_request_seconds"), "{metrics}");
}
