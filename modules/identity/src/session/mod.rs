//! Sessions: signing in, staying signed in, signing out.

mod api;
mod error;
mod model;
mod queries;
mod rules;
#[cfg(test)]
pub(crate) mod testing;

use ::api::Tokens;
use actix_web::cookie::time::Duration;
use actix_web::cookie::{Cookie, SameSite};
use actix_web::{HttpResponse, HttpResponseBuilder};
use chrono::TimeDelta;
use store::{Store, StoreError};

pub(crate) use api::routes;
pub use error::SessionError;
pub use model::{Me, SignedIn};
pub(crate) use queries::{Opened, open};

use crate::settings::IdentitySettings;

/// Refuses the tokens of sign-ins that were ended before a restart.
pub async fn recall(store: &Store, tokens: &Tokens) -> Result<(), StoreError> {
    let longest = TimeDelta::seconds(tokens.lifetime_seconds());
    for (session, at) in queries::ended_since(store, store.clock().now() - longest).await? {
        tokens.revoke_at(session, at);
    }
    Ok(())
}

/// The refresh token's cookie: only for us, only here, never for scripts.
const COOKIE: &str = "switchboard_refresh";
const COOKIE_PATH: &str = "/api/v1/identity";

/// Answers with an access token, and keeps the refresh token in a cookie.
pub(crate) fn answer(
    mut answer: HttpResponseBuilder,
    tokens: &Tokens,
    settings: &IdentitySettings,
    opened: Opened,
) -> HttpResponse {
    let Opened {
        tenant,
        session,
        refresh_token,
        permissions,
        me,
    } = opened;
    let access_token = tokens.for_user(tenant, me.user.id, &me.user.name, session, permissions);
    let age = Duration::days(settings.session_days);
    answer.cookie(cookie(refresh_token.clone(), age, settings.secure_cookie));
    answer.json(SignedIn {
        access_token,
        expires_in: tokens.lifetime_seconds(),
        refresh_token,
        me,
    })
}

fn cookie(value: String, age: Duration, is_secure: bool) -> Cookie<'static> {
    Cookie::build(COOKIE, value)
        .path(COOKIE_PATH)
        .http_only(true)
        .same_site(SameSite::Strict)
        .secure(is_secure)
        .max_age(age)
        .finish()
}
