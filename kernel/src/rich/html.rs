//! As HTML: made of a dozen tags, and every letter is escaped.

use super::{Block, BlockKind, Document, Span};

/// The document as HTML.
#[must_use]
pub fn of(document: &Document) -> String {
    let mut page = Page::default();
    for (block, number) in document.numbered() {
        page.add(block, number);
    }
    page.close_all();
    page.out
}

/// What is written, and which elements are open around its end.
#[derive(Default)]
struct Page {
    out: String,
    is_quoted: bool,
    run: Option<BlockKind>,
    /// The open lists and the number of their newest item, the outermost first.
    lists: Vec<(BlockKind, u16)>,
}

impl Page {
    fn add(&mut self, block: &Block, number: u16) {
        if self.is_quoted != block.quoted {
            self.close_all();
        }
        if block.quoted && !self.is_quoted {
            self.out.push_str("<blockquote>");
            self.is_quoted = true;
        }
        if block.is_item() {
            self.close_run();
            self.begin_item(block, number);
        } else {
            self.close_lists(0);
            self.begin_line(block);
        }
        for span in &block.spans {
            write(&mut self.out, span);
        }
    }

    fn begin_item(&mut self, block: &Block, number: u16) {
        let depth = usize::from(block.level) + 1;
        self.close_lists(depth);
        let is_of_another = |(kind, _): &(BlockKind, u16)| self.lists.len() == depth && *kind != block.kind;
        if self.lists.last().is_some_and(is_of_another) {
            self.close_lists(depth - 1);
        }
        if self.lists.len() == depth
            && let Some((kind, before)) = self.lists.last_mut()
        {
            let follows = *kind == BlockKind::Bullet || number == before.saturating_add(1);
            *before = number;
            self.out.push_str("</li>");
            self.out.push_str(&if follows {
                "<li>".to_owned()
            } else {
                format!("<li value=\"{number}\">")
            });
        }
        while self.lists.len() < depth {
            self.out.push_str(&match block.kind {
                BlockKind::Number if number != 1 => format!("<ol start=\"{number}\"><li>"),
                BlockKind::Number => "<ol><li>".to_owned(),
                _ => "<ul><li>".to_owned(),
            });
            self.lists.push((block.kind, number));
        }
    }

    /// Lines of a paragraph and lines of code are parts of one element; an empty line ends a paragraph.
    fn begin_line(&mut self, block: &Block) {
        let ends = self.run != Some(block.kind) || (block.kind == BlockKind::Paragraph && block.is_blank());
        if ends {
            self.close_run();
        }
        if block.kind == BlockKind::Paragraph && block.is_blank() {
            return;
        }
        self.out.push_str(match (block.kind, self.run) {
            (BlockKind::Code, None) => "<pre><code>",
            (BlockKind::Code, Some(_)) => "\n",
            (_, None) => "<p>",
            (_, Some(_)) => "<br>",
        });
        self.run = Some(block.kind);
    }

    fn close_run(&mut self) {
        match self.run.take() {
            Some(BlockKind::Code) => self.out.push_str("</code></pre>"),
            Some(_) => self.out.push_str("</p>"),
            None => {}
        }
    }

    fn close_lists(&mut self, depth: usize) {
        while self.lists.len() > depth {
            let is_numbered = self.lists.pop().is_some_and(|(kind, _)| kind == BlockKind::Number);
            self.out.push_str(if is_numbered { "</li></ol>" } else { "</li></ul>" });
        }
    }

    fn close_all(&mut self) {
        self.close_run();
        self.close_lists(0);
        if std::mem::take(&mut self.is_quoted) {
            self.out.push_str("</blockquote>");
        }
    }
}

fn write(out: &mut String, span: &Span) {
    if span.mention.is_some() {
        out.push_str(&format!("<span class=\"mention\">@{}</span>", escaped(&span.text)));
        return;
    }
    let mut ends = vec![];
    if let Some(link) = &span.link {
        out.push_str(&format!(
            "<a href=\"{}\" rel=\"noopener noreferrer nofollow\">",
            escaped(link)
        ));
        ends.push("</a>");
    }
    for (is_on, start, end) in [
        (span.bold, "<strong>", "</strong>"),
        (span.italic, "<em>", "</em>"),
        (span.code, "<code>", "</code>"),
    ] {
        if is_on {
            out.push_str(start);
            ends.push(end);
        }
    }
    out.push_str(&escaped(&span.text));
    ends.iter().rev().for_each(|end| out.push_str(end));
}

fn escaped(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for c in text.chars() {
        match c {
            '&' => out.push_str("&amp;"),
            '<' => out.push_str("&lt;"),
            '>' => out.push_str("&gt;"),
            '"' => out.push_str("&quot;"),
            '\'' => out.push_str("&#39;"),
            c => out.push(c),
        }
    }
    out
}
