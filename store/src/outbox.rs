//! The outbox: messages that still have to leave the house, in the order they were written.

use chrono::{DateTime, Utc};
use diesel::prelude::*;
use diesel_async::RunQueryDsl;
use kernel::channel::Outbound;
use kernel::rich::Document;
use kernel::{Caller, ChannelId, ContactId, ConversationId, TenantId};
use uuid::Uuid;

use crate::schema::outbox;
use crate::{Sheet, Store, StoreError};

/// One message on its way out.
#[derive(Clone, Debug, Queryable, Selectable, Insertable)]
#[diesel(table_name = outbox, check_for_backend(diesel::pg::Pg))]
pub struct Parcel {
    pub tenant_id: TenantId,
    pub id: Uuid,
    pub channel_id: ChannelId,
    pub conversation_id: ConversationId,
    pub position: i64,
    pub contact_id: ContactId,
    pub text: String,
    pub attempts: i32,
    pub next_at: DateTime<Utc>,
    pub rich: Option<Document>,
}

impl Parcel {
    /// What the connector is given.
    #[must_use]
    pub fn outbound(&self) -> Outbound {
        Outbound {
            id: self.id,
            contact: self.contact_id,
            conversation: self.conversation_id,
            position: self.position,
            text: self.text.clone(),
            rich: self.rich.clone(),
        }
    }
}

impl Sheet<'_> {
    /// Adds messages to the outbox.
    pub async fn enqueue(&self, parcels: &[Parcel]) -> Result<(), StoreError> {
        if parcels.is_empty() {
            return Ok(());
        }
        diesel::insert_into(outbox::table)
            .values(parcels)
            .execute(&mut self.conn())
            .await?;
        Ok(())
    }
}

impl Store {
    /// Returns what waits in a channel's outbox, oldest first.
    pub async fn parcels(&self, caller: &Caller, channel: ChannelId, limit: i64) -> Result<Vec<Parcel>, StoreError> {
        self.read(caller, async |tx| {
            let waiting = outbox::table
                .filter(outbox::tenant_id.eq(tx.tenant()))
                .filter(outbox::channel_id.eq(channel).and(outbox::state.eq("pending")))
                .order(outbox::id)
                .limit(limit)
                .select(Parcel::as_select())
                .load(tx.conn())
                .await?;
            Ok(waiting)
        })
        .await
    }

    /// Removes messages that the provider has taken.
    pub async fn parcels_sent(&self, caller: &Caller, ids: &[Uuid]) -> Result<(), StoreError> {
        self.write(caller, async |tx| {
            let these = outbox::table.filter(outbox::tenant_id.eq(tx.tenant()).and(outbox::id.eq_any(ids)));
            diesel::delete(these).execute(tx.conn()).await?;
            Ok(())
        })
        .await
    }

    /// Notes a failed try, and when the next one is; with `None` there is none.
    pub async fn parcel_failed(
        &self,
        caller: &Caller,
        parcel: &Parcel,
        next_at: Option<DateTime<Utc>>,
        why: &str,
    ) -> Result<(), StoreError> {
        self.write(caller, async |tx| {
            let state = if next_at.is_some() { "pending" } else { "dead" };
            diesel::update(outbox::table.find((parcel.tenant_id, parcel.id)))
                .set((
                    outbox::state.eq(state),
                    outbox::attempts.eq(outbox::attempts + 1),
                    outbox::next_at.eq(next_at.unwrap_or(parcel.next_at)),
                    outbox::last_error.eq(why),
                ))
                .execute(tx.conn())
                .await?;
            Ok(())
        })
        .await
    }

    /// Returns the channels of a tenant that have messages waiting.
    pub async fn channels_with_parcels(&self, caller: &Caller) -> Result<Vec<ChannelId>, StoreError> {
        self.read(caller, async |tx| {
            let channels = outbox::table
                .filter(outbox::tenant_id.eq(tx.tenant()).and(outbox::state.eq("pending")))
                .select(outbox::channel_id)
                .distinct()
                .load(tx.conn())
                .await?;
            Ok(channels)
        })
        .await
    }
}
