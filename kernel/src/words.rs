//! Words that stand in the database, in JSON and in Rust: one macro makes them the same.

/// Makes an enum of words: `words! { Color { Red = "red", Blue = "blue" } }`.
#[macro_export]
macro_rules! words {
    ($(#[$doc:meta])* $name:ident { $($variant:ident = $word:tt),+ $(,)? }) => {
        $(#[$doc])*
        #[derive(
            Clone, Copy, Debug, PartialEq, Eq, Hash,
            $crate::id::serde::Serialize, $crate::id::serde::Deserialize, $crate::id::utoipa::ToSchema,
            $crate::id::diesel::expression::AsExpression, $crate::id::diesel::deserialize::FromSqlRow,
        )]
        #[serde(crate = "kernel::id::serde")]
        #[diesel(sql_type = $crate::id::diesel::sql_types::Text)]
        pub enum $name { $(#[serde(rename = $word)] $variant),+ }

        impl $name {
            /// All of them, in the order of the documentation.
            pub const ALL: &[Self] = &[$(Self::$variant),+];

            /// The word used in JSON, in the database and in the documentation.
            #[must_use]
            pub fn word(self) -> &'static str {
                match self { $(Self::$variant => $word),+ }
            }

            /// The one with this word.
            #[must_use]
            pub fn from_word(word: &str) -> Option<Self> {
                match word { $($word => Some(Self::$variant),)+ _ => None }
            }
        }

        impl $crate::id::diesel::serialize::ToSql<$crate::id::diesel::sql_types::Text, $crate::id::diesel::pg::Pg> for $name {
            fn to_sql<'b>(
                &'b self,
                out: &mut $crate::id::diesel::serialize::Output<'b, '_, $crate::id::diesel::pg::Pg>,
            ) -> $crate::id::diesel::serialize::Result {
                <str as $crate::id::diesel::serialize::ToSql<
                    $crate::id::diesel::sql_types::Text,
                    $crate::id::diesel::pg::Pg,
                >>::to_sql(self.word(), out)
            }
        }

        impl $crate::id::diesel::deserialize::FromSql<$crate::id::diesel::sql_types::Text, $crate::id::diesel::pg::Pg> for $name {
            fn from_sql(
                value: $crate::id::diesel::pg::PgValue<'_>,
            ) -> $crate::id::diesel::deserialize::Result<Self> {
                let word = <String as $crate::id::diesel::deserialize::FromSql<
                    $crate::id::diesel::sql_types::Text,
                    $crate::id::diesel::pg::Pg,
                >>::from_sql(value)?;
                Self::from_word(&word).ok_or_else(|| format!("unknown word {word}").into())
            }
        }
    };
}
