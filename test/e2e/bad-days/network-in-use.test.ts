import { expect, test } from 'vitest';
import { createRig, startBystander } from './rig.ts';
import { service, stack } from './stacks.ts';

const inUse = { message: 'error while removing network: network demo has active endpoints' };

test('a network that the engine still counts endpoints of, though none is left, is asked for again until it is gone', async () => {
  await using rig = await createRig();
  await rig.up(stack(service('web')));
  for (let nth = 1; nth <= 3; nth++)
    rig.proxy.addRule({ method: 'DELETE', path: /\/networks\//, nth, fault: { kind: 'respond', status: 403, body: inUse } });
  const { exitCode, stderr } = await rig.stackctl('down --yes');
  expect(exitCode, stderr).toBe(0);
  expect((await rig.look()).networks).toEqual({});
});

test('a network that somebody else uses is left, and the error names who', async () => {
  await using rig = await createRig();
  await rig.up(stack(service('web')));
  const network = `${rig.project.name}_default`;
  const user = await startBystander(rig.project.docker, `${rig.project.name}-user`, { HostConfig: { NetworkMode: network } });
  try {
    const { exitCode, stderr } = await rig.stackctl('down --yes');
    expect(exitCode).toBe(4);
    expect(stderr).toContain(`The network is used by ${rig.project.name}-user`);
    expect(Object.keys((await rig.look()).networks)).toEqual([network]);
  } finally {
    await user.remove({ force: true });
  }
});
