#!/usr/bin/env bash
# Lists the packages with tests: "unit" those that start no program, "integration"
# those whose tests use a control plane or a PostgreSQL server, directly or through
# another package, without the crash campaign, which is a stage of its own.
set -euo pipefail
cd "$(dirname "$0")/.."

starts='internal/testkit/(controlplane|components)|internal/postgres/postgrestest'
list() { go list -test -f '{{.ImportPath}}.. {{.ImportPath}} {{join .Deps " "}}' ./... | grep -E '^[^ ]+\.test\.\. '; }

case "${1:-}" in
unit) list | grep -Ev "$starts" ;;
integration) list | grep -E "$starts" | grep -v '/test/campaign\.test' ;;
*) echo "usage: $0 unit|integration" >&2; exit 2 ;;
esac | cut -d' ' -f1 | sed 's/\.test\.\.$//'
