#![doc = include_str!("../README.md")]

mod audience;
mod batch;
mod budget;
mod bus;
pub mod census;
mod config;
mod delivery;
mod desk;
mod entry;
mod lobby;
mod log;
mod outlet;
mod presence;
mod protocol;
mod relay;
mod ring;
mod session;
mod socket;
mod wire;

pub use audience::{Admission, Audience};
pub use budget::Rate;
pub use bus::Signal;
pub use config::DeliveryConfig;
pub use delivery::Delivery;
pub use desk::{Desk, Refusal, Written, problem, read_fields};
pub use lobby::LobbySize;
pub use log::{Log, Reading};
pub use presence::Presence;
pub use socket::{Framed, accept, refuse};
