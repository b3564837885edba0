//! A room: those who hear, those who speak, and what is under way between them.

use std::cell::{Cell, RefCell};
use std::rc::Rc;
use std::time::Duration;

use tokio::time::{Instant, sleep};

use crate::contender::{Heard, Server};
use crate::measure::Histogram;
use crate::wire::Link;

/// So many numbers are told apart; one is used again when all have had their turn.
pub(super) const NUMBERS: usize = 256;
/// What has not come by then does not come.
const LOST: Duration = Duration::from_secs(5);
/// Time to hear the rest of what was published.
const PATIENCE: Duration = Duration::from_secs(10);

/// Those who hear, those who speak, and what is under way between them.
pub(super) struct Room {
    pub(super) server: Rc<dyn Server>,
    pub(super) size: usize,
    pub(super) speakers: Vec<Rc<Link>>,
    said: Vec<Said>,
    pub(super) again: Cell<bool>,
    pub(super) delivered: Cell<u64>,
    pub(super) refused: Cell<u64>,
    pub(super) lost: Cell<u64>,
    pub(super) latency: RefCell<Histogram>,
}

/// What was published under one number.
struct Said {
    at: Cell<Instant>,
    /// Sessions that have yet to hear it.
    left: Cell<usize>,
}

impl Room {
    pub(super) fn new(server: &Rc<dyn Server>, size: usize, speakers: Vec<Rc<Link>>) -> Rc<Self> {
        let said = |_| Said {
            at: Cell::new(Instant::now()),
            left: Cell::new(0),
        };
        Rc::new(Self {
            server: Rc::clone(server),
            size,
            speakers,
            said: (0..NUMBERS).map(said).collect(),
            again: Cell::new(false),
            delivered: Cell::new(0),
            refused: Cell::new(0),
            lost: Cell::new(0),
            latency: RefCell::default(),
        })
    }

    pub(super) fn publish(&self, number: usize, due: Instant) {
        let speaker = self.speakers.get(number % self.speakers.len());
        if let (Some(speaker), Some(said)) = (speaker, self.said.get(number)) {
            said.at.set(due);
            said.left.set(self.size);
            // Made anew each time: what only repeats need not be told.
            speaker.send(&self.server.publish(number as u64));
        }
    }

    pub(super) fn hear(&self, link: &Rc<Link>, frame: &[u8], at: Instant) {
        match self.server.hear(frame) {
            Heard::Delivery { number, .. } => self.delivered(usize::try_from(number).unwrap_or_default(), at),
            Heard::Answer(answer) => link.send(answer),
            _ => {}
        }
    }

    fn delivered(&self, number: usize, at: Instant) {
        let Some(said) = self.said.get(number) else {
            return;
        };
        self.delivered.set(self.delivered.get() + 1);
        let left = said.left.get().saturating_sub(1);
        said.left.set(left);
        if !self.again.get() {
            self.latency
                .borrow_mut()
                .record(at.saturating_duration_since(said.at.get()));
        } else if left == 0 {
            self.publish(number, at);
        }
    }

    pub(super) fn answer(&self, link: &Rc<Link>, frame: &[u8]) {
        match self.server.hear(frame) {
            Heard::Refused(_) => self.refused.set(self.refused.get() + 1),
            Heard::Answer(answer) => link.send(answer),
            _ => {}
        }
    }

    /// Lets time pass, and publishes again what a server has dropped.
    pub(super) async fn wait(&self, time: Duration) {
        let until = Instant::now() + time;
        while Instant::now() < until {
            sleep(Duration::from_millis(100).min(until.saturating_duration_since(Instant::now()))).await;
            for number in 0..self.speakers.len() {
                self.give_up(number);
            }
        }
    }

    fn give_up(&self, number: usize) {
        let Some(said) = self.said.get(number) else {
            return;
        };
        if said.left.get() > 0 && said.at.get().elapsed() > LOST {
            self.lost.set(self.lost.get() + said.left.get() as u64);
            self.publish(number, Instant::now());
        }
    }

    /// Waits until everything has been heard, or nothing comes any more.
    pub(super) async fn drain(&self) {
        let until = Instant::now() + PATIENCE;
        while Instant::now() < until && self.said.iter().any(|said| said.left.get() > 0) {
            sleep(Duration::from_millis(5)).await;
        }
    }
}
