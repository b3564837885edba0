//! How the live part behaves.

use std::time::Duration;

use delivery::DeliveryConfig;

use crate::job::JobConfig;

/// The settings of everything that is owned, and of what is delivered.
#[derive(Clone, Debug)]
pub struct LiveConfig {
    /// An entity that nobody asked for this long is let go.
    pub idle: Duration,
    /// How often a tenant looks for those.
    pub sweep: Duration,
    /// How many commands may wait for one entity.
    pub mailbox: usize,
    /// So many crashes within `restart_window` put an entity to rest.
    pub restart_budget: usize,
    pub restart_window: Duration,
    /// How long stopping waits for what was begun.
    pub drain: Duration,
    /// The threads that tenants live on.
    pub threads: usize,
    /// How long a follower waits before it tries an event again that it could not take; then it is put aside.
    pub follower_retries: Vec<Duration>,
    pub jobs: JobConfig,
    pub delivery: DeliveryConfig,
}

impl Default for LiveConfig {
    fn default() -> Self {
        Self {
            idle: Duration::from_secs(300),
            sweep: Duration::from_secs(5),
            mailbox: 256,
            restart_budget: 5,
            restart_window: Duration::from_secs(60),
            drain: Duration::from_secs(15),
            threads: 1,
            follower_retries: [1, 5, 30, 120].map(Duration::from_secs).into(),
            jobs: JobConfig::default(),
            delivery: DeliveryConfig::default(),
        }
    }
}
