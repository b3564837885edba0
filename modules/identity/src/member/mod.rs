//! Members: the people of a tenant.

mod api;
mod error;
pub(crate) mod queries;

use kernel::{Invalid, text};

use crate::password;

pub use api::Member;
pub(crate) use api::routes;
pub use error::MemberError;
pub use queries::{NewMember, create, find_by_email, tenant_by_slug};

/// A person's name and address, checked.
#[derive(Clone, Debug)]
pub(crate) struct Person {
    pub(crate) name: String,
    pub(crate) email: String,
}

/// Checks what is said of a person; tells everything that is wrong.
pub(crate) fn check_person(name: &str, email: &str, password: &str) -> Result<Person, Invalid> {
    let (name, email) = (text::required("name", name, 100), text::email("email", email));
    let password = password::check(password);
    match (name, email, password) {
        (Ok(name), Ok(email), Ok(())) => Ok(Person { name, email }),
        (name, email, password) => Err([name.err(), email.err(), password.err()]
            .into_iter()
            .flatten()
            .collect()),
    }
}
