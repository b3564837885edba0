//! What each session has heard, and whether it was all, once and in order.

use std::cell::{Cell, RefCell};
use std::rc::Rc;

use crate::contender::Place;
use crate::scenario::whole;

/// What one session has heard, over all its connections.
pub(crate) struct Memory {
    ticket: String,
    first: u64,
    pub(crate) last: Cell<u64>,
    pub(crate) head: Cell<u64>,
    heard: Cell<u64>,
    /// Together with how many, this tells one set of events from another.
    sum: Cell<u64>,
    pub(crate) repeated: Cell<u64>,
    mark: RefCell<String>,
}

impl Memory {
    pub(crate) fn from(place: &Place) -> Self {
        Self {
            ticket: place.ticket.clone(),
            first: place.seq,
            last: Cell::new(place.seq),
            head: Cell::new(place.head),
            heard: Cell::new(0),
            sum: Cell::new(0),
            repeated: Cell::new(0),
            mark: RefCell::default(),
        }
    }

    pub(crate) fn hear(&self, seq: u64, mark: Option<String>) {
        if let Some(mark) = mark {
            *self.mark.borrow_mut() = mark;
        }
        if seq <= self.last.get() {
            self.repeated.set(self.repeated.get() + 1);
            return;
        }
        self.last.set(seq);
        self.heard.set(self.heard.get() + 1);
        let mixed = (seq ^ (seq >> 31)).wrapping_mul(0x9E37_79B9_7F4A_7C15);
        self.sum.set(self.sum.get().wrapping_add(mixed));
    }

    pub(crate) fn place(&self) -> Place {
        Place {
            ticket: self.ticket.clone(),
            seq: self.last.get(),
            head: self.head.get(),
            mark: self.mark.borrow().clone(),
            missed: Vec::new(),
        }
    }
}

/// Sessions that did not hear what they should have.
pub(super) struct Faults {
    pub(crate) missed: f64,
    pub(crate) repeated: f64,
}

impl Faults {
    pub(crate) fn count(memories: &[Rc<Memory>], witness: &Memory) -> Self {
        let told = |memory: &Memory| (memory.first, memory.heard.get(), memory.sum.get());
        let count = |wrong: &dyn Fn(&Memory) -> bool| {
            let sessions = memories.iter().filter(|memory| wrong(memory)).count();
            whole(sessions as u64)
        };
        Self {
            missed: count(&|memory| told(memory) != told(witness)),
            repeated: count(&|memory| memory.repeated.get() > 0),
        }
    }
}
