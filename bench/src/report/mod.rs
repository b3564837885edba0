//! What is told of a run: lines for people, a file for later, a comparison with an earlier one.

mod compare;
mod outcome;
pub(crate) mod say;

pub(crate) use compare::compare;
pub(crate) use outcome::{About, Figure, Outcome, Series};
