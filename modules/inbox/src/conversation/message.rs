//! What a line of a thread is: as a row, and as people see it.

use chrono::{DateTime, Utc};
use diesel::pg::Pg;
use diesel::prelude::*;
use kernel::ConversationId;
use kernel::rich::Document;
use serde::{Deserialize, Serialize};
use store::schema::messages;
use utoipa::ToSchema;
use uuid::Uuid;

use super::model::{Activity, Author, AuthorKind, MessageId, MessageKind};

/// One line of a thread.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct Message {
    pub id: MessageId,
    pub conversation_id: ConversationId,
    /// Its place: 1, 2, 3 … without gaps.
    pub position: i64,
    pub kind: MessageKind,
    pub author: Author,
    /// What was said, in letters alone.
    pub text: String,
    /// The same with its formatting, when it has any.
    pub rich: Option<Document>,
    pub activity: Option<Activity>,
    /// Made by the client that wrote it.
    pub key: Uuid,
    pub at: DateTime<Utc>,
}

/// A line as it is stored.
#[derive(Clone, Debug, Queryable, Selectable)]
#[diesel(table_name = messages, check_for_backend(Pg))]
pub(crate) struct MessageRow {
    id: MessageId,
    conversation_id: ConversationId,
    position: i64,
    kind: MessageKind,
    author_kind: AuthorKind,
    author_id: Option<Uuid>,
    author_name: String,
    text: String,
    activity: Option<Activity>,
    key: Uuid,
    at: DateTime<Utc>,
    rich: Option<Document>,
}

impl From<MessageRow> for Message {
    fn from(row: MessageRow) -> Self {
        let MessageRow {
            id,
            conversation_id,
            position,
            kind,
            author_kind,
            author_id,
            author_name,
            ..
        } = row;
        let author = Author {
            kind: author_kind,
            id: author_id,
            name: author_name,
        };
        Self {
            id,
            conversation_id,
            position,
            kind,
            author,
            text: row.text,
            rich: row.rich,
            activity: row.activity,
            key: row.key,
            at: row.at,
        }
    }
}

/// A stretch of a thread, oldest first.
#[derive(Clone, Debug, Serialize, Deserialize, ToSchema)]
pub struct MessagePage {
    pub items: Vec<Message>,
    pub has_earlier: bool,
    pub has_later: bool,
}
