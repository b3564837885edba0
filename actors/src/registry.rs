//! What modules bring to the live part: operations, timers, channel accounts, and who hears what.

use std::collections::HashMap;
use std::future::Future;
use std::sync::Arc;

use delivery::{Audience, Refusal, Written, problem, read_fields};
use futures_util::future::LocalBoxFuture;
use kernel::channel::Connector;
use kernel::{Caller, ChannelId, Code, Fault, JobId, Permission, Problem, Recorded};
use serde::Serialize;
use serde::de::DeserializeOwned;
use serde_json::Value;
use store::sweep::Dust;
use uuid::Uuid;

use crate::Hub;
use crate::follower::{self, Follow, Follower, MOST_FOLLOWERS};
use crate::job::{self, NewStepper, Perform};
use crate::worker::{NewWork, Work};

/// One account on a channel, ready to send.
pub struct Account {
    pub name: String,
    pub kind: &'static str,
    pub connector: Box<dyn Connector>,
}

type Op = Arc<dyn Fn(Hub, Caller, Uuid, Value) -> LocalBoxFuture<'static, Result<Written, Problem>> + Send + Sync>;
type Hearer = fn(&Hub, &Recorded);
type TimerFn = Arc<dyn Fn(Hub, Caller, Uuid) -> LocalBoxFuture<'static, Result<(), String>> + Send + Sync>;
type OpenAccount =
    Arc<dyn Fn(Hub, Caller, ChannelId) -> LocalBoxFuture<'static, Result<Account, String>> + Send + Sync>;

/// Everything the modules registered.
#[derive(Clone, Default)]
pub struct Registry {
    /// Who hears what.
    pub audience: Audience,
    ops: HashMap<&'static str, Op>,
    customer_ops: HashMap<&'static str, Op>,
    hearers: HashMap<&'static str, Hearer>,
    timers: HashMap<&'static str, TimerFn>,
    accounts: Option<OpenAccount>,
    followers: Vec<Follower>,
    works: HashMap<&'static str, NewWork>,
    jobs: HashMap<&'static str, (NewStepper, Option<Permission>)>,
    dust: Vec<Dust>,
}

impl Registry {
    /// Adds an operation of the team's sockets. It is given the connection's id, too.
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
        self.ops.insert(name, op(run));
    }

    /// Adds an operation of customers' sockets: they have no other ones.
    pub fn customer_op<T, R, E, Fut>(
        &mut self,
        name: &'static str,
        run: impl Fn(Hub, Caller, Uuid, T) -> Fut + Send + Sync + 'static,
    ) where
        T: DeserializeOwned + 'static,
        R: Serialize,
        E: Fault,
        Fut: Future<Output = Result<R, E>> + 'static,
    {
        self.customer_ops.insert(name, op(run));
    }

    /// Adds what to do in memory after every commit with an event of this kind. It must not wait; what must not be lost
    /// when the server dies does not belong here.
    pub fn after(&mut self, kind: &'static str, hear: Hearer) {
        self.hearers.insert(kind, hear);
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

    /// Adds a follower of the log.
    pub fn follow<F: Follow>(&mut self) {
        let place = self.followers.len();
        if place >= MOST_FOLLOWERS {
            tracing::error!(follower = F::NAME, "there are too many followers");
            return;
        }
        let (name, patterns) = (F::NAME, F::PATTERNS);
        self.followers.push(Follower { name, patterns, place });
        self.work(name, move |hub, caller, _| follower::work::<F>(hub, caller, place));
    }

    /// Adds work of a kind, which is done for each thing by a worker of its own.
    pub fn work(
        &mut self,
        kind: &'static str,
        new: impl Fn(Hub, Caller, Uuid) -> Box<dyn Work> + Send + Sync + 'static,
    ) {
        self.works.insert(kind, Arc::new(new));
    }

    /// Adds a kind of long work.
    pub fn job<P: Perform>(&mut self) {
        self.jobs.insert(P::KIND, (job::stepper::<P>, P::FILE_NEEDS));
        self.work(job::WORK, |hub, caller, id| {
            Box::new(job::Running::new(hub, caller, JobId(id)))
        });
    }

    /// Adds rows that are swept up once a day.
    pub fn dust(&mut self, dust: Dust) {
        self.dust.push(dust);
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

    pub(crate) fn find_op(&self, caller: &Caller, name: &str) -> Result<Op, Problem> {
        let is_customer = caller.contact().is_some();
        let ops = if is_customer { &self.customer_ops } else { &self.ops };
        ops.get(name).cloned().ok_or_else(|| problem(&Refusal::UnknownOp))
    }

    pub(crate) fn hearer(&self, kind: &str) -> Option<Hearer> {
        self.hearers.get(kind).copied()
    }

    pub(crate) fn find_timer(&self, kind: &str) -> Option<TimerFn> {
        self.timers.get(kind).cloned()
    }

    pub(crate) fn followers(&self) -> &[Follower] {
        &self.followers
    }

    pub(crate) fn find_work(&self, kind: &str) -> Option<(&'static str, NewWork)> {
        self.works.get_key_value(kind).map(|(kind, new)| (*kind, new.clone()))
    }

    pub(crate) fn find_job(&self, kind: &str) -> Option<NewStepper> {
        self.jobs.get(kind).map(|(new, _)| *new)
    }

    pub(crate) fn file_needs(&self, kind: &str) -> Option<Permission> {
        self.jobs.get(kind)?.1
    }

    pub(crate) fn has_no_jobs(&self) -> bool {
        self.jobs.is_empty()
    }

    pub(crate) fn all_dust(&self) -> &[Dust] {
        &self.dust
    }

    pub(crate) async fn open_account(&self, hub: &Hub, caller: &Caller, channel: ChannelId) -> Result<Account, String> {
        let Some(open) = self.accounts.clone() else {
            return Err("no module opens channel accounts".into());
        };
        open(hub.clone(), caller.clone(), channel).await
    }
}

/// Puts what a module can do into a form that is the same for all.
fn op<T, R, E, Fut>(run: impl Fn(Hub, Caller, Uuid, T) -> Fut + Send + Sync + 'static) -> Op
where
    T: DeserializeOwned + 'static,
    R: Serialize,
    E: Fault,
    Fut: Future<Output = Result<R, E>> + 'static,
{
    let run = Arc::new(run);
    Arc::new(move |hub, caller, session, fields| {
        let run = run.clone();
        Box::pin(async move {
            let fields = read_fields(fields)?;
            let reply = run(hub, caller, session, fields)
                .await
                .map_err(|fault| problem(&fault))?;
            let written = kernel::json::text_of(&reply).map_err(|e| problem(&Unwritable(e)))?;
            Ok(Written(written))
        })
    })
}

#[derive(Debug, thiserror::Error)]
#[error("an answer could not be written")]
struct Unwritable(#[source] serde_json::Error);

impl Fault for Unwritable {
    fn code(&self) -> Code {
        Code::Internal
    }
}
