//! What was acknowledged is there, whatever dies.

use std::time::Duration;

use serde_json::{Value, json};
use store::testing::{Line, database};

use crate::support::{Agent, Hub, key};

/// Sends until the server dies; returns what was acknowledged, in order.
async fn storm(agent: Agent, conversation: String, sender: usize) -> Vec<Value> {
    let mut socket = agent.socket().await;
    let mut acknowledged = vec![];
    for n in 0.. {
        let text = format!("{sender}/{n}");
        let send = json!({ "conversation_id": conversation, "kind": "note", "text": text, "key": key() });
        socket.send("send", send).await;
        loop {
            match socket.read().await {
                Ok(frame) if frame["ok"] == true => {
                    acknowledged.push(frame["data"]["message"].clone());
                    break;
                }
                Ok(frame) if frame["ok"] == false => return acknowledged,
                Ok(_) => {}
                Err(_) => return acknowledged,
            }
        }
    }
    acknowledged
}

#[tokio::test]
async fn kill_nine_in_a_storm_of_messages_loses_and_doubles_nothing() {
    let mut hub = Hub::start().await;
    let owner = hub.owner("Acme").await;
    let channel = hub.channel(&owner, json!({})).await;
    let mut conversations = vec![];
    for n in 0..4 {
        conversations.push(hub.visitor(&channel).await.start(&format!("Hello {n}")).await);
    }
    let storms: Vec<_> = (0..12)
        .map(|sender| tokio::spawn(storm(owner.clone(), conversations[sender % 4].clone(), sender)))
        .collect();
    tokio::time::sleep(Duration::from_millis(1_500)).await;
    hub.kill();
    let mut acknowledged = vec![];
    for storm in storms {
        acknowledged.extend(storm.await.unwrap());
    }
    assert!(acknowledged.len() > 50, "only {} were acknowledged", acknowledged.len());
    hub.start_again().await;
    for (n, conversation) in conversations.iter().enumerate() {
        let thread = owner.thread(conversation).await;
        let positions: Vec<_> = thread.iter().map(|line| line["position"].as_i64().unwrap()).collect();
        assert_eq!(
            positions,
            (1..=i64::try_from(thread.len()).unwrap()).collect::<Vec<_>>(),
            "gapless"
        );
        for line in acknowledged
            .iter()
            .filter(|line| line["conversation_id"] == conversation.as_str())
        {
            assert_eq!(
                thread.iter().filter(|stored| *stored == line).count(),
                1,
                "acknowledged: {line}"
            );
        }
        for sender in (0..12).filter(|sender| sender % 4 == n) {
            let mine = format!("{sender}/");
            let order = thread
                .iter()
                .filter_map(|line| line["text"].as_str()?.strip_prefix(&mine)?.parse::<usize>().ok());
            assert!(
                order.enumerate().all(|(expect, n)| expect == n),
                "sender {sender} in order"
            );
        }
    }
    let (whole, said) = hub.command(&["audit", "verify"]);
    assert!(whole && said.contains("whole"), "{said}");
}

#[tokio::test]
async fn a_message_whose_commit_nobody_saw_is_there_once_and_the_thread_goes_on_behind_it() {
    let database = database().await.unwrap();
    let line = Line::to(&database.urls).await.unwrap();
    let hub = Hub::on(database, &[("DATABASE_URL", &line.urls.admin)]).await;
    let owner = hub.owner("Acme").await;
    let channel = hub.channel(&owner, json!({})).await;
    let id = hub.visitor(&channel).await.start("Hello").await;
    owner.reply(&id, "before").await.expect(201);
    line.lose_next_commit();
    let unseen = owner.reply(&id, "unseen").await.expect(201);
    assert!(line.has_lost_commit());
    assert_eq!(unseen["message"]["position"], 3);
    assert_eq!(unseen["conversation"]["n_messages"], 3, "{unseen}");
    let after = owner.reply(&id, "after").await.expect(201);
    assert_eq!(after["message"]["position"], 4);
    let thread = owner.thread(&id).await;
    let texts: Vec<_> = thread.iter().map(|line| line["text"].clone()).collect();
    assert_eq!(texts, ["Hello", "before", "unseen", "after"]);
}
