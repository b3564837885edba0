-- Twelve questions to the catalogue; an answer is a hole, or may become one.
WITH rel AS (
  SELECT c.oid, n.nspname || '.' || c.relname AS name, c.relkind AS kind, c.relowner AS owner,
         c.relrowsecurity AND c.relforcerowsecurity AS walled, c.relispartition AS child,
         c.reloptions AS options
  FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
  WHERE n.nspname !~ '^pg_' AND n.nspname <> 'information_schema'
    AND NOT EXISTS (SELECT FROM pg_depend d WHERE d.objid = c.oid AND d.deptype = 'e')
), tab AS (
  SELECT rel.*, a.attnum AS tenant, a.attnotnull AND a.atttypid = 'uuid'::regtype AS tenant_is_sound
  FROM rel LEFT JOIN pg_attribute a ON a.attrelid = rel.oid AND a.attname = 'tenant_id' AND NOT a.attisdropped
  WHERE kind IN ('r', 'p')
), guest AS (
  SELECT oid, rolname AS name FROM pg_roles WHERE rolname IN ('switchboard_app', 'switchboard_journal', 'switchboard_readonly')
), fun AS (
  SELECT p.oid, p.oid::regprocedure::text AS signature, n.nspname, p.proowner AS owner, p.prosecdef AS definer,
         coalesce(p.proconfig, '{}') AS settings
  FROM pg_proc p JOIN pg_namespace n ON n.oid = p.pronamespace
  WHERE n.nspname !~ '^pg_' AND n.nspname <> 'information_schema'
    AND NOT EXISTS (SELECT FROM pg_depend d WHERE d.objid = p.oid AND d.deptype = 'e')
), indexed AS (
  SELECT i.indexrelid, i.indrelid, i.indisunique, k.attnum, k.place
  FROM pg_index i, unnest(i.indkey::int2[]) WITH ORDINALITY k (attnum, place)
  WHERE k.place <= i.indnkeyatts
)
-- 1
SELECT 'table without forced row-level security' AS rule, name AS object FROM tab WHERE NOT walled
-- 2
UNION ALL SELECT 'table without tenant_id', name FROM tab WHERE tenant IS NULL
UNION ALL SELECT 'tenant_id that may be null or is no uuid', name FROM tab WHERE NOT tenant_is_sound
UNION ALL SELECT 'table without an index led by tenant_id', name FROM tab
  WHERE tenant IS NOT NULL
    AND NOT EXISTS (SELECT FROM indexed WHERE indrelid = tab.oid AND place = 1 AND attnum = tab.tenant)
-- 3: a policy for one role alone leaves the others without
UNION ALL SELECT 'table without a policy', name FROM tab
  WHERE NOT child AND NOT EXISTS (SELECT FROM pg_policy WHERE polrelid = tab.oid AND polroles = '{0}')
-- the journal's may ask for all tenants that its transaction names
UNION ALL SELECT 'permissive policy that does not ask app_tenant()', tab.name || ' ' || polname
  FROM tab JOIN pg_policy ON polrelid = tab.oid
       LEFT JOIN pg_roles journal ON rolname = 'switchboard_journal' AND polroles = ARRAY[journal.oid],
       LATERAL (SELECT pg_get_expr(polqual, polrelid), pg_get_expr(polwithcheck, polrelid),
                       CASE WHEN journal.oid IS NULL THEN '\mapp_tenant\(\)' ELSE '= ANY \(.*\mapp_tenants\(\)' END) e (qual, checked, question)
  WHERE polpermissive
    AND (coalesce(qual, checked, '') !~ question OR coalesce(checked, qual) !~ question)
-- 4
UNION ALL SELECT 'owner that can log in or is privileged', rel.name || ' of ' || o.rolname
  FROM rel JOIN pg_roles o ON o.oid = rel.owner
  WHERE rel.kind IN ('r', 'p', 'v', 'm', 'f', 'S') AND (o.rolcanlogin OR o.rolsuper OR o.rolbypassrls)
-- 5
UNION ALL SELECT 'view without security_invoker', rel.name || ' for ' || guest.name FROM rel, guest
  WHERE kind = 'v' AND NOT coalesce(options, '{}') && ARRAY['security_invoker=true', 'security_invoker=on', 'security_invoker=1']
    AND CASE WHEN kind = 'v' THEN has_any_column_privilege(guest.oid, rel.oid, 'SELECT') END
UNION ALL SELECT 'relation without policies that requests read', rel.name || ' for ' || guest.name FROM rel, guest
  WHERE CASE WHEN kind IN ('m', 'f') THEN has_any_column_privilege(guest.oid, rel.oid, 'SELECT') END
-- 6
UNION ALL SELECT 'right that requests do not need', rel.name || ' ' || privilege || ' for ' || guest.name
  FROM rel, guest, unnest(ARRAY['TRUNCATE', 'REFERENCES', 'TRIGGER']) privilege
  WHERE CASE WHEN kind IN ('r', 'p', 'v', 'm', 'f') THEN has_table_privilege(guest.oid, rel.oid, privilege) END
UNION ALL SELECT 'sequence that requests read or set', rel.name || ' for ' || guest.name FROM rel, guest
  WHERE CASE WHEN kind = 'S' THEN has_sequence_privilege(guest.oid, rel.oid, 'SELECT,UPDATE') END
UNION ALL SELECT 'schema in which requests create', n.nspname || ' for ' || guest.name FROM pg_namespace n, guest
  WHERE n.nspname !~ '^pg_(temp|toast)' AND has_schema_privilege(guest.oid, n.oid, 'CREATE')
UNION ALL SELECT 'database in which requests create', 'for ' || guest.name FROM guest
  WHERE has_database_privilege(guest.oid, current_database(), 'CREATE')
     OR has_database_privilege(guest.oid, current_database(), 'TEMP')
-- 7
UNION ALL SELECT 'definer function of a privileged owner', signature || ' of ' || o.rolname
  FROM fun JOIN pg_roles o ON o.oid = fun.owner
  WHERE definer AND (o.rolsuper OR o.rolbypassrls OR o.rolcanlogin)
    AND EXISTS (SELECT FROM guest WHERE has_function_privilege(guest.oid, fun.oid, 'EXECUTE'))
UNION ALL SELECT 'definer function without a fixed search_path', signature FROM fun
  WHERE definer AND NOT EXISTS (SELECT FROM unnest(settings) s WHERE s LIKE 'search_path=%')
    AND EXISTS (SELECT FROM guest WHERE has_function_privilege(guest.oid, fun.oid, 'EXECUTE'))
-- 8
UNION ALL SELECT 'foreign key without tenant_id on both sides', a.name || ' ' || conname
  FROM pg_constraint JOIN tab a ON a.oid = conrelid JOIN tab b ON b.oid = confrelid
  WHERE contype = 'f' AND a.tenant IS NOT NULL AND b.tenant IS NOT NULL
    AND NOT EXISTS (SELECT FROM unnest(conkey, confkey) k (x, y) WHERE x = a.tenant AND y = b.tenant)
-- 9
UNION ALL SELECT 'unique index without tenant_id', index.name
  FROM pg_index i JOIN tab ON tab.oid = i.indrelid JOIN rel index ON index.oid = i.indexrelid
  WHERE i.indisunique
    AND NOT EXISTS (SELECT FROM indexed WHERE indexed.indexrelid = i.indexrelid AND attnum = tab.tenant)
-- 10
UNION ALL SELECT 'index over a type whose comparison is not leakproof', index.name || ' on ' || a.attname
  FROM indexed JOIN rel index ON index.oid = indexed.indexrelid
       JOIN pg_attribute a ON a.attrelid = indexed.indrelid AND a.attnum = indexed.attnum
       JOIN pg_type t ON t.oid = a.atttypid
  WHERE t.typtype = 'e' OR t.typname IN ('citext', 'numeric')
-- 11
UNION ALL SELECT 'request role with privileges', rolname FROM pg_roles JOIN guest USING (oid)
  WHERE rolsuper OR rolbypassrls OR rolcreaterole OR rolcreatedb OR rolreplication
UNION ALL SELECT 'request role that can become another', guest.name || ' as ' || r.rolname
  FROM guest, pg_roles r
  WHERE r.oid <> guest.oid AND NOT (SELECT rolsuper FROM pg_roles WHERE oid = guest.oid)
    AND pg_has_role(guest.oid, r.oid, 'MEMBER')
-- 12
UNION ALL SELECT 'partition without its own policy', name FROM tab
  WHERE child AND NOT EXISTS (SELECT FROM pg_policy WHERE polrelid = tab.oid AND polroles = '{0}')
ORDER BY rule, object
