//! How costs behave from one to a hundred times as many: flat is good.

use super::svg::{Sheet, WIDTH, scale, ticks};
use crate::report::say::{number, unit};
use crate::report::{Figure, Outcome};

const LEFT: f64 = 50.0;
const RIGHT: f64 = 390.0;
const TOP: f64 = 62.0;
const HEIGHT: f64 = 230.0;
/// Lines that end close together have their names moved apart.
const APART: f64 = 18.0;

/// One line: the same figure at growing sizes.
struct Line {
    what: &'static str,
    things: &'static str,
    figure: &'static str,
    class: &'static str,
}

const LINES: &[Line] = &[
    Line {
        what: "memory of a session",
        things: " sessions",
        figure: "memory a session",
        class: "a",
    },
    Line {
        what: "memory of a conversation",
        things: " conversations",
        figure: "memory a conversation",
        class: "b",
    },
    Line {
        what: "messages/s with more conversations",
        things: " conversations",
        figure: "acknowledged",
        class: "c",
    },
    Line {
        what: "messages/s with more tenants",
        things: " tenant",
        figure: "acknowledged",
        class: "d",
    },
];

/// Draws every line relative to where it begins.
pub(super) fn growth(outcome: &Outcome) -> Option<String> {
    let lines: Vec<(&Line, Vec<&Figure>)> = LINES
        .iter()
        .map(|line| (line, figures(outcome, line)))
        .filter(|(_, figures)| figures.len() > 1)
        .collect();
    if lines.is_empty() {
        return None;
    }
    let largest = lines
        .iter()
        .flat_map(|(_, figures)| relative(figures))
        .map(|[_, y]| y)
        .fold(1.0, f64::max);
    let (end, step) = scale(largest);
    let place = |[x, y]: [f64; 2]| [LEFT + x / 2.0 * (WIDTH - LEFT - RIGHT), TOP + HEIGHT * (1.0 - y / end)];

    let note = "each line is relative to its own smallest size, so that flat means: one more costs the same";
    let mut sheet = Sheet::new("From one to a hundred times as many", note);
    for tick in ticks(end, step) {
        let class = if tick == 0.0 { "axis" } else { "grid" };
        sheet.line(place([0.0, tick]), place([2.0, tick]), class);
        let [x, y] = place([0.0, tick]);
        sheet.text_to("end", [x - 8.0, y + 4.0], "quiet", &format!("{tick:.2}"));
    }
    for (x, times) in [(0.0, "as many"), (1.0, "10 times"), (2.0, "100 times")] {
        let [x, y] = place([x, 0.0]);
        sheet.text_to("middle", [x, y + 20.0], "quiet", times);
    }
    let mut names = Vec::new();
    for (line, figures) in &lines {
        let points: Vec<_> = relative(figures).into_iter().map(place).collect();
        sheet.path(&points, line.class);
        for point in &points {
            sheet.dot(*point, line.class);
        }
        names.extend(points.last().map(|[x, y]| (*x, *y, name(line, figures))));
    }
    names.sort_by(|(_, y, _), (_, other, _)| y.total_cmp(other));
    let mut lowest = f64::MIN;
    for (x, y, name) in names {
        lowest = y.max(lowest + APART);
        sheet.text(x + 12.0, lowest + 4.0, "value", &name);
    }
    Some(sheet.finish(TOP + HEIGHT + 34.0))
}

fn figures<'a>(outcome: &'a Outcome, line: &Line) -> Vec<&'a Figure> {
    let is_on = |figure: &&Figure| {
        figure.scenario == "growth" && figure.figure == line.figure && figure.case.contains(line.things)
    };
    // What is lost in the memory that a server holds anyway cannot be compared with.
    let has_grown = |figure: &&Figure| figure.spread.median > 0.0;
    outcome.figures.iter().filter(is_on).filter(has_grown).collect()
}

/// How many powers of ten larger, and how many times as much.
fn relative(figures: &[&Figure]) -> Vec<[f64; 2]> {
    let first = figures.first().map_or(1.0, |figure| figure.spread.median);
    // Where the smallest size has no figure of its own, the line begins one step later.
    let steps = if figures.len() == 2 {
        [1.0, 2.0].as_slice()
    } else {
        &[0.0, 1.0, 2.0]
    };
    let steps = steps.iter().copied();
    steps
        .zip(figures)
        .map(|(step, figure)| [step, (figure.spread.median / first).max(0.0)])
        .collect()
}

fn name(line: &Line, figures: &[&Figure]) -> String {
    let value = |figure: Option<&&Figure>| figure.map_or_else(String::new, |figure| number(figure.spread.median));
    let of = figures.first().map_or_else(String::new, |figure| unit(&figure.unit));
    let of = if of == "/s" { String::new() } else { of };
    format!(
        "{}: {} to {}{of}",
        line.what,
        value(figures.first()),
        value(figures.last())
    )
}
