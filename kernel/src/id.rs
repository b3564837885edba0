//! Ids: one type for each thing, so that they cannot be mixed up; UUIDv7, so that they sort by birth.

#[doc(hidden)]
pub use diesel;
#[doc(hidden)]
pub use {serde, utoipa, uuid};

/// Makes an id type: `id! { TaskId }`.
#[macro_export]
macro_rules! id {
    ($($(#[$doc:meta])* $name:ident),+ $(,)?) => {$(
        $(#[$doc])*
        #[derive(
            Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord,
            $crate::id::serde::Serialize, $crate::id::serde::Deserialize, $crate::id::utoipa::ToSchema,
            $crate::id::diesel::expression::AsExpression, $crate::id::diesel::deserialize::FromSqlRow,
        )]
        #[serde(transparent, crate = "kernel::id::serde")]
        #[schema(value_type = uuid::Uuid)]
        #[diesel(sql_type = $crate::id::diesel::sql_types::Uuid)]
        pub struct $name(pub $crate::id::uuid::Uuid);

        impl $name {
            /// A new id, later than all before it.
            #[must_use]
            pub fn fresh() -> Self {
                Self($crate::id::uuid::Uuid::now_v7())
            }
        }

        impl std::fmt::Display for $name {
            fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                self.0.fmt(f)
            }
        }

        impl std::fmt::Debug for $name {
            fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                write!(f, concat!(stringify!($name), "({})"), self.0)
            }
        }

        impl From<$name> for $crate::id::uuid::Uuid {
            fn from(id: $name) -> Self {
                id.0
            }
        }

        impl From<$crate::id::uuid::Uuid> for $name {
            fn from(id: $crate::id::uuid::Uuid) -> Self {
                Self(id)
            }
        }

        impl std::str::FromStr for $name {
            type Err = $crate::id::uuid::Error;
            fn from_str(text: &str) -> Result<Self, Self::Err> {
                text.parse().map(Self)
            }
        }

        impl $crate::id::diesel::serialize::ToSql<$crate::id::diesel::sql_types::Uuid, $crate::id::diesel::pg::Pg> for $name {
            fn to_sql<'b>(
                &'b self,
                out: &mut $crate::id::diesel::serialize::Output<'b, '_, $crate::id::diesel::pg::Pg>,
            ) -> $crate::id::diesel::serialize::Result {
                <$crate::id::uuid::Uuid as $crate::id::diesel::serialize::ToSql<
                    $crate::id::diesel::sql_types::Uuid,
                    $crate::id::diesel::pg::Pg,
                >>::to_sql(&self.0, out)
            }
        }

        impl $crate::id::diesel::deserialize::FromSql<$crate::id::diesel::sql_types::Uuid, $crate::id::diesel::pg::Pg> for $name {
            fn from_sql(
                bytes: $crate::id::diesel::pg::PgValue<'_>,
            ) -> $crate::id::diesel::deserialize::Result<Self> {
                <$crate::id::uuid::Uuid as $crate::id::diesel::deserialize::FromSql<
                    $crate::id::diesel::sql_types::Uuid,
                    $crate::id::diesel::pg::Pg,
                >>::from_sql(bytes).map(Self)
            }
        }
    )+};
}

id! {
    /// A business that uses Switchboard.
    TenantId,
    /// A person who signs in.
    UserId,
    /// A sign-in: a family of refresh tokens.
    SessionId,
    /// A customer, known or not yet.
    ContactId,
    /// A way for customers to reach the business.
    ChannelId,
    /// A thread between a contact and the team.
    ConversationId,
    /// A piece of long work.
    JobId,
}
