//! No question of the inbox makes the database read a tenant's table from end to end.
//!
//! The plans are those of what the server really asks, as the database itself writes them into its log.

use std::fs;
use std::path::PathBuf;

use diesel_async::{AsyncConnection, AsyncPgConnection, RunQueryDsl, SimpleAsyncConnection};
use serde_json::{Value, json};
use store::diesel::dsl::sql;
use store::diesel::sql_types::Text;

use crate::support::{Agent, Hub, in_seconds};

const PREPARE: &str = include_str!("../../../bench/src/seed/prepare.sql");
const TENANT: &str = include_str!("../../../bench/src/seed/tenant.sql");
const FINISH: &str = include_str!("../../../bench/src/seed/finish.sql");
/// A table of so few pages is rightly read whole.
const SMALL: f64 = 4.0;

#[tokio::test]
async fn no_question_reads_a_whole_table() {
    let mut hub = Hub::start().await;
    let owner = hub.owner("Template").await;
    hub.channel(&owner, json!({})).await;
    let mut admin = AsyncPgConnection::establish(&hub.urls().admin).await.unwrap();
    let Some(log) = log_of(&mut admin).await else {
        assert!(std::env::var_os("CI").is_none(), "this machine must look at the plans");
        println!("skipped: the log of this database is elsewhere");
        return;
    };
    seed(&mut admin, owner.me["user"]["email"].as_str().unwrap()).await;
    admin.batch_execute(EXPLAIN).await.unwrap();
    hub.stop();
    hub.start_again().await;

    let agent = hub.sign_in("agent-3-1@bench.example").await;
    let from = fs::metadata(&log).unwrap().len();
    ask_everything(&hub, &agent).await;
    let mut careless = AsyncPgConnection::establish(&hub.urls().admin).await.unwrap();
    careless.batch_execute(CARELESS).await.unwrap();
    let log = fs::read(&log).unwrap();
    let plans = plans(&String::from_utf8_lossy(&log[usize::try_from(from).unwrap()..]));

    let sees = |words: &str| plans.iter().any(|plan| plan.to_string().contains(words));
    for words in [
        "\"conversations\"",
        "\"messages\"",
        "\"contacts_by_words\"",
        "\"reads\"",
        "\"identities\"",
        "\"log_heads\"",
        "\"timers\"",
        "\"conversation_labels\"",
    ] {
        assert!(sees(words), "{words} among {} plans", plans.len());
    }
    let mut whole = vec![];
    for plan in &plans {
        for table in read_whole(&plan["Plan"]) {
            let pages = format!("(SELECT relpages::text FROM pg_class WHERE oid = 'public.{table}'::regclass)");
            if text(&mut admin, &pages).await.parse::<f64>().unwrap() > SMALL {
                whole.push(format!("{table}: {}", plan["Query Text"].as_str().unwrap()));
            }
        }
    }
    assert_eq!(whole, [format!("messages: {CARELESS}")]);
}

/// A question that does, to see that it would be found.
const CARELESS: &str = "SELECT FROM messages WHERE text = 'no such words'";

/// Has the plan of every statement of this database logged, those inside functions too.
const EXPLAIN: &str = "DO $$ BEGIN
    EXECUTE format('ALTER DATABASE %I SET session_preload_libraries = ''auto_explain''', current_database());
    EXECUTE format('ALTER DATABASE %I SET auto_explain.log_min_duration = 0', current_database());
    EXECUTE format('ALTER DATABASE %I SET auto_explain.log_nested_statements = on', current_database());
    EXECUTE format('ALTER DATABASE %I SET auto_explain.log_format = json', current_database());
  END $$";

async fn text(admin: &mut AsyncPgConnection, expression: &str) -> String {
    store::diesel::select(sql::<Text>(expression))
        .get_result(admin)
        .await
        .unwrap()
}

/// The database's log, if it is one of ours.
async fn log_of(admin: &mut AsyncPgConnection) -> Option<PathBuf> {
    let data = text(admin, "current_setting('data_directory')").await;
    let log = PathBuf::from(data).parent()?.join("postgres.log");
    log.is_file().then_some(log)
}

/// Ten tenants with a thousand conversations each.
async fn seed(admin: &mut AsyncPgConnection, owner: &str) {
    admin
        .batch_execute(&format!("SET seed.owner = '{owner}'"))
        .await
        .unwrap();
    admin.batch_execute(PREPARE).await.unwrap();
    for tenant in 1..=10 {
        let settings = format!("SET seed.tenant = {tenant}; SET seed.conversations = 1000; SET seed.messages = 5");
        admin.batch_execute(&settings).await.unwrap();
        admin.batch_execute(&format!("BEGIN; {TENANT}; COMMIT")).await.unwrap();
    }
    admin.batch_execute(FINISH).await.unwrap();
    admin.batch_execute("RESET ALL").await.unwrap();
    admin.batch_execute("VACUUM ANALYZE").await.unwrap();
}

/// All that the inbox, the customers' pages and the widget ask.
async fn ask_everything(hub: &Hub, agent: &Agent) {
    let conversations = "/inbox/conversations";
    let list = agent.get(conversations).await.expect(200);
    let (next, first) = (list["next"].as_str().unwrap(), &list["items"][0]["conversation"]);
    let (id, contact) = (first["id"].as_str().unwrap(), first["contact"]["id"].as_str().unwrap());
    let channel = first["channel_id"].as_str().unwrap();
    let mut paths = vec![
        "/inbox/counts".to_owned(),
        format!("{conversations}/{id}"),
        format!("{conversations}/{id}/messages"),
        format!("{conversations}/{id}/messages?before=4"),
        format!("{conversations}/{id}/messages?after=2"),
        "/crm/contacts".to_owned(),
        "/crm/contacts?q=schmidt".to_owned(),
        "/crm/contacts?q=a".to_owned(),
        format!("/crm/contacts/{contact}"),
    ];
    let labels = agent.get("/inbox/labels").await.expect(200);
    let label = labels["items"][0]["id"].as_str().unwrap();
    let of_one_kind = [
        "view=mine",
        "view=unassigned",
        "priority=urgent",
        "unread=true",
        "q=schmidt",
        "q=example",
        "q=%2342",
        "q=42",
    ]
    .map(str::to_owned)
    .into_iter()
    .chain([
        format!("channel_id={channel}"),
        format!("contact_id={contact}"),
        format!("label_id={label}"),
        format!("after={next}"),
    ]);
    for one in of_one_kind {
        for status in ["open", "pending", "snoozed", "resolved", "any"] {
            paths.push(format!("{conversations}?status={status}&{one}"));
            if !one.starts_with("view") && !one.starts_with("unread") {
                paths.push(format!("{conversations}?status={status}&{one}&unread=true&view=mine"));
            }
        }
    }
    for path in paths {
        // Prepared statements are planned for all values at once after the fifth time.
        for _ in 0..2 {
            agent.get(&path).await.expect(200);
        }
    }
    let channel = agent.get(&format!("/inbox/channels/{channel}")).await.expect(200);
    let visitor = hub.visitor(&channel).await;
    let thread = visitor.start("is anybody there?").await;
    visitor.get("/widget/conversations").await.expect(200);
    visitor
        .get(&format!("/widget/conversations/{thread}/messages"))
        .await
        .expect(200);
    write_everything(agent, &format!("{conversations}/{id}")).await;
}

/// What goes through the journal, which finds rows, too.
async fn write_everything(agent: &Agent, path: &str) {
    let snoozed = json!({ "status": "snoozed", "until": in_seconds(600) });
    for status in [snoozed, json!({ "status": "open" })] {
        agent.put(&format!("{path}/status"), &status).await.expect(200);
    }
    let read = json!({ "through": 99 });
    agent.post(&format!("{path}/read"), &read).await.expect(204);
}

/// The plans in a stretch of the log.
fn plans(log: &str) -> Vec<Value> {
    let written = log.split(" plan:\n").skip(1);
    let plans = written.map(|text| {
        // Lines that go on begin with a tab.
        let lines = text.lines().take_while(|line| line.starts_with('\t'));
        serde_json::from_str(&lines.collect::<String>()).unwrap()
    });
    plans.collect()
}

/// The tables that a plan reads from end to end.
fn read_whole(plan: &Value) -> Vec<String> {
    let here = (plan["Node Type"] == "Seq Scan").then(|| plan["Relation Name"].as_str().unwrap_or_default().to_owned());
    let below = plan["Plans"].as_array().into_iter().flatten().flat_map(read_whole);
    here.into_iter().chain(below).collect()
}
