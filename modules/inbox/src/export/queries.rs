//! What an export reads: a page of conversations by their keys, and stretches of their threads.

use std::collections::HashMap;

use chrono::{DateTime, Utc};
use crm::contact::ContactBrief;
use diesel::dsl::sql;
use diesel::prelude::*;
use diesel::sql_query;
use diesel::sql_types::{Array, BigInt, Text, Timestamptz, Uuid as SqlUuid};
use diesel_async::RunQueryDsl;
use kernel::{ChannelId, ConversationId, UserId};
use store::schema::{channels, contacts, conversation_labels, conversations, memberships};
use store::{StoreError, Tx};
use uuid::Uuid;

use super::NewExport;
use super::rules::Span;
use crate::conversation::{AuthorKind, MessageKind, Record, queries};
use crate::label::{self, LabelId};

/// What things are called.
pub(super) struct Names {
    pub(super) channels: HashMap<ChannelId, String>,
    pub(super) members: HashMap<UserId, String>,
    pub(super) labels: HashMap<LabelId, String>,
}

/// Returns what things are called now.
pub(super) async fn names(tx: &mut Tx<'_>) -> Result<Names, StoreError> {
    let of_channels = channels::table.filter(channels::tenant_id.eq(tx.tenant()));
    let of_channels: Vec<_> = of_channels
        .select((channels::id, channels::name))
        .load(tx.conn())
        .await?;
    let of_members = memberships::table.filter(memberships::tenant_id.eq(tx.tenant()));
    let of_members: Vec<_> = of_members
        .select((memberships::user_id, memberships::name))
        .load(tx.conn())
        .await?;
    let of_labels = label::queries::marks(tx).await?;
    Ok(Names {
        channels: of_channels.into_iter().collect(),
        members: of_members.into_iter().collect(),
        labels: of_labels.into_iter().map(|mark| (mark.id, mark.name)).collect(),
    })
}

/// A conversation, and what is told of it on each of its lines.
pub(super) struct Head {
    pub(super) record: Record,
    pub(super) contact: ContactBrief,
    pub(super) labels: Vec<LabelId>,
}

/// Returns up to `limit` conversations in the order of their ids, from one on.
pub(super) async fn page(tx: &mut Tx<'_>, from: Option<ConversationId>, limit: i64) -> Result<Vec<Head>, StoreError> {
    let from = from.unwrap_or(ConversationId(Uuid::nil()));
    let rows: Vec<(Record, queries::Brief)> = conversations::table
        .inner_join(contacts::table.on(queries::same_contact()))
        .filter(conversations::tenant_id.eq(tx.tenant()).and(conversations::id.ge(from)))
        .order(conversations::id)
        .limit(limit)
        .select((Record::as_select(), queries::brief_columns()))
        .load(tx.conn())
        .await?;
    let ids: Vec<_> = rows.iter().map(|(record, _)| record.id).collect();
    let mut labels = label::queries::of(tx, &ids).await?;
    let heads = rows.into_iter().map(|(record, contact)| Head {
        labels: labels.remove(&record.id).unwrap_or_default(),
        contact: queries::brief(contact),
        record,
    });
    Ok(heads.collect())
}

/// Counts the lines of all conversations that are asked for.
pub(super) async fn count(tx: &mut Tx<'_>, export: &NewExport) -> Result<i64, StoreError> {
    let mut query = conversations::table
        .filter(conversations::tenant_id.eq(tx.tenant()))
        .into_boxed();
    if let Some(status) = export.status {
        query = query.filter(conversations::status.eq(status));
    }
    if let Some(channel) = export.channel_id {
        query = query.filter(conversations::channel_id.eq(channel));
    }
    if let Some(since) = export.since {
        query = query.filter(conversations::started_at.ge(since));
    }
    if let Some(until) = export.until {
        query = query.filter(conversations::started_at.lt(until));
    }
    if let Some(label) = export.label_id {
        let labeled = conversation_labels::table
            .filter(conversation_labels::tenant_id.eq(tx.tenant()))
            .filter(conversation_labels::label_id.eq(label))
            .select(conversation_labels::conversation_id);
        query = query.filter(conversations::id.eq_any(labeled));
    }
    let n = sql::<BigInt>("coalesce(sum(n_messages), 0)::bigint");
    Ok(query.select(n).first(tx.conn()).await?)
}

/// A line of a thread.
#[derive(QueryableByName)]
pub(super) struct Line {
    #[diesel(sql_type = SqlUuid)]
    pub(super) conversation_id: ConversationId,
    #[diesel(sql_type = BigInt)]
    pub(super) position: i64,
    #[diesel(sql_type = Text)]
    pub(super) kind: MessageKind,
    #[diesel(sql_type = Text)]
    pub(super) author_kind: AuthorKind,
    #[diesel(sql_type = Text)]
    pub(super) author_name: String,
    #[diesel(sql_type = Text)]
    pub(super) text: String,
    #[diesel(sql_type = Timestamptz)]
    pub(super) at: DateTime<Utc>,
}

/// Returns the lines of these stretches that are of these kinds, in order.
pub(super) async fn lines(
    tx: &mut Tx<'_>,
    spans: &[Span],
    kinds: &[MessageKind],
    as_of: DateTime<Utc>,
) -> Result<Vec<Line>, StoreError> {
    let sql = "SELECT m.conversation_id, m.position, m.kind, m.author_kind, m.author_name, m.text, m.at \
               FROM unnest($2, $3, $4) AS s (id, after, through) \
               JOIN messages m ON m.tenant_id = $1 AND m.conversation_id = s.id \
                 AND m.position > s.after AND m.position <= s.through \
               WHERE m.kind = ANY ($5) AND m.at <= $6 ORDER BY m.conversation_id, m.position";
    let ids: Vec<_> = spans.iter().map(|span| span.conversation.0).collect();
    let after: Vec<_> = spans.iter().map(|span| span.after).collect();
    let through: Vec<_> = spans.iter().map(|span| span.through).collect();
    let kinds: Vec<_> = kinds.iter().map(|kind| kind.word()).collect();
    let query = sql_query(sql)
        .bind::<SqlUuid, _>(tx.tenant().0)
        .bind::<Array<SqlUuid>, _>(ids)
        .bind::<Array<BigInt>, _>(after)
        .bind::<Array<BigInt>, _>(through)
        .bind::<Array<Text>, _>(kinds)
        .bind::<Timestamptz, _>(as_of);
    Ok(query.load(tx.conn()).await?)
}
