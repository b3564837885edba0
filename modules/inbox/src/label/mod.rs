//! Labels: words that a team puts on conversations, to find them again.

mod api;
mod error;
mod model;
pub(crate) mod queries;

use actors::{Hub, Registry};
use kernel::Recorded;
use serde::Deserialize;

use crate::conversation::{ConversationEntity, ForgetLabel};

pub(crate) use api::routes;
pub use error::LabelError;
pub use model::{Label, LabelColor, LabelId, LabelMark, NewLabel};
pub use queries::{create, list};

pub(crate) fn live(registry: &mut Registry) {
    registry.after("label.deleted", forget);
}

/// Conversations that are awake forget a label that is gone; the others load what is left.
fn forget(hub: &Hub, event: &Recorded) {
    #[derive(Deserialize)]
    struct Deleted {
        data: Gone,
    }
    #[derive(Deserialize)]
    struct Gone {
        id: LabelId,
    }
    let deleted = event.payload.as_deref().map(serde_json::from_str::<Deleted>);
    if let Some(Ok(Deleted { data: Gone { id } })) = deleted {
        hub.tell_awake::<ConversationEntity, _>(event.tenant, None, ForgetLabel { id });
    }
}
