#![doc = include_str!("../README.md")]

mod allowed;
mod body;
mod client;
pub mod limits;
mod once;
mod page;
mod problem;
mod seal;
mod token;

pub use allowed::{Allowed, Leaving, Right, SignedIn, Visitor, right};
pub use body::{Json, Path, Query};
pub use client::{TrustedProxies, client_network};
pub use limits::{Limits, LimitsConfig};
pub use once::Once;
pub use page::{BadPage, CURSOR_PATTERN, Cursor, Limit, Page};
pub use problem::{ApiError, Result, problem_of, with_trace};
pub use seal::{MasterKey, Place, Seal, SealError};
pub use token::{Admitted, TokenError, Tokens};
