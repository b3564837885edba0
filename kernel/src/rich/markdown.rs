//! As Markdown (`CommonMark`).

use super::{Block, BlockKind, Document, Span, link};

/// The document as Markdown.
#[must_use]
pub fn of(document: &Document) -> String {
    let fence = fence(document);
    let mut out = String::new();
    let mut before: Option<&Block> = None;
    for (block, number) in document.numbered() {
        let above = before.filter(|above| goes_on(above, block));
        let quote = if block.quoted { "> " } else { "" };
        let is_code = block.kind == BlockKind::Code;
        if let (Some(last), None) = (before, above) {
            end(&mut out, last, &fence);
            out.push_str(if last.quoted && block.quoted { "\n>\n" } else { "\n\n" });
        }
        if let Some(above) = above {
            out.push_str(if is_broken(above, block) { "  \n" } else { "\n" });
        } else if is_code {
            out.push_str(&format!("{quote}{fence}\n"));
        }
        out.push_str(quote);
        if is_code {
            block.spans.iter().for_each(|span| out.push_str(&span.text));
        } else {
            out.push_str(&line(block, number));
        }
        before = Some(block);
    }
    if let Some(last) = before {
        end(&mut out, last, &fence);
    }
    out
}

/// Whether two blocks are parts of one thing.
fn goes_on(above: &Block, block: &Block) -> bool {
    let is_same = above.kind == block.kind || (above.is_item() && block.is_item());
    is_same && above.quoted == block.quoted
}

/// Whether a line of a paragraph ends here, and not the paragraph.
fn is_broken(above: &Block, block: &Block) -> bool {
    above.kind == BlockKind::Paragraph && !above.is_blank() && !block.is_blank()
}

/// Longer than whatever looks like one in the code.
fn fence(document: &Document) -> String {
    let code = document.blocks().iter().filter(|block| block.kind == BlockKind::Code);
    let longest = code
        .flat_map(|block| &block.spans)
        .map(|span| longest_run(&span.text))
        .max();
    "`".repeat(longest.unwrap_or(0).max(2) + 1)
}

fn end(out: &mut String, last: &Block, fence: &str) {
    if last.kind == BlockKind::Code {
        let quote = if last.quoted { "> " } else { "" };
        out.push_str(&format!("\n{quote}{fence}"));
    }
}

fn line(block: &Block, number: u16) -> String {
    let indent = "    ".repeat(block.level.into());
    let words: String = block.spans.iter().map(spoken).collect();
    let words = unstarted(words.trim());
    match block.kind {
        BlockKind::Bullet => format!("{indent}- {words}"),
        BlockKind::Number => format!("{indent}{number}. {words}"),
        BlockKind::Paragraph | BlockKind::Code => words,
    }
}

/// A span with its marks; they close around letters, never around blanks.
fn spoken(span: &Span) -> String {
    let text = span.text.trim();
    if text.is_empty() {
        return span.text.clone();
    }
    let (before, after) = span.text.split_once(text).unwrap_or_default();
    let mut said = match (span.code, span.mention) {
        (true, _) => coded(text),
        (false, Some(_)) => format!("@{}", escaped(text)),
        (false, None) => escaped(text),
    };
    for (is_on, mark) in [(span.italic, "*"), (span.bold, "**")] {
        if is_on {
            said = format!("{mark}{said}{mark}");
        }
    }
    if let Some(link) = &span.link {
        said = if link::shown(link) == text && !span.code {
            format!("<{}>", link::shown(link))
        } else {
            format!("[{said}]({})", link.replace('(', "%28").replace(')', "%29"))
        };
    }
    format!("{before}{said}{after}")
}

fn coded(text: &str) -> String {
    let fence = "`".repeat(longest_run(text) + 1);
    let room = if text.starts_with('`') || text.ends_with('`') {
        " "
    } else {
        ""
    };
    format!("{fence}{room}{text}{room}{fence}")
}

fn longest_run(text: &str) -> usize {
    text.split(|c| c != '`').map(str::len).max().unwrap_or(0)
}

fn escaped(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for c in text.chars() {
        if "\\`*_[]<>~|&".contains(c) {
            out.push('\\');
        }
        out.push(c);
    }
    out
}

/// What would begin a heading, a rule or a list does not.
fn unstarted(words: &str) -> String {
    let digits = words.chars().take_while(char::is_ascii_digit).count();
    let (number, rest) = words.split_at_checked(digits).unwrap_or_default();
    if digits > 0 && rest.starts_with(['.', ')']) {
        return format!("{number}\\{rest}");
    }
    if words.starts_with(['#', '-', '+', '=']) {
        return format!("\\{words}");
    }
    words.to_owned()
}
