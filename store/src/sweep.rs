//! Sweeping: what nobody needs any more is deleted, a little at a time.

use chrono::TimeDelta;
use diesel::sql_query;
use diesel::sql_types::{BigInt, Timestamptz, Uuid};
use diesel_async::RunQueryDsl;

use crate::{StoreError, Tx};

/// Every tenant is made with a timer of this kind, which sets itself anew each day.
pub const TIMER: &str = "tenant.sweep";

/// Deleted in one transaction: nobody waits long for its locks.
pub const AT_ONCE: i64 = 1_000;

/// Rows that are of no use a while after something happened to them.
#[derive(Clone, Copy, Debug)]
pub struct Dust {
    pub table: &'static str,
    /// When it happened, in SQL; what has not happened is null.
    pub since: &'static str,
    pub keep: TimeDelta,
}

/// What the store's own tables leave behind.
pub const OWN: [Dust; 2] = [ANSWERS, DEAD_PARCELS];

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

impl Dust {
    /// Deletes some of the tenant's dust; returns how much. Less than `AT_ONCE` is all there was.
    pub async fn sweep(&self, tx: &mut Tx<'_>) -> Result<i64, StoreError> {
        let Self { table, since, keep } = self;
        let sql = format!(
            "DELETE FROM {table} WHERE tenant_id = $1 AND ctid = ANY (ARRAY( \
             SELECT ctid FROM {table} WHERE tenant_id = $1 AND {since} < $2 LIMIT $3))"
        );
        let (tenant, before) = (tx.tenant().0, tx.now() - *keep);
        let delete = sql_query(sql)
            .bind::<Uuid, _>(tenant)
            .bind::<Timestamptz, _>(before)
            .bind::<BigInt, _>(AT_ONCE);
        Ok(i64::try_from(delete.execute(tx.conn()).await?).unwrap_or(0))
    }
}
