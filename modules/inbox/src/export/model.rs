//! What may be asked of an export, and how far one has come.

use chrono::{DateTime, Utc};
use kernel::{ChannelId, ConversationId, FileKind};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::conversation::Status;
use crate::label::LabelId;

kernel::words! {
    /// How it is written: JSON, one object a line, or a table for spreadsheets.
    Format { JsonLines = "jsonl", Csv = "csv" }
}

impl Format {
    pub(super) fn kind(self) -> FileKind {
        match self {
            Self::JsonLines => FileKind::JsonLines,
            Self::Csv => FileKind::Csv,
        }
    }
}

/// Which conversations to export, and how. All, unless said otherwise.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct NewExport {
    pub format: Format,
    pub status: Option<Status>,
    pub channel_id: Option<ChannelId>,
    pub label_id: Option<LabelId>,
    /// Only those that were started then or later.
    pub since: Option<DateTime<Utc>>,
    /// Only those that were started before.
    pub until: Option<DateTime<Utc>>,
    /// What the team told each other, too.
    #[serde(default)]
    pub with_notes: bool,
}

/// How far an export has come: this line, and all before it.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Reached {
    /// What was written later is not in it.
    pub(super) as_of: Option<DateTime<Utc>>,
    pub(super) conversation: Option<ConversationId>,
    pub(super) position: i64,
}
