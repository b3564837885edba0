//! Bad input and broken surroundings: a clear answer, no panic, nothing leaked.

use std::time::Duration;

use reqwest::Method;
use serde_json::json;

use crate::support::{Hub, Socket, key};

#[tokio::test]
async fn bad_bodies_are_answered_with_what_is_wrong() {
    let hub = Hub::start().await;
    let owner = hub.owner("Acme").await;
    let channel = hub.channel(&owner, json!({})).await;
    let id = hub.visitor(&channel).await.start("Hello").await;
    let path = format!("/inbox/conversations/{id}/replies");
    let send = async |body: Vec<u8>| {
        let answer = owner
            .request(Method::POST, &path)
            .header("content-type", "application/json")
            .body(body);
        let answer = answer.send().await.unwrap();
        let status = answer.status().as_u16();
        let problem: serde_json::Value = answer.json().await.unwrap();
        (
            status,
            problem["code"].as_str().unwrap().to_owned(),
            problem["errors"][0]["field"].clone(),
        )
    };
    let reply = |text: &str| json!({ "text": text, "key": key() }).to_string().into_bytes();
    let table = [
        (b"{".to_vec(), 400, "malformed", json!(null)),
        (vec![0xff, 0xfe], 400, "malformed", json!(null)),
        (b"[]".to_vec(), 422, "invalid", json!("body")),
        (b"{\"text\":1}".to_vec(), 422, "invalid", json!("text")),
        (b"{\"text\":\"x\"}".to_vec(), 422, "invalid", json!("body")),
        (
            b"{\"text\":\"x\",\"key\":\"nope\"}".to_vec(),
            422,
            "invalid",
            json!("key"),
        ),
        (reply(" \n"), 422, "invalid", json!("text")),
        (reply("a\u{0}b"), 422, "invalid", json!("text")),
        (reply(&"x".repeat(100_000)), 422, "invalid", json!("text")),
        (reply(&"x".repeat(2_000_000)), 413, "too_large", json!(null)),
    ];
    for (body, status, code, field) in table {
        let start = String::from_utf8_lossy(&body).chars().take(40).collect::<String>();
        assert_eq!(send(body).await, (status, code.to_owned(), field), "{start}");
    }
    let emoji = "👩‍👩‍👧‍👦🏳️‍🌈 ünïcödé \u{202e}".repeat(100);
    let kept = owner.reply(&id, &emoji).await.expect(201);
    assert_eq!(kept["message"]["text"].as_str().unwrap(), emoji.trim());
    owner
        .get("/inbox/conversations/not-an-id")
        .await
        .refused(404, "not_found");
    owner.get("/nothing/here").await.refused(404, "not_found");
    let refused = owner.request(Method::DELETE, "/inbox/channels").send().await.unwrap();
    assert_eq!(
        (refused.status().as_u16(), &refused.headers()["allow"]),
        (405, &"GET, POST".parse().unwrap())
    );
    assert!(!hub.log().contains("panicked"), "{}", hub.log());
}

#[tokio::test]
async fn bad_frames_are_answered_or_end_the_connection() {
    let hub = Hub::start().await;
    let owner = hub.owner("Acme").await;
    let mut socket = owner.socket().await;
    let unknown = socket.ask("fly", json!({})).await;
    assert_eq!(unknown["problem"]["code"], "unknown_op");
    let fields = socket.ask("read", json!({ "conversation_id": 7, "through": 1 })).await;
    assert_eq!(fields["problem"]["errors"][0]["field"], "conversation_id");
    let extra = socket
        .ask("typing", json!({ "conversation_id": key(), "on": true, "loud": true }))
        .await;
    assert_eq!(extra["problem"]["code"], "invalid");
    let foreign = socket
        .ask("typing", json!({ "conversation_id": key(), "on": true }))
        .await;
    assert_eq!(foreign["problem"]["code"], "not_found");
    let topic = socket.ask("subscribe", json!({ "topics": ["weather"] })).await;
    assert_eq!(topic["problem"]["code"], "unknown_topic");
    for text in ["not json", "7", "{\"op\":\"x\"}", "{\"id\":1}"] {
        let mut socket = owner.socket().await;
        socket.send_text(text).await;
        assert_eq!(socket.close_code().await, Some(4400), "{text}");
    }
    let mut huge = owner.socket().await;
    huge.send_text(&"x".repeat(600 * 1024)).await;
    assert_eq!(huge.close_code().await, Some(1009));
    let mut early = Socket::open(&hub.url).await;
    early
        .send_text("{\"id\":1,\"op\":\"presence\",\"state\":\"away\"}")
        .await;
    assert_eq!(early.read().await.unwrap()["problem"]["code"], "unauthenticated");
    assert_eq!(early.close_code().await, Some(4401));
    let mut forged = Socket::open(&hub.url).await;
    forged
        .send_text("{\"id\":1,\"op\":\"hello\",\"token\":\"a.b.c\"}")
        .await;
    assert_eq!(forged.read().await.unwrap()["ok"], false);
    assert_eq!(forged.close_code().await, Some(4401));
    assert!(!hub.log().contains("panicked"), "{}", hub.log());
}

#[tokio::test]
async fn a_database_that_dies_under_load_comes_back_and_nothing_acknowledged_is_lost() {
    let hub = Hub::embedded().await;
    let owner = hub.owner("Acme").await;
    let channel = hub.channel(&owner, json!({})).await;
    let id = hub.visitor(&channel).await.start("Hello").await;
    let load = {
        let (owner, id) = (owner.clone(), id.clone());
        tokio::spawn(async move {
            let (mut kept, mut refused) = (vec![], 0);
            for n in 0..400 {
                let text = format!("message {n}");
                let answer = owner.reply(&id, &text).await;
                match answer.status {
                    201 => kept.push(text),
                    503 => {
                        refused += 1;
                        tokio::time::sleep(Duration::from_millis(20)).await;
                    }
                    other => panic!("{other}: {}", answer.body),
                }
            }
            (kept, refused)
        })
    };
    tokio::time::sleep(Duration::from_millis(300)).await;
    let postgres = hub.children();
    assert!(!postgres.is_empty());
    for pid in postgres {
        let pid = rustix::process::Pid::from_raw(pid).unwrap();
        rustix::process::kill_process(pid, rustix::process::Signal::KILL).unwrap();
    }
    let (kept, refused) = load.await.unwrap();
    assert!(refused > 0, "the database was not missed");
    let until = tokio::time::Instant::now() + Duration::from_secs(30);
    while owner.reply(&id, "still here?").await.status != 201 {
        assert!(
            tokio::time::Instant::now() < until,
            "the database did not come back:\n{}",
            hub.log()
        );
        tokio::time::sleep(Duration::from_millis(100)).await;
    }
    let stored: Vec<_> = owner
        .thread(&id)
        .await
        .iter()
        .map(|line| line["text"].as_str().unwrap().to_owned())
        .collect();
    for text in &kept {
        assert_eq!(stored.iter().filter(|stored| *stored == text).count(), 1, "{text}");
    }
    assert!(!hub.log().contains("panicked"), "{}", hub.log());
}

#[tokio::test]
async fn a_taken_port_and_a_bad_setting_are_said_plainly() {
    let hub = Hub::start().await;
    let port = hub.url.rsplit(':').next().unwrap().to_owned();
    let (ok, said) = hub.command(&["serve", "--port", &port]);
    assert!(
        !ok && said.contains(&format!("listening on 127.0.0.1:{port}")),
        "{said}"
    );
    let (ok, said) = hub.command(&[
        "user",
        "create",
        "--tenant",
        "nobody",
        "--name",
        "A",
        "--email",
        "a@b.cd",
        "--password",
        "0123456789",
    ]);
    assert!(!ok && said.contains("there is no such tenant"), "{said}");
}

#[tokio::test]
async fn the_command_line_makes_people_who_can_sign_in() {
    let hub = Hub::start().await;
    let owner = hub.owner("Acme").await;
    let make = |role: &'static str| {
        let arguments = [
            "user",
            "create",
            "--tenant",
            "acme",
            "--name",
            "Vi",
            "--email",
            "vi@example.org",
            "--role",
            role,
        ];
        hub.command_with(&arguments, &[("SWITCHBOARD_PASSWORD", crate::support::PASSWORD)])
    };
    let (ok, said) = make("emperor");
    assert!(!ok && said.contains("role is not a role of this tenant"), "{said}");
    let (ok, said) = make("viewer");
    assert!(ok, "{said}");
    let vi = hub.sign_in("vi@example.org").await;
    assert_eq!(vi.me["tenant"], owner.me["tenant"]);
    assert_eq!(vi.me["role"], "viewer");
    let (ok, said) = make("viewer");
    assert!(!ok && said.contains("someone else uses this e-mail address"), "{said}");
}

#[tokio::test]
async fn a_body_that_does_not_come_or_does_not_end_is_not_waited_for() {
    use tokio::io::{AsyncReadExt, AsyncWriteExt};
    let hub = Hub::with(&[("SWITCHBOARD_LIMITS__BODY_SECONDS", "1")]).await;
    let owner = hub.owner("Acme").await;
    let post = async |token: &str, length: usize, body: &[u8]| {
        let address = hub.url.trim_start_matches("http://");
        let mut stream = tokio::net::TcpStream::connect(address).await.unwrap();
        let head = format!(
            "POST /api/v1/identity/login HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\n\
             {token}Content-Length: {length}\r\nConnection: close\r\n\r\n"
        );
        stream.write_all(head.as_bytes()).await.unwrap();
        stream.write_all(body).await.ok();
        let mut answer = String::new();
        let read = tokio::time::timeout(Duration::from_secs(10), stream.read_to_string(&mut answer)).await;
        drop(read.unwrap());
        answer
    };
    let slow = post("", 1_000, b"{\"email\":").await;
    assert!(slow.starts_with("HTTP/1.1 400") && slow.contains("in time"), "{slow}");
    let strangers = post("", 20_000, &[b' '; 20_000]).await;
    assert!(strangers.starts_with("HTTP/1.1 413"), "{strangers}");
    let members = post(
        &format!("Authorization: Bearer {}\r\n", owner.token),
        20_000,
        &[b' '; 20_000],
    )
    .await;
    assert!(members.starts_with("HTTP/1.1 400"), "{members}");
}
