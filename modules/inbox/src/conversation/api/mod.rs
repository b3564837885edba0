//! Conversations over HTTP.

mod change;
mod list;
mod thread;

use kernel::UserId;
use utoipa_actix_web::service_config::ServiceConfig;

use super::ConversationError;
pub(crate) use thread::{ListMessages, NewReadMark, cut};

pub(crate) fn routes(config: &mut ServiceConfig<'_>) {
    config
        .service(list::list_conversations)
        .service(list::count_conversations)
        .service(thread::get_conversation)
        .service(thread::list_messages)
        .service(change::post_reply)
        .service(change::post_note)
        .service(change::set_status)
        .service(change::set_assignee)
        .service(change::set_priority)
        .service(change::set_labels)
        .service(thread::mark_read);
}

/// The member who asks. Keys and the system have no inbox of their own.
fn me(caller: &kernel::Caller) -> Result<UserId, ConversationError> {
    caller
        .user()
        .ok_or(ConversationError::Forbidden("to be a member of the team"))
}
