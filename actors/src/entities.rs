//! The table of a tenant's live entities.

use std::any::{Any, TypeId};
use std::collections::HashMap;
use std::sync::atomic::Ordering;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use actix::Addr;
use kernel::ContactId;
use tokio::time::Instant;
use uuid::Uuid;

use crate::LiveError;
use crate::entity::{Entity, EntityActor, Vitals, Waiting};

/// Which entity: its type and its id.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(crate) struct Key {
    of: TypeId,
    pub(crate) kind: &'static str,
    pub(crate) id: Uuid,
}

impl Key {
    pub(crate) fn of<E: Entity>(id: E::Id) -> Self {
        Self {
            of: TypeId::of::<E>(),
            kind: E::KIND,
            id: id.into(),
        }
    }
}

/// The live entities of a tenant, shared with the hub, which finds most of them without asking the tenant.
#[derive(Clone, Default)]
pub(crate) struct Entities(Arc<Mutex<HashMap<Key, Slot>>>);

impl Entities {
    /// Returns the way to an entity that is there, and counts one more command that waits for it: at most so many may.
    ///
    /// It is counted here, since a mailbox takes whatever is sent through a fresh copy of its address.
    pub(crate) fn reach<E: Entity>(&self, id: E::Id, most: usize) -> Result<Option<Reach<E>>, LiveError> {
        let mut table = self.table();
        let Some(slot) = table.get_mut(&Key::of::<E>(id)) else {
            return Ok(None);
        };
        let addr = slot.addr.downcast_ref::<Addr<EntityActor<E>>>();
        let Some(addr) = addr.filter(|addr| addr.connected()).cloned() else {
            return Ok(None);
        };
        slot.last_used = Instant::now();
        if slot.vitals.waiting.load(Ordering::Relaxed) >= most {
            return Err(LiveError::Busy);
        }
        let waiting = Waiting::enter(&slot.vitals);
        Ok(Some(Reach { addr, waiting }))
    }

    /// Returns whose entity it is, if that is known without asking it.
    pub(crate) fn contact_of<E: Entity>(&self, id: E::Id) -> Option<ContactId> {
        let table = self.table();
        table.get(&Key::of::<E>(id))?.vitals.contact.get().copied()
    }

    /// Returns the entities of a kind; of one customer, those that are or may be theirs: while one is loaded nobody knows.
    pub(crate) fn awake<E: Entity>(&self, of: Option<ContactId>) -> Vec<E::Id> {
        let table = self.table();
        let may_be_theirs = |slot: &Slot| {
            let whose = slot.vitals.contact.get();
            of.is_none() || whose.is_none() || whose == of.as_ref()
        };
        let slots = table.iter().filter(|(_, slot)| may_be_theirs(slot));
        let ids = slots
            .filter(|(key, _)| key.of == TypeId::of::<E>())
            .map(|(key, _)| E::Id::from(key.id));
        ids.collect()
    }

    /// Adds an entity that was just started; the command it was started for waits.
    pub(crate) fn add<E: Entity>(&self, id: E::Id, addr: Addr<EntityActor<E>>, vitals: Arc<Vitals>) -> Reach<E> {
        let waiting = Waiting::enter(&vitals);
        let slot = Slot {
            addr: Box::new(addr.clone()),
            vitals,
            last_used: Instant::now(),
        };
        self.table().insert(Key::of::<E>(id), slot);
        Reach { addr, waiting }
    }

    pub(crate) fn table(&self) -> MutexGuard<'_, HashMap<Key, Slot>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// A live entity.
pub(crate) struct Slot {
    addr: Box<dyn Any + Send>,
    pub(crate) vitals: Arc<Vitals>,
    pub(crate) last_used: Instant,
}

impl Slot {
    pub(crate) fn is_loaded(&self) -> bool {
        self.vitals.label.get().is_some()
    }
}

/// Where an entity lives.
pub(crate) struct Reach<E: Entity> {
    pub(crate) addr: Addr<EntityActor<E>>,
    pub(crate) waiting: Waiting,
}
