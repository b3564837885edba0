//! Jobs over HTTP. Members see what they started; those who manage jobs see all.

use actix_web::web::Data;
use actix_web::{HttpResponse, delete, get, post};
use actors::Hub;
use actors::job::{Job, JobError, JobFailure};
use api::{Cursor, Limit, Page, Path, Query, SignedIn};
use kernel::{Caller, JobId, Permission};
use serde::{Deserialize, Serialize};
use store::Store;
use store::jobs::{self, Whose};
use utoipa::{IntoParams, ToSchema};
use utoipa_actix_web::service_config::ServiceConfig;

use crate::file;

pub(crate) fn routes(config: &mut ServiceConfig<'_>) {
    config
        .service(list_jobs)
        .service(get_job)
        .service(cancel_job)
        .service(delete_job)
        .service(get_job_file);
}

/// Which jobs to list.
#[derive(Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
struct ListJobs {
    /// `mine` unless said otherwise; with it comes upkeep that failed, to those who manage jobs.
    #[param(inline)]
    view: Option<View>,
    #[param(format = "cursor", min_length = 45, max_length = 45)]
    after: Option<String>,
    #[param(minimum = 1, maximum = 100)]
    limit: Option<i64>,
}

#[derive(Clone, Copy, PartialEq, Eq, Deserialize, ToSchema)]
#[serde(rename_all = "lowercase")]
enum View {
    Mine,
    All,
}

/// Lists jobs, the newest first.
#[utoipa::path(tag = "jobs", params(ListJobs), responses((status = OK, body = Page<Job>)), security(("bearer" = [])))]
#[get("/jobs")]
async fn list_jobs(caller: SignedIn, store: Data<Store>, ask: Query<ListJobs>) -> api::Result<HttpResponse> {
    let limit = Limit::of(ask.0.limit)?;
    let after = Cursor::read(ask.0.after.as_deref())?;
    let Some(whose) = whose(&caller, ask.0.view) else {
        return Ok(HttpResponse::Ok().json(Page::<Job>::whole(vec![])));
    };
    let found = store
        .read(&caller, async |tx| jobs::list(tx, whose, after, limit.plus_one()).await)
        .await?;
    let all = found.iter().map(Job::from).collect();
    let page = Page::cut(all, limit, |job| Cursor::new(job.created_at, job.id));
    Ok(HttpResponse::Ok().json(page))
}

/// What a caller may see of what they ask for.
fn whose(caller: &Caller, view: Option<View>) -> Option<Whose> {
    let me = caller.user()?;
    Some(match (view, caller.may(Permission::ManageJobs)) {
        (Some(View::All), true) => Whose::Everyones,
        (_, true) => Whose::TheirsAndTrouble(me),
        (_, false) => Whose::Theirs(me),
    })
}

/// A job, and what it could not do.
#[derive(Serialize, ToSchema)]
struct JobDetail {
    job: Job,
    /// The first of them, in the order in which the job came to them.
    failures: Vec<JobFailure>,
}

/// Returns a job, and what it could not do.
#[utoipa::path(tag = "jobs", responses((status = OK, body = JobDetail)), security(("bearer" = [])))]
#[get("/jobs/{id}")]
async fn get_job(caller: SignedIn, store: Data<Store>, id: Path<JobId>) -> api::Result<HttpResponse> {
    let detail = store
        .read(&caller, async |tx| {
            let job = visible(&caller, jobs::find(tx, id.0).await?)?;
            let failures = jobs::failures(tx, id.0).await?;
            let failures = failures.into_iter().map(JobFailure::from).collect();
            let job = Job::from(&job);
            Ok::<_, JobError>(JobDetail { job, failures })
        })
        .await?;
    Ok(HttpResponse::Ok().json(detail))
}

/// Cancels a job. Whatever it has not done yet is not done; what it has done stays.
#[utoipa::path(tag = "jobs", responses((status = OK, body = Job), (status = CONFLICT, description = "job_over")), security(("bearer" = [])))]
#[post("/jobs/{id}/cancel")]
async fn cancel_job(
    caller: SignedIn,
    store: Data<Store>,
    hub: Data<Hub>,
    id: Path<JobId>,
) -> api::Result<HttpResponse> {
    find(&store, &caller, id.0).await?;
    let job = hub.cancel_job(&caller, id.0).await?;
    Ok(HttpResponse::Ok().json(job))
}

/// Takes a job that is over out of the list, with its file.
#[utoipa::path(tag = "jobs", responses((status = NO_CONTENT), (status = CONFLICT, description = "job_not_over")), security(("bearer" = [])))]
#[delete("/jobs/{id}")]
async fn delete_job(
    caller: SignedIn,
    store: Data<Store>,
    hub: Data<Hub>,
    id: Path<JobId>,
) -> api::Result<HttpResponse> {
    find(&store, &caller, id.0).await?;
    hub.delete_job(&caller, id.0).await?;
    Ok(HttpResponse::NoContent().finish())
}

/// Returns the file that a job made.
#[utoipa::path(tag = "jobs", responses((status = OK, content((String = "application/x-ndjson"), (String = "text/csv"))), (status = FORBIDDEN, description = "forbidden"), (status = NOT_FOUND, description = "file_gone")), security(("bearer" = [])))]
#[get("/jobs/{id}/file")]
async fn get_job_file(
    caller: SignedIn,
    store: Data<Store>,
    hub: Data<Hub>,
    id: Path<JobId>,
) -> api::Result<HttpResponse> {
    let job = find(&store, &caller, id.0).await?;
    Ok(file::answer(&hub, &caller, &job).await?)
}

/// A job that the caller may see. Others are not there.
async fn find(store: &Store, caller: &Caller, id: JobId) -> Result<jobs::Job, JobError> {
    let job = store.read(caller, async |tx| jobs::find(tx, id).await).await?;
    visible(caller, job)
}

fn visible(caller: &Caller, job: jobs::Job) -> Result<jobs::Job, JobError> {
    let is_theirs = job.started_by.is_some() && job.started_by == caller.user();
    if is_theirs || caller.may(Permission::ManageJobs) {
        Ok(job)
    } else {
        Err(JobError::NotFound)
    }
}
