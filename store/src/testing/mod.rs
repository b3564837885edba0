//! A database for each test, cloned in milliseconds from a migrated template.
//!
//! All tests of a process share one PostgreSQL that forgets durability: the one named by
//! `SWITCHBOARD_TEST_DATABASE_URL`, or a private one in the temporary folder. That one is kept
//! between runs, so only the first run of a schema pays for `initdb` and the migrations.

mod line;

use std::{fs, io, path::PathBuf, thread, time::Duration};

use diesel::{QueryableByName, sql_query, sql_types::Text};
use diesel_async::{AsyncConnection, AsyncPgConnection, RunQueryDsl, SimpleAsyncConnection};
use tokio::sync::OnceCell;

use crate::DatabaseUrls;
use crate::embedded::{Embedded, EmbeddedConfig, EmbeddedError};
use crate::migrate::{self, MigrateError};
use crate::roles::{self, Ensure, Passwords, RolesError, Url};
pub use line::Line;

const PREFIX: &str = "switchboard_test_";
/// Test processes that make the same template take turns; the number is arbitrary and ours.
const TURN: i64 = 7_316_520_403;
/// More test processes than this do not run at once on one machine.
const SLOTS: u32 = 64;

static SERVER: OnceCell<Server> = OnceCell::const_new();

/// Why a test got no database.
#[derive(Debug, thiserror::Error)]
pub enum TestingError {
    #[error(transparent)]
    Embedded(#[from] EmbeddedError),
    #[error(transparent)]
    Roles(#[from] RolesError),
    #[error(transparent)]
    Migrate(#[from] MigrateError),
    #[error("the test database: {0}")]
    Database(#[from] diesel::result::Error),
    #[error("the test database's folder: {0}")]
    Folder(#[from] io::Error),
}

/// A database of one test's own; dropped with it.
#[derive(Debug)]
pub struct TestDatabase {
    pub urls: DatabaseUrls,
    pub name: String,
}

/// The PostgreSQL of this process, with the template in it.
struct Server {
    admin: Url,
    passwords: Option<Passwords>,
    template: String,
    // A static is never dropped: the kernel's death signal stops it with the process.
    _embedded: Option<Embedded>,
}

/// Clones the template.
pub async fn database() -> Result<TestDatabase, TestingError> {
    let server = SERVER.get_or_try_init(Server::start).await?;
    let name = format!("{PREFIX}{}", uuid::Uuid::now_v7().simple());
    server.clone_template(&name).await?;
    Ok(TestDatabase {
        urls: server.urls(&name),
        name,
    })
}

impl TestDatabase {
    /// A copy of this database as it is now; nobody may be connected to this one meanwhile.
    pub async fn copy(&self) -> Result<Self, TestingError> {
        let server = SERVER.get_or_try_init(Server::start).await?;
        let name = format!("{PREFIX}{}", uuid::Uuid::now_v7().simple());
        server.copy_database(&self.name, &name).await?;
        Ok(Self {
            urls: server.urls(&name),
            name,
        })
    }
}

impl TestDatabase {
    /// Waits until somebody waits for a lock: what holds it was begun before, and the other one is at it.
    pub async fn until_someone_waits(&self) -> Result<(), TestingError> {
        let mut admin = roles::connect(&self.urls.admin).await?;
        let waiting = "SELECT 1 FROM pg_locks JOIN pg_stat_activity a USING (pid) \
                       WHERE NOT granted AND a.datname = current_database()";
        while sql_query(waiting).execute(&mut admin).await? == 0 {
            tokio::time::sleep(Duration::from_millis(5)).await;
        }
        Ok(())
    }
}

impl Drop for TestDatabase {
    /// Drops the database from a thread of its own; what remains is swept at the next start.
    fn drop(&mut self) {
        let (admin, name) = (self.urls.admin.clone(), self.name.clone());
        thread::spawn(move || {
            let Ok(runtime) = tokio::runtime::Builder::new_current_thread().enable_all().build() else {
                return;
            };
            if let Err(error) = runtime.block_on(drop_database(&admin, &name)) {
                tracing::debug!(%error, name, "a test database stays for the next sweep");
            }
        });
    }
}

impl Server {
    async fn start() -> Result<Self, TestingError> {
        let given = std::env::var("SWITCHBOARD_TEST_DATABASE_URL").ok();
        let server = match given.filter(|url| !url.is_empty()) {
            Some(url) => Self::external(&url)?,
            None => Self::private().await?,
        };
        server.make_template().await?;
        Ok(server)
    }

    /// A server that tests alone use, so every process knows its passwords.
    fn external(url: &str) -> Result<Self, TestingError> {
        Ok(Self {
            admin: Url::parse(url)?.with_database("postgres"),
            passwords: Some(Passwords::same_for_all("switchboard-test")),
            template: template_name(),
            _embedded: None,
        })
    }

    async fn private() -> Result<Self, TestingError> {
        let embedded = start_in_free_slot().await?;
        let admin = Url::parse(&embedded.urls().admin)?;
        let server = Self {
            admin,
            passwords: None,
            template: template_name(),
            _embedded: Some(embedded),
        };
        server.sweep().await?;
        Ok(server)
    }

    fn urls(&self, name: &str) -> DatabaseUrls {
        let url = self.admin.with_database(name);
        let of = |user| match &self.passwords {
            Some(passwords) => url.with_login(user, passwords.of(user)).to_string(),
            None => url.with_user(user).to_string(),
        };
        DatabaseUrls {
            admin: url.to_string(),
            app: of("switchboard_app"),
            journal: of("switchboard_journal"),
            system: of("switchboard_system"),
            backup: of("switchboard_backup"),
        }
    }

    /// Makes the template unless one of this fingerprint is there.
    async fn make_template(&self) -> Result<(), TestingError> {
        let maintenance = self.admin.with_database("postgres").to_string();
        let mut turn = roles::connect(&maintenance).await?;
        turn.batch_execute(&format!("SELECT pg_advisory_lock({TURN})")).await?;
        if roles::database_exists(&mut turn, &self.template).await? {
            return Ok(());
        }
        // Its name is the promise that it is complete, so it gets the name last.
        let part = format!("{}_part", self.template);
        turn.batch_execute(&format!("DROP DATABASE IF EXISTS {part} WITH (FORCE)"))
            .await?;
        let wanted = Ensure {
            database: part.clone(),
            create: true,
            passwords: self.passwords.clone(),
        };
        roles::ensure(&maintenance, &wanted).await?;
        migrate::run(&self.urls(&part)).await?;
        disconnect_all(&mut turn, &part).await?;
        turn.batch_execute(&format!("ALTER DATABASE {part} RENAME TO {}", self.template))
            .await?;
        Ok(())
    }

    async fn clone_template(&self, name: &str) -> Result<(), TestingError> {
        self.copy_database(&self.template, name).await
    }

    /// Copies a database; a copy does not inherit who may enter, so that is repeated.
    async fn copy_database(&self, from: &str, name: &str) -> Result<(), TestingError> {
        let maintenance = self.admin.with_database("postgres").to_string();
        let mut connection = roles::connect(&maintenance).await?;
        connection
            .batch_execute(&format!(
                "CREATE DATABASE {name} TEMPLATE {from} OWNER switchboard_owner"
            ))
            .await?;
        connection
            .batch_execute(&format!(
                "REVOKE ALL ON DATABASE {name} FROM PUBLIC; \
                 GRANT CONNECT ON DATABASE {name} TO {}",
                roles::guest_list()
            ))
            .await?;
        Ok(())
    }

    /// Drops what earlier processes left; in our slot nobody else works.
    async fn sweep(&self) -> Result<(), TestingError> {
        let maintenance = self.admin.with_database("postgres").to_string();
        let mut connection = roles::connect(&maintenance).await?;
        let old: Vec<Name> = sql_query(
            "SELECT datname::text AS name FROM pg_database \
             WHERE starts_with(datname, $1) OR (starts_with(datname, 'switchboard_template_') \
             AND datname <> $2)",
        )
        .bind::<Text, _>(PREFIX)
        .bind::<Text, _>(&self.template)
        .load(&mut connection)
        .await?;
        for Name { name } in old {
            connection
                .batch_execute(&format!("DROP DATABASE {name} WITH (FORCE)"))
                .await?;
        }
        Ok(())
    }
}

#[derive(QueryableByName)]
struct Name {
    #[diesel(sql_type = Text)]
    name: String,
}

fn template_name() -> String {
    let fingerprint: String = migrate::fingerprint().chars().take(16).collect();
    format!("switchboard_template_{fingerprint}")
}

/// Takes the first data folder that no other test process uses.
async fn start_in_free_slot() -> Result<Embedded, EmbeddedError> {
    let root = slots_folder();
    let mut outcome = Err(EmbeddedError::AlreadyRunning { folder: root.clone() });
    for slot in 0..SLOTS {
        let data_dir = root.join(slot.to_string());
        outcome = start_in(data_dir.clone()).await;
        match &outcome {
            Err(EmbeddedError::AlreadyRunning { .. }) => {}
            Ok(_) | Err(EmbeddedError::NoBinaries { .. } | EmbeddedError::BadBinaries { .. }) => {
                break;
            }
            Err(error) => {
                // Nothing in it is worth saving: another version made it, or a crash broke it.
                tracing::info!(%error, "the test database is made afresh");
                if fs::remove_dir_all(&data_dir).is_ok() {
                    outcome = start_in(data_dir).await;
                }
                break;
            }
        }
    }
    outcome
}

async fn start_in(data_dir: PathBuf) -> Result<Embedded, EmbeddedError> {
    Embedded::start(EmbeddedConfig {
        data_dir,
        quick: true,
        ..EmbeddedConfig::default()
    })
    .await
}

/// Of one user, so that accounts do not meet in each other's folders.
fn slots_folder() -> PathBuf {
    let uid = rustix::process::geteuid().as_raw();
    std::env::temp_dir().join(format!("switchboard-test-{uid}"))
}

async fn disconnect_all(connection: &mut AsyncPgConnection, name: &str) -> Result<(), TestingError> {
    sql_query("SELECT pg_terminate_backend(pid, 5000) FROM pg_stat_activity WHERE datname = $1")
        .bind::<Text, _>(name)
        .execute(connection)
        .await?;
    Ok(())
}

async fn drop_database(admin: &str, name: &str) -> Result<(), TestingError> {
    let maintenance = Url::parse(admin)?.with_database("postgres").to_string();
    let mut connection = AsyncPgConnection::establish(&maintenance)
        .await
        .map_err(RolesError::Connect)?;
    connection
        .batch_execute(&format!("DROP DATABASE IF EXISTS {name} WITH (FORCE)"))
        .await?;
    Ok(())
}
