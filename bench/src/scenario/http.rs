//! The commonest calls over HTTP at a steady rate, each due at its time whether or not the ones before are done.

use std::cell::RefCell;
use std::collections::BTreeMap;
use std::rc::Rc;
use std::time::Duration;

use anyhow::{Context, Result, ensure};
use serde_json::json;
use tokio::task::JoinSet;
use tokio::time::Instant;

use super::town::{Person, Town};
use super::{Scenario, warm_up};
use crate::contender::{Contender, Later, switchboard};
use crate::measure::{Histogram, Pace, Sample};
use crate::options::Options;
use crate::seed::Size;
use crate::wire::keep::{Ask, Kept};

const SIZE: Size = Size {
    tenants: 10,
    conversations: 1_000,
};
/// A figure that one in a hundred decides needs some hundreds of each call.
const LEAST: Duration = Duration::from_secs(15);
/// A connection that was idle for longer may be about to be closed by the server.
const FRESH: Duration = Duration::from_secs(2);

pub(super) struct Http;

impl Scenario for Http {
    fn name(&self) -> &'static str {
        "http"
    }

    /// It is about our own calls.
    fn suits(&self, contender: &dyn Contender) -> bool {
        contender.name() == switchboard::NAME
    }

    fn limit(&self) -> &'static str {
        ""
    }

    fn runs(&self, _asked: usize) -> usize {
        1
    }

    fn run<'a>(&'a self, options: &'a Options, contender: &'a dyn Contender) -> Later<'a, Vec<Sample>> {
        Box::pin(measure(options, contender))
    }
}

/// What is known of a call when it is done: its name and how long after it was due, if it counts.
type Done = Result<Option<(&'static str, Duration)>>;

async fn measure(options: &Options, contender: &dyn Contender) -> Result<Vec<Sample>> {
    let town = Town::fill(options, contender, SIZE).await?;
    let idle: Rc<RefCell<Vec<(Instant, Kept)>>> = Rc::default();
    let mut calling: JoinSet<Done> = JoinSet::new();
    let mut took: BTreeMap<&'static str, Histogram> = BTreeMap::new();
    let counts_from = Instant::now() + warm_up(options);
    let until = counts_from + LEAST.max(super::window(options));
    let mut pace = Pace::per_second(options.load.rate);
    for (n, &(name, call)) in CALLS.iter().cycle().enumerate() {
        // In each round of calls everyone asks for something else than in the one before.
        let who = (n + n / CALLS.len()) % town.people.len().max(1);
        let person = town.people.get(who).context("nobody is here")?;
        let due = pace.next().await;
        if due >= until {
            break;
        }
        let (idle, port, token, ask) = (idle.clone(), town.port, person.token.clone(), call(person, n));
        calling.spawn_local(async move {
            let kept = idle.borrow_mut().pop().filter(|(since, _)| since.elapsed() < FRESH);
            let mut connection = match kept {
                Some((_, connection)) => connection,
                None => Kept::open(port).await?,
            };
            connection.ask(&token, &ask).await?;
            idle.borrow_mut().push((Instant::now(), connection));
            Ok((due >= counts_from).then(|| (name, due.elapsed())))
        });
        while let Some(done) = calling.try_join_next() {
            count(&mut took, done?)?;
        }
    }
    while let Some(done) = calling.join_next().await {
        count(&mut took, done?)?;
    }
    ensure!(took.len() == CALLS.len(), "some calls were never made");
    Ok(samples(options.load.rate, &took))
}

fn count(took: &mut BTreeMap<&'static str, Histogram>, done: Done) -> Result<()> {
    if let Some((name, duration)) = done? {
        took.entry(name).or_default().record(duration);
    }
    Ok(())
}

fn samples(rate: f64, took: &BTreeMap<&'static str, Histogram>) -> Vec<Sample> {
    let of_one = |(name, histogram): (&&'static str, &Histogram)| {
        let case = format!("{rate}/s, {name}");
        [
            Sample::lower(&case, "p50", "ms", histogram.quantile_ms(0.5)),
            Sample::lower(&case, "p95", "ms", histogram.quantile_ms(0.95)),
            Sample::lower(&case, "p99", "ms", histogram.quantile_ms(0.99)),
        ]
    };
    took.iter().flat_map(of_one).collect()
}

type Call = fn(&Person, usize) -> Ask;

/// The ten commonest calls, each as often as the others.
const CALLS: [(&str, Call); 10] = [
    ("list", |_, _| Ask::get("/inbox/conversations")),
    ("counts", |_, _| Ask::get("/inbox/counts")),
    ("open", |person, n| Ask::get(conversation(person, n))),
    ("messages", |person, n| {
        Ask::get(format!("{}/messages", conversation(person, n)))
    }),
    ("reply", |person, n| {
        let text = "Thank you, we look into it and write again before the evening.";
        let body = json!({ "text": text, "key": uuid::Uuid::now_v7() });
        Ask::post(format!("{}/replies", conversation(person, n)), &body)
    }),
    ("read", |person, n| {
        Ask::post(
            format!("{}/read", conversation(person, n)),
            &json!({ "through": 5 + n }),
        )
    }),
    ("search", |_, _| Ask::get("/inbox/conversations?status=any&q=fischer")),
    ("customer", |person, _| {
        Ask::get(format!("/crm/contacts/{}", person.contact))
    }),
    ("team", |_, _| Ask::get("/identity/members")),
    ("me", |_, _| Ask::get("/identity/me")),
];

fn conversation(person: &Person, n: usize) -> String {
    format!("/inbox/conversations/{}", person.conversation(n / CALLS.len()))
}
