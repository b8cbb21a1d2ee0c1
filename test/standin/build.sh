#!/bin/sh
# Builds the release of one version, without network: sh build.sh VERSION DIRECTORY.
# Debian's packages are enough: erlang-dev elixir erlang-p1-pgsql erlang-cowlib ... (README.md).
# A version that can be reached by a hot upgrade gets its relup, for which the version
# before it is built beside it.
set -eu
version=$1 out=$2
source=$(cd "$(dirname "$0")" && pwd)
command -v mix >/dev/null || {
  echo "mix is missing; on Debian: apt-get install --no-install-recommends $(tr '\n' ' ' <"$source/packages.txt")" >&2
  exit 1
}
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

# build VERSION DIRECTORY PREVIOUS
build() {
  (
    cd "$source"
    export MIX_ENV=prod MIX_BUILD_PATH="$work/build-$1" STANDIN_VERSION="$1" STANDIN_PREVIOUS="$3"
    export LANG=C.UTF-8 HOME="$work" ERL_COMPILER_OPTIONS=deterministic
    mix release --quiet --overwrite --path "$2"
  )
}

previous=
case $version in
0.2.0) previous=0.1.0 ;;
0.3.0) previous=0.2.0 ;;
esac
if [ -n "$previous" ]; then
  build "$previous" "$work/previous" ""
  previous="$work/previous"
fi
build "$version" "$out" "$previous"
