//! The contacts' queries, and the functions that change them.

use chrono::{DateTime, Utc};
use diesel::prelude::*;
use diesel::sql_query;
use diesel::sql_types::Text;
use diesel_async::RunQueryDsl;
use kernel::ContactId;
use store::schema::{contacts, identities};
use store::{StoreError, Tx};

use super::model::Row;
use super::search::{self, Found, contact_words};
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

/// The same; if there is none, nobody else finds or makes one until the transaction ends.
pub async fn find_or_reserve(tx: &mut Tx<'_>, kind: &str, value: &str) -> Result<Option<Contact>, StoreError> {
    if let Some(contact) = find_by_identity(tx, kind, value).await? {
        return Ok(Some(contact));
    }
    let whose = format!("identity {} {kind} {value}", tx.tenant());
    sql_query("SELECT pg_advisory_xact_lock(hashtextextended($1, 0))")
        .bind::<Text, _>(whose)
        .execute(tx.conn())
        .await?;
    find_by_identity(tx, kind, value).await
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

/// Returns a contact that nobody else changes until the transaction ends. Rows may still refer to it meanwhile.
async fn find_for_change(tx: &mut Tx<'_>, id: ContactId) -> Result<Contact, StoreError> {
    let row: Row = contacts::table
        .find((tx.tenant(), id))
        .select(Row::as_select())
        .for_no_key_update()
        .first(tx.conn())
        .await?;
    Ok(row.into())
}

/// Changes a contact; announces it when it makes a difference.
pub async fn update(tx: &mut Tx<'_>, id: ContactId, change: ContactChange) -> Result<Contact, StoreError> {
    let contact = find_for_change(tx, id).await?;
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
            contacts::version.eq(after.version),
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

/// Returns contacts, the newest first; with `words`, those whose name or e-mail address contains it.
pub(super) async fn list(
    tx: &mut Tx<'_>,
    words: Option<String>,
    after: Option<(DateTime<Utc>, ContactId)>,
    limit: i64,
) -> Result<Vec<Contact>, StoreError> {
    let found = match words {
        Some(words) => Some(search::search(tx, &words).await?),
        None => None,
    };
    let mut query = contacts::table
        .filter(contacts::tenant_id.eq(tx.tenant()))
        .order((contacts::created_at.desc(), contacts::id.desc()))
        .limit(limit)
        .select(Row::as_select())
        .into_boxed();
    match found {
        Some(Found::These(ids)) => query = query.filter(contacts::id.eq_any(ids)),
        Some(Found::Many(pattern)) => {
            query = query.filter(contact_words(contacts::name, contacts::email).ilike(pattern));
        }
        None => {}
    }
    if let Some((at, id)) = after {
        let same = contacts::created_at.eq(at).and(contacts::id.lt(id));
        query = query
            .filter(contacts::created_at.le(at))
            .filter(contacts::created_at.lt(at).or(same));
    }
    let rows: Vec<Row> = query.load(tx.conn()).await?;
    Ok(rows.into_iter().map(Contact::from).collect())
}

#[cfg(test)]
mod tests {
    use kernel::{Caller, Clock, TenantId};
    use store::schema::{log_heads, tenants};
    use store::{Store, StoreConfig};

    use super::*;

    async fn insert_tenant(tx: &mut Tx<'_>) -> Result<(), StoreError> {
        let tenant = (
            tenants::id.eq(tx.tenant()),
            tenants::slug.eq("acme"),
            tenants::name.eq("Acme"),
            tenants::created_at.eq(tx.now()),
        );
        diesel::insert_into(tenants::table)
            .values(tenant)
            .execute(tx.conn())
            .await?;
        let head = log_heads::tenant_id.eq(tx.tenant().0);
        diesel::insert_into(log_heads::table)
            .values(head)
            .execute(tx.conn())
            .await?;
        Ok(())
    }

    #[tokio::test]
    async fn of_two_changes_at_once_neither_is_lost() {
        let database = store::testing::database().await.unwrap();
        let store = Store::open(StoreConfig {
            urls: database.urls.clone(),
            pool: 2,
            clock: Clock::machine(),
        })
        .unwrap();
        let caller = Caller::system(TenantId::fresh(), "test");
        store.direct(&caller, insert_tenant).await.unwrap();
        let contact = store.write(&caller, async |tx| create(tx, NewContact::default()).await);
        let id = contact.await.unwrap().id;

        let named = ContactChange {
            name: Some("Ada".into()),
            ..ContactChange::default()
        };
        let addressed = ContactChange {
            email: Some("ada@example.org".into()),
            ..ContactChange::default()
        };
        let (begun, begin) = tokio::sync::oneshot::channel();
        let first = store.write(&caller, async |tx| {
            let changed = update(tx, id, named).await;
            begun.send(()).unwrap();
            database.until_someone_waits().await.unwrap();
            changed
        });
        let second = async {
            begin.await.unwrap();
            store.write(&caller, async |tx| update(tx, id, addressed).await).await
        };
        let (first, second) = tokio::join!(first, second);
        assert_eq!((first.is_ok(), second.is_ok()), (true, true));
        let after = store.read(&caller, async |tx| find(tx, id).await).await.unwrap();
        assert_eq!(
            (after.name.as_str(), after.email.as_deref()),
            ("Ada", Some("ada@example.org"))
        );
    }
}
