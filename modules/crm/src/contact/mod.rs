//! Contacts: the customers, known or not yet.

mod api;
mod error;
mod model;
mod queries;
mod rules;
mod search;

pub use error::ContactError;
pub use model::{Contact, ContactBrief, ContactChange, NewContact};
pub use queries::{add_identity, create, find, find_by_identity, find_or_reserve, touch, update};
pub use search::{Found, contact_words, search};

pub(crate) use api::routes;
