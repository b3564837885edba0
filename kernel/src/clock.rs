//! The wall clock, handed to whoever needs it, so that tests can hold it still.

use std::sync::Arc;
use std::sync::atomic::{AtomicI64, Ordering};

use chrono::{DateTime, Duration, SubsecRound, Utc};

/// Tells the time in microseconds, which is what the database keeps.
#[derive(Clone, Debug, Default)]
pub struct Clock(Option<Arc<AtomicI64>>);

impl Clock {
    /// The machine's clock.
    #[must_use]
    pub fn machine() -> Self {
        Self(None)
    }

    /// A clock that stands still until it is moved.
    #[must_use]
    pub fn standing(at: DateTime<Utc>) -> Self {
        Self(Some(Arc::new(AtomicI64::new(at.timestamp_micros()))))
    }

    /// The time now.
    #[must_use]
    #[expect(clippy::disallowed_methods, reason = "the one place that asks the machine")]
    pub fn now(&self) -> DateTime<Utc> {
        let standing = self
            .0
            .as_ref()
            .and_then(|at| DateTime::from_timestamp_micros(at.load(Ordering::Relaxed)));
        standing.unwrap_or_else(|| Utc::now().trunc_subsecs(6))
    }

    /// Moves a standing clock; the machine's clock moves by itself.
    pub fn advance(&self, by: Duration) {
        if let (Some(at), Some(micros)) = (&self.0, by.num_microseconds()) {
            at.fetch_add(micros, Ordering::Relaxed);
        }
    }
}
