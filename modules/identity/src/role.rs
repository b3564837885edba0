//! Roles: what members may do.

use actix_web::web::Data;
use actix_web::{HttpResponse, get};
use api::{Allowed, right};
use diesel::prelude::*;
use diesel::sql_query;
use diesel::sql_types::{Array, Text};
use diesel_async::RunQueryDsl;
use kernel::{Permission, Permissions};
use serde::Serialize;
use store::schema::roles;
use store::{Store, StoreError, Tx};
use utoipa::ToSchema;
use utoipa_actix_web::service_config::ServiceConfig;

use crate::directory;

/// The role of who signs a tenant up.
pub const OWNER: &str = "owner";

/// A name for a set of permissions.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct Role {
    pub name: String,
    #[schema(value_type = Vec<Permission>)]
    pub permissions: Permissions,
}

/// The roles that every tenant begins with.
#[must_use]
pub fn built_in() -> Vec<Role> {
    let role = |name: &str, permissions| Role {
        name: name.to_owned(),
        permissions,
    };
    let agent = [
        Permission::ReadConversations,
        Permission::WriteConversations,
        Permission::ReadContacts,
        Permission::ReadChannels,
        Permission::ReadMembers,
    ];
    let viewer = agent
        .into_iter()
        .filter(|permission| *permission != Permission::WriteConversations);
    vec![
        role(OWNER, Permissions::all()),
        role("admin", Permissions::all()),
        role("agent", agent.into_iter().collect()),
        role("viewer", viewer.collect()),
        role("guest", Permissions::NONE),
    ]
}

pub(crate) fn routes(config: &mut ServiceConfig<'_>) {
    config.service(list_roles);
}

#[derive(Serialize, ToSchema)]
struct Roles {
    items: Vec<Role>,
}

/// Lists the roles.
#[utoipa::path(tag = "identity", responses((status = OK, body = Roles)), security(("bearer" = ["members.read"])))]
#[get("/identity/roles")]
async fn list_roles(caller: Allowed<right::ReadMembers>, store: Data<Store>) -> api::Result<HttpResponse> {
    let items = store.read(&caller, async |tx| list(tx).await).await?;
    Ok(HttpResponse::Ok().json(Roles { items }))
}

async fn list(tx: &mut Tx<'_>) -> Result<Vec<Role>, StoreError> {
    let rows: Vec<(String, Vec<Option<String>>)> = roles::table
        .filter(roles::tenant_id.eq(tx.tenant()))
        .order(roles::name)
        .select((roles::name, roles::permissions))
        .load(tx.conn())
        .await?;
    Ok(rows
        .into_iter()
        .map(|(name, words)| Role {
            name,
            permissions: from_words(words),
        })
        .collect())
}

/// Adds the roles that every tenant begins with.
pub(crate) async fn insert_built_in(tx: &mut Tx<'_>) -> Result<(), StoreError> {
    for role in built_in() {
        let words: Vec<_> = role.permissions.iter().map(Permission::word).collect();
        let row = (
            roles::tenant_id.eq(tx.tenant()),
            roles::name.eq(role.name),
            roles::permissions.eq(words),
            roles::known.eq(all_words()),
        );
        diesel::insert_into(roles::table).values(row).execute(tx.conn()).await?;
    }
    Ok(())
}

/// Grants the permissions that came since to the roles that every tenant begins with: each once, so that nobody is given
/// back what was taken from them.
pub(crate) async fn complete(store: &Store) -> Result<(), StoreError> {
    let sql = "UPDATE roles SET known = $3, permissions = permissions \
               || ARRAY(SELECT unnest($2) EXCEPT SELECT unnest(known) EXCEPT SELECT unnest(permissions)) \
               WHERE name = $1 AND NOT known @> $3";
    store
        .direct(&directory::nobody(), async |tx| {
            for role in built_in() {
                let words: Vec<_> = role.permissions.iter().map(Permission::word).collect();
                sql_query(sql)
                    .bind::<Text, _>(role.name)
                    .bind::<Array<Text>, _>(words)
                    .bind::<Array<Text>, _>(all_words())
                    .execute(tx.conn())
                    .await?;
            }
            Ok(())
        })
        .await
}

fn all_words() -> Vec<&'static str> {
    Permission::ALL.iter().map(|permission| permission.word()).collect()
}

/// Returns what a role may do; `None` when there is no such role.
pub(crate) async fn permissions(tx: &mut Tx<'_>, name: &str) -> Result<Option<Permissions>, StoreError> {
    let words: Option<Vec<Option<String>>> = roles::table
        .find((tx.tenant(), name))
        .select(roles::permissions)
        .first(tx.conn())
        .await
        .optional()?;
    Ok(words.map(from_words))
}

/// A word of a permission that this version does not know gives no right.
fn from_words(words: Vec<Option<String>>) -> Permissions {
    words
        .into_iter()
        .flatten()
        .filter_map(|word| Permission::from_word(&word))
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_first_roles_may_do_less_and_less() {
        let all = "conversations.read conversations.write contacts.read channels.read channels.manage members.read \
                   members.manage actors.read labels.manage events.read events.manage webhooks.manage \
                   jobs.manage conversations.export";
        let table = [
            ("owner", all),
            ("admin", all),
            (
                "agent",
                "conversations.read conversations.write contacts.read channels.read members.read",
            ),
            ("viewer", "conversations.read contacts.read channels.read members.read"),
            ("guest", ""),
        ];
        let built_in = built_in();
        assert_eq!(built_in.len(), table.len());
        for (role, (name, words)) in built_in.iter().zip(table) {
            let words = words.split_whitespace().map(|word| Some(word.to_owned())).collect();
            assert_eq!((role.name.as_str(), role.permissions), (name, from_words(words)));
        }
    }

    #[tokio::test]
    async fn a_permission_that_came_later_reaches_the_roles_of_existing_tenants_once() {
        let (_database, store, tenant) = crate::tenant::testing::acme().await;
        let caller = kernel::Caller::system(tenant, "test");
        // As a server left them that knew neither channels nor actors.
        let older = "UPDATE roles SET known = known - 2, permissions = '{conversations.read}' WHERE name IN ('owner', 'viewer')";
        let older = older.replace(
            "known - 2",
            "ARRAY(SELECT unnest(known) EXCEPT SELECT unnest('{channels.read,actors.read}'::text[]))",
        );
        let run = async |sql: &str| {
            store
                .direct(&caller, async |tx| {
                    sql_query(sql).execute(tx.conn()).await?;
                    Ok::<_, StoreError>(())
                })
                .await
                .unwrap();
        };
        let words = async |role: &str| {
            let may = store
                .read(&caller, async |tx| permissions(tx, role).await)
                .await
                .unwrap()
                .unwrap();
            may.iter().map(Permission::word).collect::<Vec<_>>().join(" ")
        };
        run(&older).await;
        complete(&store).await.unwrap();
        assert_eq!(words("owner").await, "conversations.read channels.read actors.read");
        assert_eq!(words("viewer").await, "conversations.read channels.read");
        assert_eq!(words("guest").await, "");
        run("UPDATE roles SET permissions = '{}' WHERE name = 'owner'").await;
        complete(&store).await.unwrap();
        assert_eq!(words("owner").await, "");
    }

    #[test]
    fn an_unknown_word_gives_no_right() {
        let words = vec![Some("conversations.delete".to_owned()), None, Some(String::new())];
        assert_eq!(from_words(words), Permissions::NONE);
    }
}
