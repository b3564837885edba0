//! Labels: made, put on conversations, found again, gone.

use serde_json::{Value, json};

use crate::support::{Agent, Hub, key};

async fn label(owner: &Agent, name: &str) -> String {
    let new = json!({ "name": name, "color": "teal" });
    owner.post("/inbox/labels", &new).await.expect(201)["id"]
        .as_str()
        .unwrap()
        .to_owned()
}

fn names(page: &Value) -> Vec<&str> {
    page["items"]
        .as_array()
        .unwrap()
        .iter()
        .map(|label| label["name"].as_str().unwrap())
        .collect()
}

#[tokio::test]
async fn labels_are_made_renamed_and_deleted_by_those_who_may() {
    let hub = Hub::start().await;
    let owner = hub.owner("Acme").await;
    let tom = hub.member(&owner, "Tom", "agent").await;
    let mut socket = tom.socket().await;
    let billing = label(&owner, " Billing ").await;
    assert_eq!(socket.next("label.created").await["data"]["name"], "Billing");
    label(&owner, "apples").await;
    assert_eq!(
        names(&tom.get("/inbox/labels").await.expect(200)),
        ["apples", "Billing"]
    );
    for (body, code) in [
        (json!({ "name": "BILLING", "color": "red" }), "label_taken"),
        (json!({ "name": " ", "color": "red" }), "invalid"),
        (json!({ "name": "x".repeat(41), "color": "red" }), "invalid"),
        (json!({ "name": "a\u{0}b", "color": "red" }), "invalid"),
        (json!({ "name": "Gold", "color": "gold" }), "invalid"),
    ] {
        let status = if code == "label_taken" { 409 } else { 422 };
        owner.post("/inbox/labels", &body).await.refused(status, code);
    }
    let path = format!("/inbox/labels/{billing}");
    let renamed = owner
        .patch(&path, &json!({ "name": "Invoices", "color": "pink" }))
        .await
        .expect(200);
    assert_eq!(socket.next("label.updated").await["data"], renamed);
    owner
        .patch(&path, &json!({ "name": "Apples" }))
        .await
        .refused(409, "label_taken");
    for refused in [
        tom.post("/inbox/labels", &json!({ "name": "Mine", "color": "red" }))
            .await,
        tom.patch(&path, &json!({ "color": "red" })).await,
        tom.delete(&path).await,
    ] {
        refused.refused(403, "forbidden");
    }
    owner.delete(&path).await.expect(204);
    assert_eq!(socket.next("label.deleted").await["data"]["id"], billing.as_str());
    owner.delete(&path).await.refused(404, "not_found");
    let new = json!({ "name": "Once", "color": "gray" });
    let once = || {
        let request = owner.request(reqwest::Method::POST, "/inbox/labels");
        request.header("idempotency-key", "the same key").json(&new).send()
    };
    let (first, again): (Value, Value) = (
        once().await.unwrap().json().await.unwrap(),
        once().await.unwrap().json().await.unwrap(),
    );
    assert_eq!(first, again);
}

#[tokio::test]
async fn a_conversation_has_the_labels_that_were_put_on_it_last() {
    let hub = Hub::start().await;
    let owner = hub.owner("Acme").await;
    let channel = hub.channel(&owner, json!({})).await;
    let visitor = hub.visitor(&channel).await;
    let (id, other) = (visitor.start("Hello").await, visitor.start("And this").await);
    let (billing, urgent) = (label(&owner, "Billing").await, label(&owner, "Urgent").await);
    let (mut agent, mut customer) = (owner.socket().await, visitor.socket().await);
    let path = format!("/inbox/conversations/{id}/labels");
    let set = async |ids: &[&str]| owner.put(&path, &json!({ "label_ids": ids })).await;

    let change = set(&[&urgent, &billing, &urgent]).await.expect(200);
    let mut both = vec![billing.clone(), urgent.clone()];
    both.sort();
    assert_eq!(change["conversation"]["label_ids"], json!(both));
    let event = agent.next("conversation.labeled").await;
    assert_eq!(event["data"], change);
    assert_eq!(change["message"]["activity"]["type"], "labeled");
    assert_eq!(change["message"]["activity"]["added"].as_array().map(Vec::len), Some(2));
    // Once more is nothing new.
    assert_eq!(set(&[&urgent, &billing]).await.expect(200)["message"], Value::Null);
    let change = set(&[&urgent]).await.expect(200);
    assert_eq!(
        change["message"]["activity"]["removed"],
        json!([{ "id": billing, "name": "Billing" }])
    );
    set(&[&key()]).await.refused(409, "unknown_label");
    set(&["nonsense"]).await.refused(422, "invalid");

    let found = async |label: &str| {
        let path = format!("/inbox/conversations?label_id={label}&status=any");
        let page = owner.get(&path).await.expect(200);
        let ids = page["items"]
            .as_array()
            .unwrap()
            .iter()
            .map(|item| item["conversation"]["id"].as_str().unwrap().to_owned());
        ids.collect::<Vec<_>>()
    };
    assert_eq!(
        (found(&urgent).await, found(&billing).await),
        (vec![id.clone()], vec![])
    );
    let asked = owner.get(&format!("/inbox/conversations/{id}")).await.expect(200);
    assert_eq!(asked["conversation"], change["conversation"]);
    // What is open is counted, what is resolved is not.
    let counted = async || owner.get("/inbox/counts").await.expect(200)["by_label"].clone();
    assert_eq!(counted().await, json!({ (&urgent): 1 }));
    let status = async |status: &str| {
        let path = format!("/inbox/conversations/{id}/status");
        owner.put(&path, &json!({ "status": status })).await.expect(200)
    };
    status("resolved").await;
    assert_eq!(counted().await, json!({}));
    status("open").await;

    // What is deleted is off every conversation, also of one that is awake.
    owner.delete(&format!("/inbox/labels/{urgent}")).await.expect(204);
    agent.next("label.deleted").await;
    assert_eq!(found(&urgent).await, Vec::<String>::new());
    let replied = owner.reply(&id, "Done").await.expect(201);
    assert_eq!(replied["conversation"]["label_ids"], json!([]));
    // The customer hears of none of this.
    owner.reply(&other, "Hi").await.expect(201);
    let heard = customer.frames_until("message.posted").await;
    assert!(
        heard.iter().all(|frame| !frame.to_string().contains("label")),
        "{heard:?}"
    );
}

#[tokio::test]
async fn labels_survive_a_kill_and_are_the_same_for_those_who_load_them() {
    let mut hub = Hub::start().await;
    let owner = hub.owner("Acme").await;
    let channel = hub.channel(&owner, json!({})).await;
    let id = hub.visitor(&channel).await.start("Hello").await;
    let billing = label(&owner, "Billing").await;
    let path = format!("/inbox/conversations/{id}");
    let set = owner
        .put(&format!("{path}/labels"), &json!({ "label_ids": [billing] }))
        .await
        .expect(200);
    hub.kill();
    hub.start_again().await;
    let asked = owner.get(&path).await.expect(200);
    assert_eq!(asked["conversation"]["label_ids"], set["conversation"]["label_ids"]);
    let replied = owner.reply(&id, "Back").await.expect(201);
    assert_eq!(replied["conversation"]["label_ids"], json!([billing]));
}
