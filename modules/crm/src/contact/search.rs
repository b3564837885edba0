//! Finding contacts by a part of their name or e-mail address.

use diesel::sql_types::{Integer, Nullable, Text, Uuid as SqlUuid};
use diesel_async::RunQueryDsl;
use kernel::{ContactId, text};
use store::{StoreError, Tx};

/// Up to so many contacts are named; among more, whoever searches goes through their own rows and soon has a page.
const FEW: i32 = 1000;

/// Who was found.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Found {
    These(Vec<ContactId>),
    /// Those whose [`contact_words`] are like this pattern.
    Many(String),
}

diesel::define_sql_function! {
    /// What a contact is found by.
    fn contact_words(name: Text, email: Nullable<Text>) -> Text;
}

/// Searches the tenant's contacts.
pub async fn search(tx: &mut Tx<'_>, words: &str) -> Result<Found, StoreError> {
    let pattern = text::search_pattern(words);
    let search = SearchContacts {
        pattern: pattern.clone(),
        most: FEW + 1,
    };
    let ids: Vec<ContactId> = search.load(tx.conn()).await?;
    let is_few = i32::try_from(ids.len()).is_ok_and(|n| n <= FEW);
    Ok(if is_few {
        Found::These(ids)
    } else {
        Found::Many(pattern)
    })
}

store::statement! {
    /// The one search that goes around the policy, to use its index; the function names the tenant itself.
    SearchContacts { pattern: String => Text, most: i32 => Integer }
    "SELECT id FROM search_contacts(?, ?)",
    returns SqlUuid
}
