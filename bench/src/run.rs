//! Runs scenarios: contenders take turns, so that a slow minute of the machine hits all alike.

use std::collections::BTreeSet;

use anyhow::{Result, ensure};
use tokio::time::Instant;

use crate::contender::{self, Contender};
use crate::machine::{CLIENT_CORE, pin};
use crate::options::Options;
use crate::report::say;
use crate::scenario::{self, Scenario};

/// Runs what was asked for.
pub(crate) async fn run(options: &Options) -> Result<()> {
    if options.pinned() {
        pin::to_core(CLIENT_CORE)?;
    }
    let started = Instant::now();
    let contenders = present(options);
    let scenarios = chosen(options)?;
    for scenario in &scenarios {
        let runs = scenario.runs(options.runs.max(1));
        for run in 1..=runs {
            for contender in contenders.iter().filter(|contender| scenario.suits(contender.as_ref())) {
                match scenario.run(options, contender.as_ref()).await {
                    Ok(samples) => say::run(scenario.name(), contender.name(), run, &samples),
                    Err(error) => say::line(&format!(
                        "{} {} run {run} failed: {error:#}",
                        scenario.name(),
                        contender.name()
                    )),
                }
            }
        }
    }
    say::line(&format!("took {:.0} s", started.elapsed().as_secs_f64()));
    Ok(())
}

/// The contenders that were asked for and are there; the others are named.
fn present(options: &Options) -> Vec<Box<dyn Contender>> {
    let mut present = contender::all(options);
    present.retain(|contender| {
        options.contender.is_empty() || options.contender.iter().any(|name| name == contender.name())
    });
    present.retain(|contender| match contender.version() {
        Ok(_) => true,
        Err(reason) => {
            say::line(&format!("{} is left out: {reason:#}", contender.name()));
            false
        }
    });
    present
}

fn chosen(options: &Options) -> Result<Vec<Box<dyn Scenario>>> {
    let mut chosen = scenario::all();
    let known: BTreeSet<&str> = chosen.iter().map(|scenario| scenario.name()).collect();
    for name in &options.only {
        ensure!(
            known.contains(name.as_str()),
            "no scenario is called {name}; there are {known:?}"
        );
    }
    chosen.retain(|scenario| options.only.is_empty() || options.only.iter().any(|name| name == scenario.name()));
    Ok(chosen)
}
