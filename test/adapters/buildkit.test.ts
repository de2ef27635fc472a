import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { buildProgress } from '../../src/adapters/buildkit-progress.ts';
import { readTrace, type Trace } from '../../src/adapters/buildkit-trace.ts';
import { EngineError } from '../../src/platform/engine-error.ts';

/** The answer of Docker 28 to a build whose last step fails. */
const recorded = readFileSync(join(import.meta.dirname, 'recorded/buildkit-failed-step.jsonl'), 'utf8')
  .trim()
  .split('\n')
  .map((line) => JSON.parse(line) as { id?: string; aux?: string });
const traces = recorded.flatMap(({ id, aux = '' }) => (id === 'moby.buildkit.trace' ? [aux] : []));

test('tells each step once, what it printed by lines, and which one failed with its last lines', () => {
  const notes: string[] = [];
  const progress = buildProgress((note) => void notes.push(note));
  for (const trace of traces) progress.take(readTrace(trace));
  expect(notes).toEqual([
    '[internal] load remote build context',
    'copy /context /',
    '[internal] load metadata for docker.io/stackctl/busybox:1',
    '[1/3] FROM docker.io/stackctl/busybox:1',
    '[2/3] RUN busybox true',
    expect.stringMatching(/^\[3\/3\] RUN busybox echo zwölf; .* exit 7$/),
    'zwölf',
    'half a line',
    'last',
  ]);
  expect(progress.failedStep()).toEqual({ name: notes[5], why: 'exit code: 7', log: ['zwölf', 'half a line', 'last'] });
});

test('an answer that is cut off or damaged anywhere is garbled, or says less; it is never a crash', () => {
  const bytes = Buffer.from(
    traces.reduce((longest, trace) => (trace.length > longest.length ? trace : longest), ''),
    'base64',
  );
  const read = (damaged: Buffer): void => {
    try {
      readTrace(damaged.toString('base64'));
    } catch (error) {
      expect(error).toBeInstanceOf(EngineError);
      expect(error).toMatchObject({ code: 'garbled' });
    }
  };
  bytes.forEach((byte, at) => {
    read(bytes.subarray(0, at));
    read(Buffer.concat([bytes.subarray(0, at), Buffer.of(byte ^ 0xff), bytes.subarray(at + 1)]));
  });
  expect(() => readTrace(bytes.subarray(0, -1).toString('base64'))).toThrow(/makes no sense: it ends within a field/);
});

const quiet: Trace = { steps: [], parts: [], outputs: [], warnings: [] };
const step = { digest: 'a', name: '[2/2] RUN x', started: true, ended: false, cached: false, error: '' };

test.each([
  ['process "/bin/sh -c a\nb" did not complete successfully: exit code: 137: killed', 'exit code: 137: killed'],
  [
    'failed to compute cache key: failed to calculate checksum of ref 35::ab: "/a b": not found',
    '"/a b" is not there, or .dockerignore leaves it out',
  ],
  ['no space left on device', 'no space left on device'],
])('%j is told as %j', (error, why) => {
  const progress = buildProgress(() => undefined);
  progress.take({ ...quiet, steps: [step, { ...step, error }, { ...step, digest: 'b', error: 'context canceled' }] });
  expect(progress.failedStep()).toMatchObject({ name: step.name, why });
});

test('a build without a failed step has none; a letter in two pieces is one; carriage returns end lines; cached steps and parts are told', () => {
  const notes: string[] = [];
  const progress = buildProgress((note) => void notes.push(note));
  progress.take({ ...quiet, steps: [{ ...step, started: false }], warnings: ['careful'] });
  progress.take({
    ...quiet,
    steps: [{ ...step, cached: true, ended: true }],
    parts: [
      { step: 'a', name: 'layer' },
      { step: 'a', name: 'layer' },
    ],
  });
  for (const bytes of [
    [0x31, 0xc3],
    [0xb6, 0x0d],
    [0x32, 0x0d, 0x0a],
  ])
    progress.take({ ...quiet, outputs: [{ step: 'a', bytes: Uint8Array.from(bytes) }] });
  expect(notes).toEqual(['warning: careful', '[2/2] RUN x (cached)', 'layer', '1ö', '2']);
  expect(progress.failedStep()).toBeUndefined();
});
