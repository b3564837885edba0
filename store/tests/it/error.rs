//! What the database refuses is told by kind, in whatever language it speaks.

use diesel_async::SimpleAsyncConnection;
use store::{StoreError, Tx};

use crate::pool::Stage;
use crate::sql;

async fn run(tx: &mut Tx<'_>, statement: &str) -> Result<(), StoreError> {
    Ok(tx.conn().batch_execute(statement).await?)
}

#[tokio::test]
async fn what_others_hold_is_busy_and_what_was_ended_is_unreachable() {
    let stage = Stage::set(2).await;
    let mut admin = stage.admin().await;
    // A server that may speak any language, but not to us.
    sql::execute(
        &mut admin,
        &format!("ALTER DATABASE {} SET lc_messages = 'POSIX'", stage.database.name),
    )
    .await;
    let language = stage.store.read(&stage.a, async |tx| {
        Ok::<_, StoreError>(sql::value(tx.conn(), "current_setting('lc_messages')").await)
    });
    assert_eq!(language.await.unwrap(), "C");

    let ask = async |statement: &str| {
        let asked = stage.store.write(&stage.a, async |tx| run(tx, statement).await);
        asked.await.unwrap_err()
    };
    sql::execute(&mut admin, "BEGIN; LOCK TABLE contacts").await;
    let locked = ask("SET LOCAL lock_timeout = '20ms'; SELECT FROM contacts").await;
    assert!(matches!(locked, StoreError::Busy), "{locked:?}");
    sql::execute(&mut admin, "ROLLBACK").await;
    let ended = ask("SELECT pg_terminate_backend(pg_backend_pid())").await;
    assert!(matches!(ended, StoreError::Unreachable(_)), "{ended:?}");

    let wrong = ask("SELECT 1 / 0").await;
    assert!(matches!(wrong, StoreError::Refused(_)), "{wrong:?}");
}
