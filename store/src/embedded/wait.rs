//! Waiting for another process: short polls up to a limit.

use std::{
    thread,
    time::{Duration, Instant},
};

const STEP: Duration = Duration::from_millis(5);

/// A stopwatch for what processes do; their time is real even where tests fix the clock.
pub(super) struct Watch(Instant);

impl Watch {
    pub(super) fn start() -> Self {
        #[expect(
            clippy::disallowed_methods,
            reason = "a process is watched in real time, from a thread without a runtime"
        )]
        Self(Instant::now())
    }

    pub(super) fn elapsed(&self) -> Duration {
        self.0.elapsed()
    }
}

/// Asks every 5 ms until there is an answer, or gives up at the limit.
pub(super) fn until<T>(limit: Duration, mut ask: impl FnMut(Duration) -> Option<T>) -> Option<T> {
    let watch = Watch::start();
    loop {
        let elapsed = watch.elapsed();
        if let Some(answer) = ask(elapsed) {
            return Some(answer);
        }
        if elapsed > limit {
            return None;
        }
        #[expect(clippy::disallowed_methods, reason = "only threads that may block come here")]
        thread::sleep(STEP);
    }
}
