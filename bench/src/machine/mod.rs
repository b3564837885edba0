//! The machine: on which core what runs, what a process costs, and what kind of machine it is.

pub(crate) mod about;
pub(crate) mod pin;
pub(crate) mod postgres;
pub(crate) mod process;
pub(crate) mod usage;

/// The core of what is measured: servers, and their databases.
pub(crate) const SERVER_CORE: usize = 0;
/// The core of the load generator.
pub(crate) const CLIENT_CORE: usize = 1;

/// How many cores this machine lets us use.
pub(crate) fn cores() -> usize {
    std::thread::available_parallelism().map_or(1, std::num::NonZero::get)
}
