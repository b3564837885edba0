-- Each of these was looked up again for every single message. An event is only ever added under the lock on its tenant's
-- log_heads row, which cannot be there without the tenant.
ALTER TABLE events DROP CONSTRAINT events_tenant_id_fkey;
ALTER TABLE messages DROP CONSTRAINT messages_tenant_id_fkey;
-- A line is written together with its conversation's new state, in one transaction that fails unless both rows were there.
ALTER TABLE messages DROP CONSTRAINT messages_tenant_id_conversation_id_fkey;

-- Every message moves its conversation to the top of the lists. The indexes know only the minute, and pages have room for the
-- next version of a row: most messages leave all indexes alone. Within a minute, lists are sorted when they are read.
ALTER TABLE conversations SET (fillfactor = 60);
ALTER TABLE conversations ADD COLUMN active_minute timestamptz NOT NULL
  GENERATED ALWAYS AS (date_bin('1 minute', last_activity_at, '2000-01-01 00:00:00+00'::timestamptz)) STORED;
DROP INDEX conversations_by_activity;
CREATE INDEX conversations_by_activity ON conversations (tenant_id, status, active_minute DESC)
  INCLUDE (id, channel_id, assignee_id, priority);
DROP INDEX conversations_by_assignee;
CREATE INDEX conversations_by_assignee ON conversations (tenant_id, assignee_id, status, active_minute DESC)
  INCLUDE (id, channel_id, priority);
