//! Sessions: signing in, staying signed in, signing out.

mod api;
mod error;
mod queries;
mod rules;

use ::api::Tokens;
use actix_web::cookie::time::Duration;
use actix_web::cookie::{Cookie, SameSite};
use actix_web::{HttpResponse, HttpResponseBuilder};

pub(crate) use api::routes;
pub use api::{Me, SignedIn};
pub use error::SessionError;
pub(crate) use queries::{Opened, open};

use crate::settings::IdentitySettings;

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
