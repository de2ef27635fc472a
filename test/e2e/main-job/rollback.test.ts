import { expect, test } from 'vitest';
import { createRig, type Rig } from '../bad-days/rig.ts';
import { asRolledBack } from '../bad-days/standing.ts';
import { healthy, service, stack } from '../bad-days/stacks.ts';
import { matching } from '../bad-days/matching.ts';

const text = (version: string, web = healthy): string =>
  `${stack(
    service(
      'db',
      healthy,
      `environment: { V: "${version}" }`,
      'networks: { back: { aliases: [store, pg] } }',
      'volumes: ["data:/data"]',
      'deploy: { resources: { limits: { memory: 64m } } }',
      'restart: unless-stopped',
    ),
    service('jobs', healthy, `environment: { V: "${version}" }`, 'networks: [back]'),
    service(
      'web',
      web,
      `environment: { V: "${version}" }`,
      'networks: { front: {}, back: { aliases: [www] } }',
      'depends_on: { db: { condition: service_healthy }, jobs: { condition: service_started } }',
      'ports: ["23010:80"]',
    ),
  )}networks: { front: {}, back: {} }\nvolumes: { data: {} }\n`;

const failing = `healthcheck: { test: [CMD-SHELL, "echo the schema is old; exit 1"], interval: 100ms, retries: 2 }`;

async function standingRig(): Promise<Rig> {
  const rig = await createRig();
  await rig.up(text('1'));
  return rig;
}

test('a failing change ends with the same containers, names, run-states, networks and aliases', async () => {
  await using rig = await standingRig();
  const { project } = rig;
  await project.docker.getContainer(`${project.name}-jobs-1`).stop({ t: 0 }); // by a person, on purpose
  const before = await rig.look();
  await rig.write(text('2', failing));
  const ran = await rig.stackctl('apply --yes');
  expect(ran.exitCode).toBe(3);
  expect(ran.stderr).toMatch(
    /Failed: web: wait until \S+-web-1 is healthy[^]*its health check fails[^]*the schema is old[^]*Rolled back \(verified\)/,
  );
  expect(ran.stderr).not.toMatch(/^ {4}at /m);
  expect(asRolledBack(await rig.look())).toEqual(asRolledBack(before));
});

test('a failing change that only adds leaves nothing of what it made but a volume that was used', async () => {
  await using rig = await standingRig();
  const before = await rig.look();
  const more = service(
    'extra',
    failing,
    'networks: [fresh]',
    'volumes: ["more:/more"]',
    'depends_on: { web: { condition: service_healthy } }',
  );
  await rig.write(
    text('1')
      .replace('\nnetworks: { front', `\n${more}networks: { fresh: {}, front`)
      .replace('\nvolumes: { data', '\nvolumes: { more: {}, data'),
  );
  const ran = await rig.stackctl('apply --yes');
  expect(ran).toMatchObject({ exitCode: 4, stderr: matching(new RegExp(`Not fully rolled back[^]*volume ${rig.project.name}_more`)) });
  // A container has started with the volume: nobody can know that it is empty
  const after = await rig.look();
  expect(Object.keys(after.volumes).sort()).toEqual([...Object.keys(before.volumes), `${rig.project.name}_more`].sort());
  expect(asRolledBack({ ...after, volumes: {} })).toEqual(asRolledBack({ ...before, volumes: {} }));
});

test('a start that the engine refuses names its words, and all is as before', async () => {
  await using rig = await standingRig();
  const before = await rig.look();
  await rig.write(text('2').replace("command: [sh, -c, 'trap", "command: [/no/such/program, -c, 'trap"));
  const ran = await rig.stackctl('apply --yes');
  expect(ran).toMatchObject({ exitCode: 3 });
  expect(ran.stderr).toMatch(/Failed: db: start container [^]*no such file or directory/);
  expect(asRolledBack(await rig.look())).toEqual(asRolledBack(before));
});
