//! A PostgreSQL of our own, set up as the server sets up its embedded one.

use std::fs;
use std::os::unix::fs::{PermissionsExt, chown};
use std::os::unix::process::CommandExt;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::time::Duration;

use anyhow::{Context, Result, bail, ensure};
use rustix::process::Signal;
use tokio::time::sleep;
use tokio_postgres::{Client, NoTls};

use super::process::Process;

/// As the server starts its own; everything else is PostgreSQL's default, so what is committed is on the disk.
const SETTINGS: &[&str] = &[
    "unix_socket_permissions=0777",
    "port=5432",
    "max_connections=60",
    "timezone=UTC",
    "log_timezone=UTC",
    "log_checkpoints=off",
    "wal_level=minimal",
    "max_wal_senders=0",
    "jit=off",
    "shared_buffers=256MB",
    "bgwriter_delay=50ms",
    "bgwriter_lru_maxpages=1000",
    "max_wal_size=1GB",
    "min_wal_size=128MB",
];

/// A running PostgreSQL. Stopped when dropped.
pub(crate) struct Postgres {
    process: Process,
    socket: PathBuf,
}

impl Postgres {
    /// Makes a cluster in a folder and starts it; it listens in the folder, and on a port if one is given.
    pub(crate) async fn start(binaries: &Path, folder: &Path, port: Option<u16>, pinned: bool) -> Result<Self> {
        let account = Account::choose()?;
        let binaries = within_reach(binaries, account.as_ref())?;
        fs::set_permissions(folder, PermissionsExt::from_mode(0o755))?;
        let home = folder.join("postgres");
        fs::create_dir_all(&home)?;
        if let Some(account) = &account {
            chown(&home, Some(account.uid), Some(account.gid))?;
        }
        let cluster = home.join("cluster");
        let mut initdb = command(&binaries.join("initdb"), account.as_ref());
        initdb
            .arg("--pgdata")
            .arg(&cluster)
            .args(["--username=postgres", "--auth=trust", "--encoding=UTF8", "--no-sync"])
            .args(["--locale=C.UTF-8", "--data-checksums", "--wal-segsize=4"]);
        let output = initdb.output().context("run initdb")?;
        ensure!(
            output.status.success(),
            "initdb: {}",
            String::from_utf8_lossy(&output.stderr)
        );

        let mut postgres = command(&binaries.join("postgres"), account.as_ref());
        postgres.arg("-D").arg(&cluster).arg("-k").arg(&home);
        for setting in SETTINGS {
            postgres.args(["-c", setting]);
        }
        match port {
            None => postgres.args(["-c", "listen_addresses="]),
            Some(port) => postgres.args(["-c", "listen_addresses=127.0.0.1", "-c", &format!("port={port}")]),
        };
        let log = folder.join("postgres.log");
        let process = Process::start(postgres, port.unwrap_or(5432), &log, pinned)?.stopped_by(Signal::INT);
        let started = Self { process, socket: home };
        started
            .accepting(port.unwrap_or(5432))
            .await
            .with_context(|| fs::read_to_string(&log).unwrap_or_default())?;
        Ok(started)
    }

    pub(crate) fn id(&self) -> u32 {
        self.process.id()
    }

    /// A connection through the socket.
    pub(crate) async fn connect(&self) -> Result<Client> {
        self.connect_at(5432).await
    }

    async fn connect_at(&self, port: u16) -> Result<Client> {
        let settings = format!(
            "host={} port={port} user=postgres dbname=postgres",
            self.socket.display()
        );
        let (client, connection) = tokio_postgres::connect(&settings, NoTls).await?;
        // It ends when its client goes.
        let _talking = tokio::spawn(connection);
        Ok(client)
    }

    async fn accepting(&self, port: u16) -> Result<()> {
        const TRIES: u32 = 1000;
        for _ in 0..TRIES {
            if self.connect_at(port).await.is_ok() {
                return Ok(());
            }
            sleep(Duration::from_millis(20)).await;
        }
        bail!("PostgreSQL did not get ready")
    }
}

/// PostgreSQL's version, as it says itself.
pub(crate) fn version(binaries: &Path) -> Result<String> {
    let program = binaries.join("postgres");
    let output = Command::new(&program)
        .arg("--version")
        .output()
        .with_context(|| format!("no PostgreSQL at {}", program.display()))?;
    let said = String::from_utf8_lossy(&output.stdout);
    Ok(said.split_whitespace().nth(2).unwrap_or_default().to_owned())
}

/// An unprivileged account: PostgreSQL refuses to be root.
struct Account {
    uid: u32,
    gid: u32,
}

impl Account {
    /// The account to step down to, if we are root.
    fn choose() -> Result<Option<Self>> {
        if !rustix::process::geteuid().is_root() {
            return Ok(None);
        }
        let passwd = fs::read_to_string("/etc/passwd")?;
        let find = |name: &str| passwd.lines().find_map(|line| Self::parse(line, name));
        let found = ["switchboard", "postgres", "nobody"].into_iter().find_map(find);
        Ok(Some(found.context("no account that PostgreSQL could run as")?))
    }

    /// A line of `/etc/passwd`: name, password, uid, gid, and what we do not need.
    fn parse(line: &str, wanted: &str) -> Option<Self> {
        let mut fields = line.split(':');
        (fields.next()? == wanted).then_some(())?;
        let uid = fields.nth(1)?.parse().ok()?;
        let gid = fields.next()?.parse().ok()?;
        Some(Self { uid, gid })
    }
}

fn command(program: &Path, account: Option<&Account>) -> Command {
    let mut command = Command::new(program);
    command.current_dir("/");
    if let Some(account) = account {
        command.uid(account.uid).gid(account.gid);
    }
    command
}

/// The binaries where the account can execute them, copied there if need be.
fn within_reach(binaries: &Path, account: Option<&Account>) -> Result<PathBuf> {
    let binaries = binaries
        .canonicalize()
        .with_context(|| binaries.display().to_string())?;
    let is_open = |folder: &Path| fs::metadata(folder).is_ok_and(|about| about.permissions().mode() & 0o001 != 0);
    if account.is_none() || binaries.ancestors().all(is_open) {
        return Ok(binaries);
    }
    let root = binaries.parent().context("no folder above")?;
    let copy = PathBuf::from(format!("/var/tmp/switchboard-bench-postgres-{}", version(&binaries)?));
    if !copy.exists() {
        let status = Command::new("cp").arg("-rL").arg(root).arg(&copy).status()?;
        ensure!(status.success(), "could not copy {}", root.display());
    }
    Ok(copy.join("bin"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_account_is_found_by_its_name() {
        let line = "postgres:x:101:104:PostgreSQL,,,:/var/lib/postgresql:/bin/bash";
        let found = Account::parse(line, "postgres").map(|account| (account.uid, account.gid));
        assert_eq!(found, Some((101, 104)));
        assert!(Account::parse(line, "nobody").is_none());
    }
}
