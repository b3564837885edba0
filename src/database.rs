//! The database the settings ask for: one of our own, or one that someone else runs.

use anyhow::Context;
use kernel::Clock;
use store::embedded::{Embedded, EmbeddedConfig, Found};
use store::{DatabaseUrls, Store, StoreConfig, migrate, roles};

use crate::config::Config;

/// A database that can be used.
pub(crate) struct Database {
    pub(crate) urls: DatabaseUrls,
    embedded: Option<Embedded>,
}

impl Database {
    /// Opens the store on it.
    pub(crate) fn store(&self, config: &Config) -> anyhow::Result<Store> {
        let (urls, pool) = (self.urls.clone(), config.database.pool);
        Ok(Store::open(StoreConfig {
            urls,
            pool,
            clock: Clock::machine(),
        })?)
    }

    /// Stops the database if it is our own.
    pub(crate) async fn close(self) {
        if let Some(embedded) = self.embedded {
            embedded.stop().await;
        }
    }
}

/// Opens the database; if a server of ours runs it already, joins in.
pub(crate) async fn open(config: &Config) -> anyhow::Result<Database> {
    if let Some(url) = &config.database.url {
        let urls = roles::external(url.expose(), &config.data_dir)
            .await
            .context("the database of DATABASE_URL")?;
        return Ok(Database { urls, embedded: None });
    }
    if let Ok(Found::Running(urls)) = Embedded::look(&config.data_dir) {
        return Ok(Database { urls, embedded: None });
    }
    start(config).await
}

/// Opens the database for the server, which must be the only one.
pub(crate) async fn open_for_server(config: &Config) -> anyhow::Result<Database> {
    let database = match &config.database.url {
        Some(_) => open(config).await?,
        None => start(config).await?,
    };
    for name in migrate::run(&database.urls)
        .await
        .context("bringing the database to this version")?
    {
        tracing::info!(migration = name, "applied");
    }
    Ok(database)
}

/// Opens the database and brings it to this version.
pub(crate) async fn open_and_migrate(config: &Config) -> anyhow::Result<(Database, Vec<String>)> {
    let database = open(config).await?;
    let applied = migrate::run(&database.urls).await?;
    Ok((database, applied))
}

async fn start(config: &Config) -> anyhow::Result<Database> {
    let embedded = Embedded::start(EmbeddedConfig {
        data_dir: config.data_dir.clone(),
        binaries: config.database.pg_bin.clone(),
        ..EmbeddedConfig::default()
    });
    let embedded = embedded.await.context("the server's own PostgreSQL")?;
    Ok(Database {
        urls: embedded.urls(),
        embedded: Some(embedded),
    })
}
