//! As plain text: how it reads without any formatting. It is what is searched, previewed and shown in lists.

use super::{Block, BlockKind, Document, Span, link};

/// Two for each level of a list.
pub(super) const INDENT: &str = "  ";

/// The document as plain text.
#[must_use]
pub fn of(document: &Document) -> String {
    let lines = document.numbered().map(|(block, number)| line(block, number));
    lines.collect::<Vec<_>>().join("\n")
}

fn line(block: &Block, number: u16) -> String {
    let mut line = String::new();
    if block.quoted {
        line.push_str("> ");
    }
    line.push_str(&INDENT.repeat(block.level.into()));
    match block.kind {
        BlockKind::Bullet => line.push_str("- "),
        BlockKind::Number => line.push_str(&format!("{number}. ")),
        BlockKind::Paragraph | BlockKind::Code => {}
    }
    for span in &block.spans {
        say(&mut line, span);
    }
    line
}

fn say(line: &mut String, span: &Span) {
    if span.mention.is_some() {
        line.push('@');
    }
    line.push_str(&span.text);
    match &span.link {
        Some(link) if *link != span.text && link::shown(link) != span.text => {
            line.push_str(&format!(" ({})", link::shown(link)));
        }
        _ => {}
    }
}
