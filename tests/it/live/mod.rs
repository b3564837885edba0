//! The live protocol: nothing lost, nothing doubled, everything in order.

mod crash;
mod order;
mod resume;
mod signals;
