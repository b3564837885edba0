//! Actors from outside, on a real database: a thing that counts, which does as its test says.
#![expect(
    clippy::unwrap_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "a test may fail by panicking"
)]

mod crash;
mod drain;
mod follower;
mod job;
mod journal;
mod load;
mod sleep;
mod support;
mod timer;
