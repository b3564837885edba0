//! A bridge: owns the outbound queue of one channel account.
//!
//! Its tenant wakes it when a message was put into the outbox. It hands the messages to the connector one after the other,
//! tries again what fails for a while, and gives up on what fails for good. When it dies its tenant starts it anew at the
//! next wake, and the outbox is still there.

use std::sync::{Arc, Mutex};
use std::time::Duration;

use actix::prelude::*;
use kernel::channel::SendError;
use kernel::{Caller, ChannelId, TenantId};
use store::StoreError;
use store::outbox::Parcel;
use uuid::Uuid;

use crate::Hub;
use crate::census::{BridgeRow, BridgeState};
use crate::registry::Account;

const AT_ONCE: i64 = 100;
const MAX_ATTEMPTS: i32 = 8;

/// The actor.
pub struct Bridge {
    hub: Hub,
    tenant: TenantId,
    channel: ChannelId,
    view: Arc<View>,
    is_sending: bool,
    send_again: bool,
}

/// What can be seen of a bridge from outside.
#[derive(Default)]
pub(crate) struct View(Mutex<Seen>);

#[derive(Default, Clone)]
struct Seen {
    name: String,
    kind: String,
    state: BridgeState,
    queued: usize,
    last_error: Option<String>,
}

impl View {
    pub(crate) fn is_idle(&self) -> bool {
        self.0.lock().is_ok_and(|seen| seen.state == BridgeState::Idle)
    }

    pub(crate) fn row(&self, channel: ChannelId, restarts: usize) -> BridgeRow {
        let Seen {
            name,
            kind,
            state,
            queued,
            last_error,
        } = self.0.lock().map(|seen| seen.clone()).unwrap_or_default();
        BridgeRow {
            channel_id: channel.0,
            name,
            kind,
            state,
            queued,
            restarts,
            last_error,
        }
    }

    fn set(&self, change: impl FnOnce(&mut Seen)) {
        if let Ok(mut seen) = self.0.lock() {
            change(&mut seen);
        }
    }
}

impl Bridge {
    pub(crate) fn new(hub: Hub, tenant: TenantId, channel: ChannelId, view: Arc<View>) -> Self {
        Self {
            hub,
            tenant,
            channel,
            view,
            is_sending: false,
            send_again: false,
        }
    }

    fn send_waiting(&mut self, ctx: &mut Context<Self>) {
        if self.is_sending {
            self.send_again = true;
            return;
        }
        self.is_sending = true;
        self.view.set(|seen| seen.state = BridgeState::Sending);
        let round = Round {
            hub: self.hub.clone(),
            caller: Caller::system(self.tenant, "bridge"),
            channel: self.channel,
            view: self.view.clone(),
        };
        let work = async move { round.run().await };
        let sent = work.into_actor(self).map(|outcome, this, ctx| {
            this.is_sending = false;
            let wait = outcome.unwrap_or_else(|why| {
                tracing::warn!(tenant.id = %this.tenant, channel.id = %this.channel, why, "a bridge waits");
                this.view.set(|seen| seen.last_error = Some(why));
                Some(Duration::from_secs(5))
            });
            let wait = if std::mem::take(&mut this.send_again) {
                Some(Duration::ZERO)
            } else {
                wait
            };
            let state = if wait.is_some() {
                BridgeState::Waiting
            } else {
                BridgeState::Idle
            };
            this.view.set(|seen| seen.state = state);
            if let Some(wait) = wait {
                ctx.run_later(wait, Self::send_waiting);
            }
        });
        ctx.spawn(sent);
    }
}

/// One look at the outbox.
struct Round {
    hub: Hub,
    caller: Caller,
    channel: ChannelId,
    view: Arc<View>,
}

impl Round {
    /// Sends what is due; returns when to look again, if there is anything left.
    async fn run(&self) -> Result<Option<Duration>, String> {
        let waiting = self
            .hub
            .store()
            .parcels(&self.caller, self.channel, AT_ONCE)
            .await
            .map_err(told)?;
        let account = self
            .hub
            .registry()
            .open_account(&self.hub, &self.caller, self.channel)
            .await?;
        self.view.set(|seen| {
            seen.name.clone_from(&account.name);
            account.kind.clone_into(&mut seen.kind);
            seen.queued = waiting.len();
        });
        let is_full = i64::try_from(waiting.len()).is_ok_and(|n| n == AT_ONCE);
        let now = self.hub.store().clock().now();
        let mut sent: Vec<Uuid> = vec![];
        let mut next = is_full.then_some(Duration::ZERO);
        for parcel in &waiting {
            if parcel.next_at > now {
                // What comes later must not overtake it.
                next = Some((parcel.next_at - now).to_std().unwrap_or_default());
                break;
            }
            match self.send(&account, parcel).await {
                Ok(()) => sent.push(parcel.id),
                Err((why, None)) => self.give_up(parcel, &why).await?,
                Err((why, Some(wait))) => {
                    self.put_off(parcel, wait, &why).await?;
                    next = Some(wait);
                    break;
                }
            }
        }
        if !sent.is_empty() {
            self.hub.store().parcels_sent(&self.caller, &sent).await.map_err(told)?;
        }
        self.view.set(|seen| seen.queued -= sent.len().min(seen.queued));
        Ok(next)
    }

    /// Sends one; an error says why, and when to try again if that makes sense.
    async fn send(&self, account: &Account, parcel: &Parcel) -> Result<(), (String, Option<Duration>)> {
        match account.connector.send(&parcel.outbound()).await {
            Ok(_) => Ok(()),
            Err(SendError::Permanent { reason }) => Err((reason, None)),
            Err(SendError::Transient { reason, .. }) if parcel.attempts + 1 >= MAX_ATTEMPTS => Err((reason, None)),
            Err(SendError::Transient { reason, retry_after }) => {
                let step = u32::try_from(parcel.attempts).unwrap_or(0).min(8);
                Err((
                    reason,
                    Some(retry_after.unwrap_or(Duration::from_secs(1) * 2u32.pow(step))),
                ))
            }
        }
    }

    async fn put_off(&self, parcel: &Parcel, wait: Duration, why: &str) -> Result<(), String> {
        self.view.set(|seen| seen.last_error = Some(why.to_owned()));
        let at = self.hub.store().clock().now() + wait;
        self.hub
            .store()
            .parcel_failed(&self.caller, parcel, Some(at), why)
            .await
            .map_err(told)
    }

    async fn give_up(&self, parcel: &Parcel, why: &str) -> Result<(), String> {
        self.view.set(|seen| seen.last_error = Some(why.to_owned()));
        tracing::error!(conversation.id = %parcel.conversation_id, why, "a message could not be sent");
        self.hub
            .store()
            .parcel_failed(&self.caller, parcel, None, why)
            .await
            .map_err(told)
    }
}

fn told(error: StoreError) -> String {
    error.to_string()
}

impl Actor for Bridge {
    type Context = Context<Self>;

    fn started(&mut self, _: &mut Self::Context) {
        metrics::gauge!("switchboard_actors", "kind" => "bridge").increment(1);
    }

    fn stopped(&mut self, _: &mut Self::Context) {
        metrics::gauge!("switchboard_actors", "kind" => "bridge").decrement(1);
    }
}

/// There is something in the outbox.
#[derive(Message)]
#[rtype(result = "()")]
pub(crate) struct Wake;

impl Handler<Wake> for Bridge {
    type Result = ();

    fn handle(&mut self, _: Wake, ctx: &mut Self::Context) {
        self.send_waiting(ctx);
    }
}
