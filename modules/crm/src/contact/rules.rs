//! How contacts are named and changed: values in, values out.

use kernel::ContactId;

use super::{Contact, ContactChange};

/// A name for someone who has not told theirs.
pub(super) fn visitor_name(id: ContactId) -> String {
    // The last digits of the id are random; the first ones are the time.
    let digits = id.0.simple().to_string();
    format!("Visitor {}", digits.get(28..).unwrap_or_default().to_uppercase())
}

/// Returns the contact with the change made, if it makes any difference.
pub(super) fn changed(contact: &Contact, change: ContactChange) -> Option<Contact> {
    let mut after = contact.clone();
    after.name = change.name.unwrap_or(after.name);
    after.email = change.email.or(after.email);
    after.phone = change.phone.or(after.phone);
    after.verified = change.verified.unwrap_or(after.verified);
    after.attributes.extend(change.attributes);
    (after != *contact).then_some(after)
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;

    use chrono::DateTime;
    use uuid::Uuid;

    use super::*;

    fn ada() -> Contact {
        Contact {
            id: ContactId(Uuid::from_u128(0x4f2a)),
            name: "Ada".into(),
            email: None,
            phone: None,
            verified: false,
            attributes: BTreeMap::from([("page".into(), "/a".into())]),
            created_at: DateTime::UNIX_EPOCH,
            last_seen_at: None,
        }
    }

    #[test]
    fn someone_unknown_has_a_friendly_name() {
        assert_eq!(visitor_name(ada().id), "Visitor 4F2A");
    }

    #[test]
    fn a_change_adds_what_is_new_and_keeps_the_rest() {
        assert_eq!(changed(&ada(), ContactChange::default()), None);
        let same = ContactChange {
            name: Some("Ada".into()),
            ..ContactChange::default()
        };
        assert_eq!(changed(&ada(), same), None);
        let change = ContactChange {
            email: Some("ada@example.org".into()),
            attributes: BTreeMap::from([("user_id".into(), "42".into())]),
            ..ContactChange::default()
        };
        let after = changed(&ada(), change).unwrap();
        assert_eq!(
            (after.name.as_str(), after.email.as_deref()),
            ("Ada", Some("ada@example.org"))
        );
        assert_eq!(after.attributes.len(), 2);
    }
}
