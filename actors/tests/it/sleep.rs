//! Who is not asked for goes to sleep, and is woken by whoever asks.

use std::time::Duration;

use actors::{LiveConfig, Registry};
use kernel::Caller;
use uuid::Uuid;

use crate::support::{Pause, Script, Stage, Tally, until};

async fn stage() -> Stage {
    let config = LiveConfig {
        idle: Duration::from_millis(20),
        sweep: Duration::from_millis(5),
        ..LiveConfig::default()
    };
    Stage::with(config, Registry::default()).await
}

/// Waits until another one went to sleep, so that the sweep has come by more than once.
async fn as_long_as_a_nap(stage: &Stage, caller: &Caller) {
    let other = Uuid::now_v7();
    stage.add(caller, other, 1).await.unwrap();
    until("the other one sleeps", async || Script::of(other).n_gone() == 1).await;
}

#[actix::test]
async fn an_entity_that_nobody_asks_for_sleeps_until_the_next_command() {
    let stage = stage().await;
    let (caller, id) = (stage.tenant().await, Uuid::now_v7());
    for round in 1..=3 {
        assert_eq!(stage.add(&caller, id, 2).await.unwrap(), 2 * round);
        let n = usize::try_from(round).unwrap();
        assert_eq!(Script::of(id).n_loads(), n);
        until("it sleeps", async || Script::of(id).n_gone() == n).await;
    }
}

#[actix::test]
async fn a_tenant_with_nothing_awake_sleeps_until_the_next_command() {
    let stage = stage().await;
    let (caller, id) = (stage.tenant().await, Uuid::now_v7());
    assert_eq!(stage.add(&caller, id, 2).await.unwrap(), 2);
    let awake_since = async || stage.hub.census(&caller).await.unwrap().tenant.since;
    let first = awake_since().await;
    until("the tenant sleeps", async || awake_since().await != first).await;
    assert_eq!(stage.add(&caller, id, 3).await.unwrap(), 5);
    assert_eq!(Script::of(id).n_loads(), 2);
}

#[actix::test]
async fn what_is_at_work_is_not_let_go_of_however_long_it_takes() {
    let stage = stage().await;
    let (caller, id) = (stage.tenant().await, Uuid::now_v7());
    let script = Script::of(id);
    let closed = script.door.write().await;
    let pause = stage.hub.ask::<Tally, _>(&caller, id, Pause);
    let later = async {
        until("it is being loaded", async || script.n_loads() == 1).await;
        as_long_as_a_nap(&stage, &caller).await;
        let open = async { drop(closed) };
        tokio::join!(stage.add(&caller, id, 3), open).0
    };
    let (paused, added) = tokio::join!(pause, later);
    assert_eq!((paused.unwrap(), added.unwrap(), script.n_loads()), (0, 3, 1));
}
