//! A visit: the page's key finds the channel, the proof or the remembered secret finds the contact.

use std::collections::BTreeMap;

use api::Seal;
use connectors::web_chat::{Identity, is_allowed};
use crm::contact::{self, Contact, ContactChange, NewContact};
use diesel::prelude::*;
use diesel_async::RunQueryDsl;
use kernel::{Caller, ContactId, TenantId, Who, text};
use sha2::{Digest, Sha256};
use store::schema::memberships;
use store::{Store, StoreError, Tx};

use super::VisitorError;
use super::model::{NewVisit, TeamFace, VisitedPage};
use crate::channel::{Channel, key_tenant, queries};

const VISITOR: &str = "visitor";
const CUSTOMER: &str = "customer";

/// Finds the channel that a page's key belongs to, if the page may use it.
pub(super) async fn enter(store: &Store, key: &str, origin: Option<&str>) -> Result<(Caller, Channel), VisitorError> {
    let tenant: TenantId = key_tenant(key).ok_or(VisitorError::UnknownKey)?;
    let caller = Caller::system(tenant, "widget");
    let found = store
        .read(&caller, async |tx| queries::find_by_key(tx, key).await)
        .await;
    let channel = match found {
        Ok(channel) => channel,
        Err(StoreError::NotFound) => return Err(VisitorError::UnknownKey),
        Err(error) => return Err(error.into()),
    };
    if !channel.enabled {
        return Err(VisitorError::Disabled);
    }
    if !is_allowed(&channel.settings.allowed_origins, origin) {
        return Err(VisitorError::OriginNotAllowed);
    }
    Ok((caller, channel))
}

/// Returns the visitor who asks, if their channel takes customers still: a token outlives the switch by some minutes.
pub(super) async fn still_here(tx: &mut Tx<'_>) -> Result<ContactId, VisitorError> {
    let Who::Contact(contact, channel) = tx.caller().who else {
        return Err(VisitorError::NotFound);
    };
    if queries::find(tx, channel).await?.enabled {
        Ok(contact)
    } else {
        Err(VisitorError::Disabled)
    }
}

/// A contact who was recognised or made, and the secret to recognise them by next time.
pub(super) struct Known {
    pub(super) contact: Contact,
    pub(super) visitor: String,
}

/// Recognises the customer, or makes a contact.
pub(super) async fn recognise(
    tx: &mut Tx<'_>,
    seal: &Seal,
    channel: &Channel,
    visit: &NewVisit,
) -> Result<Known, VisitorError> {
    let identity = match &visit.identity {
        None if channel.settings.require_identity => return Err(VisitorError::IdentityRequired),
        None => None,
        Some(proof) => {
            let secret = queries::secret(tx, seal, channel.id).await?;
            Some(proof.verify(&secret, tx.now().timestamp())?)
        }
    };
    let remembered = match &visit.visitor {
        Some(visitor) => contact::find_by_identity(tx, VISITOR, &hashed(visitor)).await?,
        None => None,
    };
    let known = match identity {
        Some(identity) => vouched_for(tx, identity, remembered).await?,
        // Someone who signed out must not go on as the customer who was vouched for before.
        None => remembered.filter(|contact| !contact.verified),
    };
    let contact = match known {
        Some(contact) => contact,
        None => contact::create(tx, NewContact::default()).await?,
    };
    contact::touch(tx, contact.id).await?;
    let contact = note_page(tx, contact, visit.page.as_ref()).await?;
    let visitor = remember(tx, &contact, visit.visitor.as_deref()).await?;
    Ok(Known { contact, visitor })
}

/// Returns the contact of a customer whom the business vouches for.
async fn vouched_for(
    tx: &mut Tx<'_>,
    identity: Identity,
    remembered: Option<Contact>,
) -> Result<Option<Contact>, VisitorError> {
    let Identity {
        user_id,
        name,
        email,
        is_signed_whole,
    } = identity;
    // They may come in several tabs at once, and are one contact all the same.
    let before = contact::find_or_reserve(tx, CUSTOMER, &user_id).await?;
    let contact = match (before, remembered.filter(|contact| !contact.verified)) {
        (Some(contact), _) | (None, Some(contact)) => contact,
        (None, None) => contact::create(tx, NewContact::default()).await?,
    };
    contact::add_identity(tx, contact.id, CUSTOMER, &user_id).await?;
    let profile = ContactChange {
        name: name.and_then(|name| text::required("name", &name, 120).ok()),
        email: email.and_then(|email| text::email("email", &email).ok()),
        ..ContactChange::default()
    };
    let (vouched, told) = if is_signed_whole {
        (profile, ContactChange::default())
    } else {
        (ContactChange::default(), profile)
    };
    let vouched = ContactChange {
        vouched: true,
        attributes: BTreeMap::from([("user_id".to_owned(), user_id)]),
        ..vouched
    };
    contact::update(tx, contact.id, vouched).await?;
    Ok(Some(contact::update(tx, contact.id, told).await?))
}

async fn note_page(tx: &mut Tx<'_>, contact: Contact, page: Option<&VisitedPage>) -> Result<Contact, VisitorError> {
    let Some(page) = page else { return Ok(contact) };
    let fields = [("page", &page.url), ("page_title", &page.title)];
    let attributes: BTreeMap<_, _> = fields
        .into_iter()
        .filter_map(|(name, value)| Some((name.to_owned(), text::required(name, value, 500).ok()?)))
        .collect();
    Ok(contact::update(
        tx,
        contact.id,
        ContactChange {
            attributes,
            ..ContactChange::default()
        },
    )
    .await?)
}

/// Makes sure that the browser is recognised as this contact next time.
async fn remember(tx: &mut Tx<'_>, contact: &Contact, visitor: Option<&str>) -> Result<String, VisitorError> {
    if let Some(visitor) = visitor {
        let known = contact::find_by_identity(tx, VISITOR, &hashed(visitor)).await?;
        if known.is_some_and(|known| known.id == contact.id) {
            return Ok(visitor.to_owned());
        }
    }
    let visitor = hex::encode(rand::random::<[u8; 32]>());
    contact::add_identity(tx, contact.id, VISITOR, &hashed(&visitor)).await?;
    Ok(visitor)
}

/// A few faces of the team, those who joined first.
pub(super) async fn faces(tx: &mut Tx<'_>) -> Result<Vec<TeamFace>, StoreError> {
    let names: Vec<String> = memberships::table
        .filter(
            memberships::tenant_id
                .eq(tx.tenant())
                .and(memberships::role.ne("guest")),
        )
        .order(memberships::joined_at)
        .limit(3)
        .select(memberships::name)
        .load(tx.conn())
        .await?;
    Ok(names.into_iter().map(|name| TeamFace { name }).collect())
}

/// The database knows only the hash: whoever reads it cannot pose as a visitor.
fn hashed(visitor: &str) -> String {
    hex::encode(Sha256::digest(visitor))
}
