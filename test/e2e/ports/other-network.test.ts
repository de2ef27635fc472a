import { expect, test } from 'vitest';
import { holdPort } from '../../kit/holding-process.ts';
import { inside } from './inside.ts';

test.runIf(process.getuid?.() === 0)('an engine in another network: nothing is said of our ports, and nobody here is ended', async () => {
  await using there = await inside();
  await using holding = await holdPort('obeys', ['the-holder']);
  const { port } = holding;
  await there.project.write(
    'compose.yaml',
    `x-stack:
  ports: { on_conflict: reclaim, reclaim: [{ command: "*the-holder" }] }
services:
  web:
    image: stackctl/busybox:1
    command: [busybox, httpd, -f, -p, "80", -h, /etc]
    ports: ["${port}:80"]
    stop_grace_period: 100ms
`,
  );
  const why = /cannot be seen[^]*: the engine at \S+docker\.sock is in another network namespace than this program/;
  const outside = await there.stackctlOutside('orphans');
  expect(outside).toMatchObject({ exitCode: 2, stdout: expect.stringMatching(why) });
  expect(outside.stdout).not.toMatch(/all clear/i);
  expect(await there.stackctlOutside('orphans --end --yes')).toMatchObject({ exitCode: 4, stdout: expect.stringMatching(why) });
  const ports = await there.stackctlOutside('ports');
  expect(ports).toMatchObject({ exitCode: 0, stdout: expect.stringMatching(/^\d+\/tcp .* unknown +-$/m) });
  expect(ports.stdout).toMatch(why);
  const planned = await there.stackctlOutside('plan');
  expect(planned).toMatchObject({ exitCode: 0, stdout: expect.stringMatching(why) });
  expect(planned.stdout).not.toMatch(/to end/);
  expect(await there.stackctlOutside('apply --yes')).toMatchObject({ exitCode: 0 });
  expect(holding.isAlive()).toBe(true);

  // Where its ports are, it is as always
  expect(await there.stackctl('orphans')).toMatchObject({ exitCode: 0, stdout: expect.stringMatching(/^All clear/) });
  expect((await there.stackctl('ports')).stdout).toMatch(/ held +container /);
});
