//! The export itself: conversations in the order of their birth, page by page, and of each the lines in theirs.
//!
//! What was written before the export began is in it, whenever its page is read; what is told of a conversation on its
//! lines, like its status, is what is so when its page is read.

use actors::Hub;
use actors::job::{Perform, Piece};
use kernel::{Caller, Code, Fault, FileKind, Permission};
use store::StoreError;

use super::model::{NewExport, Reached};
use super::queries::{self, Head, Names};
use super::rules::{self, Span};
use super::{lines, queries::Line};
use crate::conversation::MessageKind;

/// Conversations are read so many at once, lines so many: few enough for any length that a message may have.
const CONVERSATIONS: i64 = 500;
const LINES: i64 = 500;
/// A step ends behind the lines with which it has so many bytes, or has come past so many lines or pages.
const STEP_BYTES: usize = 1 << 20;
const STEP_LINES: i64 = 10_000;
const STEP_PAGES: usize = 10;

/// An export of conversations.
pub struct ExportConversations {
    hub: Hub,
    caller: Caller,
    export: NewExport,
    names: Names,
    file_name: String,
}

/// Why an export stops.
#[derive(Debug, thiserror::Error)]
pub enum ExportError {
    #[error(transparent)]
    Store(#[from] StoreError),
    #[error("a line could not be written")]
    Unwritable(#[from] std::io::Error),
}

impl Fault for ExportError {
    fn code(&self) -> Code {
        match self {
            Self::Store(error) => error.code(),
            Self::Unwritable(_) => Code::Internal,
        }
    }
}

impl Perform for ExportConversations {
    const KIND: &'static str = "conversations.export";
    const FILE_NEEDS: Option<Permission> = Some(Permission::ExportConversations);
    type Input = NewExport;
    type Checkpoint = Reached;
    type Error = ExportError;

    async fn open(hub: &Hub, caller: &Caller, export: NewExport) -> Result<Self, ExportError> {
        let names = hub.store().read(caller, async |tx| queries::names(tx).await).await?;
        let today = hub.store().clock().now().date_naive();
        Ok(Self {
            hub: hub.clone(),
            caller: caller.clone(),
            file_name: format!("conversations-{today}.{}", export.format.word()),
            export,
            names,
        })
    }

    fn file(&self) -> Option<(String, FileKind)> {
        Some((self.file_name.clone(), self.export.format.kind()))
    }

    async fn step(&mut self, piece: &mut Piece<Reached>) -> Result<(), ExportError> {
        let store = self.hub.store();
        if piece.checkpoint.as_of.is_none() {
            piece.checkpoint.as_of = Some(store.clock().now());
            let total = store.read(&self.caller, async |tx| queries::count(tx, &self.export).await);
            piece.total = Some(total.await?);
            lines::begin(piece, self.export.format)?;
        }
        let until = piece.done + STEP_LINES;
        for _ in 0..STEP_PAGES {
            if piece.n_bytes() >= STEP_BYTES || piece.done >= until {
                return Ok(());
            }
            if self.page(piece, until).await? {
                piece.total = Some(piece.done);
                piece.finish();
                return Ok(());
            }
        }
        Ok(())
    }
}

impl ExportConversations {
    /// Goes through a page of conversations; says whether there is none behind it.
    async fn page(&self, piece: &mut Piece<Reached>, until: i64) -> Result<bool, ExportError> {
        let store = self.hub.store();
        let Reached { conversation, .. } = piece.checkpoint;
        let heads = store.read(&self.caller, async |tx| {
            queries::page(tx, conversation, CONVERSATIONS).await
        });
        let heads = heads.await?;
        let is_last = i64::try_from(heads.len()).is_ok_and(|n| n < CONVERSATIONS);
        let mut threads = self.threads(&heads, &piece.checkpoint);
        while !threads.is_empty() {
            if piece.n_bytes() >= STEP_BYTES || piece.done >= until {
                return Ok(false);
            }
            let spans = rules::take(&mut threads, LINES);
            self.lines(piece, &heads, &spans).await?;
        }
        if let Some(last) = heads.last() {
            piece.checkpoint.conversation = Some(last.record.id);
            piece.checkpoint.position = i64::MAX;
        }
        Ok(is_last)
    }

    /// What is left of the threads that are asked for.
    fn threads(&self, heads: &[Head], reached: &Reached) -> Vec<Span> {
        let as_of = reached.as_of.unwrap_or_default();
        let wanted = heads
            .iter()
            .filter(|head| rules::is_wanted(&self.export, &head.record, &head.labels, as_of));
        let threads = wanted.map(|head| {
            let is_begun = reached.conversation == Some(head.record.id);
            Span {
                conversation: head.record.id,
                after: if is_begun { reached.position } else { 0 },
                through: head.record.n_messages,
            }
        });
        threads.filter(|span| span.after < span.through).collect()
    }

    async fn lines(&self, piece: &mut Piece<Reached>, heads: &[Head], spans: &[Span]) -> Result<(), ExportError> {
        let as_of = piece.checkpoint.as_of.unwrap_or_default();
        let kinds: &[MessageKind] = if self.export.with_notes {
            &[MessageKind::Customer, MessageKind::Reply, MessageKind::Note]
        } else {
            &[MessageKind::Customer, MessageKind::Reply]
        };
        let store = self.hub.store();
        let found: Vec<Line> = store
            .read(&self.caller, async |tx| queries::lines(tx, spans, kinds, as_of).await)
            .await?;
        let mut heads = heads.iter();
        let mut head = heads.next();
        for line in &found {
            // Both are in the order of the conversations.
            while head.is_some_and(|head| head.record.id != line.conversation_id) {
                head = heads.next();
            }
            if let Some(head) = head {
                lines::write(piece, self.export.format, &self.names, head, line)?;
            }
        }
        if let Some(last) = spans.last() {
            piece.checkpoint.conversation = Some(last.conversation);
            piece.checkpoint.position = last.through;
        }
        piece.done += spans.iter().map(Span::n).sum::<i64>();
        Ok(())
    }
}
