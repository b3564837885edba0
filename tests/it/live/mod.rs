//! The live protocol: nothing lost, nothing doubled, everything in order.

mod crash;
mod floods;
mod order;
mod resume;
mod signals;
mod timers;
