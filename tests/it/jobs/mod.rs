//! Long work from outside.

mod export;
mod sweep;

use std::time::Duration;

use serde_json::Value;

use crate::support::Agent;

/// Waits until a job is where it shall be.
async fn becomes(agent: &Agent, id: &str, state: &str) -> Value {
    let path = format!("/jobs/{id}");
    let until = tokio::time::Instant::now() + Duration::from_secs(30);
    loop {
        let job = agent.get(&path).await.expect(200)["job"].clone();
        if job["state"] == state {
            return job;
        }
        assert!(tokio::time::Instant::now() < until, "{state} expected: {job}");
        tokio::time::sleep(Duration::from_millis(20)).await;
    }
}

async fn file(agent: &Agent, id: &str) -> reqwest::Response {
    let path = format!("/jobs/{id}/file");
    let answer = agent.request(reqwest::Method::GET, &path).send().await.unwrap();
    assert_eq!(answer.status(), 200);
    answer
}
