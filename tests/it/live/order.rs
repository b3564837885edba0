//! Many write at once; everyone sees the same order, and nothing twice.

use std::time::Duration;

use serde_json::json;
use tokio::time::Instant;

use crate::support::{Hub, key};

#[tokio::test]
async fn fifty_senders_to_one_conversation_make_one_order() {
    const SENDERS: usize = 50;
    const EACH: usize = 6;
    let hub = Hub::start().await;
    let owner = hub.owner("Acme").await;
    let channel = hub.channel(&owner, json!({})).await;
    let id = hub.visitor(&channel).await.start("Hello").await;
    let mut watcher = owner.socket().await;
    let senders = (0..SENDERS).map(|sender| {
        let (owner, id) = (owner.clone(), id.clone());
        async move {
            let mut socket = owner.socket().await;
            for n in 0..EACH {
                let once = key();
                let send =
                    json!({ "conversation_id": id, "kind": "note", "text": format!("{sender}/{n}"), "key": once });
                let first = socket.ask("send", send.clone()).await;
                assert_eq!(first["ok"], true, "{first}");
                if n == 0 {
                    // As after a lost answer.
                    let again = socket.ask("send", send).await;
                    assert_eq!(again["data"]["message"], first["data"]["message"]);
                }
            }
        }
    });
    futures_util::future::join_all(senders).await;
    let thread = owner.thread(&id).await;
    let positions: Vec<_> = thread.iter().map(|line| line["position"].as_i64().unwrap()).collect();
    assert_eq!(
        positions,
        (1..=i64::try_from(SENDERS * EACH + 1).unwrap()).collect::<Vec<_>>()
    );
    for sender in 0..SENDERS {
        let mine = format!("{sender}/");
        let texts: Vec<_> = thread
            .iter()
            .filter_map(|line| line["text"].as_str()?.strip_prefix(&mine))
            .collect();
        assert_eq!(
            texts,
            (0..EACH).map(|n| n.to_string()).collect::<Vec<_>>(),
            "sender {sender}"
        );
    }
    let seen = watcher.events_until_quiet(Duration::from_millis(500)).await;
    let seen: Vec<_> = seen
        .iter()
        .filter(|e| e["type"] == "message.posted")
        .map(|e| e["data"]["message"].clone())
        .collect();
    assert_eq!(seen, thread[1..]);
}

#[tokio::test]
async fn requests_of_one_connection_stay_in_order_without_waiting_for_answers() {
    let hub = Hub::start().await;
    let owner = hub.owner("Acme").await;
    let channel = hub.channel(&owner, json!({})).await;
    let id = hub.visitor(&channel).await.start("Hello").await;
    let mut socket = owner.socket().await;
    for n in 0..40 {
        let send = json!({ "conversation_id": id, "kind": "note", "text": n.to_string(), "key": key() });
        socket.send("send", send).await;
    }
    for n in 0..40 {
        assert_eq!(
            socket.next("message.posted").await["data"]["message"]["text"],
            n.to_string()
        );
    }
}

#[tokio::test]
async fn an_answer_does_not_wait_for_the_event_before_it() {
    const LINES: usize = 60;
    let hub = Hub::start().await;
    let owner = hub.owner("Acme").await;
    let channel = hub.channel(&owner, json!({})).await;
    let id = hub.visitor(&channel).await.start("Hello").await;
    // It hears what it sends: two small frames for each line.
    let mut socket = owner.socket().await;
    let mut took = vec![];
    for n in 0..LINES {
        let send = json!({ "conversation_id": id, "kind": "note", "text": n.to_string(), "key": key() });
        let began = Instant::now();
        assert_eq!(socket.ask("send", send).await["ok"], true);
        socket.next("message.posted").await;
        took.push(began.elapsed());
    }
    took.sort_unstable();
    // A kernel that keeps the second until the first is acknowledged makes it 40 ms.
    let quick = took[LINES / 4];
    assert!(quick < Duration::from_millis(25), "{quick:?}");
}
