//! How a line is written. Each says of which conversation it is, so that it stands by itself.

use std::io::{self, Write};

use chrono::{DateTime, SecondsFormat, Utc};
use serde::Serialize;

use super::Format;
use super::queries::{Head, Line, Names};
use crate::conversation::{AuthorKind, MessageKind, Priority, Status};
use kernel::{ContactId, ConversationId};

/// The columns of the table.
const COLUMNS: [&str; 16] = [
    "conversation",
    "conversation_id",
    "status",
    "priority",
    "channel",
    "contact_id",
    "contact",
    "email",
    "assignee",
    "labels",
    "position",
    "at",
    "kind",
    "author_kind",
    "author",
    "text",
];

/// Writes what comes before all lines.
pub(super) fn begin(to: &mut impl Write, format: Format) -> io::Result<()> {
    match format {
        Format::Csv => row(to, COLUMNS),
        Format::JsonLines => Ok(()),
    }
}

/// Writes one line.
pub(super) fn write(to: &mut impl Write, format: Format, names: &Names, head: &Head, line: &Line) -> io::Result<()> {
    let written = Written::new(names, head, line);
    match format {
        Format::Csv => csv(to, &written),
        Format::JsonLines => {
            serde_json::to_writer(&mut *to, &written)?;
            to.write_all(b"\n")
        }
    }
}

#[derive(Serialize)]
struct Written<'a> {
    conversation: About<'a>,
    position: i64,
    at: DateTime<Utc>,
    kind: MessageKind,
    author: By<'a>,
    text: &'a str,
}

#[derive(Serialize)]
struct About<'a> {
    id: ConversationId,
    number: i64,
    status: Status,
    priority: Priority,
    channel: Option<&'a str>,
    contact: Whose<'a>,
    assignee: Option<&'a str>,
    labels: Vec<&'a str>,
}

#[derive(Serialize)]
struct Whose<'a> {
    id: ContactId,
    name: &'a str,
    email: Option<&'a str>,
}

#[derive(Serialize)]
struct By<'a> {
    kind: AuthorKind,
    name: &'a str,
}

impl<'a> Written<'a> {
    fn new(names: &'a Names, head: &'a Head, line: &'a Line) -> Self {
        let Head {
            record,
            contact,
            labels,
        } = head;
        let assignee = record.assignee_id.and_then(|id| names.members.get(&id));
        let labels = labels.iter().filter_map(|id| names.labels.get(id));
        Self {
            conversation: About {
                id: record.id,
                number: record.number,
                status: record.status,
                priority: record.priority,
                channel: names.channels.get(&record.channel_id).map(String::as_str),
                contact: Whose {
                    id: contact.id,
                    name: &contact.name,
                    email: contact.email.as_deref(),
                },
                assignee: assignee.map(String::as_str),
                labels: labels.map(String::as_str).collect(),
            },
            position: line.position,
            at: line.at,
            kind: line.kind,
            author: By {
                kind: line.author_kind,
                name: &line.author_name,
            },
            text: &line.text,
        }
    }
}

fn csv(to: &mut impl Write, line: &Written<'_>) -> io::Result<()> {
    let about = &line.conversation;
    row(
        to,
        [
            &about.number.to_string(),
            &about.id.to_string(),
            about.status.word(),
            about.priority.word(),
            about.channel.unwrap_or_default(),
            &about.contact.id.to_string(),
            about.contact.name,
            about.contact.email.unwrap_or_default(),
            about.assignee.unwrap_or_default(),
            &about.labels.join("; "),
            &line.position.to_string(),
            &line.at.to_rfc3339_opts(SecondsFormat::Millis, true),
            line.kind.word(),
            line.author.kind.word(),
            line.author.name,
            line.text,
        ],
    )
}

fn row<'a>(to: &mut impl Write, cells: impl IntoIterator<Item = &'a str>) -> io::Result<()> {
    for (n, text) in cells.into_iter().enumerate() {
        if n > 0 {
            to.write_all(b",")?;
        }
        cell(to, text)?;
    }
    to.write_all(b"\r\n")
}

/// Writes a cell. A spreadsheet would run what looks like a formula: an apostrophe makes it text.
fn cell(to: &mut impl Write, text: &str) -> io::Result<()> {
    let is_formula = text.starts_with(['=', '+', '-', '@', '\t', '\r']);
    let is_quoted = text.contains([',', '"', '\n', '\r']);
    if is_quoted {
        to.write_all(b"\"")?;
    }
    if is_formula {
        to.write_all(b"'")?;
    }
    if is_quoted {
        for (n, part) in text.split('"').enumerate() {
            if n > 0 {
                to.write_all(b"\"\"")?;
            }
            to.write_all(part.as_bytes())?;
        }
        return to.write_all(b"\"");
    }
    to.write_all(text.as_bytes())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_cell_is_quoted_when_it_must_be_and_never_a_formula() {
        let table = [
            ("", ""),
            ("plain", "plain"),
            ("a,b", "\"a,b\""),
            ("two\nlines", "\"two\nlines\""),
            ("she said \"no\"", "\"she said \"\"no\"\"\""),
            ("=SUM(A1)", "'=SUM(A1)"),
            ("+49 30", "'+49 30"),
            ("-1", "'-1"),
            ("@ada", "'@ada"),
            ("\t=1", "'\t=1"),
            ("=\"a\",1", "\"'=\"\"a\"\",1\""),
            ("a=b", "a=b"),
        ];
        for (text, expect) in table {
            let mut out = vec![];
            cell(&mut out, text).unwrap();
            assert_eq!(String::from_utf8(out).unwrap(), expect, "{text}");
        }
    }
}
