//! What tenants announce.

use kernel::Event;
use serde::Serialize;
use utoipa::ToSchema;
use uuid::Uuid;

/// What tenants announce.
#[derive(Serialize, ToSchema)]
#[serde(tag = "type", content = "data")]
pub enum LiveEvent {
    #[serde(rename = "entity.quarantined")]
    EntityQuarantined { kind: String, id: Uuid },
}

impl Event for LiveEvent {
    fn kind(&self) -> &'static str {
        "entity.quarantined"
    }

    fn subject(&self) -> String {
        let Self::EntityQuarantined { kind, id } = self;
        format!("{kind}:{id}")
    }
}
