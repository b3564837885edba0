//! Contacts over HTTP.

use actix_web::web::Data;
use actix_web::{HttpResponse, get};
use api::{Allowed, Cursor, Limit, Page, Path, Query, right};
use kernel::{ContactId, Invalid, text};
use serde::Deserialize;
use store::Store;
use utoipa::IntoParams;
use utoipa_actix_web::service_config::ServiceConfig;

use super::{Contact, ContactError, queries};

pub(crate) fn routes(config: &mut ServiceConfig<'_>) {
    config.service(list_contacts).service(get_contact);
}

/// Which contacts to list.
#[derive(Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
struct ListContacts {
    /// A part of a name or of an e-mail address, or how a word of them begins if it is one or two letters.
    #[param(format = "line", max_length = 100)]
    q: Option<String>,
    #[param(format = "cursor", min_length = 45, max_length = 45)]
    after: Option<String>,
    #[param(minimum = 1, maximum = 100)]
    limit: Option<i64>,
}

/// Lists contacts, the newest first.
#[utoipa::path(tag = "crm", params(ListContacts), responses((status = OK, body = Page<Contact>)), security(("bearer" = ["contacts.read"])))]
#[get("/crm/contacts")]
async fn list_contacts(
    caller: Allowed<right::ReadContacts>,
    store: Data<Store>,
    ask: Query<ListContacts>,
) -> api::Result<HttpResponse> {
    let (limit, after) = (Limit::of(ask.0.limit)?, Cursor::read(ask.0.after.as_deref())?);
    let search = text::optional("q", ask.0.q.as_deref(), 100).map_err(Invalid::from)?;
    let contacts = store
        .read(&caller, async |tx| {
            queries::list(tx, search, after, limit.plus_one()).await
        })
        .await?;
    Ok(HttpResponse::Ok().json(Page::cut(contacts, limit, |contact| {
        Cursor::new(contact.created_at, contact.id)
    })))
}

/// Shows a contact.
#[utoipa::path(tag = "crm", responses((status = OK, body = Contact)), security(("bearer" = ["contacts.read"])))]
#[get("/crm/contacts/{id}")]
async fn get_contact(
    caller: Allowed<right::ReadContacts>,
    store: Data<Store>,
    id: Path<ContactId>,
) -> api::Result<HttpResponse> {
    let contact = store
        .read(&caller, async |tx| {
            queries::find(tx, id.0).await.map_err(ContactError::from)
        })
        .await?;
    Ok(HttpResponse::Ok().json(contact))
}
