REVOKE INSERT ON timers FROM switchboard_system;
REVOKE SELECT (id, revoked_at) ON sessions FROM switchboard_system;
DROP INDEX sessions_by_revocation;
REVOKE UPDATE ON roles FROM switchboard_system;
ALTER TABLE roles DROP COLUMN known;
