//! What can be asked of a conversation. HTTP, the socket, visitors and timers all send these.

use std::sync::Arc;

use actors::Command;
use chrono::{DateTime, Utc};
use crm::contact::ContactBrief;
use kernel::{ContactId, FieldError, UserId, text};
use serde::{Deserialize, Serialize};
use uuid::Uuid;

use super::{Priority, Status};
use crate::Change;
use crate::label::{LabelId, LabelMark};

/// A message's text, known to be fit to keep.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Text(String);

impl Text {
    pub fn parse(text: &str) -> Result<Self, FieldError> {
        text::required("text", text, text::MAX_MESSAGE).map(Self)
    }

    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

/// How someone speaks up.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Approach {
    /// The customer writes.
    Customer,
    /// The team answers; `seen` is the last line that the writer had on screen.
    Reply { seen: Option<i64> },
    /// The team talks among themselves.
    Note,
}

/// Adds a message.
#[derive(Clone, Debug)]
pub struct PostMessage {
    pub approach: Approach,
    pub text: Text,
    pub key: Uuid,
}

/// Opens, pends, snoozes or resolves.
#[derive(Clone, Debug)]
pub struct SetStatus {
    pub status: Status,
    /// For how long to snooze.
    pub until: Option<DateTime<Utc>>,
}

/// Gives the conversation to a member of the team, or to nobody.
#[derive(Clone, Debug)]
pub struct Assign {
    pub assignee: Option<(UserId, String)>,
}

#[derive(Clone, Debug)]
pub struct Prioritize {
    pub priority: Priority,
}

/// Has these labels from now on, and no others.
#[derive(Clone, Debug)]
pub struct SetLabels {
    pub label_ids: Vec<LabelId>,
    /// What the tenant's labels are called.
    pub known: Arc<Vec<LabelMark>>,
}

/// A label is gone.
#[derive(Clone, Copy, Debug)]
pub struct ForgetLabel {
    pub id: LabelId,
}

/// The caller has read up to a line.
#[derive(Clone, Debug)]
pub struct MarkRead {
    pub through: i64,
}

/// Up to this line it is on the customer's screen.
#[derive(Clone, Debug)]
pub struct MarkReceived {
    pub through: i64,
}

/// The snooze may be over.
#[derive(Clone, Debug)]
pub struct Wake;

/// Whose conversation is it?
#[derive(Clone, Debug)]
pub struct FindContact;

/// The contact has changed.
#[derive(Clone, Debug)]
pub struct RefreshContact {
    pub contact: ContactBrief,
}

impl Command for PostMessage {
    type Reply = Change;
}

impl Command for SetStatus {
    type Reply = Change;
}

impl Command for Assign {
    type Reply = Change;
}

impl Command for Prioritize {
    type Reply = Change;
}

impl Command for SetLabels {
    type Reply = Change;
}

impl Command for ForgetLabel {
    type Reply = ();
}

impl Command for MarkRead {
    type Reply = ();
}

impl Command for MarkReceived {
    type Reply = ();
}

impl Command for Wake {
    type Reply = ();
}

impl Command for FindContact {
    type Reply = ContactId;
}

impl Command for RefreshContact {
    type Reply = ();
}
