//! Delivery from outside, without a database: real sockets, a log in memory, a desk that answers what it was asked.
#![expect(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::indexing_slicing,
    reason = "a test may fail by panicking"
)]

mod bounds;
mod hearing;
mod past;
mod support;
mod trouble;
