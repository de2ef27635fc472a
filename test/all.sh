#!/bin/bash
# all.sh: every test that needs minutes, after `npm run build`. The suites on real engines spend much of their time waiting, so those that
# can do without each other run at once: the two engines have networks of their own, and the long suite without an engine takes at the
# lowest priority what they leave, and slows none of their deadlines. Ends with 1 if any test fails, and says last what did.
set -u
cd "$(dirname "$0")/.."
outputs=$(mktemp -d)
groups=()
leave() {
  for group in "${groups[@]}"; do kill -- "-$group" 2>/dev/null; done
  wait
  rm -rf "$outputs"
}
trap leave EXIT
trap 'exit 130' INT
trap 'exit 143' TERM HUP

# beside SUITE NICENESS: runs it in a session of its own, to be ended as one. Where Linux shares the processors out among sessions
# (sched_autogroup_enabled), it is the session that has to be nice.
beside() {
  # shellcheck disable=SC2016 # for the shell inside
  setsid bash -c 'echo "$2" 2>/dev/null >"/proc/$$/autogroup"; exec nice -n "$2" npm run "test:$1"' - "$1" "$2" >"$outputs/$1" 2>&1 &
  groups+=($!)
}

# ended SUITE CODE: shows what ran beside, and notes a failure
ended() {
  cat "$outputs/$1"
  [ "$2" = 0 ] || failed+=("$1")
}

failed=()
beside simulated 19
beside newest 5
npm run test:engine 2>&1 | tee "$outputs/engine"
[ "${PIPESTATUS[0]}" = 0 ] || failed+=(engine)
wait "${groups[1]}"
ended newest $?
npm run test:reliability 2>&1 | tee "$outputs/reliability"
[ "${PIPESTATUS[0]}" = 0 ] || failed+=(reliability)
wait "${groups[0]}"
ended simulated $?
groups=()

for suite in "${failed[@]}"; do
  echo "test:$suite failed:"
  sed -n '/⎯ \(Failed\|Unhandled\)/,$p' "$outputs/$suite"
done
[ ${#failed[@]} = 0 ]
