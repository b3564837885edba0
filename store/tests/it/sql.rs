//! Plain SQL against a test's database.

use diesel::{QueryableByName, sql_query, sql_types::Text};
use diesel_async::{AsyncConnection, AsyncPgConnection, RunQueryDsl, SimpleAsyncConnection};

#[derive(QueryableByName)]
struct Row {
    #[diesel(sql_type = Text)]
    value: String,
}

pub(crate) async fn connect(url: &str) -> AsyncPgConnection {
    AsyncPgConnection::establish(url).await.unwrap()
}

/// The one value of a query, as text.
pub(crate) async fn value(connection: &mut AsyncPgConnection, expression: &str) -> String {
    values(connection, expression).await.pop().unwrap()
}

/// Every value of a query's only column, which it calls `value`.
pub(crate) async fn values(connection: &mut AsyncPgConnection, query: &str) -> Vec<String> {
    let query = if query.starts_with("SELECT") {
        query.to_owned()
    } else {
        format!("SELECT ({query})::text AS value")
    };
    let rows: Vec<Row> = sql_query(query).load(connection).await.unwrap();
    rows.into_iter().map(|row| row.value).collect()
}

pub(crate) async fn execute(connection: &mut AsyncPgConnection, sql: &str) {
    connection.batch_execute(sql).await.unwrap();
}

/// What the database says when it refuses.
pub(crate) async fn refusal(connection: &mut AsyncPgConnection, sql: &str) -> String {
    connection.batch_execute(sql).await.unwrap_err().to_string()
}
