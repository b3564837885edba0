//! The private PostgreSQL: it starts, it comes back, it recovers, it refuses with reasons.

use std::{
    fs,
    path::Path,
    process::{Command, Stdio},
    time::Duration,
};

use diesel_async::SimpleAsyncConnection;
use kernel::{Caller, TenantId};
use rustix::process::{Pid, Signal, kill_process};
use store::embedded::{Embedded, EmbeddedConfig, EmbeddedError, Found};
use store::{Store, StoreConfig, StoreError};
use tokio::time::{sleep, timeout};

use crate::sql;

const PATIENCE: Duration = Duration::from_secs(20);

fn config(data_dir: &Path) -> EmbeddedConfig {
    EmbeddedConfig {
        data_dir: data_dir.to_owned(),
        // A commit must outlive the process, though not the machine.
        settings: vec![("synchronous_commit".to_owned(), "on".to_owned())],
        quick: true,
        ..EmbeddedConfig::default()
    }
}

async fn start(data_dir: &Path) -> Embedded {
    Embedded::start(config(data_dir)).await.unwrap()
}

async fn refused(config: EmbeddedConfig) -> EmbeddedError {
    Embedded::start(config).await.err().unwrap()
}

/// A folder that the account PostgreSQL runs as can reach, as `/var/lib` would be.
fn data_dir() -> tempfile::TempDir {
    use std::os::unix::fs::PermissionsExt;
    let folder = tempfile::tempdir_in("/tmp").unwrap();
    fs::set_permissions(folder.path(), fs::Permissions::from_mode(0o755)).unwrap();
    folder
}

fn kill(process: u32) {
    let process = Pid::from_raw(process.try_into().unwrap()).unwrap();
    kill_process(process, Signal::KILL).unwrap();
}

#[tokio::test]
async fn data_outlives_a_restart() {
    let data = data_dir();
    let first = start(data.path()).await;
    let mut admin = sql::connect(&first.urls().admin).await;
    sql::execute(&mut admin, "CREATE TABLE note AS SELECT 'kept' AS text").await;
    assert_eq!(sql::value(&mut admin, "current_setting('fsync')").await, "off");
    drop(admin);
    first.stop().await;
    assert!(!data.path().join("postgres/cluster/postmaster.pid").exists());

    let second = start(data.path()).await;
    let mut admin = sql::connect(&second.urls().admin).await;
    assert_eq!(sql::value(&mut admin, "SELECT text AS value FROM note").await, "kept");
    second.stop().await;
}

#[tokio::test]
async fn a_killed_database_comes_back() {
    let data = data_dir();
    let embedded = start(data.path()).await;
    let mut admin = sql::connect(&embedded.urls().admin).await;
    sql::execute(&mut admin, "CREATE TABLE note AS SELECT 'kept' AS text").await;
    let killed = embedded.process_id().unwrap();

    kill(killed);
    timeout(PATIENCE, async {
        while embedded.process_id().is_none_or(|process| process == killed) {
            sleep(Duration::from_millis(5)).await;
        }
    })
    .await
    .unwrap();
    let mut admin = sql::connect(&embedded.urls().admin).await;
    assert_eq!(sql::value(&mut admin, "SELECT text AS value FROM note").await, "kept");
    embedded.stop().await;
}

#[tokio::test]
async fn a_second_server_is_refused_and_harms_nothing() {
    let data = data_dir();
    let embedded = start(data.path()).await;
    let refusal = refused(config(data.path())).await;
    assert!(matches!(refusal, EmbeddedError::AlreadyRunning { .. }), "{refusal}");
    let mut app = sql::connect(&embedded.urls().app).await;
    assert_eq!(sql::value(&mut app, "current_user").await, "switchboard_app");
    embedded.stop().await;
}

#[tokio::test]
async fn a_look_changes_nothing() {
    let data = data_dir();
    let look = || Embedded::look(data.path()).unwrap();
    assert!(matches!(look(), Found::Nothing));
    let embedded = start(data.path()).await;
    assert!(matches!(look(), Found::Running(urls) if urls.app == embedded.urls().app));
    embedded.stop().await;
    assert!(matches!(look(), Found::Stopped));
}

#[tokio::test]
async fn lies_of_a_killed_run_are_cleared_away() {
    let data = data_dir();
    start(data.path()).await.stop().await;
    // A pid file that names a live process which is none of ours, as after a container's restart.
    let cluster = data.path().join("postgres/cluster");
    let pid_file = format!("{}\n{}\n0\n5432\n\n\n\nready\n", std::process::id(), cluster.display());
    fs::write(cluster.join("postmaster.pid"), &pid_file).unwrap();
    let socket = data.path().join("postgres/socket");
    fs::write(socket.join(".s.PGSQL.5432.lock"), &pid_file).unwrap();

    start(data.path()).await.stop().await;
}

#[tokio::test]
async fn data_of_another_version_is_refused_by_name() {
    let data = data_dir();
    let cluster = data.path().join("postgres/cluster");
    fs::create_dir_all(&cluster).unwrap();
    fs::write(cluster.join("PG_VERSION"), "9\n").unwrap();
    let refusal = refused(config(data.path())).await.to_string();
    assert!(
        refusal.starts_with("the database was made by PostgreSQL 9, and only "),
        "{refusal}"
    );
}

#[tokio::test]
async fn a_folder_without_binaries_is_refused() {
    let data = data_dir();
    let config = EmbeddedConfig {
        binaries: Some(data.path().to_owned()),
        ..config(data.path())
    };
    let refusal = refused(config).await.to_string();
    assert!(refusal.ends_with("has no usable PostgreSQL: no initdb"), "{refusal}");
}

#[tokio::test]
async fn a_long_path_works_through_a_short_socket() {
    let data = data_dir();
    let embedded = start(&data.path().join("x".repeat(120))).await;
    let mut app = sql::connect(&embedded.urls().app).await;
    assert_eq!(sql::value(&mut app, "current_database()").await, "switchboard");
    embedded.stop().await;
}

/// Not a test: the server that [`both_killed_at_once_recover`] kills.
#[tokio::test]
#[ignore = "run by another test, in a process of its own"]
async fn serve_until_killed() {
    let data = std::env::var("SWITCHBOARD_TEST_VICTIM").unwrap();
    let embedded = start(Path::new(&data)).await;
    let mut admin = sql::connect(&embedded.urls().admin).await;
    sql::execute(&mut admin, "CREATE TABLE note AS SELECT 'kept' AS text").await;
    let told = format!("{}", embedded.process_id().unwrap());
    fs::write(Path::new(&data).join("told.part"), told).unwrap();
    fs::rename(Path::new(&data).join("told.part"), Path::new(&data).join("told")).unwrap();
    sleep(PATIENCE * 3).await;
}

/// Starts a server in another process and returns it with its database's process.
async fn victim(data: &Path) -> (std::process::Child, u32) {
    let child = Command::new(std::env::current_exe().unwrap())
        .args(["--ignored", "--exact", "embedded::serve_until_killed"])
        .env("SWITCHBOARD_TEST_VICTIM", data)
        .stdout(Stdio::null())
        .spawn()
        .unwrap();
    let told = timeout(PATIENCE, async {
        loop {
            if let Ok(text) = fs::read_to_string(data.join("told")) {
                return text.parse().unwrap();
            }
            sleep(Duration::from_millis(5)).await;
        }
    })
    .await
    .unwrap();
    (child, told)
}

#[tokio::test]
async fn a_killed_server_takes_its_database_along() {
    let data = data_dir();
    let (mut server, _database) = victim(data.path()).await;
    server.kill().unwrap();
    server.wait().unwrap();

    let embedded = start(data.path()).await;
    let mut admin = sql::connect(&embedded.urls().admin).await;
    assert_eq!(sql::value(&mut admin, "SELECT text AS value FROM note").await, "kept");
    embedded.stop().await;
}

#[tokio::test]
async fn both_killed_at_once_recover() {
    let data = data_dir();
    let (mut server, database) = victim(data.path()).await;
    // The database first: its keeper must not have the time to bring it back.
    kill(database);
    server.kill().unwrap();
    server.wait().unwrap();

    let embedded = start(data.path()).await;
    let mut admin = sql::connect(&embedded.urls().admin).await;
    assert_eq!(sql::value(&mut admin, "SELECT text AS value FROM note").await, "kept");
    embedded.stop().await;
}

#[tokio::test]
async fn the_store_goes_on_after_its_database_was_killed() {
    let data = data_dir();
    let embedded = start(data.path()).await;
    let urls = embedded.urls();
    store::migrate::run(&urls).await.unwrap();
    let clock = kernel::Clock::machine();
    let store = Store::open(StoreConfig { urls, pool: 2, clock }).unwrap();
    let caller = Caller::system(TenantId::fresh(), "test");
    let ask = || {
        store.read(&caller, async |tx| {
            Ok::<_, StoreError>(tx.conn().batch_execute("SELECT 1").await?)
        })
    };
    ask().await.unwrap();

    kill(embedded.process_id().unwrap());
    timeout(PATIENCE, async {
        // Until it is back, the store says so instead of hanging.
        while let Err(error) = ask().await {
            assert!(matches!(error, StoreError::Unreachable(_)), "{error:?}");
            sleep(Duration::from_millis(5)).await;
        }
    })
    .await
    .unwrap();
    embedded.stop().await;
}
