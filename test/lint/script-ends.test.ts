import { describe, expect, it } from 'vitest';
import { parseShell } from '../../src/lint/parse-shell.ts';
import { probeCommand } from '../../src/lint/probe-command.ts';
import { probeTools } from '../../src/lint/probe-tools.ts';
import { probeEnds } from '../../src/lint/script-ends.ts';

describe('a script that cannot fail', () => {
  it.each([
    ['true'],
    [':'],
    [': '],
    ['  true  # for now'],
    ['/bin/true'],
    ['exit 0'],
    ['exit'],
    ['exit 256'],
    ['a; true'],
    ['a\ntrue'],
    ['a || true'],
    ['a || :'],
    ['a || exit 0'],
    ['a || echo bad'],
    ['a && b || true'],
    ['(a; true)'],
    ['{ a; true; }'],
    ['(exit 0)'],
    ['a & '],
    ['! false'],
    ['a | cat'],
    ['a 2>&1 | tee /tmp/log'],
    ['true > /dev/null 2>&1'],
    ['X=1 true'],
    ['X=1'],
    ['true && true'],
    ['false || true'],
    ["sh -c 'a || true'"],
    ['sh -c "a; exit 0"'],
    ['/bin/sh -c "true" || exit 1'],
    ['exec true'],
    ['busybox true'],
    ['set -e; true'],
    ['set -e; a || true'],
    ['false; exit 0'],
    ['exit 0; false'],
    [''],
    ["python3 -c 'import sys; sys.exit(0)'"],
    ['node -e "process.exit(0)"'],
  ])('%j', (script) => {
    expect(probeEnds(parseShell(script)).canFail).toBe(false);
  });
});

describe('a script that can fail', () => {
  it.each([
    ['a'],
    ['a || exit 1'],
    ['a || false'],
    ['a && true'],
    ['true && a'],
    ['a || b'],
    ['a || exit $?'],
    ['a; exit $?'],
    ['a; exit'],
    ['a | grep -q ok'],
    ['set -o pipefail; a | cat'],
    ['set -e; a; true'],
    ['set -eu\na\ntrue'],
    ["bash -ec 'a; true'"],
    ["bash -o pipefail -c 'a | cat'"],
    ['exec a'],
    ['exec 3<>/dev/tcp/127.0.0.1/80'],
    [': </dev/tcp/127.0.0.1/80'],
    ['echo > /dev/tcp/127.0.0.1/80'],
    ['true < /run/ready'],
    ['test -e /run/ready'],
    ['[ "$(a)" = ok ]'],
    ['X=$(a)'],
    ['X=`a`'],
    [': ${READY:?}'],
    ['a || exit 1; true'],
    ['! true'],
    ['$PROBE'],
    ['if a; then exit 0; fi; exit 1'],
    ['for i in 1 2; do a && exit 0; done'],
    ['a <<X\ntrue\nX'],
    ["echo 'a; true"],
    ["python -c 'import sys; sys.exit(1)'"],
    ['node -e "require(\'./check\')"'],
    ['echo "a || true" | grep -q b'],
    ["grep -q '; true' /run/state"],
  ])('%j', (script) => {
    expect(probeEnds(parseShell(script)).canFail).toBe(true);
  });
});

it.each([
  ['false', false],
  ['exit 1', false],
  ['a; false', false],
  ['a && false', false],
  ['a || exit 1', true],
  ['false || a', true],
  ['exit 3', false],
])('%j can pass: %s', (script, canPass) => {
  expect(probeEnds(parseShell(script)).canPass).toBe(canPass);
});

describe('the programs that a probe needs', () => {
  const tools = (test: readonly string[]): string => {
    const probe = probeCommand({ healthcheck: { test } });
    return probe
      ? probeTools(probe)
          .map((each) => each.join('|'))
          .join(' ')
      : 'no probe';
  };

  it.each([
    [['CMD', 'curl', '-f', 'http://localhost/'], 'curl'],
    [['CMD', '/usr/bin/curl', 'x'], 'curl'],
    [['CMD-SHELL', 'curl -f x || exit 1'], 'sh curl'],
    [['CMD-SHELL', 'curl -f x || wget x'], 'sh curl|wget'],
    [['CMD-SHELL', 'curl -s x | jq -e .ok'], 'sh curl jq'],
    [['CMD-SHELL', '[ -e /run/a ] && test -s /run/b && echo ok'], 'sh'],
    [['CMD', 'bash', '-c', 'exec 3<>/dev/tcp/127.0.0.1/80 && grep -q ok <&3'], 'bash grep'],
    [['CMD', 'timeout', '-k', '1', '5', 'nc', '-z', 'localhost', '80'], 'timeout nc'],
    [['CMD-SHELL', 'PGPASSWORD=x pg_isready'], 'sh pg_isready'],
    [['CMD-SHELL', '$PROBE || exit 1'], 'sh'],
    [['CMD-SHELL', 'for i in 1; do nc; done'], 'sh'],
    [['CMD', 'curl -f http://localhost/'], ''],
    [['NONE'], 'no probe'],
  ])('%j', (test, expected) => {
    expect(tools(test)).toBe(expected);
  });
});
