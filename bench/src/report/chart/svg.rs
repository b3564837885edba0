//! The sheet that all charts are drawn on: light or dark as the reader's screen is.

use std::fmt::Write;

pub(super) const WIDTH: f64 = 760.0;

const STYLE: &str = "
  text { font: 13px system-ui, sans-serif; fill: #24292f }
  .title { font-size: 16px; font-weight: 600 }
  .quiet { fill: #656d76; font-size: 12px }
  .value { font-variant-numeric: tabular-nums }
  .grid { stroke: #d8dee4; stroke-width: 1 }
  .axis { stroke: #656d76; stroke-width: 1 }
  .ours { fill: #5b5bd6 } .peer { fill: #a8b1bb } .limit { fill: none; stroke: #a8b1bb; stroke-dasharray: 3 2 }
  .spread { stroke: #24292f; stroke-width: 1.25 }
  .line { fill: none; stroke-width: 2 }
  .a { stroke: #5b5bd6 } .b { stroke: #1a7f64 } .c { stroke: #b35900 } .d { stroke: #8250df } .e { stroke: #cf222e }
  .dot.a { fill: #5b5bd6 } .dot.b { fill: #1a7f64 } .dot.c { fill: #b35900 } .dot.d { fill: #8250df } .dot.e { fill: #cf222e }
  @media (prefers-color-scheme: dark) {
    text { fill: #e6edf3 } .quiet { fill: #9198a1 } .grid { stroke: #30363d } .axis { stroke: #9198a1 }
    .ours { fill: #8f8ff5 } .peer { fill: #59626d } .limit { stroke: #7d8590 } .spread { stroke: #e6edf3 }
    .a { stroke: #8f8ff5 } .b { stroke: #4cc38a } .c { stroke: #f0a45d } .d { stroke: #c297ff } .e { stroke: #ff7b72 }
    .dot.a { fill: #8f8ff5 } .dot.b { fill: #4cc38a } .dot.c { fill: #f0a45d } .dot.d { fill: #c297ff } .dot.e { fill: #ff7b72 }
  }";

/// What is drawn so far.
pub(super) struct Sheet {
    body: String,
}

impl Sheet {
    /// Begins with a title and what it means.
    pub(super) fn new(title: &str, note: &str) -> Self {
        let mut sheet = Self { body: String::new() };
        sheet.text(0.0, 18.0, "title", title);
        sheet.text(0.0, 38.0, "quiet", note);
        sheet
    }

    pub(super) fn text(&mut self, x: f64, y: f64, class: &str, text: &str) {
        self.push(&format!(
            r#"<text x="{x:.1}" y="{y:.1}" class="{class}">{}</text>"#,
            escape(text)
        ));
    }

    pub(super) fn text_to(&mut self, anchor: &str, [x, y]: [f64; 2], class: &str, text: &str) {
        self.push(&format!(
            r#"<text x="{x:.1}" y="{y:.1}" class="{class}" text-anchor="{anchor}">{}</text>"#,
            escape(text)
        ));
    }

    pub(super) fn line(&mut self, [x1, y1]: [f64; 2], [x2, y2]: [f64; 2], class: &str) {
        self.push(&format!(
            r#"<line x1="{x1:.1}" y1="{y1:.1}" x2="{x2:.1}" y2="{y2:.1}" class="{class}"/>"#
        ));
    }

    pub(super) fn bar(&mut self, [x, y]: [f64; 2], [width, height]: [f64; 2], class: &str) {
        self.push(&format!(
            r#"<rect x="{x:.1}" y="{y:.1}" width="{width:.1}" height="{height:.1}" rx="2" class="{class}"/>"#
        ));
    }

    pub(super) fn path(&mut self, points: &[[f64; 2]], class: &str) {
        let points: Vec<String> = points.iter().map(|[x, y]| format!("{x:.1},{y:.1}")).collect();
        self.push(&format!(
            r#"<polyline points="{}" class="line {class}"/>"#,
            points.join(" ")
        ));
    }

    pub(super) fn dot(&mut self, [x, y]: [f64; 2], class: &str) {
        self.push(&format!(
            r#"<circle cx="{x:.1}" cy="{y:.1}" r="3" class="dot {class}"/>"#
        ));
    }

    /// The whole drawing.
    pub(super) fn finish(self, height: f64) -> String {
        format!(
            "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 {WIDTH} {height:.0}\" width=\"{WIDTH}\" \
             height=\"{height:.0}\" role=\"img\">\n<style>{STYLE}\n</style>\n{}</svg>\n",
            self.body
        )
    }

    fn push(&mut self, element: &str) {
        let _infallible = writeln!(self.body, "{element}");
    }
}

/// A round number a little above, and the steps to it.
pub(super) fn scale(largest: f64) -> (f64, f64) {
    let rough = largest.max(1e-9) / 4.0;
    let magnitude = 10_f64.powf(rough.log10().floor());
    let step = [1.0, 2.0, 2.5, 5.0, 10.0]
        .into_iter()
        .map(|factor| factor * magnitude)
        .find(|step| *step >= rough)
        .unwrap_or(rough);
    ((largest / step).ceil() * step, step)
}

/// From zero to the end, in steps.
pub(super) fn ticks(end: f64, step: f64) -> Vec<f64> {
    let mut ticks = Vec::new();
    let mut tick = 0.0;
    while tick <= end + step / 2.0 {
        ticks.push(tick);
        tick += step;
    }
    ticks
}

fn escape(text: &str) -> String {
    text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn scales_end_above_the_largest_at_a_round_number() {
        for (largest, end, step) in [
            (93.0, 100.0, 25.0),
            (1_700_000.0, 2_000_000.0, 500_000.0),
            (0.9, 1.0, 0.25),
        ] {
            let (found, steps) = scale(largest);
            assert!(
                (found - end).abs() < 1e-6 && (steps - step).abs() < 1e-6,
                "{largest}: {found} {steps}"
            );
        }
    }

    #[test]
    fn text_cannot_break_out() {
        let mut sheet = Sheet::new("a < b & c", "");
        sheet.text(0.0, 0.0, "quiet", "</svg>");
        let drawn = sheet.finish(10.0);
        assert!(drawn.contains("a &lt; b &amp; c") && drawn.matches("</svg>").count() == 1);
    }
}
