//! Conversations in a file: a message a line, as JSON or as a table.

mod api;
mod lines;
mod model;
mod perform;
mod queries;
mod rules;

use actors::Registry;

pub(crate) use api::routes;
pub use model::{Format, NewExport};
pub use perform::ExportConversations;

pub(crate) fn live(registry: &mut Registry) {
    registry.job::<ExportConversations>();
}
