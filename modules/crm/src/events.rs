//! What this module announces.

use kernel::Event;
use serde::Serialize;
use utoipa::ToSchema;

use crate::contact::Contact;

#[derive(Clone, Debug, Serialize, ToSchema)]
#[serde(tag = "type", content = "data")]
pub enum CrmEvent {
    #[serde(rename = "contact.created")]
    ContactCreated(Contact),
    #[serde(rename = "contact.updated")]
    ContactUpdated(Contact),
}

impl Event for CrmEvent {
    fn kind(&self) -> &'static str {
        match self {
            Self::ContactCreated(_) => "contact.created",
            Self::ContactUpdated(_) => "contact.updated",
        }
    }

    fn subject(&self) -> String {
        let (Self::ContactCreated(contact) | Self::ContactUpdated(contact)) = self;
        format!("contact:{}", contact.id)
    }
}
