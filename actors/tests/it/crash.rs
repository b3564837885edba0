//! What an entity that panics costs, and whom.

use std::sync::atomic::Ordering;

use actors::census::EntityState;
use actors::{LiveConfig, LiveError, Registry};
use store::StoreError;
use uuid::Uuid;

use crate::support::{Add, AddAndPanic, Script, Stage, Tally, TallyError, until};

fn has_crashed<T>(outcome: &Result<T, TallyError>) -> bool {
    matches!(outcome, Err(TallyError::Live(LiveError::Crashed)))
}

#[actix::test]
async fn an_entity_that_panics_comes_back_and_has_lost_nothing() {
    let stage = Stage::set().await;
    let (caller, id, other) = (stage.tenant().await, Uuid::now_v7(), Uuid::now_v7());
    assert_eq!(stage.add(&caller, id, 2).await.unwrap(), 2);
    assert_eq!(stage.add(&caller, other, 5).await.unwrap(), 5);
    let outcome = stage.hub.ask::<Tally, _>(&caller, id, AddAndPanic).await;
    assert!(has_crashed(&outcome), "{outcome:?}");
    assert_eq!(stage.add(&caller, id, 3).await.unwrap(), 6, "what was written is there");
    assert_eq!(stage.add(&caller, other, 5).await.unwrap(), 10);
    assert_eq!((Script::of(id).n_loads(), Script::of(other).n_loads()), (2, 1));
    let tree = stage.hub.census(&caller).await.unwrap();
    for (entity, restarts) in [(id, 1), (other, 0)] {
        let row = tree.entities.iter().find(|row| row.id == entity).unwrap();
        assert_eq!((row.restarts, row.state), (restarts, EntityState::Live));
    }
}

#[actix::test]
async fn what_waits_behind_a_panic_is_answered() {
    let stage = Stage::set().await;
    let (caller, id) = (stage.tenant().await, Uuid::now_v7());
    // Once it is awake, commands stand in the order in which they are sent.
    assert_eq!(stage.add(&caller, id, 0).await.unwrap(), 0);
    let ask_to_panic = stage.hub.ask::<Tally, _>(&caller, id, AddAndPanic);
    let (first, outcome, last) = tokio::join!(stage.add(&caller, id, 2), ask_to_panic, stage.add(&caller, id, 3));
    assert_eq!((first.unwrap(), last.unwrap()), (2, 6));
    assert!(has_crashed(&outcome), "{outcome:?}");
}

#[actix::test]
async fn one_that_panics_or_is_not_found_while_it_is_loaded_is_loaded_by_the_next_command() {
    let stage = Stage::set().await;
    let (caller, id) = (stage.tenant().await, Uuid::now_v7());
    let script = Script::of(id);
    script.panics_while_loading.store(true, Ordering::Relaxed);
    let (one, two) = tokio::join!(stage.add(&caller, id, 1), stage.add(&caller, id, 1));
    assert!(has_crashed(&one) && has_crashed(&two), "{one:?} {two:?}");
    script.panics_while_loading.store(false, Ordering::Relaxed);
    script.is_unknown.store(true, Ordering::Relaxed);
    let unknown = stage.add(&caller, id, 1).await;
    assert!(
        matches!(unknown, Err(TallyError::Store(StoreError::NotFound))),
        "{unknown:?}"
    );
    script.is_unknown.store(false, Ordering::Relaxed);
    assert_eq!(stage.add(&caller, id, 1).await.unwrap(), 1);
    assert_eq!(script.n_loads(), 4);
}

#[actix::test]
async fn one_that_keeps_panicking_is_put_to_rest_and_the_others_go_on() {
    let config = LiveConfig {
        restart_budget: 2,
        ..LiveConfig::default()
    };
    let stage = Stage::with(config, Registry::default()).await;
    let (caller, bad, good) = (stage.tenant().await, Uuid::now_v7(), Uuid::now_v7());
    for _ in 0..3 {
        assert_eq!(stage.add(&caller, good, 0).await.unwrap(), 0);
        let outcome = stage.hub.ask::<Tally, _>(&caller, bad, AddAndPanic).await;
        assert!(has_crashed(&outcome), "{outcome:?}");
    }
    until("it is announced", async || {
        let events = stage.hub.store().events_after(&caller, 0, 100).await.unwrap();
        let rests = events.iter().find(|event| event.kind == "entity.quarantined");
        rests.is_some_and(|event| event.subject == format!("tally:{bad}"))
    })
    .await;
    let refused = stage.hub.ask::<Tally, _>(&caller, bad, Add(1)).await;
    assert!(
        matches!(refused, Err(TallyError::Live(LiveError::Quarantined))),
        "{refused:?}"
    );
    assert_eq!(stage.add(&caller, good, 7).await.unwrap(), 7);
    let tree = stage.hub.census(&caller).await.unwrap();
    let state = |id| tree.entities.iter().find(|row| row.id == id).map(|row| row.state);
    assert_eq!(
        (state(bad), state(good)),
        (Some(EntityState::Quarantined), Some(EntityState::Live))
    );
    assert_eq!(Script::of(good).n_loads(), 1);
}
