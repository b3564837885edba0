//! A database that somebody else runs, named by `DATABASE_URL`.

use std::path::Path;

use diesel_async::{AsyncConnection, AsyncPgConnection};

use super::{DatabaseUrls, Ensure, Passwords, RolesError, Url, ensure};

/// Prepares the database of the address and returns where to connect as each role.
pub async fn external(database_url: &str, data_dir: &Path) -> Result<DatabaseUrls, RolesError> {
    let url = Url::parse(database_url)?;
    let database = url
        .database()
        .ok_or(RolesError::Address("it names no database"))?
        .to_owned();
    let passwords = Passwords::kept_in(data_dir)?;
    let wanted = Ensure {
        database: database.clone(),
        create: false,
        passwords: Some(passwords.clone()),
    };
    ensure(database_url, &wanted).await?;
    let urls = urls(&url.with_database(&database), &passwords);
    every_role_gets_in(&urls).await?;
    Ok(urls)
}

/// Each role's address of the database, with the passwords.
pub(crate) fn urls(url: &Url, passwords: &Passwords) -> DatabaseUrls {
    let of = |role| url.with_login(role, passwords.of(role)).to_string();
    DatabaseUrls {
        admin: url.to_string(),
        migrator: of("switchboard_migrator"),
        app: of("switchboard_app"),
        system: of("switchboard_system"),
        backup: of("switchboard_backup"),
    }
}

/// Finds out now, rather than at the first request, that the server admits a role from here.
async fn every_role_gets_in(urls: &DatabaseUrls) -> Result<(), RolesError> {
    for url in [&urls.migrator, &urls.app, &urls.system, &urls.backup] {
        AsyncPgConnection::establish(url)
            .await
            .map_err(RolesError::Connect)?;
    }
    Ok(())
}
