//! A job of tests: runs laps, writes each down in a table and in its file, and stumbles where it is told to.

use std::io::Write;
use std::time::Duration;

use actors::Hub;
use actors::job::{Perform, Piece};
use diesel::sql_query;
use diesel_async::{RunQueryDsl, SimpleAsyncConnection};
use kernel::{Caller, Code, Fault, FileKind};
use serde::{Deserialize, Serialize};
use store::{StoreError, Tx};

use super::Seq;

/// A lap that was run; -1 says go on, -2 that what ails it is cured.
pub(crate) const TABLE: &str = "CREATE TABLE laps (tenant_id uuid NOT NULL, runner text NOT NULL, n bigint NOT NULL);
    GRANT SELECT, INSERT ON laps TO switchboard_app";

/// What a test wants run.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
pub(crate) struct Run {
    pub(crate) runner: String,
    pub(crate) laps: i64,
    /// Before this lap it waits until somebody says go on.
    pub(crate) waits_at: i64,
    pub(crate) crashes_at: i64,
    pub(crate) fails_at: i64,
    /// Every so many laps cannot be run.
    pub(crate) bad: i64,
}

pub(crate) struct Laps {
    hub: Hub,
    caller: Caller,
    run: Run,
}

#[derive(Debug, thiserror::Error)]
pub(crate) enum Stumble {
    #[error("a stone lies on lap {0}")]
    Stone(i64),
    #[error(transparent)]
    Store(#[from] StoreError),
}

impl Fault for Stumble {
    fn code(&self) -> Code {
        match self {
            Self::Stone(_) => Code::Invalid,
            Self::Store(error) => error.code(),
        }
    }
}

impl Perform for Laps {
    const KIND: &'static str = "laps.run";
    type Input = Run;
    type Checkpoint = i64;
    type Error = Stumble;

    async fn open(hub: &Hub, caller: &Caller, run: Run) -> Result<Self, Stumble> {
        let (hub, caller) = (hub.clone(), caller.clone());
        Ok(Self { hub, caller, run })
    }

    fn file(&self) -> Option<(String, FileKind)> {
        Some(("laps.csv".into(), FileKind::Csv))
    }

    async fn step(&mut self, piece: &mut Piece<i64>) -> Result<(), Stumble> {
        let lap = piece.checkpoint + 1;
        while lap == self.run.waits_at && !self.was_told(-1).await? {
            tokio::time::sleep(Duration::from_millis(5)).await;
        }
        if lap == self.run.crashes_at && !self.was_told(-2).await? {
            panic!("it fell");
        }
        if lap == self.run.fails_at && !self.was_told(-2).await? {
            return Err(Stumble::Stone(lap));
        }
        piece.total = Some(self.run.laps);
        if self.run.bad > 0 && lap % self.run.bad == 0 {
            piece.fail(&format!("lap {lap}"), "it rains");
        }
        writeln!(piece, "{lap}").unwrap();
        Ok(())
    }

    async fn write(&mut self, tx: &mut Tx<'_>, piece: &mut Piece<i64>) -> Result<(), Stumble> {
        piece.checkpoint += 1;
        piece.done = piece.checkpoint;
        let sql = format!(
            "INSERT INTO laps VALUES ('{}', '{}', {})",
            tx.tenant(),
            self.run.runner,
            piece.done
        );
        tx.conn().batch_execute(&sql).await.map_err(StoreError::from)?;
        if piece.done == self.run.laps {
            piece.finish();
        }
        Ok(())
    }
}

impl Laps {
    async fn was_told(&self, n: i64) -> Result<bool, StoreError> {
        let sql = format!(
            "SELECT n AS seq FROM laps WHERE tenant_id = '{}' AND n = {n}",
            self.caller.tenant
        );
        let rows = self.hub.store().read(&self.caller, async |tx| {
            Ok::<_, StoreError>(sql_query(sql).load::<Seq>(tx.conn()).await?)
        });
        Ok(!rows.await?.is_empty())
    }
}
