//! Customers whom the business vouches for: one contact each, and a badge that stands for nothing else.

use std::collections::BTreeSet;

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use futures_util::future::join_all;
use hmac::{Hmac, KeyInit, Mac};
use serde_json::{Value, json};
use sha2::Sha256;

use crate::support::{Agent, Hub, Visitor};

async fn secret(owner: &Agent, channel: &Value) -> String {
    let path = format!("/inbox/channels/{}/secret", channel["id"].as_str().unwrap());
    owner.get(&path).await.expect(200)["secret"]
        .as_str()
        .unwrap()
        .to_owned()
}

fn signed(user_id: &str, secret: &str) -> Value {
    let mut mac = Hmac::<Sha256>::new_from_slice(secret.as_bytes()).unwrap();
    mac.update(user_id.as_bytes());
    json!({ "user_id": user_id, "hash": hex::encode(mac.finalize().into_bytes()), "name": "Ada", "email": "ada@example.org" })
}

#[tokio::test]
async fn a_vouched_for_customer_is_the_same_on_every_device() {
    let hub = Hub::start().await;
    let owner = hub.owner("Acme").await;
    let channel = hub.channel(&owner, json!({ "require_identity": true })).await;
    let secret = secret(&owner, &channel).await;
    let visit = |identity: Value| json!({ "key": channel["key"], "identity": identity });
    let desk = Visitor::begin(&hub, visit(signed("42", &secret))).await.unwrap();
    let id = desk.start("Hello").await;
    let phone = Visitor::begin(&hub, visit(signed("42", &secret))).await.unwrap();
    assert_eq!(phone.visit["contact"]["id"], desk.visit["contact"]["id"]);
    assert_eq!(phone.visit["conversations"][0]["id"], id.as_str());
    assert_eq!(phone.visit["contact"]["verified"], true);
    let other = Visitor::begin(&hub, visit(signed("43", &secret))).await.unwrap();
    assert_ne!(other.visit["contact"]["id"], desk.visit["contact"]["id"]);
    Visitor::begin(&hub, visit(signed("42", "guessed")))
        .await
        .err()
        .unwrap()
        .refused(401, "bad_identity");
    let none = Visitor::begin(&hub, json!({ "key": channel["key"] }))
        .await
        .err()
        .unwrap();
    none.refused(403, "identity_required");
    let path = format!("/inbox/channels/{}/rotate-secret", channel["id"].as_str().unwrap());
    owner.post(&path, &json!({})).await.expect(200);
    Visitor::begin(&hub, visit(signed("42", &secret)))
        .await
        .err()
        .unwrap()
        .refused(401, "bad_identity");
}

#[tokio::test]
async fn a_new_customer_who_comes_in_eight_tabs_at_once_is_one_contact() {
    let hub = Hub::start().await;
    let owner = hub.owner("Acme").await;
    let channel = hub.channel(&owner, json!({})).await;
    let secret = secret(&owner, &channel).await;
    let visit = json!({ "key": channel["key"], "identity": signed("42", &secret) });
    let tabs = join_all((0..8).map(|_| Visitor::begin(&hub, visit.clone()))).await;
    let contacts: BTreeSet<_> = tabs
        .into_iter()
        .map(|tab| tab.unwrap().visit["contact"]["id"].to_string())
        .collect();
    assert_eq!(contacts.len(), 1, "{contacts:?}");
    assert_eq!(
        owner.get("/crm/contacts").await.expect(200)["items"]
            .as_array()
            .unwrap()
            .len(),
        1
    );
}

/// A token of the business: it vouches for everything in it.
fn token(secret: &str, claims: Value) -> Value {
    let mut claims = claims;
    claims["exp"] = json!(kernel::Clock::machine().now().timestamp() + 600);
    let encode = |part: &[u8]| URL_SAFE_NO_PAD.encode(part);
    let signed = format!(
        "{}.{}",
        encode(br#"{"alg":"HS256","typ":"JWT"}"#),
        encode(claims.to_string().as_bytes())
    );
    let mut mac = Hmac::<Sha256>::new_from_slice(secret.as_bytes()).unwrap();
    mac.update(signed.as_bytes());
    json!({ "token": format!("{signed}.{}", encode(&mac.finalize().into_bytes())) })
}

#[tokio::test]
async fn the_badge_stands_for_what_the_business_vouches_for_and_for_nothing_else() {
    let hub = Hub::start().await;
    let owner = hub.owner("Acme").await;
    let channel = hub.channel(&owner, json!({})).await;
    let secret = secret(&owner, &channel).await;
    let card = async |visitor: &Visitor| {
        let path = format!("/crm/contacts/{}", visitor.visit["contact"]["id"].as_str().unwrap());
        owner.get(&path).await.expect(200)
    };
    let visit = |identity: Value| json!({ "key": channel["key"], "identity": identity });
    let boss = json!({ "name": "The Boss", "email": "boss@big.example" });

    // The hash is of the user id alone: what stands beside it anybody can write.
    let mut claimed = signed("42", &secret);
    claimed["name"] = boss["name"].clone();
    claimed["email"] = boss["email"].clone();
    let eve = Visitor::begin(&hub, visit(claimed)).await.unwrap();
    let told = card(&eve).await;
    assert_eq!((&told["verified"], &told["email"]), (&json!(true), &json!(null)));
    assert_ne!(told["name"], "The Boss");
    assert_eq!(told["attributes"]["user_id"], "42");
    assert_eq!(told["attributes"]["told_name"], "The Boss");
    assert_eq!(told["attributes"]["told_email"], "boss@big.example");

    // A token is signed as a whole.
    let claims = json!({ "sub": "43", "name": "Ada", "email": "ada@example.org" });
    let ada = Visitor::begin(&hub, visit(token(&secret, claims))).await.unwrap();
    let vouched = json!(["Ada", "ada@example.org", true]);
    let brief = |contact: &Value| json!([contact["name"], contact["email"], contact["verified"]]);
    assert_eq!(brief(&ada.visit["contact"]), vouched);
    assert_eq!(brief(&ada.patch("/widget/me", &boss).await.expect(200)), vouched);
    let after = card(&ada).await;
    assert_eq!(brief(&after), vouched);
    assert_eq!(after["attributes"]["told_email"], "boss@big.example");

    // Whoever said something first and is vouched for later does not take it along.
    let anybody = hub.visitor(&channel).await;
    let said = anybody.patch("/widget/me", &boss).await.expect(200);
    assert_eq!(brief(&said), json!(["The Boss", "boss@big.example", false]));
    let back = json!({ "key": channel["key"], "visitor": anybody.visit["visitor"], "identity": token(&secret, json!({ "sub": "44" })) });
    let known = Visitor::begin(&hub, back).await.unwrap();
    assert_eq!(known.visit["contact"]["id"], anybody.visit["contact"]["id"]);
    let after = card(&known).await;
    assert_eq!((&after["verified"], &after["email"]), (&json!(true), &json!(null)));
    assert_ne!(after["name"], "The Boss");
    assert_eq!(after["attributes"]["told_name"], "The Boss");
}

#[tokio::test]
async fn signing_out_of_the_page_leaves_the_vouched_for_customer_behind() {
    let hub = Hub::start().await;
    let owner = hub.owner("Acme").await;
    let channel = hub.channel(&owner, json!({})).await;
    let secret = secret(&owner, &channel).await;
    let visit = json!({ "key": channel["key"], "identity": signed("42", &secret) });
    let ada = Visitor::begin(&hub, visit).await.unwrap();
    let back = json!({ "key": channel["key"], "visitor": ada.visit["visitor"] });
    let next = Visitor::begin(&hub, back).await.unwrap();
    assert_ne!(next.visit["contact"]["id"], ada.visit["contact"]["id"]);
}

#[tokio::test]
async fn a_live_conversation_shows_the_contact_of_now_on_every_path() {
    let hub = Hub::start().await;
    let owner = hub.owner("Acme").await;
    let channel = hub.channel(&owner, json!({})).await;
    let secret = secret(&owner, &channel).await;
    let visitor = hub.visitor(&channel).await;
    let id = visitor.start("Hello").await;
    let other = hub.visitor(&channel).await.start("Somebody else").await;
    let path = format!("/inbox/conversations/{id}");
    let (mut agent, mut visitor) = (owner.socket().await, visitor);
    let identity = token(
        &secret,
        json!({ "sub": "42", "name": "Ceo Big", "email": "ceo@big.example" }),
    );
    let back = json!({ "key": channel["key"], "visitor": visitor.visit["visitor"], "identity": identity });
    for (change, name, verified) in [("told", "Ann", false), ("vouched for", "Ceo Big", true)] {
        owner.reply(&id, "awake").await.expect(201);
        agent.next("message.posted").await;
        if verified {
            visitor = Visitor::begin(&hub, back.clone()).await.unwrap();
        } else {
            visitor.patch("/widget/me", &json!({ "name": name })).await.expect(200);
        }
        let updated = agent.next("contact.updated").await;
        // Answered in order: whoever asks after the change is shown the contact as it is.
        owner.reply(&id, "and now").await.expect(201);
        let shown = loop {
            let event = agent.next("message.posted").await;
            let shown = event["data"]["conversation"]["contact"].clone();
            if event["seq"].as_i64() > updated["seq"].as_i64() {
                break shown;
            }
        };
        let asked = owner.get(&path).await.expect(200)["conversation"]["contact"].clone();
        assert_eq!(
            (asked["name"].as_str(), asked["verified"].as_bool()),
            (Some(name), Some(verified))
        );
        assert_eq!(shown, asked, "{change}");
    }
    let untouched = owner.get(&format!("/inbox/conversations/{other}")).await.expect(200);
    assert_ne!(untouched["conversation"]["contact"]["name"], "Ceo Big");
}
