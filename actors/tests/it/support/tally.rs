//! A tally: a thing that counts. Its state is what its tenant's log says of it.

use std::collections::HashMap;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::sync::{Arc, LazyLock, Mutex};

use actors::{Bulk, Command, Entity, Handle, Item, Live, LiveError};
use kernel::{Caller, Event};
use serde::{Deserialize, Serialize};
use serde_json::Value;
use store::{Sheet, StoreError};
use tokio::sync::RwLock;
use uuid::Uuid;

pub(crate) struct Tally {
    id: Uuid,
    sum: i64,
    script: Arc<Script>,
}

/// What a tally is to do, and what it did.
#[derive(Default)]
pub(crate) struct Script {
    /// Whoever loads it or makes it pause has to pass.
    pub(crate) door: RwLock<()>,
    pub(crate) panics_while_loading: AtomicBool,
    pub(crate) is_unknown: AtomicBool,
    pub(crate) n_loads: AtomicUsize,
    /// How many of them were let go of.
    pub(crate) n_gone: AtomicUsize,
}

static SCRIPTS: LazyLock<Mutex<HashMap<Uuid, Arc<Script>>>> = LazyLock::new(Mutex::default);

impl Script {
    pub(crate) fn of(id: Uuid) -> Arc<Self> {
        SCRIPTS.lock().unwrap().entry(id).or_default().clone()
    }

    pub(crate) fn n_loads(&self) -> usize {
        self.n_loads.load(Ordering::Relaxed)
    }

    pub(crate) fn n_gone(&self) -> usize {
        self.n_gone.load(Ordering::Relaxed)
    }
}

#[derive(Debug, thiserror::Error)]
pub(crate) enum TallyError {
    #[error(transparent)]
    Live(#[from] LiveError),
    #[error(transparent)]
    Store(#[from] StoreError),
}

impl Entity for Tally {
    const KIND: &'static str = "tally";
    type Id = Uuid;
    type Error = TallyError;

    async fn load(live: &Live, id: Uuid) -> Result<Self, TallyError> {
        let script = Script::of(id);
        script.n_loads.fetch_add(1, Ordering::Relaxed);
        drop(script.door.read().await);
        assert!(
            !script.panics_while_loading.load(Ordering::Relaxed),
            "a test asked for this"
        );
        if script.is_unknown.load(Ordering::Relaxed) {
            return Err(StoreError::NotFound.into());
        }
        let sum = logged(live.hub.store(), &live.caller, id).await?.iter().sum();
        Ok(Self { id, sum, script })
    }

    fn label(&self) -> String {
        "a tally".into()
    }
}

impl Drop for Tally {
    fn drop(&mut self) {
        self.script.n_gone.fetch_add(1, Ordering::Relaxed);
    }
}

/// What was added to a tally, as the log has it.
pub(crate) async fn logged(store: &store::Store, caller: &Caller, id: Uuid) -> Result<Vec<i64>, StoreError> {
    let events = store.events_after(caller, 0, 100_000).await?;
    let subject = format!("tally:{id}");
    let of_it = events.iter().filter(|event| event.subject == subject);
    let payloads = of_it.filter_map(|event| event.payload.as_deref());
    payloads
        .map(|payload| {
            let payload: Value = serde_json::from_str(payload)?;
            Ok(Counted::deserialize(&payload["data"])?.n)
        })
        .collect()
}

/// Something was added.
#[derive(Clone, Serialize, Deserialize)]
struct Counted {
    id: Uuid,
    n: i64,
}

#[derive(Serialize)]
#[serde(tag = "type", content = "data")]
enum Told<'a> {
    #[serde(rename = "tally.counted")]
    Counted(&'a Counted),
}

impl Event for Told<'_> {
    fn kind(&self) -> &'static str {
        "tally.counted"
    }

    fn subject(&self) -> String {
        let Self::Counted(counted) = self;
        format!("tally:{}", counted.id)
    }
}

impl Bulk for Counted {
    type Written = ();

    /// A number below zero is refused.
    async fn write_all(sheet: &Sheet<'_>, items: &[Item<Self>]) -> Result<Vec<()>, StoreError> {
        if items.iter().any(|item| item.value.n < 0) {
            return Err(StoreError::NotFound);
        }
        let announce = |item: &Item<Self>| sheet.announce(&item.caller, &Told::Counted(&item.value));
        Ok(items.iter().map(announce).collect())
    }
}

/// Adds to it; answered with the sum.
#[derive(Clone)]
pub(crate) struct Add(pub(crate) i64);

impl Command for Add {
    type Reply = i64;
}

impl Handle<Add> for Tally {
    async fn handle(&mut self, live: &Live, caller: &Caller, Add(n): Add) -> Result<i64, TallyError> {
        let counted = Counted { id: self.id, n };
        live.journal.append(caller, counted).await?;
        self.sum += n;
        Ok(self.sum)
    }
}

/// Adds one, and panics before it can remember that.
#[derive(Clone)]
pub(crate) struct AddAndPanic;

impl Command for AddAndPanic {
    type Reply = i64;
}

impl Handle<AddAndPanic> for Tally {
    async fn handle(&mut self, live: &Live, caller: &Caller, _: AddAndPanic) -> Result<i64, TallyError> {
        let counted = Counted { id: self.id, n: 1 };
        live.journal.append(caller, counted).await?;
        panic!("a test asked for this");
    }
}

/// Waits at the door; answered with the sum.
#[derive(Clone)]
pub(crate) struct Pause;

impl Command for Pause {
    type Reply = i64;
}

impl Handle<Pause> for Tally {
    async fn handle(&mut self, _: &Live, _: &Caller, _: Pause) -> Result<i64, TallyError> {
        drop(self.script.door.read().await);
        Ok(self.sum)
    }
}
