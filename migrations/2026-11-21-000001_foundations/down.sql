DROP TABLE idempotency_keys, timers, events, log_heads, refresh_tokens, sessions, memberships, roles, users, tenants;
DROP FUNCTION app_tenant();
