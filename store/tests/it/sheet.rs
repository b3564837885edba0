//! Sheets: they hold the tenants they name and no other, and nothing of one that was given up.

use std::time::Duration;

use futures_util::future::join_all;
use kernel::{Caller, Event, TenantId};
use serde::Serialize;
use store::audit::Verdict;
use store::{Scribe, Sheet, StoreError};
use uuid::Uuid;

use crate::pool::{Stage, poll_and_drop};
use crate::sql;

const PATIENCE: Duration = Duration::from_secs(2);

#[derive(Serialize)]
#[serde(tag = "type", content = "data")]
enum Told {
    #[serde(rename = "timer.set")]
    TimerSet(Uuid),
}

impl Event for Told {
    fn kind(&self) -> &'static str {
        "timer.set"
    }

    fn subject(&self) -> String {
        let Self::TimerSet(id) = self;
        format!("timer:{id}")
    }
}

/// Sets a timer for the caller's tenant, and says so.
async fn set(sheet: &Sheet<'_>, caller: &Caller) -> Result<(), StoreError> {
    let id = Uuid::now_v7();
    sheet.set_timer(caller.tenant, "test.timer", id, sheet.now()).await?;
    sheet.announce(caller, &Told::TimerSet(id));
    Ok(())
}

async fn write(scribe: &Scribe, named: &[&Caller], meant: &[&Caller]) -> Result<(), StoreError> {
    let tenants = named.iter().map(|caller| caller.tenant).collect();
    scribe
        .write(tenants, PATIENCE, async |sheet| {
            let all = join_all(meant.iter().map(|caller| set(sheet, caller))).await;
            all.into_iter().collect()
        })
        .await
}

impl Stage {
    /// How many timers a tenant has, how many events tell of them, and where its log ends.
    async fn counts(&self, tenant: TenantId) -> (String, String, String) {
        let mut admin = self.admin().await;
        let count = |table: &str| format!("SELECT count(*)::text AS value FROM {table} WHERE tenant_id = '{tenant}'");
        let head = format!("SELECT seq::text AS value FROM log_heads WHERE tenant_id = '{tenant}'");
        (
            sql::value(&mut admin, &count("timers")).await,
            sql::value(&mut admin, &count("events")).await,
            sql::value(&mut admin, &head).await,
        )
    }

    async fn assert_counts(&self, caller: &Caller, n: usize) {
        let n = n.to_string();
        assert_eq!(self.counts(caller.tenant).await, (n.clone(), n.clone(), n));
    }
}

#[tokio::test]
async fn many_tenants_share_a_sheet() {
    let stage = Stage::set(1).await;
    let scribe = stage.store.scribe().unwrap();
    for _ in 0..3 {
        write(&scribe, &[&stage.a, &stage.b], &[&stage.a, &stage.b, &stage.a])
            .await
            .unwrap();
    }
    stage.assert_counts(&stage.a, 6).await;
    stage.assert_counts(&stage.b, 3).await;
    for (caller, events) in [(&stage.a, 6), (&stage.b, 3)] {
        let verdict = stage.store.verify_log(caller).await.unwrap();
        assert_eq!(verdict, Verdict::Whole { events, erased: 0 });
    }
}

#[tokio::test]
async fn a_tenant_that_is_not_named_is_out_of_reach() {
    let stage = Stage::set(1).await;
    let scribe = stage.store.scribe().unwrap();
    for named in [&[][..], &[&stage.a]] {
        let refused = write(&scribe, named, &[&stage.a, &stage.b]).await;
        assert!(refused.is_err(), "{named:?}");
    }
    stage.assert_counts(&stage.a, 0).await;
    stage.assert_counts(&stage.b, 0).await;
    // What one sheet named is forgotten by the next.
    write(&scribe, &[&stage.a], &[&stage.a]).await.unwrap();
    assert!(write(&scribe, &[&stage.b], &[&stage.a]).await.is_err());
    stage.assert_counts(&stage.a, 1).await;
}

#[tokio::test]
async fn the_first_sheets_of_a_connection_are_whole() {
    let stage = Stage::set(1).await;
    for n in 1..=5 {
        // Each scribe has connections of its own, which know no statement yet.
        let scribe = stage.store.scribe().unwrap();
        let tenant = [&stage.a];
        let sheets = (0..3).map(|_| write(&scribe, &tenant, &tenant));
        for written in join_all(sheets).await {
            written.unwrap();
        }
        stage.assert_counts(&stage.a, n * 3).await;
    }
}

#[tokio::test]
async fn a_writer_may_go_away_at_any_moment() {
    let stage = Stage::set(1).await;
    let scribe = stage.store.scribe().unwrap();
    write(&scribe, &[&stage.a], &[&stage.a]).await.unwrap();
    for polls in 1..=12 {
        poll_and_drop(write(&scribe, &[&stage.a], &[&stage.a]), polls).await;
        stage.assert_quiet().await;
        let (timers, events, head) = stage.counts(stage.a.tenant).await;
        assert_eq!((&timers, &timers), (&events, &head), "after {polls} polls");
        write(&scribe, &[&stage.b], &[&stage.b]).await.unwrap();
        assert!(write(&scribe, &[&stage.b], &[&stage.a]).await.is_err());
    }
    stage.assert_counts(&stage.b, 12).await;
}

#[tokio::test]
async fn a_row_that_another_holds_is_waited_for_and_given_up() {
    let stage = Stage::set(1).await;
    let scribe = stage.store.scribe().unwrap();
    let mut admin = stage.admin().await;
    let hold = format!(
        "BEGIN; SELECT 1 FROM log_heads WHERE tenant_id = '{}' FOR UPDATE",
        stage.a.tenant
    );
    sql::execute(&mut admin, &hold).await;
    let patience = Duration::from_millis(50);
    let given_up = scribe
        .write(vec![stage.a.tenant], patience, async |sheet| set(sheet, &stage.a).await)
        .await;
    assert!(matches!(given_up, Err(StoreError::Busy)), "{given_up:?}");
    sql::execute(&mut admin, "ROLLBACK").await;
    write(&scribe, &[&stage.a], &[&stage.a]).await.unwrap();
    stage.assert_counts(&stage.a, 1).await;
}
