#![doc = include_str!("../README.md")]

// The macros name this crate as others do.
extern crate self as kernel;

pub mod caller;
pub mod cause;
pub mod channel;
pub mod clock;
pub mod event;
pub mod fault;
pub mod id;
pub mod job;
pub mod json;
pub mod pattern;
pub mod permission;
pub mod rich;
pub mod text;
mod words;

pub use caller::{Caller, Who};
pub use cause::Cause;
pub use clock::Clock;
pub use event::{Announcement, Event, Recorded};
pub use fault::{Code, Fault, FieldError, Invalid, Problem};
pub use id::{ChannelId, ContactId, ConversationId, JobId, SessionId, TenantId, UserId};
pub use job::{FileKind, JobState};
pub use pattern::{FollowerState, Patterns};
pub use permission::{Permission, Permissions};
