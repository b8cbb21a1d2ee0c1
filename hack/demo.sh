#!/usr/bin/env bash
# `make demo`: on a real node where there can be one, else on a simulated one.
# NODE=real and NODE=simulated leave no choice.
set -euo pipefail
cd "$(dirname "$0")/.."

case "${NODE:-}" in
'' | real)
  if why=$(bash hack/node.sh); then
    cd test/e2e
    exec go run ./demo
  fi
  if [ "${NODE:-}" = real ] || [ -n "${CLUSTER:-}" ]; then
    echo "demo: $why" >&2
    exit 1
  fi
  echo "--- The node of this demo is simulated, no container runs: $why"
  ;;
simulated) echo "--- The node of this demo is simulated, as NODE=simulated asks: no container runs" ;;
*) echo "demo: NODE=$NODE: it is real or simulated" >&2; exit 2 ;;
esac
make --no-print-directory components postgres
exec go run ./hack/demo
