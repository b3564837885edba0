//! Rich text: one small model for what people write with more than letters, and a file for each dialect it is shown in.
//!
//! A document is blocks, one below the other, and a block is one line: a paragraph, an item of a list, a line of code. Nothing
//! is inside anything, so nothing can be too deep; that a list is in a list, or in a quote, is said by each line of it.

mod clean;
mod column;
pub mod html;
pub mod link;
pub mod markdown;
pub mod plain;

use diesel::deserialize::FromSqlRow;
use diesel::expression::AsExpression;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::{FieldError, UserId, words};

/// The most blocks of a document.
pub const MAX_BLOCKS: usize = 1_000;
/// The most spans of a document.
pub const MAX_SPANS: usize = 4_000;
/// The innermost list.
pub const MAX_LEVEL: u8 = 5;
/// The most bytes of a document as JSON, so that it fits into a frame.
pub const MAX_BYTES: usize = 96 * 1_024;

words! {
    /// What a block is.
    BlockKind { Paragraph = "paragraph", Bullet = "bullet", Number = "number", Code = "code" }
}

/// One line.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Block {
    #[serde(rename = "type")]
    pub kind: BlockKind,
    /// Whether it repeats what somebody else said.
    #[serde(default, skip_serializing_if = "is_false")]
    pub quoted: bool,
    /// How deep a list is in lists.
    #[serde(default, skip_serializing_if = "is_zero")]
    #[schema(minimum = 0, maximum = 5)]
    pub level: u8,
    /// The number of an item, when it does not follow from the item before.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(minimum = 1, maximum = 9_999)]
    pub number: Option<u16>,
    #[schema(max_items = 1_000)]
    pub spans: Vec<Span>,
}

/// Some letters, and how they are meant.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Span {
    #[schema(max_length = 20_000, format = "line")]
    pub text: String,
    #[serde(default, skip_serializing_if = "is_false")]
    pub bold: bool,
    #[serde(default, skip_serializing_if = "is_false")]
    pub italic: bool,
    #[serde(default, skip_serializing_if = "is_false")]
    pub code: bool,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(max_length = 2_000, format = "link")]
    pub link: Option<String>,
    /// Who is named here; the text is their name.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub mention: Option<UserId>,
}

/// Blocks that are known to be fit to keep and to show.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema, AsExpression, FromSqlRow)]
#[serde(transparent)]
#[diesel(sql_type = diesel::sql_types::Text)]
pub struct Document(Vec<Block>);

impl Document {
    /// Takes what came from outside: refuses what is too much or would do harm, and leaves out what means nothing.
    pub fn parse(blocks: Vec<Block>) -> Result<Self, FieldError> {
        clean::clean(blocks).map(Self)
    }

    #[must_use]
    pub fn blocks(&self) -> &[Block] {
        &self.0
    }

    #[must_use]
    pub fn is_blank(&self) -> bool {
        self.0.iter().all(Block::is_blank)
    }

    /// Whether its plain text says all that it says.
    #[must_use]
    pub fn is_plain(&self) -> bool {
        let is_bare = |block: &Block| block.kind == BlockKind::Paragraph && !block.quoted;
        self.0
            .iter()
            .all(|block| is_bare(block) && block.spans.iter().all(Span::is_plain))
    }

    /// The same with names in place of mentions, for those who are no colleagues.
    #[must_use]
    pub fn without_mentions(self) -> Self {
        let mut blocks = self.0;
        for span in blocks.iter_mut().flat_map(|block| &mut block.spans) {
            if span.mention.take().is_some() {
                span.text.insert(0, '@');
            }
        }
        Self(blocks)
    }

    /// The blocks, and which number each numbered one has.
    pub fn numbered(&self) -> impl Iterator<Item = (&Block, u16)> {
        // The number of the newest item at each level of the list that goes on.
        let mut counts: Vec<u16> = vec![];
        let mut is_quoted = false;
        self.0.iter().map(move |block| {
            if block.quoted != is_quoted || !block.is_item() {
                counts.clear();
            }
            is_quoted = block.quoted;
            let depth = usize::from(block.level) + 1;
            counts.truncate(depth);
            counts.resize(depth, 0);
            match counts.last_mut() {
                Some(count) if block.kind == BlockKind::Number => {
                    *count = block.number.unwrap_or(count.saturating_add(1));
                    (block, *count)
                }
                Some(count) => {
                    *count = 0;
                    (block, 0)
                }
                None => (block, 0),
            }
        })
    }
}

impl Block {
    #[must_use]
    pub fn is_item(&self) -> bool {
        matches!(self.kind, BlockKind::Bullet | BlockKind::Number)
    }

    #[must_use]
    pub fn is_blank(&self) -> bool {
        self.spans.iter().all(|span| span.text.trim().is_empty())
    }
}

impl Span {
    fn is_plain(&self) -> bool {
        // An address that shows itself is opened from plain text, too.
        let is_no_link = self.link.as_ref().is_none_or(|link| *link == self.text);
        is_no_link && !self.bold && !self.italic && !self.code && self.mention.is_none()
    }

    /// Whether it differs from another in its letters only.
    fn is_like(&self, other: &Self) -> bool {
        let marks = |span: &Self| (span.bold, span.italic, span.code);
        marks(self) == marks(other) && self.link == other.link && self.mention.is_none() && other.mention.is_none()
    }
}

#[expect(clippy::trivially_copy_pass_by_ref, reason = "this is how serde asks")]
fn is_false(value: &bool) -> bool {
    !value
}

#[expect(clippy::trivially_copy_pass_by_ref, reason = "this is how serde asks")]
fn is_zero(value: &u8) -> bool {
    *value == 0
}

#[cfg(test)]
mod properties;
#[cfg(test)]
mod tests;
