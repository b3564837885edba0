//! Stopping: what was begun is finished, what comes later is refused.

use std::cell::Cell;
use std::time::Duration;

use actors::{LiveConfig, LiveError, Registry};
use futures_util::future::join_all;
use tokio::time::Instant;
use uuid::Uuid;

use crate::support::{Stage, TallyError, until};

#[actix::test]
async fn who_stops_waits_for_what_was_begun_and_takes_nothing_new() {
    let stage = Stage::set().await;
    let caller = stage.tenant().await;
    let ids = [Uuid::now_v7(), Uuid::now_v7(), Uuid::now_v7()];
    let held = stage.hold_logs(&[&caller]).await;
    let adds = (0..30).map(|n| stage.add(&caller, ids[n % 3], 1));
    let is_released = Cell::new(false);
    let drain = async {
        stage.database.until_someone_waits().await.unwrap();
        stage.hub.drain().await;
        assert!(is_released.get(), "it did not wait");
        let written = join_all(ids.iter().map(|id| stage.logged(&caller, *id))).await;
        written.concat().len()
    };
    let release = async {
        until("it stops", async || stage.hub.is_stopping()).await;
        let refused = stage.add(&caller, ids[0], 1).await;
        assert!(
            matches!(refused, Err(TallyError::Live(LiveError::Stopping))),
            "{refused:?}"
        );
        // Long enough for a hub that does not wait.
        for id in ids {
            assert_eq!(stage.logged(&caller, id).await, [0; 0]);
        }
        is_released.set(true);
        held.release().await;
    };
    let (outcomes, n_written, ()) = tokio::join!(join_all(adds), drain, release);
    assert!(n_written >= ids.len(), "{n_written}");
    for (n, id) in ids.into_iter().enumerate() {
        let sums: Vec<_> = outcomes
            .iter()
            .skip(n)
            .step_by(3)
            .map(|sum| *sum.as_ref().unwrap())
            .collect();
        assert_eq!(sums, (1..=10).collect::<Vec<_>>(), "each was answered in its turn");
        assert_eq!(stage.logged(&caller, id).await.len(), 10);
    }
}

#[actix::test]
async fn who_stops_waits_only_so_long_however_many_are_stuck() {
    let config = LiveConfig {
        drain: Duration::from_millis(100),
        ..LiveConfig::default()
    };
    let stage = Stage::with(config, Registry::default()).await;
    let mut callers = vec![];
    for _ in 0..20 {
        callers.push(stage.tenant().await);
    }
    let held = stage.hold_logs(&callers.iter().collect::<Vec<_>>()).await;
    let adds = join_all(callers.iter().map(|caller| stage.add(caller, Uuid::now_v7(), 1)));
    let drain = async {
        stage.database.until_someone_waits().await.unwrap();
        let began = Instant::now();
        stage.hub.drain().await;
        let took = began.elapsed();
        assert!(took < Duration::from_secs(1), "{took:?}");
        held.release().await;
    };
    tokio::join!(adds, drain);
}
