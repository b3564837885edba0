//! The channels' queries, and the one function that makes a channel.

use api::{Place, Seal};
use chrono::{DateTime, Utc};
use diesel::prelude::*;
use diesel_async::RunQueryDsl;
use kernel::ChannelId;
use store::schema::channels;
use store::{StoreError, Tx};

use super::ChannelError;
use super::model::{Channel, ChannelKind, NewChannel, UpdateChannel, new_key, new_secret, settings_of};
use crate::events::InboxEvent;

#[derive(Queryable, Selectable)]
#[diesel(table_name = channels, check_for_backend(diesel::pg::Pg))]
struct Row {
    id: ChannelId,
    kind: ChannelKind,
    name: String,
    key: String,
    settings: serde_json::Value,
    enabled: bool,
    created_at: DateTime<Utc>,
}

impl From<Row> for Channel {
    fn from(row: Row) -> Self {
        let Row {
            id,
            kind,
            name,
            key,
            settings,
            enabled,
            created_at,
        } = row;
        Self {
            id,
            kind,
            name,
            key,
            settings: settings_of(settings),
            enabled,
            created_at,
        }
    }
}

/// Returns what kind of channel it is.
pub(crate) async fn kind(tx: &mut Tx<'_>, id: ChannelId) -> Result<ChannelKind, StoreError> {
    let this = channels::table.find((tx.tenant(), id));
    Ok(this.select(channels::kind).first(tx.conn()).await?)
}

/// Makes a channel with a key and a secret of its own.
pub async fn create(tx: &mut Tx<'_>, seal: &Seal, new: NewChannel) -> Result<Channel, ChannelError> {
    let name = new.check()?;
    let channel = Channel {
        id: ChannelId::fresh(),
        kind: new.kind,
        name,
        key: new_key(tx.tenant()),
        settings: new.settings,
        enabled: true,
        created_at: tx.now(),
    };
    let row = (
        channels::tenant_id.eq(tx.tenant()),
        channels::id.eq(channel.id),
        channels::kind.eq(channel.kind),
        channels::name.eq(&channel.name),
        channels::key.eq(&channel.key),
        channels::sealed_secret.eq(seal.seal(&place(tx, channel.id), new_secret().as_bytes())?),
        channels::settings.eq(settings_json(&channel)?),
        channels::created_at.eq(channel.created_at),
    );
    diesel::insert_into(channels::table)
        .values(row)
        .execute(tx.conn())
        .await
        .map_err(StoreError::from)?;
    tx.announce(&InboxEvent::ChannelCreated(channel.clone()));
    Ok(channel)
}

pub async fn list(tx: &mut Tx<'_>) -> Result<Vec<Channel>, StoreError> {
    let rows: Vec<Row> = channels::table
        .filter(channels::tenant_id.eq(tx.tenant()))
        .order(channels::id)
        .select(Row::as_select())
        .load(tx.conn())
        .await?;
    Ok(rows.into_iter().map(Channel::from).collect())
}

pub(crate) async fn find(tx: &mut Tx<'_>, id: ChannelId) -> Result<Channel, StoreError> {
    let row: Row = channels::table
        .find((tx.tenant(), id))
        .select(Row::as_select())
        .first(tx.conn())
        .await?;
    Ok(row.into())
}

pub(crate) async fn find_by_key(tx: &mut Tx<'_>, key: &str) -> Result<Channel, StoreError> {
    let this = channels::tenant_id.eq(tx.tenant()).and(channels::key.eq(key));
    let row: Row = channels::table
        .filter(this)
        .select(Row::as_select())
        .first(tx.conn())
        .await?;
    Ok(row.into())
}

/// Returns the channel with what was asked for changed.
pub(super) async fn update(tx: &mut Tx<'_>, id: ChannelId, update: UpdateChannel) -> Result<Channel, ChannelError> {
    let name = update.check()?;
    let mut channel = find(tx, id).await?;
    channel.name = name.unwrap_or(channel.name);
    channel.enabled = update.enabled.unwrap_or(channel.enabled);
    channel.settings = update.settings.unwrap_or(channel.settings);
    save(tx, &channel).await?;
    Ok(channel)
}

/// Gives the channel a new key; pages with the old one stop working.
pub(super) async fn rotate_key(tx: &mut Tx<'_>, id: ChannelId) -> Result<Channel, ChannelError> {
    let mut channel = find(tx, id).await?;
    channel.key = new_key(tx.tenant());
    save(tx, &channel).await?;
    Ok(channel)
}

async fn save(tx: &mut Tx<'_>, channel: &Channel) -> Result<(), ChannelError> {
    diesel::update(channels::table.find((tx.tenant(), channel.id)))
        .set((
            channels::name.eq(&channel.name),
            channels::key.eq(&channel.key),
            channels::enabled.eq(channel.enabled),
            channels::settings.eq(settings_json(channel)?),
        ))
        .execute(tx.conn())
        .await
        .map_err(StoreError::from)?;
    tx.announce(&InboxEvent::ChannelUpdated(channel.clone()));
    Ok(())
}

/// Where a channel's secret is sealed.
fn place(tx: &Tx<'_>, id: ChannelId) -> Place {
    Place {
        tenant: tx.tenant(),
        purpose: "channels.sealed_secret",
        id: id.0,
    }
}

/// Returns the secret that vouches for customers.
pub(crate) async fn secret(tx: &mut Tx<'_>, seal: &Seal, id: ChannelId) -> Result<String, ChannelError> {
    let this = channels::table.find((tx.tenant(), id));
    let sealed: Vec<u8> = this
        .select(channels::sealed_secret)
        .first(tx.conn())
        .await
        .map_err(StoreError::from)?;
    let secret = seal.open(&place(tx, id), &sealed)?;
    Ok(String::from_utf8_lossy(&secret).into_owned())
}

/// Makes a new secret; what was signed with the old one is refused from now on.
pub(super) async fn rotate_secret(tx: &mut Tx<'_>, seal: &Seal, id: ChannelId) -> Result<String, ChannelError> {
    let channel = find(tx, id).await?;
    let secret = new_secret();
    diesel::update(channels::table.find((tx.tenant(), id)))
        .set(channels::sealed_secret.eq(seal.seal(&place(tx, id), secret.as_bytes())?))
        .execute(tx.conn())
        .await
        .map_err(StoreError::from)?;
    tx.announce(&InboxEvent::ChannelUpdated(channel));
    Ok(secret)
}

fn settings_json(channel: &Channel) -> Result<serde_json::Value, StoreError> {
    Ok(serde_json::to_value(&channel.settings)?)
}
