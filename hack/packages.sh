#!/usr/bin/env bash
# Lists the packages with tests: "unit" those that start no program, and
# "integration" those whose tests use a control plane or a PostgreSQL server.
set -euo pipefail
cd "$(dirname "$0")/.."

starts='internal/testkit/controlplane|internal/postgres/postgrestest|internal/testkit/components'
template='{{if or .TestGoFiles .XTestGoFiles}}{{.ImportPath}} {{join .Imports " "}} {{join .TestImports " "}} {{join .XTestImports " "}}{{end}}'
list() { go list -f "$template" ./...; }

case "${1:-}" in
unit) list | grep -Ev "$starts" | cut -d' ' -f1 ;;
integration) list | grep -E "$starts" | cut -d' ' -f1 ;;
*) echo "usage: $0 unit|integration" >&2; exit 2 ;;
esac
