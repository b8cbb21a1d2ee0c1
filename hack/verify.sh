#!/usr/bin/env bash
# Generates everything anew in a copy of the tree and compares it with the tree.
set -euo pipefail
cd "$(dirname "$0")/.."

copy=$(mktemp -d)
trap 'rm -rf "$copy"' EXIT
generated=(api config charts)
[ -d docs ] && generated+=(docs)
cp -r go.mod go.sum hack internal "${generated[@]}" "$copy"
(cd "$copy" && sh hack/generate.sh >/dev/null)
[ -f docs/api.md ] && (cd "$copy" && bash hack/docs/generate.sh)

differs=0
for folder in "${generated[@]}"; do
  diff -ru "$folder" "$copy/$folder" || differs=1
done
if [ "$differs" = 1 ]; then
  echo "verify: generated files are not up to date (- committed, + generated); run: make generate docs" >&2
  exit 1
fi
echo "verify: generated files are up to date"
