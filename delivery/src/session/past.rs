//! What a session missed: from the ring, and from the log what the ring does not have.

use kernel::{Caller, ContactId};
use store::StoreError;
use uuid::Uuid;

use crate::audience::Admission;
use crate::batch::Frame;
use crate::bus;
use crate::delivery::Delivery;
use crate::entry::{Entry, Reader};
use crate::ring::Missed;

/// Further back than this, starting anew is quicker than catching up.
pub(super) const MAX_BEHIND: i64 = 5_000;
/// The same for a customer, who reads nothing but what is theirs.
const MAX_OF_ONE: i64 = 500;
const LOG_PAGE: i64 = 1_000;

/// What a look into the past found.
pub(super) enum Past {
    Read(Vec<Frame>, i64),
    TooOld(i64),
    Unreadable,
}

/// Collects what a reader missed after `cursor`.
pub(super) async fn read_past(delivery: Delivery, me: Box<Admission>, session: Uuid, cursor: i64) -> Past {
    let (mut frames, mut at, tenant) = (vec![], cursor, me.caller.tenant);
    loop {
        let ask = bus::AskMissed {
            tenant,
            session,
            cursor: at,
        };
        let Ok(Some(standing)) = delivery.bus().send(ask).await else {
            return Past::Unreadable;
        };
        if let Missed::Frames(newest) = standing.missed {
            frames.extend(newest);
            return Past::Read(frames, standing.head);
        }
        let look = Look {
            delivery: &delivery,
            caller: &me.caller,
            reader: &standing.reader,
            head: standing.head,
        };
        let found = match standing.reader {
            Reader::Visitor(contact) => look.for_customer(contact, at).await,
            Reader::Team { .. } if standing.head - cursor > MAX_BEHIND => return Past::TooOld(standing.head),
            Reader::Team { .. } => look.for_team(at).await,
        };
        match found {
            Ok(Some((more, to))) if to > at => {
                frames.extend(more);
                at = to;
            }
            Ok(None) => return Past::TooOld(standing.head),
            Ok(Some(_)) | Err(_) => return Past::Unreadable,
        }
    }
}

/// A look into the log.
struct Look<'a> {
    delivery: &'a Delivery,
    caller: &'a Caller,
    reader: &'a Reader,
    head: i64,
}

/// What was found, and up to where nothing else is.
type Found = Option<(Vec<Frame>, i64)>;

impl Look<'_> {
    /// A page of everything.
    async fn for_team(&self, after: i64) -> Result<Found, StoreError> {
        let log = self.delivery.log();
        let events = log.events_after(self.caller, after, LOG_PAGE).await?;
        let to = events.last().map_or(after, |event| event.seq);
        Ok(Some((self.frames(&events), to)))
    }

    /// All that is this customer's: it costs what they missed, not what the tenant wrote.
    async fn for_customer(&self, contact: ContactId, after: i64) -> Result<Found, StoreError> {
        let log = self.delivery.log();
        let events = log.events_of(self.caller, contact, after, MAX_OF_ONE + 1).await?;
        if i64::try_from(events.len()).is_ok_and(|n| n > MAX_OF_ONE) {
            return Ok(None);
        }
        let to = events.last().map_or(after, |event| event.seq);
        Ok(Some((self.frames(&events), to.max(self.head))))
    }

    fn frames(&self, events: &[kernel::Recorded]) -> Vec<Frame> {
        let audience = self.delivery.audience();
        let frame = |event: &kernel::Recorded| {
            let bytes = Entry::new(audience, event)?.frame_for(audience, self.reader)?;
            Some(Frame::new(event.seq, bytes))
        };
        events.iter().filter_map(frame).collect()
    }
}
