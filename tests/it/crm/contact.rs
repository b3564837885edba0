//! Contacts, listed and shown.

use serde_json::json;

use crate::support::{Hub, key};

#[tokio::test]
async fn contacts_are_found_by_name_and_address_and_paged() {
    let hub = Hub::start().await;
    let owner = hub.owner("Acme").await;
    let channel = hub.channel(&owner, json!({})).await;
    for n in 0..4 {
        let visitor = hub.visitor(&channel).await;
        let me = json!({ "name": format!("Guest {n}"), "email": format!("guest{n}@example.org") });
        visitor.patch("/widget/me", &me).await.expect(200);
    }
    let names = async |query: &str| {
        let list = owner.get(&format!("/crm/contacts?{query}")).await.expect(200);
        let names = list["items"]
            .as_array()
            .unwrap()
            .iter()
            .map(|c| c["name"].as_str().unwrap().to_owned());
        (names.collect::<Vec<_>>(), list["next"].as_str().map(str::to_owned))
    };
    assert_eq!(names("q=guest2@").await.0, ["Guest 2"]);
    assert_eq!(names("q=GUEST%201").await.0, ["Guest 1"]);
    // One or two letters are looked for where words begin.
    assert_eq!(names("q=gu&limit=1").await.0, ["Guest 3"]);
    assert_eq!(names("q=3").await.0, ["Guest 3"]);
    assert_eq!(names("q=es").await.0, [""; 0]);
    assert_eq!(names("q=est%203").await.0, ["Guest 3"]);
    let (first, next) = names("limit=3").await;
    assert_eq!(first, ["Guest 3", "Guest 2", "Guest 1"]);
    assert_eq!(
        names(&format!("limit=3&after={}", next.unwrap())).await,
        (vec!["Guest 0".to_owned()], None)
    );
    owner
        .get(&format!("/crm/contacts/{}", key()))
        .await
        .refused(404, "not_found");
    let id = owner.get("/crm/contacts?limit=1").await.expect(200)["items"][0]["id"]
        .as_str()
        .unwrap()
        .to_owned();
    assert_eq!(
        owner.get(&format!("/crm/contacts/{id}")).await.expect(200)["email"],
        "guest3@example.org"
    );
}
