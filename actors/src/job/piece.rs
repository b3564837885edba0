//! A piece of a job: where it begins, what came of it, and where the next one begins.

use std::io;

use store::jobs::Failure;

/// Reasons and names are cut here.
const LONGEST: usize = 500;

/// One piece.
#[derive(Debug)]
pub struct Piece<C> {
    /// Where it begins, and then where the next one does.
    pub checkpoint: C,
    /// How many things are done, of how many.
    pub done: i64,
    pub total: Option<i64>,
    pub(super) is_last: bool,
    pub(super) failures: Vec<Failure>,
    pub(super) bytes: Vec<u8>,
}

impl<C> Piece<C> {
    pub(super) fn new(checkpoint: C, done: i64, total: Option<i64>) -> Self {
        Self {
            checkpoint,
            done,
            total,
            is_last: false,
            failures: vec![],
            bytes: vec![],
        }
    }

    /// Nothing comes after this piece.
    pub fn finish(&mut self) {
        self.is_last = true;
    }

    /// Notes that one thing could not be done, and goes on.
    pub fn fail(&mut self, item: &str, why: &str) {
        self.failures.push(Failure {
            item: short(item),
            reason: short(why),
        });
    }

    /// How many bytes of its file this piece has made. A step ends when it has some.
    #[must_use]
    pub fn n_bytes(&self) -> usize {
        self.bytes.len()
    }
}

/// What is written goes to the end of the job's file.
impl<C> io::Write for Piece<C> {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.bytes.write(bytes)
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

/// What the table keeps of a text.
pub(super) fn short(text: &str) -> String {
    text.chars().filter(|c| *c != '\0').take(LONGEST).collect()
}
