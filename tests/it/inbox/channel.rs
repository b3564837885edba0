//! Channels and who may use them.

use serde_json::json;

use crate::support::{Hub, Visitor, key};

#[tokio::test]
async fn a_channel_is_made_changed_and_heard_of() {
    let hub = Hub::start().await;
    let owner = hub.owner("Acme").await;
    let agent = hub.member(&owner, "Tom", "agent").await;
    let mut socket = agent.socket().await;
    let channel = hub.channel(&owner, json!({ "title": "Hi" })).await;
    assert_eq!(socket.next("channel.created").await["data"]["settings"]["title"], "Hi");
    let path = format!("/inbox/channels/{}", channel["id"].as_str().unwrap());
    let mut settings = channel["settings"].clone();
    settings["color"] = json!("#112233");
    owner
        .patch(&path, &json!({ "name": "Shop", "settings": settings }))
        .await
        .expect(200);
    let updated = socket.next("channel.updated").await;
    assert_eq!(
        (
            updated["data"]["name"].as_str(),
            updated["data"]["settings"]["color"].as_str()
        ),
        (Some("Shop"), Some("#112233"))
    );
    assert_eq!(agent.get(&path).await.expect(200), updated["data"]);
    agent
        .patch(&path, &json!({ "name": "Mine" }))
        .await
        .refused(403, "forbidden");
    agent.get(&format!("{path}/secret")).await.refused(403, "forbidden");
    let html = agent.get(&format!("{path}/snippet")).await.expect(200)["html"].to_string();
    assert!(html.contains(channel["key"].as_str().unwrap()), "{html}");
}

#[tokio::test]
async fn bad_settings_are_named_and_nothing_is_changed() {
    let hub = Hub::start().await;
    let owner = hub.owner("Acme").await;
    let bad = json!({ "kind": "web_chat", "name": "", "settings": { "color": "red", "allowed_origins": ["nope"] } });
    let problem = owner.post("/inbox/channels", &bad).await.refused(422, "invalid");
    let fields: Vec<_> = problem["errors"]
        .as_array()
        .unwrap()
        .iter()
        .map(|e| e["field"].as_str().unwrap())
        .collect();
    assert_eq!(fields, ["settings.color", "settings.allowed_origins[0]", "name"]);
    let unknown = json!({ "kind": "web_chat", "name": "x", "settings": { "colour": "#112233" } });
    owner.post("/inbox/channels", &unknown).await.refused(422, "invalid");
    owner
        .post("/inbox/channels", &json!({ "kind": "fax", "name": "x" }))
        .await
        .refused(422, "invalid");
    assert_eq!(owner.get("/inbox/channels").await.expect(200)["items"], json!([]));
}

#[tokio::test]
async fn an_idempotency_key_makes_one_channel() {
    let hub = Hub::start().await;
    let owner = hub.owner("Acme").await;
    let once = key();
    let make = |name: &str| {
        let body = json!({ "kind": "web_chat", "name": name });
        owner
            .request(reqwest::Method::POST, "/inbox/channels")
            .header("idempotency-key", &once)
            .json(&body)
            .send()
    };
    let (first, second) = (make("Shop").await.unwrap(), make("Shop").await.unwrap());
    assert_eq!((first.status().as_u16(), second.status().as_u16()), (201, 201));
    let (first, second): (serde_json::Value, serde_json::Value) =
        (first.json().await.unwrap(), second.json().await.unwrap());
    assert_eq!(first, second);
    assert_eq!(make("Other").await.unwrap().status(), 409);
    assert_eq!(
        owner.get("/inbox/channels").await.expect(200)["items"]
            .as_array()
            .unwrap()
            .len(),
        1
    );
}

#[tokio::test]
async fn a_rotated_key_and_a_switched_off_channel_let_nobody_in() {
    let hub = Hub::start().await;
    let owner = hub.owner("Acme").await;
    let channel = hub.channel(&owner, json!({})).await;
    let path = format!("/inbox/channels/{}", channel["id"].as_str().unwrap());
    let rotated = owner.post(&format!("{path}/rotate-key"), &json!({})).await.expect(200);
    let old = Visitor::begin(&hub, json!({ "key": channel["key"] }))
        .await
        .err()
        .unwrap();
    old.refused(404, "unknown_key");
    hub.visitor(&rotated).await;
    owner.patch(&path, &json!({ "enabled": false })).await.expect(200);
    let off = Visitor::begin(&hub, json!({ "key": rotated["key"] }))
        .await
        .err()
        .unwrap();
    off.refused(403, "channel_disabled");
}

#[tokio::test]
async fn a_channel_that_is_switched_off_takes_nothing_from_those_who_are_in() {
    let hub = Hub::start().await;
    let owner = hub.owner("Acme").await;
    let channel = hub.channel(&owner, json!({})).await;
    let visitor = hub.visitor(&channel).await;
    let id = visitor.start("Hello").await;
    let path = format!("/inbox/channels/{}", channel["id"].as_str().unwrap());
    owner.patch(&path, &json!({ "enabled": false })).await.expect(200);
    let thread = format!("/widget/conversations/{id}");
    let message = json!({ "conversation_id": id, "text": "still here?", "key": key() });
    for answer in [
        visitor.post("/widget/messages", &message).await,
        visitor.post(&format!("{thread}/read"), &json!({ "through": 1 })).await,
        visitor.patch("/widget/me", &json!({ "name": "Ada" })).await,
        visitor.get("/widget/conversations").await,
        visitor.get(&format!("{thread}/messages")).await,
    ] {
        answer.refused(403, "channel_disabled");
    }
    assert_eq!(owner.thread(&id).await.len(), 1);
    owner.patch(&path, &json!({ "enabled": true })).await.expect(200);
    visitor.post("/widget/messages", &message).await.expect(201);
}
