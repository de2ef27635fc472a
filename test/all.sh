#!/bin/bash
# all.sh: every test that needs minutes, after `npm run build`. The suites on real engines spend some of their time waiting, so the long one
# without an engine goes on beside them, at the lowest priority. Ends with 1 if any test fails, and says last what did.
set -u
cd "$(dirname "$0")/.."
outputs=$(mktemp -d)
# Where Linux shares the processors out among sessions (sched_autogroup_enabled), it is the session that has to be nice.
# shellcheck disable=SC2016 # for the shell inside
setsid bash -c 'echo 19 2>/dev/null >"/proc/$$/autogroup"; exec nice -n 19 npm run test:simulated' >"$outputs/simulated" 2>&1 &
beside=$! # its process group, to be ended as one
trap 'kill -- "-$beside" 2>/dev/null; rm -rf "$outputs"' EXIT
trap 'exit 130' INT
trap 'exit 143' TERM HUP

failed=()
for suite in engine newest reliability; do
  npm run "test:$suite" 2>&1 | tee "$outputs/$suite"
  [ "${PIPESTATUS[0]}" = 0 ] || failed+=("$suite")
done
wait "$beside" || failed+=(simulated)
cat "$outputs/simulated"

for suite in "${failed[@]}"; do
  echo "test:$suite failed:"
  sed -n '/⎯ \(Failed\|Unhandled\)/,$p' "$outputs/$suite"
done
[ ${#failed[@]} = 0 ]
