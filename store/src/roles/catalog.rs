//! What the database's catalogue says about our roles.

use std::collections::{HashMap, HashSet};

use diesel::sql_types::{Array, Bool, Text};
use diesel::{OptionalExtension, QueryableByName, sql_query};
use diesel_async::{AsyncPgConnection, RunQueryDsl};

use super::RolesError;

/// A role as it is.
#[derive(Debug, Clone, PartialEq, Eq, QueryableByName)]
pub(super) struct FoundRole {
    #[diesel(sql_type = Text)]
    pub(super) name: String,
    #[diesel(sql_type = Bool)]
    pub(super) login: bool,
    #[diesel(sql_type = Bool)]
    pub(super) bypass: bool,
    #[diesel(sql_type = Bool)]
    pub(super) inherit: bool,
    /// Superuser, or creator of roles, databases or replicas.
    #[diesel(sql_type = Bool)]
    pub(super) mighty: bool,
    #[diesel(sql_type = Array<Text>)]
    pub(super) settings: Vec<String>,
}

/// A database as it is.
#[derive(Debug, Clone, Default, PartialEq, Eq, QueryableByName)]
pub(super) struct FoundDatabase {
    #[diesel(sql_type = Text)]
    pub(super) owner: String,
    #[diesel(sql_type = Text)]
    pub(super) schema_owner: String,
    /// Whether everyone may connect, make temporary tables, or use the schema.
    #[diesel(sql_type = Bool)]
    pub(super) open: bool,
    /// The roles that may connect and use the schema.
    #[diesel(sql_type = Array<Text>)]
    pub(super) guests: Vec<String>,
}

/// All that [`super::difference`] compares.
#[derive(Debug, Default)]
pub(super) struct Found {
    pub(super) roles: HashMap<String, FoundRole>,
    pub(super) members: HashSet<(String, String)>,
    pub(super) database: FoundDatabase,
}

#[derive(QueryableByName)]
struct Member {
    #[diesel(sql_type = Text)]
    role: String,
    #[diesel(sql_type = Text)]
    member: String,
}

#[derive(QueryableByName)]
struct Exists {
    #[diesel(sql_type = Bool)]
    #[expect(dead_code, reason = "a row is the answer, whatever it holds")]
    found: bool,
}

pub(crate) async fn database_exists(connection: &mut AsyncPgConnection, name: &str) -> Result<bool, RolesError> {
    let row = sql_query("SELECT true AS found FROM pg_database WHERE datname = $1")
        .bind::<Text, _>(name)
        .get_result::<Exists>(connection)
        .await
        .optional()?;
    Ok(row.is_some())
}

/// Reads the roles, their memberships, and who may enter the database we are connected to.
pub(super) async fn read(connection: &mut AsyncPgConnection, database: &str) -> Result<Found, RolesError> {
    let roles: Vec<FoundRole> = sql_query(
        r"SELECT rolname::text AS name, rolcanlogin AS login, rolbypassrls AS bypass,
                 rolinherit AS inherit,
                 rolsuper OR rolcreaterole OR rolcreatedb OR rolreplication AS mighty,
                 coalesce(rolconfig, '{}') AS settings
          FROM pg_roles WHERE starts_with(rolname, 'switchboard_')",
    )
    .load(connection)
    .await?;
    let members: Vec<Member> = sql_query(
        r"SELECT roleid::regrole::text AS role, member::regrole::text AS member
          FROM pg_auth_members",
    )
    .load(connection)
    .await?;
    let database = sql_query(
        r"SELECT d.datdba::regrole::text AS owner, n.nspowner::regrole::text AS schema_owner,
                 has_database_privilege('public', d.oid, 'CONNECT')
                 OR has_database_privilege('public', d.oid, 'TEMP')
                 OR has_schema_privilege('public', n.oid, 'USAGE')
                 OR has_schema_privilege('public', n.oid, 'CREATE') AS open,
                 ARRAY(SELECT rolname::text FROM pg_roles r
                       WHERE starts_with(rolname, 'switchboard_')
                         AND has_database_privilege(r.oid, d.oid, 'CONNECT')
                         AND has_schema_privilege(r.oid, n.oid, 'USAGE')) AS guests
          FROM pg_database d, pg_namespace n
          WHERE d.datname = $1 AND n.nspname = 'public'",
    )
    .bind::<Text, _>(database)
    .get_result(connection)
    .await?;
    Ok(Found {
        roles: roles.into_iter().map(|role| (role.name.clone(), role)).collect(),
        members: members.into_iter().map(|m| (m.role, m.member)).collect(),
        database,
    })
}
