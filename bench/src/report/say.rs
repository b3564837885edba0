//! Lines for people.

use std::fmt::Write as _;
use std::io::Write as _;
use std::time::Duration;

use super::Figure;
use crate::measure::{Better, Sample};
use crate::scenario::grouped;

/// Writes a line; nobody minds a closed terminal.
pub(crate) fn line(text: &str) {
    let _closed = writeln!(std::io::stdout(), "{text}");
}

/// One run of one contender, shortly.
pub(crate) fn run(what: &str, took: Duration, samples: &[Sample]) {
    let figures: Vec<String> = samples
        .iter()
        .map(|sample| {
            let case = if sample.case.is_empty() {
                String::new()
            } else {
                format!("{} ", sample.case)
            };
            format!("{case}{} {}{}", sample.figure, number(sample.value), unit(sample.unit))
        })
        .collect();
    line(&format!("{what} ({:.0} s): {}", took.as_secs_f64(), figures.join(", ")));
}

/// One contender in one scenario: a line for each case.
pub(crate) fn summary(figures: &[Figure], promise: &str) {
    let Some(first) = figures.first() else {
        return;
    };
    line(&format!("{}: {}: {promise}", first.scenario, first.contender));
    let mut cases: Vec<&str> = figures.iter().map(|figure| figure.case.as_str()).collect();
    cases.dedup();
    for case in cases {
        let told: Vec<String> = figures.iter().filter(|figure| figure.case == case).map(told).collect();
        let case = if case.is_empty() { first.scenario.as_str() } else { case };
        line(&format!("  {case}: {}", told.join("; ")));
    }
}

/// The median, between which values the runs lay, and the share of what is possible.
fn told(figure: &Figure) -> String {
    let Figure {
        spread,
        better,
        possible,
        ..
    } = figure;
    let mut told = format!("{} {}{}", figure.figure, number(spread.median), unit(&figure.unit));
    if spread.runs.len() > 1 && *better != Better::Neither {
        let _infallible = write!(told, " ({} to {})", number(spread.min), number(spread.max));
    }
    if let Some(possible) = possible {
        let _infallible = write!(told, ", {} of the bare server", share(*possible));
    }
    told
}

/// A share as people say it.
pub(crate) fn share(share: f64) -> String {
    format!("{:.0} %", share * 100.0)
}

/// A figure with as many digits as mean something.
pub(crate) fn number(value: f64) -> String {
    match value.abs() {
        ..0.000_5 => "0".to_owned(),
        ..1.0 => format!("{value:.3}"),
        ..10.0 => format!("{value:.2}"),
        ..1000.0 => format!("{value:.1}"),
        _ => grouped(to_count(value)),
    }
}

pub(crate) fn unit(unit: &str) -> String {
    match unit {
        "/s" => "/s".to_owned(),
        "%" => " %".to_owned(),
        "" => String::new(),
        unit => format!(" {unit}"),
    }
}

#[expect(
    clippy::cast_possible_truncation,
    clippy::cast_sign_loss,
    reason = "rounded, and never below a thousand"
)]
fn to_count(value: f64) -> usize {
    value.round() as usize
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn figures_have_the_digits_that_matter() {
        let cases = [
            (0.0, "0"),
            (0.1234, "0.123"),
            (1.234, "1.23"),
            (98.76, "98.8"),
            (1234.5, "1,235"),
        ];
        for (value, expect) in cases {
            assert_eq!(number(value), expect);
        }
    }
}
