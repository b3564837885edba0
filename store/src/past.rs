//! Reading the log: what happened after a place in it.

use std::sync::Arc;

use chrono::{DateTime, Utc};
use diesel::pg::Pg;
use diesel::prelude::*;
use diesel_async::RunQueryDsl;
use kernel::{Caller, Cause, ContactId, Recorded, TenantId};

use crate::schema::{events, log_heads};
use crate::{Store, StoreError, Tx};

impl Store {
    /// Returns the newest place in the tenant's log.
    pub async fn head(&self, caller: &Caller) -> Result<i64, StoreError> {
        self.read(caller, async |tx| head(tx).await).await
    }

    /// Returns up to `limit` events after `seq`, oldest first.
    pub async fn events_after(&self, caller: &Caller, seq: i64, limit: i64) -> Result<Vec<Recorded>, StoreError> {
        self.read(caller, async |tx| after(tx, &Wanted::All, seq, limit).await)
            .await
    }

    /// Returns up to `limit` events after `seq` that concern a customer, oldest first.
    pub async fn events_of(
        &self,
        caller: &Caller,
        contact: ContactId,
        seq: i64,
        limit: i64,
    ) -> Result<Vec<Recorded>, StoreError> {
        let wanted = Wanted::Of(contact);
        self.read(caller, async |tx| after(tx, &wanted, seq, limit).await).await
    }
}

/// Which events to read.
#[derive(Clone, Debug)]
pub enum Wanted {
    All,
    /// Those that concern a customer.
    Of(ContactId),
    /// Those of these kinds.
    Kinds(Vec<String>),
}

/// Returns the newest place in the tenant's log.
pub async fn head(tx: &mut Tx<'_>) -> Result<i64, StoreError> {
    let this = log_heads::table.find(tx.tenant().0).select(log_heads::seq);
    Ok(this.first(tx.conn()).await?)
}

/// Returns up to `limit` events after `seq`, oldest first.
pub async fn after(tx: &mut Tx<'_>, wanted: &Wanted, seq: i64, limit: i64) -> Result<Vec<Recorded>, StoreError> {
    let tenant = tx.tenant();
    let rows: Vec<Said> = those(tenant, wanted)
        .filter(events::seq.gt(seq))
        .order(events::seq)
        .limit(limit)
        .load(tx.conn())
        .await?;
    Ok(rows.into_iter().map(|row| row.recorded(tenant)).collect())
}

/// A part of the log: what lies between two places, of some kinds, about one thing.
#[derive(Clone, Debug)]
pub struct Part {
    pub after: i64,
    pub before: i64,
    pub kinds: Option<Vec<String>>,
    pub subject: Option<String>,
}

/// Returns up to `limit` events of a part of the log, newest first.
pub async fn newest(tx: &mut Tx<'_>, part: &Part, limit: i64) -> Result<Vec<Recorded>, StoreError> {
    let tenant = tx.tenant();
    let wanted = part.kinds.clone().map_or(Wanted::All, Wanted::Kinds);
    let mut query = those(tenant, &wanted).filter(events::seq.gt(part.after).and(events::seq.lt(part.before)));
    if let Some(subject) = &part.subject {
        query = query.filter(events::subject.eq(subject.clone()));
    }
    let rows: Vec<Said> = query.order(events::seq.desc()).limit(limit).load(tx.conn()).await?;
    Ok(rows.into_iter().map(|row| row.recorded(tenant)).collect())
}

/// Returns the event at a place.
pub async fn find(tx: &mut Tx<'_>, seq: i64) -> Result<Recorded, StoreError> {
    let tenant = tx.tenant();
    let this = those(tenant, &Wanted::All).filter(events::seq.eq(seq));
    let row: Said = this.first(tx.conn()).await?;
    Ok(row.recorded(tenant))
}

/// Returns up to `limit` events that came of an event directly, oldest first.
pub async fn effects(tx: &mut Tx<'_>, cause: Cause, limit: i64) -> Result<Vec<Recorded>, StoreError> {
    let tenant = tx.tenant();
    let query = those(tenant, &Wanted::All).filter(events::cause.eq(cause.to_string()));
    let rows: Vec<Said> = query.order(events::seq).limit(limit).load(tx.conn()).await?;
    Ok(rows.into_iter().map(|row| row.recorded(tenant)).collect())
}

/// Returns the place of the first event since a time.
pub async fn place_at(tx: &mut Tx<'_>, at: DateTime<Utc>) -> Result<i64, StoreError> {
    let (mut low, mut high) = (1, head(tx).await? + 1);
    // The log is in the order of time, and has no index by it.
    while low < high {
        let middle = low + (high - low) / 2;
        let this = events::table.find((tx.tenant().0, middle)).select(events::at);
        let then: Option<DateTime<Utc>> = this.first(tx.conn()).await.optional()?;
        if then.is_some_and(|then| then < at) {
            low = middle + 1;
        } else {
            high = middle;
        }
    }
    Ok(low)
}

type Those = diesel::dsl::IntoBoxed<'static, diesel::dsl::Select<events::table, diesel::dsl::AsSelect<Said, Pg>>, Pg>;

fn those(tenant: TenantId, wanted: &Wanted) -> Those {
    let query = events::table.select(Said::as_select()).into_boxed();
    let query = query.filter(events::tenant_id.eq(tenant.0));
    match wanted {
        Wanted::All => query,
        Wanted::Of(contact) => query.filter(events::contact_id.eq(contact.0)),
        Wanted::Kinds(kinds) => query.filter(events::kind.eq_any(kinds.clone())),
    }
}

/// What an event says, without what proves it.
#[derive(Queryable, Selectable)]
#[diesel(table_name = events, check_for_backend(Pg))]
struct Said {
    seq: i64,
    kind: String,
    caller: String,
    subject: String,
    payload: Option<String>,
    contact_id: Option<uuid::Uuid>,
    cause: Option<String>,
    at: DateTime<Utc>,
}

impl Said {
    fn recorded(self, tenant: TenantId) -> Recorded {
        Recorded {
            tenant,
            seq: self.seq,
            kind: self.kind,
            caller: self.caller,
            subject: self.subject,
            payload: self.payload.map(Arc::from),
            contact: self.contact_id.map(ContactId),
            cause: self.cause.and_then(|cause| cause.parse().ok()),
            at: self.at,
        }
    }
}
