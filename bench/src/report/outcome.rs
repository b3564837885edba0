//! The result of all runs, as it is written to a file.

use std::collections::BTreeMap;
use std::fs;
use std::path::Path;

use anyhow::{Context, Result};
use serde::{Deserialize, Serialize};

use crate::machine::about::Machine;
use crate::measure::{Better, Sample, Spread};

/// Everything that was measured, and where.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub(crate) struct Outcome {
    pub(crate) about: About,
    pub(crate) figures: Vec<Figure>,
}

/// When, where and with what it was measured.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub(crate) struct About {
    pub(crate) date: String,
    pub(crate) took_seconds: u64,
    pub(crate) commit: String,
    pub(crate) machine: Machine,
    pub(crate) pinned: bool,
    pub(crate) versions: BTreeMap<String, String>,
    /// What each contender does not promise.
    pub(crate) promises: BTreeMap<String, String>,
    pub(crate) left_out: Vec<String>,
}

/// One figure of one contender.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub(crate) struct Figure {
    pub(crate) scenario: String,
    pub(crate) case: String,
    pub(crate) contender: String,
    pub(crate) figure: String,
    pub(crate) unit: String,
    pub(crate) better: Better,
    #[serde(flatten)]
    pub(crate) spread: Spread,
    /// The share of what is possible.
    pub(crate) possible: Option<f64>,
}

impl Figure {
    /// Whether both are the same figure, measured twice.
    pub(crate) fn is_again(&self, other: &Self) -> bool {
        self.contender == other.contender && self.is_beside(other)
    }

    /// Whether both are the same figure of perhaps different contenders.
    fn is_beside(&self, other: &Self) -> bool {
        self.scenario == other.scenario && self.case == other.case && self.figure == other.figure
    }

    /// How many times better than another; below one is worse.
    pub(crate) fn times_better(&self, other: &Self) -> Option<f64> {
        let (mine, others) = (self.spread.median, other.spread.median);
        let ratio = match self.better {
            Better::Higher => mine / others,
            Better::Lower => others / mine,
            Better::Neither => return None,
        };
        (ratio.is_finite() && ratio > 0.0).then_some(ratio)
    }
}

impl Outcome {
    pub(crate) fn read(path: &Path) -> Result<Self> {
        let text = fs::read_to_string(path).with_context(|| path.display().to_string())?;
        serde_json::from_str(&text).with_context(|| path.display().to_string())
    }

    pub(crate) fn write(&self, path: &Path) -> Result<()> {
        if let Some(folder) = path.parent() {
            fs::create_dir_all(folder)?;
        }
        let text = serde_json::to_string_pretty(self)?;
        fs::write(path, text + "\n").with_context(|| path.display().to_string())
    }
}

/// The samples of all runs of one scenario, as they come.
#[derive(Debug, Default)]
pub(crate) struct Series {
    samples: Vec<(String, Sample, Vec<f64>)>,
}

impl Series {
    /// Adds one run of a contender.
    pub(crate) fn add(&mut self, contender: &str, samples: Vec<Sample>) {
        for sample in samples {
            let known = self.samples.iter_mut().find(|(name, known, _)| {
                name == contender && known.case == sample.case && known.figure == sample.figure
            });
            match known {
                Some((_, _, values)) => values.push(sample.value),
                None => {
                    let values = vec![sample.value];
                    self.samples.push((contender.to_owned(), sample, values));
                }
            }
        }
    }

    /// Summarizes the runs, and sets each figure beside the limit's.
    pub(crate) fn figures(&self, scenario: &str, limit: &str) -> Vec<Figure> {
        let mut figures: Vec<Figure> = self
            .samples
            .iter()
            .map(|(contender, sample, values)| Figure {
                scenario: scenario.to_owned(),
                case: sample.case.clone(),
                contender: contender.clone(),
                figure: sample.figure.to_owned(),
                unit: sample.unit.to_owned(),
                better: sample.better,
                spread: Spread::of(values),
                possible: None,
            })
            .collect();
        let limits: Vec<Figure> = figures
            .iter()
            .filter(|figure| figure.contender == limit)
            .cloned()
            .collect();
        for figure in figures.iter_mut().filter(|figure| figure.contender != limit) {
            let limit = limits.iter().find(|limit| limit.is_beside(figure));
            figure.possible = limit.and_then(|limit| figure.times_better(limit));
        }
        figures
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn figures() -> Vec<Figure> {
        let mut series = Series::default();
        for value in [100.0, 200.0, 400.0] {
            series.add("bare", vec![Sample::higher("", "delivered", "/s", value)]);
        }
        series.add(
            "ours",
            vec![
                Sample::higher("", "delivered", "/s", 50.0),
                Sample::lower("", "latency", "ms", 2.0),
            ],
        );
        series.figures("fanout", "bare")
    }

    #[test]
    fn runs_are_summed_up_and_set_beside_the_limit() {
        let figures = figures();
        let told: Vec<_> = figures
            .iter()
            .map(|figure| (figure.contender.as_str(), figure.spread.median, figure.possible))
            .collect();
        assert_eq!(
            told,
            [("bare", 200.0, None), ("ours", 50.0, Some(0.25)), ("ours", 2.0, None)]
        );
    }

    #[test]
    fn an_outcome_survives_its_file() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("new/latest.json");
        let outcome = Outcome {
            about: About {
                date: "2026-01-01".to_owned(),
                took_seconds: 1,
                commit: "abc".to_owned(),
                machine: Machine::here(),
                pinned: true,
                versions: BTreeMap::new(),
                promises: BTreeMap::new(),
                left_out: vec![],
            },
            figures: figures(),
        };
        outcome.write(&path).unwrap();
        let read = Outcome::read(&path).unwrap();
        assert!(
            read.figures
                .iter()
                .zip(&outcome.figures)
                .all(|(a, b)| a.is_again(b) && a.spread == b.spread)
        );
    }
}
