//! A server that we started: pinned, with its log in a file, and stopped with everything it started.

use std::fs::File;
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::time::Duration;

use anyhow::{Context, Result, bail};
use rustix::process::{Pid, Signal, kill_process};
use tokio::net::TcpStream;
use tokio::signal::unix::{SignalKind, signal};
use tokio::time::{Instant, sleep};

use super::{CLIENT_CORE, SERVER_CORE, pin, usage};

const PATIENCE: Duration = Duration::from_secs(90);

/// A running server. Stopped when dropped.
pub(crate) struct Process {
    child: Child,
    pub(crate) port: u16,
    stop: Signal,
}

impl Process {
    /// Starts a command, on the servers' core if things are pinned.
    pub(crate) fn start(mut command: Command, port: u16, log: &Path, pinned: bool) -> Result<Self> {
        let file = File::create(log)?;
        command.stdin(Stdio::null()).stdout(file.try_clone()?).stderr(file);
        if pinned {
            pin::to_core(SERVER_CORE)?;
        }
        let child = command.spawn();
        if pinned {
            pin::to_core(CLIENT_CORE)?;
        }
        let child = child.with_context(|| format!("start {}", command.get_program().display()))?;
        Ok(Self {
            child,
            port,
            stop: Signal::TERM,
        })
    }

    /// The same, asked to stop by another signal.
    pub(crate) fn stopped_by(mut self, stop: Signal) -> Self {
        self.stop = stop;
        self
    }

    pub(crate) fn id(&self) -> u32 {
        self.child.id()
    }

    /// Ends it as a power cut would.
    pub(crate) fn kill(&mut self) {
        let _gone = self.child.kill();
        let _status = self.child.wait();
    }

    /// Waits until the port accepts.
    pub(crate) async fn accepting(&mut self, log: &Path) -> Result<()> {
        let until = Instant::now() + PATIENCE;
        while Instant::now() < until {
            if TcpStream::connect(("127.0.0.1", self.port)).await.is_ok() {
                return Ok(());
            }
            if let Some(status) = self.child.try_wait()? {
                bail!(
                    "ended with {status}: {}",
                    std::fs::read_to_string(log).unwrap_or_default()
                );
            }
            sleep(Duration::from_millis(20)).await;
        }
        bail!(
            "not ready in time: {}",
            std::fs::read_to_string(log).unwrap_or_default()
        )
    }

    /// Asks it to stop, and insists after a while.
    fn stop(&mut self) {
        const TRIES: u32 = 200;
        let family = usage::family(self.child.id());
        send(self.child.id(), self.stop);
        for _ in 0..TRIES {
            if !matches!(self.child.try_wait(), Ok(None)) {
                break;
            }
            // A destructor cannot wait as a task does.
            let _interrupted = rustix::thread::nanosleep(&rustix::thread::Timespec {
                tv_sec: 0,
                tv_nsec: 50_000_000,
            });
        }
        let _gone = self.child.kill();
        let _status = self.child.wait();
        for member in family.into_iter().filter(usage::Member::is_alive) {
            send(member.id, Signal::KILL);
        }
    }
}

impl Drop for Process {
    fn drop(&mut self) {
        self.stop();
    }
}

/// Waits until we are told to stop.
pub(crate) async fn told_to_stop() -> Result<()> {
    let mut terminate = signal(SignalKind::terminate())?;
    let mut interrupt = signal(SignalKind::interrupt())?;
    tokio::select! {
        _ = terminate.recv() => {}
        _ = interrupt.recv() => {}
    }
    bail!("stopped")
}

/// A port that nobody listens on, and nobody on the one 10,000 above, where a peer puts its database.
///
/// Both lie below those that the kernel gives to connections, ten thousand of which may still be closing.
pub(crate) fn free_port() -> Result<u16> {
    let is_free = |port: u16| std::net::TcpListener::bind(("127.0.0.1", port)).is_ok();
    let first = 20_000 + u16::try_from(std::process::id() % 2_000)?;
    let mut ports = (first..22_700).filter(|port| is_free(*port) && is_free(port + 10_000));
    ports.next().context("no port is free")
}

fn send(process: u32, signal: Signal) {
    if let Some(process) = i32::try_from(process).ok().and_then(Pid::from_raw) {
        let _gone = kill_process(process, signal);
    }
}
