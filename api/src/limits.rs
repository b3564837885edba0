//! Floods are held back: so many tries for each key, then patience.

use std::num::NonZeroU32;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;

use governor::clock::{Clock as _, DefaultClock};
use governor::{DefaultKeyedRateLimiter, Quota, RateLimiter};
use kernel::{Code, Fault};

/// How much is allowed.
#[derive(Clone, Debug)]
pub struct LimitsConfig {
    pub body_bytes: usize,
    /// How long a body may take to come.
    pub body_patience: Duration,
    /// Sign-ins for one address and for one e-mail: a minute in the long run, and at once.
    pub sign_in: (u32, u32),
    pub sign_up: (u32, u32),
    /// Visits that one address may begin.
    pub visit: (u32, u32),
    /// Messages that one visitor may send.
    pub visitor_message: (u32, u32),
}

impl Default for LimitsConfig {
    fn default() -> Self {
        Self {
            body_bytes: 256 * 1024,
            body_patience: Duration::from_secs(15),
            sign_in: (20, 20),
            sign_up: (10, 10),
            visit: (30, 30),
            visitor_message: (30, 10),
        }
    }
}

/// The counters of this process.
#[derive(Clone)]
pub struct Limits(Arc<Inner>);

struct Inner {
    sign_in: Table,
    sign_up: Table,
    visit: Table,
    visitor_message: Table,
}

impl Limits {
    #[must_use]
    pub fn new(config: &LimitsConfig) -> Self {
        Self(Arc::new(Inner {
            sign_in: Table::new(config.sign_in),
            sign_up: Table::new(config.sign_up),
            visit: Table::new(config.visit),
            visitor_message: Table::new(config.visitor_message),
        }))
    }

    /// Counts a sign-in by this address or e-mail.
    pub fn sign_in(&self, key: &str) -> Result<(), TooMany> {
        self.0.sign_in.check(key)
    }

    /// Counts a sign-up from this address.
    pub fn sign_up(&self, key: &str) -> Result<(), TooMany> {
        self.0.sign_up.check(key)
    }

    /// Counts a visit from this address.
    pub fn visit(&self, key: &str) -> Result<(), TooMany> {
        self.0.visit.check(key)
    }

    /// Counts a message of this visitor.
    pub fn visitor_message(&self, key: &str) -> Result<(), TooMany> {
        self.0.visitor_message.check(key)
    }
}

/// More than is allowed; `wait` says when there is room again.
#[derive(Debug, thiserror::Error)]
#[error("too many of these; wait {} seconds", .wait.as_secs().max(1))]
pub struct TooMany {
    wait: Duration,
}

impl Fault for TooMany {
    fn code(&self) -> Code {
        Code::TooMany
    }

    fn retry_after(&self) -> Option<Duration> {
        Some(self.wait)
    }
}

/// One count for each key.
struct Table {
    limiter: DefaultKeyedRateLimiter<String>,
    /// When there are so many keys, those that have their whole patience again are forgotten.
    sweep_at: AtomicUsize,
}

impl Table {
    const MANY_KEYS: usize = 10_000;

    fn new((per_minute, burst): (u32, u32)) -> Self {
        let at_least_one = |n| NonZeroU32::new(n).unwrap_or(NonZeroU32::MIN);
        let quota = Quota::per_minute(at_least_one(per_minute)).allow_burst(at_least_one(burst));
        Self {
            limiter: RateLimiter::keyed(quota),
            sweep_at: AtomicUsize::new(Self::MANY_KEYS),
        }
    }

    fn check(&self, key: &str) -> Result<(), TooMany> {
        let outcome = self.limiter.check_key(&key.to_owned());
        self.sweep();
        outcome.map_err(|not_until| TooMany {
            wait: not_until.wait_time_from(DefaultClock::default().now()),
        })
    }

    /// A sweep looks at every key, so the next one is not before there are twice as many as it left.
    fn sweep(&self) {
        if self.limiter.len() < self.sweep_at.load(Ordering::Relaxed) {
            return;
        }
        // For others, not before this one is done.
        self.sweep_at.store(usize::MAX, Ordering::Relaxed);
        self.limiter.retain_recent();
        let next = (self.limiter.len() * 2).max(Self::MANY_KEYS);
        self.sweep_at.store(next, Ordering::Relaxed);
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;

    #[test]
    fn each_key_has_its_own_patience() {
        let limits = Limits::new(&LimitsConfig {
            visit: (2, 2),
            ..LimitsConfig::default()
        });
        assert!(limits.visit("a").is_ok());
        assert!(limits.visit("a").is_ok());
        let refused = limits.visit("a").unwrap_err();
        assert!(refused.retry_after().is_some_and(|wait| wait > Duration::from_secs(20)));
        assert!(limits.visit("b").is_ok());
    }

    #[test]
    fn the_more_keys_are_remembered_the_rarer_they_are_swept() {
        let slow = Table::new((1, 1));
        let mut sweeps = BTreeSet::new();
        for n in 0..50_000 {
            assert!(slow.check(&n.to_string()).is_ok());
            sweeps.insert(slow.sweep_at.load(Ordering::Relaxed));
        }
        assert_eq!(sweeps, [10_000, 20_000, 40_000, 80_000].into());
        assert!(slow.check("7").is_err());
    }

    #[test]
    fn a_key_is_forgotten_when_it_has_its_whole_patience_again() {
        let quick = Table::new((1_000_000, 1));
        for n in 0..50_000 {
            assert!(quick.check(&n.to_string()).is_ok());
        }
        assert!(quick.limiter.len() < 20_000);
    }
}
