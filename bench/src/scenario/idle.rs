//! Ten thousand sessions are there and nothing happens: what one of them holds, and what rest costs.

use std::time::Duration;

use anyhow::{Result, ensure};
use tokio::time::{Instant, sleep};

use super::{Scenario, Stage, grouped, percent};
use crate::contender::{Ability, Contender, Heard, Later, Role, Scene, bare};
use crate::crowd::{arrive, seats};
use crate::machine::usage::{Memory, Usage, memory};
use crate::measure::Sample;
use crate::options::Options;

const SETTLE: Duration = Duration::from_secs(1);

const SCENE: Scene = Scene {
    ability: Ability::Idle,
    tenants: 1,
    conversations: 1,
};

pub(super) struct Idle;

impl Scenario for Idle {
    fn name(&self) -> &'static str {
        "idle"
    }

    fn suits(&self, contender: &dyn Contender) -> bool {
        contender.can(Ability::Idle)
    }

    fn limit(&self) -> &'static str {
        bare::NAME
    }

    /// Memory hardly varies, and every server's beat must fall into the time of looking.
    fn runs(&self, _asked: usize) -> usize {
        1
    }

    fn run<'a>(&'a self, options: &'a Options, contender: &'a dyn Contender) -> Later<'a, Vec<Sample>> {
        let rest = Duration::from_secs_f64(options.load.rest);
        let sessions = options.load.sessions.min(contender.most_sessions());
        Box::pin(measure(options, contender, sessions, rest))
    }
}

pub(super) async fn measure(
    options: &Options,
    contender: &dyn Contender,
    sessions: usize,
    rest: Duration,
) -> Result<Vec<Sample>> {
    let stage = Stage::set(options, contender, SCENE).await?;
    let processes = stage.server.processes();
    sleep(SETTLE).await;
    let (before, all_before) = memory(&processes);
    let from = Instant::now();
    let guests = arrive(&stage.server, &seats(Role::Watch, sessions)).await?;
    let arrived = from.elapsed();
    let listening: Vec<_> = guests
        .iter()
        .map(|guest| {
            let (server, link) = (stage.server.clone(), guest.link.clone());
            guest.link.listen(move |frame, _| {
                if let Heard::Answer(answer) = server.hear(frame) {
                    link.send(answer);
                }
            })
        })
        .collect();
    sleep(SETTLE).await;
    let (after, all_after) = memory(&processes);

    let (from, used) = (Instant::now(), Usage::of(&processes));
    sleep(rest).await;
    let (took, used) = (from.elapsed(), Usage::of(&processes).since(used));
    let gone = listening.iter().filter(|listening| listening.is_over()).count();
    ensure!(gone == 0, "{gone} of {sessions} sessions were closed");

    let case = format!("{} sessions", grouped(sessions));
    let each = |after: u64, before: u64| per_session(after.saturating_sub(before), sessions);
    let pss = |memory: Memory| memory.pss;
    Ok(vec![
        Sample::lower(&case, "memory a session", "KiB", each(pss(after), pss(before))),
        Sample::beside(&case, "resident a session", "KiB", each(after.rss, before.rss)),
        Sample::beside(&case, "with the database", "KiB", each(pss(all_after), pss(all_before))),
        Sample::lower(&case, "cpu at rest", "%", percent(used.server + used.database, took)),
        Sample::lower(&case, "all arrived", "s", arrived.as_secs_f64()),
    ])
}

/// In KiB.
#[expect(clippy::cast_precision_loss, reason = "memory here stays far below 2^53 bytes")]
fn per_session(bytes: u64, sessions: usize) -> f64 {
    bytes as f64 / 1024.0 / sessions.max(1) as f64
}
