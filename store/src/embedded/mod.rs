//! A private PostgreSQL that runs as a child process and keeps its data in the server's data folder.
//!
//! Nothing but a unix socket in a closed folder leads to it, so no passwords are needed. It stops
//! with the server however the server ends, comes back when it dies first, and a folder that a
//! `kill -9` left behind is recovered at the next start.

mod account;
mod binaries;
mod cluster;
mod error;
mod folder;
mod keeper;
mod npm;
mod orphans;
mod process;
mod reach;
mod wait;

use std::path::{Path, PathBuf};

use crate::DatabaseUrls;
use crate::roles;
use account::Account;
use folder::Folder;
use keeper::Keeper;

pub use binaries::Binaries;
pub use error::EmbeddedError;

/// How the private PostgreSQL is to run.
#[derive(Debug, Clone, Default)]
pub struct EmbeddedConfig {
    /// The server's data folder; the database lives in its folder `postgres`.
    pub data_dir: PathBuf,
    /// Where `initdb` and `postgres` are; searched for when absent.
    pub binaries: Option<PathBuf>,
    /// Settings of PostgreSQL that override ours.
    pub settings: Vec<(String, String)>,
    /// Gives up durability for speed: for tests only.
    pub quick: bool,
}

/// What [`Embedded::look`] found in a data folder.
#[derive(Debug, Clone)]
pub enum Found {
    /// No database yet.
    Nothing,
    /// A database that no server runs.
    Stopped,
    /// The database of a server that runs.
    Running(DatabaseUrls),
}

/// A running private PostgreSQL; stops when dropped.
pub struct Embedded {
    urls: DatabaseUrls,
    version: String,
    keeper: Keeper,
    // Held for its file lock: the folder is ours until this goes away.
    folder: Folder,
}

impl Embedded {
    /// Starts PostgreSQL, creates what is missing, and makes the roles.
    pub async fn start(config: EmbeddedConfig) -> Result<Self, EmbeddedError> {
        let (folder, keeper, version) = tokio::task::spawn_blocking(move || boot(&config))
            .await
            .map_err(|panic| EmbeddedError::Start(panic.to_string()))??;
        let urls = socket_urls(folder.socket());
        let maintenance = url(folder.socket(), "postgres", "postgres");
        roles::ensure(&maintenance, &roles::Ensure::embedded()).await?;
        Ok(Self {
            urls,
            version,
            keeper,
            folder,
        })
    }

    /// What is in a data folder, without starting anything.
    pub fn look(data_dir: &Path) -> Result<Found, EmbeddedError> {
        if !folder::exists(data_dir) {
            return Ok(Found::Nothing);
        }
        match Folder::open(data_dir) {
            Ok(folder) if folder.major().is_some() => Ok(Found::Stopped),
            Ok(_) => Ok(Found::Nothing),
            Err(EmbeddedError::AlreadyRunning { .. }) => {
                let socket = folder::told_socket(data_dir)?;
                Ok(Found::Running(socket_urls(&socket)))
            }
            Err(error) => Err(error),
        }
    }

    /// Where to connect, as each role.
    #[must_use]
    pub fn urls(&self) -> DatabaseUrls {
        self.urls.clone()
    }

    /// The version that runs, such as `18.4`.
    #[must_use]
    pub fn version(&self) -> &str {
        &self.version
    }

    /// The process that accepts connections, while there is one.
    #[must_use]
    pub fn process_id(&self) -> Option<u32> {
        self.keeper.process_id()
    }

    /// The folder that holds the database.
    #[must_use]
    pub fn folder(&self) -> &Path {
        self.folder.root()
    }

    /// Stops PostgreSQL and waits until it is gone.
    pub async fn stop(self) {
        // A panic in the stopping thread leaves PostgreSQL to the death signal, nothing to report.
        let _stopped = tokio::task::spawn_blocking(move || drop(self)).await;
    }
}

/// Everything up to "accepts connections"; blocks, and files are all it needs.
fn boot(config: &EmbeddedConfig) -> Result<(Folder, Keeper, String), EmbeddedError> {
    let folder = Folder::open(&config.data_dir)?;
    let account = Account::choose(folder.cluster_owner())?;
    let folder = folder.within_reach(&account)?;
    let binaries = binaries::find(config.binaries.as_deref(), folder.major())?;
    let binaries = binaries.within_reach(&account)?;
    let remains = folder.remains();
    orphans::clear(&remains)?;
    folder.hand_to(&account)?;
    if folder.major().is_none() {
        cluster::create(&folder, &binaries, &account, config.quick)?;
    }
    let version = binaries.version.clone();
    let launch = process::Launch {
        binary: binaries.postgres(),
        cluster: folder.cluster(),
        socket: folder.socket().to_owned(),
        log: folder.log(),
        account,
        settings: process::settings(config),
    };
    let keeper = Keeper::start(launch, remains)?;
    Ok((folder, keeper, version))
}

/// Every role's URL of the database `switchboard` behind the socket.
fn socket_urls(socket: &Path) -> DatabaseUrls {
    let of = |user| url(socket, roles::DATABASE, user);
    DatabaseUrls {
        admin: of("postgres"),
        app: of("switchboard_app"),
        journal: of("switchboard_journal"),
        system: of("switchboard_system"),
        backup: of("switchboard_backup"),
    }
}

fn url(socket: &Path, database: &str, user: &str) -> String {
    let host = roles::encode(&socket.to_string_lossy());
    format!("postgres:///{database}?host={host}&user={user}")
}
