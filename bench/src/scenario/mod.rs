//! What is measured: one file for each scenario, and one line here.

mod chat;
mod fanout;
mod growth;
mod http;
mod idle;
mod inbox;
mod restart;
mod storm;
mod town;

use std::path::Path;
use std::rc::Rc;
use std::time::Duration;

use anyhow::Result;
use tempfile::TempDir;

use crate::contender::{Contender, Later, Needs, Scene, Server};
use crate::measure::Sample;
use crate::options::Options;

/// Every scenario, in the order of the report.
pub(crate) fn all() -> Vec<Box<dyn Scenario>> {
    vec![
        Box::new(chat::Chat),
        Box::new(fanout::Fanout),
        Box::new(idle::Idle),
        Box::new(storm::Storm),
        Box::new(restart::Restart),
        Box::new(growth::Growth),
        Box::new(inbox::Inbox),
        Box::new(http::Http),
    ]
}

/// Something to measure.
pub(crate) trait Scenario {
    fn name(&self) -> &'static str;

    /// Whether a contender can do what this takes.
    fn suits(&self, contender: &dyn Contender) -> bool;

    /// The contender whose figures are the limit.
    fn limit(&self) -> &'static str;

    /// How often to run it, when so many runs are asked for.
    fn runs(&self, asked: usize) -> usize {
        asked
    }

    /// Whether it runs only when it is named.
    fn is_extra(&self) -> bool {
        false
    }

    /// No run takes longer, unless something hangs.
    fn patience(&self) -> Duration {
        Duration::from_secs(120)
    }

    /// Runs once with one contender.
    fn run<'a>(&'a self, options: &'a Options, contender: &'a dyn Contender) -> Later<'a, Vec<Sample>>;
}

/// A server with its folder, which goes when the server has gone.
pub(crate) struct Stage {
    pub(crate) server: Rc<dyn Server>,
    folder: Rc<TempDir>,
}

impl Stage {
    /// Starts a contender with empty storage.
    pub(crate) async fn set(options: &Options, contender: &dyn Contender, scene: Scene) -> Result<Self> {
        let folder = tempfile::Builder::new()
            .prefix("switchboard-bench-")
            .tempdir_in(&options.scratch)?;
        let folder = Rc::new(folder);
        let needs = Needs {
            folder: Rc::clone(&folder),
            pinned: options.pinned(),
            scene,
        };
        let server = contender.start(&needs).await?;
        Ok(Self { server, folder })
    }

    /// Where the server keeps its data.
    pub(crate) fn folder(&self) -> &Path {
        self.folder.path()
    }
}

/// Time to get warm before anything counts.
pub(crate) fn warm_up(options: &Options) -> Duration {
    Duration::from_secs_f64((options.seconds / 2.0).clamp(0.3, 2.0))
}

/// How long one measurement takes.
pub(crate) fn window(options: &Options) -> Duration {
    Duration::from_secs_f64(options.seconds)
}

/// So many in a while, as a rate.
#[expect(clippy::cast_precision_loss, reason = "counts here stay far below 2^53")]
pub(crate) fn per_second(count: u64, took: Duration) -> f64 {
    count as f64 / took.as_secs_f64()
}

/// A count, as figures are.
#[expect(clippy::cast_precision_loss, reason = "counts here stay far below 2^53")]
pub(crate) fn whole(count: u64) -> f64 {
    count as f64
}

/// The use of a core, in percent.
pub(crate) fn percent(used: Duration, took: Duration) -> f64 {
    100.0 * used.as_secs_f64() / took.as_secs_f64()
}

/// A count as people read it: 10,000.
pub(crate) fn grouped(count: usize) -> String {
    let digits = count.to_string();
    let mut text = String::new();
    for (index, digit) in digits.chars().enumerate() {
        if index > 0 && (digits.len() - index).is_multiple_of(3) {
            text.push(',');
        }
        text.push(digit);
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn counts_are_grouped() {
        let cases = [(0, "0"), (999, "999"), (1_000, "1,000"), (1_234_567, "1,234,567")];
        for (count, expect) in cases {
            assert_eq!(grouped(count), expect);
        }
    }
}
