//! Why a request did not get an answer. The words are for the people who typed the address.

use std::net::IpAddr;

use kernel::{Code, Fault};

#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum EgressError {
    #[error("the address is not one: {0}")]
    Unreadable(String),
    #[error("the address must begin with http:// or https://")]
    Scheme,
    #[error("the address must not hold a name and a password")]
    Credentials,
    #[error("the port {0} is not for the web")]
    Port(u16),
    /// Where a name leads is not told: it may be a secret of the house.
    #[error("this does not lead to a public address, and this server may reach only those")]
    Forbidden(IpAddr),
    #[error("the name {0} cannot be found")]
    Unresolved(String),
    #[error("no connection: {0}")]
    Unreachable(String),
    #[error("no answer within {0} seconds")]
    Late(u64),
    #[error("the answer broke off: {0}")]
    Broken(String),
}

impl EgressError {
    /// Whether another attempt would end in the same way, whatever the other side does.
    #[must_use]
    pub fn is_final(&self) -> bool {
        matches!(
            self,
            Self::Unreadable(_) | Self::Scheme | Self::Credentials | Self::Port(_)
        )
    }
}

impl Fault for EgressError {
    fn code(&self) -> Code {
        if self.is_final() || matches!(self, Self::Forbidden(_)) {
            Code::Invalid
        } else {
            Code::Unavailable
        }
    }
}
