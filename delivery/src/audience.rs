//! What modules bring to delivery: topics and who may hear them, what customers see of events, how tokens are checked.

use std::collections::HashMap;
use std::sync::Arc;

use chrono::{DateTime, Utc};
use kernel::{Caller, ContactId, Permission, Problem, Recorded, SessionId};
use uuid::Uuid;

use crate::desk::{Refusal, problem};

/// Who was let in by a token, and for how long.
#[derive(Clone, Debug)]
pub struct Admission {
    pub caller: Caller,
    /// The sign-in behind it; signing out closes its connections.
    pub session: Option<SessionId>,
    pub expires_at: DateTime<Utc>,
}

impl Admission {
    /// Whether both are the same person, in the same tenant, by the same sign-in.
    pub(crate) fn is_same(&self, other: &Self) -> bool {
        let (mine, theirs) = (&self.caller, &other.caller);
        mine.tenant == theirs.tenant && mine.who == theirs.who && self.session == other.session
    }
}

/// What a caller hears that is only theirs.
pub(crate) const ME: &str = "me";

type Admit = Arc<dyn Fn(&str) -> Result<Admission, Problem> + Send + Sync>;
type BroadTopic = fn(&str) -> Option<&'static str>;
type VisitorView = fn(&Recorded) -> Option<(ContactId, String)>;

/// Everything that decides who hears what.
#[derive(Clone, Default)]
pub struct Audience {
    topics: HashMap<&'static str, Permission>,
    /// Topics of single things: `conversation:ID`.
    things: HashMap<&'static str, Permission>,
    broad: Vec<BroadTopic>,
    views: Vec<VisitorView>,
    admit: Option<Admit>,
}

impl Audience {
    /// Adds a topic, such as `inbox`, and the permission to hear it.
    pub fn topic(&mut self, name: &'static str, permission: Permission) {
        self.topics.insert(name, permission);
    }

    /// Adds a topic for each thing of a kind, `conversation:ID`, and the permission to hear them.
    pub fn topic_of_each(&mut self, kind: &'static str, permission: Permission) {
        self.things.insert(kind, permission);
    }

    /// Adds a rule that sends kinds of events to a broad topic, besides their subject's own.
    pub fn broad(&mut self, rule: BroadTopic) {
        self.broad.push(rule);
    }

    /// Adds what contacts may see of events.
    pub fn view(&mut self, view: VisitorView) {
        self.views.push(view);
    }

    /// Sets how tokens are checked.
    pub fn admit(&mut self, admit: impl Fn(&str) -> Result<Admission, Problem> + Send + Sync + 'static) {
        self.admit = Some(Arc::new(admit));
    }

    pub(crate) fn check_token(&self, token: &str) -> Result<Admission, Problem> {
        let admit = self.admit.as_ref().ok_or_else(|| problem(&Refusal::UnknownOp))?;
        admit(token)
    }

    /// Whether the caller may hear a topic. Contacts hear what is theirs and ask for nothing.
    pub(crate) fn check_topic(&self, caller: &Caller, topic: &str) -> Result<(), Problem> {
        if topic == ME {
            return Ok(());
        }
        let permission = match topic.split_once(':') {
            Some((kind, id)) => self.things.get(kind).filter(|_| is_id(id)),
            None => self.topics.get(topic),
        };
        let permission = permission.ok_or_else(|| problem(&Refusal::UnknownTopic))?;
        if caller.contact().is_some() || !caller.may(*permission) {
            return Err(problem(&Refusal::TopicForbidden));
        }
        Ok(())
    }

    pub(crate) fn broad_topic(&self, kind: &str) -> Option<&'static str> {
        self.broad.iter().find_map(|rule| rule(kind))
    }

    pub(crate) fn visitor_view(&self, recorded: &Recorded) -> Option<(ContactId, String)> {
        self.views.iter().find_map(|view| view(recorded))
    }
}

/// An id as we write it: the same thing has one topic.
fn is_id(text: &str) -> bool {
    Uuid::try_parse(text).is_ok_and(|id| text == id.hyphenated().encode_lower(&mut Uuid::encode_buffer()))
}

#[cfg(test)]
mod tests {
    use kernel::{Permissions, TenantId};

    use super::*;

    #[test]
    fn a_topic_is_known_by_its_whole_name() {
        let mut audience = Audience::default();
        audience.topic("inbox", Permission::ReadConversations);
        audience.topic_of_each("conversation", Permission::ReadConversations);
        let mut caller = Caller::system(TenantId::fresh(), "test");
        let id = Uuid::now_v7();
        let known = ["me".to_owned(), "inbox".into(), format!("conversation:{id}")];
        let unknown = [
            String::new(),
            "conversation".into(),
            "conversation:".into(),
            "conversation:1".into(),
            format!("conversation:{}", id.simple()),
            format!("conversation:{id} "),
            format!("inbox:{id}"),
            "x".repeat(100_000),
        ];
        let word = |caller: &Caller, topic: &str| audience.check_topic(caller, topic).err().map(|problem| problem.code);
        known
            .iter()
            .for_each(|topic| assert_eq!(word(&caller, topic), None, "{topic}"));
        for topic in unknown {
            assert_eq!(word(&caller, &topic).as_deref(), Some("unknown_topic"), "{topic:.60}");
        }
        caller.permissions = Permissions::default();
        assert_eq!(word(&caller, "inbox").as_deref(), Some("forbidden"));
    }
}
