//! Runs scenarios: contenders take turns, so that a slow minute of the machine hits all alike.

use std::collections::{BTreeMap, BTreeSet};
use std::time::Duration;

use anyhow::{Result, anyhow, ensure};
use tokio::time::{Instant, sleep, timeout};

use crate::contender::{self, Contender};
use crate::machine::about::{self, Machine};
use crate::machine::{CLIENT_CORE, pin, postgres};
use crate::options::Options;
use crate::report::{About, Figure, Outcome, Series, compare, say};
use crate::scenario::{self, Scenario};

const PAUSE: Duration = Duration::from_millis(100);

/// Runs what was asked for.
pub(crate) async fn run(options: &Options) -> Result<()> {
    if options.pinned() {
        pin::to_core(CLIENT_CORE)?;
    }
    let started = Instant::now();
    let mut about = about(options);
    let contenders = present(options, &mut about);
    let scenarios = chosen(options)?;
    let mut figures = Vec::new();
    for scenario in &scenarios {
        figures.extend(take_turns(options, scenario.as_ref(), &contenders).await);
    }
    about.took_seconds = started.elapsed().as_secs();
    let outcome = Outcome { about, figures };
    tell(options, &outcome)
}

async fn take_turns(options: &Options, scenario: &dyn Scenario, contenders: &[Box<dyn Contender>]) -> Vec<Figure> {
    let name = scenario.name();
    let contenders: Vec<_> = contenders
        .iter()
        .filter(|contender| scenario.suits(contender.as_ref()))
        .collect();
    let mut series = Series::default();
    let runs = scenario.runs(options.runs.max(1));
    for run in 1..=runs {
        for contender in contenders.iter().filter(|contender| run <= contender.runs(runs)) {
            // What the run before cut off goes now, and the server with it.
            sleep(PAUSE).await;
            let from = Instant::now();
            let running = timeout(scenario.patience(), scenario.run(options, contender.as_ref()));
            match running.await.unwrap_or_else(|_late| Err(anyhow!("took too long"))) {
                Ok(samples) => {
                    say::run(
                        &format!("{name} {} run {run}", contender.name()),
                        from.elapsed(),
                        &samples,
                    );
                    series.add(contender.name(), samples);
                }
                Err(error) => say::line(&format!("{name} {} run {run} failed: {error:#}", contender.name())),
            }
        }
    }
    let figures = series.figures(name, scenario.limit());
    for contender in contenders {
        let own = figures.iter().filter(|figure| figure.contender == contender.name());
        say::summary(&own.cloned().collect::<Vec<_>>(), contender.promises());
    }
    figures
}

/// Writes the result, and compares it with an earlier one.
fn tell(options: &Options, outcome: &Outcome) -> Result<()> {
    if let Some(path) = &options.out {
        outcome.write(path)?;
    }
    if let Some(path) = &options.against
        && path.exists()
    {
        let before = Outcome::read(path)?;
        say::line(&format!(
            "compared with {} of {}:",
            before.about.commit, before.about.date
        ));
        for line in compare(&outcome.figures, &before) {
            say::line(&line);
        }
    }
    say::line(&format!("took {} s", outcome.about.took_seconds));
    Ok(())
}

#[expect(clippy::disallowed_methods, reason = "a result says on which day it was measured")]
fn about(options: &Options) -> About {
    let mut versions = BTreeMap::new();
    versions.insert("node".to_owned(), about::node());
    let postgres = postgres::version(&options.postgres()).unwrap_or_default();
    versions.insert("postgresql".to_owned(), postgres);
    About {
        date: chrono::Utc::now().format("%Y-%m-%d").to_string(),
        took_seconds: 0,
        commit: about::commit(),
        machine: Machine::here(),
        pinned: options.pinned(),
        versions,
        promises: BTreeMap::new(),
        left_out: Vec::new(),
    }
}

/// The contenders that were asked for and are there; the others are named.
fn present(options: &Options, about: &mut About) -> Vec<Box<dyn Contender>> {
    let mut present = contender::all(options);
    let is_chosen = |name: &str| options.contender.is_empty() || options.contender.iter().any(|chosen| chosen == name);
    present.retain(|contender| is_chosen(contender.name()));
    present.retain(|contender| {
        let name = contender.name().to_owned();
        match contender.version() {
            Ok(version) => {
                about.versions.insert(name.clone(), version);
                about.promises.insert(name, contender.promises().to_owned());
                true
            }
            Err(reason) => {
                let line = format!("{name} is left out: {reason:#}");
                say::line(&line);
                about.left_out.push(line);
                false
            }
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
    chosen.retain(|scenario| match options.only.as_slice() {
        [] => !scenario.is_extra(),
        named => named.iter().any(|name| name == scenario.name()),
    });
    Ok(chosen)
}
