//! Coming back: it costs what was missed.

use delivery::DeliveryConfig;
use kernel::{ContactId, UserId};
use serde_json::json;

use crate::support::House;

#[actix_web::test]
async fn a_hundred_members_who_come_back_read_the_log_once() {
    let house = House::open();
    (0..1_000).for_each(|_| drop(house.log.add(house.tenant, "thing:1", "thing.changed", None)));
    for n in 0..100 {
        let cursor = 200 + n;
        let mut member = house
            .member(UserId::fresh(), json!({ "topics": ["inbox"], "cursor": cursor }))
            .await;
        let expect: Vec<_> = (cursor + 1..=1_000).collect();
        assert_eq!(member.events(expect.len()).await, expect);
    }
    let (n_read, n_reads) = house.log.cost();
    assert!(n_read <= 800 && n_reads <= 2, "{n_read} events in {n_reads} reads");
}

#[actix_web::test]
async fn those_who_come_back_together_wait_for_one_read() {
    let house = House::open();
    (0..1_000).for_each(|_| drop(house.log.add(house.tenant, "thing:1", "thing.changed", None)));
    let clients = (0..50).map(|n| house.member(UserId::fresh(), json!({ "topics": ["inbox"], "cursor": 900 - n })));
    let clients = futures_util::future::join_all(clients).await;
    for (n, mut client) in clients.into_iter().enumerate() {
        assert_eq!(client.events(100 + n).await.last(), Some(&1_000));
    }
    let (n_read, n_reads) = house.log.cost();
    assert!(
        n_read <= 150 + 50 && n_reads <= 50,
        "{n_read} events in {n_reads} reads"
    );
}

#[actix_web::test]
async fn a_customer_who_comes_back_reads_what_is_theirs() {
    let house = House::with(DeliveryConfig {
        ring: 100,
        ..DeliveryConfig::default()
    });
    let me = ContactId::fresh();
    for n in 0..20_000 {
        let contact = if n % 4_000 == 0 { me } else { ContactId::fresh() };
        house.log.add(house.tenant, "thing:1", "thing.changed", Some(contact));
    }
    let mut back = house.customer(me, json!({ "cursor": 4_000 })).await;
    assert_eq!(back.greeting["data"]["resumed"], true, "however much others wrote");
    assert_eq!(back.events(4).await, [4_001, 8_001, 12_001, 16_001]);
    assert_eq!(house.log.cost(), (4, 1));
    let next = house.commit("thing:1", "thing.changed", Some(me));
    assert_eq!(back.events(1).await, [next]);
}

#[actix_web::test]
async fn who_missed_too_much_is_told_to_start_anew() {
    let house = House::open();
    let me = ContactId::fresh();
    (0..6_000).for_each(|_| drop(house.log.add(house.tenant, "thing:1", "thing.changed", Some(me))));
    let mut member = house
        .member(UserId::fresh(), json!({ "topics": ["inbox"], "cursor": 10 }))
        .await;
    assert_eq!(member.greeting["data"]["resumed"], false);
    assert_eq!(member.next().await.unwrap()["type"], "reset");
    let mut customer = house.customer(me, json!({ "cursor": 10 })).await;
    let reset = customer.next().await.unwrap();
    assert_eq!((&reset["type"], &reset["seq"]), (&json!("reset"), &json!(6_000)));
    let (n_read, _) = house.log.cost();
    assert!(n_read <= 501, "{n_read}");
}

#[actix_web::test]
async fn a_cursor_from_before_the_beginning_is_one_from_the_beginning() {
    let house = House::open();
    (0..6_000).for_each(|_| drop(house.log.add(house.tenant, "thing:1", "thing.changed", None)));
    for cursor in [-1, i64::MIN] {
        let member = house
            .member(UserId::fresh(), json!({ "topics": ["inbox"], "cursor": cursor }))
            .await;
        assert_eq!(member.greeting["data"]["resumed"], false);
        let mut customer = house.customer(ContactId::fresh(), json!({ "cursor": cursor })).await;
        let next = house.commit("thing:1", "thing.changed", None);
        assert!(customer.ask("x", json!({})).await["ok"] == true && next > 0);
    }
    assert_eq!(house.log.cost().0, 0, "nothing of it was read");
}

#[actix_web::test]
async fn who_comes_back_for_what_the_ring_has_no_room_for_is_caught_up_from_the_log() {
    let house = House::with(DeliveryConfig {
        ring_bytes: 10_000,
        ..DeliveryConfig::default()
    });
    let mut here = house.member(UserId::fresh(), json!({ "topics": ["inbox"] })).await;
    let all: Vec<_> = (1..=500).collect();
    for _ in &all {
        house.commit("thing:1", "thing.changed", None);
    }
    assert_eq!(here.events(all.len()).await, all);
    let census = house.delivery.census(house.tenant).await.unwrap();
    assert!((10..200).contains(&census.bus.ring), "{}", census.bus.ring);
    let mut back = house
        .member(UserId::fresh(), json!({ "topics": ["inbox"], "cursor": 0 }))
        .await;
    assert_eq!(back.events(all.len()).await, all);
    assert_eq!(house.log.cost(), (500, 1));
}
