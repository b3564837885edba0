//! A database that somebody else runs, named by `DATABASE_URL`.

use std::path::Path;

use diesel_async::{AsyncConnection, AsyncPgConnection};

use super::{Ensure, Passwords, RolesError, Url, ensure};
use crate::DatabaseUrls;

/// A network that is gone is noticed within a minute, not after the two hours that systems wait by custom. Whoever wants
/// other times writes them into the address.
const NETWORK: [(&str, &str); 4] = [
    ("connect_timeout", "5"),
    ("keepalives_idle", "30"),
    ("keepalives_interval", "10"),
    ("tcp_user_timeout", "30"),
];

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
    let url = NETWORK
        .into_iter()
        .fold(url.clone(), |url, (name, value)| url.with_option(name, value));
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

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use super::*;

    #[test]
    fn a_dead_network_is_noticed_on_every_connection() {
        let url = Url::parse("postgres://one,two:5433/hub?tcp_user_timeout=7").unwrap();
        let DatabaseUrls {
            admin,
            app,
            journal,
            system,
            backup,
        } = urls(&url, &Passwords::same_for_all("secret"));
        for url in [admin, app, journal, system, backup] {
            let config: tokio_postgres::Config = url.parse().unwrap();
            assert_eq!(config.get_tcp_user_timeout().map(Duration::as_secs), Some(7), "{url}");
            assert_eq!(config.get_keepalives_idle().as_secs(), 30, "{url}");
            assert_eq!(config.get_connect_timeout().map(Duration::as_secs), Some(5), "{url}");
        }
    }
}
