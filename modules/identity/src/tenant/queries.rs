//! Makes a tenant, in one transaction of the directory role.

use chrono::TimeDelta;
use diesel::prelude::*;
use diesel_async::RunQueryDsl;
use kernel::{Caller, TenantId, UserId, text};
use store::schema::{log_heads, tenants};
use store::{Store, StoreError, Tx, sweep};

use super::{TenantError, rules};
use crate::directory;
use crate::events::IdentityEvent;
use crate::member::queries::insert_membership;
use crate::role::{self, OWNER};
use crate::{member, password};

/// A business and the person who signs it up.
#[derive(Clone, Debug)]
pub struct NewTenant {
    pub company: String,
    pub name: String,
    pub email: String,
    pub password: String,
}

/// A tenant and its owner, just made.
#[derive(Clone, Debug)]
pub struct Created {
    pub tenant: TenantId,
    pub owner: UserId,
    pub slug: String,
}

/// Makes a tenant with its roles, and its owner.
pub async fn create(store: &Store, new: NewTenant) -> Result<Created, TenantError> {
    let (company, person) = check(&new)?;
    let hash = password::hash(new.password).await?;
    let caller = Caller::system(TenantId::fresh(), "sign-up");
    insert_as_free(store, &caller, &company, &person, &hash).await
}

/// A short name that was free may be taken by another business at the same moment: then there is the next one.
async fn insert_as_free(
    store: &Store,
    caller: &Caller,
    company: &str,
    person: &member::Person,
    hash: &str,
) -> Result<Created, TenantError> {
    let mut tries = 5;
    loop {
        tries -= 1;
        let created = store
            .direct(caller, async |tx| insert(tx, company, person, hash).await)
            .await;
        match created {
            Err(TenantError::Store(error)) if tries > 0 && error.is_duplicate("tenants_slug_key") => {}
            created => return created,
        }
    }
}

fn check(new: &NewTenant) -> Result<(String, member::Person), TenantError> {
    let company = text::required("company", &new.company, 100);
    let person = member::check_person(&new.name, &new.email, &new.password);
    match (company, person) {
        (Ok(company), Ok(person)) => Ok((company, person)),
        (company, person) => {
            let of_person = person.err().into_iter().flat_map(|invalid| invalid.0);
            Err(TenantError::Invalid(
                company.err().into_iter().chain(of_person).collect(),
            ))
        }
    }
}

async fn insert(tx: &mut Tx<'_>, company: &str, person: &member::Person, hash: &str) -> Result<Created, TenantError> {
    let tenant = tx.tenant();
    let wish = rules::slug(company);
    let slug = rules::free(&wish, &directory::taken_slugs(tx, &wish).await?);
    let row = (
        tenants::id.eq(tenant),
        tenants::slug.eq(&slug),
        tenants::name.eq(company),
        tenants::created_at.eq(tx.now()),
    );
    diesel::insert_into(tenants::table)
        .values(row)
        .execute(tx.conn())
        .await
        .map_err(StoreError::from)?;
    let head = log_heads::tenant_id.eq(tenant.0);
    diesel::insert_into(log_heads::table)
        .values(head)
        .execute(tx.conn())
        .await
        .map_err(StoreError::from)?;
    role::insert_built_in(tx).await?;
    let tomorrow = tx.now() + TimeDelta::days(1);
    tx.set_timer(sweep::TIMER, tenant.0, tomorrow).await?;
    let owner = directory::insert_person(tx, &person.email, &person.name, hash).await?;
    tx.announce(&IdentityEvent::TenantCreated {
        id: tenant,
        name: company.to_owned(),
        slug: slug.clone(),
    });
    insert_membership(tx, owner, OWNER, person).await?;
    Ok(Created { tenant, owner, slug })
}

/// A tenant's name and short name.
pub(crate) async fn find(tx: &mut Tx<'_>) -> Result<(String, String), StoreError> {
    let this = tenants::table.find(tx.tenant());
    Ok(this.select((tenants::name, tenants::slug)).first(tx.conn()).await?)
}

/// Returns the name of the caller's tenant.
pub async fn name(store: &Store, caller: &Caller) -> Result<String, StoreError> {
    store
        .read(caller, async |tx| find(tx).await.map(|(name, _)| name))
        .await
}

#[cfg(test)]
mod tests {
    use super::*;

    fn person(email: &str) -> member::Person {
        member::check_person("Ada", email, "a long enough password").unwrap()
    }

    #[tokio::test]
    async fn two_businesses_of_one_name_may_sign_up_at_once() {
        let (database, store) = crate::tenant::testing::store().await;
        let caller = || Caller::system(TenantId::fresh(), "sign-up");
        let (first, second) = (caller(), caller());
        let (begun, begin) = tokio::sync::oneshot::channel();
        let (ada, eve) = (person("ada@example.org"), person("eve@example.org"));
        let first = store.direct(&first, async |tx| {
            let created = insert(tx, "Acme", &ada, "hash").await;
            begun.send(()).unwrap();
            // The other one looks for a free name meanwhile, does not see this one, and takes the same.
            database.until_someone_waits().await.unwrap();
            created
        });
        let second = async {
            begin.await.unwrap();
            insert_as_free(&store, &second, "Acme", &eve, "hash").await
        };
        let (first, second) = tokio::join!(first, second);
        assert_eq!(
            (first.unwrap().slug.as_str(), second.unwrap().slug.as_str()),
            ("acme", "acme-2")
        );
    }
}
