//! What came from outside is made fit, or refused.

use super::{Block, BlockKind, MAX_BLOCKS, MAX_BYTES, MAX_LEVEL, MAX_SPANS, Span, link};
use crate::{FieldError, json, text};

pub(super) fn clean(blocks: Vec<Block>) -> Result<Vec<Block>, FieldError> {
    let n_spans = blocks.iter().map(|block| block.spans.len()).sum::<usize>();
    for (n, most, of) in [(blocks.len(), MAX_BLOCKS, "blocks"), (n_spans, MAX_SPANS, "spans")] {
        if n > most {
            return Err(FieldError::new(
                "rich",
                format!("has {n} {of}, at most {most} are allowed"),
            ));
        }
    }
    let mut clean: Vec<Block> = Vec::with_capacity(blocks.len());
    for (at, block) in blocks.into_iter().enumerate() {
        check(at, &block)?;
        for line in lines(block) {
            let line = placed(line, clean.last());
            clean.push(line);
        }
    }
    let is_empty = |block: &Block| block.kind == BlockKind::Paragraph && block.is_blank();
    clean.truncate(
        clean
            .iter()
            .rposition(|block| !is_empty(block))
            .map_or(0, |last| last + 1),
    );
    clean.drain(..clean.iter().take_while(|block| is_empty(block)).count());
    if clean.len() > MAX_BLOCKS {
        let n = clean.len();
        return Err(FieldError::new(
            "rich",
            format!("has {n} lines, at most {MAX_BLOCKS} are allowed"),
        ));
    }
    let n_bytes = json::text_of(&clean).map_or(usize::MAX, |text| text.len());
    if n_bytes > MAX_BYTES {
        return Err(FieldError::new(
            "rich",
            format!("has {n_bytes} bytes, at most {MAX_BYTES} are allowed"),
        ));
    }
    Ok(clean)
}

fn check(at: usize, block: &Block) -> Result<(), FieldError> {
    if block.level > MAX_LEVEL {
        let deep = format!("is {}, lists are at most {MAX_LEVEL} deep", block.level);
        return Err(FieldError::new(format!("rich[{at}].level"), deep));
    }
    if block.number.is_some_and(|number| !(1..=9_999).contains(&number)) {
        return Err(FieldError::new(format!("rich[{at}].number"), "must be from 1 to 9999"));
    }
    for (n, span) in block.spans.iter().enumerate() {
        let refused = |field: &str, why: &'static str| FieldError::new(format!("rich[{at}].spans[{n}].{field}"), why);
        if span.text.contains('\0') {
            return Err(refused("text", "must not contain NUL characters"));
        }
        if let Some(why) = span.link.as_deref().and_then(link::problem) {
            return Err(refused("link", why));
        }
    }
    Ok(())
}

/// A block is one line: what has several in it becomes several, or in an item, which is one, goes on behind a space.
fn lines(block: Block) -> Vec<Block> {
    let (kind, quoted, is_item) = (block.kind, block.quoted, block.is_item());
    let empty = |level, number| Block {
        kind,
        quoted,
        level,
        number,
        spans: vec![],
    };
    let level = if is_item { block.level } else { 0 };
    let mut lines = vec![empty(level, block.number.filter(|_| kind == BlockKind::Number))];
    for span in block.spans {
        let span = meant(kind, span);
        let text = span.text.replace("\r\n", "\n");
        for (n, part) in text.split(['\n', '\r', '\u{2028}', '\u{2029}']).enumerate() {
            let mut part = text::without_unseen(part);
            if n > 0 && is_item {
                part.insert(0, ' ');
            } else if n > 0 {
                lines.push(empty(0, None));
            }
            add(
                &mut lines,
                Span {
                    text: part,
                    ..span.clone()
                },
            );
        }
    }
    lines
}

/// What a span means where it stands: code is nothing but code, and who is mentioned is nothing but mentioned.
fn meant(kind: BlockKind, span: Span) -> Span {
    match span {
        Span { text, mention, .. } if kind == BlockKind::Code => Span {
            text: if mention.is_some() { format!("@{text}") } else { text },
            ..Span::default()
        },
        Span { text, mention, .. } if mention.is_some() => Span {
            text: text.split_whitespace().collect::<Vec<_>>().join(" "),
            mention,
            ..Span::default()
        },
        span => span,
    }
}

fn add(lines: &mut [Block], span: Span) {
    let Some(line) = lines.last_mut().filter(|_| !span.text.is_empty()) else {
        return;
    };
    match line.spans.last_mut() {
        Some(before) if before.is_like(&span) => before.text.push_str(&span.text),
        _ => line.spans.push(span),
    }
}

/// An item is at most one level below the item before it, and the first of a list at none.
fn placed(mut line: Block, before: Option<&Block>) -> Block {
    let deepest = before
        .filter(|before| before.is_item() && before.quoted == line.quoted)
        .map_or(0, |before| before.level + 1);
    line.level = line.level.min(deepest);
    line
}
