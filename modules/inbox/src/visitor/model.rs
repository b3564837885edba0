//! What the widget is told.

use chrono::{DateTime, Utc};
use connectors::web_chat::{Proof, WebChatSettings};
use crm::contact::ContactBrief;
use kernel::rich::Document;
use kernel::{ConversationId, FieldError, text};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use uuid::Uuid;

use crate::conversation::MessageKind;

/// A conversation as its customer sees it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub(crate) struct VisitorConversation {
    pub id: ConversationId,
    pub status: VisitorStatus,
    pub n_messages: i64,
    /// Replies that the customer has not read.
    pub unread: i64,
    pub team_read: i64,
    pub contact_read: i64,
    pub last_message: Option<VisitorLastMessage>,
    pub version: i64,
    pub last_activity_at: DateTime<Utc>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "lowercase")]
pub(crate) enum VisitorStatus {
    Open,
    Resolved,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub(crate) struct VisitorLastMessage {
    pub position: i64,
    pub mine: bool,
    pub name: String,
    pub preview: String,
    pub at: DateTime<Utc>,
}

/// A message as the customer sees it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub(crate) struct VisitorMessage {
    pub id: Uuid,
    pub conversation_id: ConversationId,
    pub position: i64,
    pub mine: bool,
    pub name: String,
    /// What was said, in letters alone.
    pub text: String,
    /// The same with its formatting, when it has any.
    pub rich: Option<Document>,
    pub key: Uuid,
    pub at: DateTime<Utc>,
}

/// A change as the customer sees it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub(crate) struct VisitorChange {
    pub conversation: VisitorConversation,
    pub message: Option<VisitorMessage>,
}

/// The kinds of lines that customers see.
pub(crate) const VISIBLE: [MessageKind; 2] = [MessageKind::Customer, MessageKind::Reply];

/// A stretch of a thread as the customer sees it.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub(crate) struct VisitorMessagePage {
    pub(crate) items: Vec<VisitorMessage>,
    pub(crate) has_earlier: bool,
    pub(crate) has_later: bool,
}

/// How the widget looks and speaks.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub(crate) struct WidgetConfig {
    pub(crate) channel: String,
    pub(crate) title: String,
    pub(crate) greeting: String,
    pub(crate) launcher_text: String,
    pub(crate) reply_time: String,
    pub(crate) color: String,
    pub(crate) position: connectors::web_chat::Position,
    pub(crate) ask_email: bool,
    pub(crate) require_identity: bool,
    /// A few of the people who answer.
    pub(crate) team: Vec<TeamFace>,
    /// Whether one of them is here.
    pub(crate) online: bool,
}

#[derive(Clone, Debug, Serialize, ToSchema)]
pub(crate) struct TeamFace {
    pub(crate) name: String,
}

impl WidgetConfig {
    pub(crate) fn new(channel: String, settings: WebChatSettings, team: Vec<TeamFace>, online: bool) -> Self {
        let WebChatSettings {
            title,
            greeting,
            launcher_text,
            reply_time,
            color,
            position,
            ..
        } = settings;
        let (ask_email, require_identity) = (settings.ask_email, settings.require_identity);
        Self {
            channel,
            title,
            greeting,
            launcher_text,
            reply_time,
            color,
            position,
            ask_email,
            require_identity,
            team,
            online,
        }
    }
}

/// A customer opens the widget.
#[derive(Clone, Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct NewVisit {
    #[schema(min_length = 1, max_length = 100, format = "visible")]
    pub(crate) key: String,
    /// What an earlier visit gave, to be recognised by.
    #[schema(max_length = 200, format = "line")]
    pub(crate) visitor: Option<String>,
    /// Who the customer is, vouched for by the business.
    pub(crate) identity: Option<Proof>,
    pub(crate) page: Option<VisitedPage>,
}

impl NewVisit {
    /// Returns what is longer than anybody needs. What is merely unknown makes the customer a new one.
    pub(super) fn problems(&self) -> Vec<FieldError> {
        let (url, title) = self.page.as_ref().map(|page| (&page.url, &page.title)).unzip();
        let (name, email) = match &self.identity {
            Some(Proof::Hash { name, email, .. }) => (name.as_ref(), email.as_ref()),
            Some(Proof::Token { .. }) | None => (None, None),
        };
        let fields = [
            ("visitor", self.visitor.as_ref(), 200),
            ("identity.name", name, 120),
            ("identity.email", email, 254),
            ("page.url", url, 8_192),
            ("page.title", title, 1_000),
        ];
        let wrong = |(field, value, most): (_, Option<&String>, _)| {
            text::optional(field, value.map(String::as_str), most).err()
        };
        fields.into_iter().filter_map(wrong).collect()
    }
}

/// Where the customer is.
#[derive(Clone, Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct VisitedPage {
    #[schema(max_length = 8_192, format = "line")]
    pub(crate) url: String,
    #[schema(max_length = 1_000, format = "line")]
    pub(crate) title: String,
}

/// What the widget needs to go on.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub(crate) struct Visit {
    pub(crate) token: String,
    pub(crate) expires_in: i64,
    /// To be kept by the browser and sent with the next visit.
    pub(crate) visitor: String,
    pub(crate) contact: ContactBrief,
    pub(crate) config: WidgetConfig,
    pub(crate) conversations: Vec<VisitorConversation>,
}
