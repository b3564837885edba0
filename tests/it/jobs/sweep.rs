//! The upkeep of a tenant, which nobody is told of unless it fails.

use std::time::Duration;

use diesel_async::{AsyncConnection, AsyncPgConnection, SimpleAsyncConnection};
use serde_json::{Value, json};

use super::becomes;
use crate::support::{Agent, Hub};

async fn admin(hub: &Hub) -> AsyncPgConnection {
    AsyncPgConnection::establish(&hub.urls().admin).await.unwrap()
}

/// Lets the time for the sweep come, as often as somebody asks.
async fn sweep(hub: &mut Hub, owner: &Agent) -> Value {
    let sql = "DELETE FROM jobs WHERE kind = 'tenant.sweep';
               UPDATE timers SET due_at = now() - interval '1 second' WHERE kind = 'tenant.sweep'";
    admin(hub).await.batch_execute(sql).await.unwrap();
    hub.stop();
    hub.start_again().await;
    let until = tokio::time::Instant::now() + Duration::from_secs(30);
    loop {
        let page = owner.get("/jobs?view=all").await.expect(200);
        let all = page["items"].as_array().unwrap();
        if let Some(job) = all.iter().find(|job| job["kind"] == "tenant.sweep") {
            return becomes(owner, job["id"].as_str().unwrap(), "finished").await;
        }
        assert!(tokio::time::Instant::now() < until, "no sweep: {page}");
        tokio::time::sleep(Duration::from_millis(20)).await;
    }
}

#[tokio::test]
async fn files_go_after_a_week_jobs_after_a_month_and_what_belongs_to_none_at_once() {
    let mut hub = Hub::start().await;
    let owner = hub.owner("Acme").await;
    let export = json!({ "format": "csv" });
    let id = owner.post("/inbox/exports", &export).await.expect(201)["id"].clone();
    let path = format!("/jobs/{}", id.as_str().unwrap());
    becomes(&owner, id.as_str().unwrap(), "finished").await;
    let tenant = owner.me["tenant"]["id"].as_str().unwrap();
    let folder = hub.data().join("jobs").join(tenant);
    let stray = folder.join(uuid::Uuid::now_v7().to_string());
    std::fs::create_dir(&stray).unwrap();
    let swept = sweep(&mut hub, &owner).await;
    assert_eq!((&swept["is_quiet"], &swept["started_by"]), (&json!(true), &Value::Null));
    assert!(!stray.exists() && folder.join(id.as_str().unwrap()).exists());
    let n = owner.get("/jobs").await.expect(200)["items"].as_array().unwrap().len();
    assert_eq!(n, 1, "nobody is told of upkeep that went well");

    let a_week = "UPDATE jobs SET file_until = file_until - interval '8 days'";
    admin(&hub).await.batch_execute(a_week).await.unwrap();
    owner.get(&format!("{path}/file")).await.refused(404, "file_gone");
    sweep(&mut hub, &owner).await;
    assert_eq!(owner.get(&path).await.expect(200)["job"]["file"], Value::Null);
    assert!(!folder.join(id.as_str().unwrap()).exists());

    let a_month =
        "UPDATE jobs SET created_at = created_at - interval '31 days', ended_at = ended_at - interval '31 days'";
    admin(&hub).await.batch_execute(a_month).await.unwrap();
    sweep(&mut hub, &owner).await;
    owner.get(&path).await.refused(404, "not_found");
}

#[tokio::test]
async fn upkeep_that_failed_is_shown_to_those_who_manage_jobs() {
    let hub = Hub::start().await;
    let owner = hub.owner("Acme").await;
    let tom = hub.member(&owner, "Tom", "agent").await;
    let tenant = owner.me["tenant"]["id"].as_str().unwrap();
    let sql = format!(
        "INSERT INTO jobs (tenant_id, id, kind, key, input, is_quiet, starter_name, state, reason, created_at, ended_at)
         VALUES ('{tenant}', gen_random_uuid(), 'tenant.sweep', 'x', '{{}}', true, 'timer', 'failed', 'it rained', now(), now())"
    );
    admin(&hub).await.batch_execute(&sql).await.unwrap();
    let mine = owner.get("/jobs").await.expect(200);
    assert_eq!(mine["items"][0]["reason"], "it rained");
    assert_eq!(tom.get("/jobs").await.expect(200)["items"], json!([]));
}
