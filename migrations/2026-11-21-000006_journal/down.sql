ALTER TABLE conversations ALTER COLUMN last_message TYPE jsonb USING last_message::jsonb;

DROP POLICY journal ON messages;
REVOKE ALL ON messages FROM switchboard_journal;
DROP POLICY journal ON conversations;
REVOKE ALL ON conversations FROM switchboard_journal;
DROP POLICY journal ON reads;
REVOKE ALL ON reads FROM switchboard_journal;
DROP POLICY journal ON outbox;
REVOKE ALL ON outbox FROM switchboard_journal;
DROP POLICY journal ON timers;
REVOKE ALL ON timers FROM switchboard_journal;
DROP POLICY journal ON log_heads;
REVOKE ALL ON log_heads FROM switchboard_journal;
DROP POLICY journal ON events;
REVOKE ALL ON events FROM switchboard_journal;
REVOKE EXECUTE ON FUNCTION app_tenant() FROM switchboard_journal;
DROP FUNCTION app_tenants();
