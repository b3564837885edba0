//! The figures as a Markdown table.

use std::fmt::Write;

use super::say::{number, share, unit};
use super::{Figure, Outcome};
use crate::measure::Better;

/// One row for each figure and case, one column for each contender.
pub(crate) fn table(outcome: &Outcome) -> String {
    let mut contenders: Vec<&str> = Vec::new();
    let mut rows: Vec<(&str, &str, &str)> = Vec::new();
    let good_or_bad = outcome.figures.iter().filter(|figure| figure.better != Better::Neither);
    for figure in good_or_bad {
        let row = (figure.scenario.as_str(), figure.case.as_str(), figure.figure.as_str());
        if !rows.contains(&row) {
            rows.push(row);
        }
        if !contenders.contains(&figure.contender.as_str()) {
            contenders.push(&figure.contender);
        }
    }
    let mut text = format!(
        "| | {} |\n|---|{}\n",
        contenders.join(" | "),
        "---:|".repeat(contenders.len())
    );
    for (scenario, case, name) in rows {
        let cells: Vec<String> = contenders
            .iter()
            .map(|contender| {
                let is_cell = |figure: &&Figure| {
                    (figure.scenario.as_str(), figure.case.as_str(), figure.figure.as_str()) == (scenario, case, name)
                        && figure.contender == **contender
                };
                outcome.figures.iter().find(is_cell).map_or_else(String::new, cell)
            })
            .collect();
        let case = if case.is_empty() {
            String::new()
        } else {
            format!(", {case}")
        };
        let _infallible = writeln!(text, "| {scenario}{case}: {name} | {} |", cells.join(" | "));
    }
    text
}

fn cell(figure: &Figure) -> String {
    let value = format!("{}{}", number(figure.spread.median), unit(&figure.unit));
    match figure.possible {
        Some(possible) => format!("{value} ({})", share(possible)),
        None => value,
    }
}
