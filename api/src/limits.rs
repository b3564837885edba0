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
    /// Sign-ins a minute, for one address and for one e-mail.
    pub sign_ins_per_minute: u32,
    /// Visits a minute that one address may begin.
    pub visits_per_minute: u32,
    /// Messages a minute that one visitor may send.
    pub visitor_messages_per_minute: u32,
}

impl Default for LimitsConfig {
    fn default() -> Self {
        Self {
            body_bytes: 1024 * 1024,
            sign_ins_per_minute: 20,
            visits_per_minute: 60,
            visitor_messages_per_minute: 60,
        }
    }
}

/// The counters of this process.
#[derive(Clone)]
pub struct Limits(Arc<Inner>);

struct Inner {
    sign_in: DefaultKeyedRateLimiter<String>,
    visit: DefaultKeyedRateLimiter<String>,
    visitor_message: DefaultKeyedRateLimiter<String>,
}

impl Limits {
    #[must_use]
    pub fn new(config: &LimitsConfig) -> Self {
        Self(Arc::new(Inner {
            sign_in: limiter(config.sign_ins_per_minute),
            visit: limiter(config.visits_per_minute),
            visitor_message: limiter(config.visitor_messages_per_minute),
        }))
    }

    /// Counts a sign-in or sign-up by this address or e-mail.
    pub fn sign_in(&self, key: &str) -> Result<(), TooMany> {
        check(&self.0.sign_in, key)
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

fn limiter(per_minute: u32) -> DefaultKeyedRateLimiter<String> {
    RateLimiter::keyed(Quota::per_minute(
        NonZeroU32::new(per_minute).unwrap_or(NonZeroU32::MIN),
    ))
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
            visits_per_minute: 2,
            ..LimitsConfig::default()
        });
        assert!(limits.visit("a").is_ok());
        assert!(limits.visit("a").is_ok());
        let refused = limits.visit("a").unwrap_err();
        assert!(refused.retry_after().is_some_and(|wait| wait > Duration::from_secs(20)));
        assert!(limits.visit("b").is_ok());
    }
}
