#!/usr/bin/env bash
# Can this machine carry a real node (hack/cluster) with the images of hack/images? It
# says in one line why not, and what would help; then it ends with 1. What else a node
# needs (nftables, libseccomp-dev and others) hack/cluster installs itself.
set -uo pipefail
cd "$(dirname "$0")/.."

no() { echo "$*"; exit 1; }

case "${CLUSTER:-local}" in
local) ;;
kind)
  for program in docker kind; do
    command -v "$program" >/dev/null || no "CLUSTER=kind needs $program, which is not on the PATH"
  done
  exit 0 ;;
existing)
  [ -n "${KUBECONFIG:-}" ] || no "CLUSTER=existing needs KUBECONFIG, the cluster's"
  [ -n "${IMAGES:-}" ] || no "CLUSTER=existing needs IMAGES, a registry and prefix that the cluster pulls from, as in IMAGES=registry.example.org/operator-test"
  exit 0 ;;
*) no "CLUSTER=$CLUSTER: it is local, kind or existing" ;;
esac

[ "$(uname -s)" = Linux ] || no "a node needs Linux, and this is $(uname -s); CLUSTER=kind uses Docker and kind instead"
[ "$(id -u)" = 0 ] || no "a node needs root, for namespaces, mounts and cgroups: run it with sudo -E"
for program in apt-get dpkg-deb; do
  command -v "$program" >/dev/null || no "images are made of Debian packages, and $program is not here"
done
command -v mix >/dev/null || no "the stand-in needs Erlang and Elixir: apt-get install --no-install-recommends \$(cat test/standin/packages.txt)"
unshare --net --mount true 2>/dev/null || no "this machine does not let root make network and mount namespaces, as many containers do not"
grep -q cgroup /proc/self/mounts || no "no cgroup hierarchy is mounted: mount /sys/fs/cgroup"
