//! A conversation from the first word to the last.

use std::time::Duration;

use serde_json::{Value, json};

use crate::support::{Hub, in_seconds, key};

#[tokio::test]
async fn a_customer_writes_and_the_team_answers_live() {
    let hub = Hub::start().await;
    let owner = hub.owner("Acme").await;
    let channel = hub.channel(&owner, json!({})).await;
    let (mut agent, visitor) = (owner.socket().await, hub.visitor(&channel).await);
    let mut customer = visitor.socket().await;

    let id = visitor.start("Hello, is anyone there? 🦊").await;
    let started = agent.next("conversation.started").await;
    assert_eq!(started["data"]["message"]["text"], "Hello, is anyone there? 🦊");
    assert_eq!(started["data"]["conversation"]["number"], 1);
    assert_eq!(
        customer.next("conversation.started").await["data"]["message"]["mine"],
        true
    );

    let send = json!({ "conversation_id": id, "kind": "reply", "text": "Yes!", "key": key(), "seen": 1 });
    let sent = agent.ask("send", send).await;
    assert_eq!(sent["data"]["message"]["position"], 2, "{sent}");
    let heard = customer.next("message.posted").await;
    assert_eq!(
        (
            heard["data"]["message"]["text"].as_str(),
            heard["data"]["message"]["mine"].as_bool()
        ),
        (Some("Yes!"), Some(false))
    );
    assert_eq!(heard["data"]["conversation"]["unread"], 1);

    customer
        .ask("received", json!({ "conversation_id": id, "through": 2 }))
        .await;
    assert_eq!(agent.next("conversation.received").await["data"]["through"], 2);
    customer
        .ask("read", json!({ "conversation_id": id, "through": 2 }))
        .await;
    let read = agent.next("conversation.read").await;
    assert_eq!(read["data"]["reader"]["kind"], "contact");
    let item = owner.get(&format!("/inbox/conversations/{id}")).await.expect(200);
    assert_eq!(item["conversation"]["contact_read"], 2);
    assert_eq!(
        visitor.get("/widget/conversations").await.expect(200)["items"][0]["unread"],
        0
    );
}

#[tokio::test]
async fn customers_never_see_notes_or_activity() {
    let hub = Hub::start().await;
    let owner = hub.owner("Acme").await;
    let channel = hub.channel(&owner, json!({})).await;
    let visitor = hub.visitor(&channel).await;
    let id = visitor.start("Hello").await;
    let mut customer = visitor.socket().await;
    let note = json!({ "text": "a secret among us", "key": key() });
    owner
        .post(&format!("/inbox/conversations/{id}/notes"), &note)
        .await
        .expect(201);
    owner
        .put(
            &format!("/inbox/conversations/{id}/assignee"),
            &json!({ "assignee_id": owner.id() }),
        )
        .await
        .expect(200);
    owner.reply(&id, "a word to you").await.expect(201);
    let events = customer.events_until_quiet(Duration::from_millis(300)).await;
    assert_eq!(events.len(), 1, "{events:?}");
    assert_eq!(events[0]["data"]["message"]["text"], "a word to you");
    let page = visitor
        .get(&format!("/widget/conversations/{id}/messages"))
        .await
        .expect(200);
    let texts: Vec<_> = page["items"]
        .as_array()
        .unwrap()
        .iter()
        .map(|m| m["text"].as_str().unwrap())
        .collect();
    assert_eq!(texts, ["Hello", "a word to you"]);
    let all = visitor.get("/widget/conversations").await.expect(200).to_string() + &page.to_string();
    assert!(
        !all.contains("secret") && !all.contains("assignee") && !all.contains(owner.id()),
        "{all}"
    );
}

#[tokio::test]
async fn a_reply_is_held_when_a_colleague_has_answered_since() {
    let hub = Hub::start().await;
    let owner = hub.owner("Acme").await;
    let tom = hub.member(&owner, "Tom", "agent").await;
    let channel = hub.channel(&owner, json!({})).await;
    let id = hub.visitor(&channel).await.start("Hello").await;
    tom.reply(&id, "I am on it").await.expect(201);
    let path = format!("/inbox/conversations/{id}/replies");
    let late = |seen: i64| json!({ "text": "Hi!", "key": "01a1fcc9-0000-7000-8000-000000000001", "seen": seen });
    owner.post(&path, &late(1)).await.refused(409, "answered_since");
    assert_eq!(owner.thread(&id).await.len(), 2);
    owner.post(&path, &late(2)).await.expect(201);
    assert_eq!(owner.thread(&id).await.len(), 3);
}

#[tokio::test]
async fn the_same_key_is_the_same_message() {
    let hub = Hub::start().await;
    let owner = hub.owner("Acme").await;
    let channel = hub.channel(&owner, json!({})).await;
    let visitor = hub.visitor(&channel).await;
    let first = json!({ "text": "Hello", "key": key() });
    let once = visitor.post("/widget/messages", &first).await.expect(201);
    let again = visitor.post("/widget/messages", &first).await.expect(201);
    assert_eq!(once["message"]["id"], again["message"]["id"]);
    assert_eq!(once["conversation"]["id"], again["conversation"]["id"]);
    let id = once["conversation"]["id"].as_str().unwrap();
    let reply = json!({ "text": "Hi", "key": key() });
    let path = format!("/inbox/conversations/{id}/replies");
    let (one, two) = (
        owner.post(&path, &reply).await.expect(201),
        owner.post(&path, &reply).await.expect(201),
    );
    assert_eq!(one["message"], two["message"]);
    assert_eq!(owner.thread(id).await.len(), 2);
}

#[tokio::test]
async fn the_same_first_message_sent_many_times_at_once_starts_one_conversation() {
    let hub = Hub::start().await;
    let owner = hub.owner("Acme").await;
    let channel = hub.channel(&owner, json!({})).await;
    let visitor = hub.visitor(&channel).await;
    let body = json!({ "text": "Hello", "key": key() });
    let sends = (0..8).map(|_| visitor.post("/widget/messages", &body));
    let answers = futures_util::future::join_all(sends).await;
    let ids: std::collections::HashSet<String> = answers
        .into_iter()
        .map(|answer| answer.expect(201)["conversation"]["id"].to_string())
        .collect();
    assert_eq!(ids.len(), 1);
    let list = owner.get("/inbox/conversations").await.expect(200);
    assert_eq!(list["items"].as_array().unwrap().len(), 1);
}

#[tokio::test]
async fn a_snoozed_conversation_comes_back_by_itself() {
    let hub = Hub::start().await;
    let owner = hub.owner("Acme").await;
    let channel = hub.channel(&owner, json!({})).await;
    let id = hub.visitor(&channel).await.start("Hello").await;
    let mut agent = owner.socket().await;
    let path = format!("/inbox/conversations/{id}/status");
    let until = |seconds: i64| json!({ "status": "snoozed", "until": in_seconds(seconds) });
    let bad = owner
        .put(&path, &json!({ "status": "snoozed" }))
        .await
        .refused(422, "invalid");
    assert_eq!(bad["errors"][0]["field"], "until");
    owner.put(&path, &until(-5)).await.refused(409, "bad_time");
    owner.put(&path, &until(1)).await.expect(200);
    assert_eq!(
        agent.next("conversation.snoozed").await["data"]["conversation"]["status"],
        "snoozed"
    );
    let woken = agent.next("conversation.opened").await;
    assert_eq!(woken["data"]["message"]["activity"]["type"], "woken");
}

#[tokio::test]
async fn a_snooze_survives_a_restart_of_the_server() {
    let mut hub = Hub::start().await;
    let owner = hub.owner("Acme").await;
    let channel = hub.channel(&owner, json!({})).await;
    let id = hub.visitor(&channel).await.start("Hello").await;
    let body = json!({ "status": "snoozed", "until": in_seconds(2) });
    owner
        .put(&format!("/inbox/conversations/{id}/status"), &body)
        .await
        .expect(200);
    hub.kill();
    hub.start_again().await;
    let mut agent = owner.socket_after(0).await;
    agent.next("conversation.snoozed").await;
    agent.next("conversation.opened").await;
}

#[tokio::test]
async fn a_resolved_conversation_reopens_within_its_window_and_else_a_new_one_starts() {
    let hub = Hub::start().await;
    let owner = hub.owner("Acme").await;
    for (hours, same) in [(72, true), (0, false)] {
        let channel = hub.channel(&owner, json!({ "reopen_within_hours": hours })).await;
        let visitor = hub.visitor(&channel).await;
        let id = visitor.start("Hello").await;
        let resolved = json!({ "status": "resolved" });
        owner
            .put(&format!("/inbox/conversations/{id}/status"), &resolved)
            .await
            .expect(200);
        tokio::time::sleep(Duration::from_millis(20)).await;
        let body = json!({ "conversation_id": id, "text": "One more thing", "key": key() });
        let change = visitor.post("/widget/messages", &body).await.expect(201);
        assert_eq!(change["conversation"]["id"] == id.as_str(), same, "{change}");
        assert_eq!(change["conversation"]["status"], "open");
        let again = visitor.post("/widget/messages", &body).await.expect(201);
        assert_eq!(again["message"]["id"], change["message"]["id"]);
    }
}

#[tokio::test]
async fn unread_counts_only_what_customers_wrote_and_each_agent_has_their_own() {
    let hub = Hub::start().await;
    let owner = hub.owner("Acme").await;
    let tom = hub.member(&owner, "Tom", "agent").await;
    let channel = hub.channel(&owner, json!({})).await;
    let visitor = hub.visitor(&channel).await;
    let id = visitor.start("one").await;
    visitor.write(Some(&id), "two").await;
    owner.reply(&id, "three").await.expect(201);
    let path = format!("/inbox/conversations/{id}");
    let unread = async |agent: &crate::support::Agent| {
        let item = agent.get(&path).await.expect(200);
        item["conversation"]["n_customer_messages"].as_i64().unwrap()
            - item["my_read"]["n_customer_messages"].as_i64().unwrap()
    };
    assert_eq!((unread(&owner).await, unread(&tom).await), (2, 2));
    tom.post(&format!("{path}/read"), &json!({ "through": 1 }))
        .await
        .expect(204);
    assert_eq!((unread(&owner).await, unread(&tom).await), (2, 1));
    tom.post(&format!("{path}/read"), &json!({ "through": 99 }))
        .await
        .expect(204);
    tom.post(&format!("{path}/read"), &json!({ "through": 1 }))
        .await
        .expect(204);
    assert_eq!((unread(&owner).await, unread(&tom).await), (2, 0));
    let listed = async |agent: &crate::support::Agent| {
        let list = agent.get("/inbox/conversations?unread=true").await.expect(200);
        list["items"].as_array().unwrap().len()
    };
    assert_eq!((listed(&owner).await, listed(&tom).await), (1, 0));
}

#[tokio::test]
async fn the_list_is_filtered_counted_and_paged() {
    let hub = Hub::start().await;
    let owner = hub.owner("Acme").await;
    let channel = hub.channel(&owner, json!({})).await;
    let mut ids = vec![];
    for n in 0..5 {
        let visitor = hub.visitor(&channel).await;
        visitor
            .patch("/widget/me", &json!({ "name": format!("Guest 10{n}%") }))
            .await
            .expect(200);
        ids.push(visitor.start("Hello").await);
    }
    let put =
        async |id: &str, what: &str, body: Value| owner.put(&format!("/inbox/conversations/{id}/{what}"), &body).await;
    put(&ids[0], "assignee", json!({ "assignee_id": owner.id() }))
        .await
        .expect(200);
    put(&ids[1], "status", json!({ "status": "resolved" }))
        .await
        .expect(200);
    put(&ids[2], "priority", json!({ "priority": "urgent" }))
        .await
        .expect(200);
    put(&ids[2], "assignee", json!({ "assignee_id": key() }))
        .await
        .refused(409, "not_a_member");
    let numbers = async |query: &str| {
        let list = owner.get(&format!("/inbox/conversations?{query}")).await.expect(200);
        let items = list["items"].as_array().unwrap().iter();
        items
            .map(|item| item["conversation"]["number"].as_i64().unwrap())
            .collect::<Vec<_>>()
    };
    assert_eq!(numbers("").await, [5, 4, 3, 1]);
    assert_eq!(numbers("view=mine").await, [1]);
    assert_eq!(numbers("view=unassigned").await, [5, 4, 3]);
    assert_eq!(numbers("status=resolved").await, [2]);
    assert_eq!(numbers("status=any&priority=urgent").await, [3]);
    assert_eq!(numbers("q=%234").await, [4]);
    assert_eq!(numbers("status=any&q=guest%20101%25").await, [2]);
    assert_eq!(numbers("q=100%25_").await, [0; 0]);
    let counts = owner.get("/inbox/counts").await.expect(200);
    assert_eq!(
        (
            counts["all"].as_i64(),
            counts["mine"].as_i64(),
            counts["unassigned"].as_i64()
        ),
        (Some(4), Some(1), Some(3))
    );
    let page = owner.get("/inbox/conversations?limit=3").await.expect(200);
    let next = page["next"].as_str().unwrap();
    assert_eq!(numbers(&format!("limit=3&after={next}")).await, [1]);
    owner
        .get("/inbox/conversations?after=nonsense")
        .await
        .refused(422, "invalid");
    owner
        .get("/inbox/conversations?status=nonsense")
        .await
        .refused(422, "invalid");
    owner
        .get("/inbox/conversations?nonsense=1")
        .await
        .refused(422, "invalid");
}

#[tokio::test]
async fn old_state_and_events_make_the_new_state() {
    let hub = Hub::start().await;
    let owner = hub.owner("Acme").await;
    let channel = hub.channel(&owner, json!({})).await;
    let visitor = hub.visitor(&channel).await;
    let id = visitor.start("Hello").await;
    let path = format!("/inbox/conversations/{id}");
    let mut state = owner.get(&path).await.expect(200)["conversation"].clone();
    let mut lines = owner.thread(&id).await;
    let mut agent = owner.socket().await;
    owner.reply(&id, "Hi").await.expect(201);
    visitor
        .patch("/widget/me", &json!({ "name": "Ann", "email": "ann@example.org" }))
        .await
        .expect(200);
    owner
        .post(&format!("{path}/notes"), &json!({ "text": "note", "key": key() }))
        .await
        .expect(201);
    owner
        .put(&format!("{path}/priority"), &json!({ "priority": "high" }))
        .await
        .expect(200);
    owner
        .put(&format!("{path}/assignee"), &json!({ "assignee_id": owner.id() }))
        .await
        .expect(200);
    for status in ["pending", "open", "resolved"] {
        owner
            .put(&format!("{path}/status"), &json!({ "status": status }))
            .await
            .expect(200);
    }
    visitor.write(Some(&id), "Thanks").await;
    visitor
        .post(&format!("/widget/conversations/{id}/read"), &json!({ "through": 3 }))
        .await
        .expect(204);
    owner
        .post(&format!("{path}/read"), &json!({ "through": 4 }))
        .await
        .expect(204);
    for event in agent.events_until_quiet(Duration::from_millis(300)).await {
        let data = &event["data"];
        match event["type"].as_str().unwrap() {
            "conversation.read" => {
                let mark = if data["reader"]["kind"] == "user" {
                    "team_read"
                } else {
                    "contact_read"
                };
                state[mark] = json!(state[mark].as_i64().max(data["through"].as_i64()));
                if mark == "contact_read" {
                    state["n_replies_read"] = data["n_replies"].clone();
                    state["contact_received"] = json!(state["contact_received"].as_i64().max(data["through"].as_i64()));
                }
            }
            // Whichever view of the contact is the newer one stands.
            "contact.updated" => newer(&mut state["contact"], data),
            _ => {
                let known = state["contact"].clone();
                state = data["conversation"].clone();
                newer(&mut state["contact"], &known);
                lines.extend(Some(data["message"].clone()).filter(|line| !line.is_null()));
            }
        }
    }
    assert_eq!(state["contact"]["name"], "Ann");
    assert_eq!(state, owner.get(&path).await.expect(200)["conversation"]);
    assert_eq!(lines, owner.thread(&id).await);
}

/// Takes what is newer of two views of a contact, as much as stands beside a conversation.
fn newer(known: &mut Value, view: &Value) {
    if view["version"].as_i64() > known["version"].as_i64() {
        for (name, value) in known.as_object_mut().unwrap() {
            *value = view[name.as_str()].clone();
        }
    }
}
