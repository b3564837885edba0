//! A batch: the items that are written together, those of one kind beside each other.

use std::any::{Any, TypeId};
use std::collections::HashMap;
use std::sync::Arc;

use futures_util::future::{LocalBoxFuture, join_all};
use kernel::TenantId;
use store::{Sheet, StoreError};
use tokio::sync::oneshot;

use super::pen::Pulse;
use super::{Bulk, Item};

/// What is written together.
#[derive(Default)]
pub(super) struct Batch(Vec<Box<dyn Group>>);

impl Batch {
    pub(super) fn add<B: Bulk>(&mut self, item: Item<B>, reply: Reply<B>, pulse: Arc<Pulse>) {
        let kind = TypeId::of::<B>();
        let same = self.0.iter_mut().find(|group| group.kind() == kind);
        match same.and_then(|group| group.as_any().downcast_mut::<Items<B>>()) {
            Some(items) => items.push(item, reply, pulse),
            None => {
                let mut items = Items::default();
                items.push(item, reply, pulse);
                self.0.push(Box::new(items));
            }
        }
    }

    pub(super) fn join(&mut self, more: Self) {
        for group in more.0 {
            match self.0.iter_mut().find(|known| known.kind() == group.kind()) {
                Some(known) => known.join(group),
                None => self.0.push(group),
            }
        }
    }

    pub(super) fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    pub(super) fn len(&self) -> usize {
        self.0.iter().map(|group| group.len()).sum()
    }

    /// Whose items there are, each tenant once.
    pub(super) fn tenants(&self) -> Vec<TenantId> {
        let mut tenants: Vec<_> = self.0.iter().flat_map(|group| group.tenants()).collect();
        tenants.sort_unstable();
        tenants.dedup();
        tenants
    }

    /// Writes all kinds, the statements of one behind those of the other.
    pub(super) async fn write(&mut self, sheet: &Sheet<'_>) -> Result<(), StoreError> {
        let kinds = self.0.iter_mut().map(|group| group.write(sheet));
        join_all(kinds).await.into_iter().collect()
    }

    pub(super) fn succeed(self) {
        let mut sizes: HashMap<_, (&Pulse, usize)> = HashMap::new();
        for pulse in self.0.iter().flat_map(|group| group.pulses()) {
            sizes.entry(Arc::as_ptr(pulse)).or_insert((pulse, 0)).1 += 1;
        }
        sizes.into_values().for_each(|(pulse, n)| pulse.note(n));
        self.0.into_iter().for_each(Group::succeed);
    }

    pub(super) fn fail(self, error: &StoreError) {
        self.0.into_iter().for_each(|group| group.fail(error));
    }

    /// Every item by itself.
    pub(super) fn split(self) -> impl Iterator<Item = (TenantId, Self)> {
        let items = self.0.into_iter().flat_map(Group::split);
        items.map(|(tenant, group)| (tenant, Self(vec![group])))
    }
}

/// The items of one kind, whatever the kind.
trait Group: Send {
    fn kind(&self) -> TypeId;
    fn len(&self) -> usize;
    fn tenants(&self) -> Vec<TenantId>;
    /// Of each item, where its tenant counts what was written.
    fn pulses(&self) -> &[Arc<Pulse>];
    fn as_any(&mut self) -> &mut dyn Any;
    fn into_any(self: Box<Self>) -> Box<dyn Any>;
    fn join(&mut self, more: Box<dyn Group>);
    fn write<'a>(&'a mut self, sheet: &'a Sheet<'_>) -> LocalBoxFuture<'a, Result<(), StoreError>>;
    fn succeed(self: Box<Self>);
    fn fail(self: Box<Self>, error: &StoreError);
    fn split(self: Box<Self>) -> Vec<(TenantId, Box<dyn Group>)>;
}

/// Where the answer goes.
pub(super) type Reply<B> = oneshot::Sender<Result<<B as Bulk>::Written, StoreError>>;

struct Items<B: Bulk> {
    items: Vec<Item<B>>,
    replies: Vec<Reply<B>>,
    pulses: Vec<Arc<Pulse>>,
    written: Vec<B::Written>,
}

impl<B: Bulk> Default for Items<B> {
    fn default() -> Self {
        Self {
            items: vec![],
            replies: vec![],
            pulses: vec![],
            written: vec![],
        }
    }
}

impl<B: Bulk> Items<B> {
    fn push(&mut self, item: Item<B>, reply: Reply<B>, pulse: Arc<Pulse>) {
        self.items.push(item);
        self.replies.push(reply);
        self.pulses.push(pulse);
    }
}

impl<B: Bulk> Group for Items<B> {
    fn kind(&self) -> TypeId {
        TypeId::of::<B>()
    }

    fn len(&self) -> usize {
        self.items.len()
    }

    fn tenants(&self) -> Vec<TenantId> {
        self.items.iter().map(|item| item.caller.tenant).collect()
    }

    fn pulses(&self) -> &[Arc<Pulse>] {
        &self.pulses
    }

    fn as_any(&mut self) -> &mut dyn Any {
        self
    }

    fn into_any(self: Box<Self>) -> Box<dyn Any> {
        self
    }

    fn join(&mut self, more: Box<dyn Group>) {
        if let Ok(more) = more.into_any().downcast::<Self>() {
            self.items.extend(more.items);
            self.replies.extend(more.replies);
            self.pulses.extend(more.pulses);
        }
    }

    fn write<'a>(&'a mut self, sheet: &'a Sheet<'_>) -> LocalBoxFuture<'a, Result<(), StoreError>> {
        Box::pin(async move {
            self.written = B::write_all(sheet, &self.items).await?;
            Ok(())
        })
    }

    fn succeed(self: Box<Self>) {
        for (reply, written) in self.replies.into_iter().zip(self.written) {
            // Whoever asked may have gone away; the write stands.
            drop(reply.send(Ok(written)));
        }
    }

    fn fail(self: Box<Self>, error: &StoreError) {
        for reply in self.replies {
            drop(reply.send(Err(error.again())));
        }
    }

    fn split(self: Box<Self>) -> Vec<(TenantId, Box<dyn Group>)> {
        let pieces = self.items.into_iter().zip(self.replies).zip(self.pulses);
        pieces
            .map(|((item, reply), pulse)| -> (TenantId, Box<dyn Group>) {
                let tenant = item.caller.tenant;
                let mut one = Self::default();
                one.push(item, reply, pulse);
                (tenant, Box::new(one))
            })
            .collect()
    }
}
