//! One figure of all contenders, as bars from zero, with the spread of the runs.

use super::svg::{Sheet, WIDTH, scale, ticks};
use crate::contender::{bare, raw, switchboard};
use crate::report::say::{number, share, unit};
use crate::report::{Figure, Outcome};

const LEFT: f64 = 110.0;
const RIGHT: f64 = 225.0;
const TOP: f64 = 58.0;
const ROW: f64 = 26.0;
const BAR: f64 = 16.0;
const HEADING: f64 = 26.0;

/// What a chart shows.
pub(super) struct Bars {
    pub(super) file: &'static str,
    pub(super) title: &'static str,
    pub(super) scenario: &'static str,
    pub(super) figure: &'static str,
    pub(super) note: &'static str,
}

/// Draws a chart, if there is anything to show.
pub(super) fn bars(chart: &Bars, outcome: &Outcome) -> Option<String> {
    let figures: Vec<&Figure> = outcome
        .figures
        .iter()
        .filter(|figure| figure.scenario == chart.scenario && figure.figure == chart.figure)
        .collect();
    let largest = figures.iter().map(|figure| figure.spread.max).fold(0.0, f64::max);
    let of = figures.first()?.unit.clone();
    let (end, step) = scale(largest);
    let across = (WIDTH - LEFT - RIGHT) / end;
    let blocks = blocks(&figures);
    let height = TOP + blocks.iter().map(|block| block_height(block)).sum::<f64>();

    let mut sheet = Sheet::new(chart.title, chart.note);
    for tick in ticks(end, step) {
        let x = LEFT + tick * across;
        let class = if tick == 0.0 { "axis" } else { "grid" };
        sheet.line([x, TOP], [x, height], class);
        sheet.text_to("middle", [x, height + 18.0], "quiet", &number(tick));
    }
    sheet.text_to("end", [WIDTH, height + 18.0], "quiet", unit(&of).trim());
    let mut y = TOP;
    for block in blocks {
        let case = block.first().map_or("", |figure| figure.case.as_str());
        if !case.is_empty() {
            sheet.text(0.0, y + 18.0, "quiet", case);
        }
        let mut row = y + heading(case);
        for figure in &block {
            draw(&mut sheet, figure, row, across);
            row += ROW;
        }
        y += block_height(&block);
    }
    Some(sheet.finish(height + 28.0))
}

fn draw(sheet: &mut Sheet, figure: &Figure, y: f64, across: f64) {
    let (middle, spread) = (y + BAR / 2.0, &figure.spread);
    let class = match figure.contender.as_str() {
        switchboard::NAME => "ours",
        bare::NAME | raw::NAME => "limit",
        _ => "peer",
    };
    let label = if class == "limit" {
        "bare server"
    } else {
        figure.contender.as_str()
    };
    sheet.text_to("end", [LEFT - 10.0, middle + 4.5], "", label);
    sheet.bar([LEFT, y], [(spread.median * across).max(1.0), BAR], class);
    if spread.runs.len() > 1 {
        let [from, to] = [LEFT + spread.min * across, LEFT + spread.max * across];
        sheet.line([from, middle], [to, middle], "spread");
        for end in [from, to] {
            sheet.line([end, middle - 3.0], [end, middle + 3.0], "spread");
        }
    }
    let mut value = format!("{}{}", number(spread.median), unit(&figure.unit));
    if let Some(possible) = figure.possible.filter(|_| class == "ours") {
        value = format!("{value}, {} of the bare server", share(possible));
    }
    sheet.text(LEFT + spread.max * across + 8.0, middle + 4.5, "value", &value);
}

/// The figures of each case, in order.
fn blocks<'a>(figures: &[&'a Figure]) -> Vec<Vec<&'a Figure>> {
    let mut blocks: Vec<Vec<&Figure>> = Vec::new();
    for figure in figures {
        let block = blocks
            .iter_mut()
            .find(|block| block.first().is_some_and(|first| first.case == figure.case));
        match block {
            Some(block) => block.push(figure),
            None => blocks.push(vec![figure]),
        }
    }
    blocks
}

fn block_height(block: &[&Figure]) -> f64 {
    let case = block.first().map_or("", |figure| figure.case.as_str());
    let rows: f64 = block.iter().map(|_| ROW).sum();
    heading(case) + rows
}

fn heading(case: &str) -> f64 {
    if case.is_empty() { 6.0 } else { HEADING }
}
