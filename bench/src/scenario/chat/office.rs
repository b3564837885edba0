//! Those who write in a chat, and what they have under way.

use std::cell::{Cell, RefCell};
use std::collections::VecDeque;
use std::rc::Rc;
use std::time::Duration;

use anyhow::{Result, ensure};
use tokio::time::{Instant, sleep};

use crate::contender::{Heard, Server};
use crate::measure::Histogram;
use crate::wire::Link;

/// When the last so many were sent is remembered.
const REMEMBERED: usize = 1 << 16;
const PATIENCE: Duration = Duration::from_secs(5);

/// Those who write, and what is under way.
pub(super) struct Office {
    pub(super) server: Rc<dyn Server>,
    pub(super) senders: Vec<Rc<Link>>,
    /// What each sender has posted and not heard of, for servers that only count.
    waiting: Vec<RefCell<Waiting>>,
    sent: Vec<Cell<Instant>>,
    posted: Cell<u64>,
    acknowledged: Cell<u64>,
    pub(super) refused: Cell<u64>,
    seen: Cell<u64>,
    pub(super) again: Cell<bool>,
    pub(super) acknowledging: RefCell<Histogram>,
    pub(super) seeing: RefCell<Histogram>,
}

#[derive(Default)]
struct Waiting {
    numbers: VecDeque<u64>,
    counted: u64,
}

/// What had happened at some moment.
#[derive(Clone, Copy)]
pub(super) struct Counts {
    pub(super) acknowledged: u64,
    pub(super) seen: u64,
}

impl Office {
    pub(super) fn new(server: &Rc<dyn Server>, senders: Vec<Rc<Link>>) -> Rc<Self> {
        let now = Instant::now();
        Rc::new(Self {
            server: Rc::clone(server),
            waiting: senders.iter().map(|_| RefCell::default()).collect(),
            senders,
            sent: (0..REMEMBERED).map(|_| Cell::new(now)).collect(),
            posted: Cell::new(0),
            acknowledged: Cell::new(0),
            refused: Cell::new(0),
            seen: Cell::new(0),
            again: Cell::new(false),
            acknowledging: RefCell::default(),
            seeing: RefCell::default(),
        })
    }

    /// Lets every sender keep so many messages under way.
    pub(super) fn start(&self, window: usize) {
        self.again.set(true);
        for sender in 0..self.senders.len() {
            for _ in 0..window {
                self.post(sender, Instant::now());
            }
        }
    }

    /// Posts until every conversation has had a message.
    pub(super) async fn wake(&self, window: usize, conversations: usize) -> Result<()> {
        self.start(window);
        let until = Instant::now() + PATIENCE * 20;
        while self.acknowledged.get() < conversations as u64 && Instant::now() < until {
            sleep(Duration::from_millis(5)).await;
        }
        self.again.set(false);
        self.drain().await
    }

    pub(super) fn post(&self, sender: usize, due: Instant) {
        let number = self.posted.get() + 1;
        self.posted.set(number);
        if let Some(sent) = self.sent(number) {
            sent.set(due);
        }
        if let (Some(link), Some(waiting)) = (self.senders.get(sender), self.waiting.get(sender)) {
            link.send(&self.server.post(sender, number));
            if let Some(more) = self.server.after_post() {
                waiting.borrow_mut().numbers.push_back(number);
                link.send(more);
            }
        }
    }

    pub(super) fn answered(&self, sender: usize, frame: &[u8], at: Instant) {
        match self.server.hear(frame) {
            Heard::Done(number) => self.done(sender, number, at),
            Heard::Counted(count) => {
                for number in self.counted(sender, count) {
                    self.done(sender, number, at);
                }
            }
            Heard::Refused(_) => {
                self.refused.set(self.refused.get() + 1);
                self.go_on(sender, at);
            }
            Heard::Answer(answer) => {
                if let Some(link) = self.senders.get(sender) {
                    link.send(answer);
                }
            }
            _ => {}
        }
    }

    fn done(&self, sender: usize, number: u64, at: Instant) {
        self.acknowledged.set(self.acknowledged.get() + 1);
        self.record(&self.acknowledging, number, at);
        self.go_on(sender, at);
    }

    fn go_on(&self, sender: usize, at: Instant) {
        if self.again.get() {
            self.post(sender, at);
        }
    }

    /// The numbers of a sender that are done when so many are.
    fn counted(&self, sender: usize, count: u64) -> Vec<u64> {
        let Some(waiting) = self.waiting.get(sender) else {
            return Vec::new();
        };
        let mut waiting = waiting.borrow_mut();
        let new = usize::try_from(count.saturating_sub(waiting.counted)).unwrap_or_default();
        waiting.counted = count;
        let new = new.min(waiting.numbers.len());
        waiting.numbers.drain(..new).collect()
    }

    pub(super) fn see(&self, link: &Rc<Link>, frame: &[u8], at: Instant) {
        match self.server.hear(frame) {
            Heard::Delivery { number, .. } => {
                self.seen.set(self.seen.get() + 1);
                self.record(&self.seeing, number, at);
            }
            Heard::Answer(answer) => link.send(answer),
            _ => {}
        }
    }

    fn record(&self, histogram: &RefCell<Histogram>, number: u64, at: Instant) {
        if let Some(sent) = self.sent(number) {
            histogram.borrow_mut().record(at.saturating_duration_since(sent.get()));
        }
    }

    fn sent(&self, number: u64) -> Option<&Cell<Instant>> {
        self.sent.get(usize::try_from(number).unwrap_or_default() % REMEMBERED)
    }

    pub(super) fn counts(&self) -> Counts {
        Counts {
            acknowledged: self.acknowledged.get(),
            seen: self.seen.get(),
        }
    }

    /// Waits until everything is answered, and nothing more is seen.
    pub(super) async fn drain(&self) -> Result<()> {
        let until = Instant::now() + PATIENCE;
        loop {
            let left = self.posted.get() - self.acknowledged.get() - self.refused.get();
            if left == 0 {
                break;
            }
            ensure!(Instant::now() < until, "{left} messages were never answered");
            sleep(Duration::from_millis(2)).await;
        }
        let mut seen = u64::MAX;
        while seen != self.seen.get() && Instant::now() < until + PATIENCE {
            seen = self.seen.get();
            sleep(Duration::from_millis(200)).await;
        }
        Ok(())
    }
}
