//! Jobs: to their end from wherever they were, once, in their turn; and what is cancelled is not done.

use std::fs;
use std::sync::Arc;
use std::time::Duration;

use actors::job::{Folder, JobConfig, JobError};
use actors::{Hub, LiveConfig, Registry};
use diesel_async::{RunQueryDsl, SimpleAsyncConnection};
use kernel::{Caller, JobId, JobState};
use store::{StoreError, jobs};
use tempfile::TempDir;

use crate::support::{Laps, Run, Seq, Stage, TABLE, until};

struct Track {
    stage: Stage,
    files: TempDir,
}

fn parts(files: &TempDir) -> (LiveConfig, Registry) {
    let mut registry = Registry::default();
    registry.job::<Laps>();
    let jobs = JobConfig {
        retries: vec![Duration::ZERO; 2],
        shelf: Arc::new(Folder::new(files.path())),
        ..JobConfig::default()
    };
    let config = LiveConfig {
        jobs,
        ..LiveConfig::default()
    };
    (config, registry)
}

async fn track() -> (Track, Caller) {
    let files = TempDir::new().unwrap();
    let (config, registry) = parts(&files);
    let stage = Stage::with(config, registry).await;
    stage.admin().await.batch_execute(TABLE).await.unwrap();
    let caller = stage.tenant().await;
    (Track { stage, files }, caller)
}

fn run(laps: i64) -> Run {
    Run {
        runner: "ada".into(),
        laps,
        ..Run::default()
    }
}

impl Track {
    async fn start(&self, caller: &Caller, run: &Run) -> JobId {
        let started = self.stage.hub.start_job::<Laps>(caller, run, None);
        started.await.unwrap().id
    }

    async fn find(&self, caller: &Caller, id: JobId) -> jobs::Job {
        let store = self.stage.hub.store();
        store.read(caller, async |tx| jobs::find(tx, id).await).await.unwrap()
    }

    async fn becomes(&self, caller: &Caller, id: JobId, state: JobState) -> jobs::Job {
        until(state.word(), async || self.find(caller, id).await.state == state).await;
        self.find(caller, id).await
    }

    async fn comes_to(&self, caller: &Caller, id: JobId, done: i64) {
        until("it comes so far", async || self.find(caller, id).await.done == done).await;
    }

    async fn tell(&self, caller: &Caller, n: i64) {
        let sql = format!("INSERT INTO laps VALUES ('{}', 'somebody', {n})", caller.tenant);
        self.stage.admin().await.batch_execute(&sql).await.unwrap();
    }

    async fn laps(&self, caller: &Caller) -> Vec<i64> {
        let sql = format!(
            "SELECT n AS seq FROM laps WHERE tenant_id = '{}' AND n > 0 ORDER BY n",
            caller.tenant
        );
        let rows: Vec<Seq> = diesel::sql_query(sql)
            .load(&mut self.stage.admin().await)
            .await
            .unwrap();
        rows.into_iter().map(|row| row.seq).collect()
    }

    fn path(&self, caller: &Caller, id: JobId) -> std::path::PathBuf {
        let folder = self.files.path().join(caller.tenant.to_string());
        folder.join(id.to_string()).join("result")
    }

    fn file(&self, caller: &Caller, id: JobId) -> String {
        fs::read_to_string(self.path(caller, id)).unwrap()
    }

    async fn told(&self, caller: &Caller) -> Vec<String> {
        let events = self.stage.hub.store().events_after(caller, 0, 1_000).await.unwrap();
        let mut kinds: Vec<_> = events.into_iter().map(|event| event.kind).collect();
        kinds.dedup();
        kinds
    }
}

fn lines(n: i64) -> String {
    (1..=n).map(|n| format!("{n}\n")).collect()
}

#[actix::test]
async fn a_job_goes_step_by_step_to_its_end_and_names_what_it_could_not_do() {
    let (track, caller) = track().await;
    let id = track.start(&caller, &Run { bad: 2, ..run(250) }).await;
    let job = track.becomes(&caller, id, JobState::Finished).await;
    assert_eq!((job.done, job.total, job.n_failures), (250, Some(250), 125));
    assert!(job.file_until > job.ended_at);
    assert_eq!(track.laps(&caller).await, (1..=250).collect::<Vec<_>>());
    assert_eq!(track.file(&caller, id), lines(250));
    assert_eq!(i64::try_from(track.file(&caller, id).len()).unwrap(), job.file_bytes);
    let store = track.stage.hub.store();
    let failures = store
        .read(&caller, async |tx| jobs::failures(tx, id).await)
        .await
        .unwrap();
    assert_eq!(failures.len(), 100, "the others are counted");
    assert_eq!(
        (failures[99].item.as_str(), failures[99].reason.as_str()),
        ("lap 200", "it rains")
    );
    let told = track.told(&caller).await;
    assert_eq!((told[0].as_str(), told[1].as_str()), ("job.created", "job.started"));
    assert_eq!(told.last().unwrap(), "job.finished");
}

#[actix::test]
async fn one_that_was_cut_short_goes_on_behind_its_last_step() {
    let (track, caller) = track().await;
    let id = track.start(&caller, &Run { waits_at: 6, ..run(10) }).await;
    track.comes_to(&caller, id, 5).await;
    // As if the server had been killed after it had written bytes, and before it had written rows.
    track.stage.hub.drain().await;
    let mut torn = fs::File::options().append(true).open(track.path(&caller, id)).unwrap();
    std::io::Write::write_all(&mut torn, b"6\n7\n8 and ha").unwrap();
    let (config, registry) = parts(&track.files);
    let hub = Hub::start(track.stage.another_store(), registry, config);
    hub.wake_jobs().await.unwrap();
    track.tell(&caller, -1).await;
    let job = track.becomes(&caller, id, JobState::Finished).await;
    assert_eq!(track.laps(&caller).await, (1..=10).collect::<Vec<_>>());
    assert_eq!(track.file(&caller, id), lines(10));
    assert_eq!(job.done, 10);
}

#[actix::test]
async fn one_whose_file_is_gone_begins_anew() {
    let (track, caller) = track().await;
    let id = track.start(&caller, &Run { waits_at: 6, ..run(10) }).await;
    track.comes_to(&caller, id, 5).await;
    fs::remove_dir_all(track.files.path()).unwrap();
    track.tell(&caller, -1).await;
    let job = track.becomes(&caller, id, JobState::Finished).await;
    assert_eq!(track.file(&caller, id), lines(10));
    assert_eq!((job.done, job.n_failures), (10, 0));
}

#[actix::test]
async fn what_is_cancelled_is_not_done_not_even_its_last_item() {
    let (track, caller) = track().await;
    let id = track.start(&caller, &Run { waits_at: 3, ..run(3) }).await;
    track.comes_to(&caller, id, 2).await;
    let asked = track.stage.hub.cancel_job(&caller, id).await.unwrap();
    assert!(asked.is_cancelling);
    // The last lap is run, and does not count.
    track.tell(&caller, -1).await;
    let job = track.becomes(&caller, id, JobState::Cancelled).await;
    assert_eq!((job.done, job.is_cancelling), (2, false));
    assert_eq!(track.laps(&caller).await, [1, 2]);
    until("its file is gone", async || !track.path(&caller, id).exists()).await;
    let again = track.stage.hub.cancel_job(&caller, id).await;
    assert!(matches!(again, Err(JobError::Over)));
    assert_eq!(track.told(&caller).await.last().unwrap(), "job.cancelled");
}

#[actix::test]
async fn the_same_key_is_the_same_job() {
    let (track, caller) = track().await;
    let start = async |laps| {
        let hub = &track.stage.hub;
        hub.start_job::<Laps>(&caller, &run(laps), Some("once")).await
    };
    let first = start(3).await.unwrap().id;
    track.becomes(&caller, first, JobState::Finished).await;
    let again = start(3).await.unwrap();
    assert_eq!((again.id, again.state), (first, JobState::Finished));
    let other = start(4).await;
    assert!(
        matches!(other, Err(JobError::Store(StoreError::KeyReused))),
        "{other:?}"
    );
    assert_eq!(track.laps(&caller).await, [1, 2, 3]);
}

#[actix::test]
async fn a_step_that_fails_is_tried_again_and_then_the_job_has_failed() {
    let (track, caller) = track().await;
    let stone = track.start(&caller, &Run { fails_at: 3, ..run(5) }).await;
    let job = track.becomes(&caller, stone, JobState::Failed).await;
    assert_eq!(
        (job.reason.as_deref(), job.attempts, job.done),
        (Some("a stone lies on lap 3"), 2, 2)
    );
    let fall = track
        .start(
            &caller,
            &Run {
                crashes_at: 2,
                ..run(5)
            },
        )
        .await;
    let job = track.becomes(&caller, fall, JobState::Failed).await;
    assert_eq!((job.reason.as_deref(), job.done), (Some("it crashed"), 1));
    until("their files are gone", async || {
        !track.path(&caller, stone).exists() && !track.path(&caller, fall).exists()
    })
    .await;
    assert_eq!(track.laps(&caller).await, [1, 1, 2]);
    // What is well again after a while goes on.
    let other = track.stage.tenant().await;
    track.tell(&other, -2).await;
    let cured = track
        .start(
            &other,
            &Run {
                crashes_at: 2,
                ..run(3)
            },
        )
        .await;
    track.becomes(&other, cured, JobState::Finished).await;
}

#[actix::test]
async fn two_of_a_tenant_run_at_once_the_others_wait_in_order_and_no_other_tenant_waits_with_them() {
    let (track, caller) = track().await;
    let slow = Run { waits_at: 1, ..run(1) };
    let mut ids = vec![];
    for _ in 0..4 {
        ids.push(track.start(&caller, &slow).await);
    }
    let states = async || {
        let mut states = vec![];
        for id in &ids {
            states.push(track.find(&caller, *id).await.state);
        }
        states
    };
    let (running, waiting, cancelled) = (JobState::Running, JobState::Waiting, JobState::Cancelled);
    until("two run", async || {
        states().await == [running, running, waiting, waiting]
    })
    .await;
    let other = track.stage.tenant().await;
    let quick = track.start(&other, &run(2)).await;
    track.becomes(&other, quick, JobState::Finished).await;
    assert_eq!(states().await, [running, running, waiting, waiting]);
    // One that waits is cancelled at once.
    track.stage.hub.cancel_job(&caller, ids[2]).await.unwrap();
    assert_eq!(states().await, [running, running, cancelled, waiting]);
    track.tell(&caller, -1).await;
    track.becomes(&caller, ids[3], JobState::Finished).await;
    assert!(track.find(&caller, ids[0]).await.started_at < track.find(&caller, ids[3]).await.started_at);
}

#[actix::test]
async fn one_of_a_kind_that_nobody_knows_any_more_has_failed() {
    let (track, caller) = track().await;
    let id = track.start(&caller, &Run { waits_at: 2, ..run(3) }).await;
    track.comes_to(&caller, id, 1).await;
    track.stage.hub.drain().await;
    let sql = format!("UPDATE jobs SET kind = 'laps.swim' WHERE id = '{id}'");
    track.stage.admin().await.batch_execute(&sql).await.unwrap();
    let (config, registry) = parts(&track.files);
    let hub = Hub::start(track.stage.another_store(), registry, config);
    hub.wake_jobs().await.unwrap();
    let job = track.becomes(&caller, id, JobState::Failed).await;
    assert_eq!(
        job.reason.as_deref(),
        Some("this version of the server knows no jobs of this kind")
    );
}
