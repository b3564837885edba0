//! Everybody is cut off at once and comes back while messages go on: how long until all have caught up, and whether
//! each has seen everything exactly once and in order.

use std::cell::{Cell, RefCell};
use std::rc::Rc;
use std::time::Duration;

use anyhow::{Context, Result};
use tokio::task::{JoinHandle, spawn_local};
use tokio::time::{Instant, sleep};

use super::{Scenario, Stage, grouped, per_second, window};
use crate::contender::{Ability, Contender, Heard, Later, Place, Role, Scene, Seat, Server, bare};
use crate::crowd::{Guest, arrive, come_back, seats};
use crate::measure::{Pace, Sample};
use crate::options::Options;
use crate::wire::{Link, Listening};

const PATIENCE: Duration = Duration::from_secs(60);

const SCENE: Scene = Scene {
    ability: Ability::Resume,
    tenants: 1,
    conversations: 100,
};

pub(super) struct Storm;

impl Scenario for Storm {
    fn name(&self) -> &'static str {
        "storm"
    }

    fn suits(&self, contender: &dyn Contender) -> bool {
        contender.can(Ability::Reconnect)
    }

    fn limit(&self) -> &'static str {
        bare::NAME
    }

    /// It takes long, and what counts is that nothing is lost.
    fn runs(&self, asked: usize) -> usize {
        asked.min(2)
    }

    fn run<'a>(&'a self, options: &'a Options, contender: &'a dyn Contender) -> Later<'a, Vec<Sample>> {
        Box::pin(async move {
            if contender.can(Ability::Resume) {
                resume(options, contender).await
            } else {
                reconnect(options, contender).await
            }
        })
    }
}

/// Only comes back: there is nothing to catch up with.
async fn reconnect(options: &Options, contender: &dyn Contender) -> Result<Vec<Sample>> {
    let sessions = options.load.sessions;
    let scene = Scene {
        ability: Ability::Reconnect,
        ..SCENE
    };
    let stage = Stage::set(options, contender, scene).await?;
    let seats = seats(Role::Watch, sessions);
    drop(arrive(&stage.server, &seats).await?);
    let from = Instant::now();
    let _back = arrive(&stage.server, &seats).await?;
    let case = format!("{} sessions", grouped(sessions));
    Ok(vec![Sample::lower(
        &case,
        "all back",
        "s",
        from.elapsed().as_secs_f64(),
    )])
}

async fn resume(options: &Options, contender: &dyn Contender) -> Result<Vec<Sample>> {
    let sessions = options.load.sessions;
    let stage = Stage::set(options, contender, SCENE).await?;
    let seats = seats(Role::Watch, sessions);
    let server = &stage.server;
    let (witness, _attending) = witness(server, sessions).await?;
    let guests = arrive(server, &seats).await?;
    let memories: Vec<_> = guests.iter().map(|guest| Rc::new(Memory::from(&guest.place))).collect();
    let listening: Vec<_> = guests
        .iter()
        .zip(&memories)
        .map(|(guest, memory)| listen(server, &guest.link, memory))
        .collect();
    let posting = Posting::start(server, sessions, options.load.posting).await?;
    sleep(window(options)).await;

    let places = seats
        .iter()
        .copied()
        .zip(memories.iter().map(|memory| memory.place()))
        .collect();
    let cut = Instant::now();
    drop((listening, guests));
    let mut caught_up = Vec::with_capacity(sessions);
    let back = come_back(server, places, |index, guest| {
        if let Some(memory) = memories.get(index) {
            // Who is not told where the others stand has caught up with what was posted until now.
            let posted = posting.posted.get();
            memory.head.set(if guest.place.head == 0 {
                posted
            } else {
                guest.place.head
            });
            for frame in &guest.place.missed {
                if let Heard::Delivery { seq, .. } | Heard::Event(seq) = server.hear(frame) {
                    memory.hear(seq, server.mark(frame));
                }
            }
            caught_up.push(listen(server, &guest.link, memory));
        }
    })
    .await?;
    let all_back = cut.elapsed();
    until_all(&memories, |memory| memory.last.get() >= memory.head.get()).await;
    let all_caught_up = cut.elapsed();

    sleep(window(options)).await;
    let posted = posting.stop().await;
    sleep(Duration::from_millis(500)).await;
    let last = witness.last.get();
    until_all(&memories, |memory| memory.last.get() >= last).await;
    drop((caught_up, back));
    let faults = Faults::count(&memories, &witness);
    let case = format!("{} sessions", grouped(sessions));
    Ok(vec![
        Sample::lower(&case, "all back", "s", all_back.as_secs_f64()),
        Sample::lower(&case, "all caught up", "s", all_caught_up.as_secs_f64()),
        Sample::beside(&case, "messages", "", posted),
        Sample::beside(&case, "sessions that missed something", "", faults.missed),
        Sample::beside(&case, "sessions that heard twice or out of order", "", faults.repeated),
    ])
}

/// One session that is never cut off, and hears what there is to hear.
async fn witness(server: &Rc<dyn Server>, n: usize) -> Result<(Rc<Memory>, (Guest, Listening))> {
    let seat = Seat { role: Role::Watch, n };
    let guest = arrive(server, &[seat]).await?.pop().context("nobody witnesses")?;
    let memory = Rc::new(Memory::from(&guest.place));
    let listening = listen(server, &guest.link, &memory);
    Ok((memory, (guest, listening)))
}

fn listen(server: &Rc<dyn Server>, link: &Rc<Link>, memory: &Rc<Memory>) -> Listening {
    let (server, memory, own) = (Rc::clone(server), Rc::clone(memory), Rc::clone(link));
    link.listen(move |frame, _| match server.hear(frame) {
        Heard::Delivery { seq, .. } | Heard::Event(seq) => memory.hear(seq, server.mark(frame)),
        Heard::Answer(answer) => own.send(answer),
        _ => {}
    })
}

async fn until_all(memories: &[Rc<Memory>], is_so: impl Fn(&Memory) -> bool) {
    let until = Instant::now() + PATIENCE;
    while Instant::now() < until && !memories.iter().all(|memory| is_so(memory)) {
        sleep(Duration::from_millis(2)).await;
    }
}

/// What one session has heard, over all its connections.
struct Memory {
    ticket: String,
    first: u64,
    last: Cell<u64>,
    head: Cell<u64>,
    heard: Cell<u64>,
    /// Together with how many, this tells one set of events from another.
    sum: Cell<u64>,
    repeated: Cell<u64>,
    mark: RefCell<String>,
}

impl Memory {
    fn from(place: &Place) -> Self {
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

    fn hear(&self, seq: u64, mark: Option<String>) {
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

    fn place(&self) -> Place {
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
struct Faults {
    missed: f64,
    repeated: f64,
}

impl Faults {
    fn count(memories: &[Rc<Memory>], witness: &Memory) -> Self {
        let told = |memory: &Memory| (memory.first, memory.heard.get(), memory.sum.get());
        let count = |wrong: &dyn Fn(&Memory) -> bool| {
            let sessions = memories.iter().filter(|memory| wrong(memory)).count();
            per_second(sessions as u64, Duration::from_secs(1))
        };
        Self {
            missed: count(&|memory| told(memory) != told(witness)),
            repeated: count(&|memory| memory.repeated.get() > 0),
        }
    }
}

/// Someone who posts at a steady rate until stopped.
struct Posting {
    task: JoinHandle<()>,
    posted: Rc<Cell<u64>>,
    _hearing: Listening,
}

impl Posting {
    async fn start(server: &Rc<dyn Server>, n: usize, rate: f64) -> Result<Self> {
        let seat = Seat { role: Role::Send, n };
        let link = arrive(server, &[seat]).await?.pop().context("nobody posts")?.link;
        let (server, posted) = (Rc::clone(server), Rc::new(Cell::new(0)));
        let hearing = {
            let (server, own) = (Rc::clone(&server), Rc::clone(&link));
            link.listen(move |frame, _| {
                if let Heard::Answer(answer) = server.hear(frame) {
                    own.send(answer);
                }
            })
        };
        let count = Rc::clone(&posted);
        let task = spawn_local(async move {
            let mut pace = Pace::per_second(rate);
            loop {
                pace.next().await;
                count.set(count.get() + 1);
                link.send(&server.post(n, count.get()));
            }
        });
        Ok(Self {
            task,
            posted,
            _hearing: hearing,
        })
    }

    /// Stops, and returns how many were posted.
    async fn stop(self) -> f64 {
        self.task.abort();
        sleep(Duration::from_millis(500)).await;
        per_second(self.posted.get(), Duration::from_secs(1))
    }
}
