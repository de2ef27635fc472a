#!/bin/bash
# tools.sh compose       prints the path of a current docker-compose (Debian sid's, run as a program of its own)
# tools.sh node-latest   prints the path of the newest Node of the 24 LTS line (npm's node-linux-* package)
# tools.sh faketime      prints the path of the library that, preloaded, gives a program another clock
# tools.sh strace        prints the path of strace
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

faketime() {
  local dir=$cache/faketime
  if [ ! -d "$dir" ]; then
    rm -rf "$dir.new"
    mkdir -p "$dir.new"
    (cd "$dir.new" && with_fresh_lists apt-get -qq -o APT::Sandbox::User=root download libfaketime && dpkg-deb -x ./*.deb . && rm ./*.deb)
    mv "$dir.new" "$dir"
  fi
  find "$dir" -name libfaketime.so.1
}

strace() {
  [ -x /usr/bin/strace ] || with_fresh_lists apt-get -qq -y --no-install-recommends install strace
  echo /usr/bin/strace
}

lock tools
case ${1:-} in
compose) compose ;;
node-latest) node_latest ;;
faketime) faketime ;;
strace) strace ;;
*)
  sed -n '2,6s/^# //p' "$0" >&2
  exit 2
  ;;
esac
