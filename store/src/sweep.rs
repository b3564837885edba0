//! Sweeping: what nobody needs any more is deleted, a little at a time.

use chrono::TimeDelta;
use diesel::sql_query;
use diesel::sql_types::{BigInt, Timestamptz, Uuid};
use diesel_async::RunQueryDsl;
use kernel::Caller;

use crate::{Store, StoreError};

/// Rows that are of no use a while after something happened to them.
pub struct Dust {
    pub table: &'static str,
    /// When it happened, in SQL; what has not happened is null.
    pub since: &'static str,
    pub keep: TimeDelta,
}

/// Answers to requests that carried a key: nobody repeats one a day later.
const ANSWERS: Dust = Dust {
    table: "idempotency_keys",
    since: "created_at",
    keep: TimeDelta::days(1),
};

/// Messages that could not leave the house: they stay in their conversations.
const DEAD_PARCELS: Dust = Dust {
    table: "outbox",
    since: "CASE state WHEN 'dead' THEN next_at END",
    keep: TimeDelta::days(30),
};

/// Deleted in one transaction: nobody waits long for its locks.
const AT_ONCE: i64 = 1_000;

impl Store {
    /// Sweeps the store's own tables, for the caller's tenant.
    pub async fn sweep(&self, caller: &Caller) -> Result<(), StoreError> {
        self.sweep_up(caller, &ANSWERS).await?;
        self.sweep_up(caller, &DEAD_PARCELS).await
    }

    /// Deletes the dust of the caller's tenant, step by step.
    pub async fn sweep_up(&self, caller: &Caller, dust: &Dust) -> Result<(), StoreError> {
        let Dust { table, since, keep } = dust;
        let sql = format!(
            "DELETE FROM {table} WHERE tenant_id = $1 AND ctid = ANY (ARRAY( \
             SELECT ctid FROM {table} WHERE tenant_id = $1 AND {since} < $2 LIMIT $3))"
        );
        let mut swept = AT_ONCE;
        while swept == AT_ONCE {
            let step = self.write(caller, async |tx| {
                let (tenant, before) = (tx.tenant().0, tx.now() - *keep);
                let delete = sql_query(&sql)
                    .bind::<Uuid, _>(tenant)
                    .bind::<Timestamptz, _>(before)
                    .bind::<BigInt, _>(AT_ONCE);
                Ok::<_, StoreError>(delete.execute(tx.conn()).await?)
            });
            swept = i64::try_from(step.await?).unwrap_or(0);
        }
        Ok(())
    }
}
