//! The queries of the log.

use kernel::Recorded;
use store::past::{self, Part};
use store::{StoreError, Tx};

use super::model::{EventPage, EventStory, LoggedEvent};

/// So many places are looked at for one page, however few events match: the log has no index for what people may ask.
const STRETCH: i64 = 50_000;
const MOST_EFFECTS: i64 = 100;

/// Returns a page of what matches, the newest first.
pub(super) async fn page(tx: &mut Tx<'_>, mut part: Part, limit: i64) -> Result<EventPage, StoreError> {
    let head = past::head(tx).await?;
    part.before = part.before.min(head.saturating_add(1));
    let end = part.after;
    part.after = end.max(part.before.saturating_sub(STRETCH + 1));
    let events = past::newest(tx, &part, limit).await?;
    let is_full = i64::try_from(events.len()).is_ok_and(|n| n == limit);
    let next = match events.last() {
        Some(last) if is_full => (last.seq > end + 1).then_some(last.seq),
        _ => (part.after > end).then_some(part.after + 1),
    };
    let items = events.into_iter().map(LoggedEvent::from).collect();
    Ok(EventPage { items, next, head })
}

/// Returns an event with its chain.
pub(super) async fn story(tx: &mut Tx<'_>, seq: i64) -> Result<EventStory, StoreError> {
    let event = past::find(tx, seq).await?;
    let effects = match event.as_cause() {
        Some(cause) => past::effects(tx, cause, MOST_EFFECTS).await?,
        None => vec![],
    };
    let causes = causes(tx, &event).await?;
    Ok(EventStory {
        event: event.into(),
        causes: causes.into_iter().map(LoggedEvent::from).collect(),
        effects: effects.into_iter().map(LoggedEvent::from).collect(),
    })
}

/// Walks up the chain. It ends: each cause is less deep than what it caused.
async fn causes(tx: &mut Tx<'_>, event: &Recorded) -> Result<Vec<Recorded>, StoreError> {
    let (mut causes, mut cause) = (vec![], event.cause);
    while let Some(seq) = cause.map(|cause| cause.seq) {
        let depth = cause.map_or(0, |cause| cause.depth);
        let before = past::find(tx, seq).await?;
        cause = before.cause.filter(|next| next.depth < depth);
        causes.push(before);
    }
    Ok(causes)
}
