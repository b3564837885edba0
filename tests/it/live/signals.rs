//! Typing, viewing, presence: told at once, never stored.

use serde_json::json;

use crate::support::Hub;

#[tokio::test]
async fn typing_reaches_everyone_but_its_sender() {
    let hub = Hub::start().await;
    let owner = hub.owner("Acme").await;
    let tom = hub.member(&owner, "Tom", "agent").await;
    let channel = hub.channel(&owner, json!({})).await;
    let visitor = hub.visitor(&channel).await;
    let id = visitor.start("Hello").await;
    let (mut owners, mut toms, mut customer) = (owner.socket().await, tom.socket().await, visitor.socket().await);
    let typing = json!({ "conversation_id": id, "on": true });
    assert_eq!(toms.ask("typing", typing.clone()).await["ok"], true);
    let heard = owners.next("typing").await;
    assert_eq!(heard["data"]["who"]["name"], "Tom");
    assert!(heard["seq"].is_null());
    assert_eq!(customer.next("typing").await["data"]["who"]["kind"], "user");
    customer.ask("typing", typing).await;
    // Tom's next is the customer's: his own never came back to him.
    assert_eq!(toms.next("typing").await["data"]["who"]["kind"], "contact");
}

#[tokio::test]
async fn colleagues_see_who_is_here_and_what_they_look_at() {
    let hub = Hub::start().await;
    let owner = hub.owner("Acme").await;
    let tom = hub.member(&owner, "Tom", "agent").await;
    let channel = hub.channel(&owner, json!({})).await;
    let id = hub.visitor(&channel).await.start("Hello").await;
    let mut owners = owner.socket().await;
    let mut toms = tom.socket().await;
    let online = loop {
        let presence = owners.next("presence").await;
        if presence["data"]["user_id"] == tom.id() {
            break presence;
        }
    };
    assert_eq!(online["data"]["state"], "online");
    toms.ask("viewing", json!({ "conversation_id": id })).await;
    assert_eq!(owners.next("viewing").await["data"]["users"], json!([tom.id()]));
    toms.ask("presence", json!({ "state": "away" })).await;
    assert_eq!(owners.next("presence").await["data"]["state"], "away");
    let members = owner.get("/identity/members").await.expect(200);
    let tom_row = members["items"]
        .as_array()
        .unwrap()
        .iter()
        .find(|m| m["user_id"] == tom.id())
        .unwrap()
        .clone();
    assert_eq!(tom_row["presence"], "away");
    drop(toms);
    assert_eq!(owners.next("viewing").await["data"]["users"], json!([]));
    assert_eq!(owners.next("presence").await["data"]["state"], "offline");
}
