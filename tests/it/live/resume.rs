//! Whoever was away gets exactly what they missed.

use std::time::Duration;

use serde_json::{Value, json};

use crate::support::{Agent, Hub, Visitor};

const QUIET: Duration = Duration::from_millis(400);

async fn scene(hub: &Hub) -> (Agent, Visitor, String) {
    let owner = hub.owner("Acme").await;
    let channel = hub.channel(&owner, json!({})).await;
    let visitor = hub.visitor(&channel).await;
    let id = visitor.start("Hello").await;
    (owner, visitor, id)
}

fn texts(events: &[Value]) -> Vec<String> {
    let posted = events.iter().filter(|event| event["type"] == "message.posted");
    posted
        .map(|event| event["data"]["message"]["text"].as_str().unwrap().to_owned())
        .collect()
}

fn numbered(from: usize, to: usize) -> Vec<String> {
    (from..to).map(|n| format!("message {n}")).collect()
}

async fn write(visitor: &Visitor, id: &str, from: usize, to: usize) {
    for text in numbered(from, to) {
        visitor.write(Some(id), &text).await;
    }
}

#[tokio::test]
async fn a_dropped_connection_gets_exactly_what_it_missed() {
    let hub = Hub::start().await;
    let (owner, visitor, id) = scene(&hub).await;
    let mut socket = owner.socket().await;
    write(&visitor, &id, 0, 3).await;
    assert_eq!(texts(&socket.events_until_quiet(QUIET).await), numbered(0, 3));
    let cursor = socket.cursor;
    drop(socket);
    write(&visitor, &id, 3, 8).await;
    let mut back = owner.socket_after(cursor).await;
    assert_eq!(back.greeting["resumed"], true);
    write(&visitor, &id, 8, 10).await;
    assert_eq!(texts(&back.events_until_quiet(QUIET).await), numbered(3, 10));
}

#[tokio::test]
async fn a_restart_of_the_server_is_only_a_pause() {
    let mut hub = Hub::start().await;
    let (owner, visitor, id) = scene(&hub).await;
    let (mut agent, mut customer) = (owner.socket().await, visitor.socket().await);
    write(&visitor, &id, 0, 2).await;
    agent.events_until_quiet(QUIET).await;
    customer.events_until_quiet(QUIET).await;
    let (agents, customers) = (agent.cursor, customer.cursor);
    owner.reply(&id, "just before").await.expect(201);
    hub.stop();
    hub.start_again().await;
    owner.reply(&id, "just after").await.expect(201);
    let mut agent = owner.socket_after(agents).await;
    assert_eq!(
        texts(&agent.events_until_quiet(QUIET).await),
        ["just before", "just after"]
    );
    let mut customer = visitor.socket_after(customers).await;
    assert_eq!(
        texts(&customer.events_until_quiet(QUIET).await),
        ["just before", "just after"]
    );
}

#[tokio::test]
async fn stopping_says_goodbye() {
    let mut hub = Hub::start().await;
    let owner = hub.owner("Acme").await;
    let mut socket = owner.socket().await;
    hub.stop();
    let bye = socket.next("bye").await;
    assert!(bye["retry_after_ms"].as_i64().unwrap() > 0, "{bye}");
    assert_eq!(socket.close_code().await, Some(1001));
}

#[tokio::test]
async fn what_the_ring_has_forgotten_comes_from_the_log() {
    let hub = Hub::with(&[("SWITCHBOARD_LIVE__RING", "4")]).await;
    let (owner, visitor, id) = scene(&hub).await;
    let mut socket = owner.socket().await;
    write(&visitor, &id, 0, 1).await;
    socket.events_until_quiet(QUIET).await;
    let cursor = socket.cursor;
    drop(socket);
    write(&visitor, &id, 1, 30).await;
    let mut back = owner.socket_after(cursor).await;
    write(&visitor, &id, 30, 32).await;
    assert_eq!(texts(&back.events_until_quiet(QUIET).await), numbered(1, 32));
}

#[tokio::test]
async fn a_cursor_from_nowhere_is_told_to_start_anew() {
    let hub = Hub::start().await;
    let (owner, visitor, id) = scene(&hub).await;
    let mut socket = owner.socket_after(999_999).await;
    assert_eq!(socket.greeting["resumed"], false);
    let reset = socket.next("reset").await;
    assert_eq!(reset["seq"], socket.greeting["cursor"]);
    write(&visitor, &id, 0, 1).await;
    socket.next("message.posted").await;
}

#[tokio::test]
async fn a_subscription_begins_where_its_answer_says() {
    let hub = Hub::start().await;
    let (owner, visitor, id) = scene(&hub).await;
    let mut socket = crate::support::Socket::hello(&hub.url, &owner.token, json!({})).await;
    write(&visitor, &id, 0, 1).await;
    let topic = format!("conversation:{id}");
    let answer = socket.ask("subscribe", json!({ "topics": [topic] })).await;
    let cursor = answer["data"]["cursor"].as_i64().unwrap();
    write(&visitor, &id, 1, 3).await;
    let events = socket.events_until_quiet(QUIET).await;
    assert_eq!(texts(&events), numbered(1, 3));
    assert!(events.iter().all(|event| event["seq"].as_i64().unwrap() > cursor));
    socket.ask("unsubscribe", json!({ "topics": [topic] })).await;
    write(&visitor, &id, 3, 4).await;
    assert_eq!(socket.events_until_quiet(QUIET).await, Vec::<Value>::new());
}

#[tokio::test]
async fn who_reads_too_slowly_is_paused_and_then_gets_everything_once() {
    const MIB: u64 = 1024 * 1024;
    let hub = Hub::start().await;
    let (owner, _visitor, id) = scene(&hub).await;
    let mut slow = owner.socket().await;
    let long = "x".repeat(15_000);
    let texts_sent: Vec<_> = (0..200).map(|n| format!("{n} {long}")).collect();
    for text in &texts_sent {
        owner.reply(&id, text).await.expect(201);
    }
    let tree = owner.get("/live/actors").await.expect(200);
    let waiting = tree["sessions"][0]["unreceipted_bytes"].as_u64().unwrap();
    assert!((MIB..MIB + 100_000).contains(&waiting), "{waiting} bytes are waiting");
    let heard = texts(&slow.events_until_quiet(QUIET).await);
    assert_eq!(heard.len(), texts_sent.len());
    assert!(heard == texts_sent, "in order");
}
