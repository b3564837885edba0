//! Replaying: what is in the log already is sent, once more or for the first time.

use chrono::{DateTime, Utc};
use diesel::prelude::*;
use diesel::sql_types::{Array, BigInt, Text, Timestamptz, Uuid as SqlUuid};
use diesel_async::RunQueryDsl;
use store::schema::events;
use store::{StoreError, Tx};
use uuid::Uuid;

use crate::webhook::WebhookId;

store::statement! {
    /// Lets everything of some kinds since a place in the log be sent, once more or for the first time.
    Replay {
        webhook: Uuid => SqlUuid,
        now: DateTime<Utc> => Timestamptz,
        since: i64 => BigInt,
        through: i64 => BigInt,
        kinds: Vec<String> => Array<Text>,
    }
    "WITH p AS (SELECT ? AS webhook, ?::timestamptz AS now)
     INSERT INTO webhook_deliveries (tenant_id, id, webhook_id, seq, kind, state, next_at, created_at)
     SELECT e.tenant_id, gen_random_uuid(), p.webhook, e.seq, e.kind, 'waiting', p.now, p.now FROM events e, p
     WHERE e.tenant_id = app_tenant() AND e.seq >= ? AND e.seq <= ? AND e.kind = ANY (?)
     ON CONFLICT (tenant_id, webhook_id, seq) DO UPDATE SET state = 'waiting', next_at = EXCLUDED.next_at"
}

/// Lets everything of these kinds in a stretch of the log be sent; returns how many deliveries that is.
pub(super) async fn replay(
    tx: &mut Tx<'_>,
    webhook: WebhookId,
    (since, through): (i64, i64),
    kinds: Vec<String>,
) -> Result<i64, StoreError> {
    let replay = Replay {
        webhook: webhook.0,
        now: tx.now(),
        since,
        through,
        kinds,
    };
    let n = replay.execute(tx.conn()).await?;
    Ok(i64::try_from(n).unwrap_or(i64::MAX))
}

/// The kinds of events in a stretch of the log.
pub(super) async fn kinds(tx: &mut Tx<'_>, since: i64, through: i64) -> Result<Vec<String>, StoreError> {
    Ok(events::table
        .filter(events::tenant_id.eq(tx.tenant().0))
        .filter(events::seq.ge(since).and(events::seq.le(through)))
        .select(events::kind)
        .distinct()
        .load(tx.conn())
        .await?)
}
