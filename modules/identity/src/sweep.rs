//! What sign-ins leave behind, which is swept up once a day.

use chrono::TimeDelta;
use store::sweep::Dust;

use crate::settings::IdentitySettings;

/// Their refresh tokens go with them.
const ENDED_SESSIONS: Dust = Dust {
    table: "sessions",
    since: "least(revoked_at, expires_at)",
    keep: TimeDelta::days(30),
};

/// Sign-ins that are over, and refresh tokens that were used long ago.
pub(crate) fn dust(settings: &IdentitySettings) -> [Dust; 2] {
    // Shown again, a used token ends its family; so long somebody may stay away and come back with it.
    let used_tokens = Dust {
        table: "refresh_tokens",
        since: "used_at",
        keep: TimeDelta::days(settings.session_days),
    };
    [ENDED_SESSIONS, used_tokens]
}

#[cfg(test)]
mod tests {
    use diesel::QueryableByName;
    use diesel::sql_query;
    use diesel::sql_types::{BigInt, Text};
    use diesel_async::{RunQueryDsl, SimpleAsyncConnection};
    use kernel::Caller;
    use store::StoreError;
    use store::sweep::{AT_ONCE, OWN};

    use super::*;
    use crate::{session, tenant};

    #[derive(QueryableByName)]
    struct Counted {
        #[diesel(sql_type = Text)]
        what: String,
        #[diesel(sql_type = BigInt)]
        n: i64,
    }

    const COUNT: &str = "SELECT 'keys' AS what, count(*) AS n FROM idempotency_keys \
        UNION ALL SELECT 'parcels', count(*) FROM outbox \
        UNION ALL SELECT 'sessions', count(*) FROM sessions \
        UNION ALL SELECT 'tokens', count(*) FROM refresh_tokens ORDER BY what";

    /// A thousand and a half keys, a parcel that is dead, one that waits.
    const LEFT_BEHIND: &str = "
        INSERT INTO idempotency_keys SELECT app_tenant(), 'user:1', n::text, '', '', to_timestamp(1800000000)
          FROM generate_series(1, 1500) n;
        INSERT INTO contacts (tenant_id, id, name, created_at) VALUES (app_tenant(), app_tenant(), 'Ada', now());
        INSERT INTO channels (tenant_id, id, kind, name, key, sealed_secret, settings, created_at)
          VALUES (app_tenant(), app_tenant(), 'web_chat', 'Site', 'k', '', '{}', now());
        INSERT INTO conversations (tenant_id, id, number, channel_id, contact_id, start_key, status, priority, n_messages,
            n_customer_messages, version, started_at, last_activity_at)
          VALUES (app_tenant(), app_tenant(), 1, app_tenant(), app_tenant(), app_tenant(), 'open', 'none', 2, 0, 1, now(), now());
        INSERT INTO messages SELECT app_tenant(), app_tenant(), n, gen_random_uuid(), 'reply', 'user', NULL, 'Ada', 'x', NULL,
            gen_random_uuid(), now() FROM generate_series(1, 2) n;
        INSERT INTO outbox (tenant_id, id, channel_id, conversation_id, position, contact_id, text, state, next_at)
          SELECT app_tenant(), gen_random_uuid(), app_tenant(), app_tenant(), n, app_tenant(), 'x',
            CASE n WHEN 1 THEN 'dead' ELSE 'pending' END, to_timestamp(1800000000) FROM generate_series(1, 2) n";

    #[tokio::test]
    async fn what_is_over_is_swept_when_its_time_has_come_and_what_lives_stays() {
        let (_database, store) = tenant::testing::store().await;
        let settings = IdentitySettings {
            allow_sign_up: true,
            session_days: 30,
            reuse_leeway_seconds: 10,
            secure_cookie: false,
        };
        let acme = tenant::testing::tenant(&store).await;
        let caller = Caller::system(acme.tenant, "test");
        store
            .write(&caller, async |tx| {
                Ok::<_, StoreError>(tx.conn().batch_execute(LEFT_BEHIND).await?)
            })
            .await
            .unwrap();
        let (here, gone) = (
            session::open(&store, &settings, acme.tenant, acme.owner).await.unwrap(),
            session::open(&store, &settings, acme.tenant, acme.owner).await.unwrap(),
        );
        session::testing::end(&store, gone.session, acme.tenant, acme.owner).await;
        let mut token = here.refresh_token;
        // (days later, the live session is refreshed) and what is left: keys, parcels, sessions, tokens
        let steps = [
            (0, true, [1500, 2, 2, 3]),
            (2, true, [0, 2, 2, 4]),
            (27, true, [0, 2, 2, 5]),
            (2, true, [0, 1, 1, 4]),
            (29, true, [0, 1, 1, 3]),
            (61, false, [0, 1, 0, 0]),
        ];
        for (days, refreshes, left) in steps {
            store.clock().advance(TimeDelta::days(days));
            if refreshes {
                token = session::testing::refresh(&store, &settings, &token).await;
            }
            for dust in dust(&settings).into_iter().chain(OWN) {
                while store.write(&caller, async |tx| dust.sweep(tx).await).await.unwrap() == AT_ONCE {}
            }
            let counted: Vec<Counted> = store
                .read(&caller, async |tx| {
                    Ok::<_, StoreError>(sql_query(COUNT).load(tx.conn()).await?)
                })
                .await
                .unwrap();
            let counted: Vec<_> = counted.into_iter().map(|row| (row.what, row.n)).collect();
            let names = ["keys", "parcels", "sessions", "tokens"].map(str::to_owned);
            assert_eq!(
                counted,
                names.into_iter().zip(left).collect::<Vec<_>>(),
                "after {days} days more"
            );
        }
    }
}
