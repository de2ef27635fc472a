import { expect, test } from 'vitest';
import { createRig } from '../bad-days/rig.ts';
import { pair } from '../bad-days/stacks.ts';
import { holding } from '../bad-days/matching.ts';

const parsed = (text: string): Record<string, unknown>[] =>
  text
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line) as Record<string, unknown>);

test('apply --json says one event a line, the version first, how it ended last', async () => {
  await using rig = await createRig();
  await rig.write(pair('1'));
  const ran = await rig.stackctl('apply --yes --json');
  const lines = parsed(ran.stdout);
  expect(lines[0]).toMatchObject({ type: 'version', format_version: '1.0' });
  expect(lines.at(-1)).toEqual({ type: 'run_ended', result: 'applied' });
  const begun = lines.filter(({ type }) => type === 'step_started').map(({ id }) => id);
  const ended = lines.filter(({ type }) => type === 'step_ended');
  expect(ended.map(({ id }) => id).sort()).toEqual(begun.sort());
  expect(new Set(ended.map(({ outcome }) => outcome))).toEqual(new Set(['done']));
  expect(lines.findIndex(({ type }) => type === 'committed')).toBeGreaterThan(0);
  expect(ran).toMatchObject({ exitCode: 0, stderr: '' });

  const nothing = await rig.stackctl('apply --yes --json');
  expect(nothing.exitCode).toBe(0);
  expect(parsed(nothing.stdout)[0]).toMatchObject({ type: 'version' });
});

test('a failure with --json carries cause, evidence and the way back', async () => {
  await using rig = await createRig();
  await rig.up(pair('1'));
  await rig.write(pair('2', `command: [sh, -c, "echo cannot open the database; exit 101"]`));
  const ran = await rig.stackctl('apply --yes --json');
  const lines = parsed(ran.stdout);
  expect(ran.exitCode).toBe(3);
  expect(lines.find(({ outcome }) => outcome === 'failed')).toMatchObject({
    service: 'web',
    why: 'it exited with code 101 (a Rust program panicked)',
    evidence: { log: ['cannot open the database'] },
  });
  expect(lines.find(({ type }) => type === 'rollback_ended')).toEqual({ type: 'rollback_ended', verified: true, left: [], lost: [] });
  expect(lines.at(-1)).toEqual({ type: 'run_ended', result: 'rolled_back' });
});

test('problems with --json are data on stdout too', async () => {
  await using rig = await createRig();
  await rig.write('services:\n  web:\n    imgae: x\n');
  const ran = await rig.stackctl('apply --yes --json');
  expect(ran).toMatchObject({ exitCode: 1, stderr: '' });
  expect(parsed(ran.stdout)[0]).toMatchObject({
    problems: holding([expect.objectContaining({ at: expect.objectContaining({ line: 3, column: 5 }) as unknown }) as unknown]),
  });
});
