#!/bin/sh
# Writes everything that is generated: deep copies, CRDs, and the chart's copies of
# CRDs, rights and policies. See docs/decisions/0002-rbac-source.md.
set -eu
cd "$(dirname "$0")/.."

go run sigs.k8s.io/controller-tools/cmd/controller-gen@v0.23.0 \
	object crd paths=./api/... output:crd:artifacts:config=config/crd/bases
go run ./hack/crd config/crd/bases
(cd hack/chart && go run .)
