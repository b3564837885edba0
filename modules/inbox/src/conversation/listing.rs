//! The inbox's list: which conversations, in which order, and a page of them.
//!
//! A page is found in an index that has its order to the minute and knows what most filters ask, so that no conversation is
//! fetched to be left out; what was active in the same minute is sorted afterwards, and the rows are asked for by their ids.

use std::collections::HashMap;

use chrono::{DateTime, DurationRound, TimeDelta, Utc};
use crm::contact::{self, Found, contact_words};
use diesel::dsl::sql;
use diesel::pg::Pg;
use diesel::prelude::*;
use diesel::query_builder::{AstPass, Query, QueryFragment, QueryId};
use diesel::sql_types::{BigInt, Bool, Uuid as SqlUuid};
use diesel_async::RunQueryDsl;
use kernel::{ChannelId, ContactId, ConversationId, TenantId, UserId};
use store::schema::{contacts, conversation_labels, conversations, reads};
use store::{StoreError, Tx};

use super::queries::{Brief, brief, brief_columns, my_read_of, same_contact};
use super::{Extras, InboxItem, Priority, Record, Status};
use crate::label::{self, LabelId};

/// Which conversations to list.
#[derive(Default)]
pub(super) struct Filter {
    pub(super) status: Option<Status>,
    pub(super) assignee: Option<Option<UserId>>,
    pub(super) channel: Option<ChannelId>,
    pub(super) contact: Option<ContactId>,
    pub(super) priority: Option<Priority>,
    pub(super) label: Option<LabelId>,
    pub(super) is_unread: bool,
    pub(super) search: Option<String>,
    pub(super) after: Option<(DateTime<Utc>, ConversationId)>,
}

/// Where a conversation stands in the list.
type Place = (DateTime<Utc>, ConversationId);

/// The minute of a conversation's last activity, which is all that the indexes know.
type Minute = DateTime<Utc>;

/// Whom and what the words of a search stand for.
struct Sought {
    number: Option<i64>,
    contacts: Found,
}

/// Returns conversations, those with the newest messages first, and how far `reader` has read each.
pub(super) async fn list(
    tx: &mut Tx<'_>,
    filter: Filter,
    reader: UserId,
    limit: i64,
) -> Result<Vec<InboxItem>, StoreError> {
    let sought = match &filter.search {
        Some(words) => Some(seek(tx, words).await?),
        None => None,
    };
    let mut ids: Vec<ConversationId> = vec![];
    for status in stretches(&filter, sought.as_ref()) {
        let matching = || {
            let query = matching(tx.tenant(), &filter, sought.as_ref(), reader);
            match status {
                Some(status) => query.filter(conversations::status.eq(status)),
                None => query,
            }
        };
        let mut older = matching();
        if let Some((at, id)) = filter.after {
            let before = conversations::last_activity_at.lt(at);
            let same = conversations::last_activity_at.eq(at).and(conversations::id.lt(id));
            let this_minute = matching()
                .filter(conversations::active_minute.eq(minute(at)))
                .filter(before.or(same))
                .select(conversations::id);
            ids.extend(this_minute.load::<ConversationId>(tx.conn()).await?);
            older = older.filter(conversations::active_minute.lt(minute(at)));
        }
        let query = older
            .order(conversations::active_minute.desc())
            .select((conversations::active_minute, conversations::id));
        let found: Vec<(Minute, ConversationId)> = WithTies { query, limit }.load(tx.conn()).await?;
        ids.extend(found.into_iter().map(|(_, id)| id));
    }
    let ids = newest(tx, ids, limit).await?;
    rows(tx, ids, reader).await
}

/// Cuts a page off what may be on it, in the exact order.
async fn newest(tx: &mut Tx<'_>, ids: Vec<ConversationId>, limit: i64) -> Result<Vec<ConversationId>, StoreError> {
    let places: Vec<Place> = conversations::table
        .filter(conversations::tenant_id.eq(tx.tenant()))
        .filter(conversations::id.eq_any(ids))
        .order((conversations::last_activity_at.desc(), conversations::id.desc()))
        .limit(limit)
        .select((conversations::last_activity_at, conversations::id))
        .load(tx.conn())
        .await?;
    Ok(places.into_iter().map(|(_, id)| id).collect())
}

fn minute(at: DateTime<Utc>) -> Minute {
    at.duration_trunc(TimeDelta::minutes(1)).unwrap_or(at)
}

/// A query for so many rows, and for all that are equal to the last of them.
#[derive(QueryId)]
struct WithTies<Q> {
    query: Q,
    limit: i64,
}

impl<Q: Query> Query for WithTies<Q> {
    type SqlType = Q::SqlType;
}

impl<Q: QueryFragment<Pg>> QueryFragment<Pg> for WithTies<Q> {
    fn walk_ast<'b>(&'b self, mut out: AstPass<'_, 'b, Pg>) -> QueryResult<()> {
        self.query.walk_ast(out.reborrow())?;
        out.push_sql(" FETCH FIRST ");
        out.push_bind_param::<BigInt, _>(&self.limit)?;
        out.push_sql(" ROWS WITH TIES");
        Ok(())
    }
}

impl<Q, C> diesel::query_dsl::RunQueryDsl<C> for WithTies<Q> {}

async fn seek(tx: &mut Tx<'_>, words: &str) -> Result<Sought, StoreError> {
    let number = words.trim_start_matches('#').parse().ok();
    let contacts = if words.starts_with('#') && number.is_some() {
        Found::These(vec![])
    } else {
        contact::search(tx, words).await?
    };
    Ok(Sought { number, contacts })
}

/// The indexes are in order within a status, so a list of any status is put together from one stretch of each: unless
/// there is little to sort, or all has to be looked at anyway.
fn stretches(filter: &Filter, sought: Option<&Sought>) -> Vec<Option<Status>> {
    let has_few = match sought.map(|sought| &sought.contacts) {
        Some(Found::These(_)) => true,
        Some(Found::Many(_)) => false,
        None => filter.is_unread,
    };
    if has_few || filter.status.is_some() || filter.contact.is_some() {
        return vec![filter.status];
    }
    [Status::Open, Status::Pending, Status::Snoozed, Status::Resolved]
        .map(Some)
        .to_vec()
}

/// All that a filter lets through, of whatever status.
fn matching(
    tenant: TenantId,
    filter: &Filter,
    sought: Option<&Sought>,
    reader: UserId,
) -> conversations::BoxedQuery<'static, Pg> {
    let mut query = conversations::table
        .filter(conversations::tenant_id.eq(tenant))
        .into_boxed();
    match filter.assignee {
        Some(Some(assignee)) => query = query.filter(conversations::assignee_id.eq(assignee)),
        Some(None) => query = query.filter(conversations::assignee_id.is_null()),
        None => {}
    }
    if let Some(channel) = filter.channel {
        query = query.filter(conversations::channel_id.eq(channel));
    }
    if let Some(contact) = filter.contact {
        query = query.filter(conversations::contact_id.eq(contact));
    }
    if let Some(priority) = filter.priority {
        query = query.filter(conversations::priority.eq(priority));
    }
    if let Some(label) = filter.label {
        let labeled = conversation_labels::table
            .filter(conversation_labels::tenant_id.eq(tenant))
            .filter(conversation_labels::label_id.eq(label))
            .select(conversation_labels::conversation_id);
        query = query.filter(conversations::id.eq_any(labeled));
    }
    if filter.is_unread {
        query = query.filter(is_unread(tenant, reader));
    }
    if let Some(sought) = sought {
        query = narrowed(query, sought);
    }
    query
}

fn narrowed(query: conversations::BoxedQuery<'static, Pg>, sought: &Sought) -> conversations::BoxedQuery<'static, Pg> {
    let is_it = conversations::number.eq(sought.number.unwrap_or(-1));
    match &sought.contacts {
        Found::These(ids) if ids.is_empty() => query.filter(is_it),
        Found::These(ids) => query.filter(is_it.or(conversations::contact_id.eq_any(ids.clone()))),
        Found::Many(pattern) => {
            let words = contacts::table
                .filter(contacts::tenant_id.eq(conversations::tenant_id))
                .filter(contacts::id.eq(conversations::contact_id))
                .select(contact_words(contacts::name, contacts::email))
                .single_value();
            query.filter(is_it.nullable().or(words.ilike(pattern.clone())))
        }
    }
}

type Condition = Box<dyn BoxableExpression<conversations::table, Pg, SqlType = Bool>>;

/// What the reader has read is looked up for each conversation, until the page is full. A join would be planned for the few
/// reads that the planner expects, for it does not know that all of a reader's are in one tenant.
fn is_unread(tenant: TenantId, reader: UserId) -> Condition {
    let unread = sql::<Bool>(
        "conversations.n_customer_messages > coalesce((SELECT reads.n_customer_messages FROM reads \
         WHERE reads.conversation_id = conversations.id AND reads.tenant_id = ",
    )
    .bind::<SqlUuid, _>(tenant.0)
    .sql(" AND reads.user_id = ")
    .bind::<SqlUuid, _>(reader.0)
    .sql("), 0)");
    Box::new(unread)
}

/// Returns the conversations with their contacts, and how far `reader` has read each, in the order of their ids.
async fn rows(tx: &mut Tx<'_>, ids: Vec<ConversationId>, reader: UserId) -> Result<Vec<InboxItem>, StoreError> {
    let found: Vec<(Record, Brief)> = conversations::table
        .inner_join(contacts::table.on(same_contact()))
        .filter(
            conversations::tenant_id
                .eq(tx.tenant())
                .and(conversations::id.eq_any(&ids)),
        )
        .select((Record::as_select(), brief_columns()))
        .load(tx.conn())
        .await?;
    let marks: Vec<(ConversationId, i64, i64)> = reads::table
        .filter(reads::tenant_id.eq(tx.tenant()).and(reads::user_id.eq(reader)))
        .filter(reads::conversation_id.eq_any(&ids))
        .select((reads::conversation_id, reads::position, reads::n_customer_messages))
        .load(tx.conn())
        .await?;
    let marks: HashMap<_, _> = marks.into_iter().map(|(id, position, n)| (id, (position, n))).collect();
    let mut found: HashMap<_, _> = found.into_iter().map(|row| (row.0.id, row)).collect();
    let mut labels = label::queries::of(tx, &ids).await?;
    let in_order = ids.into_iter().filter_map(|id| {
        let (record, contact) = found.remove(&id)?;
        let label_ids = labels.remove(&id).unwrap_or_default();
        Some(InboxItem {
            conversation: record.view(&brief(contact), &Extras { label_ids }),
            my_read: my_read_of(marks.get(&id).copied()),
        })
    });
    Ok(in_order.collect())
}
