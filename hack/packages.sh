#!/usr/bin/env bash
# Lists the packages with tests: "unit" those that start no program; "integration"
# those whose tests use a control plane or a PostgreSQL server, directly or through
# another package; "long" those of them that take many minutes. The crash campaign is
# a stage of its own.
set -euo pipefail
cd "$(dirname "$0")/.."

long='test/(rollout|standin)'
starts='internal/testkit/(controlplane|components)|internal/postgres/postgrestest'
list() { go list -test -f '{{.ImportPath}}.. {{.ImportPath}} {{join .Deps " "}}' ./... | grep -E '^[^ ]+\.test\.\. '; }

case "${1:-}" in
unit) list | grep -Ev "$starts" ;;
integration) list | grep -E "$starts" | grep -Ev "/($long|test/campaign)\.test" ;;
long) list | grep -E "/($long)\.test" ;;
*) echo "usage: $0 unit|integration|long" >&2; exit 2 ;;
esac | cut -d' ' -f1 | sed 's/\.test\.\.$//'
