//! The machine: on which core what runs, what a process costs, and what kind of machine it is.

pub(crate) mod about;
pub(crate) mod pin;
pub(crate) mod postgres;
pub(crate) mod process;
pub(crate) mod usage;

use std::num::NonZero;
use std::sync::OnceLock;

/// The core of what is measured: servers, and their databases.
pub(crate) const SERVER_CORE: usize = 0;
/// The core of the load generator.
pub(crate) const CLIENT_CORE: usize = 1;

/// How many cores this machine let us use when we began; later we keep to one of them.
pub(crate) fn cores() -> usize {
    static CORES: OnceLock<usize> = OnceLock::new();
    *CORES.get_or_init(|| std::thread::available_parallelism().map_or(1, NonZero::get))
}
