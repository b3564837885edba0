//! How the live part behaves: actors, frames, beats.

use super::settings::Settings;

/// `[live]`
#[derive(Debug, Clone)]
pub(crate) struct Live {
    /// After how long without a command a live entity is put away.
    pub idle_seconds: u64,
    /// Frames that are remembered for those who come back.
    pub ring: usize,
    /// Commands that may wait for one actor.
    pub mailbox: usize,
    /// How often a socket is asked whether it is still there.
    pub beat_seconds: u64,
    /// So many restarts of one entity, within so many seconds, before it is left alone.
    pub restart_budget: u32,
    pub restart_window_seconds: u64,
}

impl Live {
    pub(super) fn read(from: &mut Settings) -> Self {
        Self {
            idle_seconds: from.number("live.idle_seconds", 300, 1..=86_400),
            ring: from.number("live.ring", 4096, 1..=1_000_000),
            mailbox: from.number("live.mailbox", 256, 1..=65_536),
            beat_seconds: from.number("live.beat_seconds", 20, 1..=3_600),
            restart_budget: from.number("live.restart_budget", 5, 1..=1_000),
            restart_window_seconds: from.number("live.restart_window_seconds", 60, 1..=86_400),
        }
    }
}
