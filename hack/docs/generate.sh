#!/usr/bin/env bash
# Writes docs/api.md, the reference of every kind and field, and
# docs/conditions.md, the meaning of every condition and reason, from the types.
set -euo pipefail
cd "$(dirname "$0")/../.."

mkdir -p docs
go tool -modfile=hack/tools/docs/go.mod crd-ref-docs --log-level=ERROR \
  --source-path=api --config=hack/docs/crd-ref-docs.yaml \
  --renderer=markdown --output-path=docs/api.md
go run ./hack/docs/conditions api/v1alpha1/conditions.go >docs/conditions.md
