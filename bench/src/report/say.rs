//! Lines for people.

use std::io::Write;

use crate::measure::{Better, Sample, Spread};
use crate::scenario::grouped;

/// Writes a line; nobody minds a closed terminal.
pub(crate) fn line(text: &str) {
    let _closed = writeln!(std::io::stdout(), "{text}");
}

/// One run of one contender, shortly.
pub(crate) fn run(scenario: &str, contender: &str, run: usize, samples: &[Sample]) {
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
    line(&format!("{scenario} {contender} run {run}: {}", figures.join(", ")));
}

/// The median, and between which values the runs lay.
pub(crate) fn spread(spread: &Spread, unit_name: &str, better: Better) -> String {
    let median = format!("{}{}", number(spread.median), unit(unit_name));
    if spread.runs.len() < 2 || better == Better::Neither {
        return median;
    }
    format!("{median} ({} to {})", number(spread.min), number(spread.max))
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
