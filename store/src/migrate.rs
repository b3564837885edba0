//! Brings the schema up to date: the migrations in the binary, run as the owner of all tables.

use std::collections::BTreeSet;

use diesel::migration::{Migration, MigrationSource};
use diesel::pg::Pg;
use diesel_async::async_connection_wrapper::AsyncConnectionWrapper;
use diesel_async::{AsyncConnection, AsyncPgConnection, SimpleAsyncConnection};
use diesel_migrations::{EmbeddedMigrations, MigrationHarness, embed_migrations};
use sha2::{Digest, Sha256};

use crate::DatabaseUrls;

const MIGRATIONS: EmbeddedMigrations = embed_migrations!("../migrations");
/// Name and text of each migration, in order; written by `build.rs`.
const SOURCES: &[(&str, &str)] = include!(concat!(env!("OUT_DIR"), "/migrations.rs"));
/// Servers that start at once take turns; the number is arbitrary and ours.
const TURN: i64 = 7_316_520_402;

type Connection = AsyncConnectionWrapper<AsyncPgConnection>;
type Failure = Box<dyn std::error::Error + Send + Sync>;

/// Why the schema could not be brought up to date.
#[derive(Debug, thiserror::Error)]
pub enum MigrateError {
    #[error("the database cannot be reached: {0}")]
    Connect(#[from] diesel::ConnectionError),
    #[error("the database refused to prepare for migrations: {0}")]
    Prepare(#[from] diesel::result::Error),
    #[error("a migration failed and was rolled back: {0}")]
    Migration(Failure),
}

/// What the database and this binary know of each other's migrations.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Standing {
    /// Known to the binary, not yet in the database.
    pub pending: Vec<String>,
    /// In the database, unknown to the binary: a newer server was here.
    pub unknown: Vec<String>,
}

/// Runs what is pending and returns the names, in order.
pub async fn run(urls: &DatabaseUrls) -> Result<Vec<String>, MigrateError> {
    let applied = blocking(urls, |connection| {
        let mut names = Vec::new();
        for migration in connection.pending_migrations(MIGRATIONS)? {
            connection.run_migration(migration.as_ref())?;
            names.push(migration.name().to_string());
        }
        Ok(names)
    })
    .await?;
    for name in &applied {
        tracing::info!(migration = name, "the schema was changed");
    }
    Ok(applied)
}

/// Undoes the newest `count` migrations and returns their names, newest first.
pub async fn revert(urls: &DatabaseUrls, count: usize) -> Result<Vec<String>, MigrateError> {
    blocking(urls, move |connection| {
        let known = known()?;
        let mut names = Vec::new();
        for _ in 0..count {
            let Some(last) = connection.applied_migrations()?.into_iter().next() else {
                break;
            };
            connection.revert_last_migration(MIGRATIONS)?;
            names.push(name_of(&known, &last.to_string()));
        }
        Ok(names)
    })
    .await
}

/// The names of the migrations that the database lacks.
pub async fn pending(urls: &DatabaseUrls) -> Result<Vec<String>, MigrateError> {
    Ok(standing(urls).await?.pending)
}

/// Compares the database with this binary.
pub async fn standing(urls: &DatabaseUrls) -> Result<Standing, MigrateError> {
    blocking(urls, |connection| {
        let applied: BTreeSet<String> = connection
            .applied_migrations()?
            .iter()
            .map(ToString::to_string)
            .collect();
        let known = known()?;
        let missing = known.iter().filter(|(version, _)| !applied.contains(version));
        let strange = applied
            .iter()
            .filter(|version| !known.iter().any(|(known, _)| known == *version));
        Ok(Standing {
            pending: missing.map(|(_, name)| name.clone()).collect(),
            unknown: strange.cloned().collect(),
        })
    })
    .await
}

/// A hash of all migrations: databases with the same one have the same schema.
#[must_use]
pub fn fingerprint() -> String {
    let mut hash = Sha256::new();
    for (name, sql) in SOURCES {
        for part in [name, sql] {
            hash.update(part.len().to_le_bytes());
            hash.update(part);
        }
    }
    hex::encode(hash.finalize())
}

/// Version and name of each migration in the binary.
fn known() -> Result<Vec<(String, String)>, Failure> {
    let migrations: Vec<Box<dyn Migration<Pg>>> = MIGRATIONS.migrations()?;
    let mut known: Vec<_> = migrations
        .iter()
        .map(|m| (m.name().version().to_string(), m.name().to_string()))
        .collect();
    known.sort();
    Ok(known)
}

fn name_of(known: &[(String, String)], version: &str) -> String {
    known
        .iter()
        .find(|(known, _)| known == version)
        .map_or(version, |(_, name)| name)
        .to_owned()
}

/// Connects as the owner, waits for its turn, and works on a thread that may block.
///
/// diesel's migrations are synchronous; the connection's own task goes on in our runtime.
async fn blocking<T: Send + 'static>(
    urls: &DatabaseUrls,
    work: impl FnOnce(&mut Connection) -> Result<T, Failure> + Send + 'static,
) -> Result<T, MigrateError> {
    let mut connection = AsyncPgConnection::establish(&urls.admin).await?;
    // Waiting for another server's migration is not what the role's lock timeout is for.
    let prepare = format!(
        "SET ROLE switchboard_owner; SET search_path = public; \
         SET lock_timeout = 0; SELECT pg_advisory_lock({TURN}); SET lock_timeout = '10s'"
    );
    connection.batch_execute(&prepare).await?;
    tokio::task::spawn_blocking(move || work(&mut Connection::from(connection)))
        .await
        .map_err(|panic| MigrateError::Migration(Box::new(panic)))?
        .map_err(MigrateError::Migration)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn both_lists_of_migrations_are_the_same() {
        let listed: Vec<&str> = SOURCES.iter().map(|(name, _)| *name).collect();
        let known = known().unwrap();
        let embedded: Vec<&str> = known.iter().map(|(_, name)| name.as_str()).collect();
        assert_eq!(listed, embedded);
        assert!(!listed.is_empty());
    }

    #[test]
    fn the_fingerprint_is_stable_within_a_build() {
        assert_eq!(fingerprint(), fingerprint());
        assert_eq!(fingerprint().len(), 64);
    }
}
