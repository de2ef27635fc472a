#!/bin/bash
# report.sh: runs the harness and writes docs/reliability.md, also when it found violations. Ends with the tests' exit code.
set -u
cd "$(dirname "$0")/../.."
STACKCTL_TALLY=$(mktemp)
export STACKCTL_TALLY
trap 'rm -f "$STACKCTL_TALLY"' EXIT
code=0
npm run build || exit
npm run test:fast || code=$?
npm run --if-present test:simulated || code=$?
npm run test:reliability || code=$?
port_cases=test/e2e/ports/hostile-holders.test.ts
test/engine/with-engine.sh npx vitest run --config .config/vitest.config.ts --project engine "$port_cases" || code=$?
engine=$(test/engine/with-engine.sh --newest node test/engine/api.mjs version | tail -n 1)
node test/reliability/report.mjs "$STACKCTL_TALLY" "$engine" >docs/reliability.md.next && mv docs/reliability.md.next docs/reliability.md
exit "$code"
