# run.sh BINARY VERSION: evaluates what is on standard input in a machine of the version.
root=$(dirname "$(dirname "$1")")
refused() { printf 'HOT {"outcome":"Refused","refusals":[{"reason":"%s","message":"%s"}]}\n' "$1" "$2"; exit 0; }
read -r erts running <"$root/releases/start_erl.data" || [ -n "$running" ]
staged=$root/releases/$2
[ -f "$staged/start.boot" ] || refused NotStaged "release $2 does not lie in $staged"
# A link into memory is of an upgrade that is under way, and must stay for it. One that
# was cut off by the end of the container left a link to nothing.
if [ -f "$staged/sys.config.built" ] && ! [ -e "$staged/sys.config" ]; then mv -f "$staged/sys.config.built" "$staged/sys.config"; fi
new=$(sed -n '/{erts,/{s/.*{erts, *"\([^"]*\)"}.*/\1/p;q;}' "$staged"/*.rel)
[ "$new" = "$erts" ] || refused ErtsChanged "Erlang's machine changes from $erts to $new"
# One scheduler is enough, and leaves the others to the node.
export RELEASE_VSN="$2" RELEASE_MODE=interactive ERL_ZFLAGS="${ERL_ZFLAGS:-} +S 1:1"
exec "$1" eval "$(cat)"
