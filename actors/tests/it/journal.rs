//! A journal whose database is away, or whose tenants are in trouble.

use actors::{LiveConfig, Registry};
use futures_util::future::join_all;
use store::testing::{Line, database};
use store::{DatabaseUrls, StoreError};
use uuid::Uuid;

use crate::support::{Stage, TallyError};

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
