//! The migrations: all run, all can be undone and done again, and the owner owns the result.

use store::migrate;
use store::testing;

use crate::sql;

#[tokio::test]
async fn a_test_database_is_up_to_date() {
    let database = testing::database().await.unwrap();
    assert_eq!(migrate::pending(&database.urls).await.unwrap(), [""; 0]);
    assert_eq!(migrate::run(&database.urls).await.unwrap(), [""; 0]);
}

#[tokio::test]
async fn every_migration_can_be_undone_and_done_again() {
    let database = testing::database().await.unwrap();
    let undone = migrate::revert(&database.urls, usize::MAX).await.unwrap();
    assert!(!undone.is_empty());
    let mut pending = migrate::pending(&database.urls).await.unwrap();
    pending.reverse();
    assert_eq!(pending, undone);
    let mut redone = migrate::run(&database.urls).await.unwrap();
    redone.reverse();
    assert_eq!(redone, undone);
}

#[tokio::test]
async fn the_owner_owns_everything() {
    let database = testing::database().await.unwrap();
    let mut admin = sql::connect(&database.urls.admin).await;
    let others = sql::values(
        &mut admin,
        "SELECT relname::text AS value FROM pg_class \
         WHERE relnamespace = 'public'::regnamespace AND relowner <> 'switchboard_owner'::regrole",
    )
    .await;
    assert_eq!(others, [""; 0]);
}

#[tokio::test]
async fn a_migration_of_a_newer_server_is_noticed() {
    let database = testing::database().await.unwrap();
    let mut admin = sql::connect(&database.urls.admin).await;
    sql::execute(
        &mut admin,
        "INSERT INTO __diesel_schema_migrations (version) VALUES ('29990101')",
    )
    .await;
    let standing = migrate::standing(&database.urls).await.unwrap();
    assert_eq!(standing.unknown, ["29990101"]);
    assert_eq!(standing.pending, [""; 0]);
}
