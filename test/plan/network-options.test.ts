import { createHash } from 'node:crypto';
import { describe, expect, it, test } from 'vitest';
import type { NetworkSpec } from '../../src/model/desired.ts';
import type { SeenNetwork } from '../../src/model/observed.ts';
import { createVault } from '../../src/model/vault.ts';
import { networkHash } from '../../src/plan/network-hash.ts';
import { plainOptions } from '../../src/plan/options.ts';
import { plan } from '../../src/plan/plan.ts';
import { desired, facts, network, observed, seen, seenNetwork, seenVolume, service, volume } from '../kit/builders.ts';

const web = service('web');
/** What Docker 20.10 and 28 show of a network of which nothing is declared. */
const byEngine: Partial<SeenNetwork> = {
  attachable: false,
  driverOptions: {},
  ipv4: true,
  ipv6: false,
  ipam: { driver: 'default', options: {}, pools: [{ subnet: '172.18.0.0/16', ip_range: '', gateway: '172.18.0.1', aux_addresses: {} }] },
};

const told = (want: Partial<NetworkSpec>, have: Partial<SeenNetwork>, allowDestroy: readonly string[] = []) => {
  const wanted = desired({ services: [web], networks: [network('default', want)] });
  const there = observed({ containers: [seen(web)], networks: [seenNetwork('shop_default', { ...byEngine, ...have })] });
  const { problems, changes } = plan(wanted, there, { ...plainOptions, allowDestroy });
  return { problems: problems.map(({ severity, message }) => `${severity}: ${message}`), changes };
};

it.each([
  ['nothing is declared', {}, {}],
  ['nothing is declared, and its label says so', {}, { declared: [] }],
  [
    'what the engine has anyway is declared',
    { driver: 'bridge', attachable: false, ipv6: false, ipam: { driver: 'default', pools: [] } },
    {},
  ],
  ['it was declared, and is the default', {}, { declared: ['driver', 'attachable', 'enable_ipv6', 'ipam.driver'] }],
  ['the engine has settings of its own for every network', {}, { driverOptions: { mtu: '1400' }, ipv6: true, declared: [] }],
  ['an engine that does not tell of IPv4', { ipv4: true }, { ipv4: undefined }],
  [
    'its labels are as declared, beside those of the tools',
    { labels: { a: '1' } },
    { labels: { a: '1', 'io.stackctl.run': 'r', 'desktop.docker.io/x': '' } },
  ],
] as [string, Partial<NetworkSpec>, Partial<SeenNetwork>][])('says nothing where %s', (_, want, have) => {
  expect(told(want, have)).toEqual({ problems: [], changes: [] });
});

const part = { subnet: '10.1.0.0/24', ip_range: '10.1.0.128/25', gateway: '10.1.0.9', aux_addresses: { a: '10.1.0.5' } };
const gone: [string, Partial<SeenNetwork>, string][] = [
  ['attachable', { attachable: true }, 'attachable true'],
  ['driver', { driver: 'macvlan' }, 'driver macvlan'],
  ['driver_opts.mtu', { driverOptions: { mtu: '1400' } }, 'driver_opts.mtu 1400'],
  ['enable_ipv4', { ipv4: false }, 'enable_ipv4 false'],
  ['enable_ipv6', { ipv6: true }, 'enable_ipv6 true'],
  ['ipam.driver', { ipam: { driver: 'other', pools: [] } }, 'ipam.driver other'],
  ['ipam.options.a', { ipam: { options: { a: '1' }, pools: [] } }, 'ipam.options.a 1'],
  ['ipam.config.10.1.0.0/24', { ipam: { pools: [part] } }, 'ipam.config.10.1.0.0/24 10.1.0.0/24'],
];

test.each(gone)('%s that is not declared any more is an error where its label tells, else a warning', (path, have, text) => {
  expect(told({}, { ...have, declared: [path] }).problems).toEqual([
    `error: network shop_default has ${text}, which is not declared; it would have to be removed and made again, and everything on it would be stopped`,
  ]);
  expect(told({}, have).problems).toEqual([
    `warning: network shop_default keeps ${text}, which is not declared: an engine cannot change a network that is there`,
  ]);
  expect(told({}, have, ['network/default']).changes).toMatchObject([
    { of: 'network', verb: 'replace', fields: [{ path, cause: 'file' }] },
    { verb: 'replace' },
  ]);
});

test.each(['ip_range', 'gateway', 'aux_addresses'] as const)('%s of a pool that stays', (key) => {
  const path = `ipam.config.10.1.0.0/24`;
  const { [key]: _, ...rest } = part;
  const declared = [
    path,
    ...Object.keys(part)
      .filter((each) => each !== 'subnet')
      .map((each) => `${path}.${each}`),
  ];
  expect(told({ ipam: { pools: [rest] } }, { ipam: { pools: [part] }, declared }).problems).toEqual([
    expect.stringContaining(`error: network shop_default has ${path}.${key}`),
  ]);
  expect(
    told({ ipam: { pools: [rest] } }, { ipam: { pools: [part] }, declared: declared.filter((each) => !each.endsWith(key)) }).problems,
  ).toEqual([]);
});

const vault = createVault('00'.repeat(16));

test.each([
  ['changed', { tier: 'front' }, { tier: 'back' }, 'labels.tier back instead of front'],
  ['new', { tier: 'front' }, {}, 'no labels.tier instead of front'],
  ['gone', {}, { tier: 'back' }, 'labels.tier back, which is not declared'],
  [
    'secret',
    { MY_TOKEN: vault.text('MY_TOKEN', 'a') },
    { MY_TOKEN: vault.text('MY_TOKEN', 'b') },
    'labels.MY_TOKEN (sensitive) instead of (sensitive)',
  ],
])('labels that are %s stand in nobody’s way, and are told', (_, want, have, text) => {
  expect(told({ labels: want }, { labels: have })).toEqual({
    problems: [`warning: network shop_default keeps ${text}: an engine cannot change a network that is there`],
    changes: [],
  });
  const wanted = desired({ services: [web], volumes: [volume('data', { labels: want })] });
  const there = observed({ containers: [seen(web)], volumes: [seenVolume('shop_data', { labels: have })] });
  expect(plan(wanted, there)).toMatchObject({
    steps: [],
    problems: [{ severity: 'warning', code: 'volume-differs', message: expect.stringContaining(text) }],
  });
});

test('a secret option of a volume is the same as it was', () => {
  const sealed = (value: string) => ({ driverOptions: { password: vault.text('password', value) } });
  const codes = (want: string) =>
    plan(
      desired({ volumes: [volume('data', sealed(want))] }),
      observed({ volumes: [seenVolume('shop_data', sealed('hush'))] }),
    ).problems.map(({ code }) => code);
  expect(codes('hush')).toEqual([]);
  expect(codes('other')).toEqual(['volume-must-be-replaced']);
});

test('an option that this engine drops is a problem of a network that is there too', () => {
  const wanted = desired({ services: [web], networks: [network('default', { ipv4: true })] });
  const there = observed({ engine: { ...facts, drops: ['enable_ipv4'] }, containers: [seen(web)] });
  expect(plan(wanted, there).problems).toMatchObject([{ code: 'dropped-by-engine', severity: 'error' }]);
});

describe('a network that Compose made with a hash of what its file said', () => {
  // From docker-compose 2.40.3, of "shop_default" on an engine that gives out 10.231.0.0/24
  const made = (hash: string, gateway = '10.231.0.1'): Partial<SeenNetwork> => ({
    ipam: { driver: 'default', options: {}, pools: [{ subnet: '10.231.0.0/24', ip_range: '', gateway, aux_addresses: {} }] },
    labels: { 'com.docker.compose.config-hash': hash },
  });
  const hashOf = (json: string): string => createHash('sha256').update(json).digest('hex');
  const nothing = hashOf('{"name":"shop_default","ipam":{}}');
  const subnet = hashOf('{"name":"shop_default","ipam":{"config":[{"subnet":"10.231.0.0/24"}]}}');
  const both = hashOf('{"name":"shop_default","ipam":{"config":[{"subnet":"10.231.0.0/24","gateway":"10.231.0.1"}]}}');

  it.each([subnet, both])('a subnet that is declared no more is an error, whatever the engine shows of its gateway', (hash) => {
    expect(told({}, made(hash)).problems).toEqual([expect.stringMatching(/^error: network shop_default has ipam.config.10.231.0.0\/24/)]);
  });

  it('what the engine chose itself is nobody’s mistake, also where it has settings of its own', () => {
    expect(told({}, made(nothing)).problems).toEqual([]);
    expect(told({}, { ...made(nothing), driverOptions: { mtu: '1400' }, ipv6: true }).problems).toEqual([]);
  });

  it('says nothing more than before where the hash is of something else', () => {
    expect(told({}, made('0'.repeat(64))).problems).toEqual([]);
    expect(told({}, { ...made('0'.repeat(64)), attachable: true }).problems).toEqual([
      expect.stringMatching(/^warning: .*attachable true/),
    ]);
  });
});

it.each([
  ['{"name":"nhash_default","ipam":{}}', { name: 'nhash_default' }],
  [
    '{"name":"nhash_three","driver_opts":{"x":"1"},"ipam":{"config":[{"subnet":"10.232.0.0/24"}]},"internal":true}',
    { name: 'nhash_three', driverOptions: { x: '1' }, internal: true, ipam: { pools: [{ subnet: '10.232.0.0/24' }] } },
  ],
  [
    '{"name":"n","driver":"d","ipam":{"driver":"i","config":[{"subnet":"s","gateway":"g","ip_range":"r","aux_addresses":{"a":"1","b":"2"}}]},"attachable":true,"labels":{"a":"\\u003c","b":""},"enable_ipv4":false,"enable_ipv6":true}',
    {
      name: 'n',
      driver: 'd',
      attachable: true,
      ipv4: false,
      ipv6: true,
      labels: { b: '', a: '<' },
      ipam: { driver: 'i', pools: [{ ip_range: 'r', gateway: 'g', subnet: 's', aux_addresses: { b: '2', a: '1' } }] },
    },
  ],
] as [string, Partial<NetworkSpec>][])('the hash of a network is that of %s', (json, spec) => {
  expect(networkHash(network('default', spec))).toBe(createHash('sha256').update(json).digest('hex'));
});
