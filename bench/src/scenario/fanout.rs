//! One says something, a whole room hears it: how much at most, and how soon at a steady rate.

use std::cell::{Cell, RefCell};
use std::rc::Rc;
use std::time::Duration;

use anyhow::{Result, ensure};
use tokio::time::{Instant, sleep};

use super::{Scenario, Stage, grouped, per_second, percent, warm_up, window};
use crate::contender::{Ability, Contender, Heard, Later, Role, Scene, Server, bare};
use crate::crowd::{Guest, arrive, seats};
use crate::machine::usage::Usage;
use crate::measure::{Histogram, Pace, Sample};
use crate::options::Options;
use crate::report::say::number;
use crate::wire::Link;

/// So many numbers are told apart; one is used again when all have had their turn.
const NUMBERS: usize = 256;
/// What has not come by then does not come.
const LOST: Duration = Duration::from_secs(5);
/// Time to hear the rest of what was published.
const PATIENCE: Duration = Duration::from_secs(10);

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
    let largest = contender.largest_room();
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
        Sample::beside(
            case,
            "given up",
            "",
            per_second(room.lost.get(), Duration::from_secs(1)),
        ),
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
    let missing = per_second(expected.saturating_sub(heard), Duration::from_secs(1));
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

/// Those who hear, those who speak, and what is under way between them.
struct Room {
    server: Rc<dyn Server>,
    size: usize,
    speakers: Vec<Rc<Link>>,
    said: Vec<Said>,
    again: Cell<bool>,
    delivered: Cell<u64>,
    refused: Cell<u64>,
    lost: Cell<u64>,
    latency: RefCell<Histogram>,
}

/// What was published under one number.
struct Said {
    frame: Vec<u8>,
    at: Cell<Instant>,
    /// Sessions that have yet to hear it.
    left: Cell<usize>,
}

impl Room {
    fn new(server: &Rc<dyn Server>, size: usize, speakers: Vec<Rc<Link>>) -> Rc<Self> {
        let said = |number| Said {
            frame: server.publish(number),
            at: Cell::new(Instant::now()),
            left: Cell::new(0),
        };
        Rc::new(Self {
            server: Rc::clone(server),
            size,
            speakers,
            said: (0..NUMBERS as u64).map(said).collect(),
            again: Cell::new(false),
            delivered: Cell::new(0),
            refused: Cell::new(0),
            lost: Cell::new(0),
            latency: RefCell::default(),
        })
    }

    fn publish(&self, number: usize, due: Instant) {
        let speaker = self.speakers.get(number % self.speakers.len());
        if let (Some(speaker), Some(said)) = (speaker, self.said.get(number)) {
            said.at.set(due);
            said.left.set(self.size);
            speaker.send(&said.frame);
        }
    }

    fn hear(&self, link: &Rc<Link>, frame: &[u8], at: Instant) {
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

    fn answer(&self, link: &Rc<Link>, frame: &[u8]) {
        match self.server.hear(frame) {
            Heard::Refused(_) => self.refused.set(self.refused.get() + 1),
            Heard::Answer(answer) => link.send(answer),
            _ => {}
        }
    }

    /// Lets time pass, and publishes again what a server has dropped.
    async fn wait(&self, time: Duration) {
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
    async fn drain(&self) {
        let until = Instant::now() + PATIENCE;
        while Instant::now() < until && self.said.iter().any(|said| said.left.get() > 0) {
            sleep(Duration::from_millis(5)).await;
        }
    }
}
