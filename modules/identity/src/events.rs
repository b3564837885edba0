//! What this module announces.

use kernel::{Event, SessionId, TenantId, UserId};
use serde::Serialize;
use utoipa::ToSchema;

use crate::member::Member;

/// The events of this module.
#[derive(Clone, Debug, Serialize, ToSchema)]
#[serde(tag = "type", content = "data")]
pub enum IdentityEvent {
    #[serde(rename = "tenant.created")]
    TenantCreated { id: TenantId, name: String, slug: String },
    #[serde(rename = "member.joined")]
    MemberJoined(Member),
    #[serde(rename = "session.opened")]
    SessionOpened { id: SessionId, user_id: UserId },
    #[serde(rename = "session.revoked")]
    SessionRevoked {
        id: SessionId,
        user_id: UserId,
        because: String,
    },
}

impl Event for IdentityEvent {
    fn kind(&self) -> &'static str {
        match self {
            Self::TenantCreated { .. } => "tenant.created",
            Self::MemberJoined(_) => "member.joined",
            Self::SessionOpened { .. } => "session.opened",
            Self::SessionRevoked { .. } => "session.revoked",
        }
    }

    fn subject(&self) -> String {
        match self {
            Self::TenantCreated { id, .. } => format!("tenant:{id}"),
            Self::MemberJoined(member) => format!("member:{}", member.user_id),
            // Not `user:ID`: that is the topic `me`, and sign-ins are for the audit, not for the screen.
            Self::SessionOpened { id, .. } | Self::SessionRevoked { id, .. } => format!("session:{id}"),
        }
    }
}
