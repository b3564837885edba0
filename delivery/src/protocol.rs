//! The frames of the live protocol, as text.

use actix_web::web::Bytes;
use bytestring::ByteString;
use chrono::{DateTime, Utc};
use kernel::{Problem, Recorded};
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};

use crate::desk::Written;
use crate::presence::Presence;
use crate::wire;

/// A request as it comes. While it waits for its turn it stays the text that it was: read, it may be many times as large.
#[derive(Debug)]
pub(crate) struct Request {
    pub(crate) id: RequestId,
    pub(crate) op: String,
    pub(crate) text: ByteString,
}

/// As much of a request as is read at once.
#[derive(Deserialize)]
struct Envelope {
    id: RequestId,
    op: String,
}

/// The client's own name for a request.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(untagged)]
pub(crate) enum RequestId {
    Number(i64),
    Word(String),
}

impl Request {
    /// Reads a frame; `None` when it is not a request at all.
    pub(crate) fn parse(text: ByteString) -> Option<Self> {
        let Envelope { id, op } = serde_json::from_str(&text).ok()?;
        if matches!(&id, RequestId::Word(word) if word.len() > 64) || op.len() > 64 {
            return None;
        }
        Some(Self { id, op, text })
    }

    /// What its operation needs.
    pub(crate) fn fields(&self) -> Value {
        let mut fields = serde_json::from_str(&self.text).unwrap_or_default();
        if let Value::Object(fields) = &mut fields {
            fields.remove("id");
            fields.remove("op");
        }
        fields
    }
}

/// The first request of a connection.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Hello {
    pub(crate) token: String,
    pub(crate) cursor: Option<i64>,
    #[serde(default)]
    pub(crate) topics: Vec<String>,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Renew {
    pub(crate) token: String,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Topics {
    pub(crate) topics: Vec<String>,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct SetPresence {
    pub(crate) state: Presence,
}

/// An answer as a frame.
pub(crate) fn answer(id: &RequestId, data: &Value) -> Bytes {
    answer_written(id, &Written(data.to_string()))
}

pub(crate) fn refusal(id: &RequestId, problem: &Problem) -> ByteString {
    frame(&json!({ "id": id, "ok": false, "problem": problem }))
}

pub(crate) fn beat(seq: i64, at: DateTime<Utc>) -> ByteString {
    frame(&json!({ "type": "beat", "seq": seq, "at": at }))
}

pub(crate) fn reset(seq: i64) -> ByteString {
    frame(&json!({ "type": "reset", "seq": seq }))
}

pub(crate) fn bye(reason: &str, retry_after_ms: u64) -> ByteString {
    frame(&json!({ "type": "bye", "reason": reason, "retry_after_ms": retry_after_ms }))
}

/// A signal: no `seq`, never stored.
pub(crate) fn signal(topic: &str, kind: &str, data: &impl Serialize) -> ByteString {
    frame(&json!({ "topic": topic, "type": kind, "data": data }))
}

/// An event as a frame, with `payload` (`{"type": …, "data": …}`) taken over as it stands in the log.
pub(crate) fn event(recorded: &Recorded, topic: &str, payload: &str) -> Bytes {
    #[derive(Serialize)]
    struct Head<'a> {
        seq: i64,
        at: DateTime<Utc>,
        topic: &'a str,
    }
    let head = Head {
        seq: recorded.seq,
        at: recorded.at,
        topic,
    };
    let head = serde_json::to_string(&head).unwrap_or_default();
    let start = head.strip_suffix('}').unwrap_or_default();
    let rest = payload.strip_prefix('{').unwrap_or_default();
    wire::text(&[start, ",", rest])
}

/// An answer as a frame, with `data` taken over as it was written.
pub(crate) fn answer_written(id: &RequestId, data: &Written) -> Bytes {
    let id = serde_json::to_string(id).unwrap_or_default();
    wire::text(&[r#"{"id":"#, &id, r#","ok":true,"data":"#, &data.0, "}"])
}

fn frame(value: &Value) -> ByteString {
    value.to_string().into()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_objects_with_id_and_op_are_requests() {
        let long = format!(r#"{{"id":"{}","op":"x"}}"#, "x".repeat(65));
        let not = [
            "",
            "7",
            "[]",
            "{}",
            r#"{"id":1}"#,
            r#"{"op":"x"}"#,
            r#"{"id":null,"op":"x"}"#,
            "{\"id\":1,",
            &long,
        ];
        for text in not {
            assert!(Request::parse(text.into()).is_none(), "{text}");
        }
        let request = Request::parse(r#"{"id":"a","op":"read","through":3}"#.into()).unwrap();
        assert_eq!(request.fields(), json!({ "through": 3 }));
        assert_eq!((request.id, request.op.as_str()), (RequestId::Word("a".into()), "read"));
    }

    #[test]
    fn an_answer_takes_its_data_as_it_is() {
        let id = RequestId::Word("a\"b".into());
        let frame = answer_written(&id, &Written(r#"{"n":1}"#.into()));
        assert_eq!(wire::text_of(&frame), Some(r#"{"id":"a\"b","ok":true,"data":{"n":1}}"#));
        assert_eq!(answer(&id, &json!({ "n": 1 })), frame);
    }

    #[test]
    fn an_event_frame_takes_the_payload_as_it_is() {
        let recorded = Recorded {
            tenant: kernel::TenantId::fresh(),
            seq: 7,
            kind: "message.posted".into(),
            caller: "user:1".into(),
            subject: "conversation:1".into(),
            payload: None,
            contact: None,
            cause: None,
            at: DateTime::UNIX_EPOCH,
        };
        let frame = event(
            &recorded,
            "conversation:1",
            r#"{"type":"message.posted","data":{"text":"}{"}}"#,
        );
        let expect = r#"{"seq":7,"at":"1970-01-01T00:00:00Z","topic":"conversation:1","type":"message.posted","data":{"text":"}{"}}"#;
        assert_eq!(wire::text_of(&frame), Some(expect));
    }
}
