-- The journal writes for many tenants in one transaction. It signs in as a role of its own, which sees the rows of the
-- tenants that the transaction names, in the tables it writes to and no others.
CREATE FUNCTION app_tenants() RETURNS uuid[] LANGUAGE sql STABLE PARALLEL SAFE
  AS $$ SELECT nullif(current_setting('app.tenants', true), '')::uuid[] $$;
GRANT EXECUTE ON FUNCTION app_tenant(), app_tenants() TO switchboard_journal;

CREATE POLICY journal ON messages TO switchboard_journal
  USING (tenant_id = ANY ((SELECT app_tenants())::uuid[])) WITH CHECK (tenant_id = ANY ((SELECT app_tenants())::uuid[]));
GRANT SELECT, INSERT ON messages TO switchboard_journal;
CREATE POLICY journal ON conversations TO switchboard_journal
  USING (tenant_id = ANY ((SELECT app_tenants())::uuid[])) WITH CHECK (tenant_id = ANY ((SELECT app_tenants())::uuid[]));
GRANT SELECT, UPDATE ON conversations TO switchboard_journal;
CREATE POLICY journal ON reads TO switchboard_journal
  USING (tenant_id = ANY ((SELECT app_tenants())::uuid[])) WITH CHECK (tenant_id = ANY ((SELECT app_tenants())::uuid[]));
GRANT SELECT, INSERT, UPDATE ON reads TO switchboard_journal;
CREATE POLICY journal ON outbox TO switchboard_journal
  USING (tenant_id = ANY ((SELECT app_tenants())::uuid[])) WITH CHECK (tenant_id = ANY ((SELECT app_tenants())::uuid[]));
GRANT INSERT ON outbox TO switchboard_journal;
CREATE POLICY journal ON timers TO switchboard_journal
  USING (tenant_id = ANY ((SELECT app_tenants())::uuid[])) WITH CHECK (tenant_id = ANY ((SELECT app_tenants())::uuid[]));
GRANT SELECT, INSERT, UPDATE, DELETE ON timers TO switchboard_journal;
CREATE POLICY journal ON log_heads TO switchboard_journal
  USING (tenant_id = ANY ((SELECT app_tenants())::uuid[])) WITH CHECK (tenant_id = ANY ((SELECT app_tenants())::uuid[]));
GRANT SELECT, UPDATE ON log_heads TO switchboard_journal;
CREATE POLICY journal ON events TO switchboard_journal
  USING (tenant_id = ANY ((SELECT app_tenants())::uuid[])) WITH CHECK (tenant_id = ANY ((SELECT app_tenants())::uuid[]));
GRANT INSERT ON events TO switchboard_journal;

-- It changes with every message and is read as a whole: JSON kept as it was written, like what an event says.
ALTER TABLE conversations ALTER COLUMN last_message TYPE text;
