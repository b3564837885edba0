//! Two tenants on one server know nothing of each other.

use std::time::Duration;

use diesel_async::{AsyncConnection, AsyncPgConnection, SimpleAsyncConnection};
use serde_json::json;
use tokio::time::Instant;

use crate::contract::{Source, operations};
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
    let label = acme
        .post("/inbox/labels", &json!({ "name": "Secret", "color": "red" }))
        .await
        .expect(201);
    let label_id = label["id"].as_str().unwrap();
    let webhook = json!({ "name": "Secret", "url": "https://acme.example/hook", "patterns": ["**"] });
    let webhook = acme.post("/webhooks", &webhook).await.expect(201);
    let webhook_id = webhook["webhook"]["id"].as_str().unwrap();
    let export = json!({ "format": "jsonl" });
    let job = acme.post("/inbox/exports", &export).await.expect(201);
    let job_id = job["id"].as_str().unwrap();

    let neighbour = hub.visitor(&hub.channel(&other, json!({})).await).await;
    let mut source = Source::new(1);
    for operation in operations()
        .into_iter()
        .filter(|operation| operation.path.contains("{id}"))
    {
        let whose = match operation.path.split("/{id}").next() {
            Some("/inbox/conversations" | "/widget/conversations") => &id,
            Some("/inbox/channels") => channel_id,
            Some("/crm/contacts") => contact,
            Some("/inbox/labels") => label_id,
            Some("/webhooks") => webhook_id,
            Some("/jobs") => job_id,
            _ => panic!("{}: which id of Acme's goes in there?", operation.path),
        };
        let token = match operation.guard.as_deref() {
            Some("visitor") => &neighbour.token,
            _ => &other.token,
        };
        let path = operation.at(whose);
        let mut body = operation.body().map(|schema| source.valid(schema, ""));
        if let Some(assignee) = body.as_mut().and_then(|body| body.get_mut("assignee_id")) {
            *assignee = json!(other.id());
        }
        let url = format!("{}/api/v1{path}", hub.url);
        let request = hub.client.request(operation.method, url).bearer_auth(token);
        let answer = request.json(&body.unwrap_or_default()).send().await.unwrap();
        let problem: serde_json::Value = answer.json().await.unwrap();
        assert_eq!(problem["code"], "not_found", "{}: {problem}", operation.id);
    }
    assert_eq!(acme.thread(&id).await.len(), 1);
    let base = format!("/inbox/conversations/{id}");
    // An agent of one tenant cannot be given the other's conversation.
    acme.put(&format!("{base}/assignee"), &json!({ "assignee_id": other.id() }))
        .await
        .refused(409, "not_a_member");
    for path in [
        "/inbox/conversations?status=any",
        "/inbox/channels",
        "/inbox/labels",
        "/crm/contacts",
        "/live/actors",
        "/jobs?view=all",
    ] {
        let body = other.get(path).await.expect(200).to_string();
        assert!(
            [&id, contact, channel_id, label_id, job_id]
                .iter()
                .all(|mine| !body.contains(*mine)),
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
    for (op, fields) in [
        (
            "send",
            json!({ "conversation_id": id, "text": "mine now", "key": key() }),
        ),
        ("read", json!({ "conversation_id": id, "through": 1 })),
        ("typing", json!({ "conversation_id": id, "on": true })),
    ] {
        assert_eq!(spy.ask(op, fields).await["problem"]["code"], "not_found", "{op}");
    }
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
        let export = json!({ "format": "csv" });
        owner.post("/inbox/exports", &export).await.expect(201);
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
    // Web chat has nothing to send, so nothing came into the outbox; and nothing has failed.
    for (tenant, conversation, channel) in &tenants {
        rare_rows(&hub, *tenant, conversation, channel["id"].as_str().unwrap()).await;
    }
    let findings = store::rls::proof(hub.urls(), tenants[0].0, tenants[1].0).await.unwrap();
    assert_eq!(format!("{findings:?}"), "[]");
    let findings = store::rls::findings(&hub.urls().admin).await.unwrap();
    assert_eq!(format!("{findings:?}"), "[]");
}

async fn rare_rows(hub: &Hub, tenant: uuid::Uuid, conversation: &str, channel: &str) {
    use diesel_async::{AsyncConnection, SimpleAsyncConnection};
    let mut admin =
        diesel_async::AsyncPgConnection::establish(&hub.urls().backup.replace("switchboard_backup", "switchboard_app"))
            .await
            .unwrap();
    let sql = format!(
        "BEGIN; SELECT set_config('app.tenant_id', '{tenant}', true);
         INSERT INTO outbox (tenant_id, id, channel_id, conversation_id, position, contact_id, text, state, next_at)
         SELECT tenant_id, '{}', '{channel}', id, 1, contact_id, 'x', 'dead', now() FROM conversations WHERE id = '{conversation}'; INSERT INTO followers (tenant_id, name, seq, state, updated_at) VALUES ('{tenant}', 'test', 0, 'live', now());
         INSERT INTO dead_letters (tenant_id, follower, seq, kind, reason, attempts, failed_at)
           VALUES ('{tenant}', 'test', 1, 'a.b', 'x', 1, now());
         INSERT INTO webhooks (tenant_id, id, name, url, patterns, at_once, state, sealed_secret, created_at)
           VALUES ('{tenant}', '{tenant}', 'x', 'x', '{{}}', 1, 'paused', '', now());
         INSERT INTO webhook_deliveries (tenant_id, id, webhook_id, kind, state, next_at, created_at)
           VALUES ('{tenant}', '{tenant}', '{tenant}', 'a.b', 'failed', now(), now());
         INSERT INTO webhook_attempts (tenant_id, delivery_id, n, at, took_ms) VALUES ('{tenant}', '{tenant}', 1, now(), 1);
         INSERT INTO job_failures (tenant_id, job_id, place, item, reason) SELECT tenant_id, id, 0, 'x', 'x' FROM jobs;
         COMMIT",
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
