//! What modules bring to the live part: operations, topics, views for visitors, timers, channel accounts.

use std::collections::HashMap;
use std::future::Future;
use std::sync::Arc;

use chrono::{DateTime, Utc};
use futures_util::future::LocalBoxFuture;
use kernel::channel::Connector;
use kernel::{Caller, ChannelId, Code, ContactId, Fault, FieldError, Permission, Problem, Recorded, SessionId};
use serde::Serialize;
use serde::de::DeserializeOwned;
use serde_json::Value;
use uuid::Uuid;

use crate::Hub;
use crate::protocol::Written;

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

/// One account on a channel, ready to send.
pub struct Account {
    pub name: String,
    pub kind: &'static str,
    pub connector: Box<dyn Connector>,
}

type Op = Arc<dyn Fn(Hub, Caller, Uuid, Value) -> LocalBoxFuture<'static, Result<Written, Problem>> + Send + Sync>;
type TimerFn = Arc<dyn Fn(Hub, Caller, Uuid) -> LocalBoxFuture<'static, Result<(), String>> + Send + Sync>;
type Admit = Arc<dyn Fn(&str) -> Result<Admission, Problem> + Send + Sync>;
type BroadTopic = fn(&str) -> Option<&'static str>;
type VisitorView = fn(&Recorded) -> Option<(ContactId, String)>;
type OpenAccount =
    Arc<dyn Fn(Hub, Caller, ChannelId) -> LocalBoxFuture<'static, Result<Account, String>> + Send + Sync>;

/// Everything the modules registered.
#[derive(Clone, Default)]
pub struct Registry {
    ops: HashMap<&'static str, Op>,
    topics: HashMap<&'static str, Permission>,
    broad: Vec<BroadTopic>,
    views: Vec<VisitorView>,
    timers: HashMap<&'static str, TimerFn>,
    admit: Option<Admit>,
    accounts: Option<OpenAccount>,
}

impl Registry {
    /// Adds an operation of the socket. It is given the connection's id, too.
    pub fn op<T, R, E, Fut>(
        &mut self,
        name: &'static str,
        run: impl Fn(Hub, Caller, Uuid, T) -> Fut + Send + Sync + 'static,
    ) where
        T: DeserializeOwned + 'static,
        R: Serialize,
        E: Fault,
        Fut: Future<Output = Result<R, E>> + 'static,
    {
        let run = Arc::new(run);
        let op: Op = Arc::new(move |hub, caller, session, fields| {
            let run = run.clone();
            Box::pin(async move {
                let fields = read_fields(fields)?;
                let reply = run(hub, caller, session, fields)
                    .await
                    .map_err(|fault| problem(&fault))?;
                let written = kernel::json::text_of(&reply).map_err(|e| problem(&Unwritable(e)))?;
                Ok(Written(written))
            })
        });
        self.ops.insert(name, op);
    }

    /// Adds a kind of topic (`inbox`, or `conversation` for `conversation:ID`) and the permission to hear it.
    pub fn topic(&mut self, name: &'static str, permission: Permission) {
        self.topics.insert(name, permission);
    }

    /// Adds a rule that sends kinds of events to a broad topic, besides their subject's own.
    pub fn broad(&mut self, rule: BroadTopic) {
        self.broad.push(rule);
    }

    /// Adds what contacts may see of events.
    pub fn view(&mut self, view: VisitorView) {
        self.views.push(view);
    }

    /// Adds what to do when a timer of this kind is due.
    pub fn timer<E: Fault, Fut>(
        &mut self,
        kind: &'static str,
        run: impl Fn(Hub, Caller, Uuid) -> Fut + Send + Sync + 'static,
    ) where
        Fut: Future<Output = Result<(), E>> + 'static,
    {
        let run = Arc::new(run);
        let timer: TimerFn = Arc::new(move |hub, caller, subject| {
            let run = run.clone();
            Box::pin(async move { run(hub, caller, subject).await.map_err(|fault| fault.to_string()) })
        });
        self.timers.insert(kind, timer);
    }

    /// Sets how tokens are checked.
    pub fn admit(&mut self, admit: impl Fn(&str) -> Result<Admission, Problem> + Send + Sync + 'static) {
        self.admit = Some(Arc::new(admit));
    }

    /// Sets how channel accounts are opened for their bridges.
    pub fn accounts<E: Fault, Fut>(&mut self, open: impl Fn(Hub, Caller, ChannelId) -> Fut + Send + Sync + 'static)
    where
        Fut: Future<Output = Result<Account, E>> + 'static,
    {
        let open = Arc::new(open);
        self.accounts = Some(Arc::new(move |hub, caller, channel| {
            let open = open.clone();
            Box::pin(async move { open(hub, caller, channel).await.map_err(|fault| fault.to_string()) })
        }));
    }

    pub(crate) fn find_op(&self, name: &str) -> Result<Op, Problem> {
        self.ops.get(name).cloned().ok_or_else(|| problem(&Refusal::UnknownOp))
    }

    pub(crate) fn find_timer(&self, kind: &str) -> Option<TimerFn> {
        self.timers.get(kind).cloned()
    }

    pub(crate) fn check_token(&self, token: &str) -> Result<Admission, Problem> {
        let admit = self.admit.as_ref().ok_or_else(|| problem(&Refusal::UnknownOp))?;
        admit(token)
    }

    pub(crate) async fn open_account(&self, hub: &Hub, caller: &Caller, channel: ChannelId) -> Result<Account, String> {
        let Some(open) = self.accounts.clone() else {
            return Err("no module opens channel accounts".into());
        };
        open(hub.clone(), caller.clone(), channel).await
    }

    /// Whether the caller may hear a topic. Contacts hear what is theirs and ask for nothing.
    pub(crate) fn check_topic(&self, caller: &Caller, topic: &str) -> Result<(), Problem> {
        if topic == "me" {
            return Ok(());
        }
        let kind = topic.split_once(':').map_or(topic, |(kind, _)| kind);
        let permission = self.topics.get(kind).ok_or_else(|| problem(&Refusal::UnknownTopic))?;
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

/// Reads the fields of a request, or says which one is wrong.
pub(crate) fn read_fields<T: DeserializeOwned>(fields: Value) -> Result<T, Problem> {
    serde_path_to_error::deserialize(fields).map_err(|e| {
        let path = e.path().to_string();
        let field = if path == "." { "request".to_owned() } else { path };
        problem(&Refusal::BadFields(FieldError::new(field, e.into_inner().to_string())))
    })
}

/// Tells of a fault to a client of the socket; what is internal is logged under a fresh trace id.
pub(crate) fn problem(fault: &impl Fault) -> Problem {
    let trace = Uuid::now_v7().simple().to_string();
    if fault.code() == Code::Internal {
        tracing::error!(trace, error = %kernel::fault::chain(fault), "a live request failed");
    }
    Problem::of(fault, &trace)
}

/// What the socket itself refuses.
#[derive(Debug, thiserror::Error)]
pub(crate) enum Refusal {
    #[error("there is no such operation")]
    UnknownOp,
    #[error("there is no such topic")]
    UnknownTopic,
    #[error("you may not hear this topic")]
    TopicForbidden,
    #[error("some fields are not valid")]
    BadFields(FieldError),
    #[error("say hello first")]
    NoHello,
    #[error("hello was said already; renew brings a fresh token")]
    SecondHello,
    #[error("a fresh token must be of the same person")]
    OtherPerson,
    #[error("too many requests are waiting on this connection")]
    TooMany,
    #[error("at most 200 topics can be heard on one connection")]
    TooManyTopics,
}

impl Fault for Refusal {
    fn code(&self) -> Code {
        match self {
            Self::UnknownOp | Self::UnknownTopic | Self::BadFields(_) | Self::TooManyTopics | Self::SecondHello => {
                Code::Invalid
            }
            Self::TopicForbidden => Code::Forbidden,
            Self::NoHello | Self::OtherPerson => Code::Unauthenticated,
            Self::TooMany => Code::TooMany,
        }
    }

    fn word(&self) -> &'static str {
        match self {
            Self::UnknownOp => "unknown_op",
            Self::UnknownTopic => "unknown_topic",
            _ => self.code().word(),
        }
    }

    fn fields(&self) -> Vec<FieldError> {
        match self {
            Self::BadFields(field) => vec![field.clone()],
            _ => vec![],
        }
    }
}

#[derive(Debug, thiserror::Error)]
#[error("an answer could not be written")]
struct Unwritable(#[source] serde_json::Error);

impl Fault for Unwritable {
    fn code(&self) -> Code {
        Code::Internal
    }
}
