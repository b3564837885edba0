//! Sessions in the database: opened, refreshed, ended.

use chrono::{DateTime, TimeDelta, Utc};
use diesel::prelude::*;
use diesel_async::RunQueryDsl;
use kernel::{Caller, Permissions, SessionId, TenantId, UserId, Who};
use sha2::{Digest, Sha256};
use store::schema::{refresh_tokens, sessions};
use store::{Store, StoreError, Tx};

use super::model::{Me, MyTenant, MyUser};
use super::rules::{self, Shown, Verdict};
use super::{IdentitySettings, SessionError};
use crate::events::IdentityEvent;
use crate::{directory, member, role, tenant};

/// A sign-in that is good to go on with.
pub(crate) struct Opened {
    pub(crate) tenant: TenantId,
    pub(crate) session: SessionId,
    pub(crate) refresh_token: String,
    pub(crate) permissions: Permissions,
    pub(crate) me: Me,
}

/// Opens a session for a member.
pub(crate) async fn open(
    store: &Store,
    settings: &IdentitySettings,
    tenant: TenantId,
    user: UserId,
) -> Result<Opened, SessionError> {
    let caller = user_caller(tenant, user);
    store
        .write(&caller, async |tx| {
            let session = SessionId::fresh();
            let now = tx.now();
            let row = (
                sessions::tenant_id.eq(tenant),
                sessions::id.eq(session),
                sessions::user_id.eq(user),
                sessions::created_at.eq(now),
                sessions::last_used_at.eq(now),
                sessions::expires_at.eq(now + TimeDelta::days(settings.session_days)),
            );
            diesel::insert_into(sessions::table)
                .values(row)
                .execute(tx.conn())
                .await
                .map_err(StoreError::from)?;
            tx.announce(&IdentityEvent::SessionOpened {
                id: session,
                user_id: user,
            });
            go_on(tx, session, user).await
        })
        .await
}

/// What a shown refresh token led to: committed in any case, for a reuse must not be rolled back.
enum Outcome {
    Opened(Box<Opened>),
    Ended(SessionId, SessionError),
    Refused(SessionError),
}

/// Takes a refresh token and gives a new one. Returns the session that was ended, if the token was used before.
pub(super) async fn refresh(
    store: &Store,
    settings: &IdentitySettings,
    token: &str,
) -> Result<Opened, (Option<SessionId>, SessionError)> {
    let tenant = rules::token_tenant(token).ok_or((None, SessionError::Over))?;
    let caller = Caller::system(tenant, "refresh");
    let outcome = store.write(&caller, async |tx| take(tx, settings, token).await).await;
    match outcome.map_err(|error| (None, error))? {
        Outcome::Opened(opened) => Ok(*opened),
        Outcome::Ended(session, error) => Err((Some(session), error)),
        Outcome::Refused(error) => Err((None, error)),
    }
}

async fn take(tx: &mut Tx<'_>, settings: &IdentitySettings, token: &str) -> Result<Outcome, SessionError> {
    type Row = (
        SessionId,
        UserId,
        Option<DateTime<Utc>>,
        Option<DateTime<Utc>>,
        DateTime<Utc>,
    );
    let (tenant, hash, now) = (tx.tenant(), hashed(token), tx.now());
    let same = sessions::tenant_id
        .eq(refresh_tokens::tenant_id)
        .and(sessions::id.eq(refresh_tokens::session_id));
    let found: Option<Row> = refresh_tokens::table
        .inner_join(sessions::table.on(same))
        .filter(refresh_tokens::tenant_id.eq(tenant).and(refresh_tokens::hash.eq(&hash)))
        .select((
            sessions::id,
            sessions::user_id,
            refresh_tokens::used_at,
            sessions::revoked_at,
            sessions::expires_at,
        ))
        .for_update()
        .first(tx.conn())
        .await
        .optional()
        .map_err(StoreError::from)?;
    let Some((session, user, used_at, revoked_at, expires_at)) = found else {
        return Ok(Outcome::Refused(SessionError::Over));
    };
    let leeway = TimeDelta::seconds(settings.reuse_leeway_seconds);
    match rules::judge(
        Shown {
            used_at,
            revoked_at,
            expires_at,
        },
        leeway,
        now,
    ) {
        Verdict::Over => Ok(Outcome::Refused(SessionError::Over)),
        Verdict::Reused => {
            revoke(tx, session, user, "token_reused").await?;
            Ok(Outcome::Ended(session, SessionError::Reused))
        }
        Verdict::Rotate => {
            use_up(tx, &hash, session, settings).await?;
            Ok(Outcome::Opened(Box::new(go_on(tx, session, user).await?)))
        }
        Verdict::Again => Ok(Outcome::Opened(Box::new(go_on(tx, session, user).await?))),
    }
}

async fn use_up(
    tx: &mut Tx<'_>,
    hash: &[u8],
    session: SessionId,
    settings: &IdentitySettings,
) -> Result<(), StoreError> {
    let (tenant, now) = (tx.tenant(), tx.now());
    diesel::update(refresh_tokens::table.find((tenant, hash)))
        .set(refresh_tokens::used_at.eq(now))
        .execute(tx.conn())
        .await?;
    let expires_at = now + TimeDelta::days(settings.session_days);
    diesel::update(sessions::table.find((tenant, session)))
        .set((sessions::last_used_at.eq(now), sessions::expires_at.eq(expires_at)))
        .execute(tx.conn())
        .await?;
    Ok(())
}

/// Gives a session its next refresh token.
async fn go_on(tx: &mut Tx<'_>, session: SessionId, user: UserId) -> Result<Opened, SessionError> {
    let tenant = tx.tenant();
    let refresh_token = rules::new_token(tenant);
    let row = (
        refresh_tokens::tenant_id.eq(tenant),
        refresh_tokens::hash.eq(hashed(&refresh_token)),
        refresh_tokens::session_id.eq(session),
        refresh_tokens::created_at.eq(tx.now()),
    );
    diesel::insert_into(refresh_tokens::table)
        .values(row)
        .execute(tx.conn())
        .await
        .map_err(StoreError::from)?;
    let (me, permissions) = find_me(tx, user).await?;
    Ok(Opened {
        tenant,
        session,
        refresh_token,
        permissions,
        me,
    })
}

/// Returns who the user is in this tenant, and what they may do.
pub(super) async fn find_me(tx: &mut Tx<'_>, user: UserId) -> Result<(Me, Permissions), StoreError> {
    let membership = member::queries::find(tx, user).await?;
    let permissions = role::permissions(tx, &membership.role).await?.unwrap_or_default();
    let (name, slug) = tenant::find(tx).await?;
    let me = Me {
        user: MyUser {
            id: user,
            name: membership.name,
            email: membership.email,
        },
        tenant: MyTenant {
            id: tx.tenant(),
            name,
            slug,
        },
        role: membership.role,
        permissions,
    };
    Ok((me, permissions))
}

/// Ends a session.
pub(super) async fn end(store: &Store, caller: &Caller, session: SessionId, user: UserId) -> Result<(), StoreError> {
    store
        .write(caller, async |tx| revoke(tx, session, user, "signed_out").await)
        .await
}

/// Returns the sign-ins that were ended since then, in all tenants.
pub(super) async fn ended_since(
    store: &Store,
    since: DateTime<Utc>,
) -> Result<Vec<(SessionId, DateTime<Utc>)>, StoreError> {
    store
        .direct(&directory::nobody(), async |tx| {
            let ended = sessions::table
                .filter(sessions::revoked_at.gt(since))
                .select((sessions::id, sessions::revoked_at.assume_not_null()))
                .load(tx.conn())
                .await?;
            Ok(ended)
        })
        .await
}

async fn revoke(tx: &mut Tx<'_>, session: SessionId, user: UserId, because: &str) -> Result<(), StoreError> {
    let now = tx.now();
    let this = sessions::table.find((tx.tenant(), session));
    let ended = diesel::update(this.filter(sessions::revoked_at.is_null()))
        .set((sessions::revoked_at.eq(now), sessions::revoked_because.eq(because)))
        .execute(tx.conn())
        .await?;
    if ended > 0 {
        tx.announce(&IdentityEvent::SessionRevoked {
            id: session,
            user_id: user,
            because: because.to_owned(),
        });
    }
    Ok(())
}

pub(super) fn user_caller(tenant: TenantId, user: UserId) -> Caller {
    Caller {
        tenant,
        who: Who::User(user),
        name: "".into(),
        permissions: Permissions::NONE,
        cause: None,
    }
}

/// The database knows only hashes: whoever reads it cannot sign in.
fn hashed(token: &str) -> Vec<u8> {
    Sha256::digest(token).to_vec()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn the_leeway_of_a_used_token_ends_however_often_it_is_shown() {
        let (_database, store) = tenant::testing::store().await;
        let clock = store.clock().clone();
        let settings = IdentitySettings {
            allow_sign_up: true,
            session_days: 30,
            reuse_leeway_seconds: 10,
            secure_cookie: false,
        };
        let created = tenant::testing::tenant(&store).await;
        let opened = open(&store, &settings, created.tenant, created.owner).await.unwrap();
        let mut newest = String::new();
        for seconds in [0, 6, 3] {
            clock.advance(TimeDelta::seconds(seconds));
            let fresh = refresh(&store, &settings, &opened.refresh_token).await;
            newest = fresh.map_err(|(_, error)| error).unwrap().refresh_token;
        }
        clock.advance(TimeDelta::seconds(1));
        let (ended, error) = refresh(&store, &settings, &opened.refresh_token).await.err().unwrap();
        assert!(matches!(error, SessionError::Reused), "{error}");
        assert_eq!(ended, Some(opened.session));
        let (_, error) = refresh(&store, &settings, &newest).await.err().unwrap();
        assert!(matches!(error, SessionError::Over), "{error}");
    }
}
