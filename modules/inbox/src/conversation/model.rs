//! What a conversation is: as a row, and as people see it.

use chrono::{DateTime, Utc};
use crm::contact::ContactBrief;
use diesel::deserialize::{self, FromSql, FromSqlRow};
use diesel::expression::AsExpression;
use diesel::pg::{Pg, PgValue};
use diesel::prelude::*;
use diesel::serialize::{self, IsNull, Output, ToSql};
use diesel::sql_types::{Jsonb, Text};
use kernel::{ChannelId, ContactId, ConversationId, TenantId, UserId};
use serde::{Deserialize, Serialize};
use store::schema::conversations;
use utoipa::ToSchema;
use uuid::Uuid;

use crate::label::{LabelId, LabelMark};

kernel::id! {
    /// One line of a thread.
    MessageId,
}

kernel::words! {
    /// Where a conversation stands.
    Status { Open = "open", Pending = "pending", Snoozed = "snoozed", Resolved = "resolved" }
}

kernel::words! {
    Priority { None = "none", Low = "low", Normal = "normal", High = "high", Urgent = "urgent" }
}

kernel::words! {
    /// What kind of line it is; only `customer` and `reply` are seen by the customer.
    MessageKind { Customer = "customer", Reply = "reply", Note = "note", Activity = "activity" }
}

kernel::words! {
    AuthorKind { Contact = "contact", User = "user", System = "system" }
}

/// A conversation as it is stored, and as its entity remembers it.
#[derive(Clone, Debug, PartialEq, Eq, Queryable, Selectable, Insertable)]
#[diesel(table_name = conversations, check_for_backend(Pg))]
pub struct Record {
    pub tenant_id: TenantId,
    pub id: ConversationId,
    pub number: i64,
    pub channel_id: ChannelId,
    pub contact_id: ContactId,
    pub start_key: Uuid,
    pub status: Status,
    pub snoozed_until: Option<DateTime<Utc>>,
    pub resolved_at: Option<DateTime<Utc>>,
    pub priority: Priority,
    pub assignee_id: Option<UserId>,
    pub n_messages: i64,
    pub n_customer_messages: i64,
    pub n_replies: i64,
    pub n_replies_read: i64,
    pub last_message: Option<LastMessage>,
    pub last_reply_position: i64,
    pub last_reply_by: Option<UserId>,
    pub waiting_since: Option<DateTime<Utc>>,
    pub contact_received: i64,
    pub contact_read: i64,
    pub team_read: i64,
    pub version: i64,
    pub started_at: DateTime<Utc>,
    pub last_activity_at: DateTime<Utc>,
}

/// What hangs on a conversation and has rows of its own: sets, of which one column cannot hold many.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Extras {
    pub label_ids: Vec<LabelId>,
}

/// A conversation as the team sees it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct Conversation {
    pub id: ConversationId,
    /// For people: #1042.
    pub number: i64,
    pub channel_id: ChannelId,
    pub contact: ContactBrief,
    pub status: Status,
    pub snoozed_until: Option<DateTime<Utc>>,
    pub priority: Priority,
    pub assignee_id: Option<UserId>,
    /// In the order of their ids; one that names no label any more is nothing.
    pub label_ids: Vec<LabelId>,
    /// The position of the newest line.
    pub n_messages: i64,
    /// Unread for me: this, less how many my read mark covers.
    pub n_customer_messages: i64,
    pub n_replies: i64,
    /// How many replies the customer has read.
    pub n_replies_read: i64,
    pub last_message: Option<LastMessage>,
    /// The customer has waited for an answer since then.
    pub waiting_since: Option<DateTime<Utc>>,
    pub contact_received: i64,
    pub contact_read: i64,
    pub team_read: i64,
    /// Grows with every line; a newer view replaces an older one, never the other way.
    pub version: i64,
    pub started_at: DateTime<Utc>,
    pub last_activity_at: DateTime<Utc>,
}

impl Record {
    /// What the team sees.
    #[must_use]
    pub fn view(&self, contact: &ContactBrief, extras: &Extras) -> Conversation {
        Conversation {
            id: self.id,
            number: self.number,
            channel_id: self.channel_id,
            contact: contact.clone(),
            status: self.status,
            snoozed_until: self.snoozed_until,
            priority: self.priority,
            assignee_id: self.assignee_id,
            label_ids: extras.label_ids.clone(),
            n_messages: self.n_messages,
            n_customer_messages: self.n_customer_messages,
            n_replies: self.n_replies,
            n_replies_read: self.n_replies_read,
            last_message: self.last_message.clone(),
            waiting_since: self.waiting_since,
            contact_received: self.contact_received,
            contact_read: self.contact_read,
            team_read: self.team_read,
            version: self.version,
            started_at: self.started_at,
            last_activity_at: self.last_activity_at,
        }
    }
}

/// The newest message, for lists.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema, AsExpression, FromSqlRow)]
#[diesel(sql_type = Text)]
pub struct LastMessage {
    pub position: i64,
    pub kind: MessageKind,
    pub author: Author,
    pub preview: String,
    pub at: DateTime<Utc>,
}

/// What happened, when a line is not a message.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema, AsExpression, FromSqlRow)]
#[serde(tag = "type", rename_all = "lowercase")]
#[diesel(sql_type = Jsonb)]
pub enum Activity {
    Assigned {
        assignee_id: UserId,
        assignee_name: String,
    },
    Unassigned,
    Opened,
    Pended,
    Snoozed {
        until: DateTime<Utc>,
    },
    Woken,
    Resolved,
    Prioritized {
        priority: Priority,
    },
    Labeled {
        added: Vec<LabelMark>,
        removed: Vec<LabelMark>,
    },
}

/// As it is written with every message: the database has not to take it apart.
impl ToSql<Text, Pg> for LastMessage {
    fn to_sql<'b>(&'b self, out: &mut Output<'b, '_, Pg>) -> serialize::Result {
        serde_json::to_writer(out, self)?;
        Ok(IsNull::No)
    }
}

impl FromSql<Text, Pg> for LastMessage {
    fn from_sql(value: PgValue<'_>) -> deserialize::Result<Self> {
        Ok(serde_json::from_slice(value.as_bytes())?)
    }
}

impl ToSql<Jsonb, Pg> for Activity {
    fn to_sql<'b>(&'b self, out: &mut Output<'b, '_, Pg>) -> serialize::Result {
        let value = serde_json::to_value(self)?;
        <serde_json::Value as ToSql<Jsonb, Pg>>::to_sql(&value, &mut out.reborrow())
    }
}

impl FromSql<Jsonb, Pg> for Activity {
    fn from_sql(value: PgValue<'_>) -> deserialize::Result<Self> {
        let value = <serde_json::Value as FromSql<Jsonb, Pg>>::from_sql(value)?;
        Ok(serde_json::from_value(value)?)
    }
}

/// Who wrote a line.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct Author {
    pub kind: AuthorKind,
    pub id: Option<Uuid>,
    pub name: String,
}

/// How far I have read a conversation.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct MyRead {
    pub position: i64,
    pub n_customer_messages: i64,
}

/// A conversation in my list.
#[derive(Clone, Debug, Serialize, Deserialize, ToSchema)]
pub struct InboxItem {
    pub conversation: Conversation,
    pub my_read: MyRead,
}
