//! What a contact is.

use std::collections::BTreeMap;

use chrono::{DateTime, Utc};
use diesel::prelude::*;
use kernel::ContactId;
use serde::{Deserialize, Serialize};
use store::schema::contacts;
use utoipa::ToSchema;

/// A customer.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct Contact {
    pub id: ContactId,
    pub name: String,
    pub email: Option<String>,
    pub phone: Option<String>,
    /// The business vouches for who this is: name, e-mail address and phone are then as it says, or unknown.
    pub verified: bool,
    /// What else is known: the page they came from, their id in the business's own books; as `told_name` and
    /// `told_email`, what verified contacts say of themselves.
    pub attributes: BTreeMap<String, String>,
    /// Grows with every change; a newer view replaces an older one, never the other way.
    pub version: i64,
    pub created_at: DateTime<Utc>,
    pub last_seen_at: Option<DateTime<Utc>>,
}

/// As much of a contact as stands beside their conversations.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct ContactBrief {
    pub id: ContactId,
    pub name: String,
    pub email: Option<String>,
    pub verified: bool,
    /// Which of two views is the newer one.
    #[serde(default)]
    pub version: i64,
}

impl Contact {
    #[must_use]
    pub fn brief(&self) -> ContactBrief {
        ContactBrief {
            id: self.id,
            name: self.name.clone(),
            email: self.email.clone(),
            verified: self.verified,
            version: self.version,
        }
    }
}

/// A contact to be made; without a name they get a friendly one.
#[derive(Clone, Debug, Default)]
pub struct NewContact {
    pub name: Option<String>,
    pub email: Option<String>,
    pub phone: Option<String>,
}

/// What has become known, and whose word it is; `None` leaves things as they are.
#[derive(Clone, Debug, Default)]
pub struct ContactChange {
    pub name: Option<String>,
    pub email: Option<String>,
    pub phone: Option<String>,
    /// The business says so, not the customer.
    pub vouched: bool,
    /// Added to what is there.
    pub attributes: BTreeMap<String, String>,
}

#[derive(Queryable, Selectable)]
#[diesel(table_name = contacts, check_for_backend(diesel::pg::Pg))]
pub(super) struct Row {
    id: ContactId,
    name: String,
    email: Option<String>,
    phone: Option<String>,
    verified: bool,
    attributes: serde_json::Value,
    version: i64,
    created_at: DateTime<Utc>,
    last_seen_at: Option<DateTime<Utc>>,
}

impl From<Row> for Contact {
    fn from(row: Row) -> Self {
        let Row {
            id,
            name,
            email,
            phone,
            verified,
            attributes,
            version,
            created_at,
            last_seen_at,
        } = row;
        let attributes = serde_json::from_value(attributes).unwrap_or_default();
        Self {
            id,
            name,
            email,
            phone,
            verified,
            attributes,
            version,
            created_at,
            last_seen_at,
        }
    }
}
