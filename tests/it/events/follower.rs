//! Followers: how far they are, what they could not take, and what people do about it.

use std::time::Duration;

use serde_json::{Value, json};

use super::sql;
use crate::support::{Agent, Hub};

async fn webhooks(owner: &Agent) -> Value {
    let page = owner.get("/followers").await.expect(200);
    let mut all = page["items"].as_array().unwrap().iter();
    all.find(|one| one["name"] == "webhooks").unwrap().clone()
}

async fn until(owner: &Agent, what: &str, is_so: impl Fn(&Value) -> bool) -> Value {
    let deadline = tokio::time::Instant::now() + Duration::from_secs(15);
    loop {
        let follower = webhooks(owner).await;
        if is_so(&follower) {
            return follower;
        }
        assert!(tokio::time::Instant::now() < deadline, "{what}: {follower}");
        tokio::time::sleep(Duration::from_millis(20)).await;
    }
}

#[tokio::test]
async fn a_follower_is_paused_goes_on_where_it_stopped_and_hears_the_past_again() {
    let hub = Hub::start().await;
    let owner = hub.owner("Acme").await;
    let tom = hub.member(&owner, "Tom", "agent").await;
    let new = json!({ "name": "Shop", "url": "https://acme.example/hook", "patterns": ["label.*"] });
    owner.post("/webhooks", &new).await.expect(201);
    until(&owner, "it hears of the webhook", |one| one["behind"] == 0).await;

    owner.post("/followers/webhooks/pause", &json!({})).await.expect(204);
    let label = json!({ "name": "Billing", "color": "green" });
    owner.post("/inbox/labels", &label).await.expect(201);
    let paused = webhooks(&owner).await;
    assert_eq!((&paused["state"], &paused["behind"]), (&json!("paused"), &json!(1)));
    assert!(paused["behind_since"].is_string());
    owner.post("/followers/webhooks/resume", &json!({})).await.expect(204);
    let live = until(&owner, "it goes on", |one| one["behind"] == 0).await;
    assert_eq!((&live["state"], &live["behind_since"]), (&json!("live"), &Value::Null));

    // Nothing is heard while it is paused, so that the replay can be seen.
    owner.post("/followers/webhooks/pause", &json!({})).await.expect(204);
    owner
        .post("/followers/webhooks/replay", &json!({ "seq": 2 }))
        .await
        .expect(204);
    let back = webhooks(&owner).await;
    assert_eq!(back["replay"], json!({ "from": 2, "to": live["head"], "done": 0 }));
    owner.post("/followers/webhooks/resume", &json!({})).await.expect(204);
    let again = until(&owner, "it has heard it all", |one| one["behind"] == 0).await;
    assert_eq!((&again["state"], &again["replay"]), (&json!("live"), &Value::Null));
    let since = json!({ "since": crate::support::in_seconds(-3_600) });
    owner.post("/followers/webhooks/replay", &since).await.expect(204);
    until(&owner, "it has heard it once more", |one| one["behind"] == 0).await;

    owner
        .post("/followers/webhooks/replay", &json!({ "seq": 0 }))
        .await
        .refused(422, "invalid");
    owner
        .post("/followers/nobody/pause", &json!({}))
        .await
        .refused(404, "not_found");
    tom.get("/followers").await.refused(403, "forbidden");
    tom.post("/followers/webhooks/pause", &json!({}))
        .await
        .refused(403, "forbidden");
}

#[tokio::test]
async fn what_a_follower_could_not_take_is_tried_again_or_given_up() {
    let hub = Hub::start().await;
    let owner = hub.owner("Acme").await;
    let new = json!({ "name": "Shop", "url": "https://acme.example/hook", "patterns": ["label.*"] });
    owner.post("/webhooks", &new).await.expect(201);
    until(&owner, "it hears of the webhook", |one| one["behind"] == 0).await;
    let tenant = owner.me["tenant"]["id"].as_str().unwrap();
    for seq in [1, 2, 3] {
        let letter = format!(
            "INSERT INTO dead_letters (tenant_id, follower, seq, kind, reason, attempts, failed_at)
             SELECT tenant_id, 'webhooks', seq, kind, 'it did not fit', 5, now() FROM events
             WHERE tenant_id = '{tenant}' AND seq = {seq}"
        );
        sql(&hub, &letter).await;
    }
    assert_eq!(webhooks(&owner).await["dead"], 3);
    let page = owner.get("/followers/webhooks/dead?limit=2").await.expect(200);
    assert_eq!((&page["items"][0]["seq"], &page["next"]), (&json!(3), &json!(2)));
    assert_eq!(page["items"][0]["reason"], "it did not fit");
    let rest = owner.get("/followers/webhooks/dead?before=2").await.expect(200);
    assert_eq!((&rest["items"][0]["seq"], &rest["next"]), (&json!(1), &Value::Null));

    owner.delete("/followers/webhooks/dead/3").await.expect(204);
    assert_eq!(webhooks(&owner).await["dead"], 2);
    owner
        .post("/followers/webhooks/dead/2/retry", &json!({}))
        .await
        .expect(204);
    until(&owner, "it takes what it could not", |one| one["dead"] == 1).await;
    for gone in [
        "/followers/webhooks/dead/3",
        "/followers/nobody/dead/1",
        "/followers/webhooks/dead/x",
    ] {
        owner.delete(gone).await.refused(404, "not_found");
    }
    owner.get("/followers/nobody/dead").await.refused(404, "not_found");
    owner
        .get("/followers/webhooks/dead?before=0")
        .await
        .refused(422, "invalid");
}
