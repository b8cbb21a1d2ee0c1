# stage.sh WAY FROM TO: copies the release in FROM to TO; as the one that boots (seed),
# or beside the one that runs there (beside). It may be cut off and run again.
way=$1 from=$2 to=$3
mkdir -p "$to/lib" "$to/releases"
read -r erts version <"$from/releases/start_erl.data" || [ -n "$version" ]
# What is complete has its name; what was cut off is begun anew.
copy() {
  if [ -e "$2" ]; then return; fi
  rm -rf "$2.part"
  cp -R "$1" "$2.part"
  mv "$2.part" "$2"
}
for library in "$from"/lib/*; do
  beside=$to/lib/${library##*/}
  copy "$library" "$beside"
  # Equal names promise equal code; who compiles with other settings breaks that.
  if ! diff -rq "$library" "$beside" >/dev/null; then
    [ "$way" = seed ] || { echo "${library##*/} differs from what runs under the same version" >&2; exit 3; }
    rm -rf "$beside"
    copy "$library" "$beside"
  fi
done
copy "$from/releases/$version" "$to/releases/$version"
copy "$from/erts-$erts" "$to/erts-$erts"
if [ "$way" = seed ]; then
  rm -rf "$to/bin"
  copy "$from/bin" "$to/bin"
  for file in COOKIE RELEASES; do
    if [ -f "$from/releases/$file" ]; then cp "$from/releases/$file" "$to/releases/$file"; fi
  done
  cp "$from/releases/start_erl.data" "$to/releases/start_erl.data.part"
  mv "$to/releases/start_erl.data.part" "$to/releases/start_erl.data"
fi
