//! Draws the charts of the documentation from a result.

mod bars;
mod lines;
mod svg;

use std::fs;
use std::path::Path;

use anyhow::Result;

use super::Outcome;
use bars::{Bars, bars};

const BARS: &[Bars] = &[
    Bars {
        file: "fanout",
        title: "One says something, a whole room hears it",
        scenario: "fanout",
        figure: "delivered",
        note: "deliveries a second of 200 bytes, 16 under way, server and database on one core; longer is better",
    },
    Bars {
        file: "fanout-latency",
        title: "How soon a whole room hears it",
        scenario: "fanout",
        figure: "latency p99",
        note: "99 of 100 deliveries took at most so long at a steady rate; shorter is better",
    },
    Bars {
        file: "chat",
        title: "Messages stored and acknowledged",
        scenario: "chat",
        figure: "acknowledged",
        note: "messages a second, server and database on one core; longer is better",
    },
    Bars {
        file: "chat-latency",
        title: "From sending to being seen",
        scenario: "chat",
        figure: "seen p99",
        note: "99 of 100 were seen after at most so long, at half of what each carries and at the same rate; shorter is better",
    },
    Bars {
        file: "idle",
        title: "What a session holds that does nothing",
        scenario: "idle",
        figure: "memory a session",
        note: "memory of the server for each of 10,000 sessions; shorter is better",
    },
    Bars {
        file: "storm",
        title: "Everybody is cut off and comes back",
        scenario: "storm",
        figure: "all back",
        note: "until 10,000 sessions were back, with what they missed where the server resumes; shorter is better",
    },
];

/// Writes every chart for which there are figures; returns their names.
pub(crate) fn draw(outcome: &Outcome, folder: &Path) -> Result<Vec<String>> {
    fs::create_dir_all(folder)?;
    let mut charts: Vec<(&str, String)> = BARS
        .iter()
        .filter_map(|chart| Some((chart.file, bars(chart, outcome)?)))
        .collect();
    charts.extend(lines::growth(outcome).map(|chart| ("growth", chart)));
    let mut names = Vec::new();
    for (name, chart) in charts {
        let name = format!("{name}.svg");
        fs::write(folder.join(&name), chart)?;
        names.push(name);
    }
    Ok(names)
}
