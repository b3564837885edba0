//! Statements for many rows at once: written as SQL with `?` where arrays go, prepared once whatever their number.

/// How many arrays go into a statement.
#[doc(hidden)]
#[must_use]
pub const fn places(text: &str) -> usize {
    let (mut rest, mut places) = (text.as_bytes(), 0);
    while let [first, others @ ..] = rest {
        if *first == b'?' {
            places += 1;
        }
        rest = others;
    }
    places
}

/// Makes a statement: its name, its binds with their SQL types, its text, and what it returns, if anything.
#[macro_export]
macro_rules! statement {
    ($(#[$doc:meta])* $name:ident { $($field:ident: $rust:ty => $sql:ty),+ $(,)? } $text:expr) => {
        $(#[$doc])*
        #[derive($crate::diesel::query_builder::QueryId)]
        struct $name { $($field: $rust),+ }

        impl $crate::diesel::query_builder::QueryFragment<$crate::diesel::pg::Pg> for $name {
            fn walk_ast<'b>(
                &'b self,
                mut out: $crate::diesel::query_builder::AstPass<'_, 'b, $crate::diesel::pg::Pg>,
            ) -> $crate::diesel::QueryResult<()> {
                // One `?` too many or too few would write into the wrong column.
                const { assert!($crate::places($text) == [$(stringify!($field)),+].len()) };
                let mut texts = $text.split('?');
                $(
                    out.push_sql(texts.next().unwrap_or_default());
                    out.push_bind_param::<$sql, _>(&self.$field)?;
                )+
                out.push_sql(texts.next().unwrap_or_default());
                Ok(())
            }
        }

        impl<C> $crate::diesel::query_dsl::RunQueryDsl<C> for $name {}
    };
    ($(#[$doc:meta])* $name:ident { $($field:ident: $rust:ty => $sql:ty),+ $(,)? } $text:expr, returns $row:ty) => {
        $crate::statement! { $(#[$doc])* $name { $($field: $rust => $sql),+ } $text }

        impl $crate::diesel::query_builder::Query for $name {
            type SqlType = $row;
        }
    };
}
