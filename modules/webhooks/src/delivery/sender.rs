//! The sender of one webhook: what is due goes out, several at once, and what came back is written down.

use std::time::Duration;

use ::api::Seal;
use actors::{Hub, Work};
use chrono::{DateTime, TimeDelta, Utc};
use egress::{Answer, Egress, Request};
use futures_util::future::LocalBoxFuture;
use futures_util::{StreamExt, stream};
use kernel::Caller;
use reqwest::Method;
use reqwest::header::{CONTENT_TYPE, HeaderMap, HeaderValue};
use serde_json::value::RawValue;
use store::{StoreError, Tx};
use tokio::time::Instant;

use super::model::{Attempt, DeliveryState};
use super::queries::{self, Due};
use super::rules::{self, Next, Outcome};
use super::signature::signature;
use super::{DUE_TIMER, DeliveryId};
use crate::webhook::{MOST_AT_ONCE, Webhook, WebhookError, WebhookId, WebhookState, queries as webhooks};

/// How long a receiver may take, and how much of what it says is kept.
const PATIENCE: Duration = Duration::from_secs(15);
const MOST_ANSWER: usize = 1024;
/// So many are read at once, and written down together if they came back together.
const PAGE: i64 = 256;
/// What is due sooner is waited for; the rest is a timer.
const SOON: TimeDelta = TimeDelta::seconds(60);

pub(super) struct Sender {
    hub: Hub,
    caller: Caller,
    id: WebhookId,
    seal: Seal,
    egress: Egress,
}

/// What came of one attempt.
struct Tried {
    id: DeliveryId,
    attempt: Attempt,
    next: Next,
}

impl Sender {
    pub(super) fn new(hub: Hub, caller: Caller, id: WebhookId, seal: Seal, egress: Egress) -> Self {
        Self {
            hub,
            caller,
            id,
            seal,
            egress,
        }
    }

    async fn run(&self) -> Result<Option<Duration>, WebhookError> {
        loop {
            let Some((webhook, secrets)) = self.look().await? else {
                return Ok(None);
            };
            let now = self.hub.store().clock().now();
            let is_probed = rules::is_probed(webhook.failures);
            if is_probed && let Some(wait) = until_probe(&webhook, now) {
                return Ok(Some(wait));
            }
            let limit = if is_probed { 1 } else { PAGE };
            let due = self
                .hub
                .store()
                .read(&self.caller, async |tx| queries::due(tx, self.id, limit).await);
            let due = due.await?;
            if due.is_empty() {
                return Ok(self.rest().await?);
            }
            let at_once = usize::try_from(webhook.at_once.clamp(1, MOST_AT_ONCE)).unwrap_or(1);
            let trying = due.into_iter().map(|due| self.attempt(&webhook, &secrets, due));
            let mut tried = std::pin::pin!(stream::iter(trying).buffer_unordered(at_once).ready_chunks(64));
            while let Some(some) = tried.next().await {
                if !self.note(some).await? {
                    // Whoever is down is not asked two hundred times more.
                    break;
                }
            }
        }
    }

    /// Returns the webhook and what signs for it, if it wants to hear anything.
    async fn look(&self) -> Result<Option<(Webhook, Vec<Vec<u8>>)>, WebhookError> {
        let looked = self.hub.store().read(&self.caller, async |tx| {
            let webhook = webhooks::find(tx, self.id).await?;
            Ok::<_, WebhookError>((webhook, webhooks::secrets(tx, &self.seal, self.id).await?))
        });
        match looked.await {
            Ok(found) if found.0.state == WebhookState::Live => Ok(Some(found)),
            Ok(_) | Err(WebhookError::NotFound) => Ok(None),
            Err(error) => Err(error),
        }
    }

    async fn attempt(&self, webhook: &Webhook, secrets: &[Vec<u8>], due: Due) -> Tried {
        let Due { delivery, payload, at } = due;
        let (now, began) = (self.hub.store().clock().now(), Instant::now());
        let sent = match payload.and_then(|payload| body(&payload, at, delivery.seq)) {
            Some(body) => {
                let headers = headers(&delivery.id, now, &body, secrets);
                let request = Request {
                    method: Method::POST,
                    url: webhook.url.clone(),
                    headers,
                    body: body.into(),
                    timeout: PATIENCE,
                    most: MOST_ANSWER,
                };
                self.egress
                    .send(request)
                    .await
                    .map_err(|error| (error.to_string(), error.is_final()))
            }
            None => Err(("the event was erased".to_owned(), true)),
        };
        let took_ms = i32::try_from(began.elapsed().as_millis()).unwrap_or(i32::MAX);
        let n = delivery.attempts.saturating_add(1);
        let attempt = Attempt {
            n,
            at: now,
            took_ms,
            status: None,
            error: None,
            answer: None,
        };
        let (attempt, outcome) = match sent {
            Ok(answer) => told(attempt, &answer, now),
            Err((why, is_final)) => (
                Attempt {
                    error: Some(why),
                    ..attempt
                },
                Outcome::Nothing { is_final },
            ),
        };
        Tried {
            id: delivery.id,
            next: rules::next(&outcome, delivery.attempts, rand::random()),
            attempt,
        }
    }

    /// Writes down what came back; returns whether it is worth going on.
    async fn note(&self, tried: Vec<Tried>) -> Result<bool, StoreError> {
        let results = tried.iter().map(|one| match one.next {
            Next::Delivered => "delivered",
            _ => "failed",
        });
        results.for_each(|result| metrics::counter!("switchboard_webhook_attempts", "result" => result).increment(1));
        self.hub
            .store()
            .write(&self.caller, async |tx| self.note_all(tx, &tried).await)
            .await
    }

    async fn note_all(&self, tx: &mut Tx<'_>, tried: &[Tried]) -> Result<bool, StoreError> {
        let (mut has_succeeded, mut is_gone) = (false, false);
        for Tried { id, attempt, next } in tried {
            let (now, next) = (tx.now(), *next);
            let (state, next_at) = match next {
                Next::Delivered => (DeliveryState::Delivered, now),
                Next::Again(wait) => (DeliveryState::Waiting, now + wait),
                Next::Failed | Next::Gone => (DeliveryState::Failed, now),
            };
            has_succeeded |= next == Next::Delivered;
            is_gone |= next == Next::Gone;
            queries::note(tx, *id, attempt, state, next_at).await?;
        }
        let webhook = match webhooks::note(tx, self.id, has_succeeded).await {
            Ok(webhook) => webhook,
            // It was deleted meanwhile.
            Err(StoreError::NotFound) => return Ok(false),
            Err(error) => return Err(error),
        };
        if is_gone {
            webhooks::disable(tx, self.id, "it answered that it is gone (410)").await?;
        } else if rules::is_given_up(webhook.failing_since, tx.now()) {
            webhooks::disable(tx, self.id, "nothing was taken for five days").await?;
        }
        Ok(!is_gone && webhook.state == WebhookState::Live && !rules::is_probed(webhook.failures))
    }

    /// Nothing is due: says how long to wait, or leaves it to a timer.
    async fn rest(&self) -> Result<Option<Duration>, StoreError> {
        let rested = self.hub.store().write(&self.caller, async |tx| {
            let next = queries::next_at(tx, self.id).await?;
            match next {
                Some(at) => tx.set_timer(DUE_TIMER, self.id.0, at).await?,
                None => tx.clear_timer(DUE_TIMER, self.id.0).await?,
            }
            Ok::<_, StoreError>(next.map(|at| at - tx.now()))
        });
        let wait = rested.await?;
        self.hub.timer_changed();
        Ok(wait
            .filter(|wait| *wait < SOON)
            .map(|wait| wait.to_std().unwrap_or_default()))
    }
}

impl Work for Sender {
    fn round(&mut self) -> LocalBoxFuture<'_, Result<Option<Duration>, String>> {
        Box::pin(async { self.run().await.map_err(|error| error.to_string()) })
    }
}

/// How long until somebody may knock again.
fn until_probe(webhook: &Webhook, now: DateTime<Utc>) -> Option<Duration> {
    let next = webhook.last_attempt_at? + rules::BETWEEN_PROBES;
    (next - now).to_std().ok().filter(|wait| !wait.is_zero())
}

/// What is sent: the event, when it was, and its place in the log.
pub(super) fn body(payload: &str, at: DateTime<Utc>, seq: Option<i64>) -> Option<String> {
    #[derive(serde::Deserialize, serde::Serialize)]
    struct Said<'a> {
        r#type: std::borrow::Cow<'a, str>,
        #[serde(borrow)]
        data: &'a RawValue,
    }
    #[derive(serde::Serialize)]
    struct Body<'a> {
        r#type: &'a str,
        timestamp: DateTime<Utc>,
        #[serde(skip_serializing_if = "Option::is_none")]
        seq: Option<i64>,
        data: &'a RawValue,
    }
    let said: Said<'_> = serde_json::from_str(payload).ok()?;
    serde_json::to_string(&Body {
        r#type: &said.r#type,
        timestamp: at,
        seq,
        data: said.data,
    })
    .ok()
}

fn headers(id: &DeliveryId, now: DateTime<Utc>, body: &str, secrets: &[Vec<u8>]) -> HeaderMap {
    let id = format!("msg_{}", id.0.simple());
    let timestamp = now.timestamp();
    let signed = signature(secrets, &id, timestamp, body);
    let named = [
        ("webhook-id", id),
        ("webhook-timestamp", timestamp.to_string()),
        ("webhook-signature", signed),
    ];
    let mut headers = HeaderMap::new();
    headers.insert(CONTENT_TYPE, HeaderValue::from_static("application/json"));
    for (name, value) in named {
        if let Ok(value) = HeaderValue::try_from(value) {
            headers.insert(name, value);
        }
    }
    headers
}

fn told(attempt: Attempt, answer: &Answer, now: DateTime<Utc>) -> (Attempt, Outcome) {
    let asked = answer.headers.get("retry-after").and_then(|value| value.to_str().ok());
    let outcome = Outcome::Status {
        status: answer.status,
        retry_after: asked.and_then(|text| rules::retry_after(text, now)),
    };
    let text = String::from_utf8_lossy(&answer.body).replace('\0', "");
    let is_taken = (200..300).contains(&answer.status);
    let attempt = Attempt {
        status: Some(answer.status.into()),
        error: (!is_taken).then(|| format!("it answered {}", answer.status)),
        answer: (!text.is_empty()).then_some(text),
        ..attempt
    };
    (attempt, outcome)
}
