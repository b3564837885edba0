//! The webhooks' queries.

use ::api::{Place, Seal};
use chrono::{DateTime, TimeDelta, Utc};
use diesel::dsl::count_star;
use diesel::prelude::*;
use diesel_async::RunQueryDsl;
use egress::Egress;
use store::schema::webhooks;
use store::{StoreError, Tx};

use super::WebhookError;
use super::model::{self, NewWebhook, UpdateWebhook, WantedState, Webhook, WebhookId, WebhookState, WithSecret};
use crate::events::WebhookEvent;

const MOST: i64 = 100;
/// So long both secrets are valid.
const OVERLAP: TimeDelta = TimeDelta::hours(24);

/// Returns all webhooks, the oldest first.
pub async fn list(tx: &mut Tx<'_>) -> Result<Vec<Webhook>, StoreError> {
    Ok(webhooks::table
        .filter(webhooks::tenant_id.eq(tx.tenant()))
        .order((webhooks::created_at, webhooks::id))
        .select(Webhook::as_select())
        .load(tx.conn())
        .await?)
}

pub(crate) async fn find(tx: &mut Tx<'_>, id: WebhookId) -> Result<Webhook, StoreError> {
    let this = webhooks::table.find((tx.tenant(), id));
    Ok(this.select(Webhook::as_select()).first(tx.conn()).await?)
}

/// Makes a webhook with a secret of its own.
pub async fn create(
    tx: &mut Tx<'_>,
    seal: &Seal,
    egress: &Egress,
    new: &NewWebhook,
) -> Result<WithSecret, WebhookError> {
    let (name, url) = (model::name(&new.name)?, model::url(&new.url)?);
    egress.check(&url)?;
    let (patterns, at_once) = (model::patterns(&new.patterns)?, model::at_once(new.at_once)?);
    let all = webhooks::table.filter(webhooks::tenant_id.eq(tx.tenant()));
    let n: i64 = all
        .select(count_star())
        .first(tx.conn())
        .await
        .map_err(StoreError::from)?;
    if n >= MOST {
        return Err(WebhookError::TooMany(MOST));
    }
    let (id, secret) = (WebhookId::fresh(), model::new_secret());
    let row = (
        webhooks::tenant_id.eq(tx.tenant()),
        webhooks::id.eq(id),
        webhooks::name.eq(name),
        webhooks::url.eq(url),
        webhooks::patterns.eq(patterns),
        webhooks::at_once.eq(at_once),
        webhooks::state.eq(WebhookState::Live),
        webhooks::sealed_secret.eq(seal.seal(&place(tx, id), &secret)?),
        webhooks::created_at.eq(tx.now()),
    );
    let insert = diesel::insert_into(webhooks::table).values(row);
    insert.execute(tx.conn()).await.map_err(StoreError::from)?;
    let webhook = find(tx, id).await?;
    tx.announce(&WebhookEvent::Created(webhook.clone()));
    let secret = model::written(&secret);
    Ok(WithSecret { webhook, secret })
}

pub(super) async fn update(
    tx: &mut Tx<'_>,
    egress: &Egress,
    id: WebhookId,
    change: &UpdateWebhook,
) -> Result<Webhook, WebhookError> {
    let select = webhooks::table.find((tx.tenant(), id)).select(Webhook::as_select());
    let before = select.for_update().first(tx.conn()).await.map_err(StoreError::from)?;
    let mut after = before.clone();
    if let Some(name) = &change.name {
        after.name = model::name(name)?;
    }
    if let Some(url) = &change.url {
        after.url = model::url(url)?;
        egress.check(&after.url)?;
    }
    if let Some(patterns) = &change.patterns {
        after.patterns = model::patterns(patterns)?;
    }
    if change.at_once.is_some() {
        after.at_once = model::at_once(change.at_once)?;
    }
    match change.state {
        Some(WantedState::Live) if after.state != WebhookState::Live => {
            (after.state, after.reason) = (WebhookState::Live, None);
            (after.failures, after.failing_since) = (0, None);
        }
        Some(WantedState::Paused) => after.state = WebhookState::Paused,
        _ => {}
    }
    if after == before {
        return Ok(after);
    }
    let values = (
        webhooks::name.eq(&after.name),
        webhooks::url.eq(&after.url),
        webhooks::patterns.eq(&after.patterns),
        webhooks::at_once.eq(after.at_once),
        webhooks::state.eq(after.state),
        webhooks::reason.eq(&after.reason),
        webhooks::failures.eq(after.failures),
        webhooks::failing_since.eq(after.failing_since),
    );
    let update = diesel::update(webhooks::table.find((tx.tenant(), id))).set(values);
    update.execute(tx.conn()).await.map_err(StoreError::from)?;
    tx.announce(&WebhookEvent::Updated(after.clone()));
    Ok(after)
}

/// Pauses a webhook; what happens meanwhile is kept for it.
pub async fn pause(tx: &mut Tx<'_>, egress: &Egress, id: WebhookId) -> Result<Webhook, WebhookError> {
    let paused = UpdateWebhook {
        state: Some(WantedState::Paused),
        ..UpdateWebhook::default()
    };
    update(tx, egress, id, &paused).await
}

pub(super) async fn delete(tx: &mut Tx<'_>, id: WebhookId) -> Result<(), WebhookError> {
    let delete = diesel::delete(webhooks::table.find((tx.tenant(), id)));
    if delete.execute(tx.conn()).await.map_err(StoreError::from)? == 0 {
        return Err(WebhookError::NotFound);
    }
    tx.announce(&WebhookEvent::Deleted { id });
    Ok(())
}

/// Gives a webhook a new secret; the one before is valid for a day more.
pub(super) async fn rotate(tx: &mut Tx<'_>, seal: &Seal, id: WebhookId) -> Result<WithSecret, WebhookError> {
    let this = webhooks::table.find((tx.tenant(), id));
    let sealed: Vec<u8> = this
        .select(webhooks::sealed_secret)
        .for_update()
        .first(tx.conn())
        .await
        .map_err(StoreError::from)?;
    let secret = model::new_secret();
    let until = tx.now() + OVERLAP;
    let values = (
        webhooks::sealed_secret.eq(seal.seal(&place(tx, id), &secret)?),
        webhooks::sealed_old_secret.eq(Some(sealed)),
        webhooks::old_secret_until.eq(Some(until)),
    );
    let update = diesel::update(webhooks::table.find((tx.tenant(), id))).set(values);
    update.execute(tx.conn()).await.map_err(StoreError::from)?;
    let webhook = find(tx, id).await?;
    tx.announce(&WebhookEvent::Updated(webhook.clone()));
    let secret = model::written(&secret);
    Ok(WithSecret { webhook, secret })
}

/// The secrets that are valid now, the newest first.
pub(crate) async fn secrets(tx: &mut Tx<'_>, seal: &Seal, id: WebhookId) -> Result<Vec<Vec<u8>>, WebhookError> {
    type Sealed = (Vec<u8>, Option<Vec<u8>>, Option<DateTime<Utc>>);
    let this = webhooks::table.find((tx.tenant(), id));
    let columns = (
        webhooks::sealed_secret,
        webhooks::sealed_old_secret,
        webhooks::old_secret_until,
    );
    let (newest, old, until): Sealed = this.select(columns).first(tx.conn()).await.map_err(StoreError::from)?;
    let old = old.filter(|_| until.is_some_and(|until| tx.now() < until));
    let place = place(tx, id);
    let open = |sealed: Vec<u8>| seal.open(&place, &sealed);
    Ok([Some(newest), old]
        .into_iter()
        .flatten()
        .map(open)
        .collect::<Result<_, _>>()?)
}

/// Notes how attempts went; returns the webhook as it is now.
pub(crate) async fn note(tx: &mut Tx<'_>, id: WebhookId, has_succeeded: bool) -> Result<Webhook, StoreError> {
    let (now, this) = (tx.now(), webhooks::table.find((tx.tenant(), id)));
    let tried = webhooks::last_attempt_at.eq(Some(now));
    if has_succeeded {
        let fine = (
            webhooks::failures.eq(0),
            webhooks::failing_since.eq(None::<DateTime<Utc>>),
        );
        let update = diesel::update(this).set((tried, fine, webhooks::last_success_at.eq(Some(now))));
        update.execute(tx.conn()).await?;
    } else {
        let since =
            diesel::dsl::sql::<diesel::sql_types::Nullable<diesel::sql_types::Timestamptz>>("coalesce(failing_since, ")
                .bind::<diesel::sql_types::Timestamptz, _>(now)
                .sql(")");
        let failed = (
            webhooks::failures.eq(webhooks::failures + 1),
            webhooks::failing_since.eq(since),
        );
        diesel::update(this).set((tried, failed)).execute(tx.conn()).await?;
    }
    find(tx, id).await
}

/// Gives a webhook up, and says so.
pub(crate) async fn disable(tx: &mut Tx<'_>, id: WebhookId, why: &str) -> Result<(), StoreError> {
    let this = webhooks::table
        .find((tx.tenant(), id))
        .filter(webhooks::state.ne(WebhookState::Disabled));
    let set = (
        webhooks::state.eq(WebhookState::Disabled),
        webhooks::reason.eq(Some(why)),
    );
    if diesel::update(this).set(set).execute(tx.conn()).await? > 0 {
        let webhook = find(tx, id).await?;
        tx.announce(&WebhookEvent::Disabled(webhook));
    }
    Ok(())
}

fn place(tx: &Tx<'_>, id: WebhookId) -> Place {
    Place {
        tenant: tx.tenant(),
        purpose: "webhooks.secret",
        id: id.0,
    }
}
