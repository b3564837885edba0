-- What each role was asked about: a permission that came later is granted once to the roles that every tenant begins with,
-- and not again to whoever took it away. A server that does not know the column knows just these.
ALTER TABLE roles ADD COLUMN known text[] NOT NULL DEFAULT '{conversations.read,conversations.write,contacts.read,channels.read,channels.manage,members.read,members.manage,actors.read}';
GRANT UPDATE ON roles TO switchboard_system;

-- At its start the server asks which sign-ins were ended a moment ago.
CREATE INDEX sessions_by_revocation ON sessions (revoked_at) WHERE revoked_at IS NOT NULL;
GRANT SELECT (id, revoked_at) ON sessions TO switchboard_system;

-- A tenant is made with the timer that sweeps up after it.
GRANT INSERT ON timers TO switchboard_system;
