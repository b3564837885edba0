//! A thing has one owner, also while it is being loaded.

use uuid::Uuid;

use crate::support::{Script, Stage, until};

#[actix::test]
async fn who_asks_while_it_is_being_loaded_waits_for_the_one_that_loads_it() {
    let stage = Stage::set().await;
    let (caller, id) = (stage.tenant().await, Uuid::now_v7());
    let script = Script::of(id);
    let closed = script.door.write().await;
    let later = async {
        until("it is being loaded", async || script.n_loads() > 0).await;
        let open = async { drop(closed) };
        let (second, third, ()) = tokio::join!(stage.add(&caller, id, 10), stage.add(&caller, id, 100), open);
        (second.unwrap(), third.unwrap())
    };
    let (first, later) = tokio::join!(stage.add(&caller, id, 1), later);
    assert_eq!((first.unwrap(), later), (1, (11, 111)));
    assert_eq!(script.n_loads(), 1);
    assert_eq!(stage.logged(&caller, id).await.len(), 3);
}
