//! What clients cost the server that do not keep the protocol: not much, and their neighbours nothing.

use std::time::Duration;

use futures_util::StreamExt;
use futures_util::stream::FuturesUnordered;
use serde_json::{Value, json};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;

use crate::support::{Hub, Socket, key};

const MIB: usize = 1024 * 1024;

/// A client's frame, masked with nothing.
fn frame(op: u8, payload: &[u8]) -> Vec<u8> {
    let mut frame = vec![0x80 | op];
    match u16::try_from(payload.len()) {
        Ok(short @ ..126) => frame.push(0x80 | u8::try_from(short).unwrap()),
        Ok(medium) => {
            frame.push(0x80 | 126);
            frame.extend(medium.to_be_bytes());
        }
        Err(_) => {
            frame.push(0x80 | 127);
            frame.extend((payload.len() as u64).to_be_bytes());
        }
    }
    frame.extend([0; 4]);
    frame.extend(payload);
    frame
}

fn text(value: &Value) -> Vec<u8> {
    frame(1, value.to_string().as_bytes())
}

/// A connection after its handshake.
async fn connect(hub: &Hub) -> TcpStream {
    let address = hub.url.trim_start_matches("http://");
    let mut stream = TcpStream::connect(address).await.unwrap();
    let handshake = "GET /ws HTTP/1.1\r\nHost: x\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n\
                     Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\nSec-WebSocket-Version: 13\r\n\r\n";
    stream.write_all(handshake.as_bytes()).await.unwrap();
    let mut answer = vec![];
    while !answer.ends_with(b"\r\n\r\n") {
        answer.push(stream.read_u8().await.unwrap());
    }
    stream
}

/// Writes without reading, until the server takes no more, or has taken enough to show it if it kept it.
async fn flood(stream: &mut TcpStream, piece: &[u8]) {
    let block = piece.repeat(64 * 1024 / piece.len() + 1);
    for _ in 0..24 * MIB / block.len() {
        let written = tokio::time::timeout(Duration::from_millis(300), stream.write_all(&block)).await;
        if !matches!(written, Ok(Ok(()))) {
            return;
        }
    }
}

#[tokio::test]
async fn who_sends_and_never_reads_costs_less_than_a_mebibyte() {
    let hub = Hub::start().await;
    let owner = hub.owner("Acme").await;
    let channel = hub.channel(&owner, json!({})).await;
    let visitor = hub.visitor(&channel).await;
    let hello = |token: &str| text(&json!({ "id": 0, "op": "hello", "token": token, "topics": [] }));
    let (nobody, customer, member) = (vec![], hello(&visitor.token), hello(&owner.token));
    let large = "x".repeat(100 * 1024);
    let topics: Vec<_> = (0..200).map(|_| format!("conversation:{}", key())).collect();
    let unknown = json!({ "id": 1, "op": "x" });
    let table = [
        ("pings of a stranger", &nobody, frame(9, b"")),
        ("large pings of a stranger", &nobody, frame(9, &[0; 125])),
        ("pings of a customer", &customer, frame(9, b"12345678")),
        ("small requests of a customer", &customer, text(&unknown)),
        ("small requests of a member", &member, text(&unknown)),
        (
            "large requests of a member",
            &member,
            text(&json!({ "id": 1, "op": "x", "text": large })),
        ),
        (
            "subscriptions",
            &member,
            text(&json!({ "id": 1, "op": "subscribe", "topics": topics })),
        ),
        (
            "a frame that does not end",
            &member,
            frame(1, &[b'x'; 120 * 1024])[..100 * 1024].to_vec(),
        ),
    ];
    for (what, greeting, piece) in table {
        let before = hub.memory();
        let floods = (0..8).map(|_| async {
            let mut stream = connect(&hub).await;
            stream.write_all(greeting).await.unwrap();
            flood(&mut stream, &piece).await;
            stream
        });
        let streams = futures_util::future::join_all(floods).await;
        let cost = hub.memory().saturating_sub(before) / streams.len();
        assert!(cost < MIB, "{what}: {cost} bytes for each connection");
    }
}

#[tokio::test]
async fn a_customer_who_types_without_end_is_told_of_now_and_then() {
    let hub = Hub::start().await;
    let owner = hub.owner("Acme").await;
    let channel = hub.channel(&owner, json!({})).await;
    let visitor = hub.visitor(&channel).await;
    let id = visitor.start("Hello").await;
    let (mut agent, mut customer) = (owner.socket().await, visitor.socket().await);
    for n in 0..50 {
        let typing = json!({ "conversation_id": id, "on": n % 2 == 0 });
        assert_eq!(customer.ask("typing", typing).await["ok"], true);
    }
    owner.reply(&id, "Yes?").await.expect(201);
    let heard = agent.frames_until("message.posted").await;
    let n_typing = heard.iter().filter(|frame| frame["type"] == "typing").count();
    assert!((1..=10).contains(&n_typing), "{n_typing} of 50");
}

#[tokio::test]
async fn more_than_may_wait_is_refused_at_once_and_never_carried_out() {
    const MAY_WAIT: usize = 4;
    let hub = Hub::with(&[("SWITCHBOARD_LIVE__MAILBOX", "4")]).await;
    let owner = hub.owner("Acme").await;
    let channel = hub.channel(&owner, json!({})).await;
    let id = hub.visitor(&channel).await.start("Hello").await;
    owner.reply(&id, "awake").await.expect(201);
    let held = hub.hold_row("conversations", &id).await;
    let replies = (0..MAY_WAIT + 5).map(|n| {
        let (owner, id) = (owner.clone(), id.clone());
        async move { (owner.reply(&id, &format!("number {n}")).await, n) }
    });
    let mut replies: FuturesUnordered<_> = replies.collect();
    let mut refused = vec![];
    // Those who were let in wait for the row; the others need not.
    for _ in 0..5 {
        let (answer, n) = replies.next().await.unwrap();
        answer.refused(503, "unavailable");
        refused.push(format!("number {n}"));
    }
    held.release().await;
    while replies.next().await.is_some() {}
    owner.reply(&id, "at last").await.expect(201);
    let thread = owner.thread(&id).await;
    let said: Vec<_> = thread.iter().map(|line| line["text"].as_str().unwrap()).collect();
    assert!(refused.iter().all(|text| !said.contains(&text.as_str())), "{said:?}");
}

#[tokio::test]
async fn a_client_that_asks_too_much_at_once_is_told_and_goes_on() {
    let hub = Hub::with(&[("SWITCHBOARD_LIMITS__REQUESTS__BURST", "70")]).await;
    let owner = hub.owner("Acme").await;
    let mut socket = Socket::hello(&hub.url, &owner.token, json!({})).await;
    for _ in 0..90 {
        socket.send("presence", json!({ "state": "away" })).await;
    }
    let mut words = std::collections::BTreeMap::new();
    for _ in 0..90 {
        let answer = socket.read().await.unwrap();
        let word = answer["problem"]["code"].as_str().unwrap_or("ok").to_owned();
        *words.entry(word).or_insert(0) += 1;
    }
    assert!(words["ok"] >= 70 && words["too_many"] >= 1, "{words:?}");
}

#[tokio::test]
async fn those_who_go_away_while_they_wait_leave_room_for_others() {
    let hub = Hub::with(&[("SWITCHBOARD_LIVE__MAILBOX", "4")]).await;
    let owner = hub.owner("Acme").await;
    let channel = hub.channel(&owner, json!({})).await;
    let id = hub.visitor(&channel).await.start("Hello").await;
    owner.reply(&id, "awake").await.expect(201);
    for _ in 0..3 {
        let held = hub.hold_row("conversations", &id).await;
        let replies = (0..4).map(|n| {
            let (owner, id) = (owner.clone(), id.clone());
            tokio::spawn(async move { owner.reply(&id, &format!("number {n}")).await.status })
        });
        let replies: Vec<_> = replies.collect();
        // One more is refused: all four are there.
        while owner.reply(&id, "one more").await.status != 503 {}
        replies.iter().for_each(tokio::task::JoinHandle::abort);
        held.release().await;
    }
    let until = tokio::time::Instant::now() + Duration::from_secs(10);
    while owner.reply(&id, "at last").await.status != 201 {
        assert!(tokio::time::Instant::now() < until, "there is no room any more");
    }
}
