//! What is told of a run: lines for people, a file for later, a comparison with an earlier one.

pub(crate) mod chart;
mod compare;
mod outcome;
pub(crate) mod say;
mod table;

pub(crate) use compare::compare;
pub(crate) use outcome::{About, Figure, Outcome, Series};
pub(crate) use table::table;
