//! The outbox: a parcel goes in with its formatting and comes out with it.

use std::time::Duration;

use kernel::rich::Document;
use kernel::{ChannelId, ContactId, ConversationId};
use serde_json::json;
use store::outbox::Parcel;
use uuid::Uuid;

use crate::pool::Stage;
use crate::sql;

#[tokio::test]
async fn a_parcel_carries_letters_and_the_document_they_were_made_from() {
    let stage = Stage::set(1).await;
    let (tenant, id) = (stage.a.tenant, Uuid::now_v7());
    let mut admin = stage.admin().await;
    // A channel, a contact and a conversation with two lines, all by one name.
    let rows = format!(
        "INSERT INTO channels (tenant_id, id, kind, name, key, sealed_secret, settings, created_at)
           VALUES ('{tenant}', '{id}', 'web_chat', 'x', '{id}', '', '{{}}', now());
         INSERT INTO contacts (tenant_id, id, name, created_at) VALUES ('{tenant}', '{id}', 'Ada', now());
         INSERT INTO conversations (tenant_id, id, number, channel_id, contact_id, start_key, status, priority, n_messages,
           n_customer_messages, version, started_at, last_activity_at)
           VALUES ('{tenant}', '{id}', 1, '{id}', '{id}', '{id}', 'open', 'none', 2, 0, 1, now(), now());
         INSERT INTO messages (tenant_id, conversation_id, position, id, kind, author_kind, author_name, text, key, at)
           SELECT '{tenant}', '{id}', n, gen_random_uuid(), 'reply', 'user', 'Tom', 'hi', gen_random_uuid(), now()
           FROM generate_series(1, 2) AS n"
    );
    sql::execute(&mut admin, &rows).await;
    let bold = json!([{ "type": "paragraph", "spans": [{ "text": "hi", "bold": true }] }]);
    let rich = Document::parse(serde_json::from_value(bold).unwrap()).unwrap();
    let documents = [None, Some(rich)];
    let scribe = stage.store.scribe().unwrap();
    let put = scribe.write([tenant].into(), Duration::from_secs(2), async |sheet| {
        let parcels = documents.iter().zip(1..).map(|(rich, position)| Parcel {
            tenant_id: tenant,
            id: Uuid::now_v7(),
            channel_id: ChannelId(id),
            conversation_id: ConversationId(id),
            position,
            contact_id: ContactId(id),
            text: "hi".into(),
            attempts: 0,
            next_at: sheet.now(),
            rich: rich.clone(),
        });
        sheet.enqueue(&parcels.collect::<Vec<_>>()).await
    });
    put.await.unwrap();
    let waiting = stage.store.parcels(&stage.a, ChannelId(id), 10).await.unwrap();
    let out: Vec<_> = waiting
        .iter()
        .map(Parcel::outbound)
        .map(|out| (out.text, out.rich))
        .collect();
    assert_eq!(out, documents.map(|rich| ("hi".to_owned(), rich)));
}
