//! Who is here and who looks at what: kept in memory only, told as signals, gone with the connection.

use std::collections::{BTreeMap, HashMap};

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
    /// Each user's connections: how many are away, how many online.
    counts: HashMap<UserId, [usize; 2]>,
    /// Who looks at what, and with how many connections.
    eyes: BTreeMap<ConversationId, BTreeMap<UserId, usize>>,
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
        let here = Here {
            user,
            presence: Presence::Online,
            viewing: None,
        };
        self.here.insert(session, here);
        self.count(user, Presence::Online, 1);
        self.changed(user, before)
    }

    /// Forgets a connection; returns what changed: the user's presence, and the conversation no longer looked at.
    pub(crate) fn leave(&mut self, session: Uuid) -> (Option<(UserId, Presence)>, Option<ConversationId>) {
        let viewing = self.view(session, None).first().copied();
        let Some(Here { user, presence, .. }) = self.here.remove(&session) else {
            return (None, None);
        };
        let before = self.of(user);
        self.count(user, presence, -1);
        (self.changed(user, before).map(|presence| (user, presence)), viewing)
    }

    /// Notes what a connection says of its user; returns the user's presence if that changed it.
    pub(crate) fn set(&mut self, session: Uuid, presence: Presence) -> Option<(UserId, Presence)> {
        let here = self.here.get_mut(&session)?;
        let (user, earlier) = (here.user, std::mem::replace(&mut here.presence, presence));
        let before = self.of(user);
        self.count(user, earlier, -1);
        self.count(user, presence, 1);
        self.changed(user, before).map(|presence| (user, presence))
    }

    /// Notes what a connection looks at; returns the conversations whose viewers changed.
    pub(crate) fn view(&mut self, session: Uuid, conversation: Option<ConversationId>) -> Vec<ConversationId> {
        let Some(here) = self.here.get_mut(&session) else {
            return vec![];
        };
        let (user, before) = (here.user, std::mem::replace(&mut here.viewing, conversation));
        if before == conversation {
            return vec![];
        }
        if let Some(before) = before {
            self.look_away(before, user);
        }
        if let Some(now) = conversation {
            *self.eyes.entry(now).or_default().entry(user).or_default() += 1;
        }
        before.into_iter().chain(conversation).collect()
    }

    /// Returns who looks at a conversation.
    pub(crate) fn viewers(&self, conversation: ConversationId) -> Vec<UserId> {
        let viewers = self.eyes.get(&conversation);
        viewers.into_iter().flat_map(BTreeMap::keys).copied().collect()
    }

    /// Returns every conversation that someone looks at.
    pub(crate) fn viewed(&self) -> Vec<ConversationId> {
        self.eyes.keys().copied().collect()
    }

    /// Returns everyone who is here.
    pub(crate) fn all(&self) -> HashMap<UserId, Presence> {
        self.counts.keys().map(|user| (*user, self.of(*user))).collect()
    }

    fn look_away(&mut self, conversation: ConversationId, user: UserId) {
        let Some(users) = self.eyes.get_mut(&conversation) else {
            return;
        };
        if let Some(n) = users.get_mut(&user) {
            *n -= 1;
            if *n == 0 {
                users.remove(&user);
            }
        }
        if users.is_empty() {
            self.eyes.remove(&conversation);
        }
    }

    fn count(&mut self, user: UserId, presence: Presence, change: isize) {
        let counts = self.counts.entry(user).or_default();
        let [away, online] = counts;
        match presence {
            Presence::Offline => {}
            Presence::Away => *away = away.saturating_add_signed(change),
            Presence::Online => *online = online.saturating_add_signed(change),
        }
        if *counts == [0, 0] {
            self.counts.remove(&user);
        }
    }

    /// A user is as present as their most present connection.
    pub(crate) fn of(&self, user: UserId) -> Presence {
        match self.counts.get(&user) {
            None => Presence::Offline,
            Some([_, 0]) => Presence::Away,
            Some(_) => Presence::Online,
        }
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
