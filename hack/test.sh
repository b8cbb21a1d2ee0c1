#!/usr/bin/env bash
# `make test`, or with "all" `make test-all`: one stage after the other, each timed. All
# run, so that one failure does not hide the next; what later stages need ends the run
# when it fails.
set -uo pipefail
cd "$(dirname "$0")/.."

limit=$((75 * 60))
names=() seconds=() results=()
log=$(mktemp) child=
trap 'rm -f "$log"' EXIT
# timeout puts what it runs into a process group of its own, which Ctrl-C does not
# reach by itself.
trap '[ -n "$child" ] && kill -TERM -- "-$child"; exit 130' INT TERM

# stage NAME COMMAND...: run it within what is left of the limit.
stage() {
  local name=$1 began=$SECONDS result=ok left=$((limit - SECONDS))
  shift
  printf '\n=== %s\n' "$name"
  timeout --kill-after=30 "$((left > 1 ? left : 1))" \
    bash -c 'log=$1; shift; "$@" 2>&1 | tee -a "$log"; exit "${PIPESTATUS[0]}"' _ "$log" "$@" &
  child=$!
  wait "$child" || result=FAILED
  child=
  names+=("$name") seconds+=($((SECONDS - began))) results+=("$result")
  [ "$result" = ok ]
}

# absent NAME WHY: a stage that cannot run here. It is told, and never counts as passed.
absent() {
  printf '\n=== %s\n!!! NOT RUN: %s\n' "$1" "$2"
  names+=("$1") seconds+=(0) results+=("NOT RUN: $2")
}

report() {
  local failed=0 missing=0 i
  printf '\n=== go test\n'
  grep -E '^ *(ok|FAIL|---|panic:)' "$log" | grep -v -e '--- PASS' -e '--- SKIP' || true
  printf '\n=== %-28s %8s\n' stage seconds
  for i in "${!names[@]}"; do
    printf '    %-28s %8d  %s\n' "${names[$i]}" "${seconds[$i]}" "${results[$i]}"
    case "${results[$i]}" in ok) ;; 'NOT RUN'*) missing=1 ;; *) failed=1 ;; esac
  done
  printf '    %-28s %8d\n' total "$SECONDS"
  if [ "$SECONDS" -gt "$limit" ]; then
    echo "test: took longer than $((limit / 60)) minutes" >&2
    failed=1
  fi
  [ "$missing" = 0 ] || echo '!!! Not every stage ran. What did not run has not passed.' >&2
  exit "$failed"
}

stage components make --no-print-directory components || report
stage postgres make --no-print-directory postgres || report
stage build make --no-print-directory build || report
stage verify make --no-print-directory verify
stage lint make --no-print-directory lint
stage vulnerabilities make --no-print-directory vulnerabilities
stage unit make --no-print-directory unit
stage ecosystem make --no-print-directory test-ecosystem
stage chart make --no-print-directory chart
stage integration make --no-print-directory integration
# The sample is the same every time; `make campaign` plays everything.
stage campaign make --no-print-directory campaign CAMPAIGN= CAMPAIGN_SEED=1795508308
stage demo make --no-print-directory demo NODE=simulated
[ "${1:-}" = all ] || report

stage long make --no-print-directory long
if bash hack/browser.sh; then
  stage browser make --no-print-directory browser
else
  absent browser "no Chromium on PATH: apt-get install chromium"
fi
# A node takes about 20 minutes, and 12 more on a machine that has to build its parts.
enough=$((35 * 60))
if ! why=$(bash hack/node.sh); then
  absent images "$why"
  absent e2e "$why"
elif [ $((limit - SECONDS)) -lt "$enough" ]; then
  stage images make --no-print-directory images
  absent e2e "$(((limit - SECONDS) / 60)) of $((limit / 60)) minutes are left, and it may need $((enough / 60)): run make e2e"
else
  stage images make --no-print-directory images
  stage e2e make --no-print-directory e2e
fi
report
