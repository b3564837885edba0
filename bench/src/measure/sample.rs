//! One figure of one run.

use serde::{Deserialize, Serialize};

/// Which way a figure should go.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub(crate) enum Better {
    Higher,
    Lower,
    /// It explains another figure and is neither good nor bad.
    Neither,
}

/// A measured value and what it is.
#[derive(Debug, Clone)]
pub(crate) struct Sample {
    /// What was varied, such as `1,000 sessions`.
    pub(crate) case: String,
    pub(crate) figure: &'static str,
    pub(crate) unit: &'static str,
    pub(crate) better: Better,
    pub(crate) value: f64,
}

impl Sample {
    pub(crate) fn higher(case: &str, figure: &'static str, unit: &'static str, value: f64) -> Self {
        Self::new(case, figure, unit, Better::Higher, value)
    }

    pub(crate) fn lower(case: &str, figure: &'static str, unit: &'static str, value: f64) -> Self {
        Self::new(case, figure, unit, Better::Lower, value)
    }

    pub(crate) fn beside(case: &str, figure: &'static str, unit: &'static str, value: f64) -> Self {
        Self::new(case, figure, unit, Better::Neither, value)
    }

    fn new(case: &str, figure: &'static str, unit: &'static str, better: Better, value: f64) -> Self {
        Self {
            case: case.to_owned(),
            figure,
            unit,
            better,
            value,
        }
    }
}
