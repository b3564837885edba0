//! Pages of lists: so many items, and where the next ones begin.

use std::fmt;

use chrono::{DateTime, Utc};
use kernel::{Code, Fault, FieldError};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use uuid::Uuid;

/// One page.
#[derive(Debug, Serialize, Deserialize, ToSchema)]
pub struct Page<T> {
    pub items: Vec<T>,
    /// Goes into `after` for the next page; `null` on the last one.
    #[schema(format = "cursor", min_length = 45, max_length = 45)]
    pub next: Option<String>,
}

impl<T> Page<T> {
    /// A list that is short enough for one page.
    #[must_use]
    pub fn whole(items: Vec<T>) -> Self {
        Self { items, next: None }
    }

    /// Makes a page of rows that were asked for with one more than `limit`.
    pub fn cut(mut items: Vec<T>, limit: Limit, place: impl Fn(&T) -> Cursor) -> Self {
        let size = usize::try_from(limit.0).unwrap_or(usize::MAX);
        let has_more = items.len() > size;
        items.truncate(size);
        let next = items.last().filter(|_| has_more).map(|last| place(last).to_string());
        Self { items, next }
    }
}

/// How many items a page has.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Limit(i64);

impl Limit {
    /// What was asked for, from 1 to 100.
    pub fn of(asked: Option<i64>) -> Result<Self, BadPage> {
        let limit = asked.unwrap_or(50);
        (1..=100).contains(&limit).then_some(Self(limit)).ok_or(BadPage::Limit)
    }

    /// One more than the page has, to know whether there is another.
    #[must_use]
    pub fn plus_one(self) -> i64 {
        self.0 + 1
    }
}

/// A place in a list that is ordered by time: the time and the id of an item, in hexadecimal. Every text of this form is one.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Cursor {
    at: DateTime<Utc>,
    id: Uuid,
}

/// Microseconds until the year 2112, and an id.
pub const CURSOR_PATTERN: &str = "^[0-9a-f]{45}$";
const TIME: usize = 13;

impl Cursor {
    pub fn new(at: DateTime<Utc>, id: impl Into<Uuid>) -> Self {
        Self { at, id: id.into() }
    }

    /// Reads a cursor, as a time and an id of the list's kind.
    pub fn read<Id: From<Uuid>>(after: Option<&str>) -> Result<Option<(DateTime<Utc>, Id)>, BadPage> {
        let Some(after) = after else { return Ok(None) };
        let parsed = || {
            let is_ours =
                after.len() == TIME + 32 && after.bytes().all(|byte| matches!(byte, b'0'..=b'9' | b'a'..=b'f'));
            let (at, id) = after.split_at_checked(TIME).filter(|_| is_ours)?;
            let at = DateTime::from_timestamp_micros(i64::from_str_radix(at, 16).ok()?)?;
            Some((at, Uuid::try_parse(id).ok()?.into()))
        };
        parsed().map(Some).ok_or(BadPage::After)
    }
}

impl fmt::Display for Cursor {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:013x}{}", self.at.timestamp_micros(), self.id.simple())
    }
}

/// Not a page of this list.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum BadPage {
    #[error("after is not a cursor of this list")]
    After,
    #[error("limit is not from 1 to 100")]
    Limit,
}

impl Fault for BadPage {
    fn code(&self) -> Code {
        Code::Invalid
    }

    fn fields(&self) -> Vec<FieldError> {
        vec![match self {
            Self::After => FieldError::new("after", "is not a cursor of this list"),
            Self::Limit => FieldError::new("limit", "is from 1 to 100"),
        }]
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_cursor_is_read_as_it_was_written() {
        let (at, id) = (
            DateTime::from_timestamp_micros(1_800_000_000_123_456).unwrap(),
            Uuid::from_u128(7),
        );
        let cursor = Cursor::new(at, id).to_string();
        assert_eq!(Cursor::read(Some(&cursor)), Ok(Some((at, id))));
        assert_eq!(Cursor::read::<Uuid>(None), Ok(None));
        for odd in ["0".repeat(45), "f".repeat(45)] {
            assert!(Cursor::read::<Uuid>(Some(&odd)).is_ok(), "{odd}");
        }
        let upper = cursor.to_uppercase();
        for bad in [
            "",
            "!",
            cursor.get(1..).unwrap(),
            &format!("{cursor}0"),
            &upper,
            &format!("a{}", "é".repeat(22)),
        ] {
            assert_eq!(Cursor::read::<Uuid>(Some(bad)), Err(BadPage::After), "{bad}");
        }
    }

    #[test]
    fn a_page_knows_whether_there_is_another() {
        let limit = |n| Limit::of(Some(n)).unwrap();
        let place = |n: &u128| Cursor::new(DateTime::UNIX_EPOCH, Uuid::from_u128(*n));
        let page = Page::cut(vec![1, 2, 3], limit(2), place);
        assert_eq!((page.items, page.next.is_some()), (vec![1, 2], true));
        let last = Page::cut(vec![1, 2], limit(2), place);
        assert_eq!((last.items, last.next), (vec![1, 2], None));
        assert_eq!(Limit::of(None), Ok(Limit(50)));
        for wrong in [0, -1, 101] {
            assert_eq!(Limit::of(Some(wrong)), Err(BadPage::Limit));
        }
    }
}
