#!/bin/bash
# with-engine.sh [--newest] COMMAND...: runs COMMAND where an engine answers at DOCKER_HOST and has our images, and leaves
# things as they were: an engine that was started for it is stopped by the last one that uses it, and from an engine that was
# found the images that were added are removed. Ends with COMMAND's exit code.
set -eu
. "$(dirname "$0")/common.sh"
if [ "${1:-}" = --newest ]; then export STACKCTL_ENGINE=newest; shift; fi
flavour=${STACKCTL_ENGINE:-debian}
ours=unix://$state/$flavour/docker.sock
mark=$state/$flavour.stop-after-use
added=

leave() { # also after a failure or Ctrl-C
  local code=$?
  trap - EXIT
  trap '' INT TERM HUP
  if [ "${DOCKER_HOST:-$ours}" = "$ours" ]; then
    if [ -e "$mark" ] && flock -n -x 8; then
      "$here/engine.sh" down
      rm -f "$mark"
    fi
  elif [ -n "$added" ]; then
    # shellcheck disable=SC2086 # one word for each image
    api remove $added
  fi
  exit "$code"
}
trap leave EXIT
trap 'exit 130' INT
trap 'exit 143' TERM HUP

mkdir -p "$state"
exec 8>"$state/$flavour.users.lock"
flock -s 8
if ! host=$("$here/engine.sh" env 2>/dev/null); then
  host=$("$here/engine.sh" up)
  touch "$mark"
fi
export "${host?}"
added=$("$here/images.sh" missing)
"$here/images.sh"
"$here/engine.sh" run "$@"
