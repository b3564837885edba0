#![doc = include_str!("../README.md")]

mod batch;
pub mod bridge;
pub mod bus;
pub mod census;
mod entities;
pub mod entity;
mod error;
mod hub;
pub mod journal;
mod presence;
mod protocol;
mod registry;
mod relay;
mod ring;
mod session;
pub mod socket;
pub mod tenant;
pub mod timer;
mod wire;

pub use bus::{Presence, Signal};
pub use entity::{Command, Entity, Handle, Live};
pub use error::LiveError;
pub use hub::{Hub, LiveConfig};
pub use journal::{Bulk, Item};
pub use registry::{Account, Admission, Registry};
