//! Exports: asked for, seen to go on, had; and they survive whatever happens to the server.

use std::time::Duration;

use diesel_async::{AsyncConnection, AsyncPgConnection, SimpleAsyncConnection};
use reqwest::Method;
use serde_json::{Value, json};

use super::{becomes, file};
use crate::support::{Agent, Hub, Socket, key};

async fn ask(agent: &Agent, export: Value) -> String {
    let job = agent.post("/inbox/exports", &export).await.expect(201);
    job["id"].as_str().unwrap().to_owned()
}

async fn lines(agent: &Agent, export: Value) -> Vec<Value> {
    let id = ask(agent, export).await;
    becomes(agent, &id, "finished").await;
    let text = file(agent, &id).await.text().await.unwrap();
    text.lines().map(|line| serde_json::from_str(line).unwrap()).collect()
}

fn texts(lines: &[Value]) -> Vec<&str> {
    lines.iter().map(|line| line["text"].as_str().unwrap()).collect()
}

/// Two threads: one of Ada with a label, a reply and a note; one that is resolved.
async fn threads(hub: &Hub, owner: &Agent) -> (Value, String) {
    let channel = hub.channel(owner, json!({})).await;
    let ada = hub.visitor(&channel).await;
    let first = ada.start("=SUM(A1)").await;
    owner.reply(&first, "two\nlines, \"quoted\"").await.expect(201);
    let note = json!({ "text": "she is nice", "key": key() });
    let path = format!("/inbox/conversations/{first}");
    owner.post(&format!("{path}/notes"), &note).await.expect(201);
    let label = json!({ "name": "Billing", "color": "green" });
    let label = owner.post("/inbox/labels", &label).await.expect(201)["id"].clone();
    let labels = json!({ "label_ids": [label] });
    owner.put(&format!("{path}/labels"), &labels).await.expect(200);
    let second = hub.visitor(&channel).await.start("Bye").await;
    let resolved = json!({ "status": "resolved" });
    let path = format!("/inbox/conversations/{second}/status");
    owner.put(&path, &resolved).await.expect(200);
    (label, first)
}

#[tokio::test]
async fn an_export_is_asked_for_heard_of_and_had() {
    let hub = Hub::start().await;
    let owner = hub.owner("Acme").await;
    let (label, first) = threads(&hub, &owner).await;
    let mut socket = owner.socket().await;
    let all = lines(&owner, json!({ "format": "jsonl" })).await;
    assert_eq!(texts(&all), ["=SUM(A1)", "two\nlines, \"quoted\"", "Bye"]);
    assert_eq!(all[0]["conversation"]["id"], first.as_str());
    assert_eq!(all[0]["conversation"]["labels"], json!(["Billing"]));
    assert_eq!(all[0]["conversation"]["channel"], "Website");
    assert_eq!(all[1]["author"], json!({ "kind": "user", "name": "Olive Owner" }));
    for kind in ["job.created", "job.started", "job.finished"] {
        assert_eq!(socket.next(kind).await["data"]["kind"], "conversations.export");
    }
    let cases = [
        (json!({ "with_notes": true }), 4),
        (json!({ "status": "resolved" }), 1),
        (json!({ "status": "open" }), 2),
        (json!({ "label_id": label }), 2),
        (json!({ "channel_id": key() }), 0),
        (json!({ "since": "2100-01-01T00:00:00Z" }), 0),
        (json!({ "until": "2100-01-01T00:00:00Z" }), 3),
        (json!({ "until": "2001-01-01T00:00:00Z" }), 0),
    ];
    for (mut filter, n) in cases {
        filter["format"] = json!("jsonl");
        assert_eq!(lines(&owner, filter.clone()).await.len(), n, "{filter}");
    }
    owner
        .post("/inbox/exports", &json!({ "format": "pdf" }))
        .await
        .refused(422, "invalid");
}

#[tokio::test]
async fn a_table_has_a_header_quotes_what_needs_it_and_no_formulas() {
    let hub = Hub::start().await;
    let owner = hub.owner("Acme").await;
    threads(&hub, &owner).await;
    let id = ask(&owner, json!({ "format": "csv" })).await;
    let job = becomes(&owner, &id, "finished").await;
    let answer = file(&owner, &id).await;
    let header = |name: &str| answer.headers()[name].to_str().unwrap().to_owned();
    assert_eq!(header("content-type"), "text/csv");
    assert_eq!(header("content-length"), job["file"]["bytes"].to_string());
    let name = job["file"]["name"].as_str().unwrap();
    assert_eq!(
        header("content-disposition"),
        format!("attachment; filename=\"{name}\"")
    );
    let text = answer.text().await.unwrap();
    assert!(text.starts_with("conversation,conversation_id,status,"), "{text}");
    assert!(text.contains(",'=SUM(A1)\r\n"), "{text}");
    assert!(text.contains(",\"two\nlines, \"\"quoted\"\"\"\r\n"), "{text}");
    assert_eq!(text.matches("\r\n").count(), 4);
}

#[tokio::test]
async fn members_see_their_own_and_only_those_who_may_export_have_the_file() {
    let hub = Hub::start().await;
    let owner = hub.owner("Acme").await;
    let tom = hub.member(&owner, "Tom", "agent").await;
    let ines = hub.member(&owner, "Ines", "admin").await;
    let other = hub.owner("Other").await;
    threads(&hub, &owner).await;
    let body = json!({ "format": "jsonl" });
    let refused = tom.post("/inbox/exports", &body).await.refused(403, "forbidden");
    assert_eq!(refused["detail"], "this needs the permission conversations.export");
    let mut hears = Socket::hello(&hub.url, &ines.token, json!({ "topics": ["jobs"] })).await;
    let id = ask(&owner, body).await;
    becomes(&owner, &id, "finished").await;
    assert_eq!(hears.next("job.finished").await["data"]["id"], id.as_str());
    // On two of the topics that one listens to, it is told once.
    let topics = json!({ "topics": ["jobs", "me"], "cursor": 0 });
    let all = Socket::hello(&hub.url, &owner.token, topics).await;
    assert_eq!(n_told(all, "job.finished").await, 1);
    for path in [format!("/jobs/{id}"), format!("/jobs/{id}/file")] {
        tom.get(&path).await.refused(404, "not_found");
        other.get(&path).await.refused(404, "not_found");
    }
    let n = async |agent: &Agent, view: &str| {
        let page = agent.get(&format!("/jobs?view={view}")).await.expect(200);
        page["items"].as_array().unwrap().len()
    };
    for (agent, mine, all) in [(&owner, 1, 1), (&ines, 0, 1), (&tom, 0, 0), (&other, 0, 0)] {
        assert_eq!((n(agent, "mine").await, n(agent, "all").await), (mine, all));
    }
    file(&ines, &id).await;
    // The right was taken away since: the job is still theirs, the file is not.
    let mut admin = AsyncPgConnection::establish(&hub.urls().admin).await.unwrap();
    let sql = "UPDATE roles SET permissions = array_remove(permissions, 'conversations.export') WHERE name = 'owner'";
    admin.batch_execute(sql).await.unwrap();
    let owner = hub.sign_in(owner.me["user"]["email"].as_str().unwrap()).await;
    owner.get(&format!("/jobs/{id}")).await.expect(200);
    owner.get(&format!("/jobs/{id}/file")).await.refused(403, "forbidden");
    ines.delete(&format!("/jobs/{id}")).await.expect(204);
    assert_eq!(hears.next("job.deleted").await["data"]["id"], id.as_str());
    owner.get(&format!("/jobs/{id}")).await.refused(404, "not_found");
}

async fn n_told(mut socket: Socket, kind: &str) -> usize {
    let events = socket.events_until_quiet(Duration::from_millis(400)).await;
    events.iter().filter(|event| event["type"] == kind).count()
}

#[tokio::test]
async fn the_same_key_is_the_same_job_to_the_same_member() {
    let hub = Hub::start().await;
    let owner = hub.owner("Acme").await;
    let ines = hub.member(&owner, "Ines", "admin").await;
    let ask = async |agent: &Agent, format: &str| {
        let request = agent.request(Method::POST, "/inbox/exports");
        let request = request
            .header("idempotency-key", "once")
            .json(&json!({ "format": format }));
        let answer = request.send().await.unwrap();
        let status = answer.status().as_u16();
        (status, answer.json::<Value>().await.unwrap())
    };
    let (first, again) = (ask(&owner, "csv").await, ask(&owner, "csv").await);
    assert_eq!((first.0, &first.1["id"]), (201, &again.1["id"]));
    let (status, problem) = ask(&owner, "jsonl").await;
    assert_eq!((status, &problem["code"]), (409, &json!("conflict")));
    assert_ne!(ask(&ines, "csv").await.1["id"], first.1["id"]);
}

/// Many threads, made by the database itself.
async fn seed(hub: &Hub, owner: &Agent, threads: u32) {
    let channel = hub.channel(owner, json!({})).await;
    hub.visitor(&channel).await.start("the first one").await;
    let tenant = owner.me["tenant"]["id"].as_str().unwrap();
    let sql = format!(
        "CREATE TEMP TABLE made AS SELECT gen_random_uuid() AS id, n FROM generate_series(2, {threads}) n;
         INSERT INTO conversations (tenant_id, id, number, channel_id, contact_id, start_key, status, priority, n_messages,
             n_customer_messages, version, started_at, last_activity_at)
           SELECT tenant_id, made.id, made.n, channel_id, contact_id, gen_random_uuid(), 'open', 'none', 20, 20, 1, now(), now()
           FROM conversations, made WHERE tenant_id = '{tenant}';
         INSERT INTO messages (tenant_id, conversation_id, position, id, kind, author_kind, author_name, text, key, at)
           SELECT '{tenant}', made.id, p, gen_random_uuid(), 'customer', 'contact', 'Ada', 'message ' || p, gen_random_uuid(),
             now() FROM made, generate_series(1, 20) p"
    );
    let mut admin = AsyncPgConnection::establish(&hub.urls().admin).await.unwrap();
    admin.batch_execute(&sql).await.unwrap();
}

#[tokio::test]
async fn kill_nine_in_the_middle_and_it_goes_on_with_every_line_once() {
    let mut hub = Hub::start().await;
    let owner = hub.owner("Acme").await;
    seed(&hub, &owner, 4_000).await;
    let id = ask(&owner, json!({ "format": "jsonl" })).await;
    let path = format!("/jobs/{id}");
    let mut kills = 0;
    loop {
        let before = owner.get(&path).await.expect(200)["job"].clone();
        if before["state"] == "finished" {
            break;
        }
        if before["done"].as_i64() > Some(0) && kills < 3 {
            hub.kill();
            kills += 1;
            hub.start_again().await;
            let after = owner.get(&path).await.expect(200)["job"].clone();
            assert!(after["done"].as_i64() >= before["done"].as_i64(), "{before} {after}");
        }
        tokio::time::sleep(Duration::from_millis(5)).await;
    }
    assert!(kills > 0, "it was too fast");
    let job = becomes(&owner, &id, "finished").await;
    assert_eq!(job["done"], 3_999 * 20 + 1);
    let text = file(&owner, &id).await.text().await.unwrap();
    let mut seen = std::collections::HashSet::new();
    for line in text.lines() {
        let line: Value = serde_json::from_str(line).unwrap();
        let place = (line["conversation"]["id"].to_string(), line["position"].as_i64());
        assert!(seen.insert(place), "twice: {line}");
    }
    assert_eq!(seen.len(), 3_999 * 20 + 1);
}

#[tokio::test]
async fn one_that_was_cancelled_leaves_no_file() {
    let hub = Hub::start().await;
    let owner = hub.owner("Acme").await;
    seed(&hub, &owner, 4_000).await;
    let id = ask(&owner, json!({ "format": "csv" })).await;
    let path = format!("/jobs/{id}");
    while owner.get(&path).await.expect(200)["job"]["done"] == 0 {
        tokio::time::sleep(Duration::from_millis(5)).await;
    }
    owner.delete(&path).await.refused(409, "job_not_over");
    owner.post(&format!("{path}/cancel"), &json!({})).await.expect(200);
    let job = becomes(&owner, &id, "cancelled").await;
    assert_eq!((&job["file"], &job["is_cancelling"]), (&Value::Null, &json!(false)));
    owner.get(&format!("{path}/file")).await.refused(404, "file_gone");
    owner
        .post(&format!("{path}/cancel"), &json!({}))
        .await
        .refused(409, "job_over");
    owner.delete(&path).await.expect(204);
}
