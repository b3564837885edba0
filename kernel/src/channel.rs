//! The words between the hub and the outside world: what comes in, what goes out, and how a connector is driven.

use std::future::Future;
use std::pin::Pin;
use std::time::Duration;

use uuid::Uuid;

use crate::rich::Document;
use crate::{ChannelId, ContactId, ConversationId};

/// What a customer sent, whatever the channel.
#[derive(Clone, Debug)]
pub struct Inbound {
    pub channel: ChannelId,
    pub contact: ContactId,
    /// The thread it belongs to, when the channel knows.
    pub conversation: Option<ConversationId>,
    pub text: String,
    /// The provider's or the client's own id of the message: the same key again is the same message.
    pub key: Uuid,
}

/// What the team sends to a customer.
#[derive(Clone, Debug)]
pub struct Outbound {
    pub id: Uuid,
    pub contact: ContactId,
    pub conversation: ConversationId,
    pub position: i64,
    /// What is said, for a provider that knows nothing but letters.
    pub text: String,
    /// The same with its formatting, for one that knows a dialect of it.
    pub rich: Option<Document>,
}

/// What a provider said when it took a message.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Receipt {
    /// The provider's own id, for later delivery reports.
    pub provider_id: Option<String>,
}

/// Why a message was not taken.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum SendError {
    #[error("{reason}")]
    Transient {
        reason: String,
        retry_after: Option<Duration>,
    },
    #[error("{reason}")]
    Permanent { reason: String },
}

/// What a channel can carry.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Capabilities {
    pub max_text: usize,
    pub typing: bool,
    pub read_marks: bool,
    /// Its customers are fed by the live protocol: nothing has to be handed to a provider.
    pub live: bool,
}

/// A future that a connector returns.
pub type Sending<'a> = Pin<Box<dyn Future<Output = Result<Receipt, SendError>> + 'a>>;

/// One channel account, seen from the hub. It knows bytes and providers, not the database and not the tenant.
pub trait Connector {
    fn capabilities(&self) -> Capabilities;

    /// Hands one message to the provider. The bridge retries, limits and gives up; the connector only tries.
    fn send<'a>(&'a self, outbound: &'a Outbound) -> Sending<'a>;
}
