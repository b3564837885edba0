-- Long work: what was asked for, how far it has come, and what became of it.
CREATE TABLE jobs (
  tenant_id uuid NOT NULL REFERENCES tenants (id) ON DELETE CASCADE,
  id uuid NOT NULL,
  kind text NOT NULL,
  -- The same key of a kind is the same job.
  key text NOT NULL,
  input text NOT NULL,
  -- Upkeep: nobody is told of it unless it fails.
  is_quiet boolean NOT NULL,
  started_by uuid,
  starter_name text NOT NULL,
  state text NOT NULL CHECK (state IN ('waiting', 'running', 'finished', 'failed', 'cancelled')),
  is_cancelling boolean NOT NULL DEFAULT false,
  -- Grows with every change. Whoever writes names the one it knows.
  version bigint NOT NULL DEFAULT 1,
  checkpoint text,
  -- Of the step behind the checkpoint, while it fails.
  attempts integer NOT NULL DEFAULT 0,
  reason text,
  done bigint NOT NULL DEFAULT 0,
  total bigint,
  remaining_seconds bigint,
  n_failures bigint NOT NULL DEFAULT 0,
  file_name text,
  file_type text,
  -- So many bytes of the file belong to the checkpoint.
  file_bytes bigint NOT NULL DEFAULT 0,
  file_until timestamptz,
  created_at timestamptz NOT NULL,
  started_at timestamptz,
  ended_at timestamptz,
  PRIMARY KEY (tenant_id, id)
);
CREATE UNIQUE INDEX jobs_key ON jobs (tenant_id, kind, key);
CREATE INDEX jobs_by_age ON jobs (tenant_id, created_at, id);
CREATE INDEX jobs_to_do ON jobs (tenant_id, created_at, id) WHERE ended_at IS NULL;
ALTER TABLE jobs ENABLE ROW LEVEL SECURITY;
ALTER TABLE jobs FORCE ROW LEVEL SECURITY;
CREATE POLICY tenant ON jobs USING (tenant_id = app_tenant()) WITH CHECK (tenant_id = app_tenant());
GRANT SELECT, INSERT, UPDATE, DELETE ON jobs TO switchboard_app;
GRANT SELECT ON jobs TO switchboard_system;

-- What a job could not do, item by item: the first of them.
CREATE TABLE job_failures (
  tenant_id uuid NOT NULL,
  job_id uuid NOT NULL,
  place bigint NOT NULL,
  item text NOT NULL,
  reason text NOT NULL,
  PRIMARY KEY (tenant_id, job_id, place),
  FOREIGN KEY (tenant_id, job_id) REFERENCES jobs (tenant_id, id) ON DELETE CASCADE
);
ALTER TABLE job_failures ENABLE ROW LEVEL SECURITY;
ALTER TABLE job_failures FORCE ROW LEVEL SECURITY;
CREATE POLICY tenant ON job_failures USING (tenant_id = app_tenant()) WITH CHECK (tenant_id = app_tenant());
GRANT SELECT, INSERT, UPDATE, DELETE ON job_failures TO switchboard_app;
