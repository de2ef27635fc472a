import { expect, it } from 'vitest';
import { problemsOf, webOf } from './stack-folder.ts';

const inWeb = (yaml: string) => `services:\n  web:\n    image: i\n    ${yaml}\n`;

const others = '  db: {image: i}\n  cache: {image: i}';

it.each<[string, object]>([
  ['volumes_from: [db, "cache:ro", "db:rw", "container:x:rw"]', { volumes_from: ['db', 'cache:ro', 'db', 'container:x'] }],
  ['links: ["db:store", cache, db]', { links: ['cache:cache', 'db:db', 'db:store'] }],
  ['external_links: [x, "x:y"]', { external_links: ['x:x', 'x:y'] }],
  ['pid: service:db', { pid: 'service:db' }],
  ['ipc: container:x', { ipc: 'container:x' }],
  ['network_mode: container:x', { network_mode: 'container:x' }],
])('%s', async (yaml, settings) => expect((await webOf(yaml, others)).settings).toMatchObject(settings));

it.each([
  ['volumes_from: ["db:ro", "container:x"]', ['db restart: false']],
  ['links: ["db:store", cache]', ['cache restart: true', 'db restart: true']],
  ['pid: service:db', ['db restart: true']],
  ['ipc: service:db', ['db restart: true']],
  ['network_mode: service:db', ['db restart: true']],
  ['pid: container:x\nexternal_links: [x]', []],
  ['links: [db]\ndepends_on: {db: {condition: service_healthy}}', ['db restart: false']],
])('%s lets it wait for others', async (yaml, needs) => {
  const { dependsOn } = await webOf(yaml, others);
  expect(dependsOn.map(({ service, restart }) => `${service} restart: ${String(restart)}`)).toEqual(needs);
});

it.each([
  [inWeb('network_mode: container:x\n    ipc: container:x\n    pid: container:x\n    volumes_from: ["container:x:ro"]'), []],
  [inWeb('ipc: "container:"'), ['4:10 unknown-value: "ipc" cannot be "container:": the name is missing']],
  [inWeb('pid: service:x') + '  y: {image: i}', ['4:10 undefined-service: there is no service "x" (did you mean "y"?)']],
  [
    inWeb('volumes_from: [a, "dn:ro"]') + '  db: {image: i}\n  a: {image: i}',
    ['4:23 undefined-service: there is no service "dn" (did you mean "db"?)'],
  ],
  [inWeb('links: [dn]') + '  db: {image: i}', ['4:13 undefined-service: there is no service "dn" (did you mean "db"?)']],
  [
    inWeb('volumes_from: ["db:z"]') + '  db: {image: i}',
    ['4:20 unknown-value: "volumes_from" cannot have "db:z" ("SERVICE", "SERVICE:ro", "container:NAME" or "container:NAME:ro")'],
  ],
  [inWeb('external_links: ["a:b:c"]'), ['4:22 bad-link: "a:b:c" is not a link (such as "db" or "db:store")']],
  [
    inWeb('network_mode: host\n    external_links: [a]'),
    ['5:5 links-without-network: "external_links" and "network_mode: host" exclude each other: the container has no network of its own'],
  ],
  [
    'services:\n  a: {image: i, links: [b]}\n  b: {image: i, volumes_from: [c]}\n  c: {image: i, pid: "service:a"}',
    ['2:25 dependency-cycle: these services wait for each other: a -> b -> c -> a'],
  ],
])('reports %j', async (yaml, problems) => expect(await problemsOf(yaml)).toEqual(problems));
