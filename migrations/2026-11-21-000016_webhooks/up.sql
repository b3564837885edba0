-- Where a tenant's events are sent to.
CREATE TABLE webhooks (
  tenant_id uuid NOT NULL REFERENCES tenants (id) ON DELETE CASCADE,
  id uuid NOT NULL,
  name text NOT NULL,
  url text NOT NULL,
  patterns text[] NOT NULL,
  at_once integer NOT NULL,
  state text NOT NULL CHECK (state IN ('live', 'paused', 'disabled')),
  -- Why it was disabled, for people.
  reason text,
  sealed_secret bytea NOT NULL,
  -- The secret before, which is valid for a while longer.
  sealed_old_secret bytea,
  old_secret_until timestamptz,
  -- Attempts in a row that failed, and since when.
  failures integer NOT NULL DEFAULT 0,
  failing_since timestamptz,
  last_attempt_at timestamptz,
  last_success_at timestamptz,
  created_at timestamptz NOT NULL,
  PRIMARY KEY (tenant_id, id)
);
ALTER TABLE webhooks ENABLE ROW LEVEL SECURITY;
ALTER TABLE webhooks FORCE ROW LEVEL SECURITY;
CREATE POLICY tenant ON webhooks USING (tenant_id = app_tenant()) WITH CHECK (tenant_id = app_tenant());
GRANT SELECT, INSERT, UPDATE, DELETE ON webhooks TO switchboard_app;

-- One event for one webhook. What is said stands in the log; a test has no event and says so itself.
CREATE TABLE webhook_deliveries (
  tenant_id uuid NOT NULL,
  id uuid NOT NULL,
  webhook_id uuid NOT NULL,
  seq bigint,
  kind text NOT NULL,
  payload text,
  state text NOT NULL CHECK (state IN ('waiting', 'delivered', 'failed')),
  attempts integer NOT NULL DEFAULT 0,
  next_at timestamptz NOT NULL,
  last_status integer,
  last_error text,
  created_at timestamptz NOT NULL,
  PRIMARY KEY (tenant_id, id),
  UNIQUE (tenant_id, webhook_id, seq),
  FOREIGN KEY (tenant_id, webhook_id) REFERENCES webhooks (tenant_id, id) ON DELETE CASCADE
);
-- What is next, and how it went: both are pages of one webhook.
CREATE INDEX webhook_deliveries_waiting ON webhook_deliveries (tenant_id, webhook_id, next_at, id) WHERE state = 'waiting';
CREATE INDEX webhook_deliveries_by_time ON webhook_deliveries (tenant_id, webhook_id, created_at DESC, id DESC);
CREATE INDEX webhook_deliveries_to_sweep ON webhook_deliveries (tenant_id, created_at);
ALTER TABLE webhook_deliveries ENABLE ROW LEVEL SECURITY;
ALTER TABLE webhook_deliveries FORCE ROW LEVEL SECURITY;
CREATE POLICY tenant ON webhook_deliveries USING (tenant_id = app_tenant()) WITH CHECK (tenant_id = app_tenant());
GRANT SELECT, INSERT, UPDATE, DELETE ON webhook_deliveries TO switchboard_app;
GRANT SELECT ON webhook_deliveries TO switchboard_system;

CREATE TABLE webhook_attempts (
  tenant_id uuid NOT NULL,
  delivery_id uuid NOT NULL,
  n integer NOT NULL,
  at timestamptz NOT NULL,
  took_ms integer NOT NULL,
  status integer,
  error text,
  -- The beginning of what came back.
  answer text,
  PRIMARY KEY (tenant_id, delivery_id, n),
  FOREIGN KEY (tenant_id, delivery_id) REFERENCES webhook_deliveries (tenant_id, id) ON DELETE CASCADE
);
ALTER TABLE webhook_attempts ENABLE ROW LEVEL SECURITY;
ALTER TABLE webhook_attempts FORCE ROW LEVEL SECURITY;
CREATE POLICY tenant ON webhook_attempts USING (tenant_id = app_tenant()) WITH CHECK (tenant_id = app_tenant());
GRANT SELECT, INSERT, UPDATE, DELETE ON webhook_attempts TO switchboard_app;
