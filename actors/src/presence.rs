//! Who is here and who looks at what: kept in memory only, told as signals, gone with the connection.

use std::collections::{BTreeSet, HashMap};

use kernel::{ConversationId, UserId};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use uuid::Uuid;

/// Whether a member of the team is here.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "lowercase")]
pub enum Presence {
    Offline,
    Away,
    Online,
}

/// The people of one tenant who are connected, by connection.
#[derive(Default)]
pub(crate) struct Presences {
    here: HashMap<Uuid, Here>,
}

struct Here {
    user: UserId,
    presence: Presence,
    viewing: Option<ConversationId>,
}

impl Presences {
    /// Notes a connection; returns the user's presence if that changed it.
    pub(crate) fn enter(&mut self, session: Uuid, user: UserId) -> Option<Presence> {
        let before = self.of(user);
        self.here.insert(
            session,
            Here {
                user,
                presence: Presence::Online,
                viewing: None,
            },
        );
        self.changed(user, before)
    }

    /// Forgets a connection; returns what changed: the user's presence, and the conversation no longer looked at.
    pub(crate) fn leave(&mut self, session: Uuid) -> (Option<(UserId, Presence)>, Option<ConversationId>) {
        let Some(user) = self.here.get(&session).map(|here| here.user) else {
            return (None, None);
        };
        let before = self.of(user);
        let viewing = self.here.remove(&session).and_then(|here| here.viewing);
        (self.changed(user, before).map(|presence| (user, presence)), viewing)
    }

    /// Notes what a connection says of its user; returns the user's presence if that changed it.
    pub(crate) fn set(&mut self, session: Uuid, presence: Presence) -> Option<(UserId, Presence)> {
        let user = self.here.get(&session)?.user;
        let before = self.of(user);
        if let Some(here) = self.here.get_mut(&session) {
            here.presence = presence;
        }
        self.changed(user, before).map(|presence| (user, presence))
    }

    /// Notes what a connection looks at; returns the conversations whose viewers changed.
    pub(crate) fn view(&mut self, session: Uuid, conversation: Option<ConversationId>) -> Vec<ConversationId> {
        let Some(here) = self.here.get_mut(&session) else {
            return vec![];
        };
        let before = std::mem::replace(&mut here.viewing, conversation);
        if before == conversation {
            return vec![];
        }
        before.into_iter().chain(conversation).collect()
    }

    /// Returns who looks at a conversation.
    pub(crate) fn viewers(&self, conversation: ConversationId) -> Vec<UserId> {
        let viewers = self.here.values().filter(|here| here.viewing == Some(conversation));
        viewers
            .map(|here| here.user)
            .collect::<BTreeSet<_>>()
            .into_iter()
            .collect()
    }

    /// Returns every conversation that someone looks at.
    pub(crate) fn viewed(&self) -> BTreeSet<ConversationId> {
        self.here.values().filter_map(|here| here.viewing).collect()
    }

    /// Returns everyone who is here.
    pub(crate) fn all(&self) -> HashMap<UserId, Presence> {
        let mut all = HashMap::new();
        for here in self.here.values() {
            let presence = all.entry(here.user).or_insert(here.presence);
            *presence = here.presence.max(*presence);
        }
        all
    }

    fn of(&self, user: UserId) -> Presence {
        let mine = self.here.values().filter(|here| here.user == user);
        mine.map(|here| here.presence).max().unwrap_or(Presence::Offline)
    }

    fn changed(&self, user: UserId, before: Presence) -> Option<Presence> {
        let after = self.of(user);
        (after != before).then_some(after)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_user_is_as_present_as_their_most_present_connection() {
        let (mut all, ada) = (Presences::default(), UserId::fresh());
        let (desk, phone) = (Uuid::now_v7(), Uuid::now_v7());
        assert_eq!(all.enter(desk, ada), Some(Presence::Online));
        assert_eq!(all.enter(phone, ada), None);
        assert_eq!(all.set(desk, Presence::Away), None);
        assert_eq!(all.set(phone, Presence::Away), Some((ada, Presence::Away)));
        assert_eq!(all.leave(phone), (None, None));
        assert_eq!(all.leave(desk), (Some((ada, Presence::Offline)), None));
        assert_eq!(all.leave(desk), (None, None));
    }

    #[test]
    fn viewers_follow_the_eyes() {
        let (mut all, ada, bob) = (Presences::default(), UserId::fresh(), UserId::fresh());
        let (one, two) = (ConversationId::fresh(), ConversationId::fresh());
        let (a, b) = (Uuid::now_v7(), Uuid::now_v7());
        all.enter(a, ada);
        all.enter(b, bob);
        assert_eq!(all.view(a, Some(one)), vec![one]);
        assert_eq!(all.view(b, Some(one)), vec![one]);
        assert_eq!(all.view(a, Some(one)), vec![]);
        assert_eq!(all.viewers(one), vec![ada, bob]);
        assert_eq!(all.view(a, Some(two)), vec![one, two]);
        assert_eq!(all.viewers(one), vec![bob]);
        assert_eq!(all.leave(b).1, Some(one));
    }
}
