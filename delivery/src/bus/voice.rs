//! How often one connection is heard: signals are told when they change, and not without end.

use std::time::Duration;

use serde_json::Value;
use tokio::time::Instant;

use crate::budget::{Budget, Rate};

/// The same again within this time is no news; after it, it keeps alive what would fade.
const SAME_WITHIN: Duration = Duration::from_secs(2);

/// What one connection has said.
pub(super) struct Voice {
    budget: Budget,
    last: Option<(String, Value, Instant)>,
}

impl Voice {
    pub(super) fn new(rate: Rate) -> Self {
        let (budget, last) = (Budget::new(rate), None);
        Self { budget, last }
    }

    /// Whether others are to hear this.
    pub(super) fn is_heard(&mut self, topic: &str, data: &Value) -> bool {
        let now = Instant::now();
        let is_same = |(said_on, said, at): &(String, Value, Instant)| {
            said_on == topic && said == data && now - *at < SAME_WITHIN
        };
        if self.last.as_ref().is_some_and(is_same) || self.budget.take().is_err() {
            return false;
        }
        self.last = Some((topic.to_owned(), data.clone(), now));
        true
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[tokio::test(start_paused = true)]
    async fn changes_are_heard_and_repeats_only_to_keep_alive() {
        let rate = Rate {
            per_minute: 60,
            burst: 3,
        };
        let (mut voice, on, off) = (Voice::new(rate), json!(true), json!(false));
        assert!(voice.is_heard("a", &on));
        assert!(!voice.is_heard("a", &on));
        assert!(voice.is_heard("a", &off) && voice.is_heard("b", &off));
        assert!(!voice.is_heard("a", &on), "that is enough for now");
        tokio::time::advance(Duration::from_secs(1)).await;
        assert!(voice.is_heard("a", &on));
        tokio::time::advance(Duration::from_secs(4)).await;
        assert!(voice.is_heard("a", &on));
    }
}
