//! What has become better or worse since an earlier result.

use super::outcome::{Figure, Outcome};
use super::say::{number, unit};

/// A line for each figure that both results have.
pub(crate) fn compare(now: &[Figure], before: &Outcome) -> Vec<String> {
    now.iter()
        .filter_map(|figure| {
            let earlier = before.figures.iter().find(|earlier| earlier.is_again(figure))?;
            let ratio = figure.times_better(earlier)?;
            Some(line(figure, earlier, ratio))
        })
        .collect()
}

fn line(figure: &Figure, earlier: &Figure, ratio: f64) -> String {
    let Figure {
        scenario,
        case,
        contender,
        figure: name,
        unit: of,
        spread,
        ..
    } = figure;
    let value = |median: f64| format!("{}{}", number(median), unit(of));
    let case = if case.is_empty() {
        String::new()
    } else {
        format!(" {case}")
    };
    format!(
        "{scenario}{case} {contender} {name}: {}, was {}: x{ratio:.2} {}",
        value(spread.median),
        value(earlier.spread.median),
        verdict(figure, earlier, ratio)
    )
}

/// Within what both sets of runs span, nothing can be told.
fn verdict(figure: &Figure, earlier: &Figure, ratio: f64) -> &'static str {
    let overlap = figure.spread.min <= earlier.spread.max && earlier.spread.min <= figure.spread.max;
    if overlap {
        "(within the spread)"
    } else if ratio > 1.0 {
        "better"
    } else {
        "worse"
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::measure::{Better, Spread};

    fn figure(better: Better, runs: &[f64]) -> Figure {
        Figure {
            scenario: "fanout".to_owned(),
            case: "1,000 sessions".to_owned(),
            contender: "ours".to_owned(),
            figure: "delivered".to_owned(),
            unit: "/s".to_owned(),
            better,
            spread: Spread::of(runs),
            possible: None,
        }
    }

    #[test]
    fn the_ratio_says_how_much_better() {
        let cases = [
            (Better::Higher, vec![210.0], vec![100.0], "x2.10 better"),
            (Better::Lower, vec![210.0], vec![105.0], "x0.50 worse"),
            (
                Better::Higher,
                vec![90.0, 120.0],
                vec![100.0],
                "x1.05 (within the spread)",
            ),
        ];
        for (better, now, before, expect) in cases {
            let (now, before) = (figure(better, &now), figure(better, &before));
            let ratio = now.times_better(&before).unwrap();
            let line = line(&now, &before, ratio);
            assert!(line.ends_with(expect), "{line}");
        }
    }
}
