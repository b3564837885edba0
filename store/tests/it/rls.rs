//! The wall between tenants: the schema has no hole, and every hole we make is found.

use diesel_async::AsyncPgConnection;
use store::rls::{self, Finding};
use store::testing::{self, TestDatabase};
use uuid::Uuid;

use crate::sql;

async fn walk(database: &TestDatabase) -> Vec<String> {
    let findings = rls::findings(&database.urls.backup).await.unwrap();
    findings.iter().map(Finding::to_string).collect()
}

#[tokio::test]
async fn the_migrated_schema_has_no_finding() {
    let database = testing::database().await.unwrap();
    assert_eq!(walk(&database).await, [""; 0]);
}

/// A statement that makes a hole, and what the walk says about it.
const SABOTEURS: &[(&str, &str)] = &[
    (
        "ALTER TABLE contacts NO FORCE ROW LEVEL SECURITY",
        "table without forced row-level security: public.contacts",
    ),
    (
        "CREATE TABLE t (tenant_id uuid NOT NULL, PRIMARY KEY (tenant_id))",
        "table without a policy: public.t",
    ),
    ("CREATE TABLE t (id uuid)", "table without tenant_id: public.t"),
    (
        "CREATE POLICY t ON contacts USING (tenant_id = ANY ((SELECT app_tenants())::uuid[]))",
        "permissive policy that does not ask app_tenant(): public.contacts t",
    ),
    (
        "CREATE POLICY t ON messages TO switchboard_journal USING (app_tenants() IS NOT NULL)",
        "permissive policy that does not ask app_tenant(): public.messages t",
    ),
    (
        "CREATE TABLE t (tenant_id uuid)",
        "tenant_id that may be null or is no uuid: public.t",
    ),
    (
        "CREATE TABLE t (tenant_id text NOT NULL)",
        "tenant_id that may be null or is no uuid: public.t",
    ),
    (
        "CREATE TABLE t (id uuid, tenant_id uuid NOT NULL, UNIQUE (id, tenant_id))",
        "table without an index led by tenant_id: public.t",
    ),
    (
        "DROP POLICY tenant ON contacts",
        "table without a policy: public.contacts",
    ),
    (
        "CREATE POLICY all_of_them ON contacts USING (true)",
        "permissive policy that does not ask app_tenant(): public.contacts all_of_them",
    ),
    (
        "CREATE POLICY anyone_in ON contacts FOR INSERT WITH CHECK (true)",
        "permissive policy that does not ask app_tenant(): public.contacts anyone_in",
    ),
    (
        "CREATE POLICY half ON contacts USING (tenant_id = app_tenant()) WITH CHECK (true)",
        "permissive policy that does not ask app_tenant(): public.contacts half",
    ),
    (
        "RESET ROLE; ALTER TABLE contacts OWNER TO SESSION_USER",
        "owner that can log in or is privileged: public.contacts of ADMIN",
    ),
    (
        "CREATE VIEW v AS SELECT * FROM contacts; GRANT SELECT ON v TO switchboard_app",
        "view without security_invoker: public.v for switchboard_app",
    ),
    (
        "CREATE VIEW v WITH (security_invoker = false) AS SELECT * FROM contacts; GRANT SELECT (id) ON v TO switchboard_app",
        "view without security_invoker: public.v for switchboard_app",
    ),
    (
        "CREATE MATERIALIZED VIEW v AS SELECT * FROM contacts; GRANT SELECT ON v TO switchboard_readonly",
        "relation without policies that requests read: public.v for switchboard_readonly",
    ),
    (
        "GRANT TRUNCATE ON contacts TO switchboard_app",
        "right that requests do not need: public.contacts TRUNCATE for switchboard_app",
    ),
    (
        "GRANT REFERENCES, TRIGGER ON contacts TO switchboard_app",
        "right that requests do not need: public.contacts REFERENCES for switchboard_app",
    ),
    (
        "CREATE SEQUENCE s; GRANT SELECT ON s TO switchboard_app",
        "sequence that requests read or set: public.s for switchboard_app",
    ),
    (
        "GRANT CREATE ON SCHEMA public TO switchboard_app",
        "schema in which requests create: public for switchboard_app",
    ),
    (
        "CREATE FUNCTION f() RETURNS bigint LANGUAGE sql SECURITY DEFINER RETURN (SELECT count(*) FROM contacts)",
        "definer function without a fixed search_path: f()",
    ),
    (
        "RESET ROLE; CREATE FUNCTION f() RETURNS bigint LANGUAGE sql SECURITY DEFINER SET search_path = public \
         RETURN (SELECT count(*) FROM contacts)",
        "definer function of a privileged owner: f() of ADMIN",
    ),
    (
        "ALTER TABLE contacts ADD UNIQUE (id); \
         ALTER TABLE identities ADD CONSTRAINT short FOREIGN KEY (contact_id) REFERENCES contacts (id)",
        "foreign key without tenant_id on both sides: public.identities short",
    ),
    (
        "CREATE UNIQUE INDEX contacts_email ON contacts (email)",
        "unique index without tenant_id: public.contacts_email",
    ),
    (
        "CREATE UNIQUE INDEX contacts_email ON contacts (email) INCLUDE (tenant_id)",
        "unique index without tenant_id: public.contacts_email",
    ),
    (
        "CREATE TYPE mood AS ENUM ('good'); ALTER TABLE contacts ADD mood mood; \
         CREATE INDEX moods ON contacts (tenant_id, mood)",
        "index over a type whose comparison is not leakproof: public.moods on mood",
    ),
    (
        "ALTER TABLE contacts ADD worth numeric; CREATE INDEX worths ON contacts (tenant_id, worth)",
        "index over a type whose comparison is not leakproof: public.worths on worth",
    ),
    (
        "CREATE TABLE p (tenant_id uuid NOT NULL PRIMARY KEY) PARTITION BY HASH (tenant_id); \
         ALTER TABLE p ENABLE ROW LEVEL SECURITY; ALTER TABLE p FORCE ROW LEVEL SECURITY; \
         CREATE POLICY tenant ON p USING (tenant_id = app_tenant()); \
         CREATE TABLE p0 PARTITION OF p FOR VALUES WITH (MODULUS 1, REMAINDER 0)",
        "partition without its own policy: public.p0",
    ),
];

#[tokio::test]
async fn every_saboteur_is_found() {
    let database = testing::database().await.unwrap();
    let mut admin = sql::connect(&database.urls.admin).await;
    let name = sql::value(&mut admin, "session_user").await;
    for (sabotage, expect) in SABOTEURS {
        let expect = &expect.replace("ADMIN", &name);
        sql::execute(&mut admin, "BEGIN; SET LOCAL ROLE switchboard_owner").await;
        sql::execute(&mut admin, sabotage).await;
        let found = walk_in(&mut admin).await;
        assert!(found.iter().any(|finding| finding == expect), "{sabotage}\n{found:#?}");
        sql::execute(&mut admin, "ROLLBACK").await;
    }
}

/// The walk inside a transaction, so that each saboteur is undone by a rollback.
async fn walk_in(connection: &mut AsyncPgConnection) -> Vec<String> {
    let findings = rls::findings_of(connection).await.unwrap();
    findings.iter().map(Finding::to_string).collect()
}

/// Roles belong to all databases, so these are changed where no other test would notice.
#[tokio::test]
async fn a_request_role_that_became_mighty_is_found() {
    let database = testing::database().await.unwrap();
    let mut admin = sql::connect(&database.urls.admin).await;
    let cases = [
        (
            "ALTER ROLE switchboard_readonly BYPASSRLS",
            "request role with privileges: switchboard_readonly",
        ),
        (
            "GRANT switchboard_owner TO switchboard_readonly",
            "request role that can become another: switchboard_readonly as switchboard_owner",
        ),
    ];
    for (sabotage, expect) in cases {
        sql::execute(&mut admin, &format!("BEGIN; {sabotage}")).await;
        let found = walk_in(&mut admin).await;
        sql::execute(&mut admin, "ROLLBACK").await;
        assert!(found.iter().any(|finding| finding == expect), "{sabotage}\n{found:#?}");
    }
}

#[tokio::test]
async fn an_exception_that_nothing_needs_is_found() {
    let database = testing::database().await.unwrap();
    let mut admin = sql::connect(&database.urls.admin).await;
    sql::execute(&mut admin, "ALTER TABLE tenants DROP CONSTRAINT tenants_slug_key").await;
    let found = walk(&database).await;
    assert_eq!(found.len(), 1, "{found:#?}");
    assert!(
        found[0].starts_with("exception that nothing needs: unique index without tenant_id: public.tenants_slug_key"),
        "{found:#?}"
    );
}

/// A tenant with one row in each of three tables.
async fn fill(admin: &mut AsyncPgConnection, slug: &str) -> Uuid {
    let tenant = Uuid::now_v7();
    sql::execute(
        admin,
        &format!(
            "INSERT INTO tenants (id, slug, name, created_at) VALUES ('{tenant}', '{slug}', '{slug}', now()); \
             INSERT INTO contacts (tenant_id, id, name, created_at) VALUES ('{tenant}', gen_random_uuid(), 'Ada', now()); \
             INSERT INTO log_heads (tenant_id) VALUES ('{tenant}')"
        ),
    )
    .await;
    tenant
}

/// The proof over the three tables that [`fill`] fills.
async fn prove(database: &TestDatabase, a: Uuid, b: Uuid) -> Vec<String> {
    let findings = rls::proof(&database.urls, a, b).await.unwrap();
    findings
        .iter()
        .filter(|finding| finding.rule != "table never exercised")
        .map(Finding::to_string)
        .collect()
}

#[tokio::test]
async fn the_proof_finds_nothing_in_a_sound_schema_and_names_empty_tables() {
    let database = testing::database().await.unwrap();
    let mut admin = sql::connect(&database.urls.admin).await;
    let (a, b) = (fill(&mut admin, "a").await, fill(&mut admin, "b").await);
    assert_eq!(prove(&database, a, b).await, [""; 0]);

    let all = rls::proof(&database.urls, a, b).await.unwrap();
    let empty = |table: &str| {
        all.iter()
            .any(|f| f.rule == "table never exercised" && f.object == format!("public.{table}"))
    };
    assert!(empty("messages"));
    assert!(!empty("contacts"));
}

#[tokio::test]
async fn the_proof_finds_what_the_saboteur_did() {
    let cases = [
        (
            "DROP POLICY tenant ON contacts; CREATE POLICY tenant ON contacts USING (true)",
            vec![
                "another tenant's rows are visible: public.contacts",
                "rows are visible without a tenant: public.contacts",
                "a row can be given to another tenant: public.contacts (it worked)",
                "a row can be inserted for another tenant: public.contacts",
                "another tenant's rows can be changed: public.contacts (it worked)",
                "another tenant's rows can be deleted: public.contacts (it worked)",
            ],
        ),
        (
            "DROP POLICY tenant ON contacts; \
             CREATE POLICY tenant ON contacts USING (tenant_id = app_tenant()) WITH CHECK (true)",
            vec!["a row can be inserted for another tenant: public.contacts (it worked)"],
        ),
        (
            "DROP POLICY journal ON log_heads; CREATE POLICY journal ON log_heads TO switchboard_journal USING (true)",
            vec![
                "another tenant's rows are visible: public.log_heads",
                "rows are visible without a tenant: public.log_heads",
                "another tenant's rows can be changed: public.log_heads (it worked)",
            ],
        ),
        (
            "ALTER TABLE contacts DISABLE ROW LEVEL SECURITY",
            vec!["row-level security can be switched off: public.contacts (it worked)"],
        ),
        (
            "CREATE VIEW v AS SELECT * FROM contacts; GRANT SELECT ON v TO switchboard_app",
            vec![],
        ),
        (
            "RESET ROLE; CREATE VIEW v AS SELECT * FROM contacts; GRANT SELECT ON v TO switchboard_app",
            vec![
                "another tenant's rows are visible: public.v",
                "rows are visible without a tenant: public.v",
            ],
        ),
        (
            "CREATE FUNCTION f() RETURNS bigint LANGUAGE sql SECURITY DEFINER RETURN 1",
            vec!["definer function without a probe: public.f()"],
        ),
    ];
    let database = testing::database().await.unwrap();
    let mut admin = sql::connect(&database.urls.admin).await;
    let (a, b) = (fill(&mut admin, "a").await, fill(&mut admin, "b").await);
    drop(admin);
    for (sabotage, expect) in cases {
        let broken = database.copy().await.unwrap();
        let mut admin = sql::connect(&broken.urls.admin).await;
        sql::execute(&mut admin, &format!("SET ROLE switchboard_owner; {sabotage}")).await;
        let found = prove(&broken, a, b).await;
        assert_eq!(found.is_empty(), expect.is_empty(), "{sabotage}\n{found:#?}");
        for finding in expect {
            assert!(
                found.iter().any(|f| f.starts_with(finding)),
                "{sabotage}\n{finding}\n{found:#?}"
            );
        }
    }
}
