//! A journal whose database is away, or whose tenants are in trouble.

use std::cell::Cell;

use actors::{LiveConfig, Registry};
use futures_util::future::join_all;
use store::testing::{Line, database};
use store::{DatabaseUrls, StoreError};
use uuid::Uuid;

use crate::support::{Stage, TallyError, until};

/// A stage whose journal, and nothing else, reaches the database over a line.
async fn behind_a_line() -> (Stage, Line) {
    let database = database().await.unwrap();
    let line = Line::to(&database.urls).await.unwrap();
    let journal = line.urls.journal.clone();
    let urls = DatabaseUrls {
        journal,
        ..database.urls.clone()
    };
    let stage = Stage::on(database, urls, LiveConfig::default(), Registry::default());
    (stage, line)
}

#[actix::test]
async fn a_batch_fails_at_once_while_the_database_is_away_and_the_next_one_is_written() {
    let (stage, line) = behind_a_line().await;
    let caller = stage.tenant().await;
    let ids: Vec<_> = (0..40).map(|_| Uuid::now_v7()).collect();
    let add_to_all = || join_all(ids.iter().map(|id| stage.add(&caller, *id, 1)));
    assert!(add_to_all().await.iter().all(Result::is_ok));
    line.cut();
    for outcome in add_to_all().await {
        assert!(
            matches!(outcome, Err(TallyError::Store(StoreError::Unreachable(_)))),
            "{outcome:?}"
        );
    }
    // Had each item been tried by itself, there were as many again for each.
    let n_tries = line.n_refused();
    assert!(n_tries < ids.len(), "{n_tries} tries");
    line.mend();
    for sum in add_to_all().await {
        assert_eq!(sum.unwrap(), 2);
    }
}

#[actix::test]
async fn tenants_in_trouble_leave_a_connection_to_all_others() {
    let stage = Stage::set().await;
    let (free, id) = (stage.tenant().await, Uuid::now_v7());
    let mut troubled = vec![];
    for _ in 0..4 {
        let caller = stage.tenant().await;
        // What is refused has its tenant write by itself for a while.
        stage.add(&caller, Uuid::now_v7(), -1).await.unwrap_err();
        troubled.push(caller);
    }
    let held = stage.hold_logs(&troubled.iter().collect::<Vec<_>>()).await;
    let n_answered = Cell::new(0);
    let stuck = troubled.iter().map(async |caller| {
        let outcome = stage.add(caller, Uuid::now_v7(), 1).await;
        n_answered.set(n_answered.get() + 1);
        outcome
    });
    let others = async {
        stage.database.until_someone_waits().await.unwrap();
        for n in 1..=10 {
            assert_eq!(stage.add(&free, id, 1).await.unwrap(), n);
        }
        assert_eq!(n_answered.get(), 0, "all of them wait, and nobody waits for them");
        held.release().await;
    };
    let (outcomes, ()) = tokio::join!(join_all(stuck), others);
    for outcome in outcomes {
        assert_eq!(outcome.unwrap(), 1, "each has its turn");
    }
}

#[actix::test]
async fn a_tenant_whose_writes_are_stuck_is_told_so_after_a_while_however_many_there_are() {
    let stage = Stage::set().await;
    let caller = stage.tenant().await;
    let held = stage.hold_logs(&[&caller]).await;
    let adds = (0..30).map(|_| stage.add(&caller, Uuid::now_v7(), 1));
    for outcome in join_all(adds).await {
        assert!(
            matches!(outcome, Err(TallyError::Store(StoreError::Busy))),
            "{outcome:?}"
        );
    }
    held.release().await;
    until("it goes on", async || {
        stage.add(&caller, Uuid::now_v7(), 1).await.is_ok()
    })
    .await;
}
