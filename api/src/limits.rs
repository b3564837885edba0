//! Floods are held back: so many tries for each key, then patience.

use std::num::NonZeroU32;
use std::sync::Arc;
use std::time::Duration;

use governor::clock::{Clock as _, DefaultClock};
use governor::{DefaultKeyedRateLimiter, Quota, RateLimiter};
use kernel::{Code, Fault};

/// How much is allowed.
#[derive(Clone, Debug)]
pub struct LimitsConfig {
    pub body_bytes: usize,
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
            body_bytes: 1024 * 1024,
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
    sign_in: DefaultKeyedRateLimiter<String>,
    sign_up: DefaultKeyedRateLimiter<String>,
    visit: DefaultKeyedRateLimiter<String>,
    visitor_message: DefaultKeyedRateLimiter<String>,
}

impl Limits {
    #[must_use]
    pub fn new(config: &LimitsConfig) -> Self {
        Self(Arc::new(Inner {
            sign_in: limiter(config.sign_in),
            sign_up: limiter(config.sign_up),
            visit: limiter(config.visit),
            visitor_message: limiter(config.visitor_message),
        }))
    }

    /// Counts a sign-in by this address or e-mail.
    pub fn sign_in(&self, key: &str) -> Result<(), TooMany> {
        check(&self.0.sign_in, key)
    }

    /// Counts a sign-up from this address.
    pub fn sign_up(&self, key: &str) -> Result<(), TooMany> {
        check(&self.0.sign_up, key)
    }

    /// Counts a visit from this address.
    pub fn visit(&self, key: &str) -> Result<(), TooMany> {
        check(&self.0.visit, key)
    }

    /// Counts a message of this visitor.
    pub fn visitor_message(&self, key: &str) -> Result<(), TooMany> {
        check(&self.0.visitor_message, key)
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

const MANY_KEYS: usize = 10_000;

fn limiter((per_minute, burst): (u32, u32)) -> DefaultKeyedRateLimiter<String> {
    let at_least_one = |n| NonZeroU32::new(n).unwrap_or(NonZeroU32::MIN);
    RateLimiter::keyed(Quota::per_minute(at_least_one(per_minute)).allow_burst(at_least_one(burst)))
}

fn check(limiter: &DefaultKeyedRateLimiter<String>, key: &str) -> Result<(), TooMany> {
    if limiter.len() > MANY_KEYS {
        limiter.retain_recent();
    }
    let key = key.to_owned();
    limiter.check_key(&key).map_err(|not_until| TooMany {
        wait: not_until.wait_time_from(DefaultClock::default().now()),
    })
}

#[cfg(test)]
mod tests {
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
}
