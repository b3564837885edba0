//! One says something, a whole room hears it: how much at most, and how soon at a steady rate.

mod room;

use std::rc::Rc;

use anyhow::{Result, ensure};
use tokio::time::Instant;

use self::room::{NUMBERS, Room};
use super::{Scenario, Stage, grouped, per_second, percent, warm_up, whole, window};
use crate::contender::{Ability, Contender, Later, Role, Scene, bare};
use crate::crowd::{Guest, arrive, seats};
use crate::machine::usage::Usage;
use crate::measure::{Pace, Sample};
use crate::options::Options;
use crate::report::say::number;

const SCENE: Scene = Scene {
    ability: Ability::Fanout,
    tenants: 1,
    conversations: NUMBERS,
};

pub(super) struct Fanout;

impl Scenario for Fanout {
    fn name(&self) -> &'static str {
        "fanout"
    }

    fn suits(&self, contender: &dyn Contender) -> bool {
        contender.can(Ability::Fanout)
    }

    fn limit(&self) -> &'static str {
        bare::NAME
    }

    fn run<'a>(&'a self, options: &'a Options, contender: &'a dyn Contender) -> Later<'a, Vec<Sample>> {
        Box::pin(measure(options, contender))
    }
}

/// The room fills up from size to size.
async fn measure(options: &Options, contender: &dyn Contender) -> Result<Vec<Sample>> {
    let publishers = options.load.in_flight.min(NUMBERS);
    let stage = Stage::set(options, contender, SCENE).await?;
    let speakers = arrive(&stage.server, &seats(Role::Publish, publishers)).await?;
    let speakers: Vec<_> = speakers.into_iter().map(|guest| guest.link).collect();
    let largest = contender.most_sessions();
    let mut guests: Vec<Guest> = Vec::new();
    let mut samples = Vec::new();
    for &size in options.load.rooms.iter().filter(|size| **size <= largest) {
        let newcomers = seats(Role::Watch, size).split_off(guests.len().min(size));
        guests.extend(arrive(&stage.server, &newcomers).await?);
        let room = Room::new(&stage.server, guests.len(), speakers.clone());
        samples.extend(listen_and_measure(options, &room, &guests).await?);
    }
    Ok(samples)
}

async fn listen_and_measure(options: &Options, room: &Rc<Room>, guests: &[Guest]) -> Result<Vec<Sample>> {
    let _hearing: Vec<_> = guests
        .iter()
        .map(|guest| {
            let (room, link) = (Rc::clone(room), Rc::clone(&guest.link));
            guest.link.listen(move |frame, at| room.hear(&link, frame, at))
        })
        .collect();
    let _speaking: Vec<_> = room
        .speakers
        .iter()
        .map(|speaker| {
            let (room, link) = (Rc::clone(room), Rc::clone(speaker));
            speaker.listen(move |frame, _| room.answer(&link, frame))
        })
        .collect();

    let case = format!("{} sessions", grouped(room.size));
    let (most, mut samples) = saturate(options, room, &case).await?;
    samples.extend(steady(options, room, &case, steady_rate(options.load.steady, most)).await?);
    Ok(samples)
}

/// Publishes again as soon as the last session has heard.
async fn saturate(options: &Options, room: &Rc<Room>, case: &str) -> Result<(f64, Vec<Sample>)> {
    room.again.set(true);
    for number in 0..room.speakers.len() {
        room.publish(number, Instant::now());
    }
    room.wait(warm_up(options)).await;
    let (from, delivered, used) = (
        Instant::now(),
        room.delivered.get(),
        Usage::of(&room.server.processes()),
    );
    room.wait(window(options)).await;
    let (took, used) = (from.elapsed(), Usage::of(&room.server.processes()).since(used));
    let rate = per_second(room.delivered.get() - delivered, took);
    room.again.set(false);
    room.drain().await;
    ensure!(rate > 0.0, "nothing was heard; {} refused", room.refused.get());
    let samples = vec![
        Sample::higher(case, "delivered", "/s", rate),
        Sample::beside(case, "server cpu", "%", percent(used.server + used.database, took)),
        Sample::beside(case, "generator cpu", "%", percent(used.client, took)),
        Sample::beside(case, "given up", "", whole(room.lost.get())),
    ];
    Ok((rate, samples))
}

/// The same for all who can carry it; for others a fraction that leaves them room.
fn steady_rate(asked: f64, most: f64) -> f64 {
    let mut rates = [1.0, 2.0, 4.0, 10.0, 20.0, 40.0, 100.0]
        .map(|part| asked / part)
        .into_iter();
    rates.find(|rate| *rate <= most / 2.0).unwrap_or(most / 2.0)
}

/// Publishes at a rate, whether or not what came before was heard.
async fn steady(options: &Options, room: &Rc<Room>, case: &str, rate: f64) -> Result<Vec<Sample>> {
    #[expect(clippy::cast_precision_loss, reason = "a room is small")]
    let mut pace = Pace::per_second(rate / room.size as f64);
    let until = Instant::now() + window(options);
    let before = room.delivered.get();
    room.latency.take();
    let mut published = 0;
    while Instant::now() < until {
        let due = pace.next().await;
        room.publish(published % NUMBERS, due);
        published += 1;
    }
    room.drain().await;
    let heard = room.delivered.get() - before;
    let latency = room.latency.take();
    let expected = u64::try_from(published * room.size)?;
    let missing = whole(expected.saturating_sub(heard));
    ensure!(heard > 0, "nothing was heard at a steady rate");
    // At another rate it is another figure.
    let case = format!("{case}, {}/s", number(rate));
    Ok(vec![
        Sample::lower(&case, "latency p50", "ms", latency.quantile_ms(0.5)),
        Sample::lower(&case, "latency p99", "ms", latency.quantile_ms(0.99)),
        Sample::lower(&case, "latency p99.9", "ms", latency.quantile_ms(0.999)),
        Sample::beside(&case, "not heard", "", missing),
    ])
}
