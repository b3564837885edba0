//! Signing up, in, on and out.

use diesel_async::{AsyncConnection, AsyncPgConnection, RunQueryDsl, SimpleAsyncConnection};
use serde_json::json;
use store::diesel::dsl::sql;
use store::diesel::sql_types::Bool;

use crate::support::{Agent, Hub};

#[tokio::test]
async fn a_business_signs_up_and_its_owner_may_do_everything() {
    let hub = Hub::start().await;
    let owner = hub.owner("Müller & Söhne").await;
    let me = owner.get("/identity/me").await.expect(200);
    assert_eq!(me["tenant"]["slug"], "mueller-soehne");
    assert_eq!(me["role"], "owner");
    assert!(
        me["permissions"]
            .as_array()
            .unwrap()
            .iter()
            .any(|word| word == "members.manage")
    );
    let second = hub.owner("Müller & Söhne").await;
    assert_eq!(second.me["tenant"]["slug"], "mueller-soehne-2");
}

#[tokio::test]
async fn a_bad_sign_up_names_every_field() {
    let hub = Hub::start().await;
    let nobody = hub.client.post(format!("{}/api/v1/identity/tenants", hub.url));
    let body = json!({ "company": " ", "name": "", "email": "nope", "password": "short" });
    let problem: serde_json::Value = nobody.json(&body).send().await.unwrap().json().await.unwrap();
    let fields: Vec<_> = problem["errors"]
        .as_array()
        .unwrap()
        .iter()
        .map(|e| e["field"].clone())
        .collect();
    assert_eq!(fields, ["company", "name", "email", "password"]);
    let owner = hub.owner("Acme").await;
    let email = &owner.me["user"]["email"];
    let again = json!({ "company": "Other", "name": "Eve", "email": email, "password": "a long enough password" });
    owner
        .post("/identity/tenants", &again)
        .await
        .refused(409, "email_taken");
}

#[tokio::test]
async fn a_wrong_password_and_an_unknown_person_get_the_same_answer() {
    let hub = Hub::start().await;
    let owner = hub.owner("Acme").await;
    let email = owner.me["user"]["email"].clone();
    let wrong = owner
        .post(
            "/identity/login",
            &json!({ "email": email, "password": "wrong password" }),
        )
        .await;
    let unknown = owner
        .post(
            "/identity/login",
            &json!({ "email": "a@b.cd", "password": "wrong password" }),
        )
        .await;
    let (wrong, unknown) = (
        wrong.refused(401, "wrong_credentials"),
        unknown.refused(401, "wrong_credentials"),
    );
    assert_eq!(wrong["detail"], unknown["detail"]);
}

#[tokio::test]
async fn a_refresh_token_is_good_for_one_use_and_a_second_one_ends_the_sign_in() {
    let hub = Hub::with(&[("SWITCHBOARD_SECURITY__REUSE_LEEWAY_SECONDS", "0")]).await;
    let owner = hub.owner("Acme").await;
    let refresh = |token: &str| json!({ "refresh_token": token });
    let fresh = owner
        .post("/identity/refresh", &refresh(&owner.refresh_token))
        .await
        .expect(200);
    let fresh = Agent::new(&hub, &fresh);
    let mut socket = fresh.socket().await;
    owner
        .post("/identity/refresh", &refresh(&owner.refresh_token))
        .await
        .refused(401, "token_reused");
    // The whole family is over: the newest token, the access token, the connection.
    fresh
        .post("/identity/refresh", &refresh(&fresh.refresh_token))
        .await
        .refused(401, "token_expired");
    fresh.get("/identity/me").await.refused(401, "unauthenticated");
    assert_eq!(socket.close_code().await, Some(4401));
}

#[tokio::test]
async fn signing_out_ends_tokens_and_connections() {
    let hub = Hub::start().await;
    let owner = hub.owner("Acme").await;
    let mut socket = owner.socket().await;
    owner.post("/identity/logout", &json!({})).await.expect(204);
    owner.get("/identity/me").await.refused(401, "unauthenticated");
    let refresh = json!({ "refresh_token": owner.refresh_token });
    owner
        .post("/identity/refresh", &refresh)
        .await
        .refused(401, "token_expired");
    assert_eq!(socket.close_code().await, Some(4401));
}

#[tokio::test]
async fn forged_and_missing_tokens_are_refused() {
    let hub = Hub::start().await;
    let owner = hub.owner("Acme").await;
    for token in ["", "x", "a.b.c", &owner.token[1..]] {
        let plain = hub
            .client
            .get(format!("{}/api/v1/identity/me", hub.url))
            .bearer_auth(token);
        assert_eq!(plain.send().await.unwrap().status(), 401, "{token}");
    }
    for token in ["", ".", "00000000000000000000000000000000.zz"] {
        owner
            .post("/identity/refresh", &json!({ "refresh_token": token }))
            .await
            .refused(401, "token_expired");
    }
}

#[tokio::test]
async fn guessing_passwords_is_held_back() {
    let hub = Hub::with(&[
        ("SWITCHBOARD_SECURITY__LOGIN__BURST", "3"),
        ("SWITCHBOARD_SECURITY__LOGIN__PER_MINUTE", "1"),
    ])
    .await;
    let owner = hub.owner("Acme").await;
    let guess = json!({ "email": "ada@example.org", "password": "a wrong password" });
    for _ in 0..3 {
        owner
            .post("/identity/login", &guess)
            .await
            .refused(401, "wrong_credentials");
    }
    owner.post("/identity/login", &guess).await.refused(429, "too_many");
}

#[tokio::test]
async fn the_team_hears_of_a_new_member() {
    let hub = Hub::start().await;
    let owner = hub.owner("Acme").await;
    let mut socket = owner.socket().await;
    let tom = hub.member(&owner, "Tom", "agent").await;
    let joined = socket.next("member.joined").await;
    assert_eq!(
        (joined["data"]["name"].as_str(), joined["data"]["user_id"].as_str()),
        (Some("Tom"), Some(tom.id()))
    );
    let again = json!({ "name": "Tom", "email": tom.me["user"]["email"], "password": "a long enough password", "role": "agent" });
    owner
        .post("/identity/members", &again)
        .await
        .refused(409, "email_taken");
    tom.post("/identity/members", &again).await.refused(403, "forbidden");
    let members = tom.get("/identity/members").await.expect(200);
    assert_eq!(members["items"].as_array().unwrap().len(), 2);
}

#[tokio::test]
async fn an_expired_token_is_told_apart_from_a_wrong_one() {
    const KEY: &str = "a signing key of at least thirty-two letters";
    let hub = Hub::with(&[("SWITCHBOARD_SECURITY__SIGNING_KEY", KEY)]).await;
    let mut owner = hub.owner("Acme").await;
    let hour_ago = kernel::Clock::standing(kernel::Clock::machine().now() - chrono::TimeDelta::hours(1));
    let tokens = api::Tokens::new(&api::MasterKey::of(KEY), std::time::Duration::from_secs(900), hour_ago);
    let id = |value: &serde_json::Value| value["id"].as_str().unwrap().parse().unwrap();
    let (tenant, user) = (
        kernel::TenantId(id(&owner.me["tenant"])),
        kernel::UserId(id(&owner.me["user"])),
    );
    let session = kernel::SessionId::fresh();
    owner.token = tokens.for_user(tenant, user, "Olive", session, kernel::Permissions::all());
    owner.get("/identity/me").await.refused(401, "token_expired");
    let mut socket = crate::support::Socket::open(&hub.url).await;
    let answer = socket.ask("hello", json!({ "token": owner.token })).await;
    assert_eq!(answer["problem"]["code"], "token_expired");
    assert_eq!(socket.close_code().await, Some(4401));
}

#[tokio::test]
async fn signed_out_stays_signed_out_when_the_server_starts_again() {
    let mut hub = Hub::start().await;
    let (ada, eve) = (hub.owner("Acme").await, hub.owner("Other").await);
    ada.post("/identity/logout", &json!({})).await.expect(204);
    hub.stop();
    hub.start_again().await;
    ada.get("/identity/me").await.refused(401, "unauthenticated");
    let mut socket = crate::support::Socket::open(&hub.url).await;
    let answer = socket.ask("hello", json!({ "token": ada.token })).await;
    assert_eq!(answer["problem"]["code"], "unauthenticated");
    eve.get("/identity/me").await.expect(200);
}

#[tokio::test]
async fn signing_out_works_with_an_access_token_that_has_ended() {
    const KEY: &str = "a signing key of at least thirty-two letters";
    let hub = Hub::with(&[("SWITCHBOARD_SECURITY__SIGNING_KEY", KEY)]).await;
    let mut owner = hub.owner("Acme").await;
    let hour_ago = kernel::Clock::standing(kernel::Clock::machine().now() - chrono::TimeDelta::hours(1));
    let master = api::MasterKey::of(KEY);
    let now = api::Tokens::new(&master, std::time::Duration::from_secs(900), kernel::Clock::machine());
    let then = api::Tokens::new(&master, std::time::Duration::from_secs(900), hour_ago);
    let admitted = now.verify(&owner.token).unwrap();
    let (caller, session) = (admitted.caller, admitted.session.unwrap());
    let user = caller.user().unwrap();
    owner.token = then.for_user(caller.tenant, user, "Olive", session, caller.permissions);
    owner.get("/identity/me").await.refused(401, "token_expired");
    let out = owner
        .request(reqwest::Method::POST, "/identity/logout")
        .send()
        .await
        .unwrap();
    assert_eq!(out.status(), 204);
    let cookie = out.headers()["set-cookie"].to_str().unwrap();
    assert!(
        cookie.starts_with("switchboard_refresh=;") && cookie.contains("Max-Age=0"),
        "{cookie}"
    );
    owner
        .post("/identity/refresh", &json!({ "refresh_token": owner.refresh_token }))
        .await
        .refused(401, "token_expired");
    // Once more changes nothing; a token that is not ours signs nobody out.
    owner.post("/identity/logout", &json!({})).await.expect(204);
    owner.token = "a.b.c".into();
    owner
        .post("/identity/logout", &json!({}))
        .await
        .refused(401, "unauthenticated");
}

#[tokio::test]
async fn what_is_over_is_swept_once_a_day() {
    let mut hub = Hub::start().await;
    let owner = hub.owner("Acme").await;
    let tenant = owner.me["tenant"]["id"].as_str().unwrap();
    let mut admin = AsyncPgConnection::establish(&hub.urls().admin).await.unwrap();
    let old = format!(
        "INSERT INTO idempotency_keys VALUES ('{tenant}', 'user:1', 'k', '', '', now() - interval '25 hours'); \
         UPDATE timers SET due_at = now() WHERE kind = 'tenant.sweep' AND tenant_id = '{tenant}'"
    );
    admin.batch_execute(&old).await.unwrap();
    hub.stop();
    hub.start_again().await;
    let is_swept = sql::<Bool>(
        "NOT EXISTS (SELECT FROM idempotency_keys) \
         AND (SELECT min(due_at) > now() + interval '23 hours' FROM timers WHERE kind = 'tenant.sweep')",
    );
    let until = tokio::time::Instant::now() + std::time::Duration::from_secs(10);
    while !store::diesel::select(is_swept.clone())
        .get_result::<bool>(&mut admin)
        .await
        .unwrap()
    {
        assert!(tokio::time::Instant::now() < until, "{}", hub.log());
        tokio::time::sleep(std::time::Duration::from_millis(20)).await;
    }
}
