//! Messages that go on while everybody comes back.

use std::cell::Cell;
use std::rc::Rc;
use std::time::Duration;

use anyhow::{Context, Result};
use tokio::task::{JoinHandle, spawn_local};
use tokio::time::sleep;

use crate::contender::{Heard, Role, Seat, Server};
use crate::crowd::arrive;
use crate::measure::Pace;
use crate::scenario::whole;
use crate::wire::Listening;

/// Someone who posts at a steady rate until stopped.
pub(super) struct Posting {
    task: JoinHandle<()>,
    pub(super) posted: Rc<Cell<u64>>,
    _hearing: Listening,
}

impl Posting {
    pub(super) async fn start(server: &Rc<dyn Server>, n: usize, rate: f64) -> Result<Self> {
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
    pub(super) async fn stop(self) -> f64 {
        self.task.abort();
        sleep(Duration::from_millis(500)).await;
        whole(self.posted.get())
    }
}
