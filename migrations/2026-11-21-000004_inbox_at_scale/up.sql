-- Finding people by a part of their name or address. The operators that use such an index are not leakproof, so under
-- the policy they would come last, after all of the tenant's rows: the search is a function of a role that the policy
-- lets through, and names the tenant itself.
CREATE EXTENSION IF NOT EXISTS pg_trgm;
CREATE EXTENSION IF NOT EXISTS btree_gin;

-- What a contact is found by; with a space before each word, a pattern can say where a word begins.
CREATE FUNCTION contact_words(name text, email text) RETURNS text LANGUAGE sql IMMUTABLE PARALLEL SAFE
  RETURN ' ' || name || ' ' || coalesce(email, '');
-- Without the list of what is still to be indexed: it would have to be read through in every search.
CREATE INDEX contacts_by_words ON contacts USING gin (tenant_id, contact_words(name, email) gin_trgm_ops) WITH (fastupdate = off);
CREATE INDEX contacts_by_creation ON contacts (tenant_id, created_at DESC, id DESC);

CREATE POLICY search ON contacts FOR SELECT TO switchboard_search USING (true);
GRANT SELECT (tenant_id, id, name, email) ON contacts TO switchboard_search;
GRANT EXECUTE ON FUNCTION app_tenant() TO switchboard_search;

CREATE FUNCTION search_contacts(pattern text, most integer) RETURNS TABLE (tenant_id uuid, id uuid)
  LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, public
  AS $$ SELECT c.tenant_id, c.id FROM contacts c
        WHERE c.tenant_id = app_tenant() AND contact_words(c.name, c.email) ILIKE pattern
        LIMIT least(most, 2000) $$;
REVOKE EXECUTE ON FUNCTION search_contacts(text, integer) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION search_contacts(text, integer) TO switchboard_app;
GRANT CREATE ON SCHEMA public TO switchboard_search;
ALTER FUNCTION search_contacts(text, integer) OWNER TO switchboard_search;
REVOKE CREATE ON SCHEMA public FROM switchboard_search;

-- What an agent has read comes together, and the index alone tells what is unread.
ALTER TABLE reads DROP CONSTRAINT reads_pkey,
  ADD CONSTRAINT reads_pkey PRIMARY KEY (tenant_id, user_id, conversation_id) INCLUDE (n_customer_messages);

-- The list and its counts are read from this index alone, whatever they leave out.
DROP INDEX conversations_by_activity;
CREATE INDEX conversations_by_activity ON conversations (tenant_id, status, last_activity_at DESC, id DESC)
  INCLUDE (channel_id, assignee_id, priority, n_customer_messages);
-- The one above knows the channel, and a contact's few conversations are sorted quickly; every message would have to keep
-- these up to date.
DROP INDEX conversations_by_channel;
DROP INDEX conversations_by_contact;

-- An index answers alone for pages that nothing changed since the last vacuum, so it comes after two rows in a hundred.
ALTER TABLE conversations SET (autovacuum_vacuum_scale_factor = 0.02, autovacuum_analyze_scale_factor = 0.02);
ALTER TABLE reads SET (autovacuum_vacuum_scale_factor = 0.02);
