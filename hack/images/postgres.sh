#!/bin/sh
# Makes a cluster on first start, and runs PostgreSQL on it: over TLS only, with
# passwords as SCRAM only. Needs
#   POSTGRES_PASSWORD          of the superuser postgres, for the first start
#   /tls/tls.crt, /tls/tls.key the server's certificate
#   /var/lib/postgresql/data   a volume
# and /tmp to write to. Arguments go to postgres: -c max_connections=200
set -eu
volume=/var/lib/postgresql/data
data=$volume/cluster

for file in /tls/tls.crt /tls/tls.key; do
  [ -r "$file" ] || { echo "$file is missing: mount a Secret of type kubernetes.io/tls at /tls" >&2; exit 1; }
done

# A cluster that is half made is made again.
if [ ! -e "$data/PG_VERSION" ]; then
  [ -n "${POSTGRES_PASSWORD:-}" ] || { echo "POSTGRES_PASSWORD is missing" >&2; exit 1; }
  rm -rf "$volume/new"
  password=$(mktemp)
  printf '%s\n' "$POSTGRES_PASSWORD" >"$password"
  initdb -D "$volume/new" -U postgres --pwfile="$password" --auth=scram-sha-256 --encoding=UTF8 --locale=C.UTF-8 --no-instructions
  rm "$password"
  printf '%s\n' 'local all all scram-sha-256' 'hostssl all all all scram-sha-256' >"$volume/new/pg_hba.conf"
  mv "$volume/new" "$data"
fi

# PostgreSQL refuses a key that others can read, which a mounted Secret may be.
umask 077
cat /tls/tls.crt >"$data/server.crt"
cat /tls/tls.key >"$data/server.key"
unset POSTGRES_PASSWORD
exec postgres -D "$data" -c listen_addresses='*' -c unix_socket_directories=/tmp \
  -c ssl=on -c ssl_cert_file=server.crt -c ssl_key_file=server.key "$@"
