//! The product from outside: the real server, spoken to over HTTP and WebSocket, on a database of each test's own.
#![expect(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    clippy::string_slice,
    clippy::print_stdout,
    reason = "a test may fail by panicking"
)]

mod contract;
mod crm;
mod doctor;
mod events;
mod faults;
mod house;
mod identity;
mod inbox;
mod jobs;
mod live;
mod settings;
mod shape;
mod support;
mod tenancy;
mod webhooks;
