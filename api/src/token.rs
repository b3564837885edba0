//! Access tokens: short-lived, signed, checked without asking the database.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use chrono::{DateTime, TimeDelta, Utc};
use jsonwebtoken::{Algorithm, DecodingKey, EncodingKey, Header, Validation};
use kernel::{Caller, ChannelId, Clock, Code, ContactId, Fault, Permissions, SessionId, TenantId, UserId, Who};
use serde::{Deserialize, Serialize};
use uuid::Uuid;

use crate::MasterKey;

/// Makes and checks access tokens.
#[derive(Clone)]
pub struct Tokens(Arc<Inner>);

struct Inner {
    encoding: EncodingKey,
    decoding: DecodingKey,
    lifetime: TimeDelta,
    clock: Clock,
    revoked: Mutex<HashMap<SessionId, DateTime<Utc>>>,
}

/// Who a token lets in, and until when.
#[derive(Clone, Debug)]
pub struct Admitted {
    pub caller: Caller,
    /// The sign-in behind it; visitors have none.
    pub session: Option<SessionId>,
    pub expires_at: DateTime<Utc>,
}

/// Why a token lets nobody in.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum TokenError {
    #[error("an access token is needed: Authorization: Bearer …")]
    Missing,
    #[error("the access token is not valid")]
    Invalid,
    #[error("the access token has ended; refresh it")]
    Expired,
    #[error("this sign-in was ended")]
    Revoked,
}

impl Fault for TokenError {
    fn code(&self) -> Code {
        Code::Unauthenticated
    }

    fn word(&self) -> &'static str {
        match self {
            Self::Expired => "token_expired",
            Self::Missing | Self::Invalid | Self::Revoked => "unauthenticated",
        }
    }
}

#[derive(Serialize, Deserialize)]
struct Claims {
    sub: Uuid,
    tenant: Uuid,
    name: String,
    exp: i64,
    #[serde(flatten)]
    kind: Kind,
}

#[derive(Serialize, Deserialize)]
#[serde(tag = "kind", rename_all = "lowercase")]
enum Kind {
    User { session: Uuid, permissions: Permissions },
    Visitor { channel: Uuid },
}

impl Tokens {
    #[must_use]
    pub fn new(master: &MasterKey, lifetime: Duration, clock: Clock) -> Self {
        let key = master.derive("access tokens");
        Self(Arc::new(Inner {
            encoding: EncodingKey::from_secret(&key),
            decoding: DecodingKey::from_secret(&key),
            lifetime: TimeDelta::from_std(lifetime).unwrap_or(TimeDelta::minutes(15)),
            clock,
            revoked: Mutex::default(),
        }))
    }

    /// How long a token lasts.
    #[must_use]
    pub fn lifetime_seconds(&self) -> i64 {
        self.0.lifetime.num_seconds()
    }

    /// Makes a token for a member of the team.
    #[must_use]
    pub fn for_user(
        &self,
        tenant: TenantId,
        user: UserId,
        name: &str,
        session: SessionId,
        permissions: Permissions,
    ) -> String {
        self.mint(
            tenant,
            user.0,
            name,
            Kind::User {
                session: session.0,
                permissions,
            },
        )
    }

    /// Makes a token for a customer in the widget.
    #[must_use]
    pub fn for_visitor(&self, tenant: TenantId, contact: ContactId, name: &str, channel: ChannelId) -> String {
        self.mint(tenant, contact.0, name, Kind::Visitor { channel: channel.0 })
    }

    /// Returns who a token lets in.
    pub fn verify(&self, token: &str) -> Result<Admitted, TokenError> {
        let admitted = self.read(token)?;
        if admitted.expires_at <= self.0.clock.now() {
            return Err(TokenError::Expired);
        }
        if admitted
            .session
            .is_some_and(|session| self.revoked().contains_key(&session))
        {
            return Err(TokenError::Revoked);
        }
        Ok(admitted)
    }

    /// Returns who a token of ours was made for, even if it has ended since.
    pub(crate) fn read(&self, token: &str) -> Result<Admitted, TokenError> {
        let mut rules = Validation::new(Algorithm::HS256);
        rules.validate_exp = false; // by our clock, above
        let claims = jsonwebtoken::decode::<Claims>(token, &self.0.decoding, &rules);
        let claims = claims.map_err(|_cause| TokenError::Invalid)?.claims;
        let expires_at = DateTime::from_timestamp(claims.exp, 0).ok_or(TokenError::Invalid)?;
        let (who, session, permissions) = match claims.kind {
            Kind::User { session, permissions } => {
                (Who::User(UserId(claims.sub)), Some(SessionId(session)), permissions)
            }
            Kind::Visitor { channel } => (
                Who::Contact(ContactId(claims.sub), ChannelId(channel)),
                None,
                Permissions::NONE,
            ),
        };
        let caller = Caller {
            tenant: TenantId(claims.tenant),
            who,
            name: claims.name.into(),
            permissions,
            cause: None,
        };
        Ok(Admitted {
            caller,
            session,
            expires_at,
        })
    }

    /// Refuses the tokens of a sign-in from now on.
    pub fn revoke(&self, session: SessionId) {
        let now = self.0.clock.now();
        // Tokens that have ended need no refusing.
        self.revoked().retain(|_, ends_at| *ends_at > now);
        self.revoke_at(session, now);
    }

    /// The same for a sign-in that was ended before: its last token was made then at the latest.
    pub fn revoke_at(&self, session: SessionId, ended_at: DateTime<Utc>) {
        self.revoked().insert(session, ended_at + self.0.lifetime);
    }

    fn mint(&self, tenant: TenantId, sub: Uuid, name: &str, kind: Kind) -> String {
        let exp = (self.0.clock.now() + self.0.lifetime).timestamp();
        let claims = Claims {
            sub,
            tenant: tenant.0,
            name: name.to_owned(),
            exp,
            kind,
        };
        // HS256 over plain claims cannot fail; an empty token would let nobody in.
        jsonwebtoken::encode(&Header::default(), &claims, &self.0.encoding).unwrap_or_default()
    }

    fn revoked(&self) -> std::sync::MutexGuard<'_, HashMap<SessionId, DateTime<Utc>>> {
        self.0.revoked.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

#[cfg(test)]
mod tests {
    use kernel::Permission;

    use super::*;

    fn tokens() -> (Tokens, Clock) {
        let clock = Clock::standing(DateTime::from_timestamp(1_800_000_000, 0).unwrap());
        (
            Tokens::new(&MasterKey([7; 32]), Duration::from_secs(900), clock.clone()),
            clock,
        )
    }

    #[test]
    fn a_token_lets_in_whom_it_was_made_for_until_it_ends() {
        let (tokens, clock) = tokens();
        let (tenant, user, session) = (TenantId::fresh(), UserId::fresh(), SessionId::fresh());
        let may: Permissions = [Permission::ReadConversations].into_iter().collect();
        let token = tokens.for_user(tenant, user, "Ada", session, may);
        let admitted = tokens.verify(&token).unwrap();
        assert_eq!((admitted.caller.tenant, admitted.caller.who), (tenant, Who::User(user)));
        assert_eq!((admitted.session, admitted.caller.permissions), (Some(session), may));
        clock.advance(TimeDelta::seconds(899));
        assert!(tokens.verify(&token).is_ok());
        clock.advance(TimeDelta::seconds(1));
        assert_eq!(tokens.verify(&token).unwrap_err(), TokenError::Expired);
    }

    #[test]
    fn a_visitor_has_no_rights() {
        let (tokens, _) = tokens();
        let (tenant, contact, channel) = (TenantId::fresh(), ContactId::fresh(), ChannelId::fresh());
        let admitted = tokens
            .verify(&tokens.for_visitor(tenant, contact, "Visitor", channel))
            .unwrap();
        assert_eq!(admitted.caller.who, Who::Contact(contact, channel));
        assert_eq!(admitted.caller.permissions, Permissions::NONE);
    }

    #[test]
    fn forged_foreign_and_revoked_tokens_let_nobody_in() {
        let (tokens, _) = tokens();
        let foreign = Tokens::new(&MasterKey([8; 32]), Duration::from_secs(900), Clock::machine());
        let session = SessionId::fresh();
        let token = tokens.for_user(TenantId::fresh(), UserId::fresh(), "Ada", session, Permissions::all());
        assert_eq!(foreign.verify(&token).unwrap_err(), TokenError::Invalid);
        for bad in ["", "a.b.c", token.get(1..).unwrap(), &format!("{token}x")] {
            assert_eq!(tokens.verify(bad).unwrap_err(), TokenError::Invalid);
        }
        tokens.revoke(session);
        assert_eq!(tokens.verify(&token).unwrap_err(), TokenError::Revoked);
    }
}
