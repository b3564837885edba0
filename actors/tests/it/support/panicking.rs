//! Someone who listens to what is logged, and panics once at the wrong moment.

use std::fmt::{Debug, Write as _};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use tracing::field::{Field, Visit};
use tracing::span::{Attributes, Id, Record};
use tracing::{Event, Metadata, Subscriber};

pub(crate) struct Panicking {
    at: &'static str,
    has_panicked: Arc<AtomicBool>,
}

impl Panicking {
    /// Panics when it first hears these words.
    pub(crate) fn at(at: &'static str, has_panicked: Arc<AtomicBool>) -> Self {
        Self { at, has_panicked }
    }
}

struct Said(String);

impl Visit for Said {
    fn record_debug(&mut self, _: &Field, value: &dyn Debug) {
        write!(self.0, "{value:?} ").unwrap();
    }
}

impl Subscriber for Panicking {
    fn enabled(&self, _: &Metadata<'_>) -> bool {
        true
    }

    fn new_span(&self, _: &Attributes<'_>) -> Id {
        Id::from_u64(1)
    }

    fn record(&self, _: &Id, _: &Record<'_>) {}

    fn record_follows_from(&self, _: &Id, _: &Id) {}

    fn event(&self, event: &Event<'_>) {
        let mut said = Said(String::new());
        event.record(&mut said);
        let panics = said.0.contains(self.at) && !self.has_panicked.swap(true, Ordering::Relaxed);
        assert!(!panics, "a test asked for this");
    }

    fn enter(&self, _: &Id) {}

    fn exit(&self, _: &Id) {}
}
