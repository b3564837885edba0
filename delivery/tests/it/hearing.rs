//! Who hears what, in which order.

use kernel::{ContactId, UserId};
use serde_json::json;

use crate::support::House;

#[actix_web::test]
async fn what_is_only_mine_stands_in_its_place_among_what_is_everybodys() {
    let house = House::open();
    let (ada, bob) = (UserId::fresh(), UserId::fresh());
    let topics = json!({ "topics": ["inbox", "members", "me"] });
    let mut adas = house.member(ada, topics.clone()).await;
    let mut bobs = house.member(bob, topics).await;
    for _ in 0..50 {
        house.commit("thing:1", "thing.changed", None);
        house.commit(&format!("user:{ada}"), "notice.given", None);
        house.commit("thing:1", "thing.changed", None);
        house.commit(&format!("user:{bob}"), "notice.given", None);
    }
    let all: Vec<i64> = (1..=200).collect();
    let hers: Vec<_> = all.iter().copied().filter(|seq| seq % 4 != 0).collect();
    let his: Vec<_> = all.iter().copied().filter(|seq| seq % 4 != 2).collect();
    assert_eq!(adas.events(hers.len()).await, hers);
    assert_eq!(bobs.events(his.len()).await, his);
    let mut back = house
        .member(ada, json!({ "topics": ["inbox", "me"], "cursor": 100 }))
        .await;
    let hers: Vec<_> = hers.into_iter().filter(|seq| *seq > 100).collect();
    assert_eq!(back.events(hers.len()).await, hers);
}

#[actix_web::test]
async fn a_thousand_members_who_hear_the_same_are_one_class() {
    let house = House::open();
    let mut all = vec![];
    for _ in 0..40 {
        let topics = json!({ "topics": ["me", "inbox", "members"] });
        all.push(house.member(UserId::fresh(), topics).await);
    }
    let census = house.delivery.census(house.tenant).await.unwrap();
    assert_eq!((census.bus.sessions, census.bus.classes), (40, 1));
    house.commit("thing:1", "thing.changed", None);
    for client in &mut all {
        assert_eq!(client.events(1).await, [1]);
    }
}

#[actix_web::test]
async fn a_customer_hears_what_is_theirs_and_nothing_else() {
    let house = House::open();
    let (ann, ben) = (ContactId::fresh(), ContactId::fresh());
    let mut anns = house.customer(ann, json!({})).await;
    let mut bens = house.customer(ben, json!({})).await;
    for contact in [Some(ann), None, Some(ben), Some(ann)] {
        house.commit("thing:1", "thing.changed", contact);
    }
    assert_eq!(anns.events(2).await, [1, 4]);
    assert_eq!(bens.events(1).await, [3]);
    let refused = anns.ask("subscribe", json!({ "topics": ["inbox"] })).await;
    assert_eq!(refused["problem"]["code"], "forbidden");
}

#[actix_web::test]
async fn topics_are_counted_for_the_whole_connection() {
    let house = House::open();
    let mut member = house.member(UserId::fresh(), json!({ "topics": ["inbox"] })).await;
    let things = |from: u128, to: u128| {
        let names = (from..to).map(|n| format!("thing:{}", uuid::Uuid::from_u128(n)));
        json!({ "topics": names.collect::<Vec<_>>() })
    };
    assert_eq!(member.ask("subscribe", things(0, 150)).await["ok"], true);
    assert_eq!(member.ask("subscribe", things(100, 199)).await["ok"], true);
    let refused = member.ask("subscribe", things(199, 200)).await;
    assert_eq!(refused["problem"]["code"], "invalid", "{refused}");
    assert_eq!(member.ask("unsubscribe", things(0, 100)).await["ok"], true);
    assert_eq!(member.ask("subscribe", things(200, 300)).await["ok"], true);
    let census = house.delivery.census(house.tenant).await.unwrap();
    assert_eq!(census.sessions.first().map(|row| row.topics), Some(200));
}

#[actix_web::test]
async fn who_comes_back_at_once_was_never_gone() {
    let house = House::with(delivery::DeliveryConfig {
        presence_grace: std::time::Duration::from_millis(50),
        ..delivery::DeliveryConfig::default()
    });
    let (ada, bob) = (UserId::fresh(), UserId::fresh());
    let members = json!({ "topics": ["members"] });
    let mut adas = house.member(ada, members.clone()).await;
    let told = async |client: &mut crate::support::Client| {
        let frame = client.next().await.unwrap();
        let data = &frame["data"];
        (
            data["user_id"].as_str().unwrap().to_owned(),
            data["state"].as_str().unwrap().to_owned(),
        )
    };
    let desk = house.member(bob, members.clone()).await;
    assert_eq!(told(&mut adas).await, (ada.to_string(), "online".into()));
    assert_eq!(told(&mut adas).await, (bob.to_string(), "online".into()));
    let phone = house.member(bob, members.clone()).await;
    drop(desk);
    drop(phone);
    let back = house.member(bob, members).await;
    drop(back);
    assert_eq!(
        told(&mut adas).await,
        (bob.to_string(), "offline".into()),
        "once, when he stays away"
    );
}

#[actix_web::test]
async fn a_customer_who_asks_for_their_own_topic_hears_the_customers_view_only() {
    let house = House::open();
    let ann = ContactId::fresh();
    let mut anns = house.customer(ann, json!({ "topics": ["me"] })).await;
    anns.ask("subscribe", json!({ "topics": ["me"] })).await;
    // What the team is told of them, on the topic that has their name.
    house.commit(&format!("contact:{ann}"), "contact.updated", None);
    let theirs = house.commit("thing:1", "thing.changed", Some(ann));
    assert_eq!(anns.events(1).await, [theirs]);
    let mut back = house.customer(ann, json!({ "topics": ["me"], "cursor": 0 })).await;
    assert_eq!(back.events(1).await, [theirs]);
}
