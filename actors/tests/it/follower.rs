//! Followers of the log: every event once, in order, whatever fails; and nobody waits for another.

use std::time::Duration;

use actors::{Hub, LiveConfig, Registry};
use diesel_async::{RunQueryDsl, SimpleAsyncConnection};
use kernel::{Caller, Cause, FollowerState};
use store::{StoreError, followers};

use crate::support::{Scribbler, Seq, Slow, Stage, Thing, until};

const TABLE: &str = "CREATE TABLE scribbles (tenant_id uuid NOT NULL, seq bigint NOT NULL);
    GRANT SELECT, INSERT ON scribbles TO switchboard_app";

fn parts() -> (LiveConfig, Registry) {
    let mut registry = Registry::default();
    registry.follow::<Slow>();
    registry.follow::<Scribbler>();
    let config = LiveConfig {
        follower_retries: vec![Duration::ZERO; 2],
        ..LiveConfig::default()
    };
    (config, registry)
}

async fn stage() -> (Stage, Caller) {
    let (config, registry) = parts();
    let stage = Stage::with(config, registry).await;
    stage.admin().await.batch_execute(TABLE).await.unwrap();
    stage.hub.begin_followers().await.unwrap();
    let caller = stage.tenant().await;
    (stage, caller)
}

async fn announce(hub: &Hub, caller: &Caller, things: &[Thing]) {
    let written = hub.store().write(caller, async |tx| {
        things.iter().for_each(|thing| tx.announce(thing));
        Ok::<_, StoreError>(())
    });
    written.await.unwrap();
}

async fn heard(stage: &Stage, caller: &Caller) -> Vec<i64> {
    let sql = format!(
        "SELECT seq FROM scribbles WHERE tenant_id = '{}' AND seq > 0",
        caller.tenant
    );
    let rows: Vec<Seq> = diesel::sql_query(sql).load(&mut stage.admin().await).await.unwrap();
    rows.into_iter().map(|row| row.seq).collect()
}

async fn hears(stage: &Stage, caller: &Caller, seqs: &[i64]) {
    until("it hears", async || heard(stage, caller).await == seqs).await;
}

async fn cursor(stage: &Stage, caller: &Caller) -> followers::Cursor {
    let found = stage
        .hub
        .store()
        .write(caller, async |tx| followers::find(tx, "scribbler").await);
    found.await.unwrap()
}

async fn dead(stage: &Stage, caller: &Caller) -> Vec<(i64, String, i32)> {
    let found = stage.hub.store().read(caller, async |tx| {
        followers::dead(tx, "scribbler", i64::MAX, false, 10).await
    });
    let letters = found.await.unwrap().into_iter();
    letters
        .map(|letter| (letter.seq, letter.reason, letter.attempts))
        .collect()
}

async fn cure(stage: &Stage, caller: &Caller) {
    let sql = format!("INSERT INTO scribbles VALUES ('{}', 0)", caller.tenant);
    stage.admin().await.batch_execute(&sql).await.unwrap();
}

#[actix::test]
async fn it_hears_what_it_wants_once_and_in_order_beside_one_that_hangs() {
    let (stage, caller) = stage().await;
    announce(
        &stage.hub,
        &caller,
        &[Thing("posted", "1"), Thing("ignored", "1"), Thing("other", "1")],
    )
    .await;
    announce(&stage.hub, &caller, &[Thing("posted", "nobody"), Thing("posted", "2")]).await;
    hears(&stage, &caller, &[1, 5]).await;
    assert_eq!(cursor(&stage, &caller).await.seq, 5);
    let many: Vec<_> = (0..1_500).map(|_| Thing("posted", "x")).collect();
    for part in many.chunks(100) {
        announce(&stage.hub, &caller, part).await;
    }
    until("it hears all", async || heard(&stage, &caller).await.len() == 1_502).await;
    assert!(heard(&stage, &caller).await.is_sorted());
}

#[actix::test]
async fn one_that_comes_back_goes_on_where_it_was() {
    let (stage, caller) = stage().await;
    announce(&stage.hub, &caller, &[Thing("posted", "1"), Thing("posted", "2")]).await;
    hears(&stage, &caller, &[1, 2]).await;
    // As if the server had been killed, and others had written meanwhile.
    stage.hub.drain().await;
    let late = stage.another_store();
    announce_alone(&late, &caller, 600).await;
    let (config, registry) = parts();
    let hub = Hub::start(stage.another_store(), registry, config);
    hub.begin_followers().await.unwrap();
    hub.wake_followers().await.unwrap();
    until("it has caught up", async || heard(&stage, &caller).await.len() == 602).await;
    assert!(heard(&stage, &caller).await.is_sorted());

    // One whose server died before its followers had ever looked.
    let tenant = stage.tenant().await;
    announce_alone(&late, &tenant, 3).await;
    hub.begin_followers().await.unwrap();
    announce(&hub, &tenant, &[Thing("posted", "4")]).await;
    hears(&stage, &tenant, &[1, 2, 3, 4]).await;
}

#[actix::test]
async fn one_that_is_new_begins_with_what_happens_from_now_on() {
    let stage = Stage::set().await;
    stage.admin().await.batch_execute(TABLE).await.unwrap();
    let caller = stage.tenant().await;
    announce_alone(&stage.another_store(), &caller, 3).await;
    let (config, registry) = parts();
    let hub = Hub::start(stage.another_store(), registry, config);
    hub.begin_followers().await.unwrap();
    announce(&hub, &caller, &[Thing("posted", "4")]).await;
    hears(&stage, &caller, &[4]).await;
}

async fn announce_alone(store: &store::Store, caller: &Caller, n: usize) {
    let written = store.write(caller, async |tx| {
        (0..n).for_each(|_| tx.announce(&Thing("posted", "x")));
        Ok::<_, StoreError>(())
    });
    written.await.unwrap();
}

#[actix::test]
async fn what_cannot_be_taken_lies_aside_with_its_reason_and_the_others_go_on() {
    let (stage, caller) = stage().await;
    let healthy = stage.tenant().await;
    let bad = [
        Thing("posted", "1"),
        Thing("posted", "poison"),
        Thing("posted", "3"),
        Thing("posted", "bomb"),
        Thing("posted", "5"),
    ];
    announce(&stage.hub, &caller, &bad).await;
    announce(&stage.hub, &healthy, &[Thing("posted", "1")]).await;
    hears(&stage, &healthy, &[1]).await;
    // What failed has left nothing behind.
    hears(&stage, &caller, &[1, 3, 5]).await;
    let reasons = [
        (4, "it crashed: boom".to_owned(), 3),
        (2, "this one is poison".to_owned(), 3),
    ];
    assert_eq!(dead(&stage, &caller).await, reasons);

    // Somebody asks for one more attempt, in vain; then it is cured; the other one is given up.
    let ask = async |seq: i64| {
        let wanted = stage
            .hub
            .store()
            .write(&caller, async |tx| followers::want(tx, "scribbler", seq).await);
        assert!(wanted.await.unwrap());
        stage.hub.wake_afresh(&caller, "scribbler", caller.tenant.0);
    };
    ask(2).await;
    until("it failed again", async || {
        dead(&stage, &caller).await.iter().any(|letter| letter.2 == 4)
    })
    .await;
    cure(&stage, &caller).await;
    ask(2).await;
    hears(&stage, &caller, &[1, 3, 5, 2]).await;
    let given_up = stage
        .hub
        .store()
        .write(&caller, async |tx| followers::let_go(tx, "scribbler", 4).await);
    assert!(given_up.await.unwrap());
    assert_eq!(dead(&stage, &caller).await, []);
    assert_eq!(cursor(&stage, &caller).await.seq, 5);
}

#[actix::test]
async fn one_that_is_paused_hears_nothing_and_one_that_replays_hears_again() {
    let (stage, caller) = stage().await;
    announce(&stage.hub, &caller, &[Thing("posted", "1"), Thing("posted", "2")]).await;
    hears(&stage, &caller, &[1, 2]).await;
    let set = async |is_paused: bool| {
        let set = stage
            .hub
            .store()
            .write(&caller, async |tx| followers::pause(tx, "scribbler", is_paused).await);
        set.await.unwrap();
        stage.hub.wake_afresh(&caller, "scribbler", caller.tenant.0);
    };
    set(true).await;
    announce(&stage.hub, &caller, &[Thing("posted", "3")]).await;
    let back = stage
        .hub
        .store()
        .write(&caller, async |tx| followers::replay(tx, "scribbler", 2).await);
    let back = back.await.unwrap();
    assert_eq!(
        (back.seq, back.state, back.replay_to),
        (1, FollowerState::Paused, Some(2))
    );
    assert_eq!(heard(&stage, &caller).await, [1, 2]);
    set(false).await;
    hears(&stage, &caller, &[1, 2, 2, 3]).await;
    let cursor = cursor(&stage, &caller).await;
    assert_eq!(
        (cursor.seq, cursor.state, cursor.replay_to),
        (3, FollowerState::Live, None)
    );
}

#[actix::test]
async fn no_circle_lives() {
    let (stage, caller) = stage().await;
    announce(&stage.hub, &caller, &[Thing("posted", "echo")]).await;
    until("it is stopped", async || !dead(&stage, &caller).await.is_empty()).await;
    let [(seq, why, _)] = &dead(&stage, &caller).await[..] else {
        panic!("one");
    };
    assert_eq!((*seq, why.contains("chain")), (17, true), "{why}");
    let events = stage.hub.store().events_after(&caller, 0, 100).await.unwrap();
    let causes: Vec<_> = events.iter().map(|event| event.cause).collect();
    let wanted: Vec<_> = (0..17u8)
        .map(|n| {
            (n > 0).then(|| Cause {
                seq: n.into(),
                depth: n,
            })
        })
        .collect();
    assert_eq!(causes, wanted);
    // And the chain of hashes holds them.
    let verdict = stage.hub.store().verify_log(&caller).await.unwrap();
    assert!(matches!(verdict, store::audit::Verdict::Whole { .. }), "{verdict:?}");
}
