//! Timers: what comes back by itself, whoever else has trouble.

use std::time::Duration;

use diesel_async::{AsyncConnection, AsyncPgConnection, SimpleAsyncConnection};
use serde_json::json;

use crate::support::{Agent, Hub, in_seconds};

async fn snoozed(hub: &Hub, company: &str) -> (Agent, String) {
    let owner = hub.owner(company).await;
    let channel = hub.channel(&owner, json!({})).await;
    let id = hub.visitor(&channel).await.start("Later, please").await;
    let snooze = json!({ "status": "snoozed", "until": in_seconds(86_400) });
    let path = format!("/inbox/conversations/{id}/status");
    owner.put(&path, &snooze).await.expect(200);
    (owner, id)
}

/// Lets a day pass for one conversation.
async fn a_day_later(hub: &Hub, id: &str) {
    let mut admin = AsyncPgConnection::establish(&hub.urls().admin).await.unwrap();
    let sql = format!(
        "UPDATE timers SET due_at = now() - interval '1 second' WHERE subject = '{id}';
         UPDATE conversations SET snoozed_until = now() - interval '1 second' WHERE id = '{id}'"
    );
    admin.batch_execute(&sql).await.unwrap();
}

#[tokio::test]
async fn a_tenant_whose_timers_are_stuck_delays_nobody_elses() {
    let mut hub = Hub::start().await;
    let (_, stuck) = snoozed(&hub, "Stuck").await;
    let (free, id) = snoozed(&hub, "Free").await;
    a_day_later(&hub, &stuck).await;
    a_day_later(&hub, &id).await;
    let held = hub.hold_row("conversations", &stuck).await;
    hub.stop();
    hub.start_again().await;
    let path = format!("/inbox/conversations/{id}");
    tokio::time::timeout(Duration::from_secs(10), async {
        while free.get(&path).await.expect(200)["conversation"]["status"] != "open" {
            tokio::time::sleep(Duration::from_millis(20)).await;
        }
    })
    .await
    .expect("it comes back while the other one is held");
    held.release().await;
}
