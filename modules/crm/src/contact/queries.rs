//! The contacts' queries, and the functions that change them.

use chrono::{DateTime, Utc};
use diesel::prelude::*;
use diesel_async::RunQueryDsl;
use kernel::{ContactId, text};
use store::schema::{contacts, identities};
use store::{StoreError, Tx};

use super::model::Row;
use super::{Contact, ContactChange, NewContact, rules};
use crate::events::CrmEvent;

/// Returns a contact.
pub async fn find(tx: &mut Tx<'_>, id: ContactId) -> Result<Contact, StoreError> {
    let row: Row = contacts::table
        .find((tx.tenant(), id))
        .select(Row::as_select())
        .first(tx.conn())
        .await?;
    Ok(row.into())
}

/// Returns the contact who is recognised by this, if there is one.
pub async fn find_by_identity(tx: &mut Tx<'_>, kind: &str, value: &str) -> Result<Option<Contact>, StoreError> {
    let this = identities::table.find((tx.tenant(), kind, value));
    let id: Option<ContactId> = this.select(identities::contact_id).first(tx.conn()).await.optional()?;
    match id {
        Some(id) => find(tx, id).await.map(Some),
        None => Ok(None),
    }
}

/// Makes a contact.
pub async fn create(tx: &mut Tx<'_>, new: NewContact) -> Result<Contact, StoreError> {
    let id = ContactId::fresh();
    let row = (
        contacts::tenant_id.eq(tx.tenant()),
        contacts::id.eq(id),
        contacts::name.eq(new.name.unwrap_or_else(|| rules::visitor_name(id))),
        contacts::email.eq(new.email),
        contacts::phone.eq(new.phone),
        contacts::created_at.eq(tx.now()),
        contacts::last_seen_at.eq(tx.now()),
    );
    let row: Row = diesel::insert_into(contacts::table)
        .values(row)
        .returning(Row::as_returning())
        .get_result(tx.conn())
        .await?;
    let contact = Contact::from(row);
    tx.announce(&CrmEvent::ContactCreated(contact.clone()));
    Ok(contact)
}

/// Notes something that the contact is recognised by.
pub async fn add_identity(tx: &mut Tx<'_>, id: ContactId, kind: &str, value: &str) -> Result<(), StoreError> {
    let row = (
        identities::tenant_id.eq(tx.tenant()),
        identities::kind.eq(kind),
        identities::value.eq(value),
        identities::contact_id.eq(id),
        identities::created_at.eq(tx.now()),
    );
    diesel::insert_into(identities::table)
        .values(row)
        .on_conflict_do_nothing()
        .execute(tx.conn())
        .await?;
    Ok(())
}

/// Changes a contact; announces it when it makes a difference.
pub async fn update(tx: &mut Tx<'_>, id: ContactId, change: ContactChange) -> Result<Contact, StoreError> {
    let contact = find(tx, id).await?;
    let Some(after) = rules::changed(&contact, change) else {
        return Ok(contact);
    };
    diesel::update(contacts::table.find((tx.tenant(), id)))
        .set((
            contacts::name.eq(&after.name),
            contacts::email.eq(&after.email),
            contacts::phone.eq(&after.phone),
            contacts::verified.eq(after.verified),
            contacts::attributes.eq(serde_json::to_value(&after.attributes)?),
        ))
        .execute(tx.conn())
        .await?;
    tx.announce(&CrmEvent::ContactUpdated(after.clone()));
    Ok(after)
}

/// Notes that the contact was here. Too small a thing for an event.
pub async fn touch(tx: &mut Tx<'_>, id: ContactId) -> Result<(), StoreError> {
    let now = tx.now();
    diesel::update(contacts::table.find((tx.tenant(), id)))
        .set(contacts::last_seen_at.eq(now))
        .execute(tx.conn())
        .await?;
    Ok(())
}

/// Returns contacts, the newest first; with `search`, those whose name or e-mail address contains it.
pub(super) async fn list(
    tx: &mut Tx<'_>,
    search: Option<String>,
    after: Option<(DateTime<Utc>, ContactId)>,
    limit: i64,
) -> Result<Vec<Contact>, StoreError> {
    let mut query = contacts::table
        .filter(contacts::tenant_id.eq(tx.tenant()))
        .order((contacts::created_at.desc(), contacts::id.desc()))
        .limit(limit)
        .select(Row::as_select())
        .into_boxed();
    if let Some(search) = search {
        let pattern = text::contains_pattern(&search);
        query = query.filter(
            contacts::name
                .ilike(pattern.clone())
                .nullable()
                .or(contacts::email.ilike(pattern)),
        );
    }
    if let Some((at, id)) = after {
        let same = contacts::created_at.eq(at).and(contacts::id.lt(id));
        query = query.filter(contacts::created_at.lt(at).or(same));
    }
    let rows: Vec<Row> = query.load(tx.conn()).await?;
    Ok(rows.into_iter().map(Contact::from).collect())
}
