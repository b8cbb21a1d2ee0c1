-- What the ledger and the server say about one identity, at one moment.
SELECT
  t.identity, t.installation, t.organisation, t.hosts, t.database, t.owner_role, t.login_role, t.incarnation,
  t.connection_limit, t.state, t.purge_at, t.key_fingerprint, t.epoch, t.bootstrap, t.admin_digest, t.admin_at,
  t.verifier_digest, t.prepared_oid, t.created_at, t.retired_at,
  owner_facts.*,
  login_facts.*,
  d.oid IS NOT NULL,
  coalesce(d.oid, 0),
  coalesce(d.datdba = (SELECT oid FROM pg_roles WHERE rolname = t.owner_role), false),
  coalesce(d.datallowconn, false),
  coalesce(d.datconnlimit, -1),
  -- The exact privileges: none for PUBLIC, three without grant option for the login role.
  coalesce((
    SELECT count(*) FILTER (WHERE a.grantee = 0 OR (a.grantee = l.oid AND a.is_grantable)) = 0
       AND count(*) FILTER (WHERE a.grantee = l.oid AND a.privilege_type IN ('CONNECT', 'CREATE', 'TEMPORARY')) = 3
    FROM aclexplode(coalesce(d.datacl, acldefault('d', d.datdba))) AS a
  ), false),
  CASE WHEN t.state = 'active' THEN 0 ELSE (SELECT count(*) FROM pg_stat_activity s WHERE s.usesysid = l.oid) END::int,
  EXISTS (SELECT FROM ledger.teardown d WHERE d.identity = t.identity AND d.installation = t.installation AND d.kind = 'suspension'),
  clock_timestamp(),
  coalesce((
    SELECT json_agg(json_build_object('kind', r.kind, 'digest', r.digest, 'state', r.state, 'message', r.message, 'at', r.at)
                    ORDER BY r.at, r.kind, r.digest)
    FROM ledger.run r WHERE r.identity = t.identity
  ), '[]')
FROM ledger.tenant t
LEFT JOIN pg_database d ON d.datname = t.database
LEFT JOIN pg_roles l ON l.rolname = t.login_role
CROSS JOIN LATERAL ledger.role_facts(t.owner_role, t.identity) AS owner_facts
CROSS JOIN LATERAL ledger.role_facts(t.login_role, t.identity) AS login_facts
WHERE t.identity = $1
