#!/bin/sh
# A PostgreSQL server for development: on its first start it makes a cluster with the
# operator's ledger and daily role in it, then it serves over TLS with SCRAM passwords.
# Nobody can log in as its superuser over the network. Needs
#   OPERATOR_PASSWORD            of the daily role, for the first start
#   /scripts/bootstrap.sql       what makes the ledger
#   /tls/tls.crt, /tls/tls.key   the server's certificate
#   /var/lib/postgresql/data     a volume
# and /tmp to write to. Arguments go to postgres: -c max_connections=200
set -eu
volume=${VOLUME:-/var/lib/postgresql/data} scripts=${SCRIPTS:-/scripts} tls=${TLS:-/tls} sockets=${SOCKETS:-/tmp}
data=$volume/cluster

# ledger: run once, on a server that listens on a socket only.
ledger() {
  pg_ctl -D "$1" -w -l "$volume/first-start.log" -o "-c listen_addresses='' -c unix_socket_directories='$sockets'" start >/dev/null
  psql -q -h "$sockets" -U postgres -d postgres -v ON_ERROR_STOP=1 -c 'CREATE DATABASE organisation_operator TEMPLATE template0'
  psql -q -h "$sockets" -U postgres -d organisation_operator -v ON_ERROR_STOP=1 -f "$scripts/bootstrap.sql"
  # psql reads the password from its environment, so no process argument shows it.
  psql -q -h "$sockets" -U postgres -d organisation_operator -v ON_ERROR_STOP=1 <<'SQL'
\getenv password OPERATOR_PASSWORD
SET log_statement = 'none';
SET password_encryption = 'scram-sha-256';
ALTER ROLE organisation_operator PASSWORD :'password';
SQL
  pg_ctl -D "$1" -w -m fast stop >/dev/null
}

# A cluster that is half made is made again.
if [ ! -e "$data/PG_VERSION" ]; then
  [ -n "${OPERATOR_PASSWORD:-}" ] || { echo "OPERATOR_PASSWORD is missing" >&2; exit 1; }
  rm -rf "$volume/new"
  initdb -D "$volume/new" -U postgres --auth=trust --encoding=UTF8 --locale=C.UTF-8 --no-instructions >/dev/null
  ledger "$volume/new"
  printf '%s\n' 'hostssl all all all scram-sha-256' >"$volume/new/pg_hba.conf"
  mv "$volume/new" "$data"
fi

# PostgreSQL refuses a key that others can read, which a mounted Secret may be.
umask 077
cat "$tls/tls.crt" >"$data/server.crt"
cat "$tls/tls.key" >"$data/server.key"
unset OPERATOR_PASSWORD
exec postgres -D "$data" -c listen_addresses='*' -c unix_socket_directories="$sockets" \
  -c ssl=on -c ssl_cert_file=server.crt -c ssl_key_file=server.key "$@"
