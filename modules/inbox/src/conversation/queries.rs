//! The conversations' queries.

use crm::contact::ContactBrief;
use diesel::dsl::count_star;
use diesel::prelude::*;
use diesel_async::RunQueryDsl;
use kernel::{ContactId, ConversationId, UserId};
use store::schema::{contacts, conversation_numbers, conversations, memberships, messages, reads};
use store::{StoreError, Tx};
use uuid::Uuid;

use super::message::MessageRow;
use super::{Extras, Message, MessageKind, MyRead, Record};
use crate::label;

pub(crate) type Brief = (ContactId, String, Option<String>, bool, i64);

/// Returns a conversation and its contact.
pub(crate) async fn find(tx: &mut Tx<'_>, id: ConversationId) -> Result<(Record, ContactBrief), StoreError> {
    let (record, contact): (Record, Brief) = conversations::table
        .inner_join(contacts::table.on(same_contact()))
        .filter(conversations::tenant_id.eq(tx.tenant()).and(conversations::id.eq(id)))
        .select((Record::as_select(), brief_columns()))
        .first(tx.conn())
        .await?;
    Ok((record, brief(contact)))
}

/// Returns what hangs on a conversation.
pub(crate) async fn extras(tx: &mut Tx<'_>, id: ConversationId) -> Result<Extras, StoreError> {
    let mut of = label::queries::of(tx, &[id]).await?;
    let label_ids = of.remove(&id).unwrap_or_default();
    Ok(Extras { label_ids })
}

/// Returns how far a user has read a conversation.
pub(super) async fn my_read(tx: &mut Tx<'_>, id: ConversationId, reader: UserId) -> Result<MyRead, StoreError> {
    let read = reads::table
        .find((tx.tenant(), reader, id))
        .select((reads::position, reads::n_customer_messages))
        .first(tx.conn())
        .await
        .optional()?;
    Ok(my_read_of(read))
}

/// Which stretch of a thread.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Stretch {
    Newest,
    Before(i64),
    After(i64),
    Between(i64, i64),
}

/// Returns up to `limit` lines of a thread, oldest first; with `kinds`, only those.
pub(crate) async fn messages(
    tx: &mut Tx<'_>,
    id: ConversationId,
    stretch: Stretch,
    kinds: &[MessageKind],
    limit: i64,
) -> Result<Vec<Message>, StoreError> {
    let mut query = messages::table
        .filter(
            messages::tenant_id
                .eq(tx.tenant())
                .and(messages::conversation_id.eq(id)),
        )
        .select(MessageRow::as_select())
        .limit(limit)
        .into_boxed();
    if !kinds.is_empty() {
        query = query.filter(messages::kind.eq_any(kinds.to_vec()));
    }
    query = match stretch {
        Stretch::Newest => query.order(messages::position.desc()),
        Stretch::Before(position) => query
            .filter(messages::position.lt(position))
            .order(messages::position.desc()),
        Stretch::After(position) => query
            .filter(messages::position.gt(position))
            .order(messages::position.asc()),
        Stretch::Between(after, before) => query
            .filter(messages::position.gt(after).and(messages::position.lt(before)))
            .order(messages::position.asc()),
    };
    let mut rows: Vec<MessageRow> = query.load(tx.conn()).await?;
    if matches!(stretch, Stretch::Newest | Stretch::Before(_)) {
        rows.reverse();
    }
    Ok(rows.into_iter().map(Message::from).collect())
}

/// Returns the line that a key was stored with.
pub(crate) async fn message_by_key(tx: &mut Tx<'_>, id: ConversationId, key: Uuid) -> Result<Message, StoreError> {
    let this = messages::tenant_id
        .eq(tx.tenant())
        .and(messages::conversation_id.eq(id))
        .and(messages::key.eq(key));
    let row: MessageRow = messages::table
        .filter(this)
        .select(MessageRow::as_select())
        .first(tx.conn())
        .await?;
    Ok(row.into())
}

/// Counts customer messages and replies up to a line.
pub(super) async fn counts_through(
    tx: &mut Tx<'_>,
    id: ConversationId,
    through: i64,
) -> Result<(i64, i64), StoreError> {
    let rows: Vec<(MessageKind, i64)> = messages::table
        .filter(
            messages::tenant_id
                .eq(tx.tenant())
                .and(messages::conversation_id.eq(id)),
        )
        .filter(messages::position.le(through))
        .group_by(messages::kind)
        .select((messages::kind, count_star()))
        .load(tx.conn())
        .await?;
    let of = |kind| rows.iter().find(|row| row.0 == kind).map_or(0, |row| row.1);
    Ok((of(MessageKind::Customer), of(MessageKind::Reply)))
}

/// Returns the name of a member of the team.
pub(super) async fn member_name(tx: &mut Tx<'_>, id: UserId) -> Result<Option<String>, StoreError> {
    let name = memberships::table
        .find((tx.tenant(), id))
        .select(memberships::name)
        .first(tx.conn())
        .await;
    Ok(name.optional()?)
}

/// Returns the contact of a conversation.
pub(super) async fn contact_of(tx: &mut Tx<'_>, id: ConversationId) -> Result<ContactId, StoreError> {
    let this = conversations::table.find((tx.tenant(), id));
    Ok(this.select(conversations::contact_id).first(tx.conn()).await?)
}

/// Returns the conversation that a contact started with this key.
pub(crate) async fn started_with(
    tx: &mut Tx<'_>,
    contact: ContactId,
    key: Uuid,
) -> Result<Option<ConversationId>, StoreError> {
    let found = conversations::table
        .filter(
            conversations::tenant_id
                .eq(tx.tenant())
                .and(conversations::contact_id.eq(contact)),
        )
        .filter(conversations::start_key.eq(key))
        .select(conversations::id)
        .first(tx.conn())
        .await;
    Ok(found.optional()?)
}

/// Takes the next human number of the tenant.
pub(crate) async fn next_number(tx: &mut Tx<'_>) -> Result<i64, StoreError> {
    let row = (
        conversation_numbers::tenant_id.eq(tx.tenant()),
        conversation_numbers::last_number.eq(1),
    );
    let number = diesel::insert_into(conversation_numbers::table)
        .values(row)
        .on_conflict(conversation_numbers::tenant_id)
        .do_update()
        .set(conversation_numbers::last_number.eq(conversation_numbers::last_number + 1))
        .returning(conversation_numbers::last_number)
        .get_result(tx.conn())
        .await?;
    Ok(number)
}

/// Adds a conversation.
pub(crate) async fn insert(tx: &mut Tx<'_>, record: &Record) -> Result<(), StoreError> {
    diesel::insert_into(conversations::table)
        .values(record)
        .execute(tx.conn())
        .await?;
    Ok(())
}

/// Adds the first line of a conversation.
pub(crate) async fn insert_line(tx: &mut Tx<'_>, line: &Message) -> Result<(), StoreError> {
    diesel::insert_into(messages::table)
        .values((
            messages::tenant_id.eq(tx.tenant()),
            messages::conversation_id.eq(line.conversation_id),
            messages::position.eq(line.position),
            messages::id.eq(line.id.0),
            messages::kind.eq(line.kind),
            messages::author_kind.eq(line.author.kind),
            messages::author_id.eq(line.author.id),
            messages::author_name.eq(&line.author.name),
            messages::text.eq(&line.text),
            messages::key.eq(line.key),
            messages::at.eq(line.at),
            messages::rich.eq(&line.rich),
        ))
        .execute(tx.conn())
        .await?;
    Ok(())
}

/// Returns a contact's conversations, the newest first.
pub(crate) async fn of_contact(tx: &mut Tx<'_>, contact: ContactId, limit: i64) -> Result<Vec<Record>, StoreError> {
    let records = conversations::table
        .filter(
            conversations::tenant_id
                .eq(tx.tenant())
                .and(conversations::contact_id.eq(contact)),
        )
        .order((conversations::last_activity_at.desc(), conversations::id.desc()))
        .limit(limit)
        .select(Record::as_select())
        .load(tx.conn())
        .await?;
    Ok(records)
}

pub(super) fn my_read_of(read: Option<(i64, i64)>) -> MyRead {
    read.map(|(position, n_customer_messages)| MyRead {
        position,
        n_customer_messages,
    })
    .unwrap_or_default()
}

pub(crate) fn brief((id, name, email, verified, version): Brief) -> ContactBrief {
    ContactBrief {
        id,
        name,
        email,
        verified,
        version,
    }
}

#[diesel::dsl::auto_type]
pub(crate) fn same_contact() -> _ {
    contacts::tenant_id
        .eq(conversations::tenant_id)
        .and(contacts::id.eq(conversations::contact_id))
}

pub(super) type BriefColumns = (
    contacts::id,
    contacts::name,
    contacts::email,
    contacts::verified,
    contacts::version,
);

pub(crate) fn brief_columns() -> BriefColumns {
    (
        contacts::id,
        contacts::name,
        contacts::email,
        contacts::verified,
        contacts::version,
    )
}
