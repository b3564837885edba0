//! Opens a channel's account for its bridge.

use actors::{Account, Hub};
use connectors::web_chat::WebChat;
use kernel::channel::Connector;
use kernel::{Caller, ChannelId};

use super::{ChannelError, ChannelKind, queries};

/// Whether messages to the customers of such a channel have to be handed to a provider.
pub(crate) fn has_provider(kind: ChannelKind) -> bool {
    let connector = match kind {
        ChannelKind::WebChat => WebChat,
    };
    !connector.capabilities().live
}

pub(crate) async fn open(hub: Hub, caller: Caller, id: ChannelId) -> Result<Account, ChannelError> {
    let found = hub
        .store()
        .read(&caller, async |tx| {
            queries::find(tx, id).await.map_err(ChannelError::from)
        })
        .await;
    Ok(Account {
        name: found?.name,
        kind: "web_chat",
        connector: Box::new(WebChat),
    })
}
