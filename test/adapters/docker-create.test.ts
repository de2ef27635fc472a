import { expect, test } from 'vitest';
import { creationOf, restartPolicy } from '../../src/adapters/docker-create.ts';
import { containerLabels } from '../../src/adapters/docker-labels.ts';
import { createVault } from '../../src/model/vault.ts';
import type { ContainerOrder } from '../../src/platform/engine.ts';

const vault = createVault('00'.repeat(16));
const order: ContainerOrder = {
  owner: { stack: 'shop', run: 'run-1' },
  name: 'shop-web-1',
  service: 'web',
  number: 1,
  files: ['/srv/compose.yaml', '/srv/compose.override.yaml'],
  workingDir: '/srv',
  imageId: 'sha256:1',
  dependsOn: 'db:service_healthy:false',
  inherits: { '/data': '0a'.repeat(32) },
  settings: {
    image: 'web:1',
    environment: { A: '1', GONE: null, DB_PASSWORD: vault.text('DB_PASSWORD', 'hunter2') },
    networks: { shop_default: { aliases: ['web'] }, shop_back: { aliases: ['web'] } },
    ports: [{ target: 80, protocol: 'tcp', host_ip: '', published: '8080' }],
    labels: { 'com.example': 'x' },
  },
};
const creation = (severalNetworks: boolean) => creationOf(order, { labels: {}, severalNetworks, vault });

test('one network below API 1.44, the others are connected later', () => {
  const old = creation(false);
  expect(Object.keys(old.options.NetworkingConfig?.EndpointsConfig ?? {})).toEqual(['shop_back']);
  expect(old.options.HostConfig?.NetworkMode).toBe('shop_back');
  expect(old.later.map(([name]) => name)).toEqual(['shop_default']);
  expect(Object.keys(creation(true).options.NetworkingConfig?.EndpointsConfig ?? {})).toEqual(['shop_back', 'shop_default']);
  expect(creation(true).later).toEqual([]);
});

test('ports are exposed too: bindings alone publish nothing', () => {
  const { options } = creation(true);
  expect(options.ExposedPorts).toEqual({ '80/tcp': {} });
  expect(options.HostConfig?.PortBindings).toEqual({ '80/tcp': [{ HostIp: '', HostPort: '8080' }] });
});

test('the engine gets the values themselves, and a name alone for what is taken away', () => {
  expect(creation(true).options.Env).toEqual(['A=1', 'GONE', 'DB_PASSWORD=hunter2']);
});

test('an image’s anonymous volume goes on to the new container', () => {
  expect(creation(true).options.HostConfig?.Mounts).toEqual([
    { Type: 'volume', Source: '0a'.repeat(32), Target: '/data', ReadOnly: false },
  ]);
});

test.each([
  ['no', { Name: 'no', MaximumRetryCount: 0 }],
  ['on-failure:3', { Name: 'on-failure', MaximumRetryCount: 3 }],
  ['unless-stopped', { Name: 'unless-stopped', MaximumRetryCount: 0 }],
])('restart %s', (restart, policy) => expect(restartPolicy(restart)).toEqual(policy));

test('labels: Compose’s, ours, and no secret among them', () => {
  const labels = containerLabels(order, vault);
  expect(labels).toMatchObject({
    'com.example': 'x',
    'com.docker.compose.project': 'shop',
    'com.docker.compose.service': 'web',
    'com.docker.compose.container-number': '1',
    'com.docker.compose.oneoff': 'False',
    'com.docker.compose.config-hash': expect.stringMatching(/^[0-9a-f]{64}$/),
    'com.docker.compose.project.config_files': '/srv/compose.yaml,/srv/compose.override.yaml',
    'com.docker.compose.project.working_dir': '/srv',
    'com.docker.compose.depends_on': 'db:service_healthy:false',
    'com.docker.compose.image': 'sha256:1',
    'io.stackctl.run': 'run-1',
  });
  expect(JSON.stringify(labels)).not.toContain('hunter2');
  expect(containerLabels(order, vault)['io.stackctl.applied']).not.toBe(labels['io.stackctl.applied']);
});

test('what is shared is named by id, and links go with each network', () => {
  const id = 'ab'.repeat(32);
  const settings = {
    ...order.settings,
    pid: 'service:db',
    ipc: 'container:store',
    volumes_from: ['db:ro', 'container:store'],
  };
  const sharing = { ...order, settings, joins: { 'service:db': id, 'container:store': 'cd'.repeat(32) }, links: ['shop-db-1:db'] };
  const { options, later } = creationOf(sharing, { labels: {}, severalNetworks: false, vault });
  expect(options.HostConfig).toMatchObject({
    PidMode: `container:${id}`,
    IpcMode: `container:${'cd'.repeat(32)}`,
    VolumesFrom: [`${id}:ro`, 'cd'.repeat(32)],
    NetworkMode: 'shop_back',
  });
  expect(options.HostConfig).not.toHaveProperty('Links');
  expect(options.NetworkingConfig?.EndpointsConfig?.['shop_back']?.Links).toEqual(['shop-db-1:db']);
  expect(later).toMatchObject([['shop_default', { links: ['shop-db-1:db'] }]]);
  const bridge = { ...sharing, settings: { image: 'web:1', network_mode: 'bridge' }, joins: {} };
  expect(creationOf(bridge, { labels: {}, severalNetworks: true, vault }).options.HostConfig).toMatchObject({
    Links: ['shop-db-1:db'],
    NetworkMode: 'bridge',
  });
});

test('an address of hardware on the engine’s own network', () => {
  const mac = '02:42:0a:d5:01:cc';
  const own = { ...order, settings: { image: 'i', network_mode: 'bridge', mac_address: { bridge: mac } } };
  const [old, recent] = [false, true].map((severalNetworks) => creationOf(own, { labels: {}, severalNetworks, vault }));
  expect(old?.options).toMatchObject({ HostConfig: { NetworkMode: 'bridge' }, MacAddress: mac });
  expect(old?.options.NetworkingConfig).toBeUndefined();
  expect(recent?.options).toMatchObject({ NetworkingConfig: { EndpointsConfig: { bridge: { MacAddress: mac } } } });
  expect(recent?.options).not.toHaveProperty('MacAddress');
});
