#!/bin/bash
# tools.sh compose       prints the path of a current docker-compose (Debian sid's, run as a program of its own)
# tools.sh node-latest   prints the path of the newest Node of the 24 LTS line (npm's node-linux-* package)
# Each is fetched on first use into STACKCTL_ENGINE_DIR/cache.
set -eu
. "$(dirname "$0")/common.sh"

compose() {
  from_sid "$cache/compose" docker-compose
  echo "$cache/compose/usr/libexec/docker/cli-plugins/docker-compose"
}

node_latest() {
  local dir=$cache/node-24 package
  package="node-linux-$(node -p process.arch)"
  if [ ! -d "$dir" ]; then
    rm -rf "$dir.new"
    mkdir -p "$dir.new"
    (cd "$dir.new" && npm pack --silent "$package@24" >/dev/null && tar -xzf ./*.tgz && rm ./*.tgz)
    mv "$dir.new" "$dir"
  fi
  echo "$dir/package/bin/node"
}

lock tools
case ${1:-} in
compose) compose ;;
node-latest) node_latest ;;
*)
  sed -n '2,4s/^# //p' "$0" >&2
  exit 2
  ;;
esac
