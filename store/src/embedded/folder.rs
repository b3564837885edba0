//! The folder `postgres` in the server's data folder: the cluster, the socket, the log, the lock.
//!
//! Root may have data where the account that PostgreSQL runs as cannot go, below `/root` for
//! example. Then the cluster lies in `/var/lib/switchboard`, and a file `location` tells where.

use std::{
    fs::{self, File, Permissions, TryLockError},
    os::unix::fs::{MetadataExt, PermissionsExt, chown},
    path::{Path, PathBuf},
};

use tempfile::TempDir;

use super::{
    account::Account,
    error::{EmbeddedError, file},
    orphans::Remains,
    reach,
};

/// A socket's path has at most this many bytes, by the kernel's `sun_path`.
const LONGEST_SOCKET: usize = 107;
const SOCKET_NAME: &str = ".s.PGSQL.5432";
/// A log longer than this is set aside at the start, and the one before it dropped.
const LONGEST_LOG: u64 = 1024 * 1024;

/// The folder, locked: no other server uses it while this exists.
pub(super) struct Folder {
    home: PathBuf,
    root: PathBuf,
    socket: PathBuf,
    // Kept for what dropping them does: the kernel frees the lock however the server ends.
    _lock: File,
    _short_socket: Option<TempDir>,
}

impl Folder {
    /// Opens and locks the folder, creating it when there is none.
    pub(super) fn open(data_dir: &Path) -> Result<Self, EmbeddedError> {
        let home = data_dir.join("postgres");
        fs::create_dir_all(&home).map_err(file("create", &home))?;
        let home = home.canonicalize().map_err(file("find", &home))?;
        let lock = lock(&home)?;
        let root =
            fs::read_to_string(home.join("location")).map_or_else(|_| home.clone(), |text| PathBuf::from(text.trim()));
        let (socket, short_socket) = socket_folder(&root)?;
        Ok(Self {
            home,
            root,
            socket,
            _lock: lock,
            _short_socket: short_socket,
        })
    }

    pub(super) fn root(&self) -> &Path {
        &self.root
    }

    pub(super) fn cluster(&self) -> PathBuf {
        self.root.join("cluster")
    }

    pub(super) fn socket(&self) -> &Path {
        &self.socket
    }

    pub(super) fn log(&self) -> PathBuf {
        self.home.join("postgres.log")
    }

    /// What a run that was killed leaves here.
    pub(super) fn remains(&self) -> Remains {
        Remains {
            cluster: self.cluster(),
            traces: [
                self.cluster().join("postmaster.pid"),
                self.socket.join(SOCKET_NAME),
                self.socket.join(format!("{SOCKET_NAME}.lock")),
            ],
        }
    }

    /// The major version that made the cluster, if there is one.
    pub(super) fn major(&self) -> Option<u32> {
        let text = fs::read_to_string(self.cluster().join("PG_VERSION")).ok()?;
        text.trim().split('.').next()?.parse().ok()
    }

    /// Who owns the cluster, if there is one.
    pub(super) fn cluster_owner(&self) -> Option<u32> {
        self.major()?;
        fs::metadata(self.cluster()).ok().map(|meta| meta.uid())
    }

    /// The same folder where the account can reach it: elsewhere, when this one is closed to it.
    pub(super) fn within_reach(self, account: &Account) -> Result<Self, EmbeddedError> {
        if !account.steps_down {
            return self.owned_by(account);
        }
        open_up(&self.root)?;
        let Some(wall) = reach::wall(&self.root, account) else {
            return Ok(self);
        };
        if self.major().is_some() {
            return Err(EmbeddedError::OutOfReach {
                account: account.name.clone(),
                path: self.cluster(),
                wall,
                elsewhere: reach::elsewhere(),
                reason: "the database is already here".to_owned(),
            });
        }
        self.moved(&wall, account)
    }

    fn owned_by(self, account: &Account) -> Result<Self, EmbeddedError> {
        match self.cluster_owner() {
            Some(owner) if owner != account.uid => Err(EmbeddedError::NotOurs {
                folder: self.cluster(),
                owner,
            }),
            _ => Ok(self),
        }
    }

    fn moved(self, wall: &Path, account: &Account) -> Result<Self, EmbeddedError> {
        let name = format!("data-{}", uuid::Uuid::now_v7().simple());
        let root = reach::make_elsewhere(&self.root, account)?.join(name);
        fs::create_dir_all(&root).map_err(file("create", &root))?;
        open_up(&root)?;
        let note = self.home.join("location");
        let text = format!("{}\n", root.display());
        fs::write(&note, text).map_err(file("write", &note))?;
        tracing::info!(
            account = %account.name, closed = %wall.display(), database = %root.display(),
            "the data folder is closed to the database's account, so the database lies elsewhere"
        );
        let (socket, short_socket) = socket_folder(&root)?;
        Ok(Self {
            root,
            socket,
            _short_socket: short_socket,
            ..self
        })
    }

    /// Gives the account what it must own: the cluster and the socket's folder.
    pub(super) fn hand_to(&self, account: &Account) -> Result<(), EmbeddedError> {
        fs::create_dir_all(&self.socket).map_err(file("create", &self.socket))?;
        close(&self.socket, account)?;
        let note = self.home.join("socket-folder");
        let text = format!("{}\n", self.socket.display());
        fs::write(&note, text).map_err(file("write", &note))?;
        let cluster = self.cluster();
        if account.steps_down && self.cluster_owner().is_some_and(|uid| uid != account.uid) {
            hand_tree(&cluster, account)?;
        }
        Ok(())
    }
}

/// Whether a data folder has ever had a database.
pub(super) fn exists(data_dir: &Path) -> bool {
    data_dir.join("postgres").is_dir()
}

/// The socket's folder, as the server that runs on the data folder wrote it down.
pub(super) fn told_socket(data_dir: &Path) -> Result<PathBuf, EmbeddedError> {
    let note = data_dir.join("postgres/socket-folder");
    let text = fs::read_to_string(&note).map_err(file("read", &note))?;
    Ok(PathBuf::from(text.trim()))
}

/// Opens PostgreSQL's log for appending, after setting a long one aside.
pub(super) fn open_log(path: &Path) -> Result<File, EmbeddedError> {
    if fs::metadata(path).is_ok_and(|meta| meta.len() > LONGEST_LOG) {
        fs::rename(path, path.with_extension("log.1")).map_err(file("set aside", path))?;
    }
    File::options()
        .create(true)
        .append(true)
        .open(path)
        .map_err(file("open", path))
}

/// Makes a folder the account's own, closed to everyone else.
pub(super) fn close(folder: &Path, account: &Account) -> Result<(), EmbeddedError> {
    fs::set_permissions(folder, Permissions::from_mode(0o700)).map_err(file("close", folder))?;
    if account.steps_down {
        chown(folder, Some(account.uid), Some(account.gid)).map_err(file("hand over", folder))?;
    }
    Ok(())
}

fn lock(home: &Path) -> Result<File, EmbeddedError> {
    let path = home.join("lock");
    let lock = File::options()
        .create(true)
        .truncate(false)
        .write(true)
        .open(&path)
        .map_err(file("open", &path))?;
    // A process that another thread is just starting holds a copy of a lock that was given up, until it runs its program.
    for _ in 0..LOCK_TRIES {
        match lock.try_lock() {
            Ok(()) => return Ok(lock),
            Err(TryLockError::WouldBlock) => pause(),
            Err(TryLockError::Error(source)) => return Err(file("lock", &path)(source)),
        }
    }
    Err(EmbeddedError::AlreadyRunning {
        folder: home.to_owned(),
    })
}

const LOCK_TRIES: u32 = 50;

#[expect(
    clippy::disallowed_methods,
    reason = "the start waits on purpose, half a second at most"
)]
fn pause() {
    std::thread::sleep(std::time::Duration::from_millis(10));
}

/// The socket's folder, or a short temporary one when its path would be too long.
fn socket_folder(root: &Path) -> Result<(PathBuf, Option<TempDir>), EmbeddedError> {
    let socket = root.join("socket");
    if socket.as_os_str().len() + 1 + SOCKET_NAME.len() <= LONGEST_SOCKET {
        return Ok((socket, None));
    }
    let short = tempfile::Builder::new()
        .prefix("switchboard-")
        .tempdir_in("/tmp")
        .map_err(file("create a folder in", Path::new("/tmp")))?;
    Ok((short.path().to_owned(), Some(short)))
}

/// Lets other accounts walk through, without letting them list what is there.
fn open_up(folder: &Path) -> Result<(), EmbeddedError> {
    fs::set_permissions(folder, Permissions::from_mode(0o711)).map_err(file("open up", folder))
}

fn hand_tree(path: &Path, account: &Account) -> Result<(), EmbeddedError> {
    let meta = fs::symlink_metadata(path).map_err(file("read", path))?;
    std::os::unix::fs::lchown(path, Some(account.uid), Some(account.gid)).map_err(file("hand over", path))?;
    if meta.is_dir() {
        for entry in fs::read_dir(path).map_err(file("read", path))? {
            hand_tree(&entry.map_err(file("read", path))?.path(), account)?;
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_second_server_is_refused() {
        let data = tempfile::tempdir().unwrap();
        let first = Folder::open(data.path()).unwrap();
        let second = Folder::open(data.path()).err().unwrap().to_string();
        assert!(second.starts_with("another server runs on /"), "{second}");
        drop(first);
        assert!(Folder::open(data.path()).is_ok());
    }

    #[test]
    fn a_long_path_gets_a_short_socket() {
        let data = tempfile::tempdir().unwrap();
        let long = data.path().join("x".repeat(120));
        let folder = Folder::open(&long).unwrap();
        assert!(folder.socket().starts_with("/tmp"));
        assert!(folder.cluster().starts_with(long.canonicalize().unwrap()));
    }

    #[test]
    fn the_major_version_comes_from_the_cluster() {
        let data = tempfile::tempdir().unwrap();
        let folder = Folder::open(data.path()).unwrap();
        assert_eq!(folder.major(), None);
        fs::create_dir(folder.cluster()).unwrap();
        fs::write(folder.cluster().join("PG_VERSION"), "17\n").unwrap();
        assert_eq!(folder.major(), Some(17));
    }
}
