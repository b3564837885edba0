//! What a label is.

use chrono::{DateTime, Utc};
use diesel::prelude::*;
use kernel::{FieldError, text};
use serde::{Deserialize, Serialize};
use store::schema::labels;
use utoipa::ToSchema;

kernel::id! {
    /// One label.
    LabelId,
}

kernel::words! {
    /// The colours that a label may have; which shade it is the screen decides.
    LabelColor {
        Gray = "gray", Red = "red", Orange = "orange", Amber = "amber", Green = "green", Teal = "teal", Blue = "blue",
        Violet = "violet", Pink = "pink",
    }
}

/// A label.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, Queryable, Selectable, ToSchema)]
#[diesel(table_name = labels, check_for_backend(diesel::pg::Pg))]
pub struct Label {
    pub id: LabelId,
    /// Unique in its tenant, whatever the case of its letters.
    #[schema(format = "line", min_length = 1, max_length = 40)]
    pub name: String,
    pub color: LabelColor,
    pub created_at: DateTime<Utc>,
}

impl Label {
    /// As it is called now.
    #[must_use]
    pub fn mark(&self) -> LabelMark {
        LabelMark {
            id: self.id,
            name: self.name.clone(),
        }
    }
}

/// A label as a line of a thread names it: as it was called then.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct LabelMark {
    pub id: LabelId,
    pub name: String,
}

/// A label to be made.
#[derive(Clone, Debug, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct NewLabel {
    #[schema(format = "text", min_length = 1, max_length = 40)]
    pub name: String,
    pub color: LabelColor,
}

/// What shall be different about a label.
#[derive(Clone, Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct UpdateLabel {
    #[schema(format = "text", min_length = 1, max_length = 40)]
    pub(super) name: Option<String>,
    pub(super) color: Option<LabelColor>,
}

/// The name as it is kept.
pub(super) fn name(name: &str) -> Result<String, FieldError> {
    text::required("name", name, 40)
}
