//! The inbox at a million conversations: what each question takes, asked of one tenant after another by one agent at a time.

use std::time::Duration;

use anyhow::Result;
use tokio::time::Instant;

use super::town::{Person, Town};
use super::{Scenario, grouped};
use crate::contender::{Contender, Later, switchboard};
use crate::measure::{Histogram, Sample};
use crate::options::Options;
use crate::seed::Size;
use crate::wire::keep::{Ask, Kept};

const NAMES: [&str; 8] = [
    "fischer",
    "ada adler",
    "garcia",
    "hugo",
    "zeno",
    "nguyen",
    "maya",
    "okafor",
];
const ADDRESSES: [&str; 4] = ["maya.meyer", "ben.costa", "@river", "felix.fischer12"];

pub(super) struct Inbox;

impl Scenario for Inbox {
    fn name(&self) -> &'static str {
        "inbox"
    }

    /// It is about our own lists.
    fn suits(&self, contender: &dyn Contender) -> bool {
        contender.name() == switchboard::NAME
    }

    fn limit(&self) -> &'static str {
        ""
    }

    /// Filling takes minutes, and a figure is one of hundreds of requests.
    fn runs(&self, _asked: usize) -> usize {
        1
    }

    fn patience(&self) -> Duration {
        Duration::from_mins(10)
    }

    fn run<'a>(&'a self, options: &'a Options, contender: &'a dyn Contender) -> Later<'a, Vec<Sample>> {
        Box::pin(measure(options, contender))
    }
}

async fn measure(options: &Options, contender: &dyn Contender) -> Result<Vec<Sample>> {
    let size = Size {
        tenants: options.load.inbox_tenants,
        conversations: options.load.inbox_conversations,
    };
    let town = Town::fill(options, contender, size).await?;
    let all = grouped(size.tenants * size.conversations);
    let mut connection = Kept::open(town.port).await?;
    let mut samples = Vec::new();
    for (name, question) in QUESTIONS {
        let (mut at_server, mut seen) = (Histogram::default(), Histogram::default());
        // The first round is for the caches: of the database, and of its plans.
        for round in 0..=options.load.inbox_requests.div_ceil(town.people.len()) {
            for (n, person) in town.people.iter().enumerate() {
                let from = Instant::now();
                let told = connection.ask(&person.token, &question(person, round + n)).await?;
                if round > 0 {
                    at_server.record(told.at_server);
                    seen.record(from.elapsed());
                }
            }
        }
        let case = format!("{all} conversations, {name}");
        samples.extend([
            Sample::lower(&case, "p99 at the server", "ms", at_server.quantile_ms(0.99)),
            Sample::lower(&case, "p50 at the server", "ms", at_server.quantile_ms(0.5)),
            Sample::beside(&case, "p99 seen", "ms", seen.quantile_ms(0.99)),
        ]);
    }
    Ok(samples)
}

type Question = fn(&Person, usize) -> Ask;

/// What agents ask.
const QUESTIONS: [(&str, Question); 16] = [
    ("list", |_, _| list("")),
    ("next page", |person, _| list(&format!("after={}", person.next))),
    ("mine", |_, _| list("view=mine")),
    ("nobody's", |_, _| list("view=unassigned")),
    ("unread", |_, _| list("unread=true")),
    ("resolved", |_, _| list("status=resolved")),
    ("any status", |_, _| list("status=any")),
    ("urgent", |_, _| list("status=any&priority=urgent")),
    ("a channel", |person, _| list(&format!("channel_id={}", person.channel))),
    ("a customer", |person, _| {
        list(&format!("status=any&contact_id={}", person.contact))
    }),
    ("search a name", |_, n| {
        list(&format!("status=any&q={}", word(&NAMES, n)))
    }),
    ("search an address", |_, n| {
        list(&format!("status=any&q={}", word(&ADDRESSES, n)))
    }),
    ("search a number", |_, n| {
        list(&format!("status=any&q=%23{}", 1 + n % 1_000))
    }),
    ("counts", |_, _| Ask::get("/inbox/counts")),
    ("open", |person, n| {
        Ask::get(format!("/inbox/conversations/{}", person.conversation(n)))
    }),
    ("messages", |person, n| {
        Ask::get(format!("/inbox/conversations/{}/messages", person.conversation(n)))
    }),
];

fn list(filter: &str) -> Ask {
    Ask::get(format!("/inbox/conversations?{filter}"))
}

fn word(words: &[&str], n: usize) -> String {
    let word = words.get(n % words.len().max(1)).copied().unwrap_or_default();
    word.replace(' ', "%20")
}
