//! What a database server says of itself: its version and its clock.

use chrono::{DateTime, Utc};
use diesel::{
    QueryableByName, sql_query,
    sql_types::{Integer, Text, Timestamptz},
};
use diesel_async::RunQueryDsl;

use crate::roles::{self, RolesError};

/// The least major version whose features the schema uses.
pub const LEAST_MAJOR: i32 = 15;

/// A server's answers.
#[derive(Debug, Clone, QueryableByName)]
pub struct Vitals {
    /// As people write it: `18.4`.
    #[diesel(sql_type = Text)]
    pub version: String,
    #[diesel(sql_type = Integer)]
    pub major: i32,
    #[diesel(sql_type = Timestamptz)]
    pub now: DateTime<Utc>,
}

/// Asks the server behind an address.
pub async fn vitals(url: &str) -> Result<Vitals, RolesError> {
    let mut connection = roles::connect(url).await?;
    let vitals = sql_query(
        "SELECT split_part(current_setting('server_version'), ' ', 1) AS version, \
         current_setting('server_version_num')::integer / 10000 AS major, \
         clock_timestamp() AS now",
    )
    .get_result(&mut connection)
    .await?;
    Ok(vitals)
}
