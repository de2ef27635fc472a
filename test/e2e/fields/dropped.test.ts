import { expect, test } from 'vitest';
import { createProject } from '../../kit/project.ts';
import { serviceText } from './field-row.ts';

/** What older engines drop without a word: since which API they keep it, and what the problem names at which line. */
const rows = [
  ['annotations', 43, 'annotations: { one: "1" }', /:8:\d+: error: annotations\.one of web has no effect/],
  [
    'start_interval',
    44,
    'healthcheck: { test: exit 0, start_period: 9s, start_interval: 1s }',
    /:8:\d+: error: healthcheck\.start_interval of web/,
  ],
  [
    'recursive',
    44,
    'volumes: [{ type: bind, source: ., target: /a, read_only: true, bind: { recursive: writable } }]',
    /:8:\d+: error: recursive of the mount at \/a/,
  ],
  [
    'mac_address',
    44,
    'networks: { one: , two: { mac_address: "02:42:0a:d5:01:aa" } }',
    /:7:\d+: error: mac_address of web on network \S+_two/,
  ],
  [
    'subpath of a volume',
    45,
    'volumes: [{ type: volume, source: data, target: /a, volume: { subpath: x } }]',
    /:8:\d+: error: subpath of the mount at \/a/,
  ],
  ['gw_priority', 48, 'networks: { one: , two: { gw_priority: 1 } }', /:7:\d+: error: gw_priority of web on network \S+_two/],
  ['image mounts', 48, 'volumes: [{ type: image, source: "stackctl/busybox:1", target: /a }]', /:8:\d+: error: image of the mount at \/a/],
  [
    'subpath of an image',
    48,
    'volumes: [{ type: image, source: "stackctl/busybox:1", target: /a, image: { subpath: bin } }]',
    /:8:\d+: error: image of the mount at \/a/,
  ],
  ['interface_name', 49, 'networks: { one: , two: { interface_name: out0 } }', /:7:\d+: error: interface_name of web on network \S+_two/],
  ['enable_ipv4', 47, 'networks: [four]', /:8:\d+: error: enable_ipv4 of network \S+_four/],
] as const;

test.each(rows)('%s: a problem at its line where the engine drops it (API before 1.%i)', async (_, api, yaml, says) => {
  await using project = await createProject();
  const hasNetworks = yaml.startsWith('networks');
  const service = serviceText('web', yaml, hasNetworks ? ['network_mode'] : []);
  const top = 'networks: { one: , two: , four: { enable_ipv4: true } }\nvolumes: { data: }\n';
  await project.write('compose.yaml', `services:\n${service}${top}`);
  const planned = await project.stackctl(['plan', '--detailed-exitcode']);
  const isDropped = Number((await project.docker.version()).ApiVersion.split('.')[1]) < api;
  expect(planned.exitCode).toBe(isDropped ? 1 : 2);
  if (isDropped) expect(planned.stdout + planned.stderr).toMatch(says);
});
