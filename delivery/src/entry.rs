//! An event ready to send, and who may see what of it.

use std::cell::OnceCell;
use std::sync::Arc;

use actix_web::web::Bytes;
use kernel::{ContactId, Recorded};

use crate::audience::Audience;
use crate::{protocol, wire};

/// An event with its frames: one for each kind of reader, built once.
pub(crate) struct Entry {
    pub(crate) seq: i64,
    pub(crate) topics: Vec<String>,
    pub(crate) team: Bytes,
    /// The event without its payload, which stands in the team's frame.
    recorded: Recorded,
    /// What the contact concerned may see of it, once somebody asked.
    visitor: OnceCell<Option<(ContactId, Bytes)>>,
}

impl Entry {
    /// Builds the frames of an event; one whose payload was erased has none.
    pub(crate) fn new(audience: &Audience, recorded: &Recorded) -> Option<Self> {
        let payload = recorded.payload.as_ref()?;
        let mut topics = vec![recorded.subject.clone()];
        topics.extend(audience.broad_topic(&recorded.kind).map(str::to_owned));
        let team = protocol::event(recorded, &recorded.subject, payload);
        let mut recorded = recorded.clone();
        recorded.payload = None;
        Some(Self {
            seq: recorded.seq,
            topics,
            team,
            recorded,
            visitor: OnceCell::new(),
        })
    }

    /// The frame that this reader may see, if any.
    pub(crate) fn frame_for(&self, audience: &Audience, reader: &Reader) -> Option<Bytes> {
        match reader {
            Reader::Team { topics } => {
                let is_asked_for = topics.iter().any(|topic| self.topics.contains(topic));
                is_asked_for.then(|| self.team.clone())
            }
            Reader::Visitor(me) => self.frame_for_visitor(audience, *me),
        }
    }

    /// The customer who may see some of it.
    pub(crate) fn contact(&self) -> Option<ContactId> {
        self.recorded.contact
    }

    /// How many bytes its frames have: a customer sees no more of it than the team.
    pub(crate) fn size(&self) -> usize {
        self.team.len() * if self.recorded.contact.is_some() { 2 } else { 1 }
    }

    fn frame_for_visitor(&self, audience: &Audience, me: ContactId) -> Option<Bytes> {
        self.recorded.contact.filter(|contact| *contact == me)?;
        let visitor = self.visitor.get_or_init(|| {
            let mut recorded = self.recorded.clone();
            recorded.payload = wire::text_of(&self.team).map(Arc::from);
            let (contact, payload) = audience.visitor_view(&recorded)?;
            Some((contact, protocol::event(&recorded, "me", &payload)))
        });
        let mine = visitor.as_ref().filter(|(contact, _)| *contact == me);
        mine.map(|(_, frame)| frame.clone())
    }
}

/// Who reads, as far as it decides what may be seen: all who are equal here see the same.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub(crate) enum Reader {
    Team { topics: Vec<String> },
    Visitor(ContactId),
}

impl Reader {
    /// A contact sees what is theirs, a member of the team what they asked for: each topic once, in order.
    pub(crate) fn new(contact: Option<ContactId>, topics: Vec<String>) -> Self {
        contact.map_or(Self::Team { topics }, Self::Visitor)
    }

    /// How many topics it hears.
    pub(crate) fn n_topics(&self) -> usize {
        match self {
            Self::Team { topics } => topics.len(),
            Self::Visitor(_) => 1,
        }
    }
}
