//! What a caller may do.

use serde::{Deserialize, Serialize};

crate::words! {
    /// One right. Roles are sets of these.
    Permission {
        ReadConversations = "conversations.read",
        WriteConversations = "conversations.write",
        ReadContacts = "contacts.read",
        ReadChannels = "channels.read",
        ManageChannels = "channels.manage",
        ReadMembers = "members.read",
        ManageMembers = "members.manage",
        ReadActors = "actors.read",
        ManageLabels = "labels.manage",
        ReadEvents = "events.read",
        ManageEvents = "events.manage",
        ManageWebhooks = "webhooks.manage",
        ManageJobs = "jobs.manage",
        ExportConversations = "conversations.export",
    }
}

/// A set of permissions.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub struct Permissions(u32);

impl Permissions {
    /// No right at all.
    pub const NONE: Self = Self(0);

    /// Every right.
    #[must_use]
    pub fn all() -> Self {
        Permission::ALL.iter().copied().collect()
    }

    /// Whether `permission` is in the set.
    #[must_use]
    pub fn contains(self, permission: Permission) -> bool {
        self.0 & (1 << permission as u32) != 0
    }

    /// The permissions in the set.
    pub fn iter(self) -> impl Iterator<Item = Permission> {
        Permission::ALL.iter().copied().filter(move |p| self.contains(*p))
    }
}

impl FromIterator<Permission> for Permissions {
    fn from_iter<I: IntoIterator<Item = Permission>>(all: I) -> Self {
        Self(all.into_iter().fold(0, |set, p| set | 1 << p as u32))
    }
}

impl Serialize for Permissions {
    fn serialize<S: serde::Serializer>(&self, to: S) -> Result<S::Ok, S::Error> {
        to.collect_seq(self.iter())
    }
}

impl<'de> Deserialize<'de> for Permissions {
    fn deserialize<D: serde::Deserializer<'de>>(from: D) -> Result<Self, D::Error> {
        Ok(Vec::<Permission>::deserialize(from)?.into_iter().collect())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_set_holds_what_was_put_in_and_nothing_else() {
        for one in Permission::ALL {
            let set: Permissions = [*one].into_iter().collect();
            assert_eq!(set.iter().collect::<Vec<_>>(), vec![*one]);
            assert!(Permissions::all().contains(*one));
            assert!(!Permissions::NONE.contains(*one));
            assert_eq!(Permission::from_word(one.word()), Some(*one));
        }
    }
}
