//! The deliveries' queries.

use chrono::{DateTime, TimeDelta, Utc};
use diesel::prelude::*;
use diesel::sql_types::{Array, BigInt, Text, Timestamptz, Uuid as SqlUuid};
use diesel_async::RunQueryDsl;
use kernel::{Caller, Recorded, TenantId};
use store::schema::{events, webhook_attempts, webhook_deliveries as deliveries};
use store::{Store, StoreError, Tx};
use uuid::Uuid;

use super::DUE_TIMER;
use super::model::{Attempt, Delivery, DeliveryId, DeliveryState, DeliveryStory};
use crate::webhook::WebhookId;

const AT_THE_LATEST: TimeDelta = TimeDelta::seconds(30);

store::statement! {
    /// Adds deliveries; those that are there already stay as they are.
    AddDeliveries {
        tenants: Vec<Uuid> => Array<SqlUuid>,
        ids: Vec<Uuid> => Array<SqlUuid>,
        webhooks: Vec<Uuid> => Array<SqlUuid>,
        seqs: Vec<i64> => Array<BigInt>,
        kinds: Vec<String> => Array<Text>,
        ats: Vec<DateTime<Utc>> => Array<Timestamptz>,
    }
    "INSERT INTO webhook_deliveries (tenant_id, id, webhook_id, seq, kind, state, next_at, created_at)
     SELECT n.tenant, n.id, n.webhook, n.seq, n.kind, 'waiting', n.at, n.at
     FROM unnest(?, ?, ?, ?, ?, ?) AS n (tenant, id, webhook, seq, kind, at)
     JOIN webhooks w ON w.tenant_id = n.tenant AND w.id = n.webhook
     ON CONFLICT (tenant_id, webhook_id, seq) DO NOTHING"
}

/// Adds a delivery for each event and webhook.
pub(super) async fn add(tx: &mut Tx<'_>, wanted: &[(WebhookId, &Recorded)]) -> Result<(), StoreError> {
    if wanted.is_empty() {
        return Ok(());
    }
    let (tenant, now) = (tx.tenant().0, tx.now());
    let add = AddDeliveries {
        tenants: vec![tenant; wanted.len()],
        ids: wanted.iter().map(|_| Uuid::now_v7()).collect(),
        webhooks: wanted.iter().map(|(id, _)| id.0).collect(),
        seqs: wanted.iter().map(|(_, event)| event.seq).collect(),
        kinds: wanted.iter().map(|(_, event)| event.kind.clone()).collect(),
        ats: vec![now; wanted.len()],
    };
    add.execute(tx.conn()).await?;
    Ok(())
}

/// Adds a test: something that has not happened.
pub(super) async fn add_test(tx: &mut Tx<'_>, webhook: WebhookId, payload: &str) -> Result<Delivery, StoreError> {
    let id = DeliveryId::fresh();
    let row = (
        deliveries::tenant_id.eq(tx.tenant()),
        deliveries::id.eq(id),
        deliveries::webhook_id.eq(webhook),
        deliveries::kind.eq("webhook.test"),
        deliveries::payload.eq(payload),
        deliveries::state.eq(DeliveryState::Waiting),
        deliveries::next_at.eq(tx.now()),
        deliveries::created_at.eq(tx.now()),
    );
    diesel::insert_into(deliveries::table)
        .values(row)
        .execute(tx.conn())
        .await?;
    wake_at_the_latest(tx, webhook).await?;
    find(tx, webhook, id).await
}

/// Something to send: the delivery, and what happened.
pub(super) struct Due {
    pub(super) delivery: Delivery,
    pub(super) payload: Option<String>,
    pub(super) at: DateTime<Utc>,
}

/// Returns what is due, the longest waiting first.
pub(super) async fn due(tx: &mut Tx<'_>, webhook: WebhookId, limit: i64) -> Result<Vec<Due>, StoreError> {
    type Row = (Delivery, Option<String>, Option<String>, Option<DateTime<Utc>>);
    let now = tx.now();
    let rows: Vec<Row> = with_events()
        .filter(
            deliveries::tenant_id
                .eq(tx.tenant())
                .and(deliveries::webhook_id.eq(webhook)),
        )
        .filter(
            deliveries::state
                .eq(DeliveryState::Waiting)
                .and(deliveries::next_at.le(now)),
        )
        .order((deliveries::next_at, deliveries::seq, deliveries::id))
        .limit(limit)
        .load(tx.conn())
        .await?;
    let due = rows.into_iter().map(|(delivery, own, event, at)| Due {
        payload: own.or(event),
        at: at.unwrap_or(delivery.created_at),
        delivery,
    });
    Ok(due.collect())
}

type WithEvents = diesel::dsl::IntoBoxed<
    'static,
    diesel::dsl::Select<
        diesel::dsl::LeftJoin<
            deliveries::table,
            diesel::dsl::On<
                events::table,
                diesel::dsl::And<
                    diesel::dsl::Eq<events::tenant_id, deliveries::tenant_id>,
                    diesel::dsl::Eq<diesel::dsl::Nullable<events::seq>, deliveries::seq>,
                >,
            >,
        >,
        (
            diesel::dsl::AsSelect<Delivery, diesel::pg::Pg>,
            deliveries::payload,
            diesel::dsl::Nullable<events::payload>,
            diesel::dsl::Nullable<events::at>,
        ),
    >,
    diesel::pg::Pg,
>;

fn with_events() -> WithEvents {
    let same = events::tenant_id
        .eq(deliveries::tenant_id)
        .and(events::seq.nullable().eq(deliveries::seq));
    deliveries::table
        .left_join(events::table.on(same))
        .select((
            Delivery::as_select(),
            deliveries::payload,
            events::payload.nullable(),
            events::at.nullable(),
        ))
        .into_boxed()
}

/// When the next one is due, if one waits.
pub(super) async fn next_at(tx: &mut Tx<'_>, webhook: WebhookId) -> Result<Option<DateTime<Utc>>, StoreError> {
    let waiting = deliveries::table
        .filter(
            deliveries::tenant_id
                .eq(tx.tenant())
                .and(deliveries::webhook_id.eq(webhook)),
        )
        .filter(deliveries::state.eq(DeliveryState::Waiting));
    let next = waiting.order(deliveries::next_at).select(deliveries::next_at);
    Ok(next.first(tx.conn()).await.optional()?)
}

/// Notes an attempt, and what becomes of the delivery.
pub(super) async fn note(
    tx: &mut Tx<'_>,
    id: DeliveryId,
    attempt: &Attempt,
    state: DeliveryState,
    next_at: DateTime<Utc>,
) -> Result<(), StoreError> {
    let this = deliveries::table.find((tx.tenant(), id));
    let values = (
        deliveries::state.eq(state),
        deliveries::attempts.eq(attempt.n),
        deliveries::next_at.eq(next_at),
        deliveries::last_status.eq(attempt.status),
        deliveries::last_error.eq(&attempt.error),
    );
    if diesel::update(this).set(values).execute(tx.conn()).await? == 0 {
        // It was deleted with its webhook meanwhile.
        return Ok(());
    }
    let row = (
        webhook_attempts::tenant_id.eq(tx.tenant()),
        webhook_attempts::delivery_id.eq(id),
        webhook_attempts::n.eq(attempt.n),
        webhook_attempts::at.eq(attempt.at),
        webhook_attempts::took_ms.eq(attempt.took_ms),
        webhook_attempts::status.eq(attempt.status),
        webhook_attempts::error.eq(&attempt.error),
        webhook_attempts::answer.eq(&attempt.answer),
    );
    let insert = diesel::insert_into(webhook_attempts::table).values(row);
    insert.on_conflict_do_nothing().execute(tx.conn()).await?;
    Ok(())
}

pub(super) async fn find(tx: &mut Tx<'_>, webhook: WebhookId, id: DeliveryId) -> Result<Delivery, StoreError> {
    let this = deliveries::table
        .find((tx.tenant(), id))
        .filter(deliveries::webhook_id.eq(webhook));
    Ok(this.select(Delivery::as_select()).first(tx.conn()).await?)
}

/// Returns a delivery, what it says, and its attempts.
pub(super) async fn story(
    tx: &mut Tx<'_>,
    webhook: WebhookId,
    id: DeliveryId,
) -> Result<(DeliveryStory, DateTime<Utc>), StoreError> {
    let (delivery, own, event, at): (Delivery, Option<String>, Option<String>, Option<DateTime<Utc>>) = with_events()
        .filter(deliveries::tenant_id.eq(tx.tenant()).and(deliveries::id.eq(id)))
        .filter(deliveries::webhook_id.eq(webhook))
        .first(tx.conn())
        .await?;
    let attempts = webhook_attempts::table
        .filter(
            webhook_attempts::tenant_id
                .eq(tx.tenant())
                .and(webhook_attempts::delivery_id.eq(id)),
        )
        .order(webhook_attempts::n)
        .select(Attempt::as_select())
        .load(tx.conn())
        .await?;
    let at = at.unwrap_or(delivery.created_at);
    let body = own.or(event);
    Ok((
        DeliveryStory {
            delivery,
            body,
            attempts,
        },
        at,
    ))
}

/// Returns a page of a webhook's deliveries, the newest first.
pub(super) async fn list(
    tx: &mut Tx<'_>,
    webhook: WebhookId,
    state: Option<DeliveryState>,
    after: Option<(DateTime<Utc>, DeliveryId)>,
    limit: i64,
) -> Result<Vec<Delivery>, StoreError> {
    let mut query = deliveries::table
        .filter(
            deliveries::tenant_id
                .eq(tx.tenant())
                .and(deliveries::webhook_id.eq(webhook)),
        )
        .into_boxed();
    if let Some(state) = state {
        query = query.filter(deliveries::state.eq(state));
    }
    if let Some((at, id)) = after {
        let before = deliveries::created_at.lt(at);
        query = query.filter(before.or(deliveries::created_at.eq(at).and(deliveries::id.lt(id))));
    }
    Ok(query
        .order((deliveries::created_at.desc(), deliveries::id.desc()))
        .limit(limit)
        .select(Delivery::as_select())
        .load(tx.conn())
        .await?)
}

/// Lets a delivery be sent once more, whatever became of it.
pub(super) async fn resend(tx: &mut Tx<'_>, webhook: WebhookId, id: DeliveryId) -> Result<Delivery, StoreError> {
    let this = deliveries::table
        .find((tx.tenant(), id))
        .filter(deliveries::webhook_id.eq(webhook));
    let values = (
        deliveries::state.eq(DeliveryState::Waiting),
        deliveries::next_at.eq(tx.now()),
    );
    diesel::update(this).set(values).execute(tx.conn()).await?;
    wake_at_the_latest(tx, webhook).await?;
    find(tx, webhook, id).await
}

/// If nobody looks before, somebody does then.
pub(super) async fn wake_at_the_latest(tx: &mut Tx<'_>, webhook: WebhookId) -> Result<(), StoreError> {
    let latest = tx.now() + AT_THE_LATEST;
    tx.set_timer(DUE_TIMER, webhook.0, latest).await
}

/// Sets the timer of every webhook that has something waiting, in all tenants: whoever was about to send may have died.
pub(crate) async fn wake_all(store: &Store) -> Result<(), StoreError> {
    let sql = "INSERT INTO timers (tenant_id, kind, subject, due_at) \
               SELECT tenant_id, $1, webhook_id, min(next_at) FROM webhook_deliveries WHERE state = 'waiting' \
               GROUP BY tenant_id, webhook_id ON CONFLICT DO NOTHING";
    let nobody = Caller::system(TenantId(Uuid::nil()), "webhooks");
    store
        .direct(&nobody, async |tx| {
            diesel::sql_query(sql)
                .bind::<Text, _>(DUE_TIMER)
                .execute(tx.conn())
                .await?;
            Ok(())
        })
        .await
}
