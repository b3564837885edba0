//! The log over HTTP.

use ::api::{Allowed, Limit, Page, Path, Query, right};
use actix_web::web::Data;
use actix_web::{HttpResponse, get};
use store::Store;
use store::past::Part;
use utoipa_actix_web::service_config::ServiceConfig;

use super::model::{EventPage, EventStory, ListEvents};
use super::queries;
use crate::{Catalogue, EventType, EventsError};

pub(crate) fn routes(config: &mut ServiceConfig<'_>) {
    config
        .service(list_events)
        .service(list_event_types)
        .service(find_event);
}

/// Lists what happened, the newest first.
#[utoipa::path(tag = "events", params(ListEvents), responses((status = OK, body = EventPage)), security(("bearer" = ["events.read"])))]
#[get("/events")]
async fn list_events(
    caller: Allowed<right::ReadEvents>,
    store: Data<Store>,
    catalogue: Data<Catalogue>,
    asked: Query<ListEvents>,
) -> ::api::Result<HttpResponse> {
    let asked = asked.0;
    asked.check()?;
    let limit = Limit::of(asked.limit)?.plus_one() - 1;
    let part = Part {
        after: asked.after.unwrap_or(0),
        before: asked.before.unwrap_or(i64::MAX),
        kinds: asked.pattern.map(|pattern| catalogue.kinds(&pattern)),
        subject: asked.subject,
    };
    let page = store.read(&caller, async |tx| {
        Ok::<_, EventsError>(queries::page(tx, part, limit).await?)
    });
    Ok(HttpResponse::Ok().json(page.await?))
}

/// Lists everything that can happen.
#[utoipa::path(tag = "events", responses((status = OK, body = Page<EventType>)), security(("bearer" = ["events.read"])))]
#[get("/events/types")]
async fn list_event_types(_: Allowed<right::ReadEvents>, catalogue: Data<Catalogue>) -> ::api::Result<HttpResponse> {
    Ok(HttpResponse::Ok().json(Page::whole(catalogue.types().iter().collect())))
}

/// Returns an event, what it came of, and what came of it.
#[utoipa::path(tag = "events", responses((status = OK, body = EventStory)), security(("bearer" = ["events.read"])))]
#[get("/events/{seq}")]
async fn find_event(
    caller: Allowed<right::ReadEvents>,
    store: Data<Store>,
    seq: Path<i64>,
) -> ::api::Result<HttpResponse> {
    let story = store.read(&caller, async |tx| {
        Ok::<_, EventsError>(queries::story(tx, seq.0).await?)
    });
    Ok(HttpResponse::Ok().json(story.await?))
}
