//! The followers over HTTP.

use ::api::{Allowed, Json, Limit, Page, Path, Query, right};
use actix_web::web::Data;
use actix_web::{HttpResponse, delete, get, post};
use actors::Hub;
use kernel::{Caller, FieldError};
use store::{Tx, followers, past};
use utoipa_actix_web::service_config::ServiceConfig;

use super::model::{DeadPage, Follower, ListDead, ReplayFollower};
use super::queries;
use crate::EventsError;

pub(crate) fn routes(config: &mut ServiceConfig<'_>) {
    config
        .service(list_followers)
        .service(list_dead_letters)
        .service(retry_dead_letter)
        .service(skip_dead_letter)
        .service(pause_follower)
        .service(resume_follower)
        .service(replay_follower);
}

/// Lists the followers of the log and how far they are.
#[utoipa::path(tag = "events", responses((status = OK, body = Page<Follower>)), security(("bearer" = ["events.read"])))]
#[get("/followers")]
async fn list_followers(caller: Allowed<right::ReadEvents>, hub: Data<Hub>) -> ::api::Result<HttpResponse> {
    let names = hub.followers();
    let all = hub
        .store()
        .read(&caller, async |tx| {
            Ok::<_, EventsError>(queries::list(tx, &names).await?)
        })
        .await?;
    Ok(HttpResponse::Ok().json(Page::whole(all)))
}

/// Lists the events that a follower could not take, the newest first.
#[utoipa::path(tag = "events", params(ListDead), responses((status = OK, body = DeadPage)), security(("bearer" = ["events.read"])))]
#[get("/followers/{name}/dead")]
async fn list_dead_letters(
    caller: Allowed<right::ReadEvents>,
    hub: Data<Hub>,
    name: Path<String>,
    asked: Query<ListDead>,
) -> ::api::Result<HttpResponse> {
    let name = known(&hub, &name.0)?;
    let limit = Limit::of(asked.0.limit)?;
    let before = asked.0.before.unwrap_or(i64::MAX);
    if before < 1 {
        return Err(EventsError::from(FieldError::new("before", "is a place in the log, from 1")).into());
    }
    let mut letters = hub
        .store()
        .read(&caller, async |tx| {
            Ok::<_, EventsError>(followers::dead(tx, name, before, false, limit.plus_one()).await?)
        })
        .await?;
    let size = usize::try_from(limit.plus_one() - 1).unwrap_or(usize::MAX);
    let has_more = letters.len() > size;
    letters.truncate(size);
    let next = letters.last().filter(|_| has_more).map(|last| last.seq);
    let items = letters.into_iter().map(Into::into).collect();
    Ok(HttpResponse::Ok().json(DeadPage { items, next }))
}

/// Tries an event that was put aside once more.
#[utoipa::path(tag = "events", responses((status = NO_CONTENT)), security(("bearer" = ["events.manage"])))]
#[post("/followers/{name}/dead/{seq}/retry")]
async fn retry_dead_letter(
    caller: Allowed<right::ManageEvents>,
    hub: Data<Hub>,
    path: Path<(String, i64)>,
) -> ::api::Result<HttpResponse> {
    let (name, seq) = path.0;
    let change = async |tx: &mut Tx<'_>, name: &str| there(followers::want(tx, name, seq).await?);
    changed(&hub, &caller, &name, change).await
}

/// Gives up on an event that was put aside.
#[utoipa::path(tag = "events", responses((status = NO_CONTENT)), security(("bearer" = ["events.manage"])))]
#[delete("/followers/{name}/dead/{seq}")]
async fn skip_dead_letter(
    caller: Allowed<right::ManageEvents>,
    hub: Data<Hub>,
    path: Path<(String, i64)>,
) -> ::api::Result<HttpResponse> {
    let (name, seq) = path.0;
    let change = async |tx: &mut Tx<'_>, name: &str| there(followers::let_go(tx, name, seq).await?);
    changed(&hub, &caller, &name, change).await
}

/// Pauses a follower; it hears later what happens meanwhile.
#[utoipa::path(tag = "events", responses((status = NO_CONTENT)), security(("bearer" = ["events.manage"])))]
#[post("/followers/{name}/pause")]
async fn pause_follower(
    caller: Allowed<right::ManageEvents>,
    hub: Data<Hub>,
    name: Path<String>,
) -> ::api::Result<HttpResponse> {
    let change = async |tx: &mut Tx<'_>, name: &str| Ok(followers::pause(tx, name, true).await?);
    changed(&hub, &caller, &name.0, change).await
}

/// Lets a follower go on where it stopped.
#[utoipa::path(tag = "events", responses((status = NO_CONTENT)), security(("bearer" = ["events.manage"])))]
#[post("/followers/{name}/resume")]
async fn resume_follower(
    caller: Allowed<right::ManageEvents>,
    hub: Data<Hub>,
    name: Path<String>,
) -> ::api::Result<HttpResponse> {
    let change = async |tx: &mut Tx<'_>, name: &str| Ok(followers::pause(tx, name, false).await?);
    changed(&hub, &caller, &name.0, change).await
}

/// Lets a follower hear the log once more, up to where it was.
#[utoipa::path(tag = "events", request_body = ReplayFollower, responses((status = NO_CONTENT)), security(("bearer" = ["events.manage"])))]
#[post("/followers/{name}/replay")]
async fn replay_follower(
    caller: Allowed<right::ManageEvents>,
    hub: Data<Hub>,
    name: Path<String>,
    asked: Json<ReplayFollower>,
) -> ::api::Result<HttpResponse> {
    let ReplayFollower { seq, since } = asked.0;
    if seq.is_some_and(|seq| seq < 1) {
        return Err(EventsError::from(FieldError::new("seq", "is a place in the log, from 1")).into());
    }
    let change = async |tx: &mut Tx<'_>, name: &str| {
        let from = match (seq, since) {
            (Some(seq), _) => seq,
            (None, Some(since)) => past::place_at(tx, since).await?,
            (None, None) => 1,
        };
        followers::replay(tx, name, from).await?;
        Ok(())
    };
    changed(&hub, &caller, &name.0, change).await
}

/// Changes what is written of a follower, and lets it look.
async fn changed(
    hub: &Hub,
    caller: &Caller,
    name: &str,
    change: impl AsyncFnOnce(&mut Tx<'_>, &str) -> Result<(), EventsError>,
) -> ::api::Result<HttpResponse> {
    let name = known(hub, name)?;
    hub.store().write(caller, async |tx| change(tx, name).await).await?;
    hub.wake_afresh(caller, name, caller.tenant.0);
    Ok(HttpResponse::NoContent().finish())
}

fn known(hub: &Hub, name: &str) -> Result<&'static str, EventsError> {
    let mut all = hub.followers().into_iter();
    all.find(|known| *known == name).ok_or(EventsError::NotFound)
}

fn there(is_there: bool) -> Result<(), EventsError> {
    if is_there { Ok(()) } else { Err(EventsError::NotFound) }
}
