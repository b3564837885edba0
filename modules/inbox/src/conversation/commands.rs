//! What can be asked of a conversation. HTTP, the socket, visitors and timers all send these.

use std::sync::Arc;

use actors::Command;
use chrono::{DateTime, Utc};
use crm::contact::ContactBrief;
use kernel::rich::{self, Block, Document};
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

impl From<Text> for String {
    fn from(text: Text) -> Self {
        text.0
    }
}

/// What a message says: its letters and, when it means more than they can say, a document.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Body {
    pub text: Text,
    pub rich: Option<Document>,
}

impl Body {
    /// Takes `text`, or, when there is anything in it, `rich`: then the text is made from that.
    pub fn parse(text: &str, rich: Option<Vec<Block>>) -> Result<Self, FieldError> {
        let text = Text::parse(text)?;
        match rich.map(Document::parse).transpose()? {
            Some(document) if !document.is_blank() => Self::of(document),
            _ => Ok(text.into()),
        }
    }

    /// What a document says; one that says no more than its letters is not kept.
    pub fn of(document: Document) -> Result<Self, FieldError> {
        let text = text::required("rich", &rich::plain::of(&document), text::MAX_MESSAGE)?;
        Ok(Self {
            text: Text(text),
            rich: Some(document).filter(|document| !document.is_plain()),
        })
    }
}

impl From<Text> for Body {
    fn from(text: Text) -> Self {
        Self { text, rich: None }
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
    pub body: Body,
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

#[cfg(test)]
mod tests {
    use serde_json::{Value, json};

    use super::*;
    use crate::conversation::{MessageKind, rules};

    fn parse(text: &str, rich: Value) -> Result<Body, FieldError> {
        Body::parse(text, serde_json::from_value(rich).unwrap())
    }

    fn one(span: Value) -> Value {
        json!([{ "type": "paragraph", "spans": [span] }])
    }

    #[test]
    fn a_body_is_letters_unless_it_means_more() {
        let table = [
            (Value::Null, "letters", false),
            (json!([]), "letters", false),
            (one(json!({ "text": " " })), "letters", false),
            (one(json!({ "text": " said " })), "said", false),
            (one(json!({ "text": "said", "bold": true })), "said", true),
        ];
        for (rich, text, is_rich) in table {
            let body = parse(" letters ", rich).unwrap();
            assert_eq!((body.text.as_str(), body.rich.is_some()), (text, is_rich));
        }
        assert_eq!(parse(" ", one(json!({ "text": "said" }))).unwrap_err().field, "text");
        let items: Vec<_> = (0..3)
            .map(|_| json!({ "type": "bullet", "spans": [{ "text": "x".repeat(6_700) }] }))
            .collect();
        assert_eq!(
            parse("x", json!(items)).unwrap_err(),
            FieldError::new("rich", "has 20108 characters, at most 20000 are allowed")
        );
    }

    #[test]
    fn mentions_are_for_colleagues() {
        let ada = json!({ "text": "Ada", "mention": UserId::fresh() });
        let told = parse("x", json!([{ "type": "bullet", "spans": [ada] }])).unwrap();
        let named = parse("x", one(ada)).unwrap();
        let kept = |kind, body: &Body| rules::say(kind, body.clone()).rich.map(|rich| rich.blocks().to_vec());
        assert_eq!(
            kept(MessageKind::Note, &named),
            named.rich.as_ref().map(|rich| rich.blocks().to_vec())
        );
        assert_eq!(kept(MessageKind::Reply, &named), None);
        let words = kept(MessageKind::Reply, &told).unwrap();
        assert_eq!(
            (words[0].spans[0].text.as_str(), words[0].spans[0].mention),
            ("@Ada", None)
        );
    }
}
