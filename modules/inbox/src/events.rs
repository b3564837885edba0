//! What the inbox announces.

use kernel::{ChannelId, ContactId, ConversationId, Event, UserId};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::channel::Channel;
use crate::conversation::{Activity, Conversation, Message};
use crate::label::{Label, LabelId};

/// A conversation after a change, and the line that the change added to its thread.
#[derive(Clone, Debug, Serialize, Deserialize, ToSchema)]
pub struct Change {
    pub conversation: Conversation,
    pub message: Option<Message>,
}

/// Who has read.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(tag = "kind", content = "id", rename_all = "lowercase")]
pub enum Reader {
    User(UserId),
    Contact(ContactId),
}

/// The events of this module.
#[derive(Clone, Debug, Serialize, Deserialize, ToSchema)]
#[serde(tag = "type", content = "data")]
pub enum InboxEvent {
    #[serde(rename = "conversation.started")]
    ConversationStarted(Change),
    #[serde(rename = "conversation.opened")]
    ConversationOpened(Change),
    #[serde(rename = "conversation.pended")]
    ConversationPended(Change),
    #[serde(rename = "conversation.snoozed")]
    ConversationSnoozed(Change),
    #[serde(rename = "conversation.resolved")]
    ConversationResolved(Change),
    #[serde(rename = "conversation.assigned")]
    ConversationAssigned(Change),
    #[serde(rename = "conversation.prioritized")]
    ConversationPrioritized(Change),
    #[serde(rename = "conversation.labeled")]
    ConversationLabeled(Change),
    #[serde(rename = "message.posted")]
    MessagePosted(Change),
    #[serde(rename = "conversation.read")]
    ConversationRead(ConversationRead),
    #[serde(rename = "conversation.received")]
    ConversationReceived(ConversationReceived),
    #[serde(rename = "channel.created")]
    ChannelCreated(Channel),
    #[serde(rename = "channel.updated")]
    ChannelUpdated(Channel),
    #[serde(rename = "label.created")]
    LabelCreated(Label),
    #[serde(rename = "label.updated")]
    LabelUpdated(Label),
    #[serde(rename = "label.deleted")]
    LabelDeleted { id: LabelId },
}

impl InboxEvent {
    /// The event that a new line of a thread is.
    pub(crate) fn of_line(change: Change) -> Self {
        match change.message.as_ref().and_then(|line| line.activity.as_ref()) {
            None => Self::MessagePosted(change),
            Some(Activity::Assigned { .. } | Activity::Unassigned) => Self::ConversationAssigned(change),
            Some(Activity::Opened | Activity::Woken) => Self::ConversationOpened(change),
            Some(Activity::Pended) => Self::ConversationPended(change),
            Some(Activity::Snoozed { .. }) => Self::ConversationSnoozed(change),
            Some(Activity::Resolved) => Self::ConversationResolved(change),
            Some(Activity::Prioritized { .. }) => Self::ConversationPrioritized(change),
            Some(Activity::Labeled { .. }) => Self::ConversationLabeled(change),
        }
    }

    /// The change that a new line was.
    pub(crate) fn into_change(self) -> Option<Change> {
        match self {
            Self::ConversationStarted(change)
            | Self::ConversationOpened(change)
            | Self::ConversationPended(change)
            | Self::ConversationSnoozed(change)
            | Self::ConversationResolved(change)
            | Self::ConversationAssigned(change)
            | Self::ConversationPrioritized(change)
            | Self::ConversationLabeled(change)
            | Self::MessagePosted(change) => Some(change),
            _ => None,
        }
    }
}

/// Someone has read up to a message.
#[derive(Clone, Debug, Serialize, Deserialize, ToSchema)]
pub struct ConversationRead {
    pub conversation_id: ConversationId,
    pub contact_id: ContactId,
    pub reader: Reader,
    pub through: i64,
    /// How many customer messages that covers.
    pub n_customer_messages: i64,
    /// How many replies that covers.
    pub n_replies: i64,
}

/// The messages up to there are on the customer's screen.
#[derive(Clone, Debug, Serialize, Deserialize, ToSchema)]
pub struct ConversationReceived {
    pub conversation_id: ConversationId,
    pub contact_id: ContactId,
    pub through: i64,
}

impl Event for InboxEvent {
    fn kind(&self) -> &'static str {
        match self {
            Self::ConversationStarted(_) => "conversation.started",
            Self::ConversationOpened(_) => "conversation.opened",
            Self::ConversationPended(_) => "conversation.pended",
            Self::ConversationSnoozed(_) => "conversation.snoozed",
            Self::ConversationResolved(_) => "conversation.resolved",
            Self::ConversationAssigned(_) => "conversation.assigned",
            Self::ConversationPrioritized(_) => "conversation.prioritized",
            Self::ConversationLabeled(_) => "conversation.labeled",
            Self::MessagePosted(_) => "message.posted",
            Self::ConversationRead(_) => "conversation.read",
            Self::ConversationReceived(_) => "conversation.received",
            Self::ChannelCreated(_) => "channel.created",
            Self::ChannelUpdated(_) => "channel.updated",
            Self::LabelCreated(_) => "label.created",
            Self::LabelUpdated(_) => "label.updated",
            Self::LabelDeleted { .. } => "label.deleted",
        }
    }

    fn subject(&self) -> String {
        match self {
            Self::ConversationStarted(change)
            | Self::ConversationOpened(change)
            | Self::ConversationPended(change)
            | Self::ConversationSnoozed(change)
            | Self::ConversationResolved(change)
            | Self::ConversationAssigned(change)
            | Self::ConversationPrioritized(change)
            | Self::ConversationLabeled(change)
            | Self::MessagePosted(change) => topic(change.conversation.id),
            Self::ConversationRead(read) => topic(read.conversation_id),
            Self::ConversationReceived(received) => topic(received.conversation_id),
            Self::ChannelCreated(channel) | Self::ChannelUpdated(channel) => channel_topic(channel.id),
            Self::LabelCreated(label) | Self::LabelUpdated(label) => label_topic(label.id),
            Self::LabelDeleted { id } => label_topic(*id),
        }
    }

    fn contact(&self) -> Option<ContactId> {
        match self {
            Self::ConversationStarted(change)
            | Self::ConversationOpened(change)
            | Self::ConversationPended(change)
            | Self::ConversationSnoozed(change)
            | Self::ConversationResolved(change)
            | Self::MessagePosted(change) => Some(change.conversation.contact.id),
            Self::ConversationRead(read) => Some(read.contact_id),
            Self::ConversationAssigned(_)
            | Self::ConversationPrioritized(_)
            | Self::ConversationLabeled(_)
            | Self::ConversationReceived(_)
            | Self::ChannelCreated(_)
            | Self::ChannelUpdated(_)
            | Self::LabelCreated(_)
            | Self::LabelUpdated(_)
            | Self::LabelDeleted { .. } => None,
        }
    }
}

/// The topic of one conversation.
pub(crate) fn topic(id: ConversationId) -> String {
    format!("conversation:{id}")
}

fn label_topic(id: LabelId) -> String {
    format!("label:{id}")
}

fn channel_topic(id: ChannelId) -> String {
    format!("channel:{id}")
}

/// Everything of this module is told to those who hear the inbox, too.
pub(crate) fn broad_topic(kind: &str) -> Option<&'static str> {
    let (noun, _) = kind.split_once('.')?;
    matches!(noun, "conversation" | "message" | "channel" | "label").then_some("inbox")
}
