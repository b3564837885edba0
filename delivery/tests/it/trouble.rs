//! What is not told, who dies, what is away.

use std::sync::atomic::Ordering;
use std::time::Duration;

use delivery::DeliveryConfig;
use kernel::UserId;
use serde_json::json;
use store::{Announce, Committed};

use crate::support::{Client, House, until};

async fn member(house: &House) -> Client {
    house.member(UserId::fresh(), json!({ "topics": ["inbox"] })).await
}

#[actix_web::test]
async fn a_commit_in_doubt_is_read_from_the_log() {
    let house = House::open();
    let mut member = member(&house).await;
    house.commit("thing:1", "thing.changed", None);
    house.log.add(house.tenant, "thing:1", "thing.changed", None);
    house.delivery.in_doubt(house.tenant);
    assert_eq!(member.events(2).await, [1, 2]);
    // One that did not happen changes nothing.
    house.delivery.in_doubt(house.tenant);
    house.commit("thing:1", "thing.changed", None);
    assert_eq!(member.events(1).await, [3]);
}

#[actix_web::test]
async fn a_hole_in_the_order_is_filled_even_when_the_log_is_away_at_first() {
    let house = House::open();
    let mut member = member(&house).await;
    house.log.is_away.store(true, Ordering::Relaxed);
    house.log.add(house.tenant, "thing:1", "thing.changed", None);
    house.commit("thing:1", "thing.changed", None);
    tokio::task::yield_now().await;
    house.log.is_away.store(false, Ordering::Relaxed);
    assert_eq!(member.events(2).await, [1, 2]);
}

#[actix_web::test]
async fn commits_may_be_told_in_any_order_from_outside_the_server_too() {
    let house = House::open();
    let mut member = member(&house).await;
    let mut events: Vec<_> = (0..20)
        .map(|_| house.log.add(house.tenant, "thing:1", "thing.changed", None))
        .collect();
    events.reverse();
    let (delivery, tenant) = (house.delivery.clone(), house.tenant);
    // A thread of its own: whoever commits need not live where the bus does.
    let telling = std::thread::spawn(move || {
        for event in events {
            let events = vec![event];
            delivery.committed(vec![Committed { tenant, events }]);
        }
        delivery.in_doubt(tenant);
    });
    telling.join().unwrap();
    assert_eq!(member.events(20).await, (1..=20).collect::<Vec<_>>());
}

#[actix_web::test]
async fn when_the_bus_dies_everyone_comes_back_and_misses_nothing() {
    let house = House::open();
    let (mut first, mut second) = (member(&house).await, member(&house).await);
    house.commit("thing:1", "thing.changed", None);
    assert_eq!((first.events(1).await, second.events(1).await), (vec![1], vec![1]));
    house.log.add(house.tenant, "thing:1", "thing.changed", None);
    house.log.add(house.tenant, "thing:1", "bus.forgotten", None);
    let event = house.log.add(house.tenant, "thing:1", "bus.killed", None);
    house.delivery.committed(vec![Committed {
        tenant: house.tenant,
        events: vec![kernel::Recorded { seq: 2, ..event }],
    }]);
    assert_eq!(
        (first.close_code().await, second.close_code().await),
        (Some(1011), Some(1011))
    );
    let mut back = house
        .member(UserId::fresh(), json!({ "topics": ["inbox"], "cursor": 4 }))
        .await;
    house.commit("thing:1", "thing.changed", None);
    assert_eq!(back.events(1).await, [5]);
}

#[actix_web::test]
async fn a_doubt_that_comes_while_the_log_is_read_has_it_read_again() {
    let house = House::open();
    let mut member = member(&house).await;
    let closed = house.log.door.clone().write_owned().await;
    house.log.add(house.tenant, "thing:1", "thing.changed", None);
    house.delivery.in_doubt(house.tenant);
    until("the log is read", async || {
        house.log.n_reads.load(Ordering::Relaxed) == 1
    })
    .await;
    house.log.add(house.tenant, "thing:1", "thing.changed", None);
    house.delivery.in_doubt(house.tenant);
    // The bus has heard of it.
    house.delivery.census(house.tenant).await.unwrap();
    drop(closed);
    assert_eq!(member.events(2).await, [1, 2]);
}

#[actix_web::test]
async fn when_the_bus_dies_while_the_relays_are_busy_everyone_comes_back_and_misses_nothing() {
    let house = House::open();
    let (mut first, mut second) = (member(&house).await, member(&house).await);
    let mut blocker = member(&house).await;
    let release = house.block.put();
    blocker.send("block", json!({})).await;
    until("the sockets stand still", async || house.block.is_standing()).await;
    for _ in 0..200 {
        house.commit("thing:1", "thing.changed", None);
        // So that the bus sends each by itself, until the relay takes no more.
        house.delivery.census(house.tenant).await.unwrap();
        tokio::task::yield_now().await;
    }
    let event = house.log.add(house.tenant, "thing:1", "thing.changed", None);
    house.delivery.committed(vec![Committed {
        tenant: house.tenant,
        events: vec![kernel::Recorded {
            kind: "bus.killed".into(),
            ..event
        }],
    }]);
    until("it is gone", async || {
        house
            .delivery
            .census(house.tenant)
            .await
            .is_ok_and(|census| census.bus.sessions == 0)
    })
    .await;
    house.commit("thing:1", "thing.changed", None);
    drop(release);
    for client in [&mut first, &mut second] {
        let (mut heard, code) = client.events_until_close().await;
        assert_eq!(code, Some(1011));
        let cursor = heard.last().copied().unwrap_or(0);
        let mut back = house
            .member(UserId::fresh(), json!({ "topics": ["inbox"], "cursor": cursor }))
            .await;
        heard.extend(back.events(202 - heard.len()).await);
        assert_eq!(heard, (1..=202).collect::<Vec<_>>());
    }
}

#[actix_web::test]
async fn who_is_gone_before_the_head_of_the_log_was_read_is_not_here() {
    let house = House::with(DeliveryConfig {
        beat: Duration::from_millis(50),
        ..DeliveryConfig::default()
    });
    let closed = house.log.door.clone().write_owned().await;
    let mut client = Client::open(house.port).await;
    let token = format!("user:{}", UserId::fresh());
    client
        .send("hello", json!({ "token": token, "topics": ["inbox"] }))
        .await;
    // It says nothing more, and is not waited for; behind the last word is the end.
    assert_eq!(client.close_code().await, Some(1001));
    assert_eq!(client.next().await, Err(None));
    house.commit("thing:1", "thing.changed", None);
    drop(closed);
    let census = async || house.delivery.census(house.tenant).await.unwrap();
    until("the head was read", async || census().await.bus.ring == 1).await;
    until("nobody is here", async || census().await.bus.sessions == 0).await;
    assert!(house.delivery.presence(house.tenant).await.is_empty());
}

#[actix_web::test]
async fn stopping_says_goodbye() {
    let house = House::with(DeliveryConfig::default());
    let mut member = member(&house).await;
    assert_eq!(house.delivery.end_all().await, 1);
    assert_eq!(member.next().await.unwrap()["type"], "bye");
    assert_eq!(member.close_code().await, Some(1001));
}
