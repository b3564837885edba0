//! Resolves names for the client.

use std::net::SocketAddr;
use std::pin::Pin;
use std::sync::Arc;

use reqwest::dns::{Addrs, Name, Resolve, Resolving};
use tokio::sync::Semaphore;

use crate::{EgressError, Rules};

/// Resolves names, and refuses those that lead inside. What it returns is what is connected to.
pub(crate) struct Checking {
    rules: Arc<Rules>,
    look_up: LookUp,
    /// Whoever asks for names that nobody answers for must not take all the threads that wait.
    at_once: Arc<Semaphore>,
}

const LOOK_UPS_AT_ONCE: usize = 64;

type Found = Pin<Box<dyn Future<Output = std::io::Result<Vec<SocketAddr>>> + Send>>;
pub(crate) type LookUp = Arc<dyn Fn(String) -> Found + Send + Sync>;

pub(crate) async fn look_up(name: String) -> std::io::Result<Vec<SocketAddr>> {
    Ok(tokio::net::lookup_host((name, 0)).await?.collect())
}

impl Checking {
    pub(crate) fn new(rules: Arc<Rules>, look_up: LookUp) -> Self {
        let at_once = Arc::new(Semaphore::new(LOOK_UPS_AT_ONCE));
        Self {
            rules,
            look_up,
            at_once,
        }
    }
}

impl Resolve for Checking {
    fn resolve(&self, name: Name) -> Resolving {
        let (rules, found) = (self.rules.clone(), (self.look_up)(name.as_str().to_owned()));
        let at_once = self.at_once.clone();
        Box::pin(async move {
            let _place = at_once.acquire().await?;
            let unresolved = || EgressError::Unresolved(name.as_str().to_owned());
            let found = found.await.map_err(|_error| unresolved())?;
            if found.is_empty() {
                return Err(unresolved().into());
            }
            for address in &found {
                rules.address(address.ip())?;
            }
            Ok(Box::new(found.into_iter()) as Addrs)
        })
    }
}
