//! Two tenants on one server know nothing of each other.

use std::time::Duration;

use diesel_async::{AsyncConnection, AsyncPgConnection, SimpleAsyncConnection};
use serde_json::json;
use tokio::time::Instant;

use crate::support::{Hub, in_seconds, key};

#[tokio::test]
async fn no_route_and_no_topic_leads_to_another_tenant() {
    let hub = Hub::start().await;
    let (acme, other) = (hub.owner("Acme").await, hub.owner("Other").await);
    let channel = hub.channel(&acme, json!({})).await;
    let visitor = hub.visitor(&channel).await;
    let id = visitor.start("a secret of Acme").await;
    let contact = visitor.visit["contact"]["id"].as_str().unwrap();
    let channel_id = channel["id"].as_str().unwrap();

    for path in [
        format!("/inbox/conversations/{id}"),
        format!("/inbox/conversations/{id}/messages"),
        format!("/inbox/channels/{channel_id}"),
        format!("/inbox/channels/{channel_id}/secret"),
        format!("/inbox/channels/{channel_id}/snippet"),
        format!("/crm/contacts/{contact}"),
    ] {
        other.get(&path).await.refused(404, "not_found");
    }
    let base = format!("/inbox/conversations/{id}");
    other.reply(&id, "mine now").await.refused(404, "not_found");
    other
        .post(&format!("{base}/notes"), &json!({ "text": "x", "key": key() }))
        .await
        .refused(404, "not_found");
    other
        .post(&format!("{base}/read"), &json!({ "through": 1 }))
        .await
        .refused(404, "not_found");
    other
        .put(&format!("{base}/status"), &json!({ "status": "resolved" }))
        .await
        .refused(404, "not_found");
    other
        .put(&format!("{base}/priority"), &json!({ "priority": "high" }))
        .await
        .refused(404, "not_found");
    other
        .put(&format!("{base}/assignee"), &json!({ "assignee_id": null }))
        .await
        .refused(404, "not_found");
    other
        .patch(&format!("/inbox/channels/{channel_id}"), &json!({ "name": "x" }))
        .await
        .refused(404, "not_found");
    for rotate in ["rotate-key", "rotate-secret"] {
        other
            .post(&format!("/inbox/channels/{channel_id}/{rotate}"), &json!({}))
            .await
            .refused(404, "not_found");
    }
    // An agent of one tenant cannot be given the other's conversation.
    acme.put(&format!("{base}/assignee"), &json!({ "assignee_id": other.id() }))
        .await
        .refused(422, "invalid");
    for path in [
        "/inbox/conversations?status=any",
        "/inbox/channels",
        "/crm/contacts",
        "/live/actors",
    ] {
        let body = other.get(path).await.expect(200).to_string();
        assert!(
            !body.contains(&id) && !body.contains(contact) && !body.contains(channel_id),
            "{path}: {body}"
        );
    }
}

#[tokio::test]
async fn no_event_and_no_signal_crosses_over() {
    let hub = Hub::start().await;
    let (acme, other) = (hub.owner("Acme").await, hub.owner("Other").await);
    let channel = hub.channel(&acme, json!({})).await;
    let visitor = hub.visitor(&channel).await;
    let id = visitor.start("Hello").await;
    let topics = json!({ "topics": ["inbox", "members", "me", format!("conversation:{id}")], "cursor": 0 });
    let mut spy = crate::support::Socket::hello(&hub.url, &other.token, topics).await;
    let mut acmes = acme.socket().await;
    acme.reply(&id, "a secret of Acme").await.expect(201);
    acmes.ask("typing", json!({ "conversation_id": id, "on": true })).await;
    acmes.ask("viewing", json!({ "conversation_id": id })).await;
    let answer = spy.ask("typing", json!({ "conversation_id": id, "on": true })).await;
    assert_eq!(answer["problem"]["code"], "not_found");
    let heard = format!("{:?}", spy.events_until_quiet(Duration::from_millis(400)).await);
    assert!(!heard.contains(&id) && !heard.contains("secret"), "{heard}");
    assert!(!heard.contains("typing") && !heard.contains("viewing"), "{heard}");
}

#[tokio::test]
async fn a_connection_cannot_be_renewed_into_another_tenant_or_person() {
    let hub = Hub::start().await;
    let (acme, other) = (hub.owner("Acme").await, hub.owner("Other").await);
    let mut socket = acme.socket().await;
    let answer = socket.ask("renew", json!({ "token": other.token })).await;
    assert_eq!(answer["problem"]["code"], "unauthenticated");
    let answer = socket.ask("renew", json!({ "token": acme.token })).await;
    assert_eq!(answer["ok"], true, "{answer}");
}

#[tokio::test]
async fn the_wall_holds_for_every_table_with_rows_in_it() {
    let hub = Hub::start().await;
    let mut tenants = vec![];
    for company in ["Acme", "Other"] {
        let owner = hub.owner(company).await;
        let channel = hub.channel(&owner, json!({})).await;
        let visitor = hub.visitor(&channel).await;
        let id = visitor.start("Hello").await;
        owner
            .post(&format!("/inbox/conversations/{id}/read"), &json!({ "through": 1 }))
            .await
            .expect(204);
        let label = json!({ "name": "Billing", "color": "green" });
        let label = owner.post("/inbox/labels", &label).await.expect(201);
        owner
            .put(
                &format!("/inbox/conversations/{id}/labels"),
                &json!({ "label_ids": [label["id"]] }),
            )
            .await
            .expect(200);
        let until = in_seconds(86_400);
        let snooze = json!({ "status": "snoozed", "until": until });
        owner
            .put(&format!("/inbox/conversations/{id}/status"), &snooze)
            .await
            .expect(200);
        let body = json!({ "kind": "web_chat", "name": "Once" });
        let once = owner
            .request(reqwest::Method::POST, "/inbox/channels")
            .header("idempotency-key", key())
            .json(&body);
        assert_eq!(once.send().await.unwrap().status(), 201);
        tenants.push((owner.me["tenant"]["id"].as_str().unwrap().parse().unwrap(), id, channel));
    }
    // Web chat has nothing to send, so nothing came into the outbox.
    for (tenant, conversation, channel) in &tenants {
        outbox_row(&hub, *tenant, conversation, channel["id"].as_str().unwrap()).await;
    }
    let findings = store::rls::proof(hub.urls(), tenants[0].0, tenants[1].0).await.unwrap();
    assert_eq!(format!("{findings:?}"), "[]");
    let findings = store::rls::findings(&hub.urls().admin).await.unwrap();
    assert_eq!(format!("{findings:?}"), "[]");
}

async fn outbox_row(hub: &Hub, tenant: uuid::Uuid, conversation: &str, channel: &str) {
    use diesel_async::{AsyncConnection, SimpleAsyncConnection};
    let mut admin =
        diesel_async::AsyncPgConnection::establish(&hub.urls().backup.replace("switchboard_backup", "switchboard_app"))
            .await
            .unwrap();
    let sql = format!(
        "BEGIN; SELECT set_config('app.tenant_id', '{tenant}', true);
         INSERT INTO outbox (tenant_id, id, channel_id, conversation_id, position, contact_id, text, state, next_at)
         SELECT tenant_id, '{}', '{channel}', id, 1, contact_id, 'x', 'dead', now() FROM conversations WHERE id = '{conversation}'; COMMIT",
        key()
    );
    admin.batch_execute(&sql).await.unwrap();
}

#[tokio::test]
async fn what_stops_one_tenant_does_not_stop_the_others() {
    let hub = Hub::start().await;
    let (stuck, free) = (hub.owner("Stuck").await, hub.owner("Free").await);
    let mut threads = vec![];
    for owner in [&stuck, &free] {
        let visitor = hub.visitor(&hub.channel(owner, json!({})).await).await;
        threads.push(visitor.start("hello").await);
    }
    // Somebody holds the row that the next message has to change.
    let mut admin = AsyncPgConnection::establish(&hub.urls().admin).await.unwrap();
    let hold = format!(
        "BEGIN; SELECT FROM conversations WHERE id = '{}' FOR UPDATE",
        threads[0]
    );
    admin.batch_execute(&hold).await.unwrap();

    let waiting = stuck.reply(&threads[0], "in a moment");
    let others = async {
        let began = Instant::now();
        for n in 1..=20 {
            free.reply(&threads[1], &format!("number {n}")).await.expect(201);
        }
        let took = began.elapsed();
        assert!(took < Duration::from_millis(1_400), "{took:?}");
        tokio::time::sleep(Duration::from_millis(1_400).saturating_sub(took)).await;
        admin.batch_execute("ROLLBACK").await.unwrap();
    };
    let (answer, ()) = tokio::join!(waiting, others);
    answer.expect(201);
    assert_eq!(stuck.thread(&threads[0]).await.len(), 2);
    stuck.reply(&threads[0], "and on").await.expect(201);
}
