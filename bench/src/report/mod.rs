//! What is told of a run: lines for people, a file for later.

pub(crate) mod say;
