//! The members' queries, and the one function that makes a member.

use actors::Presence;
use chrono::{DateTime, Utc};
use diesel::prelude::*;
use diesel_async::RunQueryDsl;
use kernel::{Caller, TenantId, UserId, text};
use store::schema::memberships;
use store::{Store, StoreError, Tx};

use super::{Member, MemberError, Person, check_person};
use crate::events::IdentityEvent;
use crate::{directory, password, role};

/// A person to be made a member.
#[derive(Clone, Debug)]
pub struct NewMember {
    pub name: String,
    pub email: String,
    pub password: String,
    pub role: String,
}

/// A member as the table keeps them.
#[derive(Clone, Debug, Queryable, Selectable, Insertable)]
#[diesel(table_name = memberships, check_for_backend(diesel::pg::Pg))]
pub(crate) struct Membership {
    pub(crate) user_id: UserId,
    pub(crate) name: String,
    pub(crate) email: String,
    pub(crate) role: String,
    pub(crate) joined_at: DateTime<Utc>,
}

/// Makes a person who can sign in, and a member of the caller's tenant.
pub async fn create(store: &Store, caller: &Caller, new: NewMember) -> Result<UserId, MemberError> {
    let person = check_person(&new.name, &new.email, &new.password)?;
    text::required("role", &new.role, 40).map_err(|_cause| MemberError::NoSuchRole)?;
    let hash = password::hash(new.password).await?;
    store
        .direct(caller, async |tx| insert(tx, &person, &new.role, &hash).await)
        .await
}

/// Finds the tenant with this short name, for the command line.
pub async fn tenant_by_slug(store: &Store, slug: &str) -> Result<TenantId, MemberError> {
    let found = store
        .direct(&directory::nobody(), async |tx| {
            directory::tenant_by_slug(tx, slug).await
        })
        .await;
    found.map_err(MemberError::Store)?.ok_or(MemberError::NoSuchTenant)
}

async fn insert(tx: &mut Tx<'_>, person: &Person, role: &str, hash: &str) -> Result<UserId, MemberError> {
    role::permissions(tx, role).await?.ok_or(MemberError::NoSuchRole)?;
    let id = directory::insert_person(tx, &person.email, &person.name, hash).await?;
    insert_membership(tx, id, role, person).await?;
    Ok(id)
}

/// Makes a person a member, and announces it.
pub(crate) async fn insert_membership(
    tx: &mut Tx<'_>,
    user: UserId,
    role: &str,
    person: &Person,
) -> Result<(), StoreError> {
    let membership = Membership {
        user_id: user,
        name: person.name.clone(),
        email: person.email.clone(),
        role: role.to_owned(),
        joined_at: tx.now(),
    };
    let row = (memberships::tenant_id.eq(tx.tenant()), &membership);
    diesel::insert_into(memberships::table)
        .values(row)
        .execute(tx.conn())
        .await?;
    tx.announce(&IdentityEvent::MemberJoined(Member::new(membership, Presence::Offline)));
    Ok(())
}

pub(crate) async fn find(tx: &mut Tx<'_>, user: UserId) -> Result<Membership, StoreError> {
    let this = memberships::table.find((tx.tenant(), user));
    Ok(this.select(Membership::as_select()).first(tx.conn()).await?)
}

/// Finds a member by their address.
pub async fn find_by_email(tx: &mut Tx<'_>, email: &str) -> Result<Option<UserId>, StoreError> {
    let this = memberships::table
        .filter(memberships::tenant_id.eq(tx.tenant()))
        .filter(memberships::email.eq(email));
    Ok(this.select(memberships::user_id).first(tx.conn()).await.optional()?)
}

pub(super) async fn list(tx: &mut Tx<'_>) -> Result<Vec<Membership>, StoreError> {
    let members = memberships::table
        .filter(memberships::tenant_id.eq(tx.tenant()))
        .order((memberships::name, memberships::user_id))
        .select(Membership::as_select())
        .load(tx.conn())
        .await?;
    Ok(members)
}
