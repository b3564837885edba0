//! What a follower does when it is woken: takes what it has not heard, a batch at a time.

use std::panic::AssertUnwindSafe;
use std::sync::Arc;
use std::time::Duration;

use futures_util::FutureExt;
use futures_util::future::LocalBoxFuture;
use kernel::{Caller, Code, Fault, FollowerState, Recorded};
use store::past::{self, Wanted};
use store::{StoreError, followers};
use tokio::time::Instant;

use super::Follow;
use super::feed::Supply;
use crate::Hub;
use crate::worker::Work;

/// How many events are read from the log at once.
const PAGE: i64 = 200;
/// A cursor that passed over what nobody wanted may be behind so long.
const LAZILY: Duration = Duration::from_secs(2);
const LONGEST_REASON: usize = 500;

/// One follower of one tenant.
pub(super) struct Following<F> {
    hub: Hub,
    caller: Caller,
    place: usize,
    known: Option<Known<F>>,
}

/// What it knows once it has looked.
struct Known<F> {
    follow: F,
    /// How far it has heard, and how far the table says.
    seq: i64,
    written: i64,
    written_at: Instant,
    attempts: i32,
}

/// Why events were not taken.
enum Failure {
    /// It is not their fault.
    Elsewhere(String),
    Theirs(String),
}

impl<F: Follow> Following<F> {
    pub(super) fn new(hub: Hub, caller: Caller, place: usize) -> Self {
        Self {
            hub,
            caller,
            place,
            known: None,
        }
    }

    /// Reads how far it has heard, and tries once more what somebody asked for. Nothing while it is paused.
    async fn know(&mut self) -> Result<Option<Known<F>>, String> {
        if let Some(known) = self.known.take() {
            return Ok(Some(known));
        }
        let store = self.hub.store();
        let found = store.write(&self.caller, async |tx| {
            let wanted = followers::dead(tx, F::NAME, i64::MAX, true, PAGE).await?;
            Ok::<_, StoreError>((followers::find(tx, F::NAME).await?, wanted))
        });
        let (cursor, wanted) = found.await.map_err(|error| told(&error))?;
        if cursor.state == FollowerState::Paused {
            return Ok(None);
        }
        let mut known = Known {
            follow: F::open(&self.hub, &self.caller).await.map_err(|error| told(&error))?,
            seq: cursor.seq,
            written: cursor.seq,
            written_at: Instant::now(),
            attempts: cursor.attempts,
        };
        for letter in wanted.into_iter().rev() {
            self.try_once_more(&mut known, letter.seq, letter.attempts).await?;
        }
        Ok(Some(known))
    }

    async fn run(&mut self) -> Result<Option<Duration>, String> {
        self.hub.feeds().begin(self.caller.tenant, self.place);
        let Some(mut known) = self.know().await? else {
            return Ok(None);
        };
        let wait = loop {
            let (events, through) = self.next(&known).await?;
            let is_done = events.is_empty() && through <= known.seq;
            let wanted: Vec<_> = events.into_iter().filter(|event| known.follow.wants(event)).collect();
            if !wanted.is_empty() {
                if let Some(wait) = self.take(&mut known, wanted, through).await? {
                    break Some(wait);
                }
                continue;
            }
            known.seq = through.max(known.seq);
            if is_done {
                break self.note_place(&mut known).await?;
            }
        };
        self.known = Some(known);
        Ok(wait)
    }

    /// Returns the events that come next, and the place up to which there are no others.
    async fn next(&self, known: &Known<F>) -> Result<(Vec<Arc<Recorded>>, i64), String> {
        let feeds = self.hub.feeds();
        if let Supply::These(events, through) = feeds.after(self.caller.tenant, self.place, known.seq) {
            return Ok((events, through));
        }
        let page = self.hub.store().read(&self.caller, async |tx| {
            let head = past::head(tx).await?;
            Ok::<_, StoreError>((past::after(tx, &Wanted::All, known.seq, PAGE).await?, head))
        });
        let (page, head) = page.await.map_err(|error| told(&error))?;
        let last = page.last().map_or(known.seq, |event| event.seq);
        let is_full = i64::try_from(page.len()).is_ok_and(|n| n == PAGE);
        let through = if is_full { last } else { head.max(last) };
        let mine = page.into_iter().filter(|event| feeds.wants(self.place, &event.kind));
        Ok((mine.map(Arc::new).collect(), through))
    }

    /// Takes events: all at once, or else one by one. When one fails, it says how long to wait before the next attempt.
    async fn take(
        &self,
        known: &mut Known<F>,
        events: Vec<Arc<Recorded>>,
        through: i64,
    ) -> Result<Option<Duration>, String> {
        let is_sound = known.attempts == 0 && events.iter().all(|event| event.as_cause().is_some());
        if is_sound {
            match self.attempt(known, &events, through).await {
                Ok(()) => return Ok(None),
                Err(Failure::Elsewhere(why)) => return Err(why),
                Err(Failure::Theirs(_)) if events.len() > 1 => {}
                Err(Failure::Theirs(why)) => return self.failed(known, &events, &why).await,
            }
        }
        for event in events {
            let one = [event];
            if let [event] = &one
                && event.as_cause().is_none()
            {
                self.bury(known, event, "the chain of events that caused each other is too long")
                    .await?;
                continue;
            }
            match self.attempt(known, &one, one[0].seq).await {
                Ok(()) => {}
                Err(Failure::Elsewhere(why)) => return Err(why),
                Err(Failure::Theirs(why)) => return self.failed(known, &one, &why).await,
            }
        }
        Ok(None)
    }

    /// Takes events in one transaction with the cursor.
    async fn attempt(&self, known: &mut Known<F>, events: &[Arc<Recorded>], through: i64) -> Result<(), Failure> {
        let Known { follow, written, .. } = known;
        let from = *written;
        let taking = self.hub.store().write(&self.caller, async |tx| {
            follow.take(tx, events).await?;
            Ok::<_, F::Error>(followers::advance(tx, F::NAME, from, through).await?)
        });
        match AssertUnwindSafe(taking).catch_unwind().await {
            Ok(Ok(())) => {}
            Ok(Err(error)) if error.code() == Code::Unavailable => return Err(Failure::Elsewhere(told(&error))),
            Ok(Err(error)) => return Err(Failure::Theirs(told(&error))),
            Err(panic) => return Err(Failure::Theirs(said(&*panic))),
        }
        (known.seq, known.written, known.attempts) = (through, through, 0);
        known.written_at = Instant::now();
        known.follow.taken(&self.hub, &self.caller, events);
        if let Some(last) = events.last() {
            let delay = (self.hub.store().clock().now() - last.at).to_std().unwrap_or_default();
            metrics::histogram!("switchboard_follower_delay_seconds", "follower" => F::NAME).record(delay);
        }
        Ok(())
    }

    /// An event failed: it is tried again after a while, and in the end put aside.
    async fn failed(
        &self,
        known: &mut Known<F>,
        events: &[Arc<Recorded>],
        why: &str,
    ) -> Result<Option<Duration>, String> {
        let retries = &self.hub.config().follower_retries;
        let step = usize::try_from(known.attempts).unwrap_or(usize::MAX);
        known.attempts += 1;
        let (Some(event), Some(wait)) = (events.first(), retries.get(step)) else {
            if let Some(event) = events.first() {
                self.bury(known, event, why).await?;
            }
            return Ok(Some(Duration::ZERO));
        };
        tracing::warn!(tenant.id = %self.caller.tenant, follower = F::NAME, seq = event.seq, why, "an event could not be taken");
        let from = known.written;
        let noted = self.hub.store().write(&self.caller, async |tx| {
            followers::note_failure(tx, F::NAME, from, &short(why)).await
        });
        noted.await.map_err(|error| told(&error))?;
        // A panic may have left anything behind.
        known.follow = F::open(&self.hub, &self.caller).await.map_err(|error| told(&error))?;
        Ok(Some(*wait))
    }

    /// Puts an event aside and goes on behind it.
    async fn bury(&self, known: &mut Known<F>, event: &Recorded, why: &str) -> Result<(), String> {
        tracing::error!(tenant.id = %self.caller.tenant, follower = F::NAME, seq = event.seq, why, "an event was put aside");
        let (from, attempts) = (known.written, known.attempts);
        let buried = self.hub.store().write(&self.caller, async |tx| {
            followers::bury(tx, F::NAME, event, attempts, &short(why)).await?;
            followers::advance(tx, F::NAME, from, event.seq).await
        });
        buried.await.map_err(|error| told(&error))?;
        (known.seq, known.written, known.attempts) = (event.seq, event.seq, 0);
        known.follow = F::open(&self.hub, &self.caller).await.map_err(|error| told(&error))?;
        Ok(())
    }

    /// Tries an event that was put aside; if it fails again, it stays there.
    async fn try_once_more(&self, known: &mut Known<F>, seq: i64, attempts: i32) -> Result<(), String> {
        let found = self.hub.store().events_after(&self.caller, seq - 1, 1).await;
        let Some(event) = found.map_err(|error| told(&error))?.pop().map(Arc::new) else {
            return Ok(());
        };
        let events = [event];
        let follow = &mut known.follow;
        let taking = self.hub.store().write(&self.caller, async |tx| {
            follow.take(tx, &events).await?;
            followers::let_go(tx, F::NAME, seq).await?;
            Ok::<_, F::Error>(())
        });
        let why = match AssertUnwindSafe(taking).catch_unwind().await {
            Ok(Ok(())) => {
                known.follow.taken(&self.hub, &self.caller, &events);
                return Ok(());
            }
            Ok(Err(error)) if error.code() == Code::Unavailable => return Err(told(&error)),
            Ok(Err(error)) => told(&error),
            Err(panic) => said(&*panic),
        };
        let [event] = &events;
        let again = self.hub.store().write(&self.caller, async |tx| {
            followers::bury(tx, F::NAME, event, attempts + 1, &short(&why)).await
        });
        again.await.map_err(|error| told(&error))?;
        known.follow = F::open(&self.hub, &self.caller).await.map_err(|error| told(&error))?;
        Ok(())
    }

    /// Writes how far it has heard, if that is worth it; else says when it will be.
    async fn note_place(&self, known: &mut Known<F>) -> Result<Option<Duration>, String> {
        if known.seq == known.written {
            return Ok(None);
        }
        let since = known.written_at.elapsed();
        if since < LAZILY {
            return Ok(Some(LAZILY - since));
        }
        let (from, to) = (known.written, known.seq);
        let moved = self
            .hub
            .store()
            .write(&self.caller, async |tx| followers::advance(tx, F::NAME, from, to).await);
        moved.await.map_err(|error| told(&error))?;
        (known.written, known.written_at) = (to, Instant::now());
        Ok(None)
    }
}

impl<F: Follow> Work for Following<F> {
    fn round(&mut self) -> LocalBoxFuture<'_, Result<Option<Duration>, String>> {
        // Whatever goes wrong, the next round begins with what the tables say.
        Box::pin(self.run())
    }
}

fn told(fault: &impl Fault) -> String {
    fault.to_string()
}

fn said(panic: &(dyn std::any::Any + Send)) -> String {
    let text = panic.downcast_ref::<&str>().copied().map(str::to_owned);
    let text = text.or_else(|| panic.downcast_ref::<String>().cloned());
    format!("it crashed: {}", text.unwrap_or_default())
}

fn short(why: &str) -> String {
    why.chars().filter(|c| *c != '\0').take(LONGEST_REASON).collect()
}
