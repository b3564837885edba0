//! One run of `postgres`: how it is launched, when it is ready, how it is asked to stop.

use std::{
    fs, io,
    os::unix::{net::UnixStream, process::CommandExt},
    path::PathBuf,
    process::{Child, Command, Stdio},
    time::Duration,
};

use rustix::process::{Pid, Signal, getppid, kill_process, set_parent_process_death_signal};

use super::{EmbeddedConfig, account::Account, error::EmbeddedError, folder, wait};

/// Recovery after a crash replays the log first, which takes as long as it takes.
const STARTING: Duration = Duration::from_secs(300);

/// All that a start needs, kept for the next one.
pub(super) struct Launch {
    pub(super) binary: PathBuf,
    pub(super) cluster: PathBuf,
    pub(super) socket: PathBuf,
    pub(super) log: PathBuf,
    pub(super) account: Account,
    pub(super) settings: Vec<(String, String)>,
}

impl Launch {
    /// Starts the process and waits until it accepts connections.
    ///
    /// The death signal is bound to the calling thread: when that ends, PostgreSQL stops.
    pub(super) fn start(&self) -> Result<Child, EmbeddedError> {
        let mut child = self.spawn()?;
        let answer = wait::until(STARTING, |_| match child.try_wait() {
            Ok(Some(status)) => Some(Err(status.to_string())),
            Ok(None) => self.is_ready(child.id()).then_some(Ok(())),
            Err(error) => Some(Err(error.to_string())),
        });
        match answer {
            Some(Ok(())) => Ok(child),
            Some(Err(status)) => Err(EmbeddedError::Start(format!("{status}; {}", self.last_words()))),
            None => {
                signal(child.id(), Signal::QUIT);
                let _status = child.wait();
                Err(EmbeddedError::Start(format!(
                    "not ready in time; {}",
                    self.last_words()
                )))
            }
        }
    }

    fn spawn(&self) -> Result<Child, EmbeddedError> {
        let log = folder::open_log(&self.log)?;
        let mut command = Command::new(&self.binary);
        command.arg("-D").arg(&self.cluster).arg("-k").arg(&self.socket);
        for (name, value) in &self.settings {
            command.arg("-c").arg(format!("{name}={value}"));
        }
        command
            .current_dir("/")
            .stdin(Stdio::null())
            .stdout(Stdio::null())
            .stderr(log)
            // Ctrl-C in a terminal reaches only us; we stop it after the last request.
            .process_group(0);
        self.account.apply(&mut command);
        die_with_us(&mut command);
        command
            .spawn()
            .map_err(|error| EmbeddedError::Start(format!("{}: {error}", self.binary.display())))
    }

    /// Line 8 of the process file says so, and somebody listens.
    fn is_ready(&self, process: u32) -> bool {
        let Ok(text) = fs::read_to_string(self.cluster.join("postmaster.pid")) else {
            return false;
        };
        let mut lines = text.lines().map(str::trim);
        lines.next() == Some(process.to_string().as_str())
            && lines.nth(6) == Some("ready")
            && UnixStream::connect(self.socket.join(".s.PGSQL.5432")).is_ok()
    }

    /// The end of the log, which tells why a start failed.
    fn last_words(&self) -> String {
        let bytes = fs::read(&self.log).unwrap_or_default();
        let text = String::from_utf8_lossy(&bytes);
        let lines: Vec<&str> = text.lines().rev().take(4).collect();
        lines.into_iter().rev().collect::<Vec<_>>().join(" | ")
    }
}

/// The settings on the command line: ours, then those of the configuration.
pub(super) fn settings(config: &EmbeddedConfig) -> Vec<(String, String)> {
    const ALWAYS: &[(&str, &str)] = &[
        ("listen_addresses", ""),
        ("unix_socket_permissions", "0700"),
        ("port", "5432"),
        ("max_connections", "60"),
        ("timezone", "UTC"),
        ("log_timezone", "UTC"),
        ("log_checkpoints", "off"),
        ("wal_level", "minimal"),
        ("max_wal_senders", "0"),
        ("jit", "off"),
        ("shared_buffers", "256MB"),
        // Pages are written out ahead of need, so that no commit has to wait for room.
        ("bgwriter_delay", "50ms"),
        ("bgwriter_lru_maxpages", "1000"),
        ("max_wal_size", "1GB"),
        ("min_wal_size", "128MB"),
    ];
    const QUICK: &[(&str, &str)] = &[
        ("fsync", "off"),
        ("synchronous_commit", "off"),
        ("full_page_writes", "off"),
        ("max_connections", "300"),
        ("autovacuum", "off"),
    ];
    let quick = if config.quick { QUICK } else { &[] };
    ALWAYS
        .iter()
        .chain(quick)
        .map(|(name, value)| ((*name).to_owned(), (*value).to_owned()))
        .chain(config.settings.iter().cloned())
        .collect()
}

/// Sends a signal; a process that is gone already needs none.
pub(super) fn signal(process: u32, signal: Signal) {
    if let Some(process) = i32::try_from(process).ok().and_then(Pid::from_raw) {
        let _gone = kill_process(process, signal);
    }
}

/// Makes the kernel stop the command when the thread that starts it ends, `kill -9` included.
pub(super) fn die_with_us(command: &mut Command) {
    let us = rustix::process::getpid();
    let ask_the_kernel = move || {
        set_parent_process_death_signal(Some(Signal::INT))?;
        // We may have died between the fork and the line above.
        if getppid() == Some(us) {
            Ok(())
        } else {
            Err(io::ErrorKind::NotConnected.into())
        }
    };
    #[expect(
        unsafe_code,
        reason = "between fork and exec only async-signal-safe calls are allowed; these are two \
                  bare system calls"
    )]
    // SAFETY: nothing here allocates or locks; it runs after the change of user, which
    // would clear the signal.
    unsafe {
        command.pre_exec(ask_the_kernel);
    }
}
