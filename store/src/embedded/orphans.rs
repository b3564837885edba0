//! What a server that was killed left behind: processes that still end, and files that lie.
//!
//! We hold the folder's lock, so no server lives. PostgreSQL's own lock files name a process by
//! its number, which may be a zombie nobody reaps or, after a restart, someone else's process;
//! so we look for processes that work in the folder, and then delete those files.

use std::{
    fs, io,
    path::{Path, PathBuf},
    time::Duration,
};

use rustix::process::{Pid, Signal, kill_process};

use super::{
    error::{EmbeddedError, file},
    wait,
};

/// How long a postmaster whose server died may take to stop.
const STOPPING: Duration = Duration::from_secs(30);
/// Backends whose postmaster is gone notice it when they next wait; these are the nudges.
const ASK: Duration = Duration::from_secs(2);
const FORCE: Duration = Duration::from_secs(4);

/// Where a dead run leaves something.
#[derive(Debug, Clone)]
pub(super) struct Remains {
    pub(super) cluster: PathBuf,
    /// The files by which PostgreSQL remembers that it runs.
    pub(super) traces: [PathBuf; 3],
}

/// Waits until nothing runs in the cluster, then deletes PostgreSQL's lock files.
pub(super) fn clear(remains: &Remains) -> Result<(), EmbeddedError> {
    let cluster = &remains.cluster;
    let gone = wait::until(STOPPING, |elapsed| {
        let running = working_in(cluster);
        if running.is_empty() {
            return Some(());
        }
        let orphaned = postmaster(cluster).is_none_or(|main| !running.contains(&main));
        if orphaned && elapsed > ASK {
            let signal = if elapsed > FORCE { Signal::KILL } else { Signal::QUIT };
            nudge(&running, signal);
        }
        None
    });
    if gone.is_none() {
        return Err(EmbeddedError::Foreign {
            process: working_in(cluster).first().copied().unwrap_or_default(),
            folder: cluster.clone(),
        });
    }
    for path in &remains.traces {
        match fs::remove_file(path) {
            Err(error) if error.kind() != io::ErrorKind::NotFound => {
                return Err(file("remove", path)(error));
            }
            _ => {}
        }
    }
    Ok(())
}

/// The processes whose current folder is this one; a zombie has none.
fn working_in(cluster: &Path) -> Vec<u32> {
    let Ok(processes) = fs::read_dir("/proc") else {
        return Vec::new();
    };
    processes
        .flatten()
        .filter_map(|entry| Some((entry.file_name().to_str()?.parse().ok()?, entry.path())))
        .filter(|(_, process): &(u32, PathBuf)| fs::read_link(process.join("cwd")).is_ok_and(|cwd| cwd == cluster))
        .map(|(id, _)| id)
        .collect()
}

/// The main process, as `postmaster.pid` names it.
fn postmaster(cluster: &Path) -> Option<u32> {
    let text = fs::read_to_string(cluster.join("postmaster.pid")).ok()?;
    text.lines().next()?.trim().parse().ok()
}

fn nudge(processes: &[u32], signal: Signal) {
    for id in processes {
        if let Some(process) = i32::try_from(*id).ok().and_then(Pid::from_raw) {
            // It may have ended meanwhile, which is what we want.
            let _ended = kill_process(process, signal);
        }
    }
}
