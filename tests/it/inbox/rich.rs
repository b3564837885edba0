//! Messages with formatting: sent, heard, read again, and refused when they are not what they should be.

use diesel_async::{AsyncConnection, AsyncPgConnection, RunQueryDsl};
use serde_json::{Value, json};
use store::diesel::prelude::*;
use store::schema::messages;

use crate::support::{Hub, key};

/// A paragraph with one bold word, and a list with a link in it.
fn offer() -> Value {
    json!([
        { "type": "paragraph", "spans": [{ "text": "Two " }, { "text": "sizes", "bold": true }, { "text": ":" }] },
        { "type": "bullet", "spans": [{ "text": "large" }] },
        { "type": "bullet", "level": 1, "spans": [{ "text": "table", "link": "https://shop.example/sizes" }] },
    ])
}

const OFFER: &str = "Two sizes:\n- large\n  - table (https://shop.example/sizes)";

#[tokio::test]
async fn a_formatted_reply_reaches_everyone_with_its_plain_text_and_stays() {
    let mut hub = Hub::start().await;
    let owner = hub.owner("Acme").await;
    let channel = hub.channel(&owner, json!({})).await;
    let visitor = hub.visitor(&channel).await;
    let id = visitor.start("Which size?").await;
    let (mut agent, mut customer) = (owner.socket().await, visitor.socket().await);
    let said = json!({ "conversation_id": id, "kind": "reply", "text": "what it says", "rich": offer(), "key": key() });
    let sent = agent.ask("send", said.clone()).await;
    let message = sent["data"]["message"].clone();
    assert_eq!((&message["text"], &message["rich"]), (&json!(OFFER), &offer()));
    assert_eq!(
        sent["data"]["conversation"]["last_message"]["preview"],
        "Two sizes: - large - table (https://shop.example/sizes)"
    );
    assert_eq!(agent.next("message.posted").await["data"], sent["data"]);
    let heard = customer.next("message.posted").await;
    assert_eq!(
        (&heard["data"]["message"]["text"], &heard["data"]["message"]["rich"]),
        (&json!(OFFER), &offer())
    );
    // The same key is the same message, also after a crash.
    hub.kill();
    hub.start_again().await;
    let again = owner.socket().await.ask("send", said).await;
    assert_eq!(again["data"]["message"], message);
    assert_eq!(owner.thread(&id).await[1], message);
    let page = visitor
        .get(&format!("/widget/conversations/{id}/messages"))
        .await
        .expect(200);
    assert_eq!(page["items"][1]["rich"], offer());
    assert_eq!(page["items"][0]["rich"], Value::Null);
}

#[tokio::test]
async fn what_letters_can_say_is_kept_as_letters() {
    let hub = Hub::start().await;
    let owner = hub.owner("Acme").await;
    let channel = hub.channel(&owner, json!({})).await;
    let id = hub.visitor(&channel).await.start("Hello").await;
    let path = format!("/inbox/conversations/{id}/replies");
    let lines = json!([{ "type": "paragraph", "spans": [{ "text": "Hi" }] }, { "type": "paragraph", "spans": [] },
                       { "type": "paragraph", "spans": [{ "text": "you " }, { "text": "there" }] }]);
    for (rich, text) in [
        (lines, "Hi\n\nyou there"),
        (json!([]), "plain"),
        (json!([{ "type": "bullet", "spans": [{ "text": " " }] }]), "plain"),
        (Value::Null, "plain"),
    ] {
        let reply = json!({ "text": "plain", "rich": rich, "key": key() });
        let change = owner.post(&path, &reply).await.expect(201);
        assert_eq!(
            (&change["message"]["text"], &change["message"]["rich"]),
            (&json!(text), &Value::Null)
        );
    }
    let reply = json!({ "text": "plain", "rich": offer(), "key": key() });
    owner.post(&path, &reply).await.expect(201);
    let mut app = AsyncPgConnection::establish(&hub.urls().admin).await.unwrap();
    let rows: Vec<(i64, Option<String>)> = messages::table
        .filter(messages::rich.is_not_null())
        .select((messages::position, messages::rich))
        .load(&mut app)
        .await
        .unwrap();
    let [(6, Some(stored))] = rows.as_slice() else {
        panic!("{rows:?}")
    };
    assert_eq!(serde_json::from_str::<Value>(stored).unwrap(), offer());
}

#[tokio::test]
async fn colleagues_are_mentioned_in_notes_and_named_in_replies() {
    let hub = Hub::start().await;
    let owner = hub.owner("Acme").await;
    let tom = hub.member(&owner, "Tom", "agent").await;
    let channel = hub.channel(&owner, json!({})).await;
    let visitor = hub.visitor(&channel).await;
    let id = visitor.start("Hello").await;
    let mut customer = visitor.socket().await;
    let rich =
        json!([{ "type": "paragraph", "spans": [{ "text": "Tom", "mention": tom.id() }, { "text": " knows" }] }]);
    let body = || json!({ "text": "x", "rich": rich, "key": key() });
    let base = format!("/inbox/conversations/{id}");
    let note = owner.post(&format!("{base}/notes"), &body()).await.expect(201);
    assert_eq!(
        (&note["message"]["text"], &note["message"]["rich"]),
        (&json!("@Tom knows"), &rich)
    );
    let reply = owner.post(&format!("{base}/replies"), &body()).await.expect(201);
    assert_eq!(
        (&reply["message"]["text"], &reply["message"]["rich"]),
        (&json!("@Tom knows"), &Value::Null)
    );
    let heard = customer.frames_until("message.posted").await;
    assert!(!format!("{heard:?}").contains(tom.id()), "{heard:?}");
}

#[tokio::test]
async fn what_is_no_document_is_refused_and_says_what_is_wrong() {
    let hub = Hub::start().await;
    let owner = hub.owner("Acme").await;
    let channel = hub.channel(&owner, json!({})).await;
    let visitor = hub.visitor(&channel).await;
    let id = visitor.start("Hello").await;
    let path = format!("/inbox/conversations/{id}/replies");
    let mut agent = owner.socket().await;
    let one = |span: Value| json!([{ "type": "paragraph", "spans": [span] }]);
    let many = vec![json!({ "type": "bullet", "spans": [] }); 1_001];
    for (rich, field, why) in [
        (
            json!([{ "type": "image", "spans": [] }]),
            "rich[0].type",
            "unknown variant",
        ),
        (
            json!([{ "type": "bullet", "level": 6, "spans": [] }]),
            "rich[0].level",
            "at most 5",
        ),
        (
            one(json!({ "text": "x", "style": "color:red" })),
            "rich[0].spans[0].style",
            "unknown field",
        ),
        (
            one(json!({ "text": "x", "link": "javascript:alert(1)" })),
            "rich[0].spans[0].link",
            "no link to",
        ),
        (one(json!({ "text": "x".repeat(20_001) })), "rich", "at most 20000"),
        (json!(many), "rich", "at most 1000"),
        (json!("<b>hi</b>"), "rich", "invalid type"),
    ] {
        let body = json!({ "text": "x", "rich": rich, "key": key() });
        let refused = owner.post(&path, &body).await.refused(422, "invalid");
        assert_eq!(refused["errors"][0]["field"], field, "{refused}");
        assert!(
            refused["errors"][0]["message"].as_str().unwrap().contains(why),
            "{refused}"
        );
        let mut asked = body;
        asked["conversation_id"] = json!(id);
        let refused = agent.ask("send", asked).await;
        assert_eq!(refused["problem"]["code"], "invalid", "{refused}");
    }
    // A megabyte is not read to its end.
    let body = json!({ "text": "x", "rich": one(json!({ "text": "x".repeat(1_000_000) })), "key": key() });
    owner.post(&path, &body).await.refused(413, "too_large");
    // Customers write letters.
    let formatted = json!({ "text": "x", "rich": offer(), "key": key() });
    visitor
        .post("/widget/messages", &formatted)
        .await
        .refused(422, "invalid");
    assert_eq!(owner.thread(&id).await.len(), 1);
}
