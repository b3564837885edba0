//! The dynamic proof: as the role of all requests, and as that of the journal, tries to reach another tenant's rows.

use diesel::{
    QueryableByName, sql_query,
    sql_types::{Array, BigInt, Bool, Text},
};
use diesel_async::{AsyncPgConnection, RunQueryDsl, SimpleAsyncConnection};
use uuid::Uuid;

use super::{Finding, RlsError, allow::PROBES};
use crate::DatabaseUrls;
use crate::roles;

/// A role that is held behind the wall, and how its transactions say whose they are.
struct Guest {
    conn: AsyncPgConnection,
    role: &'static str,
    setting: &'static str,
    /// The setting's value for one tenant.
    naming: fn(Uuid) -> String,
}

/// A relation with a tenant's column that the guest may touch.
#[derive(QueryableByName)]
struct Relation {
    #[diesel(sql_type = Text)]
    name: String,
    /// `tenant_id`, or `id` in the directory of tenants.
    #[diesel(sql_type = Text)]
    tenant: String,
    /// The columns that an INSERT may name, without the tenant's.
    #[diesel(sql_type = Array<Text>)]
    columns: Vec<String>,
    #[diesel(sql_type = Bool)]
    is_table: bool,
    /// Whether the guest may read it at all.
    #[diesel(sql_type = Bool)]
    readable: bool,
}

#[derive(QueryableByName)]
struct Count {
    #[diesel(sql_type = BigInt)]
    n: i64,
}

#[derive(QueryableByName)]
struct Name {
    #[diesel(sql_type = Text)]
    name: String,
}

const RELATIONS: &str = r"
  SELECT n.nspname || '.' || quote_ident(c.relname) AS name, t.attname::text AS tenant,
         ARRAY(SELECT quote_ident(a.attname) FROM pg_attribute a
               WHERE a.attrelid = c.oid AND a.attnum > 0 AND NOT a.attisdropped AND a.attnum <> t.attnum
                 AND a.attgenerated = '' AND a.attidentity <> 'a') AS columns,
         c.relkind IN ('r', 'p') AS is_table,
         has_table_privilege($1, c.oid, 'SELECT') AS readable
  FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
       JOIN pg_attribute t ON t.attrelid = c.oid AND NOT t.attisdropped
        AND (t.attname = 'tenant_id' OR (t.attname = 'id' AND c.relname = 'tenants'))
  WHERE n.nspname !~ '^pg_' AND n.nspname <> 'information_schema' AND c.relkind IN ('r', 'p', 'v', 'm', 'f')
  ORDER BY 1";

const DEFINERS: &str = r"
  SELECT n.nspname || '.' || p.oid::regprocedure::text AS name
  FROM pg_proc p JOIN pg_namespace n ON n.oid = p.pronamespace
  WHERE p.prosecdef AND n.nspname !~ '^pg_' AND has_function_privilege('switchboard_app', p.oid, 'EXECUTE')
    AND NOT EXISTS (SELECT FROM pg_depend d WHERE d.objid = p.oid AND d.deptype = 'e')
  ORDER BY 1";

/// Tries every table, view and definer function; both tenants need rows in every table.
pub async fn proof(urls: &DatabaseUrls, a: Uuid, b: Uuid) -> Result<Vec<Finding>, RlsError> {
    let mut backup = roles::connect(&urls.backup).await?;
    let mut app = Guest {
        conn: roles::connect(&urls.app).await?,
        role: "switchboard_app",
        setting: "app.tenant_id",
        naming: |tenant| tenant.to_string(),
    };
    let mut journal = Guest {
        conn: roles::connect(&urls.journal).await?,
        role: "switchboard_journal",
        setting: "app.tenants",
        naming: |tenant| format!("{{{tenant}}}"),
    };
    let mut findings = Vec::new();
    for relation in relations(&mut backup, &app).await? {
        if relation.is_table {
            cover(&mut backup, &relation, [a, b], &mut findings).await?;
        }
        climb(&mut app, &relation, a, b, &mut findings).await?;
    }
    for relation in relations(&mut backup, &journal).await? {
        climb(&mut journal, &relation, a, b, &mut findings).await?;
    }
    for definer in sql_query(DEFINERS).load::<Name>(&mut backup).await? {
        probe(&mut app, &definer.name, b, &mut findings).await?;
    }
    Ok(findings)
}

async fn relations(backup: &mut AsyncPgConnection, guest: &Guest) -> Result<Vec<Relation>, RlsError> {
    let relations = sql_query(RELATIONS).bind::<Text, _>(guest.role);
    Ok(relations.load(backup).await?)
}

async fn climb(
    guest: &mut Guest,
    relation: &Relation,
    a: Uuid,
    b: Uuid,
    findings: &mut Vec<Finding>,
) -> Result<(), RlsError> {
    if relation.readable {
        read(guest, relation, b, findings).await?;
    }
    if relation.is_table {
        attack(guest, relation, a, b, findings).await?;
    }
    Ok(())
}

/// A proof over an empty table proves nothing.
async fn cover(
    backup: &mut AsyncPgConnection,
    relation: &Relation,
    tenants: [Uuid; 2],
    findings: &mut Vec<Finding>,
) -> Result<(), RlsError> {
    for tenant in tenants {
        let condition = format!("{} = '{tenant}'", relation.tenant);
        if count(backup, &relation.name, &condition).await? == 0 {
            findings.push(Finding::new("table never exercised", &relation.name));
            break;
        }
    }
    Ok(())
}

/// Reads with another tenant set, and with none.
async fn read(guest: &mut Guest, relation: &Relation, b: Uuid, findings: &mut Vec<Finding>) -> Result<(), RlsError> {
    let foreign = format!("{} IS DISTINCT FROM '{b}'", relation.tenant);
    begin(guest, Some(b)).await?;
    let of_others = count(&mut guest.conn, &relation.name, &foreign).await;
    rollback(guest).await?;
    begin(guest, None).await?;
    let of_nobody = count(&mut guest.conn, &relation.name, "true").await;
    rollback(guest).await?;
    if of_others? > 0 {
        findings.push(Finding::new("another tenant's rows are visible", &relation.name));
    }
    if of_nobody? > 0 {
        findings.push(Finding::new("rows are visible without a tenant", &relation.name));
    }
    Ok(())
}

/// Writes across the wall; each attempt must be refused, or touch nothing.
async fn attack(
    guest: &mut Guest,
    relation: &Relation,
    a: Uuid,
    b: Uuid,
    findings: &mut Vec<Finding>,
) -> Result<(), RlsError> {
    let Relation {
        name, tenant, columns, ..
    } = relation;
    let comma = if columns.is_empty() { "" } else { ", " };
    let list = columns.join(", ");
    let attempts = [
        (
            "a row can be given to another tenant",
            format!("UPDATE {name} SET {tenant} = '{a}' WHERE {tenant} = '{b}'"),
        ),
        (
            "a row can be inserted for another tenant",
            format!(
                "INSERT INTO {name} ({tenant}{comma}{list}) \
                 SELECT '{a}'{comma}{list} FROM {name} WHERE {tenant} = '{b}' LIMIT 1"
            ),
        ),
        (
            "another tenant's rows can be changed",
            format!("UPDATE {name} SET {tenant} = {tenant} WHERE {tenant} = '{a}'"),
        ),
        (
            "another tenant's rows can be deleted",
            format!("DELETE FROM {name} WHERE {tenant} = '{a}'"),
        ),
        (
            "row-level security can be switched off",
            format!("SET LOCAL row_security = off; PERFORM FROM {name} LIMIT 1"),
        ),
    ];
    for (rule, statement) in attempts {
        if let Some(outcome) = attempt(guest, b, &statement).await? {
            findings.push(Finding::new(rule, format!("{name} ({outcome})")));
        }
    }
    Ok(())
}

/// Runs one attempt as tenant `b`; refused, or without effect, it is nothing to tell.
async fn attempt(guest: &mut Guest, b: Uuid, statement: &str) -> Result<Option<String>, RlsError> {
    // The condition, not its text, which the server may write in another language.
    let block = format!(
        "DO $proof$ BEGIN {statement}; IF FOUND THEN RAISE EXCEPTION 'it worked'; END IF; \
         EXCEPTION WHEN insufficient_privilege THEN NULL; END $proof$"
    );
    begin(guest, Some(b)).await?;
    let outcome = guest.conn.batch_execute(&block).await;
    rollback(guest).await?;
    Ok(outcome.err().map(|error| error.to_string()))
}

/// Calls a definer function through its probe, with no tenant and with another.
async fn probe(app: &mut Guest, function: &str, b: Uuid, findings: &mut Vec<Finding>) -> Result<(), RlsError> {
    let Some(probe) = PROBES.iter().find(|probe| probe.function == function) else {
        findings.push(Finding::new("definer function without a probe", function));
        return Ok(());
    };
    let relation = Relation {
        name: format!("({}) AS probe", probe.query),
        tenant: "tenant_id".to_owned(),
        columns: Vec::new(),
        is_table: false,
        readable: true,
    };
    read(app, &relation, b, findings).await
}

async fn begin(guest: &mut Guest, tenant: Option<Uuid>) -> Result<(), RlsError> {
    let (setting, value) = (guest.setting, tenant.map(guest.naming).unwrap_or_default());
    let sql = format!("BEGIN; SELECT set_config('{setting}', '{value}', true)");
    Ok(guest.conn.batch_execute(&sql).await?)
}

async fn rollback(guest: &mut Guest) -> Result<(), RlsError> {
    Ok(guest.conn.batch_execute("ROLLBACK").await?)
}

async fn count(connection: &mut AsyncPgConnection, relation: &str, condition: &str) -> Result<i64, RlsError> {
    let sql = format!("SELECT count(*) AS n FROM {relation} WHERE {condition}");
    let row = sql_query(sql).get_result::<Count>(connection).await;
    Ok(row?.n)
}
