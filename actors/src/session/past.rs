//! What a session missed: from the log as far as it must, from the ring as soon as it can.

use uuid::Uuid;

use crate::batch::Frame;
use crate::bus;
use crate::ring::{Entry, Missed, Reader};
use crate::{Admission, Hub};

/// Further back than this, starting anew is quicker than catching up.
pub(super) const MAX_BEHIND: i64 = 5_000;
const LOG_PAGE: i64 = 1_000;

/// What a look into the past found.
pub(super) enum Past {
    Read(Vec<Frame>, i64),
    TooOld(i64),
    Unreadable,
}

/// Collects what a reader missed after `cursor`.
pub(super) async fn read_past(hub: Hub, me: Box<Admission>, session: Uuid, reader: Reader, cursor: i64) -> Past {
    let (mut frames, mut at) = (vec![], cursor);
    loop {
        let ask = bus::AskMissed {
            tenant: me.caller.tenant,
            session,
            cursor: at,
        };
        let Ok(Some(standing)) = hub.bus().send(ask).await else {
            return Past::Unreadable;
        };
        if let Missed::Frames(newest) = standing.missed {
            frames.extend(newest);
            return Past::Read(frames, standing.head);
        }
        if standing.head - cursor > MAX_BEHIND {
            return Past::TooOld(standing.head);
        }
        let Ok(events) = hub.store().events_after(&me.caller, at, LOG_PAGE).await else {
            return Past::Unreadable;
        };
        for event in &events {
            at = event.seq;
            let bytes = Entry::new(hub.registry(), event).and_then(|entry| entry.frame_for(hub.registry(), &reader));
            frames.extend(bytes.map(|bytes| Frame::new(event.seq, bytes)));
        }
        if events.is_empty() {
            return Past::Unreadable;
        }
    }
}
