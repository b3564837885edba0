//! A job's file on its way to whoever may have it: a part at a time, never whole in memory.

use actix_web::HttpResponse;
use actix_web::http::header::{CONTENT_DISPOSITION, CONTENT_ENCODING, ContentEncoding};
use actix_web::web::Bytes;
use actors::Hub;
use actors::job::{JobError, Place, Shelf};
use futures_util::stream::try_unfold;
use kernel::Caller;
use std::io::{self, ErrorKind};
use std::sync::Arc;
use store::jobs::Job;

const PART: usize = 256 * 1024;

/// The answer that carries the file.
pub(crate) async fn answer(hub: &Hub, caller: &Caller, job: &Job) -> Result<HttpResponse, JobError> {
    if let Some(permission) = hub.file_needs(&job.kind).filter(|needed| !caller.may(*needed)) {
        return Err(JobError::FileNeeds(permission));
    }
    let is_there = job.file_until.is_some_and(|until| until > hub.store().clock().now());
    let (Some(name), Some(kind), true) = (&job.file_name, job.file_type, is_there) else {
        return Err(JobError::FileGone);
    };
    let shelf = hub.config().jobs.shelf.clone();
    let (tenant, id) = (job.tenant_id, job.id);
    let at = Place { tenant, job: id };
    let bytes = u64::try_from(job.file_bytes).unwrap_or(0);
    if length(shelf.clone(), at).await.ok() != Some(bytes) {
        return Err(JobError::FileGone);
    }
    Ok(HttpResponse::Ok()
        .content_type(kind.word())
        .insert_header((CONTENT_DISPOSITION, format!("attachment; filename=\"{name}\"")))
        // Whoever compresses it would not know how long it is.
        .insert_header((CONTENT_ENCODING, ContentEncoding::Identity))
        .no_chunking(bytes)
        .streaming(parts(shelf, at, bytes)))
}

async fn length(shelf: Arc<dyn Shelf>, at: Place) -> io::Result<u64> {
    allowed_to_wait(move || shelf.length(at)).await
}

fn parts(
    shelf: Arc<dyn Shelf>,
    at: Place,
    length: u64,
) -> impl futures_util::Stream<Item = Result<Bytes, io::Error>> + 'static {
    try_unfold(0, move |from| {
        let shelf = shelf.clone();
        async move {
            if from >= length {
                return Ok(None);
            }
            let most = usize::try_from(length - from).unwrap_or(PART).min(PART);
            let part = allowed_to_wait(move || shelf.read(at, from, most)).await?;
            if part.is_empty() {
                // It was removed under us: better no file than half of one.
                return Err(ErrorKind::UnexpectedEof.into());
            }
            let next = from + part.len() as u64;
            Ok(Some((Bytes::from(part), next)))
        }
    })
}

async fn allowed_to_wait<T: Send + 'static>(work: impl FnOnce() -> io::Result<T> + Send + 'static) -> io::Result<T> {
    tokio::task::spawn_blocking(work).await.map_err(io::Error::other)?
}
