//! Web chat: our own widget on the business's pages.

mod identity;
mod origin;
mod settings;

use kernel::channel::{Capabilities, Connector, Outbound, Receipt, Sending};

pub use identity::{Identity, IdentityError, Proof};
pub use origin::{Origin, is_allowed};
pub use settings::{Position, WebChatSettings};

/// The account behind a web chat channel. The widget is fed by the live protocol and catches up by itself when it comes
/// back, so a message that is in the log has been handed over.
pub struct WebChat;

impl Connector for WebChat {
    fn capabilities(&self) -> Capabilities {
        Capabilities {
            max_text: kernel::text::MAX_MESSAGE,
            typing: true,
            read_marks: true,
            live: true,
        }
    }

    fn send<'a>(&'a self, _: &'a Outbound) -> Sending<'a> {
        Box::pin(async { Ok(Receipt { provider_id: None }) })
    }
}
