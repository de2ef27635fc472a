import type Docker from 'dockerode';
import { expect, test } from 'vitest';
import type { Standing } from '../../e2e/bad-days/standing.ts';
import { asWanted, beside, differences, exactly, type Look } from './oracle.ts';

const container = (id: string): Docker.ContainerInspectInfo =>
  ({
    Id: id,
    Name: '/t-web-1',
    Image: 'sha256:1',
    Created: '2026-01-01',
    Config: { Env: ['V=1'], Hostname: id.slice(0, 12), Labels: { 'com.docker.compose.project': 't', 'io.stackctl.run': 'a' } },
    HostConfig: { RestartPolicy: { Name: 'always' } },
    Mounts: [{ Destination: '/data', Name: 't_data' }],
    State: { Status: 'running', Health: { Status: 'healthy' } },
    NetworkSettings: { Networks: { t_default: { NetworkID: 'n1', Aliases: ['web', id.slice(0, 12)] } } },
  }) as unknown as Docker.ContainerInspectInfo;

const world = (): Look => ({
  standing: {
    containers: { 't-web-1': container('a'.repeat(64)) },
    networks: { t_default: { Id: 'n1', Driver: 'bridge', Options: {}, Labels: { l: '1' }, Internal: false } },
    volumes: { t_data: { Name: 't_data', Driver: 'local', Labels: { l: '1' }, Options: null, Mountpoint: '/v' } },
    bystander: { Id: 'b', State: { Status: 'running', StartedAt: '1' } },
  } as unknown as Standing,
  left: [],
});

/** What is put where: a path into the look, and the value there. */
type Edit = readonly [what: string, path: readonly string[], value: unknown];

const web = ['standing', 'containers', 't-web-1'];
const network = ['standing', 'networks', 't_default'];
const volume = ['standing', 'volumes', 't_data'];
const attached = [...web, 'NetworkSettings', 'Networks', 't_default'];

const seenByBoth: readonly Edit[] = [
  ['whether a container is there', ['standing', 'containers'], {}],
  ['a container more', ['standing', 'containers', 't-web-1.before-1'], container('c'.repeat(64))],
  ['its name', [...web, 'Name'], '/other'],
  ['its image', [...web, 'Image'], 'sha256:2'],
  ['its environment', [...web, 'Config', 'Env'], ['V=2']],
  ['its labels', [...web, 'Config', 'Labels', 'more'], '1'],
  ['its restart policy', [...web, 'HostConfig', 'RestartPolicy', 'Name'], 'no'],
  ['its mounts', [...web, 'Mounts'], []],
  ['whether it runs', [...web, 'State', 'Status'], 'exited'],
  ['its networks', [...web, 'NetworkSettings', 'Networks'], {}],
  ['its aliases', [...attached, 'Aliases'], ['db']],
  ['whether a network is there', ['standing', 'networks'], {}],
  ['labels of a network', [...network, 'Labels', 'l'], '2'],
  ['whether a volume is there', ['standing', 'volumes'], {}],
  ['labels of a volume', [...volume, 'Labels', 'l'], '2'],
  ['options of a volume', [...volume, 'Options'], { o: '1' }],
  ['the driver of a volume', [...volume, 'Driver'], 'nfs'],
  ['the place of a volume', [...volume, 'Mountpoint'], '/w'],
  ['a lock that is left', ['left'], ['the lock on the engine']],
];

const seenExactly: readonly Edit[] = [
  ...seenByBoth,
  ['its id', [...web, 'Id'], 'd'.repeat(64)],
  ['when it was made', [...web, 'Created'], '2027-01-01'],
  ['the run that made it', [...web, 'Config', 'Labels', 'io.stackctl.run'], 'b'],
  ['which network of that name it is on', [...attached, 'NetworkID'], 'n2'],
  ['the id of a network', [...network, 'Id'], 'n2'],
];

const seenAsWanted: readonly Edit[] = [
  ...seenByBoth,
  ['its health', [...web, 'State', 'Health', 'Status'], 'unhealthy'],
  ['options of a network', [...network, 'Options'], { o: '1' }],
  ['the driver of a network', [...network, 'Driver'], 'overlay'],
  ['whether a network is internal', [...network, 'Internal'], true],
];

const seenBeside: readonly Edit[] = [
  ['the id of the container beside it', ['standing', 'bystander', 'Id'], 'c'],
  ['when that one was started', ['standing', 'bystander', 'State', 'StartedAt'], '2'],
  ['its state', ['standing', 'bystander', 'State', 'Status'], 'exited'],
];

function edited([, path, value]: Edit): Look {
  const look = structuredClone(world());
  const owner = path.slice(0, -1).reduce((at, key) => at[key] as Record<string, unknown>, look as unknown as Record<string, unknown>);
  owner[path.at(-1)!] = value;
  return look;
}

test.each(seenExactly)('two worlds that differ in %s are not exactly the same', (...edit) => {
  expect(differences(exactly(world()), exactly(edited(edit)))).not.toEqual([]);
});

test.each(seenAsWanted)('a world that differs in %s is not as wanted', (...edit) => {
  expect(differences(asWanted(world()), asWanted(edited(edit)))).not.toEqual([]);
});

test.each(seenBeside)('what stands beside the stack counts down to %s', (...edit) => {
  expect(differences(beside(world()), beside(edited(edit)))).not.toEqual([]);
});

test('ids, times and keys of a run do not count where something is made anew', () => {
  const anew = { ...container('e'.repeat(64)), Created: '2027-01-01' };
  const other = edited(['', web, anew]);
  expect(differences(asWanted(world()), asWanted(other))).toEqual([]);
  expect(differences(exactly(world()), exactly(other))).not.toEqual([]);
  expect(differences(exactly(world()), exactly(world()))).toEqual([]);
});
