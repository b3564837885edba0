//! Numbers: how long things took, what is typical of several runs, and when a rate is due.

mod histogram;
mod pace;
mod sample;
mod spread;

pub(crate) use histogram::Histogram;
pub(crate) use pace::Pace;
pub(crate) use sample::{Better, Sample};
pub(crate) use spread::Spread;
