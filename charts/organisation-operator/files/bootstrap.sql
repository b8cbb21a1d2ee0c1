-- The ledger of the organisation operator, and the functions through which its
-- daily role makes and removes the roles of tenants.
--
-- Run once on each server, in the database organisation_operator, as a superuser
-- or as the administrator that a provider gives you (rds_superuser,
-- cloudsqlsuperuser …: a role with CREATEROLE and CREATEDB):
--
--     createdb organisation_operator
--     psql -d organisation_operator -v ON_ERROR_STOP=1 -f bootstrap.sql
--     psql -d organisation_operator -c '\password organisation_operator'
--
-- Running it again changes nothing, or brings an older ledger up to date. The daily
-- role is called organisation_operator, unless the setting organisation_operator.role
-- names another: PGOPTIONS='-c organisation_operator.role=name' psql …
BEGIN;

SET LOCAL search_path = pg_catalog;
SET LOCAL client_min_messages = warning;

DO $place$
BEGIN
  PERFORM pg_advisory_xact_lock(8030594753716908897);
  IF current_database() <> 'organisation_operator' THEN
    RAISE EXCEPTION 'run bootstrap.sql in the database organisation_operator, not in %', current_database();
  END IF;
  IF current_setting('server_version_num')::int < 150000 THEN
    RAISE EXCEPTION 'PostgreSQL 15 or newer is needed, this is %', current_setting('server_version');
  END IF;
END
$place$;

-- Roles and the doors of the databases that every server has.
DO $roles$
DECLARE
  daily text := coalesce(nullif(current_setting('organisation_operator.role', true), ''), 'organisation_operator');
  modern boolean := current_setting('server_version_num')::int >= 160000;
  superuser boolean := (SELECT rolsuper FROM pg_roles WHERE rolname = current_user);
  definer record;
  attributes record;
  door text;
BEGIN
  SELECT rolsuper, rolcanlogin INTO definer FROM pg_roles WHERE rolname = 'organisation_operator_definer';
  IF NOT FOUND THEN
    CREATE ROLE organisation_operator_definer NOLOGIN CREATEROLE;
  ELSIF definer.rolsuper OR definer.rolcanlogin THEN
    RAISE EXCEPTION 'role organisation_operator_definer exists and can log in or is a superuser; it is not the one that bootstrap.sql makes';
  END IF;

  SELECT rolsuper, rolcreatedb INTO attributes FROM pg_roles WHERE rolname = daily;
  IF NOT FOUND THEN
    EXECUTE format('CREATE ROLE %I LOGIN CREATEDB', daily);
  ELSIF NOT attributes.rolsuper AND NOT attributes.rolcreatedb THEN
    EXECUTE format('ALTER ROLE %I CREATEDB', daily);
  END IF;

  IF NOT superuser THEN
    EXECUTE 'GRANT organisation_operator_definer TO CURRENT_USER'
      || CASE WHEN modern THEN ' WITH INHERIT TRUE, SET TRUE' ELSE '' END;
  END IF;

  REVOKE ALL ON DATABASE organisation_operator FROM PUBLIC;
  REVOKE ALL ON SCHEMA public FROM PUBLIC;
  EXECUTE format('GRANT CONNECT ON DATABASE organisation_operator TO %I', daily);
  -- Tenants have no business in these. A provider may own them; then its own
  -- defences count, and the status of the DatabaseServer mentions it.
  FOREACH door IN ARRAY ARRAY['postgres', 'template1'] LOOP
    BEGIN
      EXECUTE format('REVOKE CONNECT, TEMPORARY ON DATABASE %I FROM PUBLIC', door);
    EXCEPTION WHEN insufficient_privilege OR invalid_catalog_name THEN
      RAISE NOTICE 'database % stays open to every role', door;
    END;
  END LOOP;

  -- Lets the functions bound a tenant's temporary files, which only superusers can.
  IF superuser THEN
    GRANT SET ON PARAMETER temp_file_limit TO organisation_operator_definer;
  END IF;
END
$roles$;

CREATE SCHEMA IF NOT EXISTS ledger AUTHORIZATION organisation_operator_definer;

-- From here on everything belongs to the role that nobody can log in with.
SET LOCAL ROLE organisation_operator_definer;

CREATE TABLE IF NOT EXISTS ledger.version (
  one boolean PRIMARY KEY DEFAULT true CHECK (one),
  version integer NOT NULL
);
-- Which ledger this is: made once, and never again while the ledger lives. By it the
-- operator notices that an address leads to another server.
ALTER TABLE ledger.version ADD COLUMN IF NOT EXISTS uuid uuid NOT NULL DEFAULT gen_random_uuid();

-- One row for every tenant that has, or had until it is dropped, a database here.
CREATE TABLE IF NOT EXISTS ledger.tenant (
  identity text PRIMARY KEY CHECK (length(identity) BETWEEN 1 AND 128),
  installation text NOT NULL CHECK (length(installation) <= 128),
  organisation text NOT NULL CHECK (length(organisation) BETWEEN 1 AND 253),
  hosts text[] NOT NULL DEFAULT '{}' CHECK (cardinality(hosts) <= 64),
  database text NOT NULL UNIQUE
    CHECK (database ~ '^[a-z0-9]([a-z0-9-]{0,28}[a-z0-9])?-[a-z0-9]{8}-[1-9][0-9]{0,5}$'),
  owner_role text NOT NULL UNIQUE CHECK (owner_role = database || '-owner'),
  login_role text NOT NULL UNIQUE CHECK (login_role = database),
  incarnation integer NOT NULL CHECK (incarnation >= 1),
  connection_limit integer NOT NULL CHECK (connection_limit BETWEEN 1 AND 100000),
  state text NOT NULL CHECK (state IN ('active', 'suspended', 'retained', 'doomed', 'dropping')),
  purge_at timestamptz CHECK ((purge_at IS NOT NULL) = (state IN ('doomed', 'dropping'))),
  key_fingerprint text NOT NULL DEFAULT '' CHECK (length(key_fingerprint) <= 256),
  epoch bigint NOT NULL DEFAULT 1,
  bootstrap text NOT NULL DEFAULT '' CHECK (bootstrap IN ('', 'bootstrapping', 'bootstrapped', 'rebuilding')),
  admin_digest text NOT NULL DEFAULT '' CHECK (length(admin_digest) <= 256),
  admin_at timestamptz,
  verifier_digest text NOT NULL DEFAULT '',
  prepared_oid oid NOT NULL DEFAULT 0,
  created_at timestamptz NOT NULL DEFAULT now(),
  retired_at timestamptz
);
CREATE INDEX IF NOT EXISTS tenant_organisation ON ledger.tenant (organisation);
CREATE INDEX IF NOT EXISTS tenant_hosts ON ledger.tenant USING gin (hosts);

CREATE TABLE IF NOT EXISTS ledger.run (
  identity text NOT NULL REFERENCES ledger.tenant ON DELETE CASCADE,
  kind text NOT NULL CHECK (kind IN ('bootstrap', 'migration', 'admin-password')),
  digest text NOT NULL CHECK (length(digest) BETWEEN 1 AND 256),
  state text NOT NULL CHECK (state IN ('started', 'succeeded', 'failed')),
  message text NOT NULL DEFAULT '' CHECK (length(message) <= 1024),
  at timestamptz NOT NULL DEFAULT now(),
  PRIMARY KEY (identity, kind, digest)
);

-- Teardowns and suspensions, for the breaker. No reference to tenant: a purged
-- tenant still counts.
CREATE TABLE IF NOT EXISTS ledger.teardown (
  installation text NOT NULL CHECK (length(installation) <= 128),
  identity text NOT NULL CHECK (length(identity) BETWEEN 1 AND 128),
  kind text NOT NULL CHECK (kind IN ('teardown', 'suspension')),
  held boolean NOT NULL,
  confirmed boolean NOT NULL DEFAULT false,
  at timestamptz NOT NULL DEFAULT now(),
  PRIMARY KEY (installation, identity, kind)
);
CREATE INDEX IF NOT EXISTS teardown_at ON ledger.teardown (installation, at);

-- SQLSTATEs of the functions: OR001 a role of that name is not ours; OR002 the row
-- forbids what is asked; OR003 the verifier is not one.

-- mark is the comment by which a role is known to be ours. Only roles with CREATEROLE
-- can write comments on roles, and the daily role has not.
CREATE OR REPLACE FUNCTION ledger.mark(tenant text) RETURNS text
LANGUAGE sql IMMUTABLE SET search_path = pg_catalog, pg_temp
RETURN 'organisation-operator tenant ' || tenant;

-- owned tells whether the role exists, and raises OR001 if it is not the tenant's.
CREATE OR REPLACE FUNCTION ledger.owned(role_name text, tenant text) RETURNS boolean
LANGUAGE plpgsql STABLE SET search_path = pg_catalog, pg_temp AS $owned$
DECLARE
  found_role oid := (SELECT oid FROM pg_roles WHERE rolname = role_name);
BEGIN
  IF found_role IS NULL THEN
    RETURN false;
  END IF;
  IF shobj_description(found_role, 'pg_authid') IS DISTINCT FROM ledger.mark(tenant) THEN
    RAISE EXCEPTION 'role % exists and is not this tenant''s', role_name USING ERRCODE = 'OR001', DETAIL = role_name;
  END IF;
  RETURN true;
END
$owned$;

-- lend makes a role act for a tenant's role, never the other way round.
CREATE OR REPLACE FUNCTION ledger.lend(role_name text, borrower text, may_become boolean) RETURNS void
LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $lend$
DECLARE
  modern boolean := current_setting('server_version_num')::int >= 160000;
BEGIN
  IF (SELECT rolsuper FROM pg_roles WHERE rolname = borrower) THEN
    RETURN;
  END IF;
  IF modern THEN
    EXECUTE format('GRANT %I TO %I WITH ADMIN FALSE, INHERIT TRUE, SET %s', role_name, borrower,
      CASE WHEN may_become THEN 'TRUE' ELSE 'FALSE' END);
  ELSIF NOT pg_has_role(borrower, role_name, 'USAGE') THEN
    EXECUTE format('GRANT %I TO %I', role_name, borrower);
  END IF;
END
$lend$;

-- role_facts tells how a tenant's role is, in the eyes of the role that asks.
CREATE OR REPLACE FUNCTION ledger.role_facts(role_name text, tenant text,
  OUT present boolean, OUT ours boolean, OUT can_login boolean, OUT connection_limit integer,
  OUT elevated boolean, OUT member boolean)
LANGUAGE plpgsql STABLE SET search_path = pg_catalog, pg_temp AS $facts$
DECLARE
  r pg_roles%ROWTYPE;
  modern boolean := current_setting('server_version_num')::int >= 160000;
BEGIN
  SELECT * INTO r FROM pg_roles WHERE rolname = role_name;
  present := FOUND;
  ours := present AND shobj_description(r.oid, 'pg_authid') IS NOT DISTINCT FROM ledger.mark(tenant);
  can_login := present AND r.rolcanlogin;
  connection_limit := coalesce(r.rolconnlimit, -1);
  elevated := present AND (r.rolsuper OR r.rolcreaterole OR r.rolcreatedb OR r.rolreplication OR r.rolbypassrls
    OR EXISTS (SELECT FROM pg_auth_members WHERE pg_auth_members.member = r.oid));
  member := present AND pg_has_role(r.oid, 'USAGE');
  IF member AND modern THEN
    member := pg_has_role(r.oid, 'SET');
  END IF;
END
$facts$;

-- settle brings login and limit of an existing login role to what the row says.
CREATE OR REPLACE FUNCTION ledger.settle(tenant text) RETURNS void
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $settle$
DECLARE
  t ledger.tenant%ROWTYPE;
BEGIN
  SELECT * INTO t FROM ledger.tenant r WHERE r.identity = settle.tenant;
  IF NOT FOUND THEN
    RAISE EXCEPTION 'no such tenant' USING ERRCODE = 'OR002';
  END IF;
  IF ledger.owned(t.login_role, t.identity) THEN
    EXECUTE format('ALTER ROLE %I %s CONNECTION LIMIT %s', t.login_role,
      CASE WHEN t.state = 'active' THEN 'LOGIN' ELSE 'NOLOGIN' END, t.connection_limit);
  END IF;
END
$settle$;

-- put_roles makes or mends both roles of a tenant that has a row. verifier is a
-- SCRAM-SHA-256 secret in the form of pg_authid.rolpassword, never a password.
CREATE OR REPLACE FUNCTION ledger.put_roles(tenant text, verifier text) RETURNS void
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $put$
DECLARE
  t ledger.tenant%ROWTYPE;
BEGIN
  SELECT * INTO t FROM ledger.tenant r WHERE r.identity = put_roles.tenant FOR UPDATE;
  IF NOT FOUND OR t.state = 'dropping' THEN
    RAISE EXCEPTION 'no such tenant, or it is being dropped' USING ERRCODE = 'OR002';
  END IF;
  IF verifier IS NULL OR verifier !~
    '^SCRAM-SHA-256\$[1-9][0-9]{3,6}:[A-Za-z0-9+/]{22,88}={0,2}\$[A-Za-z0-9+/]{43}=:[A-Za-z0-9+/]{43}=$' THEN
    RAISE EXCEPTION 'a SCRAM-SHA-256 verifier is needed' USING ERRCODE = 'OR003';
  END IF;
  IF NOT ledger.owned(t.owner_role, t.identity) THEN
    EXECUTE format('CREATE ROLE %I NOLOGIN', t.owner_role);
    EXECUTE format('COMMENT ON ROLE %I IS %L', t.owner_role, ledger.mark(t.identity));
  ELSE
    EXECUTE format('ALTER ROLE %I NOLOGIN', t.owner_role);
  END IF;
  IF NOT ledger.owned(t.login_role, t.identity) THEN
    EXECUTE format('CREATE ROLE %I NOLOGIN', t.login_role);
    EXECUTE format('COMMENT ON ROLE %I IS %L', t.login_role, ledger.mark(t.identity));
    IF has_parameter_privilege('temp_file_limit', 'SET') THEN
      EXECUTE format('ALTER ROLE %I SET temp_file_limit = ''4GB''', t.login_role);
    END IF;
  END IF;
  EXECUTE format('ALTER ROLE %I PASSWORD %L', t.login_role, verifier);
  PERFORM ledger.lend(t.owner_role, session_user, true);
  PERFORM ledger.lend(t.login_role, session_user, true);
  PERFORM ledger.settle(t.identity);
  UPDATE ledger.tenant r SET verifier_digest = encode(sha256(convert_to(verifier, 'UTF8')), 'hex')
  WHERE r.identity = t.identity;
END
$put$;

-- end_sessions ends every session of the tenant's login role and returns how many
-- there were. For that the functions' owner borrows the role, too.
CREATE OR REPLACE FUNCTION ledger.end_sessions(tenant text) RETURNS integer
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $end$
DECLARE
  t ledger.tenant%ROWTYPE;
  ended integer;
BEGIN
  SELECT * INTO t FROM ledger.tenant r WHERE r.identity = end_sessions.tenant;
  IF NOT FOUND OR NOT ledger.owned(t.login_role, t.identity) THEN
    RETURN 0;
  END IF;
  IF NOT EXISTS (SELECT FROM pg_stat_activity WHERE usename = t.login_role) THEN
    RETURN 0;
  END IF;
  PERFORM ledger.lend(t.login_role, current_user, false);
  SELECT count(pg_terminate_backend(pid, 5000)) INTO ended FROM pg_stat_activity WHERE usename = t.login_role;
  RETURN ended;
END
$end$;

-- finish_drop removes the roles and the row of a tenant whose database is gone.
CREATE OR REPLACE FUNCTION ledger.finish_drop(tenant text, at_epoch bigint) RETURNS void
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $finish$
DECLARE
  t ledger.tenant%ROWTYPE;
  role_name text;
BEGIN
  SELECT * INTO t FROM ledger.tenant r WHERE r.identity = finish_drop.tenant FOR UPDATE;
  IF NOT FOUND OR t.state <> 'dropping' OR t.epoch <> at_epoch THEN
    RAISE EXCEPTION 'the tenant is not being dropped' USING ERRCODE = 'OR002';
  END IF;
  IF EXISTS (SELECT FROM pg_database WHERE datname = t.database) THEN
    RAISE EXCEPTION 'database % still exists', t.database USING ERRCODE = 'OR002';
  END IF;
  FOREACH role_name IN ARRAY ARRAY[t.login_role, t.owner_role] LOOP
    IF ledger.owned(role_name, t.identity) THEN
      EXECUTE format('DROP ROLE %I', role_name);
    END IF;
  END LOOP;
  DELETE FROM ledger.tenant r WHERE r.identity = t.identity;
END
$finish$;

-- What the daily role may do. Names and identity of a row never change, and a row
-- only goes through finish_drop.
REVOKE ALL ON ALL FUNCTIONS IN SCHEMA ledger FROM PUBLIC;
DO $grants$
DECLARE
  daily text := coalesce(nullif(current_setting('organisation_operator.role', true), ''), 'organisation_operator');
BEGIN
  EXECUTE format('GRANT USAGE ON SCHEMA ledger TO %I', daily);
  EXECUTE format('GRANT SELECT ON ledger.version TO %I', daily);
  EXECUTE format('GRANT SELECT, INSERT ON ledger.tenant TO %I', daily);
  EXECUTE format('GRANT UPDATE (installation, organisation, hosts, connection_limit, state, purge_at, key_fingerprint,
    epoch, bootstrap, admin_digest, admin_at, prepared_oid, retired_at) ON ledger.tenant TO %I', daily);
  EXECUTE format('GRANT SELECT, INSERT, UPDATE, DELETE ON ledger.run, ledger.teardown TO %I', daily);
  EXECUTE format('GRANT EXECUTE ON FUNCTION ledger.put_roles(text, text), ledger.settle(text),
    ledger.end_sessions(text), ledger.finish_drop(text, bigint), ledger.mark(text),
    ledger.role_facts(text, text) TO %I', daily);
END
$grants$;

INSERT INTO ledger.version (version) VALUES (2) ON CONFLICT (one) DO UPDATE SET version = excluded.version
WHERE ledger.version.version < excluded.version;

COMMIT;
