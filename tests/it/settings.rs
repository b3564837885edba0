//! What whoever runs the server has decided is what happens, and its health is told to those who watch it.

use diesel_async::{AsyncConnection, AsyncPgConnection, SimpleAsyncConnection};
use reqwest::StatusCode;
use serde_json::{Value, json};

use crate::support::{Hub, PASSWORD};

/// Begins a visit with a key that no channel has: it is counted, and then not found.
async fn visit(hub: &Hub, forwarded: &[&str]) -> u16 {
    let url = format!("{}/api/v1/widget/visits", hub.url);
    let request = hub.client.post(url).json(&json!({ "key": "nobody's" }));
    let said = forwarded
        .iter()
        .fold(request, |request, line| request.header("x-forwarded-for", *line));
    said.send().await.unwrap().status().as_u16()
}

#[tokio::test]
async fn behind_trusted_proxies_each_customer_has_a_limit_of_their_own_and_nobody_forges_it() {
    let hub = Hub::with(&[
        ("SWITCHBOARD_HTTP__TRUSTED_PROXIES", "127.0.0.1, 10.0.0.0/8"),
        ("SWITCHBOARD_LIMITS__WIDGET_VISITS__BURST", "2"),
        ("SWITCHBOARD_LIMITS__WIDGET_VISITS__PER_MINUTE", "1"),
    ])
    .await;
    // The client makes something up each time; the proxy adds a line, or a word, of its own.
    let forged: [&[&str]; 3] = [
        &["1.1.1.1", "9.9.9.9"],
        &["2.2.2.2, 9.9.9.9"],
        &["3.3.3.3", "9.9.9.9, 10.0.0.7"],
    ];
    let mut answers = vec![];
    for lines in forged {
        answers.push(visit(&hub, lines).await);
    }
    assert_eq!(answers, [404, 404, 429]);
    // Behind the same two proxies somebody else is somebody else.
    assert_eq!(visit(&hub, &["8.8.8.8, 10.0.0.7"]).await, 404);
    // All addresses of one IPv6 customer are one.
    let mut answers = vec![];
    for last in 1..=3 {
        answers.push(visit(&hub, &[&format!("2001:db8::{last}")]).await);
    }
    assert_eq!(answers, [404, 404, 429]);
    assert_eq!(visit(&hub, &["2001:db8:0:1::1"]).await, 404);
}

#[tokio::test]
async fn without_trusted_proxies_nobody_says_where_they_come_from() {
    let hub = Hub::with(&[
        ("SWITCHBOARD_LIMITS__WIDGET_VISITS__BURST", "2"),
        ("SWITCHBOARD_LIMITS__WIDGET_VISITS__PER_MINUTE", "1"),
    ])
    .await;
    let mut answers = vec![];
    for n in 1..=3 {
        answers.push(visit(&hub, &[&format!("9.9.9.{n}")]).await);
    }
    assert_eq!(answers, [404, 404, 429]);
}

#[tokio::test]
async fn sign_ups_are_held_back_and_can_be_switched_off() {
    let sign_up = async |hub: &Hub, n: u32| {
        let body =
            json!({ "company": "Acme", "name": "Ada", "email": format!("ada{n}@example.org"), "password": PASSWORD });
        let url = format!("{}/api/v1/identity/tenants", hub.url);
        let answer = hub.client.post(url).json(&body).send().await.unwrap();
        let (status, wait) = (answer.status(), answer.headers().get("retry-after").cloned());
        let body: Value = answer.json().await.unwrap();
        (
            status,
            wait.is_some(),
            body["code"].as_str().unwrap_or_default().to_owned(),
        )
    };
    let held = Hub::with(&[
        ("SWITCHBOARD_SECURITY__SIGN_UP__BURST", "1"),
        ("SWITCHBOARD_SECURITY__SIGN_UP__PER_MINUTE", "1"),
    ])
    .await;
    assert_eq!(sign_up(&held, 1).await.0, StatusCode::CREATED);
    assert_eq!(
        sign_up(&held, 2).await,
        (StatusCode::TOO_MANY_REQUESTS, true, "too_many".into())
    );
    let closed = Hub::with(&[("SWITCHBOARD_SECURITY__ALLOW_SIGN_UP", "false")]).await;
    assert_eq!(
        sign_up(&closed, 1).await,
        (StatusCode::FORBIDDEN, false, "sign_up_closed".into())
    );
}

#[tokio::test]
async fn the_public_address_stands_in_snippets_and_makes_cookies_secure() {
    for (public_url, is_secure) in [("https://chat.example.com/", true), ("http://chat.example.com", false)] {
        let hub = Hub::with(&[("SWITCHBOARD_HTTP__PUBLIC_URL", public_url)]).await;
        let owner = hub.owner("Acme").await;
        let login = json!({ "email": owner.me["user"]["email"], "password": PASSWORD });
        let url = format!("{}/api/v1/identity/login", hub.url);
        let answer = hub.client.post(url).json(&login).send().await.unwrap();
        let cookie = answer.headers()["set-cookie"].to_str().unwrap();
        assert!(
            cookie.contains("HttpOnly") && cookie.contains("SameSite=Strict"),
            "{cookie}"
        );
        assert_eq!(cookie.contains("Secure"), is_secure, "{cookie}");
        let channel = hub.channel(&owner, json!({})).await;
        let path = format!("/inbox/channels/{}/snippet", channel["id"].as_str().unwrap());
        let html = owner.get(&path).await.expect(200)["html"].to_string();
        let script = format!("{}/widget.js", public_url.trim_end_matches('/'));
        assert!(html.contains(&script), "{html}");
    }
}

/// Lets nobody into the database any more, or everybody again; who was in is thrown out.
async fn lock_database(hub: &Hub, is_locked: bool) {
    let url = &hub.urls().admin;
    let name = url
        .split(['/', '?'])
        .find(|part| part.starts_with("switchboard_test_"))
        .unwrap();
    let elsewhere = AsyncPgConnection::establish(&url.replace(name, "postgres")).await;
    let sql = format!(
        "ALTER DATABASE {name} ALLOW_CONNECTIONS {}; \
         SELECT pg_terminate_backend(pid, 5000) FROM pg_stat_activity WHERE datname = '{name}'",
        !is_locked
    );
    elsewhere.unwrap().batch_execute(&sql).await.unwrap();
}

#[tokio::test]
async fn a_server_is_ready_while_its_database_answers() {
    let hub = Hub::start().await;
    let ask = async |path: &str| {
        let answer = hub
            .client
            .get(format!("{}/health/{path}", hub.url))
            .send()
            .await
            .unwrap();
        (
            answer.status().as_u16(),
            answer.json::<Value>().await.unwrap()["status"].clone(),
        )
    };
    assert_eq!(ask("ready").await, (200, json!("ready")));
    lock_database(&hub, true).await;
    assert_eq!(ask("ready").await, (503, json!("no database")));
    assert_eq!(ask("live").await, (200, json!("live")));
    lock_database(&hub, false).await;
    assert_eq!(ask("ready").await, (200, json!("ready")));
}
