CREATE TABLE channels (
  tenant_id uuid NOT NULL REFERENCES tenants (id) ON DELETE CASCADE,
  id uuid NOT NULL,
  kind text NOT NULL CHECK (kind IN ('web_chat')),
  name text NOT NULL,
  key text NOT NULL,
  sealed_secret bytea NOT NULL,
  settings jsonb NOT NULL,
  enabled boolean NOT NULL DEFAULT true,
  created_at timestamptz NOT NULL,
  PRIMARY KEY (tenant_id, id),
  UNIQUE (tenant_id, key)
);
ALTER TABLE channels ENABLE ROW LEVEL SECURITY;
ALTER TABLE channels FORCE ROW LEVEL SECURITY;
CREATE POLICY tenant ON channels USING (tenant_id = app_tenant()) WITH CHECK (tenant_id = app_tenant());
GRANT SELECT, INSERT, UPDATE, DELETE ON channels TO switchboard_app;

-- The last human number given in each tenant: conversation #1042.
CREATE TABLE conversation_numbers (
  tenant_id uuid PRIMARY KEY REFERENCES tenants (id) ON DELETE CASCADE,
  last_number bigint NOT NULL
);
ALTER TABLE conversation_numbers ENABLE ROW LEVEL SECURITY;
ALTER TABLE conversation_numbers FORCE ROW LEVEL SECURITY;
CREATE POLICY tenant ON conversation_numbers USING (tenant_id = app_tenant()) WITH CHECK (tenant_id = app_tenant());
GRANT SELECT, INSERT, UPDATE ON conversation_numbers TO switchboard_app;

CREATE TABLE conversations (
  tenant_id uuid NOT NULL REFERENCES tenants (id) ON DELETE CASCADE,
  id uuid NOT NULL,
  number bigint NOT NULL,
  channel_id uuid NOT NULL,
  contact_id uuid NOT NULL,
  start_key uuid NOT NULL,
  status text NOT NULL CHECK (status IN ('open', 'pending', 'snoozed', 'resolved')),
  snoozed_until timestamptz,
  resolved_at timestamptz,
  priority text NOT NULL CHECK (priority IN ('none', 'low', 'normal', 'high', 'urgent')),
  assignee_id uuid,
  n_messages bigint NOT NULL,
  n_customer_messages bigint NOT NULL,
  n_replies bigint NOT NULL DEFAULT 0,
  n_replies_read bigint NOT NULL DEFAULT 0,
  last_message jsonb,
  last_reply_position bigint NOT NULL DEFAULT 0,
  last_reply_by uuid,
  waiting_since timestamptz,
  contact_received bigint NOT NULL DEFAULT 0,
  contact_read bigint NOT NULL DEFAULT 0,
  team_read bigint NOT NULL DEFAULT 0,
  version bigint NOT NULL,
  started_at timestamptz NOT NULL,
  last_activity_at timestamptz NOT NULL,
  PRIMARY KEY (tenant_id, id),
  UNIQUE (tenant_id, number),
  UNIQUE (tenant_id, contact_id, start_key),
  CHECK ((status = 'snoozed') = (snoozed_until IS NOT NULL)),
  CHECK ((status = 'resolved') = (resolved_at IS NOT NULL)),
  FOREIGN KEY (tenant_id, channel_id) REFERENCES channels (tenant_id, id),
  FOREIGN KEY (tenant_id, contact_id) REFERENCES contacts (tenant_id, id),
  FOREIGN KEY (tenant_id, assignee_id) REFERENCES memberships (tenant_id, user_id)
);
CREATE INDEX conversations_by_activity ON conversations (tenant_id, status, last_activity_at DESC, id DESC);
CREATE INDEX conversations_by_assignee ON conversations (tenant_id, assignee_id, status, last_activity_at DESC, id DESC);
CREATE INDEX conversations_by_channel ON conversations (tenant_id, channel_id, status, last_activity_at DESC, id DESC);
CREATE INDEX conversations_by_contact ON conversations (tenant_id, contact_id, last_activity_at DESC, id DESC);
ALTER TABLE conversations ENABLE ROW LEVEL SECURITY;
ALTER TABLE conversations FORCE ROW LEVEL SECURITY;
CREATE POLICY tenant ON conversations USING (tenant_id = app_tenant()) WITH CHECK (tenant_id = app_tenant());
GRANT SELECT, INSERT, UPDATE, DELETE ON conversations TO switchboard_app;

CREATE TABLE messages (
  tenant_id uuid NOT NULL REFERENCES tenants (id) ON DELETE CASCADE,
  conversation_id uuid NOT NULL,
  position bigint NOT NULL,
  id uuid NOT NULL,
  kind text NOT NULL CHECK (kind IN ('customer', 'reply', 'note', 'activity')),
  author_kind text NOT NULL CHECK (author_kind IN ('contact', 'user', 'system')),
  author_id uuid,
  author_name text NOT NULL,
  text text NOT NULL,
  activity jsonb,
  key uuid NOT NULL,
  at timestamptz NOT NULL,
  PRIMARY KEY (tenant_id, conversation_id, position),
  UNIQUE (tenant_id, conversation_id, key),
  FOREIGN KEY (tenant_id, conversation_id) REFERENCES conversations (tenant_id, id) ON DELETE CASCADE
);
ALTER TABLE messages ENABLE ROW LEVEL SECURITY;
ALTER TABLE messages FORCE ROW LEVEL SECURITY;
CREATE POLICY tenant ON messages USING (tenant_id = app_tenant()) WITH CHECK (tenant_id = app_tenant());
GRANT SELECT, INSERT, UPDATE, DELETE ON messages TO switchboard_app;

-- How far each agent has read each conversation.
CREATE TABLE reads (
  tenant_id uuid NOT NULL REFERENCES tenants (id) ON DELETE CASCADE,
  conversation_id uuid NOT NULL,
  user_id uuid NOT NULL,
  position bigint NOT NULL,
  n_customer_messages bigint NOT NULL,
  at timestamptz NOT NULL,
  PRIMARY KEY (tenant_id, conversation_id, user_id),
  FOREIGN KEY (tenant_id, conversation_id) REFERENCES conversations (tenant_id, id) ON DELETE CASCADE,
  FOREIGN KEY (tenant_id, user_id) REFERENCES memberships (tenant_id, user_id) ON DELETE CASCADE
);
ALTER TABLE reads ENABLE ROW LEVEL SECURITY;
ALTER TABLE reads FORCE ROW LEVEL SECURITY;
CREATE POLICY tenant ON reads USING (tenant_id = app_tenant()) WITH CHECK (tenant_id = app_tenant());
GRANT SELECT, INSERT, UPDATE, DELETE ON reads TO switchboard_app;

-- What still has to leave the house, one row for each message to a customer.
CREATE TABLE outbox (
  tenant_id uuid NOT NULL REFERENCES tenants (id) ON DELETE CASCADE,
  id uuid NOT NULL,
  channel_id uuid NOT NULL,
  conversation_id uuid NOT NULL,
  position bigint NOT NULL,
  contact_id uuid NOT NULL,
  text text NOT NULL,
  state text NOT NULL DEFAULT 'pending' CHECK (state IN ('pending', 'dead')),
  attempts integer NOT NULL DEFAULT 0,
  next_at timestamptz NOT NULL,
  last_error text,
  PRIMARY KEY (tenant_id, id),
  FOREIGN KEY (tenant_id, conversation_id, position) REFERENCES messages (tenant_id, conversation_id, position) ON DELETE CASCADE,
  FOREIGN KEY (tenant_id, channel_id) REFERENCES channels (tenant_id, id) ON DELETE CASCADE
);
CREATE INDEX outbox_by_channel ON outbox (tenant_id, channel_id, state, id);
ALTER TABLE outbox ENABLE ROW LEVEL SECURITY;
ALTER TABLE outbox FORCE ROW LEVEL SECURITY;
CREATE POLICY tenant ON outbox USING (tenant_id = app_tenant()) WITH CHECK (tenant_id = app_tenant());
GRANT SELECT, INSERT, UPDATE, DELETE ON outbox TO switchboard_app;
GRANT SELECT ON outbox TO switchboard_system;
