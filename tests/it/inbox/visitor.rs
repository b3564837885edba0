//! The customers' side: who gets in, and how little they are told.

use serde_json::json;

use crate::support::{Hub, Visitor, key};

#[tokio::test]
async fn only_known_keys_and_allowed_pages_get_in() {
    let hub = Hub::start().await;
    let owner = hub.owner("Acme").await;
    let channel = hub
        .channel(&owner, json!({ "allowed_origins": ["https://shop.example"] }))
        .await;
    let visit = json!({ "key": channel["key"] });
    Visitor::begin_from(&hub, visit.clone(), Some("https://shop.example"))
        .await
        .unwrap();
    for origin in [None, Some("https://evil.example"), Some("null")] {
        let refused = Visitor::begin_from(&hub, visit.clone(), origin).await.err().unwrap();
        refused.refused(403, "origin_not_allowed");
    }
    for key in [
        "",
        "wc_",
        "wc_00000000000000000000000000000000ffffffffffffffff",
        "nonsense \u{0}",
    ] {
        Visitor::begin(&hub, json!({ "key": key }))
            .await
            .err()
            .unwrap()
            .refused(404, "unknown_key");
    }
}

#[tokio::test]
async fn a_visitor_is_remembered_by_their_secret_and_by_nothing_else() {
    let hub = Hub::start().await;
    let owner = hub.owner("Acme").await;
    let channel = hub.channel(&owner, json!({})).await;
    let first = hub.visitor(&channel).await;
    let id = first.start("Hello").await;
    let back = json!({ "key": channel["key"], "visitor": first.visit["visitor"] });
    let second = Visitor::begin(&hub, back).await.unwrap();
    assert_eq!(second.visit["contact"]["id"], first.visit["contact"]["id"]);
    assert_eq!(second.visit["conversations"][0]["id"], id.as_str());
    let stranger = Visitor::begin(&hub, json!({ "key": channel["key"], "visitor": "0".repeat(64) }))
        .await
        .unwrap();
    assert_ne!(stranger.visit["contact"]["id"], first.visit["contact"]["id"]);
    assert_eq!(stranger.visit["conversations"], json!([]));
}

#[tokio::test]
async fn a_visitor_cannot_touch_anothers_conversation() {
    let hub = Hub::start().await;
    let owner = hub.owner("Acme").await;
    let channel = hub.channel(&owner, json!({})).await;
    let (ada, eve) = (hub.visitor(&channel).await, hub.visitor(&channel).await);
    let id = ada.start("private").await;
    eve.get(&format!("/widget/conversations/{id}/messages"))
        .await
        .refused(404, "not_found");
    eve.post(&format!("/widget/conversations/{id}/read"), &json!({ "through": 1 }))
        .await
        .refused(404, "not_found");
    let write = json!({ "conversation_id": id, "text": "mine now", "key": key() });
    eve.post("/widget/messages", &write).await.refused(404, "not_found");
    let mut socket = eve.socket().await;
    for (op, fields) in [
        ("send", write),
        ("read", json!({ "conversation_id": id, "through": 1 })),
        ("received", json!({ "conversation_id": id, "through": 1 })),
        ("typing", json!({ "conversation_id": id, "on": true })),
    ] {
        assert_eq!(socket.ask(op, fields).await["problem"]["code"], "not_found", "{op}");
    }
    for topic in [format!("conversation:{id}"), "inbox".into(), "members".into()] {
        let answer = socket.ask("subscribe", json!({ "topics": [topic] })).await;
        assert_eq!(answer["problem"]["code"], "forbidden", "{topic}");
    }
    let viewing = socket.ask("viewing", json!({ "conversation_id": id })).await;
    assert_eq!(viewing["problem"]["code"], "unknown_op");
    // A visitor's token opens nothing of the team's.
    for path in ["/identity/me", "/inbox/conversations", "/crm/contacts", "/live/actors"] {
        eve.get(path).await.refused(401, "unauthenticated");
    }
}

#[tokio::test]
async fn what_a_visitor_says_of_themselves_reaches_the_team() {
    let hub = Hub::start().await;
    let owner = hub.owner("Acme").await;
    let channel = hub.channel(&owner, json!({})).await;
    let visitor = hub.visitor(&channel).await;
    let id = visitor.start("Hello").await;
    let mut agent = owner.socket().await;
    visitor
        .patch("/widget/me", &json!({ "name": "Ada", "email": "ADA@example.org" }))
        .await
        .expect(200);
    assert_eq!(agent.next("contact.updated").await["data"]["email"], "ada@example.org");
    let problem = visitor
        .patch("/widget/me", &json!({ "email": "nope" }))
        .await
        .refused(422, "invalid");
    assert_eq!(problem["errors"][0]["field"], "email");
    visitor.write(Some(&id), "It is me").await;
    assert_eq!(
        agent.next("message.posted").await["data"]["message"]["author"]["name"],
        "Ada"
    );
}

#[tokio::test]
async fn a_flood_from_one_visitor_is_held_back_and_harms_nobody_else() {
    let hub = Hub::with(&[
        ("SWITCHBOARD_LIMITS__WIDGET_MESSAGES__BURST", "5"),
        ("SWITCHBOARD_LIMITS__WIDGET_MESSAGES__PER_MINUTE", "1"),
    ])
    .await;
    let owner = hub.owner("Acme").await;
    let channel = hub.channel(&owner, json!({})).await;
    let (flood, calm) = (hub.visitor(&channel).await, hub.visitor(&channel).await);
    let mut socket = flood.socket().await;
    let mut refused = 0;
    for n in 0..10 {
        let answer = socket
            .ask("send", json!({ "text": format!("spam {n}"), "key": key() }))
            .await;
        refused += i64::from(answer["problem"]["code"] == "too_many");
    }
    assert_eq!(refused, 5);
    let body = json!({ "text": "spam", "key": key() });
    flood.post("/widget/messages", &body).await.refused(429, "too_many");
    calm.start("Hello").await;
}

#[tokio::test]
async fn customers_have_no_operations_of_the_team() {
    let hub = Hub::start().await;
    let owner = hub.owner("Acme").await;
    let channel = hub.channel(&owner, json!({})).await;
    let visitor = hub.visitor(&channel).await;
    let id = visitor.start("Hello").await;
    let mut socket = visitor.socket().await;
    let viewing = socket.ask("viewing", json!({ "conversation_id": id })).await;
    assert_eq!(viewing["problem"]["code"], "unknown_op");
    let note = json!({ "conversation_id": id, "kind": "note", "text": "me too", "key": key() });
    assert_eq!(socket.ask("send", note).await["problem"]["code"], "invalid");
    let mut agent = owner.socket().await;
    let received = agent
        .ask("received", json!({ "conversation_id": id, "through": 1 }))
        .await;
    assert_eq!(received["problem"]["code"], "unknown_op");
}
