//! The log and its followers, as people look at them.

mod follower;

use std::collections::BTreeSet;
use std::path::Path;

use diesel_async::{AsyncConnection, AsyncPgConnection, SimpleAsyncConnection};
use serde_json::{Value, json};

use crate::support::{Agent, Hub};

/// A change that no road leads to.
async fn sql(hub: &Hub, sql: &str) {
    let mut admin = AsyncPgConnection::establish(&hub.urls().admin).await.unwrap();
    admin.batch_execute(sql).await.unwrap();
}

fn seqs(page: &Value) -> Vec<i64> {
    let items = page["items"].as_array().unwrap().iter();
    items.map(|event| event["seq"].as_i64().unwrap()).collect()
}

fn kinds(page: &Value) -> Vec<&str> {
    let items = page["items"].as_array().unwrap().iter();
    items.map(|event| event["kind"].as_str().unwrap()).collect()
}

async fn events(agent: &Agent, query: &str) -> Value {
    agent.get(&format!("/events{query}")).await.expect(200)
}

#[tokio::test]
async fn the_log_is_read_by_pattern_by_subject_and_page_by_page() {
    let hub = Hub::start().await;
    let (owner, other) = (hub.owner("Acme").await, hub.owner("Other").await);
    let tom = hub.member(&owner, "Tom", "agent").await;
    let visitor = hub.visitor(&hub.channel(&owner, json!({})).await).await;
    let id = visitor.start("Hello").await;
    owner.reply(&id, "Hi").await.expect(201);
    owner.reply(&id, "Still there?").await.expect(201);

    let all = events(&owner, "").await;
    let head = all["head"].as_i64().unwrap();
    assert_eq!(seqs(&all), (1..=head).rev().collect::<Vec<_>>());
    assert_eq!(all["next"], Value::Null);
    let newest = &all["items"][0];
    assert_eq!(newest["caller"], format!("user:{}", owner.id()));
    assert_eq!(newest["subject"], format!("conversation:{id}"));
    assert_eq!(newest["payload"]["data"]["message"]["text"], "Still there?");
    assert_eq!(newest["cause"], Value::Null);

    let messages = events(&owner, "?pattern=message.*").await;
    assert_eq!(kinds(&messages), ["message.posted", "message.posted"]);
    let others = events(&owner, "?pattern=!message.*").await;
    assert_eq!(seqs(&others).len() + 2, seqs(&all).len());
    let about = events(&owner, &format!("?subject=conversation:{id}")).await;
    assert!(
        seqs(&about).len() >= 3
            && about["items"]
                .as_array()
                .unwrap()
                .iter()
                .all(|one| one["subject"] == newest["subject"])
    );
    assert_eq!(kinds(&events(&owner, "?pattern=no.such").await), Vec::<&str>::new());

    let first = events(&owner, "?limit=2").await;
    assert_eq!((seqs(&first), &first["next"]), (vec![head, head - 1], &json!(head - 1)));
    let next = events(&owner, &format!("?limit=2&before={}", head - 1)).await;
    assert_eq!(seqs(&next), [head - 2, head - 3]);
    assert_eq!(seqs(&events(&owner, &format!("?after={}", head - 1)).await), [head]);

    for wrong in [
        "?pattern=a..b",
        "?subject=a%20b",
        "?before=0",
        "?after=-1",
        "?limit=101",
        "?nonsense=1",
    ] {
        owner.get(&format!("/events{wrong}")).await.refused(422, "invalid");
    }
    tom.get("/events").await.refused(403, "forbidden");
    assert!(!events(&other, "").await.to_string().contains(&id));
}

#[tokio::test]
async fn an_event_knows_what_it_came_of_and_what_came_of_it() {
    let hub = Hub::start().await;
    let owner = hub.owner("Acme").await;
    let visitor = hub.visitor(&hub.channel(&owner, json!({})).await).await;
    visitor.start("Hello").await;
    let tenant = owner.me["tenant"]["id"].as_str().unwrap();
    for (seq, cause) in [(2, "1#1"), (3, "2#2")] {
        let change = format!("UPDATE events SET cause = '{cause}' WHERE tenant_id = '{tenant}' AND seq = {seq}");
        sql(&hub, &change).await;
    }
    sql(
        &hub,
        &format!("UPDATE events SET payload = NULL WHERE tenant_id = '{tenant}' AND seq = 1"),
    )
    .await;
    let story = owner.get("/events/3").await.expect(200);
    assert_eq!(story["event"]["cause"], json!({ "seq": 2, "depth": 2 }));
    let of = |part: &str| seqs(&json!({ "items": story[part] }));
    assert_eq!((of("causes"), of("effects")), (vec![2, 1], vec![]));
    assert_eq!(story["causes"][1]["payload"], Value::Null);
    let first = owner.get("/events/1").await.expect(200);
    assert_eq!(seqs(&json!({ "items": first["effects"] })), [2]);
    for nothing in ["/events/999999", "/events/0", "/events/x"] {
        owner.get(nothing).await.refused(404, "not_found");
    }
}

#[tokio::test]
async fn everything_that_is_announced_is_in_the_catalogue() {
    let hub = Hub::start().await;
    let owner = hub.owner("Acme").await;
    let page = owner.get("/events/types").await.expect(200);
    let known: BTreeSet<_> = page["items"]
        .as_array()
        .unwrap()
        .iter()
        .inspect(|one| assert!(one["about"].is_string() && one["schema"].is_object(), "{one}"))
        .map(|one| one["kind"].as_str().unwrap().to_owned())
        .collect();
    let mut announced = BTreeSet::new();
    for folder in ["modules", "actors/src"] {
        gather(&Path::new(env!("CARGO_MANIFEST_DIR")).join(folder), &mut announced);
    }
    assert!(announced.len() > 20);
    assert_eq!(announced.difference(&known).collect::<Vec<_>>(), Vec::<&String>::new());
    assert_eq!(known.difference(&announced).collect::<Vec<_>>(), Vec::<&String>::new());
}

/// Finds the kinds in everything that is an event, such as `Self::Posted(_) => "message.posted"`.
fn gather(folder: &Path, kinds: &mut BTreeSet<String>) {
    for entry in std::fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            gather(&path, kinds);
            continue;
        }
        let Ok(text) = std::fs::read_to_string(&path) else {
            continue;
        };
        let Some((_, rest)) = text.split_once("impl Event for") else {
            continue;
        };
        let is_kind = |word: &&str| {
            let is_word = |part: &str| !part.is_empty() && part.bytes().all(|b| b.is_ascii_lowercase() || b == b'_');
            word.split_once('.')
                .is_some_and(|(noun, done)| is_word(noun) && is_word(done))
        };
        kinds.extend(rest.split('"').filter(is_kind).map(str::to_owned));
    }
}
