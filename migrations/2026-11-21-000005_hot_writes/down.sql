DROP INDEX conversations_by_assignee;
CREATE INDEX conversations_by_assignee ON conversations (tenant_id, assignee_id, status, last_activity_at DESC, id DESC);
DROP INDEX conversations_by_activity;
CREATE INDEX conversations_by_activity ON conversations (tenant_id, status, last_activity_at DESC, id DESC)
  INCLUDE (channel_id, assignee_id, priority, n_customer_messages);
ALTER TABLE conversations DROP COLUMN active_minute;
ALTER TABLE conversations RESET (fillfactor);

ALTER TABLE events ADD CONSTRAINT events_tenant_id_fkey
  FOREIGN KEY (tenant_id) REFERENCES tenants (id) ON DELETE CASCADE;
ALTER TABLE messages ADD CONSTRAINT messages_tenant_id_fkey
  FOREIGN KEY (tenant_id) REFERENCES tenants (id) ON DELETE CASCADE;
ALTER TABLE messages ADD CONSTRAINT messages_tenant_id_conversation_id_fkey
  FOREIGN KEY (tenant_id, conversation_id) REFERENCES conversations (tenant_id, id) ON DELETE CASCADE;
