//! Which lines come next.

use chrono::{DateTime, Utc};
use kernel::ConversationId;

use super::NewExport;
use crate::conversation::Record;
use crate::label::LabelId;

/// A stretch of a thread: the lines behind one position, through another.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Span {
    pub(super) conversation: ConversationId,
    pub(super) after: i64,
    pub(super) through: i64,
}

impl Span {
    pub(super) fn n(&self) -> i64 {
        self.through - self.after
    }
}

/// Whether a conversation is asked for. What was started later than the export is not.
pub(super) fn is_wanted(export: &NewExport, record: &Record, labels: &[LabelId], as_of: DateTime<Utc>) -> bool {
    let NewExport {
        status,
        channel_id,
        label_id,
        since,
        until,
        ..
    } = export;
    status.is_none_or(|status| record.status == status)
        && channel_id.is_none_or(|channel| record.channel_id == channel)
        && label_id.is_none_or(|label| labels.contains(&label))
        && since.is_none_or(|since| record.started_at >= since)
        && until.is_none_or(|until| record.started_at < until)
        && record.started_at <= as_of
}

/// Takes stretches of at most so many lines off the front of these threads.
pub(super) fn take(threads: &mut Vec<Span>, most: i64) -> Vec<Span> {
    let (mut room, mut taken, mut n_whole) = (most, vec![], 0);
    for thread in threads.iter_mut() {
        if room <= 0 {
            break;
        }
        let n = thread.n().min(room);
        let through = thread.after + n;
        taken.push(Span { through, ..*thread });
        room -= n;
        thread.after = through;
        n_whole += usize::from(thread.n() == 0);
    }
    threads.drain(..n_whole);
    taken
}

#[cfg(test)]
mod tests {
    use uuid::Uuid;

    use super::*;

    /// `after-through` of thread 1, 2, …
    fn spans(text: &str) -> Vec<Span> {
        let span = |word: &str| {
            let (conversation, range) = word.split_once(':').unwrap();
            let (after, through) = range.split_once('-').unwrap();
            Span {
                conversation: ConversationId(Uuid::from_u128(conversation.parse().unwrap())),
                after: after.parse().unwrap(),
                through: through.parse().unwrap(),
            }
        };
        text.split_whitespace().map(span).collect()
    }

    #[test]
    fn so_many_lines_are_taken_in_order_and_a_long_thread_in_parts() {
        let table = [
            ("", 5, "", ""),
            ("1:0-2 2:0-2", 5, "1:0-2 2:0-2", ""),
            ("1:0-2 2:0-2 3:0-9", 5, "1:0-2 2:0-2 3:0-1", "3:1-9"),
            ("3:1-9 4:0-1", 5, "3:1-6", "3:6-9 4:0-1"),
            ("3:6-9 4:0-2", 5, "3:6-9 4:0-2", ""),
            ("1:0-5 2:0-1", 5, "1:0-5", "2:0-1"),
            ("1:4-4 2:0-1", 1, "1:4-4 2:0-1", ""),
        ];
        for (threads, most, expect, left) in table {
            let mut threads_left = spans(threads);
            assert_eq!(take(&mut threads_left, most), spans(expect), "{threads}");
            assert_eq!(threads_left, spans(left), "{threads}");
        }
    }
}
