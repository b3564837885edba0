//! Makes a new cluster with `initdb`, whole or not at all.

use std::{
    fs,
    path::Path,
    process::{Command, Output},
};

use super::{
    account::Account,
    binaries::Binaries,
    error::{EmbeddedError, file},
    folder::{self, Folder},
    process,
};

/// From this version on PostgreSQL brings a locale that no upgrade of the system changes.
const BUILTIN_LOCALE: u32 = 17;

/// Creates the cluster of a folder that has none.
pub(super) fn create(
    folder: &Folder,
    binaries: &Binaries,
    account: &Account,
    quick: bool,
) -> Result<(), EmbeddedError> {
    let part = folder.root().join("cluster.part");
    let mut outcome = initdb(&part, binaries, account, quick, locale(binaries.major))?;
    if !outcome.status.success() && said(&outcome).contains("locale") {
        // A system without C.UTF-8; only letters beyond ASCII lose their case folding.
        outcome = initdb(&part, binaries, account, quick, &["--locale=C"])?;
    }
    if !outcome.status.success() {
        return Err(EmbeddedError::Initdb(said(&outcome)));
    }
    let cluster = folder.cluster();
    if cluster.exists() {
        // Without PG_VERSION it is no cluster; rename() refuses unless it is empty.
        fs::remove_dir(&cluster).map_err(file("replace", &cluster))?;
    }
    fs::rename(&part, &cluster).map_err(file("create", &cluster))
}

fn locale(major: u32) -> &'static [&'static str] {
    if major >= BUILTIN_LOCALE {
        &["--locale-provider=builtin", "--locale=C.UTF-8"]
    } else {
        &["--locale=C.UTF-8"]
    }
}

fn initdb(
    part: &Path,
    binaries: &Binaries,
    account: &Account,
    quick: bool,
    locale: &[&str],
) -> Result<Output, EmbeddedError> {
    if part.exists() {
        fs::remove_dir_all(part).map_err(file("remove", part))?;
    }
    fs::create_dir_all(part).map_err(file("create", part))?;
    folder::close(part, account)?;
    let program = binaries.initdb();
    let mut command = Command::new(&program);
    command
        .arg("--pgdata")
        .arg(part)
        // Trust holds only behind the socket, whose folder is closed to other accounts.
        .args(["--username=postgres", "--auth=trust", "--encoding=UTF8", "--no-sync"])
        // In megabytes. Whoever needs a new segment waits until it is on the disk, and everyone with them.
        .arg("--wal-segsize=4")
        .args(locale)
        .current_dir("/");
    if !quick {
        command.arg("--data-checksums");
    }
    account.apply(&mut command);
    process::die_with_us(&mut command);
    command.output().map_err(file("run", &program))
}

fn said(outcome: &Output) -> String {
    let text = String::from_utf8_lossy(&outcome.stderr).trim().to_owned();
    if text.is_empty() {
        return outcome.status.to_string();
    }
    text
}
