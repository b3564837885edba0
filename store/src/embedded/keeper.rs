//! The thread that keeps PostgreSQL alive: it starts it, waits for its end, and starts it again.
//!
//! The thread must live as long as the server, because the kernel's death signal is bound to it;
//! so it is a thread of its own and not one of a runtime's workers.

use std::{
    process::Child,
    sync::{
        Arc,
        atomic::{AtomicBool, AtomicU32, Ordering},
        mpsc::{self, RecvTimeoutError},
    },
    thread::{self, JoinHandle},
    time::Duration,
};

use rustix::process::Signal;

use super::{
    error::EmbeddedError,
    orphans::{self, Remains},
    process::{self, Launch},
    wait::{self, Watch},
};

/// A clean stop writes a checkpoint; past this it is cut short, and the next start recovers.
const STOPPING: Duration = Duration::from_secs(20);
/// A run longer than this was a good one, so the next restart is at once again.
const GOOD_RUN: Duration = Duration::from_secs(30);
const LONGEST_PAUSE: Duration = Duration::from_secs(5);

/// Keeps PostgreSQL running until dropped.
pub(super) struct Keeper {
    watched: Arc<Watched>,
    /// Dropping it ends the pause between two attempts.
    stop: Option<mpsc::Sender<()>>,
    thread: Option<JoinHandle<()>>,
}

/// What the thread and its owner both see.
#[derive(Default)]
struct Watched {
    /// The running process, 0 between two.
    process: AtomicU32,
    stopping: AtomicBool,
}

impl Keeper {
    /// Starts PostgreSQL in a new thread and returns when it accepts connections.
    pub(super) fn start(launch: Launch, remains: Remains) -> Result<Self, EmbeddedError> {
        let watched = Arc::new(Watched::default());
        let (stop, stopped) = mpsc::channel();
        let (report, started) = mpsc::sync_channel(1);
        let shared = Arc::clone(&watched);
        let thread = thread::Builder::new()
            .name("postgres".to_owned())
            .spawn(move || match launch.start() {
                Ok(child) => {
                    shared.process.store(child.id(), Ordering::SeqCst);
                    // Nobody listens only when the server is already going down.
                    let _gone = report.send(Ok(()));
                    keep(&launch, &remains, &shared, &stopped, child);
                }
                Err(error) => {
                    let _gone = report.send(Err(error));
                }
            })
            .map_err(|error| EmbeddedError::Start(error.to_string()))?;
        started
            .recv()
            .map_err(|error| EmbeddedError::Start(error.to_string()))??;
        Ok(Self {
            watched,
            stop: Some(stop),
            thread: Some(thread),
        })
    }

    /// The running process, if there is one just now.
    pub(super) fn process_id(&self) -> Option<u32> {
        let process = self.watched.process.load(Ordering::SeqCst);
        (process != 0).then_some(process)
    }

    fn signal(&self, signal: Signal) {
        if let Some(process) = self.process_id() {
            process::signal(process, signal);
        }
    }
}

impl Drop for Keeper {
    /// Asks PostgreSQL to end every session and write everything down, and waits for it.
    fn drop(&mut self) {
        self.watched.stopping.store(true, Ordering::SeqCst);
        drop(self.stop.take());
        let Some(thread) = self.thread.take() else {
            return;
        };
        let mut asked = None;
        let done = wait::until(STOPPING, |_| {
            // A restart may be under way, so the process to stop is looked up each time.
            let running = self.process_id();
            if running != asked {
                asked = running;
                self.signal(Signal::INT);
            }
            thread.is_finished().then_some(())
        });
        if done.is_none() {
            tracing::warn!("the database did not stop in time and is cut short");
            self.signal(Signal::QUIT);
        }
        // The thread has no result, and a panic in it was reported when it happened.
        let _ended = thread.join();
    }
}

/// Waits for the end of each run, and begins the next unless we are stopping.
fn keep(launch: &Launch, remains: &Remains, watched: &Watched, stopped: &mpsc::Receiver<()>, mut child: Child) {
    let mut failures = 0;
    loop {
        let run = Watch::start();
        let status = child.wait();
        watched.process.store(0, Ordering::SeqCst);
        if watched.stopping.load(Ordering::SeqCst) {
            return;
        }
        let status = status.map_or_else(|error| error.to_string(), |status| status.to_string());
        tracing::error!(%status, "the database ended by itself and is started again");
        failures = if run.elapsed() > GOOD_RUN { 0 } else { failures };
        child = loop {
            if wants_to_stop(stopped, pause(failures)) {
                return;
            }
            failures += 1;
            match orphans::clear(remains).and_then(|()| launch.start()) {
                Ok(child) => break child,
                Err(error) => tracing::error!(%error, "the database could not be started again"),
            }
        };
        watched.process.store(child.id(), Ordering::SeqCst);
        tracing::info!(process = child.id(), "the database is back");
    }
}

/// None at first, then doubling from a tenth of a second.
fn pause(failures: u32) -> Duration {
    if failures == 0 {
        return Duration::ZERO;
    }
    let doublings = failures.min(10) - 1;
    (Duration::from_millis(100) * 2_u32.pow(doublings)).min(LONGEST_PAUSE)
}

fn wants_to_stop(stopped: &mpsc::Receiver<()>, pause: Duration) -> bool {
    !matches!(stopped.recv_timeout(pause), Err(RecvTimeoutError::Timeout))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_database_that_keeps_dying_is_started_ever_more_slowly() {
        let pauses: Vec<u128> = (0..9).map(|n| pause(n).as_millis()).collect();
        assert_eq!(pauses, [0, 100, 200, 400, 800, 1600, 3200, 5000, 5000]);
    }

    #[test]
    fn the_end_of_the_owner_ends_the_pause() {
        let (stop, stopped) = mpsc::channel();
        assert!(!wants_to_stop(&stopped, Duration::ZERO));
        drop(stop);
        assert!(wants_to_stop(&stopped, Duration::from_secs(60)));
    }
}
