//! The database's roles: who may log in, what each may touch at most, how long it may take.
//!
//! What is there is compared with what should be there, and only the difference is executed, so
//! a database that someone else prepared needs no rights of ours. Without the right to make the
//! difference, the error prints exactly the SQL that somebody else must run.

mod catalog;
mod difference;
mod error;
mod external;
mod passwords;
mod url;
mod wanted;

use diesel_async::{AsyncConnection, AsyncPgConnection, SimpleAsyncConnection};

use difference::Target;

pub use error::RolesError;
pub use external::{external, prepared};
pub use passwords::Passwords;
pub use url::encode;

pub(crate) use catalog::database_exists;
pub(crate) use url::Url;
pub(crate) use wanted::guest_list;

/// The database's name where we are free to choose it.
pub const DATABASE: &str = "switchboard";

/// Servers that start at once take turns; the number is arbitrary and ours.
const TURN: i64 = 7_316_520_401;

/// What [`ensure`] is to bring about.
#[derive(Debug, Clone)]
pub struct Ensure {
    pub database: String,
    /// Whether to create the database when it is missing.
    pub create: bool,
    /// Passwords for the roles that log in; a private socket needs none.
    pub passwords: Option<Passwords>,
}

impl Ensure {
    /// For a database that somebody else runs, with the passwords kept in the data folder.
    pub fn external(database_url: &str, passwords: Option<Passwords>) -> Result<Self, RolesError> {
        let url = Url::parse(database_url)?;
        let database = url.database().ok_or(RolesError::Address("it names no database"))?;
        Ok(Self {
            database: database.to_owned(),
            create: false,
            passwords,
        })
    }

    /// For the private PostgreSQL: our own database, and no passwords.
    #[must_use]
    pub fn embedded() -> Self {
        Self {
            database: DATABASE.to_owned(),
            create: true,
            passwords: None,
        }
    }
}

/// Brings about the roles, the database, and who may enter it.
///
/// `admin_url` may name any database of the server.
pub async fn ensure(admin_url: &str, wanted: &Ensure) -> Result<(), RolesError> {
    let mut admin = connect(admin_url).await?;
    take_turn(&mut admin).await?;
    let exists = database_exists(&mut admin, &wanted.database).await?;
    if !exists && !wanted.create {
        return Err(RolesError::NoDatabase(wanted.database.clone()));
    }
    if !exists {
        let create = format!("CREATE DATABASE {}", quote(&wanted.database));
        change(&mut admin, &[create]).await?;
    }
    let inside_url = Url::parse(admin_url)?.with_database(&wanted.database);
    let mut inside = connect(&inside_url.to_string()).await?;
    let needed = difference(&mut inside, &inside_url, wanted).await?;
    if needed.is_empty() {
        return Ok(());
    }
    change(&mut inside, &needed).await?;
    // PostgreSQL only warns about a grant or a revocation that has no effect.
    let left = difference(&mut inside, &inside_url, wanted).await?;
    if left.is_empty() {
        return Ok(());
    }
    Err(RolesError::Refused {
        reason: "the changes had no effect".to_owned(),
        sql: script(&left),
    })
}

/// The SQL that [`ensure`] would run, without running it.
pub async fn check(admin_url: &str, wanted: &Ensure) -> Result<Vec<String>, RolesError> {
    let url = Url::parse(admin_url)?.with_database(&wanted.database);
    let mut inside = connect(&url.to_string()).await?;
    difference(&mut inside, &url, wanted).await
}

/// The statements that are still needed.
async fn difference(inside: &mut AsyncPgConnection, url: &Url, wanted: &Ensure) -> Result<Vec<String>, RolesError> {
    let found = catalog::read(inside, &wanted.database).await?;
    let stale = stale_logins(url, wanted).await;
    let target = Target {
        database: &wanted.database,
        passwords: wanted.passwords.as_ref(),
        stale_logins: &stale,
    };
    Ok(difference::statements(&found, &target))
}

/// The login roles that cannot log in with their password yet.
async fn stale_logins(url: &Url, wanted: &Ensure) -> Vec<&'static str> {
    let Some(passwords) = &wanted.passwords else {
        return Vec::new();
    };
    let mut stale = Vec::new();
    for role in wanted::logins() {
        let url = url.with_login(role.name, passwords.of(role.name));
        if AsyncPgConnection::establish(&url.to_string()).await.is_err() {
            stale.push(role.name);
        }
    }
    stale
}

pub(crate) async fn connect(url: &str) -> Result<AsyncPgConnection, RolesError> {
    AsyncPgConnection::establish(url).await.map_err(RolesError::Connect)
}

/// Waits for its turn; the connection's end gives it back.
async fn take_turn(connection: &mut AsyncPgConnection) -> Result<(), RolesError> {
    let wait = format!("SELECT pg_advisory_lock({TURN})");
    Ok(connection.batch_execute(&wait).await?)
}

/// Executes all statements or none.
async fn change(connection: &mut AsyncPgConnection, statements: &[String]) -> Result<(), RolesError> {
    let sql = script(statements);
    connection
        .batch_execute(&sql)
        .await
        .map_err(|source| RolesError::Refused {
            reason: source.to_string(),
            sql,
        })
}

fn script(statements: &[String]) -> String {
    statements.join(";\n") + ";"
}

/// Quotes an identifier.
pub(crate) fn quote(name: &str) -> String {
    format!("\"{}\"", name.replace('"', "\"\""))
}
