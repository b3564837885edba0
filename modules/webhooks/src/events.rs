//! What this module announces.

use kernel::Event;
use serde::Serialize;
use utoipa::ToSchema;

use crate::webhook::{Webhook, WebhookId};

/// What happened to a webhook. What is sent is no event: it would have to be sent, too.
#[derive(Clone, Debug, Serialize, ToSchema)]
#[serde(tag = "type", content = "data")]
pub enum WebhookEvent {
    #[serde(rename = "webhook.created")]
    Created(Webhook),
    #[serde(rename = "webhook.updated")]
    Updated(Webhook),
    /// It answered that it is gone, or has failed for days.
    #[serde(rename = "webhook.disabled")]
    Disabled(Webhook),
    #[serde(rename = "webhook.deleted")]
    Deleted { id: WebhookId },
}

impl Event for WebhookEvent {
    fn kind(&self) -> &'static str {
        match self {
            Self::Created(_) => "webhook.created",
            Self::Updated(_) => "webhook.updated",
            Self::Disabled(_) => "webhook.disabled",
            Self::Deleted { .. } => "webhook.deleted",
        }
    }

    fn subject(&self) -> String {
        let (Self::Created(Webhook { id, .. })
        | Self::Updated(Webhook { id, .. })
        | Self::Disabled(Webhook { id, .. })
        | Self::Deleted { id }) = self;
        format!("webhook:{id}")
    }
}

/// Whether an event may change which webhooks there are.
pub(crate) fn is_ours(kind: &str) -> bool {
    kind.starts_with("webhook.")
}

pub(crate) fn broad_topic(kind: &str) -> Option<&'static str> {
    is_ours(kind).then_some("webhooks")
}
