#!/bin/sh
# Fails, and shows the difference, if hack/generate.sh would change anything.
set -eu
cd "$(dirname "$0")/.."

before=$(mktemp -d)
trap 'rm -rf "$before"' EXIT
cp -R api config charts "$before"
hack/generate.sh
changed=0
for folder in api config charts; do
	diff -ru "$before/$folder" "$folder" || changed=1
done
if [ $changed = 1 ]; then
	echo "generated files were not current; hack/generate.sh has now written them" >&2
	exit 1
fi
