//! The roles: made once, changed back when somebody changed them, explained when not allowed.

use store::embedded::{Embedded, EmbeddedConfig};
use store::roles::{self, Ensure, Passwords, RolesError};
use store::testing;

use crate::sql;

#[tokio::test]
async fn each_role_logs_in_with_its_limits() {
    let database = testing::database().await.unwrap();
    let mut app = sql::connect(&database.urls.app).await;
    assert_eq!(sql::value(&mut app, "current_user").await, "switchboard_app");
    assert_eq!(
        sql::value(&mut app, "current_setting('statement_timeout')").await,
        "10s"
    );
    assert_eq!(
        sql::refusal(&mut app, "CREATE TABLE mine (id int)").await,
        "permission denied for schema public"
    );
    assert!(
        sql::refusal(&mut app, "CREATE TEMP TABLE mine (id int)")
            .await
            .starts_with("permission denied")
    );
    assert!(
        sql::refusal(&mut app, "SET ROLE switchboard_owner")
            .await
            .starts_with("permission denied")
    );

    let mut backup = sql::connect(&database.urls.backup).await;
    assert_eq!(
        sql::refusal(&mut backup, "DELETE FROM tenants").await,
        "cannot execute DELETE in a read-only transaction"
    );
    let migrator = database.urls.app.replace("switchboard_app", "switchboard_migrator");
    let mut migrator = sql::connect(&migrator).await;
    let make = "SET ROLE switchboard_owner; CREATE TABLE mine (id int)";
    sql::execute(&mut migrator, make).await;
}

#[tokio::test]
async fn a_database_that_is_missing_is_named() {
    let database = testing::database().await.unwrap();
    let wanted = Ensure {
        database: "no_such".to_owned(),
        create: false,
        passwords: None,
    };
    let refusal = roles::ensure(&database.urls.admin, &wanted).await.unwrap_err();
    assert!(matches!(refusal, RolesError::NoDatabase(name) if name == "no_such"));
}

#[tokio::test]
async fn without_rights_the_error_is_the_sql_to_run() {
    let database = testing::database().await.unwrap();
    let mut admin = sql::connect(&database.urls.admin).await;
    let open = format!("GRANT CONNECT ON DATABASE {} TO PUBLIC", database.name);
    sql::execute(&mut admin, &open).await;
    let wanted = Ensure {
        database: database.name.clone(),
        create: false,
        passwords: None,
    };

    let refusal = roles::ensure(&database.urls.app, &wanted).await.unwrap_err();
    let RolesError::Refused { sql: needed, .. } = refusal else {
        panic!("{refusal}");
    };
    assert!(
        needed.starts_with(&format!("REVOKE ALL ON DATABASE \"{}\" FROM PUBLIC", database.name)),
        "{needed}"
    );

    sql::execute(&mut admin, &needed).await;
    roles::ensure(&database.urls.app, &wanted).await.unwrap();
}

#[tokio::test]
async fn debugging_shows_no_password() {
    let passwords = Passwords::same_for_all("secret");
    assert_eq!(format!("{passwords:?}"), "Passwords");
}

/// A server that asks our roles for passwords, as one does that somebody else runs.
async fn guarded_server(data: &std::path::Path) -> Embedded {
    let hba = data.join("hba.conf");
    let rules = "local all postgres trust\nlocal all all scram-sha-256\n";
    std::fs::write(&hba, rules).unwrap();
    Embedded::start(EmbeddedConfig {
        data_dir: data.to_owned(),
        quick: true,
        settings: vec![("hba_file".to_owned(), hba.display().to_string())],
        ..EmbeddedConfig::default()
    })
    .await
    .unwrap()
}

#[tokio::test]
async fn a_foreign_database_gets_roles_with_passwords_that_are_kept() {
    use std::os::unix::fs::PermissionsExt;

    let data = tempfile::tempdir_in("/tmp").unwrap();
    std::fs::set_permissions(data.path(), std::fs::Permissions::from_mode(0o755)).unwrap();
    let server = guarded_server(data.path()).await;
    let kept = data.path().join("kept");

    let urls = roles::external(&server.urls().admin, &kept).await.unwrap();
    let mut app = sql::connect(&urls.app).await;
    assert_eq!(sql::value(&mut app, "current_user").await, "switchboard_app");
    store::migrate::run(&urls).await.unwrap();
    let again = roles::external(&server.urls().admin, &kept).await.unwrap();
    assert_eq!(again.app, urls.app);

    // Another data folder has other passwords, and this login may not set them.
    let refusal = roles::external(&urls.app, &data.path().join("other"))
        .await
        .unwrap_err();
    let RolesError::Refused { sql: needed, .. } = refusal else {
        panic!("{refusal}");
    };
    assert_eq!(needed.matches(" PASSWORD 'SCRAM-SHA-256$").count(), 6, "{needed}");
    server.stop().await;
}
