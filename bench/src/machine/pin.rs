//! Puts the calling thread on one core; what it starts stays there too.

use anyhow::{Context, Result};
use rustix::thread::{CpuSet, sched_setaffinity};

/// Moves the calling thread to a core.
pub(crate) fn to_core(core: usize) -> Result<()> {
    let mut set = CpuSet::new();
    set.set(core);
    sched_setaffinity(None, &set).with_context(|| format!("pin to core {core}"))
}
