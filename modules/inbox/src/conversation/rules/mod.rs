//! The rules of a conversation: what may happen, and what it leads to. Values in, values out.
//!
//! A rule for each command says which line it adds to the thread, or why it adds none; `apply` says what the conversation is after
//! that line. Since nothing else changes it, the lines of a thread replay to its state.

use std::collections::BTreeSet;

use chrono::{DateTime, TimeDelta, Utc};
use kernel::{Code, Fault, FieldError, UserId, text};

use super::{Activity, Approach, Body, Extras, LastMessage, Message, MessageKind, Priority, Record, Status};
use crate::label::{LabelId, LabelMark};

/// More than that says nothing any more.
const MOST_LABELS: usize = 20;

/// Why a command is refused.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Refusal {
    #[error("a colleague has answered since you last looked")]
    AnsweredSince,
    #[error("it is {} already", .0.word())]
    AlreadySo(Status),
    #[error("it is with this person already")]
    AlreadyAssigned,
    #[error("it has this priority already")]
    AlreadyPrioritized,
    #[error("it has exactly these labels already")]
    AlreadyLabeled,
    #[error("a conversation has at most {MOST_LABELS} labels")]
    TooManyLabels,
    #[error("there is no such label")]
    UnknownLabel,
    #[error("snoozing needs a time to come back")]
    SnoozeNeedsTime,
    #[error("the time to come back must be in the future and within a year")]
    BadSnoozeTime,
    #[error("only snoozing takes a time")]
    TimeNotTaken,
}

impl Fault for Refusal {
    fn code(&self) -> Code {
        match self {
            Self::AnsweredSince
            | Self::AlreadySo(_)
            | Self::AlreadyAssigned
            | Self::AlreadyPrioritized
            | Self::AlreadyLabeled
            | Self::UnknownLabel
            | Self::BadSnoozeTime => Code::Conflict,
            Self::TooManyLabels | Self::SnoozeNeedsTime | Self::TimeNotTaken => Code::Invalid,
        }
    }

    fn word(&self) -> &'static str {
        match self {
            Self::AnsweredSince => "answered_since",
            Self::AlreadySo(_) | Self::AlreadyAssigned | Self::AlreadyPrioritized | Self::AlreadyLabeled => {
                "already_so"
            }
            Self::UnknownLabel => "unknown_label",
            Self::BadSnoozeTime => "bad_time",
            _ => "invalid",
        }
    }

    fn fields(&self) -> Vec<FieldError> {
        match self {
            Self::TooManyLabels => vec![FieldError::new("label_ids", "are too many")],
            Self::UnknownLabel => vec![FieldError::new("label_ids", "name a label that is not there")],
            Self::SnoozeNeedsTime => vec![FieldError::new("until", "is required to snooze")],
            Self::BadSnoozeTime => vec![FieldError::new("until", "must be in the future and within a year")],
            Self::TimeNotTaken => vec![FieldError::new("until", "is only for snoozing")],
            _ => vec![],
        }
    }
}

/// Whether someone may post. Customers and notes always may; a reply is held when a colleague has answered since `seen`.
pub fn post(record: &Record, approach: Approach, writer: Option<UserId>) -> Result<MessageKind, Refusal> {
    match approach {
        Approach::Customer => Ok(MessageKind::Customer),
        Approach::Note => Ok(MessageKind::Note),
        Approach::Reply { seen } => {
            let is_by_another = record.last_reply_by.is_some() && record.last_reply_by != writer;
            let is_unseen = seen.is_some_and(|seen| seen < record.last_reply_position);
            if is_by_another && is_unseen {
                Err(Refusal::AnsweredSince)
            } else {
                Ok(MessageKind::Reply)
            }
        }
    }
}

/// What a message of this kind says: mentions are for colleagues, and what others read has names in their place.
#[must_use]
pub fn say(kind: MessageKind, body: Body) -> Body {
    let rich = match body.rich {
        Some(document) if kind != MessageKind::Note => Some(document.without_mentions()),
        rich => rich,
    };
    Body {
        rich: rich.filter(|document| !document.is_plain()),
        ..body
    }
}

/// Which activity a change of status is.
pub fn set_status(
    record: &Record,
    status: Status,
    until: Option<DateTime<Utc>>,
    now: DateTime<Utc>,
) -> Result<Activity, Refusal> {
    if status != Status::Snoozed && until.is_some() {
        return Err(Refusal::TimeNotTaken);
    }
    if status == Status::Snoozed {
        let until = until.ok_or(Refusal::SnoozeNeedsTime)?;
        if record.snoozed_until == Some(until) {
            return Err(Refusal::AlreadySo(status));
        }
        let is_right = until > now && until < now + TimeDelta::days(366);
        return if is_right {
            Ok(Activity::Snoozed { until })
        } else {
            Err(Refusal::BadSnoozeTime)
        };
    }
    if record.status == status {
        return Err(Refusal::AlreadySo(status));
    }
    Ok(match status {
        Status::Open | Status::Snoozed => Activity::Opened,
        Status::Pending => Activity::Pended,
        Status::Resolved => Activity::Resolved,
    })
}

/// Which activity an assignment is.
pub fn assign(record: &Record, assignee: Option<(UserId, String)>) -> Result<Activity, Refusal> {
    if record.assignee_id == assignee.as_ref().map(|(id, _)| *id) {
        return Err(Refusal::AlreadyAssigned);
    }
    Ok(match assignee {
        Some((assignee_id, assignee_name)) => Activity::Assigned {
            assignee_id,
            assignee_name,
        },
        None => Activity::Unassigned,
    })
}

/// Which activity a priority is.
pub fn prioritize(record: &Record, priority: Priority) -> Result<Activity, Refusal> {
    if record.priority == priority {
        return Err(Refusal::AlreadyPrioritized);
    }
    Ok(Activity::Prioritized { priority })
}

/// Which activity a change of labels is.
pub fn label(extras: &Extras, wanted: &[LabelId], known: &[LabelMark]) -> Result<Activity, Refusal> {
    let wanted: BTreeSet<_> = wanted.iter().copied().collect();
    if wanted.len() > MOST_LABELS {
        return Err(Refusal::TooManyLabels);
    }
    let mark = |id: &LabelId| known.iter().find(|mark| mark.id == *id).cloned();
    let is_on = |id: &LabelId| extras.label_ids.contains(id);
    let added = wanted.iter().filter(|id| !is_on(id)).map(mark);
    let added: Vec<_> = added.collect::<Option<_>>().ok_or(Refusal::UnknownLabel)?;
    // One that is gone meanwhile has gone from here, too, and nobody need be told.
    let removed: Vec<_> = extras
        .label_ids
        .iter()
        .filter(|id| !wanted.contains(id))
        .filter_map(mark)
        .collect();
    if added.is_empty() && removed.is_empty() {
        return Err(Refusal::AlreadyLabeled);
    }
    Ok(Activity::Labeled { added, removed })
}

/// What hangs on the conversation after one more line.
pub fn apply_extras(extras: &mut Extras, line: &Message) {
    if let Some(Activity::Labeled { added, removed }) = &line.activity {
        let mut label_ids: BTreeSet<_> = extras.label_ids.drain(..).collect();
        label_ids.extend(added.iter().map(|mark| mark.id));
        let is_left = |id: &LabelId| !removed.iter().any(|mark| mark.id == *id);
        extras.label_ids = label_ids.into_iter().filter(is_left).collect();
    }
}

/// Whether a snooze is over.
#[must_use]
pub fn is_time_to_wake(record: &Record, now: DateTime<Utc>) -> bool {
    record.status == Status::Snoozed && record.snoozed_until.is_some_and(|until| until <= now)
}

/// Whether a customer's message goes on with this conversation, or starts a new one.
#[must_use]
pub fn goes_on(resolved_at: Option<DateTime<Utc>>, reopen_within: TimeDelta, now: DateTime<Utc>) -> bool {
    resolved_at.is_none_or(|at| now - at <= reopen_within)
}

/// What the conversation is after one more line.
pub fn apply(record: &mut Record, line: &Message) {
    record.n_messages = line.position;
    record.version += 1;
    match (&line.activity, line.kind) {
        (Some(activity), _) => apply_activity(record, activity, line.at),
        (None, MessageKind::Activity) => {}
        (None, MessageKind::Customer) => {
            record.n_customer_messages += 1;
            record.waiting_since.get_or_insert(line.at);
            open(record);
        }
        (None, MessageKind::Reply) => {
            record.n_replies += 1;
            record.waiting_since = None;
            record.last_reply_position = line.position;
            record.last_reply_by = line.author.id.map(UserId);
        }
        (None, MessageKind::Note) => {}
    }
    if line.kind != MessageKind::Activity {
        record.last_activity_at = line.at;
        record.last_message = Some(LastMessage {
            position: line.position,
            kind: line.kind,
            author: line.author.clone(),
            preview: text::preview(&line.text),
            at: line.at,
        });
    }
}

fn apply_activity(record: &mut Record, activity: &Activity, at: DateTime<Utc>) {
    match activity {
        Activity::Assigned { assignee_id, .. } => record.assignee_id = Some(*assignee_id),
        Activity::Unassigned => record.assignee_id = None,
        Activity::Opened | Activity::Woken => open(record),
        Activity::Pended => {
            open(record);
            record.status = Status::Pending;
        }
        Activity::Snoozed { until } => {
            open(record);
            record.status = Status::Snoozed;
            record.snoozed_until = Some(*until);
        }
        Activity::Resolved => {
            open(record);
            record.status = Status::Resolved;
            record.resolved_at = Some(at);
            record.waiting_since = None;
        }
        Activity::Prioritized { priority } => record.priority = *priority,
        // They hang beside it.
        Activity::Labeled { .. } => {}
    }
}

fn open(record: &mut Record) {
    record.status = Status::Open;
    record.snoozed_until = None;
    record.resolved_at = None;
}

#[cfg(test)]
mod tests;
