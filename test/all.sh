#!/bin/bash
# all.sh: every test that needs minutes, after `npm run build`. The suites on real engines spend much of their time waiting, so the long one
# without an engine goes on beside them, at the lowest priority: it takes what they leave, and slows none of their deadlines. Ends with 1 if
# any test fails.
set -u
cd "$(dirname "$0")/.."
simulated=$(mktemp)
setsid nice -n 19 npm run test:simulated >"$simulated" 2>&1 & # a process group of its own, to be ended as one
beside=$!
trap 'kill -- "-$beside" 2>/dev/null; rm -f "$simulated"' EXIT
trap 'exit 130' INT
trap 'exit 143' TERM HUP

code=0
npm run test:engine || code=1
npm run test:newest || code=1
npm run test:reliability || code=1
wait "$beside" || code=1
cat "$simulated"
exit "$code"
