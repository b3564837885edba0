//! What a client can cost, whatever it does.

use std::time::Duration;

use delivery::{DeliveryConfig, LobbySize, Rate};
use kernel::{ContactId, UserId};
use serde_json::{Value, json};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;

use crate::support::{Client, House, raw};

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

#[actix_web::test]
async fn a_frame_is_as_large_as_its_sender_needs() {
    let house = House::open();
    let mut stranger = raw(house.port).await;
    stranger.write_all(&frame(1, &vec![b'x'; 20_000])[..100]).await.unwrap();
    assert_eq!(
        close_code(&mut stranger).await,
        1009,
        "its beginning says how large it is"
    );
    let mut member = raw(house.port).await;
    let hello = json!({ "id": 0, "op": "hello", "token": format!("user:{}", UserId::fresh()) });
    member.write_all(&text(&hello)).await.unwrap();
    member
        .write_all(&text(&json!({ "id": 1, "op": "x", "text": "x".repeat(100_000) })))
        .await
        .unwrap();
    // Continued for ever, it is too large, too.
    let mut first = frame(1, &[b'x'; 60_000]);
    first[0] = 0x01;
    let mut more = frame(0, &[b'x'; 60_000]);
    more[0] = 0x00;
    member.write_all(&first).await.unwrap();
    member.write_all(&more).await.unwrap();
    member.write_all(&more).await.unwrap();
    assert_eq!(close_code(&mut member).await, 1009);
}

/// Reads until the close frame.
async fn close_code(stream: &mut TcpStream) -> u16 {
    let mut read = vec![];
    tokio::time::timeout(Duration::from_secs(5), stream.read_to_end(&mut read))
        .await
        .unwrap()
        .unwrap();
    let at = read.windows(2).rposition(|two| two[0] == 0x88).unwrap();
    u16::from_be_bytes([read[at + 2], read[at + 3]])
}

#[actix_web::test]
async fn strangers_have_a_lobby_with_walls() {
    let house = House::with(DeliveryConfig {
        lobby: LobbySize {
            per_address: 2,
            total: 10,
        },
        ..DeliveryConfig::default()
    });
    let first = Client::open(house.port).await;
    let mut second = Client::open(house.port).await;
    let url = format!("ws://127.0.0.1:{}/ws", house.port);
    let refused = tokio_tungstenite::connect_async(&url).await;
    match refused {
        Err(tokio_tungstenite::tungstenite::Error::Http(answer)) => {
            assert_eq!(answer.status(), 429);
            assert!(answer.headers().contains_key("retry-after"));
        }
        other => panic!("{other:?}"),
    }
    let token = format!("user:{}", UserId::fresh());
    second.ask("hello", json!({ "token": token })).await;
    let third = Client::open(house.port).await;
    drop((first, third));
    house.member(UserId::fresh(), json!({})).await;
}

#[actix_web::test]
async fn a_customer_asks_only_so_often_over_all_connections() {
    let house = House::with(DeliveryConfig {
        visitor_requests: Rate {
            per_minute: 60,
            burst: 10,
        },
        ..DeliveryConfig::default()
    });
    let me = ContactId::fresh();
    let mut n_carried_out = 0;
    for _ in 0..3 {
        let mut mine = house.customer(me, json!({})).await;
        for _ in 0..10 {
            let answer = mine.ask("x", json!({})).await;
            if answer["ok"] == true {
                n_carried_out += 1;
                continue;
            }
            assert_eq!(answer["problem"]["code"], "too_many", "{answer}");
            assert!(
                answer["problem"]["retry_after_ms"]
                    .as_u64()
                    .is_some_and(|ms| ms <= 1_000),
                "{answer}"
            );
            break;
        }
    }
    assert!((10..=13).contains(&n_carried_out), "{n_carried_out}");
    let mut other = house.customer(ContactId::fresh(), json!({})).await;
    assert_eq!(other.ask("x", json!({})).await["ok"], true);
}
