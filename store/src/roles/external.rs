//! A database that somebody else runs, named by `DATABASE_URL`.

use std::path::Path;

use diesel_async::{AsyncConnection, AsyncPgConnection};

use super::{Ensure, Passwords, RolesError, Url, ensure};
use crate::DatabaseUrls;

/// Prepares the database of the address and returns where to connect as each role.
pub async fn external(database_url: &str, data_dir: &Path) -> Result<DatabaseUrls, RolesError> {
    let passwords = Passwords::kept_in(data_dir)?;
    let wanted = Ensure::external(database_url, Some(passwords.clone()))?;
    ensure(database_url, &wanted).await?;
    let url = Url::parse(database_url)?.with_database(&wanted.database);
    let urls = urls(&url, &passwords);
    every_role_gets_in(&urls).await?;
    Ok(urls)
}

/// Where to connect as each role, once [`external`] has been there; changes nothing.
pub fn prepared(database_url: &str, data_dir: &Path) -> Result<Option<DatabaseUrls>, RolesError> {
    let Some(passwords) = Passwords::found_in(data_dir)? else {
        return Ok(None);
    };
    let wanted = Ensure::external(database_url, None)?;
    let url = Url::parse(database_url)?.with_database(&wanted.database);
    Ok(Some(urls(&url, &passwords)))
}

/// Each role's address of the database, with the passwords; the migrator stands in for the
/// administrator, whose own login is not needed again.
fn urls(url: &Url, passwords: &Passwords) -> DatabaseUrls {
    let of = |role| url.with_login(role, passwords.of(role)).to_string();
    DatabaseUrls {
        admin: of("switchboard_migrator"),
        app: of("switchboard_app"),
        journal: of("switchboard_journal"),
        system: of("switchboard_system"),
        backup: of("switchboard_backup"),
    }
}

/// Finds out now, rather than at the first request, that the server admits a role from here.
async fn every_role_gets_in(urls: &DatabaseUrls) -> Result<(), RolesError> {
    for url in [&urls.admin, &urls.app, &urls.journal, &urls.system, &urls.backup] {
        AsyncPgConnection::establish(url).await.map_err(RolesError::Connect)?;
    }
    Ok(())
}
