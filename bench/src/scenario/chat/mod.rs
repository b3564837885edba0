//! Agents write in many conversations: acknowledged when stored, and seen by those who watch.

mod office;

use std::rc::Rc;
use std::time::Duration;

use anyhow::{Result, ensure};
use tokio::time::{Instant, sleep};

use self::office::Office;
use super::{Scenario, Stage, grouped, per_second, percent, warm_up, whole, window};
use crate::contender::{Ability, Contender, Journal, Later, Role, Scene, raw};
use crate::crowd::{arrive, seats};
use crate::machine::usage::{Usage, memory};
use crate::measure::{Pace, Sample};
use crate::options::{Load, Options};

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
    let even = whole(options.load.even as u64);
    if case.is_empty() && even <= rate * STEADY {
        let case = format!("{}/s", grouped(options.load.even));
        samples.extend(steady(options, &office, &case, even).await?);
    }
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
    let processes = office.server.processes();
    let mut pace = Pace::per_second(rate);
    office.acknowledging.take();
    office.seeing.take();
    let journal = office.server.journal().await?;
    let (from, used) = (Instant::now(), Usage::of(&processes));
    let until = from + window(options);
    let mut posted = 0;
    while Instant::now() < until {
        let due = pace.next().await;
        office.post(posted % office.senders.len(), due);
        posted += 1;
    }
    let (took, used) = (from.elapsed(), Usage::of(&processes).since(used));
    let batch = batch(journal, office.server.journal().await?);
    office.drain().await?;
    let (acknowledging, seeing) = (office.acknowledging.take(), office.seeing.take());
    let refused = whole(office.refused.get());
    let mut samples = vec![
        Sample::lower(case, "acknowledged p50", "ms", acknowledging.quantile_ms(0.5)),
        Sample::lower(case, "acknowledged p99", "ms", acknowledging.quantile_ms(0.99)),
        Sample::lower(case, "acknowledged p99.9", "ms", acknowledging.quantile_ms(0.999)),
        Sample::lower(case, "seen p50", "ms", seeing.quantile_ms(0.5)),
        Sample::lower(case, "seen p99", "ms", seeing.quantile_ms(0.99)),
        Sample::lower(case, "seen p99.9", "ms", seeing.quantile_ms(0.999)),
        Sample::beside(case, "steady rate", "/s", rate),
        Sample::beside(case, "steady server cpu", "%", percent(used.server, took)),
        Sample::beside(case, "steady database cpu", "%", percent(used.database, took)),
        Sample::beside(case, "steady generator cpu", "%", percent(used.client, took)),
        Sample::beside(case, "refused", "", refused),
    ];
    samples.extend(batch.map(|batch| Sample::beside(case, "steady batch", "messages", batch)));
    Ok(samples)
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
