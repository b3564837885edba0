//! The static walk: twelve rules over the catalogue, less the named exceptions.

use diesel::{QueryableByName, sql_query, sql_types::Text};
use diesel_async::{AsyncPgConnection, RunQueryDsl};

use super::{Finding, RlsError, allow::ALLOWED};
use crate::roles;

const WALK: &str = include_str!("walk.sql");

#[derive(QueryableByName)]
struct Row {
    #[diesel(sql_type = Text)]
    rule: String,
    #[diesel(sql_type = Text)]
    object: String,
}

/// Walks the catalogue of a database; any role that may connect can do it.
pub async fn findings(url: &str) -> Result<Vec<Finding>, RlsError> {
    let mut connection = roles::connect(url).await?;
    findings_of(&mut connection).await
}

/// Walks the catalogue as a connection sees it, its own transaction included.
pub async fn findings_of(connection: &mut AsyncPgConnection) -> Result<Vec<Finding>, RlsError> {
    let rows: Vec<Row> = sql_query(WALK).load(connection).await?;
    let found = rows.into_iter().map(|row| Finding::new(row.rule, row.object));
    Ok(without_exceptions(found.collect()))
}

/// Takes the exceptions away, and reports those that nothing needs.
fn without_exceptions(found: Vec<Finding>) -> Vec<Finding> {
    let needless = ALLOWED
        .iter()
        .filter(|allowed| {
            !found
                .iter()
                .any(|f| f.rule == allowed.rule && f.object == allowed.object)
        })
        .map(|allowed| {
            let what = format!("{}: {} ({})", allowed.rule, allowed.object, allowed.reason);
            Finding::new("exception that nothing needs", what)
        });
    let holes = found.iter().filter(|f| {
        !ALLOWED
            .iter()
            .any(|allowed| f.rule == allowed.rule && f.object == allowed.object)
    });
    let mut findings: Vec<Finding> = holes.cloned().chain(needless).collect();
    findings.sort();
    findings
}
