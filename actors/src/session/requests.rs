//! What a session carries out itself: saying hello, renewing, subscribing, being present.

use kernel::Problem;
use serde_json::Value;
use uuid::Uuid;

use crate::bus;
use crate::protocol::{Hello, Renew, SetPresence, Topics, Written};
use crate::registry::{Refusal, problem, read_fields};
use crate::{Admission, Hub, LiveError};

const MAX_TOPICS: usize = 200;

/// What carrying out a request led to.
pub(super) enum Done {
    Answered(Written),
    Greeted { admission: Box<Admission>, hello: Hello },
    Renewed(Box<Admission>),
    Subscribed { topics: Vec<String>, cursor: i64 },
    Unsubscribed { topics: Vec<String> },
}

pub(super) async fn hello(hub: Hub, fields: Value) -> Result<Done, Problem> {
    let hello: Hello = read_fields(fields)?;
    let admission = Box::new(hub.registry().check_token(&hello.token)?);
    check_topics(&hub, &admission, &hello.topics)?;
    Ok(Done::Greeted { admission, hello })
}

pub(super) async fn renew(hub: Hub, fields: Value) -> Result<Done, Problem> {
    let renew: Renew = read_fields(fields)?;
    let admission = hub.registry().check_token(&renew.token)?;
    Ok(Done::Renewed(Box::new(admission)))
}

pub(super) async fn subscribe(
    hub: Hub,
    me: Box<Admission>,
    session: Uuid,
    fields: Value,
    is_on: bool,
) -> Result<Done, Problem> {
    let asked: Topics = read_fields(fields)?;
    check_topics(&hub, &me, &asked.topics)?;
    let topics = full_topics(&me, &asked.topics);
    let ask = bus::Subscribe {
        tenant: me.caller.tenant,
        session,
        topics: topics.clone(),
        is_on,
    };
    let cursor = hub.bus().send(ask).await.map_err(|e| problem(&LiveError::from(e)))?;
    Ok(if is_on {
        Done::Subscribed { topics, cursor }
    } else {
        Done::Unsubscribed { topics }
    })
}

pub(super) async fn be(hub: Hub, me: Box<Admission>, session: Uuid, fields: Value) -> Result<Done, Problem> {
    let asked: SetPresence = read_fields(fields)?;
    let be = bus::Look::Be(me.caller.tenant, session, asked.state);
    hub.bus().try_send(be).map_err(|_cause| problem(&LiveError::Busy))?;
    Ok(Done::Answered(Written("{}".into())))
}

pub(super) fn check_topics(hub: &Hub, me: &Admission, topics: &[String]) -> Result<(), Problem> {
    if topics.len() > MAX_TOPICS {
        return Err(problem(&Refusal::TooManyTopics));
    }
    topics
        .iter()
        .try_for_each(|topic| hub.registry().check_topic(&me.caller, topic))
}

/// `me` stands for the caller's own topic.
pub(super) fn full_topics(me: &Admission, topics: &[String]) -> Vec<String> {
    let own = me.caller.who.to_string();
    let full = topics.iter().map(|topic| if topic == "me" { &own } else { topic });
    full.cloned().collect()
}

/// The topics as a client names them.
pub(super) fn asked(me: &Admission, topics: &[String]) -> Vec<String> {
    let own = me.caller.who.to_string();
    let asked = topics.iter().map(|topic| if *topic == own { "me" } else { topic });
    asked.map(str::to_owned).collect()
}
