import { expect, it } from 'vitest';
import { planText } from '../../src/render/plan-text.ts';
import { plainStyle as style } from '../../src/render/style.ts';
import { change, field, plan } from './kit.ts';

const mebi = 2 ** 20;
const secret = (sealed: string, shown = '(sensitive)') => ({ sealed, shown });

/** The lines between the braces. */
const fieldsOf = (...fields: ReturnType<typeof field>[]): string => {
  const lines = planText(plan({ changes: [change({ fields })] }), { style }).split('\n');
  return `\n${lines.slice(lines.findIndex((line) => line.endsWith('{')) + 1, lines.indexOf('    }')).join('\n')}\n`;
};

it('aligns them, in the units that people write', () => {
  expect(
    fieldsOf(
      field('image', { have: 'nginx:1', want: 'nginx:2' }),
      field('environment.LOG_LEVEL', { have: 'info', want: 'debug' }),
      field('ports.8081:80/tcp', { want: '8081:80/tcp' }),
      field('command', { have: ['nginx', '-g', 'daemon off;'] }),
      field('healthcheck.interval', { have: 30_000, want: 90_000 }),
      field('stop_grace_period', { want: 600_000 }),
      field('healthcheck.retries', { have: 3, want: 5 }),
      field('init', { want: true }),
      field('deploy.resources.limits.memory', { have: 64 * mebi, want: 128 * mebi, mend: 'update' }),
    ),
  ).toMatchInlineSnapshot(`
    "
          ~ image                          = "nginx:1" -> "nginx:2"          # forces replacement
          ~ environment.LOG_LEVEL          = "info" -> "debug"               # forces replacement
          + ports                          = "8081:80/tcp"                   # forces replacement
          - command                        = ["nginx", "-g", "daemon off;"]  # forces replacement
          ~ healthcheck.interval           = 30s -> 1m30s                    # forces replacement
          + stop_grace_period              = 10m                             # forces replacement
          ~ healthcheck.retries            = 3 -> 5                          # forces replacement
          + init                           = true                            # forces replacement
          ~ deploy.resources.limits.memory = 64 MiB -> 128 MiB
    "
  `);
});

it('names a cause that is not the file, and what mends it', () => {
  expect(
    fieldsOf(
      field('restart', { have: 'no', want: 'always', cause: 'drift', mend: 'update' }),
      field('user', { have: 'root', want: 'app', cause: 'drift' }),
      field('image', { have: 'abc', want: '(known after pull)', cause: 'image', pending: true }),
      field('content./etc/x.conf', { have: '(content before)', want: '(content changed)', cause: 'content', mend: 'restart' }),
      field('content./etc/y.conf', { have: '(content before)', want: '(content changed)', cause: 'content', mend: 'signal' }),
    ),
  ).toMatchInlineSnapshot(`
    "
          ~ restart             = "no" -> "always"                       (drift)
          ~ user                = "root" -> "app"                        # forces replacement (drift)
          ~ image               = "abc" -> (known after pull)            # replaced only if it is another one (image)
          ~ content./etc/x.conf = (content before) -> (content changed)  # restarts the container (content)
          ~ content./etc/y.conf = (content before) -> (content changed)  # sends a signal (content)
    "
  `);
});

it('never shows a secret, but that it changed', () => {
  const url = 'postgres://app:(sensitive)@db';
  expect(
    fieldsOf(
      field('environment.TOKEN', { have: secret('a'), want: secret('b') }),
      field('environment.NEW_TOKEN', { want: secret('a') }),
      field('environment.OPEN', { have: 'x', want: secret('b') }),
      field('environment.URL', { have: secret('a', url), want: secret('b', url) }),
      field('command', { have: ['run', secret('a')], want: ['run', secret('b')] }),
      field('secrets.key', { have: '(unknown)', want: '/run/secrets/key 0:0 0444' }),
    ),
  ).toMatchInlineSnapshot(`
    "
          ~ environment.TOKEN     = (sensitive) -> (sensitive, changed)                    # forces replacement
          + environment.NEW_TOKEN = (sensitive)                                            # forces replacement
          ~ environment.OPEN      = "x" -> (sensitive)                                     # forces replacement
          ~ environment.URL       = "postgres://app:(sensitive)@db" (sensitive, changed)   # forces replacement
          ~ command               = ["run", (sensitive)] -> ["run", (sensitive, changed)]  # forces replacement
          ~ secrets.key           = (unknown) -> "/run/secrets/key 0:0 0444"               # forces replacement
    "
  `);
});

it('does not hide among many items that a secret changed', () => {
  const list = Array.from({ length: 8 }, (_, i) => `--option-${i}=value`);
  const text = fieldsOf(
    field('command', { have: [...list, secret('a')], want: [...list, secret('b')] }),
    field('entrypoint', { have: ['x', secret('a')], want: ['y', secret('b'), secret('a')] }),
    field('user', { have: [secret('a'), secret('b')], want: [secret('b'), secret('a')] }),
  );
  expect(text).toMatchInlineSnapshot(`
    "
          ~ command:  # forces replacement
                  …
                  "--option-5=value"
                  "--option-6=value"
                  "--option-7=value"
                - (sensitive)
                + (sensitive, changed)
          ~ entrypoint = ["x", (sensitive)] -> ["y", (sensitive, changed), (sensitive)]  # forces replacement
          ~ user       = [(sensitive), (sensitive)] -> [(sensitive), (sensitive)] (changed)  # forces replacement
    "
  `);
});

it('shows texts of several lines line by line, with a few equal ones around', () => {
  const lines = (...some: string[]): string => some.map((line) => `${line}\n`).join('');
  expect(
    fieldsOf(
      field('labels.rules', { have: lines('a', 'b', 'c', 'd', 'e', 'f', 'g', 'h'), want: lines('a', 'b', 'c', 'd', 'e', 'F', 'g', 'h') }),
      field('labels.end', { have: 'x\ny', want: 'x\ny\n' }),
      field('labels.new', { want: 'one\ntwo\u001b[31m\n', mend: 'update' }),
      field('labels.gone', { have: 'one\ntwo' }),
      field('user', { have: 'a', want: 'b' }),
    ),
  ).toMatchInlineSnapshot(`
    "
          ~ labels.rules:  # forces replacement
                  …
                  c
                  d
                  e
                - f
                + F
                  g
                  h
          ~ labels.end:  # forces replacement
                  x
                - y  (no line break at the end)
                + y
          + labels.new:
                + one
                + two\\u001b[31m
          - labels.gone:  # forces replacement
                - one
                - two
          ~ user = "a" -> "b"  # forces replacement
    "
  `);
});

it('shows long lists item by item', () => {
  const list = Array.from({ length: 12 }, (_, i) => `--option-${i}=value`);
  expect(fieldsOf(field('command', { have: list, want: list.map((item, i) => (i === 5 ? '--changed' : item)) }))).toMatchInlineSnapshot(`
    "
          ~ command:  # forces replacement
                  …
                  "--option-2=value"
                  "--option-3=value"
                  "--option-4=value"
                - "--option-5=value"
                + "--changed"
                  "--option-6=value"
                  "--option-7=value"
                  "--option-8=value"
                  …
    "
  `);
});
