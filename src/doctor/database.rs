//! The database: reachable, new enough, with its roles, its schema and its wall.

use kernel::Clock;
use store::DatabaseUrls;
use store::embedded::{Embedded, EmbeddedConfig, EmbeddedError, Found};
use store::roles::{self, Ensure};
use store::vitals::{self, LEAST_MAJOR};
use store::{migrate, rls};

use super::{Report, surroundings};
use crate::config::{Config, Secret};

const DATABASE: &str = "database";
const ROLES: &str = "roles";
const SCHEMA: &str = "schema";
const WALL: &str = "tenant wall";
/// As many findings as a person reads before doing something about the first.
const SHOWN: usize = 10;

pub(super) async fn examine(config: &Config, report: &mut Report) {
    match &config.database.url {
        Some(url) => examine_external(config, url, report).await,
        None => examine_own(config, report).await,
    }
}

/// Our own database; one that does not run is run for the examination.
async fn examine_own(config: &Config, report: &mut Report) {
    match Embedded::look(&config.data_dir) {
        Ok(Found::Running(urls)) => {
            examine_server(&urls.admin, &urls, &Ensure::embedded(), report).await;
        }
        Ok(Found::Stopped) => match start(config).await {
            Ok(embedded) => {
                let urls = embedded.urls();
                examine_server(&urls.admin, &urls, &Ensure::embedded(), report).await;
                embedded.stop().await;
            }
            Err(error) => report.fail(DATABASE, error.to_string(), "see above"),
        },
        Ok(Found::Nothing) => {
            report.fine(DATABASE, "none yet; the first start makes one in the data folder");
            surroundings::examine_clock(Clock::machine().now(), None, report);
        }
        Err(error) => report.fail(DATABASE, error.to_string(), "see above"),
    }
}

async fn start(config: &Config) -> Result<Embedded, EmbeddedError> {
    Embedded::start(EmbeddedConfig {
        data_dir: config.data_dir.clone(),
        binaries: config.database.pg_bin.clone(),
        ..EmbeddedConfig::default()
    })
    .await
}

/// A database that others run; without our passwords only part of it can be seen.
async fn examine_external(config: &Config, url: &Secret, report: &mut Report) {
    let url = url.expose();
    let found = roles::Passwords::found_in(&config.data_dir);
    let wanted = found.and_then(|passwords| Ensure::external(url, passwords));
    let prepared = roles::prepared(url, &config.data_dir);
    match (wanted, prepared) {
        (Ok(wanted), Ok(Some(urls))) => examine_server(url, &urls, &wanted, report).await,
        (Ok(wanted), Ok(None)) => {
            if examine_vitals(url, report).await {
                examine_roles(url, &wanted, report).await;
                report.warn(SCHEMA, "this server has no login yet", "start it once");
            }
        }
        (Err(error), _) | (_, Err(error)) => {
            report.fail(DATABASE, error.to_string(), "correct DATABASE_URL or the data folder");
        }
    }
}

async fn examine_server(admin: &str, urls: &DatabaseUrls, wanted: &Ensure, report: &mut Report) {
    let answers = examine_vitals(admin, report).await;
    if answers && examine_roles(admin, wanted, report).await {
        examine_schema(urls, report).await;
        examine_wall(urls, report).await;
    }
}

/// Whether the database answers; its clock is compared on the way.
async fn examine_vitals(url: &str, report: &mut Report) -> bool {
    match vitals::vitals(url).await {
        Ok(vitals) => {
            let seen = format!("PostgreSQL {} answers", vitals.version);
            if vitals.major < LEAST_MAJOR {
                let advice = format!("use PostgreSQL {LEAST_MAJOR} or newer");
                report.fail(DATABASE, seen, advice);
            } else {
                report.fine(DATABASE, seen);
            }
            surroundings::examine_clock(Clock::machine().now(), Some(vitals.now), report);
            true
        }
        Err(error) => {
            report.fail(DATABASE, error.to_string(), "start it, or correct DATABASE_URL");
            false
        }
    }
}

/// Whether the roles are as they must be.
async fn examine_roles(url: &str, wanted: &Ensure, report: &mut Report) -> bool {
    match roles::check(url, wanted).await {
        Ok(needed) if needed.is_empty() => {
            report.fine(ROLES, "all are as they must be");
            true
        }
        Ok(needed) => {
            let advice = format!(
                "the next start does this if it may; else let an administrator run\n{};",
                needed.join(";\n")
            );
            report.fail(ROLES, format!("{} changes are missing", needed.len()), advice);
            false
        }
        Err(error) => {
            report.fail(ROLES, error.to_string(), "let the login read the catalogue");
            false
        }
    }
}

async fn examine_schema(urls: &DatabaseUrls, report: &mut Report) {
    match migrate::standing(urls).await {
        Ok(standing) if !standing.unknown.is_empty() => report.warn(
            SCHEMA,
            format!("a newer server changed it: {}", standing.unknown.join(", ")),
            "update this server",
        ),
        Ok(standing) if !standing.pending.is_empty() => report.warn(
            SCHEMA,
            format!("behind by {}", standing.pending.join(", ")),
            "start the server, which runs its migrations",
        ),
        Ok(_) => report.fine(SCHEMA, "up to date"),
        Err(error) => report.fail(SCHEMA, error.to_string(), "see above"),
    }
}

async fn examine_wall(urls: &DatabaseUrls, report: &mut Report) {
    match rls::findings(&urls.backup).await {
        Ok(findings) if findings.is_empty() => report.fine(WALL, "no hole was found"),
        Ok(findings) => {
            let lines: Vec<String> = findings.iter().take(SHOWN).map(ToString::to_string).collect();
            let seen = format!("{} findings\n{}", findings.len(), lines.join("\n"));
            report.fail(
                WALL,
                seen,
                "do not serve until each is closed; someone changed the schema by hand",
            );
        }
        Err(error) => report.fail(WALL, error.to_string(), "see above"),
    }
}

#[cfg(test)]
mod tests {
    use super::super::report::Verdict;
    use super::*;
    use store::testing;

    fn seen(report: &Report) -> Vec<(&'static str, Verdict)> {
        report.checks.iter().map(|check| (check.name, check.verdict)).collect()
    }

    #[tokio::test]
    async fn a_sound_database_passes() {
        let database = testing::database().await.unwrap();
        let wanted = Ensure {
            database: database.name.clone(),
            create: false,
            passwords: None,
        };
        let mut report = Report::default();
        examine_server(&database.urls.admin, &database.urls, &wanted, &mut report).await;
        assert_eq!(report.verdict(), Verdict::Fine, "{report}");
        assert_eq!(report.checks.len(), 5);
    }

    #[tokio::test]
    async fn a_schema_that_is_behind_is_a_warning() {
        let database = testing::database().await.unwrap();
        migrate::revert(&database.urls, 1).await.unwrap();
        let mut report = Report::default();
        examine_schema(&database.urls, &mut report).await;
        assert_eq!(seen(&report), [(SCHEMA, Verdict::Warning)]);
    }

    #[tokio::test]
    async fn a_database_that_does_not_answer_fails() {
        let mut report = Report::default();
        assert!(!examine_vitals("postgres://127.0.0.1:1/none?connect_timeout=2", &mut report).await);
        assert_eq!(seen(&report), [(DATABASE, Verdict::Failed)]);
    }
}
