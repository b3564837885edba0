//! What one more session, conversation or tenant costs, from one to a hundred times as many.

use std::time::Duration;

use anyhow::Result;

use super::chat::{self, Plan};
use super::{Scenario, grouped, idle};
use crate::contender::{Contender, Later, switchboard};
use crate::measure::Sample;
use crate::options::Options;

const SESSIONS: [usize; 3] = [100, 1_000, 10_000];
const CONVERSATIONS: [usize; 3] = [100, 1_000, 10_000];
const TENANTS: [usize; 3] = [1, 10, 100];

pub(super) struct Growth;

impl Scenario for Growth {
    fn name(&self) -> &'static str {
        "growth"
    }

    /// It is about the shape of a curve, and only about ours.
    fn suits(&self, contender: &dyn Contender) -> bool {
        contender.name() == switchboard::NAME
    }

    fn limit(&self) -> &'static str {
        ""
    }

    fn runs(&self, _asked: usize) -> usize {
        1
    }

    fn is_extra(&self) -> bool {
        true
    }

    /// It is nine measurements in one.
    fn patience(&self) -> Duration {
        Duration::from_secs(300)
    }

    fn run<'a>(&'a self, options: &'a Options, contender: &'a dyn Contender) -> Later<'a, Vec<Sample>> {
        Box::pin(async move {
            let mut samples = sessions(options, contender).await?;
            samples.extend(conversations(options, contender).await?);
            samples.extend(tenants(options, contender).await?);
            Ok(samples)
        })
    }
}

async fn sessions(options: &Options, contender: &dyn Contender) -> Result<Vec<Sample>> {
    let mut samples = Vec::new();
    for count in SESSIONS {
        let measured = idle::measure(options, contender, count, Duration::from_millis(100)).await?;
        samples.extend(pick(measured, &["memory a session"]));
    }
    Ok(samples)
}

/// Memory is what the conversations beyond those of the size before have added, each.
async fn conversations(options: &Options, contender: &dyn Contender) -> Result<Vec<Sample>> {
    let mut samples = Vec::new();
    let mut before: Option<(usize, f64)> = None;
    for count in CONVERSATIONS {
        let plan = Plan {
            case: format!("{} conversations", grouped(count)),
            tenants: 1,
            conversations: count,
            watchers: 1,
        };
        let measured = chat::measure(options, contender, &plan).await?;
        let memory = value(&measured, "server memory");
        if let Some((fewer, less)) = before {
            let each = per_one((memory - less).max(0.0), count - fewer);
            samples.push(Sample::lower(&plan.case, "memory a conversation", "KiB", each));
        }
        before = Some((count, memory));
        samples.extend(pick(measured, &["acknowledged", "acknowledged p99"]));
    }
    Ok(samples)
}

async fn tenants(options: &Options, contender: &dyn Contender) -> Result<Vec<Sample>> {
    let mut samples = Vec::new();
    for count in TENANTS {
        let plan = Plan {
            case: format!("{} {}", grouped(count), if count == 1 { "tenant" } else { "tenants" }),
            tenants: count,
            conversations: 100,
            watchers: 1,
        };
        let measured = chat::measure(options, contender, &plan).await?;
        samples.extend(pick(measured, &["acknowledged", "acknowledged p99"]));
    }
    Ok(samples)
}

fn pick(samples: Vec<Sample>, wanted: &[&str]) -> Vec<Sample> {
    let mut samples = samples;
    samples.retain(|sample| wanted.contains(&sample.figure));
    samples
}

fn value(samples: &[Sample], figure: &str) -> f64 {
    let found = samples.iter().find(|sample| sample.figure == figure);
    found.map_or(0.0, |sample| sample.value)
}

/// Of so many MiB, in KiB.
#[expect(clippy::cast_precision_loss, reason = "counts here stay far below 2^53")]
fn per_one(mebibytes: f64, count: usize) -> f64 {
    mebibytes * 1024.0 / count.max(1) as f64
}
