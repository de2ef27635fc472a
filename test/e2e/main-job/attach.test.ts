import { expect, test } from 'vitest';
import { containing } from '../bad-days/matching.ts';
import { createRig } from '../bad-days/rig.ts';
import { service, stack } from '../bad-days/stacks.ts';

const talks = (words: string): string => `command: [sh, -c, 'trap "exit 0" TERM; echo ${words}; sleep 99999 & wait']`;
const text = stack(
  service('web', talks('hello from web')),
  service('job', `command: [sh, -c, 'echo working; exit 0']`),
  service('quiet', talks('not asked for')),
);

test('up --attach follows what the services write; Ctrl-C detaches and stops nothing', async () => {
  await using rig = await createRig();
  await rig.write(text);
  const run = rig.start('up --yes --attach web job');
  await run.saidOut('job-1  | exited with code 0');
  await run.saidOut('web-1  | hello from web');
  run.signal('SIGINT');
  const { exitCode, stdout, stderr } = await run.ended;
  expect({ exitCode, stderr }).toMatchObject({ exitCode: 0, stderr: containing('Detached') });
  expect(stdout).toContain('job-1  | working\n');
  expect(stdout).not.toContain('quiet-1');
  const { containers } = await rig.look();
  expect(containers[`${rig.project.name}-web-1`]).toMatchObject({ State: { Running: true } });
});

test('a service with attach: false is followed only if it is named', async () => {
  await using rig = await createRig();
  await rig.write(
    stack(service('job', `command: [sh, -c, 'echo working; exit 0']`), service('quiet', talks('to nobody'), 'attach: false')),
  );
  const run = rig.start('up --yes --attach');
  await run.saidOut('job-1  | exited with code 0');
  const { exitCode, stdout } = await run.ended;
  expect(exitCode).toBe(0);
  expect(stdout).not.toContain('to nobody');
  const named = rig.start('up --yes --attach quiet');
  await named.said('Following');
  named.signal('SIGINT');
  await named.ended;
});

test('of what ran before only what it writes from then on; it ends by itself with the last of them', async () => {
  await using rig = await createRig();
  await rig.up(text);
  const run = rig.start('up --yes --attach web');
  await run.said('Following');
  await rig.project.docker.getContainer(`${rig.project.name}-web-1`).stop({ t: 1 });
  const { exitCode, stdout } = await run.ended;
  expect(exitCode).toBe(0);
  expect(stdout).toContain('web-1  | exited with code 0');
  expect(stdout).not.toContain('hello from web');
});

test.each(['--json', '-d'])('up --attach %s is refused', async (other) => {
  await using rig = await createRig();
  await rig.write(text);
  const ran = await rig.stackctl(`up --yes --attach ${other}`);
  expect(ran).toMatchObject({ exitCode: 1 });
  expect(ran.stdout + ran.stderr).toContain('exclude each other');
});
