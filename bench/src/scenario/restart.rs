//! The server is killed while everybody is away, and all come back: members who missed everything that was written, and
//! customers who missed nothing of theirs. How long until all are back, and what it costs.

use std::rc::Rc;
use std::time::Duration;

use anyhow::{Context, Result, ensure};
use tokio::time::{Instant, sleep};

use super::{Scenario, Stage, grouped, whole};
use crate::contender::{Ability, Contender, Heard, Later, Role, Scene, Server, switchboard};
use crate::crowd::{arrive, come_back, seats};
use crate::machine::usage::Usage;
use crate::measure::Sample;
use crate::options::Options;
use crate::scenario::storm::{Memory, listen, until_all};

/// So many messages are written while everybody is away.
const WRITTEN: u64 = 4_000;

const SCENE: Scene = Scene {
    ability: Ability::Restart,
    tenants: 1,
    conversations: 100,
};

pub(super) struct Restart;

impl Scenario for Restart {
    fn name(&self) -> &'static str {
        "restart"
    }

    fn suits(&self, contender: &dyn Contender) -> bool {
        contender.can(Ability::Restart)
    }

    fn limit(&self) -> &'static str {
        switchboard::NAME
    }

    /// What counts is what it costs, which hardly varies.
    fn runs(&self, _asked: usize) -> usize {
        1
    }

    fn run<'a>(&'a self, options: &'a Options, contender: &'a dyn Contender) -> Later<'a, Vec<Sample>> {
        Box::pin(async move {
            let mut samples = vec![];
            for (role, word) in [(Role::Customer, "customers"), (Role::Watch, "members")] {
                samples.extend(measure(options, contender, role, word).await?);
            }
            Ok(samples)
        })
    }
}

async fn measure(options: &Options, contender: &dyn Contender, role: Role, word: &str) -> Result<Vec<Sample>> {
    let count = options.load.restarted;
    let stage = Stage::set(options, contender, SCENE).await?;
    let server = &stage.server;
    let seats = seats(role, count);
    let guests = arrive(server, &seats).await?;
    let places: Vec<_> = seats
        .iter()
        .copied()
        .zip(guests.iter().map(|guest| guest.place.clone()))
        .collect();
    drop(guests);
    write(server, count).await?;
    server.restart().await?;

    let processes = server.processes();
    let memories: Vec<_> = places.iter().map(|(_, place)| Rc::new(Memory::from(place))).collect();
    let (from, used) = (Instant::now(), Usage::of(&processes));
    let mut listening = Vec::with_capacity(count);
    let back = come_back(server, places, |index, guest| {
        if let Some(memory) = memories.get(index) {
            memory.head.set(guest.place.head);
            listening.push(listen(server, &guest.link, memory));
        }
    })
    .await?;
    let all_back = from.elapsed();
    if role == Role::Watch {
        until_all(&memories, |memory| memory.last.get() >= memory.head.get()).await;
        ensure!(
            memories.iter().all(|memory| memory.last.get() >= memory.head.get()),
            "somebody missed something"
        );
    }
    let (took, used) = (from.elapsed(), Usage::of(&processes).since(used));
    drop((listening, back));
    let case = format!(
        "{} {word}, {} events behind",
        grouped(count),
        grouped(usize::try_from(WRITTEN)?)
    );
    Ok(vec![
        Sample::lower(&case, "all back", "s", all_back.as_secs_f64()),
        Sample::lower(&case, "all caught up", "s", took.as_secs_f64()),
        Sample::lower(
            &case,
            "processor",
            "s",
            used.server.as_secs_f64() + used.database.as_secs_f64(),
        ),
        Sample::beside(&case, "of it the database", "s", used.database.as_secs_f64()),
        Sample::beside(&case, "messages", "", whole(WRITTEN)),
    ])
}

/// Writes while nobody listens.
async fn write(server: &Rc<dyn Server>, n: usize) -> Result<()> {
    let seat = crate::contender::Seat { role: Role::Send, n };
    let link = arrive(server, &[seat]).await?.pop().context("nobody writes")?.link;
    let mut answered = 0;
    for number in 1..=WRITTEN {
        link.send(&server.post(n, number));
        while number - answered >= 50 {
            answered += u64::from(matches!(server.hear(&link.next().await?), Heard::Done(_)));
        }
    }
    while answered < WRITTEN {
        answered += u64::from(matches!(server.hear(&link.next().await?), Heard::Done(_)));
    }
    sleep(Duration::from_millis(200)).await;
    Ok(())
}
