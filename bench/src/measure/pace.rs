//! When the next of a steady rate is due, whether or not the ones before are done.

use std::time::Duration;

use tokio::time::{Instant, sleep_until};

/// A steady rate.
pub(crate) struct Pace {
    next: Instant,
    step: Duration,
}

impl Pace {
    /// So many a second, from now.
    pub(crate) fn per_second(rate: f64) -> Self {
        Self {
            next: Instant::now(),
            step: Duration::from_secs_f64(1.0 / rate.max(0.01)),
        }
    }

    /// Waits until the next is due, and returns when that was; late is at once.
    pub(crate) async fn next(&mut self) -> Instant {
        let due = self.next;
        self.next += self.step;
        if due > Instant::now() {
            sleep_until(due).await;
        } else {
            // Others on this thread read what has come.
            tokio::task::yield_now().await;
        }
        due
    }
}
