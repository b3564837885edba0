//! Pages of lists: so many items, and where the next ones begin.

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use kernel::{Code, Fault, FieldError};
use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

/// One page.
#[derive(Debug, Serialize, Deserialize, ToSchema)]
pub struct Page<T> {
    pub items: Vec<T>,
    /// Goes into `after` for the next page; `null` on the last one.
    pub next: Option<String>,
}

impl<T> Page<T> {
    /// A list that is short enough for one page.
    #[must_use]
    pub fn whole(items: Vec<T>) -> Self {
        Self { items, next: None }
    }

    /// Makes a page of rows that were asked for with one more than `limit`.
    pub fn cut<P: Serialize>(mut items: Vec<T>, limit: Limit, place: impl Fn(&T) -> P) -> Self {
        let size = usize::try_from(limit.0).unwrap_or(usize::MAX);
        let has_more = items.len() > size;
        items.truncate(size);
        let next = items
            .last()
            .filter(|_| has_more)
            .map(|last| Cursor::write(&place(last)));
        Self { items, next }
    }
}

/// How many items a page has.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Limit(i64);

impl Limit {
    /// What was asked for, within reason.
    #[must_use]
    pub fn of(asked: Option<i64>) -> Self {
        Self(asked.unwrap_or(50).clamp(1, 100))
    }

    /// One more than the page has, to know whether there is another.
    #[must_use]
    pub fn plus_one(self) -> i64 {
        self.0 + 1
    }
}

/// A place in a list, written so that nobody builds on what is inside.
pub struct Cursor;

impl Cursor {
    #[must_use]
    pub fn write<P: Serialize>(place: &P) -> String {
        URL_SAFE_NO_PAD.encode(serde_json::to_vec(place).unwrap_or_default())
    }

    /// Reads a cursor that we wrote.
    pub fn read<P: DeserializeOwned>(after: Option<&str>) -> Result<Option<P>, BadCursor> {
        let Some(after) = after else { return Ok(None) };
        let bytes = URL_SAFE_NO_PAD.decode(after).map_err(|_cause| BadCursor)?;
        serde_json::from_slice(&bytes).map(Some).map_err(|_cause| BadCursor)
    }
}

/// Not one of our cursors.
#[derive(Debug, PartialEq, Eq, thiserror::Error)]
#[error("after is not a cursor of this list")]
pub struct BadCursor;

impl Fault for BadCursor {
    fn code(&self) -> Code {
        Code::Invalid
    }

    fn fields(&self) -> Vec<FieldError> {
        vec![FieldError::new("after", "is not a cursor of this list")]
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_cursor_is_read_as_it_was_written() {
        let cursor = Cursor::write(&(7, "x"));
        assert_eq!(Cursor::read(Some(&cursor)), Ok(Some((7, "x".to_owned()))));
        assert_eq!(Cursor::read::<(i64, String)>(None), Ok(None));
        for bad in ["", "!", "e30", cursor.get(1..).unwrap()] {
            assert_eq!(Cursor::read::<(i64, String)>(Some(bad)), Err(BadCursor), "{bad}");
        }
    }

    #[test]
    fn a_page_knows_whether_there_is_another() {
        let page = Page::cut(vec![1, 2, 3], Limit::of(Some(2)), |n| *n);
        assert_eq!((page.items, page.next.is_some()), (vec![1, 2], true));
        let last = Page::cut(vec![1, 2], Limit::of(Some(2)), |n| *n);
        assert_eq!((last.items, last.next), (vec![1, 2], None));
        assert_eq!(
            [Limit::of(None), Limit::of(Some(0)), Limit::of(Some(999))],
            [Limit(50), Limit(1), Limit(100)]
        );
    }
}
