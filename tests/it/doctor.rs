//! The doctor looks at a server from outside, and says what to do.

use diesel_async::{AsyncConnection, AsyncPgConnection, SimpleAsyncConnection};

use crate::support::Hub;

#[tokio::test]
async fn the_doctor_finds_a_server_well_and_a_hole_in_its_wall() {
    let hub = Hub::start().await;
    let port = hub.url.rsplit(':').next().unwrap().to_owned();
    let examine = || hub.command(&["doctor", "--port", &port]);
    let (is_fine, said) = examine();
    assert!(is_fine && said.ends_with("All is well.\n"), "{said}");
    assert!(said.contains("answers as a Switchboard server"), "{said}");
    for check in [
        "data folder",
        "port",
        "database",
        "clock",
        "roles",
        "schema",
        "tenant wall",
    ] {
        assert!(said.contains(&format!("ok    {check}")), "{check}: {said}");
    }

    let mut admin = AsyncPgConnection::establish(&hub.urls().admin).await.unwrap();
    admin
        .batch_execute("ALTER TABLE contacts NO FORCE ROW LEVEL SECURITY")
        .await
        .unwrap();
    let (is_fine, said) = examine();
    assert!(!is_fine && said.contains("FAIL  tenant wall"), "{said}");
    assert!(
        said.contains("contacts") && said.ends_with("The server cannot run like this.\n"),
        "{said}"
    );
}

#[tokio::test]
async fn the_doctor_says_what_stands_in_the_way_of_a_start() {
    let hub = Hub::start().await;
    let foreign = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
    let port = foreign.local_addr().unwrap().port().to_string();
    let nowhere = [("DATABASE_URL", "postgres://127.0.0.1:1/none?connect_timeout=2")];
    let (is_fine, said) = hub.command_with(&["doctor", "--port", &port], &nowhere);
    assert!(!is_fine, "{said}");
    assert!(said.contains("is used by another program"), "{said}");
    assert!(said.contains("start it, or correct DATABASE_URL"), "{said}");
}
