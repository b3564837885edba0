//! The follower of the log that writes the deliveries.

use std::collections::BTreeSet;
use std::sync::Arc;

use actors::{Follow, Hub};
use kernel::{Caller, Patterns, Recorded};
use store::{StoreError, Tx};

use super::{WORK, queries};
use crate::events::is_ours;
use crate::webhook::{WebhookId, WebhookState, queries as webhooks};

/// Who wants what.
pub(super) struct Webhooks {
    patterns: Patterns<WebhookId>,
    is_outdated: bool,
    touched: BTreeSet<WebhookId>,
}

impl Webhooks {
    async fn look(&mut self, tx: &mut Tx<'_>) -> Result<(), StoreError> {
        let mut patterns = Patterns::default();
        for webhook in webhooks::list(tx).await? {
            if webhook.state == WebhookState::Disabled {
                continue;
            }
            for pattern in &webhook.patterns {
                if let Err(error) = patterns.add(pattern, webhook.id) {
                    tracing::warn!(pattern, %error, "a webhook's pattern is none");
                }
            }
        }
        (self.patterns, self.is_outdated) = (patterns, false);
        Ok(())
    }
}

impl Follow for Webhooks {
    const NAME: &'static str = "webhooks";
    const PATTERNS: &'static [&'static str] = &["**"];
    type Error = StoreError;

    async fn open(hub: &Hub, caller: &Caller) -> Result<Self, StoreError> {
        let mut webhooks = Self {
            patterns: Patterns::default(),
            is_outdated: false,
            touched: BTreeSet::new(),
        };
        hub.store().read(caller, async |tx| webhooks.look(tx).await).await?;
        Ok(webhooks)
    }

    fn wants(&mut self, event: &Recorded) -> bool {
        self.is_outdated |= is_ours(&event.kind);
        self.is_outdated || !self.patterns.who_wants(&event.kind).is_empty()
    }

    async fn take(&mut self, tx: &mut Tx<'_>, events: &[Arc<Recorded>]) -> Result<(), StoreError> {
        if self.is_outdated {
            self.look(tx).await?;
        }
        let wanted = events.iter().flat_map(|event| {
            self.patterns
                .who_wants(&event.kind)
                .into_iter()
                .map(move |id| (id, event))
        });
        let wanted: Vec<_> = wanted.map(|(id, event)| (id, &**event)).collect();
        queries::add(tx, &wanted).await?;
        self.touched = wanted.iter().map(|(id, _)| *id).collect();
        for id in &self.touched {
            queries::wake_at_the_latest(tx, *id).await?;
        }
        Ok(())
    }

    fn taken(&mut self, hub: &Hub, caller: &Caller, _: &[Arc<Recorded>]) {
        for id in std::mem::take(&mut self.touched) {
            hub.wake(caller, WORK, id.0);
        }
    }
}
