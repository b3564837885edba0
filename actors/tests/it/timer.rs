//! The timer: whatever it dies of or stumbles over, what is due is run, and nobody waits for another tenant's.

use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::sync::{Arc, Mutex};

use actors::{LiveConfig, Registry};
use diesel_async::SimpleAsyncConnection;
use kernel::{Caller, TenantId};
use store::testing::{Line, database};
use store::{DatabaseUrls, StoreError};
use tokio::sync::Semaphore;

use crate::support::{Panicking, Stage, until};

/// So many tenants are at it at once, and so many timers are looked at.
const AT_ONCE: usize = 8;
const PAGE: usize = 256;

/// What timers did.
struct Ticks {
    /// Whose timers ran, in order.
    ran: Mutex<Vec<TenantId>>,
    n_begun: AtomicUsize,
    /// So many timers of the slow may pass.
    door: Semaphore,
    slow: Mutex<Vec<TenantId>>,
    /// This is cut by the next one that runs.
    line: Mutex<Option<Arc<Line>>>,
}

impl Ticks {
    fn new() -> Self {
        Self {
            ran: Mutex::default(),
            n_begun: AtomicUsize::new(0),
            door: Semaphore::new(0),
            slow: Mutex::default(),
            line: Mutex::default(),
        }
    }

    async fn tick(&self, caller: Caller) {
        self.n_begun.fetch_add(1, Ordering::Relaxed);
        let is_slow = self.slow.lock().unwrap().contains(&caller.tenant);
        if is_slow {
            self.door.acquire().await.unwrap().forget();
        }
        self.ran.lock().unwrap().push(caller.tenant);
        if let Some(line) = self.line.lock().unwrap().take() {
            line.cut();
        }
    }

    fn ran(&self) -> Vec<TenantId> {
        self.ran.lock().unwrap().clone()
    }
}

/// A stage whose timers reach the database over a line.
async fn stage() -> (Stage, Arc<Line>, Arc<Ticks>) {
    let database = database().await.unwrap();
    let line = Line::to(&database.urls).await.unwrap();
    let urls = DatabaseUrls {
        system: line.urls.system.clone(),
        ..database.urls.clone()
    };
    let (ticks, mut registry) = (Arc::new(Ticks::new()), Registry::default());
    let shared = ticks.clone();
    registry.timer("tally.tick", move |_, caller, _| {
        let ticks = shared.clone();
        async move {
            ticks.tick(caller).await;
            Ok::<_, StoreError>(())
        }
    });
    let stage = Stage::on(database, urls, LiveConfig::default(), registry);
    (stage, Arc::new(line), ticks)
}

/// Sets so many timers, due so many seconds ago, and says nothing of it.
async fn set(stage: &Stage, caller: &Caller, n: usize, ago: usize) {
    let sql = format!(
        "INSERT INTO timers (tenant_id, kind, subject, due_at)
         SELECT '{}', 'tally.tick', gen_random_uuid(), now() - interval '{ago} seconds' FROM generate_series(1, {n})",
        caller.tenant
    );
    stage.admin().await.batch_execute(&sql).await.unwrap();
}

#[actix::test]
async fn a_round_that_fails_is_tried_again() {
    let (stage, line, ticks) = stage().await;
    // Nobody pokes it: the first round is its own.
    line.cut();
    let caller = stage.tenant().await;
    set(&stage, &caller, 1, 0).await;
    until("it could not read", async || line.n_refused() > 0).await;
    line.mend();
    until("it runs", async || ticks.ran() == [caller.tenant]).await;
}

#[actix::test]
async fn a_timer_that_could_not_be_settled_is_run_again() {
    let (stage, line, ticks) = stage().await;
    let caller = stage.tenant().await;
    *ticks.line.lock().unwrap() = Some(line.clone());
    set(&stage, &caller, 1, 0).await;
    stage.hub.timer_changed();
    until("it could not be settled", async || line.n_refused() > 0).await;
    line.mend();
    until("it runs again", async || ticks.ran().len() == 2).await;
    until("it is settled", async || {
        let (due, _) = stage.hub.store().due_timers(10, vec![]).await.unwrap();
        due.is_empty()
    })
    .await;
}

#[actix::test]
async fn a_timer_that_dies_in_the_middle_of_a_round_is_started_anew_and_goes_on() {
    let (stage, line, ticks) = stage().await;
    // It lives on this thread, and says when it cannot read: whoever hears that panics, once.
    let has_panicked = Arc::new(AtomicBool::new(false));
    let panicking = Panicking::at("timers could not be read", has_panicked.clone());
    let listening = tracing::subscriber::set_default(panicking);
    line.cut();
    let caller = stage.tenant().await;
    set(&stage, &caller, 1, 0).await;
    until("it dies", async || has_panicked.load(Ordering::Relaxed)).await;
    line.mend();
    until("it runs", async || ticks.ran() == [caller.tenant]).await;
    drop(listening);
}

#[actix::test]
async fn behind_a_full_page_of_one_tenant_nobody_waits() {
    let (stage, _line, ticks) = stage().await;
    let (many, one) = (stage.tenant().await, stage.tenant().await);
    ticks.slow.lock().unwrap().push(many.tenant);
    set(&stage, &many, PAGE + 50, 100).await;
    set(&stage, &one, 1, 10).await;
    stage.hub.timer_changed();
    until("the other one's runs", async || ticks.ran() == [one.tenant]).await;
    ticks.door.add_permits(PAGE + 50);
    until("all of them run", async || ticks.ran().len() == PAGE + 51).await;
}

#[actix::test]
async fn tenants_have_their_turns_in_the_order_in_which_their_timers_are_due() {
    let (stage, _line, ticks) = stage().await;
    for _ in 0..AT_ONCE {
        let slow = stage.tenant().await;
        ticks.slow.lock().unwrap().push(slow.tenant);
        set(&stage, &slow, 1, 1_000).await;
    }
    let mut waiting = vec![];
    for n in 0..10 {
        let caller = stage.tenant().await;
        set(&stage, &caller, 1, 500 - n).await;
        waiting.push(caller.tenant);
    }
    stage.hub.timer_changed();
    until("all places are taken", async || {
        ticks.n_begun.load(Ordering::Relaxed) == AT_ONCE
    })
    .await;
    // When one of them is done, one place is free.
    ticks.door.add_permits(1);
    until("the others run", async || ticks.ran().len() == 1 + waiting.len()).await;
    assert_eq!(ticks.ran().split_off(1), waiting);
    ticks.door.add_permits(AT_ONCE);
}
