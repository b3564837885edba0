//! Everybody is cut off at once and comes back while messages go on: how long until all have caught up, and whether
//! each has seen everything exactly once and in order.

mod memory;
mod posting;

use std::rc::Rc;
use std::time::Duration;

use anyhow::{Context, Result};
use tokio::time::{Instant, sleep};

use self::memory::Faults;
pub(super) use self::memory::Memory;
use self::posting::Posting;
use super::{Scenario, Stage, grouped, window};
use crate::contender::{Ability, Contender, Heard, Later, Role, Scene, Seat, Server, bare};
use crate::crowd::{Guest, arrive, come_back, seats};
use crate::measure::Sample;
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

pub(super) fn listen(server: &Rc<dyn Server>, link: &Rc<Link>, memory: &Rc<Memory>) -> Listening {
    let (server, memory, own) = (Rc::clone(server), Rc::clone(memory), Rc::clone(link));
    link.listen(move |frame, _| match server.hear(frame) {
        Heard::Delivery { seq, .. } | Heard::Event(seq) => memory.hear(seq, server.mark(frame)),
        Heard::Answer(answer) => own.send(answer),
        _ => {}
    })
}

pub(super) async fn until_all(memories: &[Rc<Memory>], is_so: impl Fn(&Memory) -> bool) {
    let until = Instant::now() + PATIENCE;
    while Instant::now() < until && !memories.iter().all(|memory| is_so(memory)) {
        sleep(Duration::from_millis(2)).await;
    }
}
