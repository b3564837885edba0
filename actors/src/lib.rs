#![doc = include_str!("../README.md")]

pub mod bridge;
pub mod census;
mod entities;
pub mod entity;
mod error;
mod follower;
mod hub;
pub mod job;
pub mod journal;
mod registry;
pub mod tenant;
pub mod timer;
pub mod worker;
mod workers;

pub use delivery::{Admission, Presence, Signal};
pub use entity::{Command, Entity, Handle, Live};
pub use error::LiveError;
pub use follower::Follow;
pub use hub::{Hub, LiveConfig};
pub use journal::{Bulk, Item};
pub use registry::{Account, Registry};
pub use worker::Work;
