CREATE INDEX conversations_by_channel ON conversations (tenant_id, channel_id, status, last_activity_at DESC, id DESC);
CREATE INDEX conversations_by_contact ON conversations (tenant_id, contact_id, last_activity_at DESC, id DESC);
ALTER TABLE reads RESET (autovacuum_vacuum_scale_factor);
ALTER TABLE conversations RESET (autovacuum_vacuum_scale_factor, autovacuum_analyze_scale_factor);
DROP INDEX conversations_by_activity;
CREATE INDEX conversations_by_activity ON conversations (tenant_id, status, last_activity_at DESC, id DESC);
ALTER TABLE reads DROP CONSTRAINT reads_pkey,
  ADD CONSTRAINT reads_pkey PRIMARY KEY (tenant_id, conversation_id, user_id);
DROP FUNCTION search_contacts(text, integer);
REVOKE EXECUTE ON FUNCTION app_tenant() FROM switchboard_search;
REVOKE SELECT (tenant_id, id, name, email) ON contacts FROM switchboard_search;
DROP POLICY search ON contacts;
DROP INDEX contacts_by_creation;
DROP INDEX contacts_by_words;
DROP FUNCTION contact_words(text, text);
DROP EXTENSION btree_gin;
DROP EXTENSION pg_trgm;
