//! Who may: the permission stands in the handler's signature.

use std::future::{Ready, ready};
use std::marker::PhantomData;
use std::ops::Deref;

use actix_web::dev::Payload;
use actix_web::http::header::AUTHORIZATION;
use actix_web::{FromRequest, HttpRequest, web};
use kernel::{Caller, Code, Fault, Permission, SessionId, Who};

use crate::{Admitted, ApiError, TokenError, Tokens};

/// A caller who has the right `P`.
pub struct Allowed<P> {
    caller: Caller,
    _right: PhantomData<P>,
}

/// A right that a handler asks for.
pub trait Right: 'static {
    const PERMISSION: Permission;
}

/// One type for each permission: `Allowed<right::ReadConversations>`.
pub mod right {
    use super::{Permission, Right};

    macro_rules! rights {
        ($($name:ident),+ $(,)?) => {$(
            pub struct $name;

            impl Right for $name {
                const PERMISSION: Permission = Permission::$name;
            }
        )+};
    }

    rights! {
        ReadConversations, WriteConversations, ReadContacts, ReadChannels, ManageChannels, ReadMembers, ManageMembers,
        ReadActors, ManageLabels, ReadEvents, ManageEvents, ManageWebhooks,
        ManageJobs, ExportConversations,
    }
}

impl<P> Deref for Allowed<P> {
    type Target = Caller;

    fn deref(&self) -> &Caller {
        &self.caller
    }
}

impl<P: Right> FromRequest for Allowed<P> {
    type Error = ApiError;
    type Future = Ready<Result<Self, ApiError>>;

    fn from_request(request: &HttpRequest, _: &mut Payload) -> Self::Future {
        ready(signed_in(request).and_then(|SignedIn { caller, .. }| {
            if caller.may(P::PERMISSION) {
                Ok(Self {
                    caller,
                    _right: PhantomData,
                })
            } else {
                Err(Forbidden(P::PERMISSION).into())
            }
        }))
    }
}

/// A member of the team, whatever they may do.
pub struct SignedIn {
    pub caller: Caller,
    pub session: SessionId,
}

impl Deref for SignedIn {
    type Target = Caller;

    fn deref(&self) -> &Caller {
        &self.caller
    }
}

impl FromRequest for SignedIn {
    type Error = ApiError;
    type Future = Ready<Result<Self, ApiError>>;

    fn from_request(request: &HttpRequest, _: &mut Payload) -> Self::Future {
        ready(signed_in(request))
    }
}

/// A member of the team who signs out: that works with a token that has ended, too, or was signed out before.
pub struct Leaving(pub SignedIn);

impl FromRequest for Leaving {
    type Error = ApiError;
    type Future = Ready<Result<Self, ApiError>>;

    fn from_request(request: &HttpRequest, _: &mut Payload) -> Self::Future {
        ready(token_of(request).and_then(|(tokens, token)| Ok(Self(member(tokens.read(token)?)?))))
    }
}

/// A customer in the widget.
pub struct Visitor(pub Caller);

impl Deref for Visitor {
    type Target = Caller;

    fn deref(&self) -> &Caller {
        &self.0
    }
}

impl FromRequest for Visitor {
    type Error = ApiError;
    type Future = Ready<Result<Self, ApiError>>;

    fn from_request(request: &HttpRequest, _: &mut Payload) -> Self::Future {
        ready(admitted(request).and_then(|admitted| match admitted.caller.who {
            Who::Contact(..) => Ok(Self(admitted.caller)),
            Who::User(_) | Who::System(_) => Err(TokenError::Invalid.into()),
        }))
    }
}

fn signed_in(request: &HttpRequest) -> Result<SignedIn, ApiError> {
    Ok(member(admitted(request)?)?)
}

fn member(admitted: Admitted) -> Result<SignedIn, TokenError> {
    let Admitted { caller, session, .. } = admitted;
    match (caller.who, session) {
        (Who::User(_), Some(session)) => Ok(SignedIn { caller, session }),
        _ => Err(TokenError::Invalid),
    }
}

fn admitted(request: &HttpRequest) -> Result<Admitted, ApiError> {
    let (tokens, token) = token_of(request)?;
    Ok(tokens.verify(token)?)
}

fn token_of(request: &HttpRequest) -> Result<(&Tokens, &str), ApiError> {
    let header = request.headers().get(AUTHORIZATION).ok_or(TokenError::Missing)?;
    let token = header
        .to_str()
        .ok()
        .and_then(|value| value.strip_prefix("Bearer "))
        .ok_or(TokenError::Invalid)?;
    let tokens = request.app_data::<web::Data<Tokens>>().ok_or(TokenError::Invalid)?;
    Ok((tokens, token))
}

#[derive(Debug, thiserror::Error)]
#[error("this needs the permission {}", .0.word())]
struct Forbidden(Permission);

impl Fault for Forbidden {
    fn code(&self) -> Code {
        Code::Forbidden
    }
}
