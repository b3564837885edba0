//! Webhooks: what happens comes to a tenant's own receiver, signed, and whatever that does is told.

mod receiver;

use std::time::Duration;

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use hmac::{Hmac, KeyInit, Mac};
use serde_json::{Value, json};
use sha2::Sha256;

use crate::support::{Agent, Hub, Visitor};
use receiver::{Manner, Received, Receiver};

const LOOPBACK: (&str, &str) = ("SWITCHBOARD_EGRESS__ALLOW", "127.0.0.1");

/// A tenant with a receiver and a webhook that wants what happens to conversations.
struct Scene {
    hub: Hub,
    owner: Agent,
    visitor: Visitor,
    receiver: Receiver,
    id: String,
    secret: String,
}

impl Scene {
    async fn set(patterns: &[&str]) -> Self {
        let hub = Hub::with(&[LOOPBACK]).await;
        let owner = hub.owner("Acme").await;
        let visitor = hub.visitor(&hub.channel(&owner, json!({})).await).await;
        let receiver = Receiver::start().await;
        let new = json!({ "name": "Shop", "url": receiver.url, "patterns": patterns });
        let made = owner.post("/webhooks", &new).await.expect(201);
        let word = |value: &Value| value.as_str().unwrap().to_owned();
        Self {
            hub,
            owner,
            visitor,
            receiver,
            id: word(&made["webhook"]["id"]),
            secret: word(&made["secret"]),
        }
    }

    fn path(&self, rest: &str) -> String {
        format!("/webhooks/{}{rest}", self.id)
    }

    async fn webhook(&self) -> Value {
        self.owner.get(&self.path("")).await.expect(200)
    }

    async fn deliveries(&self) -> Vec<Value> {
        let page = self.owner.get(&self.path("/deliveries")).await.expect(200);
        page["items"].as_array().unwrap().clone()
    }

    /// Waits until the newest delivery is as wanted.
    async fn until(&self, what: &str, is_so: impl Fn(&Value) -> bool) -> Value {
        let deadline = tokio::time::Instant::now() + Duration::from_secs(20);
        loop {
            let newest = self.deliveries().await.into_iter().next().unwrap_or_default();
            if is_so(&newest) {
                return newest;
            }
            assert!(
                tokio::time::Instant::now() < deadline,
                "{what}: {newest}\n{}",
                self.hub.log()
            );
            tokio::time::sleep(Duration::from_millis(20)).await;
        }
    }
}

fn signed(received: &Received, secret: &str) -> String {
    let secret = STANDARD.decode(secret.strip_prefix("whsec_").unwrap()).unwrap();
    let mut mac = Hmac::<Sha256>::new_from_slice(&secret).unwrap();
    mac.update(format!("{}.{}.{}", received.id, received.timestamp, received.text).as_bytes());
    format!("v1,{}", STANDARD.encode(mac.finalize().into_bytes()))
}

#[tokio::test]
async fn what_happens_arrives_signed_and_in_order_and_what_nobody_wants_does_not() {
    let scene = Scene::set(&["conversation.started", "message.*"]).await;
    let id = scene.visitor.start("Hello").await;
    scene.owner.reply(&id, "Hi").await.expect(201);
    let label = json!({ "name": "Billing", "color": "green" });
    scene.owner.post("/inbox/labels", &label).await.expect(201);
    scene.owner.reply(&id, "Still there?").await.expect(201);
    let received = scene.receiver.wait_for(3).await;
    let kinds: Vec<_> = received.iter().map(|one| one.body["type"].as_str().unwrap()).collect();
    assert_eq!(kinds, ["conversation.started", "message.posted", "message.posted"]);
    for one in &received {
        assert_eq!(one.signature, signed(one, &scene.secret));
        assert!(
            one.body["seq"].is_i64() && one.body["timestamp"].is_string(),
            "{}",
            one.text
        );
    }
    assert_eq!(received[1].body["data"]["message"]["text"], "Hi");
    let newest = scene.until("delivered", |newest| newest["state"] == "delivered").await;
    let story = scene.path(&format!("/deliveries/{}", newest["id"].as_str().unwrap()));
    let story = scene.owner.get(&story).await.expect(200);
    assert_eq!(story["body"], received[2].text);
    assert_eq!(story["attempts"][0]["status"], 204);
}

#[tokio::test]
async fn whatever_a_receiver_does_is_told_and_tried_again() {
    let scene = Scene::set(&["message.*"]).await;
    let id = scene.visitor.start("Hello").await;
    let (canary, mut tried) = (Receiver::start().await, vec![]);
    for (manner, status, why) in [
        (Manner::Status(500), json!(500), "it answered 500"),
        (Manner::Redirect(canary.url.clone()), json!(302), "it answered 302"),
        (Manner::Large, json!(500), "it answered 500"),
        (Manner::Reset, Value::Null, "the answer broke off"),
    ] {
        scene.receiver.answers(manner.clone());
        let known = scene.deliveries().await.len();
        scene.owner.reply(&id, "Hi").await.expect(201);
        scene.receiver.wait_for(known + 1).await;
        let newest = scene
            .until("tried", |newest| {
                newest["attempts"] == 1 && !tried.contains(&newest["id"])
            })
            .await;
        tried.push(newest["id"].clone());
        assert_eq!(
            (&newest["state"], &newest["last_status"]),
            (&json!("waiting"), &status),
            "{newest}"
        );
        assert!(newest["last_error"].as_str().unwrap().contains(why), "{newest}");
    }
    assert_eq!(canary.received().len(), 0);
    let webhook = scene.webhook().await;
    assert_eq!(
        (&webhook["state"], webhook["failing_since"].is_string()),
        (&json!("live"), true)
    );
    // It comes to its senses: the newest is tried again after some five seconds, with the id it had.
    scene.receiver.answers(Manner::Status(200));
    let before = scene.receiver.received().last().unwrap().id.clone();
    scene.until("delivered", |newest| newest["state"] == "delivered").await;
    assert!(scene.receiver.received().iter().filter(|one| one.id == before).count() >= 2);
    assert_eq!(scene.webhook().await["failures"], 0);
}

#[tokio::test]
async fn one_that_is_gone_is_disabled_and_may_be_enabled_again() {
    let scene = Scene::set(&["message.*"]).await;
    let mut socket =
        crate::support::Socket::hello(&scene.hub.url, &scene.owner.token, json!({ "topics": ["webhooks"] })).await;
    let id = scene.visitor.start("Hello").await;
    scene.receiver.answers(Manner::Status(410));
    scene.owner.reply(&id, "Hi").await.expect(201);
    let disabled = socket.next("webhook.disabled").await;
    assert!(
        disabled["data"]["reason"].as_str().unwrap().contains("gone"),
        "{disabled}"
    );
    assert_eq!(scene.webhook().await["state"], "disabled");
    scene
        .owner
        .post(&scene.path("/test"), &json!({}))
        .await
        .refused(409, "webhook_not_live");
    // What happens meanwhile is not kept for it.
    scene.owner.reply(&id, "Anybody?").await.expect(201);
    scene.receiver.answers(Manner::Status(200));
    let enabled = scene
        .owner
        .patch(&scene.path(""), &json!({ "state": "live" }))
        .await
        .expect(200);
    assert_eq!((&enabled["state"], &enabled["reason"]), (&json!("live"), &Value::Null));
    scene.owner.reply(&id, "Hello again").await.expect(201);
    let newest = scene.until("delivered", |newest| newest["state"] == "delivered").await;
    assert!(newest["seq"].is_i64());
    // And whatever it has missed can be sent.
    let seqs = |received: Vec<Received>| {
        received
            .iter()
            .filter_map(|one| one.body["seq"].as_i64())
            .collect::<Vec<_>>()
    };
    let before = seqs(scene.receiver.received()).len();
    let n = scene.owner.post(&scene.path("/replay"), &json!({})).await.expect(200)["n"]
        .as_i64()
        .unwrap();
    assert_eq!(n, 3);
    // Several are under way at once.
    let mut after = seqs(scene.receiver.wait_for(before + 3).await);
    let again = &mut after[before..];
    again.sort_unstable();
    assert!(again.windows(2).all(|two| two[0] < two[1]), "{again:?}");
}

#[tokio::test]
async fn a_new_secret_and_the_one_before_are_both_valid_for_a_day() {
    let scene = Scene::set(&["message.*"]).await;
    let id = scene.visitor.start("Hello").await;
    let rotated = scene.owner.post(&scene.path("/secret"), &json!({})).await.expect(200);
    let new = rotated["secret"].as_str().unwrap();
    assert!(rotated["webhook"]["old_secret_until"].is_string());
    scene.owner.reply(&id, "Hi").await.expect(201);
    let [one] = &scene.receiver.wait_for(1).await[..] else {
        panic!("one")
    };
    assert_eq!(
        one.signature,
        format!("{} {}", signed(one, new), signed(one, &scene.secret))
    );
    let test = scene.owner.post(&scene.path("/test"), &json!({})).await.expect(201);
    assert_eq!(test["kind"], "webhook.test");
    assert_eq!(scene.receiver.wait_for(2).await[1].body["type"], "webhook.test");
}

#[tokio::test]
async fn what_was_not_sent_when_the_server_died_is_sent_by_the_next_one() {
    let mut scene = Scene::set(&["message.*"]).await;
    let id = scene.visitor.start("Hello").await;
    scene.receiver.answers(Manner::Slow);
    for n in 0..20 {
        scene.owner.reply(&id, &format!("number {n}")).await.expect(201);
    }
    scene.receiver.wait_for(1).await;
    scene.hub.kill();
    scene.receiver.answers(Manner::Status(200));
    let before = scene.receiver.received().len();
    scene.hub.start_again().await;
    let received = scene.receiver.wait_for(before + 20).await;
    let ids: std::collections::HashSet<_> = received.iter().map(|one| one.id.clone()).collect();
    assert_eq!(ids.len(), 20);
}

#[tokio::test]
async fn a_webhook_that_is_dead_holds_up_no_other_and_bad_ones_are_refused() {
    let scene = Scene::set(&["message.*"]).await;
    let dead = Receiver::start().await;
    dead.answers(Manner::Slow);
    let new = |url: &str, patterns: Value| json!({ "name": "Dead", "url": url, "patterns": patterns });
    scene
        .owner
        .post("/webhooks", &new(&dead.url, json!(["**"])))
        .await
        .expect(201);
    let id = scene.visitor.start("Hello").await;
    for n in 0..30 {
        scene.owner.reply(&id, &format!("number {n}")).await.expect(201);
    }
    scene.receiver.wait_for(30).await;
    for url in [
        "http://169.254.169.254/latest",
        "http://[::1]:8080/",
        "http://127.0.0.2/",
        "http://x.example:22/",
        "http://a@b.example/",
    ] {
        scene
            .owner
            .post("/webhooks", &new(url, json!(["**"])))
            .await
            .refused(409, "address_refused");
    }
    for (url, patterns) in [
        ("ftp://x.example/", json!(["**"])),
        ("https://x.example/", json!([])),
        ("https://x.example/", json!(["a..b"])),
    ] {
        scene
            .owner
            .post("/webhooks", &new(url, patterns))
            .await
            .refused(422, "invalid");
    }
    let agent = scene.hub.member(&scene.owner, "Tom", "agent").await;
    agent.get("/webhooks").await.refused(403, "forbidden");
}
