//! What is typical of several runs, and how far they lie apart.

use serde::{Deserialize, Serialize};

/// All runs of a figure.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub(crate) struct Spread {
    pub(crate) runs: Vec<f64>,
    pub(crate) median: f64,
    pub(crate) min: f64,
    pub(crate) max: f64,
}

impl Spread {
    /// Summarizes at least one run.
    pub(crate) fn of(runs: &[f64]) -> Self {
        let mut sorted = runs.to_vec();
        sorted.sort_by(f64::total_cmp);
        let at = |index: usize| sorted.get(index).copied().unwrap_or_default();
        let half = sorted.len() / 2;
        let median = if sorted.len() % 2 == 1 {
            at(half)
        } else {
            f64::midpoint(at(half.saturating_sub(1)), at(half))
        };
        Self {
            runs: runs.to_vec(),
            median,
            min: at(0),
            max: at(sorted.len().saturating_sub(1)),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_median_is_the_middle_or_between_the_middle_two() {
        let cases: [(&[f64], f64, f64, f64); 3] = [
            (&[3.0], 3.0, 3.0, 3.0),
            (&[5.0, 1.0, 3.0], 3.0, 1.0, 5.0),
            (&[4.0, 1.0, 2.0, 9.0], 3.0, 1.0, 9.0),
        ];
        for (runs, median, min, max) in cases {
            let spread = Spread::of(runs);
            assert_eq!((spread.median, spread.min, spread.max), (median, min, max), "{runs:?}");
        }
    }
}
