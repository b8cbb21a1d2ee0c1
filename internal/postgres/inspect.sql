-- What the server allows the role that asks, and what it lacks.
SELECT
  current_setting('server_version'),
  current_setting('server_version_num')::int,
  r.rolcreatedb OR r.rolsuper,
  -- More than a daily role needs.
  array_remove(ARRAY[
    CASE WHEN r.rolsuper THEN 'is a superuser' END,
    CASE WHEN r.rolcreaterole THEN 'has CREATEROLE' END,
    CASE WHEN r.rolreplication THEN 'has REPLICATION' END,
    CASE WHEN r.rolbypassrls THEN 'has BYPASSRLS' END
  ], NULL) || ARRAY(
    SELECT 'is a member of ' || m.rolname FROM pg_roles m
    WHERE NOT r.rolsuper AND pg_has_role(r.oid, m.oid, 'MEMBER') AND (
      m.rolsuper OR m.rolcreaterole OR m.rolname IN (
        'organisation_operator_definer', 'rds_superuser', 'cloudsqlsuperuser', 'azure_pg_admin',
        'pg_execute_server_program', 'pg_read_server_files', 'pg_write_server_files',
        'pg_read_all_data', 'pg_write_all_data', 'pg_signal_backend', 'pg_maintain'))
      AND m.oid <> r.oid
    ORDER BY m.rolname),
  -- Databases that every role may enter, tenants too.
  ARRAY(
    SELECT d.datname::text FROM pg_database d
    WHERE d.datallowconn AND EXISTS (
      SELECT FROM aclexplode(coalesce(d.datacl, acldefault('d', d.datdba))) a
      WHERE a.grantee = 0 AND a.privilege_type = 'CONNECT')
    ORDER BY d.datname),
  (SELECT pg_encoding_to_char(encoding) = 'UTF8' OR datcollate IN ('C', 'POSIX') FROM pg_database WHERE datname = 'template0'),
  coalesce((SELECT ssl FROM pg_stat_ssl WHERE pid = pg_backend_pid()), false),
  coalesce(current_setting('reserved_connections', true)::int, 0) > 0,
  has_parameter_privilege('organisation_operator_definer', 'temp_file_limit', 'SET'),
  ARRAY(SELECT DISTINCT name::text FROM pg_available_extension_versions WHERE trusted ORDER BY 1),
  (SELECT count(*) FROM ledger.tenant WHERE state <> 'dropping')::int,
  (SELECT uuid::text FROM ledger.version)
FROM pg_roles r WHERE r.rolname = current_user
