//! Proves the wall between tenants: a walk over the catalogue, and a proof with rows.
//!
//! [`findings`] reads what the database declares and needs no data; [`proof`] tries to climb the
//! wall as the role of all requests. Both run in the tests, the first in `switchboard doctor` too.

mod allow;
mod proof;
mod walk;

use std::fmt;

use crate::roles::RolesError;

pub use proof::proof;
pub use walk::{findings, findings_of};

/// A place where the wall has, or may have, a hole.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Finding {
    /// What is wrong, in the same words for every object.
    pub rule: String,
    /// Where: a table, an index, a function, a role.
    pub object: String,
}

impl Finding {
    fn new(rule: impl Into<String>, object: impl Into<String>) -> Self {
        Self {
            rule: rule.into(),
            object: object.into(),
        }
    }
}

impl fmt::Display for Finding {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}: {}", self.rule, self.object)
    }
}

/// Why the wall could not be looked at.
#[derive(Debug, thiserror::Error)]
pub enum RlsError {
    #[error(transparent)]
    Connect(#[from] RolesError),
    #[error("the database refused a question about its policies: {0}")]
    Database(#[from] diesel::result::Error),
}
