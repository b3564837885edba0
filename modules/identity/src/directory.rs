//! The directory of tenants and people, which belongs to no tenant: its queries run as the directory role.

use diesel::prelude::*;
use diesel_async::RunQueryDsl;
use kernel::{Caller, TenantId, UserId};
use store::schema::{memberships, tenants, users};
use store::{StoreError, Tx};
use uuid::Uuid;

/// Someone who can sign in.
#[derive(Clone, Debug)]
pub(crate) struct Person {
    pub(crate) id: UserId,
    pub(crate) password_hash: String,
}

/// A tenant that a person belongs to.
#[derive(Clone, Debug)]
pub(crate) struct Belonging {
    pub(crate) tenant: TenantId,
    pub(crate) slug: String,
}

/// The caller for what belongs to no tenant.
pub(crate) fn nobody() -> Caller {
    Caller::system(TenantId(Uuid::nil()), "identity")
}

pub(crate) async fn find_person(tx: &mut Tx<'_>, email: &str) -> Result<Option<Person>, StoreError> {
    let found = users::table
        .filter(users::email.eq(email))
        .select((users::id, users::password_hash))
        .first::<(UserId, String)>(tx.conn())
        .await
        .optional()?;
    Ok(found.map(|(id, password_hash)| Person { id, password_hash }))
}

pub(crate) async fn insert_person(tx: &mut Tx<'_>, email: &str, name: &str, hash: &str) -> Result<UserId, StoreError> {
    let id = UserId::fresh();
    let row = (
        users::id.eq(id),
        users::email.eq(email),
        users::name.eq(name),
        users::password_hash.eq(hash),
        users::created_at.eq(tx.now()),
    );
    diesel::insert_into(users::table).values(row).execute(tx.conn()).await?;
    Ok(id)
}

pub(crate) async fn belongings(tx: &mut Tx<'_>, user: UserId) -> Result<Vec<Belonging>, StoreError> {
    let rows: Vec<(TenantId, String)> = memberships::table
        .inner_join(tenants::table)
        .filter(memberships::user_id.eq(user))
        .order(tenants::slug)
        .select((tenants::id, tenants::slug))
        .load(tx.conn())
        .await?;
    Ok(rows
        .into_iter()
        .map(|(tenant, slug)| Belonging { tenant, slug })
        .collect())
}

pub(crate) async fn tenant_by_slug(tx: &mut Tx<'_>, slug: &str) -> Result<Option<TenantId>, StoreError> {
    Ok(tenants::table
        .filter(tenants::slug.eq(slug))
        .select(tenants::id)
        .first(tx.conn())
        .await
        .optional()?)
}

/// Returns those of these slugs that are taken.
pub(crate) async fn taken_slugs(tx: &mut Tx<'_>, start: &str) -> Result<Vec<String>, StoreError> {
    let like = format!("{start}%");
    Ok(tenants::table
        .filter(tenants::slug.like(like))
        .select(tenants::slug)
        .load(tx.conn())
        .await?)
}
