//! Signing in and out over HTTP.

use std::future::ready;
use std::pin::Pin;

use actix_web::cookie::time::Duration;
use actix_web::dev::Payload;
use actix_web::http::header::{CONTENT_LENGTH, HeaderValue, TRANSFER_ENCODING};
use actix_web::web::Data;
use actix_web::{FromRequest, HttpRequest, HttpResponse, get, post};
use actors::Hub;
use api::{ApiError, Json, Leaving, Limits, Tokens, client_network};
use serde::Deserialize;
use store::Store;
use utoipa::ToSchema;
use utoipa_actix_web::service_config::ServiceConfig;

use super::{COOKIE, IdentitySettings, Me, SessionError, SignedIn, answer, cookie, open, queries, rules};
use crate::{directory, password};

pub(crate) fn routes(config: &mut ServiceConfig<'_>) {
    config.service(login).service(refresh).service(logout).service(get_me);
}

/// Who wants to sign in.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct Credentials {
    #[schema(format = "email", max_length = 254)]
    email: String,
    #[schema(format = Password, min_length = 1, max_length = 200)]
    password: String,
    /// The tenant's short name, for people who belong to several.
    #[schema(pattern = "^[a-z0-9-]+$", max_length = 60)]
    tenant: Option<String>,
}

/// Signs in.
#[utoipa::path(tag = "identity", request_body = Credentials, responses((status = OK, body = SignedIn), (status = UNAUTHORIZED, description = "wrong_credentials"), (status = CONFLICT, description = "choose_tenant"), (status = TOO_MANY_REQUESTS, description = "too_many")), security(()))]
#[post("/identity/login")]
async fn login(
    request: HttpRequest,
    store: Data<Store>,
    tokens: Data<Tokens>,
    limits: Data<Limits>,
    settings: Data<IdentitySettings>,
    asked: Json<Credentials>,
) -> api::Result<HttpResponse> {
    let Credentials {
        email,
        password,
        tenant,
    } = asked.0;
    let email = rules::as_stored(&email);
    // One could take the other for itself, and use up its tries.
    limits.sign_in(&format!("ip {}", client_network(&request)))?;
    limits.sign_in(&format!("email {email}"))?;
    let person = store
        .direct(&directory::nobody(), async |tx| {
            directory::find_person(tx, &email).await
        })
        .await?;
    let hash = person.as_ref().map(|person| person.password_hash.clone());
    if !password::is_right(password, hash).await? {
        return Err(SessionError::WrongCredentials.into());
    }
    let person = person.ok_or(SessionError::WrongCredentials)?;
    let belongings = store
        .direct(&directory::nobody(), async |tx| {
            directory::belongings(tx, person.id).await
        })
        .await?;
    let chosen = rules::choose(belongings, tenant.as_deref())?;
    let opened = open(&store, &settings, chosen, person.id).await?;
    Ok(answer(HttpResponse::Ok(), &tokens, &settings, opened))
}

/// A refresh token, for clients without cookies.
#[derive(Default, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct Refresh {
    #[schema(pattern = "^[0-9a-f]{32}\\.[0-9a-f]{64}$", max_length = 97)]
    refresh_token: Option<String>,
}

/// The body of a refresh: browsers have the cookie and may send none, but what is sent must be right.
struct Given(Refresh);

impl FromRequest for Given {
    type Error = ApiError;
    type Future = Pin<Box<dyn Future<Output = Result<Self, ApiError>>>>;

    fn from_request(request: &HttpRequest, payload: &mut Payload) -> Self::Future {
        let headers = request.headers();
        let length = headers
            .get(CONTENT_LENGTH)
            .map_or(b"0".as_slice(), HeaderValue::as_bytes);
        if length == b"0" && !headers.contains_key(TRANSFER_ENCODING) {
            return Box::pin(ready(Ok(Self(Refresh::default()))));
        }
        let body = Json::<Option<Refresh>>::from_request(request, payload);
        Box::pin(async move { Ok(Self(body.await?.0.unwrap_or_default())) })
    }
}

/// Gives a fresh access token for a refresh token, which is good for one use.
#[utoipa::path(tag = "identity", request_body = Option<Refresh>, responses((status = OK, body = SignedIn), (status = UNAUTHORIZED, description = "unauthenticated, token_expired, token_reused")), security(()))]
#[post("/identity/refresh")]
async fn refresh(
    request: HttpRequest,
    store: Data<Store>,
    hub: Data<Hub>,
    tokens: Data<Tokens>,
    settings: Data<IdentitySettings>,
    given: Given,
) -> api::Result<HttpResponse> {
    let Given(given) = given;
    let kept = || request.cookie(COOKIE).map(|cookie| cookie.value().to_owned());
    let token = given.refresh_token.or_else(kept).ok_or(SessionError::Missing)?;
    match queries::refresh(&store, &settings, &token).await {
        Ok(opened) => Ok(answer(HttpResponse::Ok(), &tokens, &settings, opened)),
        Err((ended, error)) => {
            if let (Some(session), Some(tenant)) = (ended, rules::token_tenant(&token)) {
                tokens.revoke(session);
                hub.close_session(tenant, session);
            }
            Err(error.into())
        }
    }
}

/// Signs out: the session's tokens and connections end. An access token that has ended will do.
#[utoipa::path(tag = "identity", responses((status = NO_CONTENT)), security(("bearer" = [])))]
#[post("/identity/logout")]
async fn logout(
    leaving: Leaving,
    store: Data<Store>,
    hub: Data<Hub>,
    tokens: Data<Tokens>,
    settings: Data<IdentitySettings>,
) -> api::Result<HttpResponse> {
    let Leaving(caller) = leaving;
    let user = caller.user().ok_or(SessionError::Over)?;
    queries::end(&store, &caller, caller.session, user).await?;
    tokens.revoke(caller.session);
    hub.close_session(caller.tenant, caller.session);
    let gone = cookie(String::new(), Duration::ZERO, settings.secure_cookie);
    Ok(HttpResponse::NoContent().cookie(gone).finish())
}

/// Shows who I am.
#[utoipa::path(tag = "identity", responses((status = OK, body = Me)), security(("bearer" = [])))]
#[get("/identity/me")]
async fn get_me(caller: api::SignedIn, store: Data<Store>) -> api::Result<HttpResponse> {
    let user = caller.user().ok_or(SessionError::Over)?;
    let (me, _) = store.read(&caller, async |tx| queries::find_me(tx, user).await).await?;
    Ok(HttpResponse::Ok().json(me))
}
