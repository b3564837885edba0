//! What a session carries out itself: saying hello, renewing, subscribing, being present.

use std::sync::Arc;

use kernel::Problem;
use serde_json::Value;
use uuid::Uuid;

use crate::audience::Admission;
use crate::budget::Budget;
use crate::bus;
use crate::delivery::Delivery;
use crate::desk::{Refusal, Written, problem, read_fields};
use crate::protocol::{Hello, Renew, SetPresence, Topics};

const MAX_TOPICS: usize = 200;
/// So many topics are as much work as a request.
const TOPICS_A_REQUEST: usize = 10;

/// What carrying out a request led to.
pub(super) enum Done {
    Answered(Written),
    Greeted {
        admission: Box<Admission>,
        hello: Hello,
    },
    Renewed(Box<Admission>),
    /// All that is heard from now on.
    Subscribed {
        topics: Vec<String>,
        cursor: i64,
    },
}

pub(super) async fn hello(delivery: Delivery, fields: Value) -> Result<Done, Problem> {
    let mut hello: Hello = read_fields(fields)?;
    let admission = Box::new(delivery.audience().check_token(&hello.token)?);
    hello.topics = distinct(hello.topics);
    // Nothing stands before the first event.
    hello.cursor = hello.cursor.map(|cursor| cursor.max(0));
    check_topics(&delivery, &admission, &hello.topics)?;
    Ok(Done::Greeted { admission, hello })
}

pub(super) async fn renew(delivery: Delivery, fields: Value) -> Result<Done, Problem> {
    let renew: Renew = read_fields(fields)?;
    let admission = delivery.audience().check_token(&renew.token)?;
    Ok(Done::Renewed(Box::new(admission)))
}

/// Whose topics change, and what they are until then.
pub(super) struct Hearing {
    pub(super) delivery: Delivery,
    pub(super) me: Box<Admission>,
    pub(super) session: Uuid,
    pub(super) topics: Vec<String>,
    pub(super) budget: Arc<Budget>,
}

impl Hearing {
    pub(super) async fn subscribe(mut self, fields: Value) -> Result<Done, Problem> {
        let asked: Topics = read_fields(fields)?;
        let spent = self.budget.take_for(asked.topics.len() / TOPICS_A_REQUEST);
        spent.map_err(|wait| problem(&Refusal::TooFast(wait)))?;
        self.topics.extend(asked.topics);
        self.topics = distinct(self.topics);
        check_topics(&self.delivery, &self.me, &self.topics)?;
        self.hear().await
    }

    pub(super) async fn unsubscribe(mut self, fields: Value) -> Result<Done, Problem> {
        let asked: Topics = read_fields(fields)?;
        self.topics.retain(|topic| !asked.topics.contains(topic));
        self.hear().await
    }

    async fn hear(self) -> Result<Done, Problem> {
        let ask = bus::Hear {
            tenant: self.me.caller.tenant,
            session: self.session,
            topics: self.topics.clone(),
        };
        let bus = self.delivery.bus();
        // A bus that does not know us was started anew, and has told us to come back.
        let cursor = bus.send(ask).await.ok().flatten();
        let cursor = cursor.ok_or_else(|| problem(&Refusal::Busy))?;
        let topics = self.topics;
        Ok(Done::Subscribed { topics, cursor })
    }
}

pub(super) async fn be(delivery: Delivery, me: Box<Admission>, session: Uuid, fields: Value) -> Result<Done, Problem> {
    let asked: SetPresence = read_fields(fields)?;
    let be = bus::Look::Be(me.caller.tenant, session, asked.state);
    delivery.bus().try_send(be).map_err(|_cause| problem(&Refusal::Busy))?;
    Ok(Done::Answered(Written("{}".into())))
}

/// Whether all of these may be heard on one connection.
pub(super) fn check_topics(delivery: &Delivery, me: &Admission, topics: &[String]) -> Result<(), Problem> {
    if topics.len() > MAX_TOPICS {
        return Err(problem(&Refusal::TooManyTopics));
    }
    let mut topics = topics.iter();
    topics.try_for_each(|topic| delivery.audience().check_topic(&me.caller, topic))
}

/// Each topic once.
pub(super) fn distinct(mut topics: Vec<String>) -> Vec<String> {
    topics.sort_unstable();
    topics.dedup();
    topics
}
