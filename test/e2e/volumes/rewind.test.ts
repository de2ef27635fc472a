import { join } from 'node:path';
import { expect, test } from 'vitest';
import { createProject, type Project } from '../../kit/project.ts';
import { start } from '../bad-days/started.ts';
import { inHelper, listing } from './in-helper.ts';

const helper = { STACKCTL_HELPER_IMAGE: 'stackctl/helper:1' };

/** Makes its volume what it likes it to be, once, in a way that is easy to spoil: owners, modes, times, links and holes. */
const first = `[ -e /data/made ] || {
  mkdir -p /data/in; echo one > /data/in/a; chown 7:8 /data/in/a; chmod 4640 /data/in/a; ln -s ../a /data/in/l; ln /data/in/a /data/in/h;
  dd if=/dev/zero of=/data/hole bs=1 count=1 seek=100000 2>/dev/null; touch -d '2001-02-03 04:05:06' /data/in/a; touch /data/made; }`;
/** The next version spoils it, says so, and is never healthy. */
const second = 'rm -r /data/in; echo two > /data/made; mkdir /data/new; touch /data/spoiled';

const stackOf = (version: '1' | '2'): string => `
services:
  db:
    image: stackctl/busybox:1
    environment: { VERSION: "${version}" }
    command: [sh, -c, ${JSON.stringify(`${version === '1' ? first : second}; trap "exit 0" TERM; sleep 99999 & wait`)}]
    volumes: ["data:/data"]
    healthcheck: { test: [CMD, test, -e, /data/in/a], interval: 1s, retries: 2 }
    x-stack: { timeout: { ready: 30s } }
  reader:
    image: stackctl/busybox:1
    command: [sleep, "99999"]
    init: true
    volumes: ["data:/data:ro"]
    x-stack: { ready: [{ stable: 100ms }] }
volumes:
  data:
    x-stack: { backup: { before: [replace], keep: 1 } }
`;

interface Rig extends AsyncDisposable {
  readonly project: Project;
  /** What lies in the volume, by a program of its own. */
  listing(): Promise<string>;
  standing(): Promise<string[]>;
}

async function rig(): Promise<Rig> {
  const project = await createProject();
  await project.write('compose.yaml', stackOf('1'));
  const up = await project.stackctl(['up', '--yes'], { env: helper });
  expect(up.exitCode, up.stderr).toBe(0);
  await project.write('compose.yaml', stackOf('2'));
  return {
    project,
    listing: () => listing(project.docker, `${project.name}_data`),
    standing: async () =>
      Object.values(await project.containers())
        .map(({ Id, Name, State }) => `${Name} ${Id} ${State.Status} ${State.Health?.Status === 'unhealthy' ? 'unhealthy' : ''}`)
        .toSorted(),
    [Symbol.asyncDispose]: () => project[Symbol.asyncDispose](),
  };
}

const volumesOf = async ({ docker, name }: Project): Promise<string[]> =>
  (await docker.listVolumes()).Volumes.map(({ Name }) => Name).filter((each) => each.startsWith(name));

test('what a new version wrote to a volume goes with it: the content is as it was, bit by bit, and the old one is healthy', async () => {
  await using made = await rig();
  const { project } = made;
  const [before, stood] = [await made.listing(), await made.standing()];
  const failed = await project.stackctl(['apply', '--yes'], { env: helper });
  expect(failed.exitCode, failed.stderr).toBe(3);
  expect(failed.stdout).toContain('a rollback puts back what it holds now');
  expect(failed.stderr).toContain('Rolled back (verified).');
  expect(await made.listing()).toBe(before);
  expect(await made.standing()).toEqual(stood);
  expect(await inHelper(project.docker, `${project.name}_data`, ['cat', '/volume/in/a'])).toBe('one\r\n');
  expect(await volumesOf(project)).toEqual([`${project.name}_data`]);
});

test.each([
  ['step_started', 'service.await'],
  ['step_progressed', 'undo volume.backup'],
])('killed at %s of %s: recover puts it back', async (moment, kind) => {
  await using made = await rig();
  const { project } = made;
  const [before, stood] = [await made.listing(), await made.standing()];
  const env = { ...helper, XDG_STATE_HOME: join(project.folder, '.state'), COMPOSE_PROJECT_NAME: project.name };
  const run = start(['apply', '--yes', '--json'], { cwd: project.folder, env });
  await run.until(({ type, id = '' }) => type === moment && id.startsWith(kind));
  if (kind === 'service.await') await untilSpoiled(project);
  run.signal('SIGKILL');
  await run.ended;
  const recovered = await project.stackctl(['recover', '--yes'], { env: helper });
  expect(recovered.exitCode, recovered.stderr).toBe(0);
  expect(await made.listing()).toBe(before);
  expect(await made.standing()).toEqual(stood);
  expect(await volumesOf(project)).toEqual([`${project.name}_data`]);
});

/** It waits for the program itself. */
const untilSpoiled = ({ docker, name }: Project): Promise<string> =>
  inHelper(docker, `${name}_data`, ['sh', '-c', 'for i in $(seq 200); do [ -e /volume/spoiled ] && exit 0; sleep 0.05; done; exit 1']);
