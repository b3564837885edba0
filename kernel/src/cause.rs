//! Why something happened: an event knows the event that caused it.

use std::fmt;
use std::str::FromStr;

/// So many events may follow from one another. Whoever would make one more is stopped, so that no circle lives.
pub const LONGEST_CHAIN: u8 = 16;

/// The event that caused another one, and how many came before that, itself included. Written as `1042#3`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Cause {
    pub seq: i64,
    pub depth: u8,
}

impl Cause {
    /// What an event at this place makes a cause, unless the chain is as long as it may be.
    #[must_use]
    pub fn after(seq: i64, before: Option<Self>) -> Option<Self> {
        let depth = before.map_or(0, |cause| cause.depth) + 1;
        (depth <= LONGEST_CHAIN).then_some(Self { seq, depth })
    }
}

impl fmt::Display for Cause {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}#{}", self.seq, self.depth)
    }
}

/// The text is not one that a cause writes.
#[derive(Debug, PartialEq, Eq, thiserror::Error)]
#[error("not a cause")]
pub struct NoCause;

impl FromStr for Cause {
    type Err = NoCause;

    fn from_str(text: &str) -> Result<Self, NoCause> {
        let (seq, depth) = text.split_once('#').ok_or(NoCause)?;
        Ok(Self {
            seq: seq.parse().map_err(|_cause| NoCause)?,
            depth: depth.parse().map_err(|_cause| NoCause)?,
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_cause_reads_as_it_was_written() {
        let cause = Cause { seq: 1042, depth: 3 };
        assert_eq!(cause.to_string(), "1042#3");
        assert_eq!("1042#3".parse(), Ok(cause));
        for text in ["", "1042", "#3", "1042#", "x#1", "1042#300"] {
            assert_eq!(text.parse::<Cause>(), Err(NoCause), "{text}");
        }
    }

    #[test]
    fn a_chain_ends() {
        let mut cause = None;
        for seq in 1..=i64::from(LONGEST_CHAIN) {
            cause = Cause::after(seq, cause);
            assert_eq!(cause.map(|cause| i64::from(cause.depth)), Some(seq));
        }
        assert_eq!(Cause::after(17, cause), None);
    }
}
