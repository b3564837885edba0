-- How far each follower has heard a tenant's log.
CREATE TABLE followers (
  tenant_id uuid NOT NULL REFERENCES tenants (id) ON DELETE CASCADE,
  name text NOT NULL,
  seq bigint NOT NULL,
  state text NOT NULL CHECK (state IN ('live', 'paused', 'replaying')),
  replay_from bigint,
  replay_to bigint,
  -- Of the event behind `seq`, while it fails.
  attempts integer NOT NULL DEFAULT 0,
  last_error text,
  updated_at timestamptz NOT NULL,
  PRIMARY KEY (tenant_id, name)
);
ALTER TABLE followers ENABLE ROW LEVEL SECURITY;
ALTER TABLE followers FORCE ROW LEVEL SECURITY;
CREATE POLICY tenant ON followers USING (tenant_id = app_tenant()) WITH CHECK (tenant_id = app_tenant());
GRANT SELECT, INSERT, UPDATE, DELETE ON followers TO switchboard_app;
GRANT SELECT, INSERT ON followers TO switchboard_system;

-- The followers that there are, and since when: what a tenant did before one of them began is not its business. Whoever has
-- begun and is not found in a tenant has heard nothing of it yet.
CREATE TABLE follower_births (
  name text PRIMARY KEY,
  born_at timestamptz NOT NULL
);
ALTER TABLE follower_births ENABLE ROW LEVEL SECURITY;
ALTER TABLE follower_births FORCE ROW LEVEL SECURITY;
GRANT SELECT, INSERT ON follower_births TO switchboard_system;

-- Events that a follower could not take. They wait for people.
CREATE TABLE dead_letters (
  tenant_id uuid NOT NULL,
  follower text NOT NULL,
  seq bigint NOT NULL,
  kind text NOT NULL,
  reason text NOT NULL,
  attempts integer NOT NULL,
  failed_at timestamptz NOT NULL,
  -- Somebody asked for one more attempt.
  is_wanted boolean NOT NULL DEFAULT false,
  PRIMARY KEY (tenant_id, follower, seq),
  FOREIGN KEY (tenant_id, follower) REFERENCES followers (tenant_id, name) ON DELETE CASCADE
);
ALTER TABLE dead_letters ENABLE ROW LEVEL SECURITY;
ALTER TABLE dead_letters FORCE ROW LEVEL SECURITY;
CREATE POLICY tenant ON dead_letters USING (tenant_id = app_tenant()) WITH CHECK (tenant_id = app_tenant());
GRANT SELECT, INSERT, UPDATE, DELETE ON dead_letters TO switchboard_app;
GRANT SELECT ON dead_letters TO switchboard_system;

-- What came of an event. Most events come of none.
CREATE INDEX events_by_cause ON events (tenant_id, cause) WHERE cause IS NOT NULL;
