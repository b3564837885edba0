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
///
/// Under the badge stands only what the business vouches for: what a verified contact says is kept beside it, and so is
/// what they said before they were vouched for.
pub(super) fn changed(contact: &Contact, change: ContactChange) -> Option<Contact> {
    let ContactChange {
        name,
        email,
        phone,
        vouched,
        attributes,
    } = change;
    let mut after = contact.clone();
    after.attributes.extend(attributes);
    if vouched && !contact.verified {
        let nameless = visitor_name(contact.id);
        let name = std::mem::replace(&mut after.name, nameless.clone());
        let said = [
            Some(name).filter(|name| *name != nameless),
            after.email.take(),
            after.phone.take(),
        ];
        note_told(&mut after, said);
        after.verified = true;
    }
    if contact.verified && !vouched {
        note_told(&mut after, [name, email, phone]);
    } else {
        after.name = name.unwrap_or(after.name);
        after.email = email.or(after.email);
        after.phone = phone.or(after.phone);
    }
    let is_other = after != *contact;
    after.version += 1;
    is_other.then_some(after)
}

/// Keeps what somebody said of themselves where nobody takes it for more.
fn note_told(contact: &mut Contact, said: [Option<String>; 3]) {
    let told = ["told_name", "told_email", "told_phone"].into_iter().zip(said);
    let told = told.filter_map(|(field, value)| Some((field.to_owned(), value?)));
    contact.attributes.extend(told);
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
            version: 1,
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

    #[test]
    fn only_what_the_business_says_stands_under_the_badge() {
        let said = |name: &str| ContactChange {
            name: Some(name.into()),
            email: Some(format!("{name}@example.org").to_lowercase()),
            ..ContactChange::default()
        };
        let vouched = |change: ContactChange| ContactChange {
            vouched: true,
            ..change
        };
        let told = |contact: &Contact| contact.attributes.get("told_name").cloned();

        let known = changed(&ada(), vouched(ContactChange::default())).unwrap();
        assert_eq!((known.name.as_str(), known.verified), ("Visitor 4F2A", true));
        assert_eq!(told(&known).as_deref(), Some("Ada"));

        let named = changed(&known, vouched(said("Grace"))).unwrap();
        assert_eq!(
            (named.name.as_str(), named.email.as_deref()),
            ("Grace", Some("grace@example.org"))
        );

        let boasts = changed(&named, said("Boss")).unwrap();
        assert_eq!(
            (boasts.name.as_str(), boasts.email.as_deref()),
            ("Grace", Some("grace@example.org"))
        );
        assert_eq!(told(&boasts).as_deref(), Some("Boss"));
        assert_eq!(changed(&boasts, vouched(said("Grace"))), None);

        let stranger = Contact {
            name: "Visitor 4F2A".into(),
            ..ada()
        };
        let known = changed(&stranger, vouched(ContactChange::default())).unwrap();
        assert_eq!(told(&known), None);
    }
}
