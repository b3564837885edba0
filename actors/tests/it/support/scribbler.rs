//! Followers of tests: one that writes down what it hears, and one that never begins.

use std::sync::Arc;

use actors::{Follow, Hub};
use diesel::QueryableByName;
use diesel::sql_types::BigInt;
use diesel_async::{RunQueryDsl, SimpleAsyncConnection};
use kernel::{Caller, Code, Event, Fault, Recorded};
use serde::Serialize;
use store::{StoreError, Tx};

/// Writes down what it hears, in a table of the test; some events it cannot bear.
pub(crate) struct Scribbler;

#[derive(Debug, thiserror::Error)]
pub(crate) enum Trouble {
    #[error("this one is poison")]
    Poison,
    #[error(transparent)]
    Store(#[from] StoreError),
}

impl Fault for Trouble {
    fn code(&self) -> Code {
        match self {
            Self::Poison => Code::Internal,
            Self::Store(error) => error.code(),
        }
    }
}

impl Follow for Scribbler {
    const NAME: &'static str = "scribbler";
    const PATTERNS: &'static [&'static str] = &["thing.*", "!thing.ignored"];
    type Error = Trouble;

    async fn open(_: &Hub, _: &Caller) -> Result<Self, Trouble> {
        Ok(Self)
    }

    fn wants(&mut self, event: &Recorded) -> bool {
        event.subject != "thing:nobody"
    }

    async fn take(&mut self, tx: &mut Tx<'_>, events: &[Arc<Recorded>]) -> Result<(), Trouble> {
        for event in events {
            let sql = format!(
                "INSERT INTO scribbles (tenant_id, seq) VALUES ('{}', {})",
                event.tenant, event.seq
            );
            tx.conn().batch_execute(&sql).await.map_err(StoreError::from)?;
            let is_cured = cured(tx).await?;
            match event.subject.as_str() {
                "thing:poison" if !is_cured => return Err(Trouble::Poison),
                "thing:bomb" if !is_cured => panic!("boom"),
                "thing:echo" => {
                    let cause = event.as_cause().unwrap();
                    tx.announce_because(cause, &Thing("posted", "echo"));
                }
                _ => {}
            }
        }
        Ok(())
    }
}

async fn cured(tx: &mut Tx<'_>) -> Result<bool, StoreError> {
    let rows: Vec<Seq> = diesel::sql_query("SELECT seq FROM scribbles WHERE tenant_id = app_tenant() AND seq = 0")
        .load(tx.conn())
        .await?;
    Ok(!rows.is_empty())
}

#[derive(QueryableByName)]
pub(crate) struct Seq {
    #[diesel(sql_type = BigInt)]
    pub(crate) seq: i64,
}

/// `thing.WORD` about `thing:NAME`.
#[derive(Serialize)]
pub(crate) struct Thing(pub(crate) &'static str, pub(crate) &'static str);

impl Event for Thing {
    fn kind(&self) -> &'static str {
        match self.0 {
            "ignored" => "thing.ignored",
            "other" => "other.posted",
            _ => "thing.posted",
        }
    }

    fn subject(&self) -> String {
        format!("thing:{}", self.1)
    }
}

/// Hears nothing until it is let through.
pub(crate) struct Slow;

impl Follow for Slow {
    const NAME: &'static str = "slow";
    const PATTERNS: &'static [&'static str] = &["**"];
    type Error = StoreError;

    async fn open(_: &Hub, _: &Caller) -> Result<Self, StoreError> {
        std::future::pending().await
    }

    async fn take(&mut self, _: &mut Tx<'_>, _: &[Arc<Recorded>]) -> Result<(), StoreError> {
        Ok(())
    }
}
