//! Who asks: every command, write and event names its caller.

use std::fmt;
use std::sync::Arc;

use crate::{Cause, ChannelId, ContactId, Permission, Permissions, TenantId, UserId};

/// Who asks for something, for which tenant, with which rights.
#[derive(Clone, Debug)]
pub struct Caller {
    pub tenant: TenantId,
    pub who: Who,
    /// As colleagues and customers see it.
    pub name: Arc<str>,
    pub permissions: Permissions,
    /// The event that made them ask, if one did.
    pub cause: Option<Cause>,
}

/// The kinds of callers.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Who {
    /// A member of the team.
    User(UserId),
    /// A customer, through one channel.
    Contact(ContactId, ChannelId),
    /// The server itself; the word says which part.
    System(&'static str),
}

impl Caller {
    /// The server acting by itself.
    #[must_use]
    pub fn system(tenant: TenantId, part: &'static str) -> Self {
        Self {
            tenant,
            who: Who::System(part),
            name: part.into(),
            permissions: Permissions::all(),
            cause: None,
        }
    }

    /// The same caller, moved by an event.
    #[must_use]
    pub fn because(self, cause: Cause) -> Self {
        Self {
            cause: Some(cause),
            ..self
        }
    }

    /// Whether the caller has this right.
    #[must_use]
    pub fn may(&self, permission: Permission) -> bool {
        self.permissions.contains(permission)
    }

    /// The member of the team who asks, if one does.
    #[must_use]
    pub fn user(&self) -> Option<UserId> {
        match self.who {
            Who::User(id) => Some(id),
            Who::Contact(..) | Who::System(_) => None,
        }
    }

    /// The customer who asks, if one does.
    #[must_use]
    pub fn contact(&self) -> Option<ContactId> {
        match self.who {
            Who::Contact(id, _) => Some(id),
            Who::User(_) | Who::System(_) => None,
        }
    }
}

/// As the log writes it: `user:ID`, `contact:ID`, `system:timer`.
impl fmt::Display for Who {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::User(id) => write!(f, "user:{id}"),
            Self::Contact(id, _) => write!(f, "contact:{id}"),
            Self::System(part) => write!(f, "system:{part}"),
        }
    }
}
