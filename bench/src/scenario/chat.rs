//! Agents write in many conversations: acknowledged when stored, and seen by those who watch.

use std::cell::{Cell, RefCell};
use std::collections::VecDeque;
use std::rc::Rc;
use std::time::Duration;

use anyhow::{Result, ensure};
use tokio::time::{Instant, sleep};

use super::{Scenario, Stage, per_second, percent, warm_up, window};
use crate::contender::{Ability, Contender, Heard, Journal, Later, Role, Scene, Server, raw};
use crate::crowd::{arrive, seats};
use crate::machine::usage::{Usage, memory};
use crate::measure::{Histogram, Pace, Sample};
use crate::options::{Load, Options};
use crate::wire::Link;

/// When the last so many were sent is remembered.
const REMEMBERED: usize = 1 << 16;
const PATIENCE: Duration = Duration::from_secs(5);
/// Where everything is quiet and quick, more than this share of what saturates would queue.
const STEADY: f64 = 0.5;

pub(super) struct Chat;

impl Scenario for Chat {
    fn name(&self) -> &'static str {
        "chat"
    }

    fn suits(&self, contender: &dyn Contender) -> bool {
        contender.can(Ability::Chat)
    }

    fn limit(&self) -> &'static str {
        raw::NAME
    }

    fn run<'a>(&'a self, options: &'a Options, contender: &'a dyn Contender) -> Later<'a, Vec<Sample>> {
        Box::pin(async move {
            if contender.name() == raw::NAME {
                return raw::measure(options).await;
            }
            measure(options, contender, &Plan::of(&options.load)).await
        })
    }
}

/// Who is there.
pub(super) struct Plan {
    pub(super) case: String,
    pub(super) tenants: usize,
    /// Of all tenants together.
    pub(super) conversations: usize,
    /// Of each tenant.
    pub(super) watchers: usize,
}

impl Plan {
    fn of(load: &Load) -> Self {
        Self {
            case: String::new(),
            tenants: load.tenants,
            conversations: load.conversations,
            watchers: load.watchers,
        }
    }
}

pub(super) async fn measure(options: &Options, contender: &dyn Contender, plan: &Plan) -> Result<Vec<Sample>> {
    let watching = contender.watchers(plan.watchers * plan.tenants);
    let scene = Scene {
        ability: Ability::Chat,
        tenants: plan.tenants,
        conversations: plan.conversations,
    };
    let stage = Stage::set(options, contender, scene).await?;
    let watchers = arrive(&stage.server, &seats(Role::Watch, watching)).await?;
    let senders = arrive(&stage.server, &seats(Role::Send, options.load.senders)).await?;
    let office = Office::new(&stage.server, senders.into_iter().map(|guest| guest.link).collect());
    let _watching: Vec<_> = watchers
        .iter()
        .map(|guest| {
            let (office, link) = (Rc::clone(&office), Rc::clone(&guest.link));
            guest.link.listen(move |frame, at| office.see(&link, frame, at))
        })
        .collect();
    let _sending: Vec<_> = office
        .senders
        .iter()
        .enumerate()
        .map(|(sender, link)| {
            let office = Rc::clone(&office);
            link.listen(move |frame, at| office.answered(sender, frame, at))
        })
        .collect();

    let case = plan.case.as_str();
    office.wake(options.load.window, plan.conversations).await?;
    let (rate, mut samples) = saturate(options, &office, case).await?;
    samples.extend(steady(options, &office, case, rate * STEADY).await?);
    Ok(samples)
}

/// Every sender posts again as soon as one of its messages is acknowledged.
async fn saturate(options: &Options, office: &Rc<Office>, case: &str) -> Result<(f64, Vec<Sample>)> {
    let processes = office.server.processes();
    office.start(options.load.window);
    sleep(warm_up(options)).await;
    let journal = office.server.journal().await?;
    let (from, before, used) = (Instant::now(), office.counts(), Usage::of(&processes));
    sleep(window(options)).await;
    let (took, after, used) = (from.elapsed(), office.counts(), Usage::of(&processes).since(used));
    let batch = batch(journal, office.server.journal().await?);
    office.again.set(false);
    office.drain().await?;
    let acknowledged = per_second(after.acknowledged - before.acknowledged, took);
    let seen = per_second(after.seen - before.seen, took);
    let (own, all) = memory(&processes);
    let mut samples = vec![
        Sample::higher(case, "acknowledged", "/s", acknowledged),
        Sample::higher(case, "seen", "/s", seen),
        Sample::beside(case, "server cpu", "%", percent(used.server, took)),
        Sample::beside(case, "database cpu", "%", percent(used.database, took)),
        Sample::beside(case, "generator cpu", "%", percent(used.client, took)),
        Sample::beside(case, "server memory", "MiB", mebibytes(own.pss)),
        Sample::beside(case, "with the database", "MiB", mebibytes(all.pss)),
    ];
    samples.extend(batch.map(|batch| Sample::beside(case, "batch", "messages", batch)));
    ensure!(
        acknowledged > 0.0,
        "nothing was acknowledged; {} refused",
        office.refused.get()
    );
    Ok((acknowledged, samples))
}

/// Posts at a rate, whether or not what came before is done.
async fn steady(options: &Options, office: &Rc<Office>, case: &str, rate: f64) -> Result<Vec<Sample>> {
    let mut pace = Pace::per_second(rate);
    let until = Instant::now() + window(options);
    office.acknowledging.take();
    office.seeing.take();
    let mut posted = 0;
    while Instant::now() < until {
        let due = pace.next().await;
        office.post(posted % office.senders.len(), due);
        posted += 1;
    }
    office.drain().await?;
    let (acknowledging, seeing) = (office.acknowledging.take(), office.seeing.take());
    let refused = per_second(office.refused.get(), Duration::from_secs(1));
    Ok(vec![
        Sample::lower(case, "acknowledged p50", "ms", acknowledging.quantile_ms(0.5)),
        Sample::lower(case, "acknowledged p99", "ms", acknowledging.quantile_ms(0.99)),
        Sample::lower(case, "acknowledged p99.9", "ms", acknowledging.quantile_ms(0.999)),
        Sample::lower(case, "seen p50", "ms", seeing.quantile_ms(0.5)),
        Sample::lower(case, "seen p99", "ms", seeing.quantile_ms(0.99)),
        Sample::lower(case, "seen p99.9", "ms", seeing.quantile_ms(0.999)),
        Sample::beside(case, "steady rate", "/s", rate),
        Sample::beside(case, "refused", "", refused),
    ])
}

/// The mean number of messages that were written together.
fn batch(before: Option<Journal>, after: Option<Journal>) -> Option<f64> {
    let (before, after) = (before?, after?);
    let batches = after
        .batches
        .checked_sub(before.batches)
        .filter(|batches| *batches > 0)?;
    let batches = Duration::from_secs(batches);
    Some(per_second(after.written.saturating_sub(before.written), batches))
}

#[expect(clippy::cast_precision_loss, reason = "memory here stays far below 2^53 bytes")]
fn mebibytes(bytes: u64) -> f64 {
    bytes as f64 / 1024.0 / 1024.0
}

/// Those who write, and what is under way.
struct Office {
    server: Rc<dyn Server>,
    senders: Vec<Rc<Link>>,
    /// What each sender has posted and not heard of, for servers that only count.
    waiting: Vec<RefCell<Waiting>>,
    sent: Vec<Cell<Instant>>,
    posted: Cell<u64>,
    acknowledged: Cell<u64>,
    refused: Cell<u64>,
    seen: Cell<u64>,
    again: Cell<bool>,
    acknowledging: RefCell<Histogram>,
    seeing: RefCell<Histogram>,
}

#[derive(Default)]
struct Waiting {
    numbers: VecDeque<u64>,
    counted: u64,
}

/// What had happened at some moment.
#[derive(Clone, Copy)]
struct Counts {
    acknowledged: u64,
    seen: u64,
}

impl Office {
    fn new(server: &Rc<dyn Server>, senders: Vec<Rc<Link>>) -> Rc<Self> {
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
    fn start(&self, window: usize) {
        self.again.set(true);
        for sender in 0..self.senders.len() {
            for _ in 0..window {
                self.post(sender, Instant::now());
            }
        }
    }

    /// Posts until every conversation has had a message.
    async fn wake(&self, window: usize, conversations: usize) -> Result<()> {
        self.start(window);
        let until = Instant::now() + PATIENCE * 20;
        while self.acknowledged.get() < conversations as u64 && Instant::now() < until {
            sleep(Duration::from_millis(5)).await;
        }
        self.again.set(false);
        self.drain().await
    }

    fn post(&self, sender: usize, due: Instant) {
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

    fn answered(&self, sender: usize, frame: &[u8], at: Instant) {
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

    fn see(&self, link: &Rc<Link>, frame: &[u8], at: Instant) {
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

    fn counts(&self) -> Counts {
        Counts {
            acknowledged: self.acknowledged.get(),
            seen: self.seen.get(),
        }
    }

    /// Waits until everything is answered, and nothing more is seen.
    async fn drain(&self) -> Result<()> {
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
