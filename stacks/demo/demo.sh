#!/bin/bash
# The demo: plan, apply, nothing to do, a change, a change that fails and is rolled back, down. Wants the built program
# (npm run build). Uses the engine it finds, or starts a private one for the time of the demo; leaves nothing behind.
set -eu
root=$(cd "$(dirname "$0")/../.." && pwd)
export STACKCTL_ENGINE=debian
[ -e "$root/dist/stackctl.js" ] || { echo 'not built yet: npm run build' >&2; exit 1; }
[ "${1:-}" = inside ] || exec "$root/test/engine/with-engine.sh" "$root/stacks/demo/demo.sh" inside

engine=$root/test/engine/api.mjs
work=$(mktemp -d)
bold='' plain=''
if [ -t 1 ]; then bold=$'\e[1m' plain=$'\e[0m'; fi
export XDG_STATE_HOME=$work
unset COMPOSE_FILE COMPOSE_PROJECT_NAME COMPOSE_PROFILES COMPOSE_ENV_FILES

stackctl() { node "$root/dist/stackctl.js" "$@"; }

show() { # a command, as it would be typed, and what it says
  printf '\n%s$ %s%s\n' "$bold" "$*" "$plain"
  "$@"
}

note() { printf '\n%s# %s%s\n' "$bold" "$*" "$plain"; }

visit() {
  note 'http://127.0.0.1:18080/ says:'
  node -e 'fetch("http://127.0.0.1:18080/").then((answer) => answer.text()).then((text) => process.stdout.write(text))'
}

leave() { # also after a failure or Ctrl-C
  local code=$?
  trap - EXIT
  trap '' INT TERM HUP
  node "$engine" clear demo
  rm -rf "$work"
  exit "$code"
}

if node "$engine" holds demo; then
  echo "This engine has a stack called demo already. Remove it first: docker compose -p demo down --volumes" >&2
  exit 1
fi
trap leave EXIT
trap 'exit 130' INT
trap 'exit 143' TERM HUP
cd "$root/stacks/demo"

note 'What would be done?'
show stackctl plan -f compose.yaml
note 'Do it.'
show stackctl apply -f compose.yaml --yes
visit
note 'Nothing is left to do.'
show stackctl plan -f compose.yaml --detailed-exitcode

note 'A new release of the api, and more memory for the cache.'
show stackctl plan -f compose.yaml -f override-change.yaml
show stackctl apply -f compose.yaml -f override-change.yaml --yes
visit

note 'A release that cannot work.'
code=0
show stackctl apply -f compose.yaml -f override-change.yaml -f override-broken.yaml --yes || code=$?
[ "$code" = 3 ] || { note "exit code $code, where 3 (failed, rolled back and verified) was expected"; exit 1; }
note 'Exit code 3: it failed, and everything is as it was before (verified).'
visit
show stackctl plan -f compose.yaml -f override-change.yaml --detailed-exitcode

note 'The end.'
show stackctl down -f compose.yaml --yes
