import { expect, test } from 'vitest';
import { createRig } from './rig.ts';
import { asRolledBack } from './standing.ts';
import { service, stack } from './stacks.ts';

/** Breaks the program from within, where it writes the labels of a container. */
const poison = `
const stringify = JSON.stringify;
JSON.stringify = (value, ...rest) => {
  if (value && value.hashes && value.key) throw new TypeError('poisoned');
  return stringify(value, ...rest);
};
`;

test('a bug in the middle of an apply: all goes back, then it is told as a bug, exit 70', async () => {
  await using rig = await createRig();
  await rig.up(stack(service('web', 'environment: { V: "1" }')));
  const before = await rig.look();
  await rig.project.write('poison.cjs', poison);
  await rig.write(stack(service('web', 'environment: { V: "2" }')));
  const { exitCode, stderr } = await rig.stackctl('apply --yes', { env: { NODE_OPTIONS: `--require=${rig.project.folder}/poison.cjs` } });
  expect([exitCode, stderr]).toEqual([70, expect.stringMatching(/Rolled back \(verified\)[^]*This is a bug in stackctl/) as string]);
  expect(asRolledBack(await rig.look())).toEqual(asRolledBack(before));
  // It ended in order: nothing is unfinished
  await rig.up(stack(service('web', 'environment: { V: "2" }')));
});
