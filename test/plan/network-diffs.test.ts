import { describe, expect, it } from 'vitest';
import { createVault } from '../../src/model/vault.ts';
import type { NetworkSpec } from '../../src/model/desired.ts';
import type { SeenNetwork } from '../../src/model/observed.ts';
import { networkHash } from '../../src/plan/network-hash.ts';
import { leftOptions, optionDiffs } from '../../src/plan/network-options.ts';
import { renewals, renewedUnder } from '../../src/plan/network-renewal.ts';
import { plainOptions } from '../../src/plan/options.ts';
import { plan } from '../../src/plan/plan.ts';
import { desired, facts, network, observed, seen, seenNetwork, service } from '../kit/builders.ts';

const pool = { subnet: '10.1.0.0/24', gateway: '10.1.0.1' };
const wrong = (want: Partial<NetworkSpec>, have: Partial<SeenNetwork>) =>
  optionDiffs(network('default', want), seenNetwork('shop_default', have));
const left = (want: Partial<NetworkSpec>, have: Partial<SeenNetwork>) =>
  leftOptions(network('default', want), seenNetwork('shop_default', have));
const pools = (...each: readonly object[]) => ({ ipam: { pools: each } });

describe('what a network does otherwise than declared', () => {
  it.each<readonly [string, Partial<NetworkSpec>, Partial<SeenNetwork>, readonly object[]]>([
    ['its driver', { driver: 'macvlan' }, {}, [{ path: 'driver', have: 'bridge', want: 'macvlan' }]],
    ['who may attach', { attachable: true }, { attachable: false }, [{ path: 'attachable', have: false, want: true }]],
    ['who may attach, where nobody tells', { attachable: true }, {}, [{ path: 'attachable', want: true }]],
    ['IPv4', { ipv4: false }, { ipv4: true }, [{ path: 'enable_ipv4', have: true, want: false }]],
    ['IPv4, of which the engine does not tell', { ipv4: false }, {}, []],
    ['IPv6', { ipv6: true }, { ipv6: false }, [{ path: 'enable_ipv6', have: false, want: true }]],
    [
      'an option',
      { driverOptions: { a: '1', b: '2' } },
      { driverOptions: { a: '0', b: '2', c: '3' } },
      [{ path: 'driver_opts.a', have: '0', want: '1' }],
    ],
    ['an option that is empty and missing', { driverOptions: { a: '' } }, {}, []],
    [
      'the driver of its addresses',
      { ipam: { driver: 'x', pools: [] } },
      { ipam: { driver: 'default', pools: [] } },
      [{ path: 'ipam.driver', have: 'default', want: 'x' }],
    ],
    [
      'an option of its addresses',
      { ipam: { options: { a: '1' }, pools: [] } },
      { ipam: { pools: [] } },
      [{ path: 'ipam.options.a', want: '1' }],
    ],
    [
      'a subnet',
      pools({ subnet: '10.9.0.0/24' }),
      pools(pool, {}, { subnet: '10.2.0.0/24' }),
      [{ path: 'ipam.config.10.9.0.0/24', have: '10.1.0.0/24, , 10.2.0.0/24', want: '10.9.0.0/24' }],
    ],
    ['a subnet of the engine, where none is', pools({}), pools(), [{ path: 'ipam.config.', have: '', want: '' }]],
    [
      'a gateway',
      pools({ ...pool, gateway: '10.1.0.9' }),
      pools({ subnet: '10.2.0.0/24' }, pool),
      [{ path: 'ipam.config.10.1.0.0/24.gateway', have: '10.1.0.1', want: '10.1.0.9' }],
    ],
    [
      'a gateway in whatever subnet',
      pools({ gateway: '10.1.0.9' }),
      pools(pool),
      [{ path: 'ipam.config..gateway', have: '10.1.0.1', want: '10.1.0.9' }],
    ],
    ['other addresses', pools({ ...pool, aux_addresses: { b: '2', a: '1' } }), pools({ ...pool, aux_addresses: { a: '1', b: '2' } }), []],
    [
      'other addresses that differ',
      pools({ ...pool, aux_addresses: { a: '1' } }),
      pools(pool),
      [{ path: 'ipam.config.10.1.0.0/24.aux_addresses', have: '""', want: '{"a":"1"}' }],
    ],
    ['its addresses, of which the engine does not tell', pools(pool), {}, []],
  ])('%s', (_what, want, have, expected) => expect(wrong(want, have)).toEqual(expected));
});

describe('what a network has that is not declared', () => {
  it('is nothing where it is declared, in whatever way', () => {
    const want = {
      driver: 'x',
      attachable: false,
      ipv4: true,
      ipv6: false,
      ipam: { driver: 'x', options: { a: '1' }, pools: [] },
      driverOptions: { a: '1' },
    };
    const have = {
      driver: 'y',
      attachable: true,
      ipv4: false,
      ipv6: true,
      ipam: { driver: 'z', options: { a: '2' }, pools: [] },
      driverOptions: { a: '2' },
    };
    expect(left(want, have)).toEqual({ told: [], untold: [] });
  });

  it('is nothing where the engine tells of nothing', () => {
    expect([left({}, {}), left({}, { declared: [] })]).toEqual([
      { told: [], untold: [] },
      { told: [], untold: [] },
    ]);
  });

  const declared = ['ipam.config.10.1.0.0/24', 'ipam.config.10.1.0.0/24.gateway'];
  it.each<readonly [string, Partial<NetworkSpec>, readonly object[]]>([
    ['a pool that is gone', pools({ subnet: '10.2.0.0/24' }), [{ path: 'ipam.config.10.1.0.0/24', have: '10.1.0.0/24' }]],
    ['a gateway that is gone', pools({ subnet: '10.1.0.0/24' }), [{ path: 'ipam.config.10.1.0.0/24.gateway', have: '10.1.0.1' }]],
    ['a gateway that is gone from a pool without a subnet', pools({}), [{ path: 'ipam.config.10.1.0.0/24.gateway', have: '10.1.0.1' }]],
    ['nothing that is gone', pools({ subnet: '10.2.0.0/24' }, pool), []],
  ])('is %s', (_what, want, expected) => expect(left(want, { ...pools(pool), declared }).told).toEqual(expected));

  it('is told by the hash that Compose wrote down, beside the pools that are declared still', () => {
    const two = { subnet: '10.2.0.0/24' };
    const labels = { 'com.docker.compose.config-hash': networkHash(network('default', pools(pool, two))) ?? '' };
    expect(left(pools(pool), { ...pools(pool, two), labels })).toEqual({
      told: [{ path: 'ipam.config.10.2.0.0/24', have: '10.2.0.0/24' }],
      untold: [],
    });
    expect(left(pools(pool, two), { ...pools(pool, two), labels })).toEqual({ told: [], untold: [] });
    expect(left({}, { labels: { 'com.docker.compose.config-hash': networkHash(network('default')) ?? '' } })).toEqual({
      told: [],
      untold: [],
    });
  });

  it('is not told by a hash that nobody can read, or of labels that nobody may', () => {
    const sealed = createVault('00'.repeat(16)).text('MY_TOKEN', 'x');
    expect(networkHash(network('default', { labels: { MY_TOKEN: sealed } }))).toBeUndefined();
    expect(left({ labels: { MY_TOKEN: sealed } }, { attachable: true }).untold).toHaveLength(1);
    expect(left({}, { attachable: true, labels: { 'com.docker.compose.config-hash': sealed } }).untold).toHaveLength(1);
  });
});

it('only a network of the stack that a person named is made anew', () => {
  const made = (want: Partial<NetworkSpec>, have: Partial<SeenNetwork> = {}, allowDestroy = ['network/default']) =>
    renewals({
      desired: desired({ networks: [network('default', { internal: true, ...want })] }),
      observed: observed({ networks: [seenNetwork('shop_default', have)] }),
      options: { ...plainOptions, allowDestroy },
    }).flatMap(({ fields }) => fields);
  expect(made({})).toEqual([{ path: 'internal', have: false, want: true, cause: 'file', mend: 'replace' }]);
  expect(made({}, {}, ['network/shop_default'])).toHaveLength(1);
  expect([made({}, { stack: 'blog' }), made({ external: true }), made({}, {}, ['volume/default']), made({ internal: false })]).toEqual([
    [],
    [],
    [],
    [],
  ]);
});

it('who hangs on a network that is made anew, and not on one that was there before under its name', () => {
  const have = seenNetwork('shop_default');
  const renewed = [{ want: network('default'), have, fields: [] }];
  const on = (id?: string) =>
    renewedUnder(seen(service('web', { settings: { networks: { shop_default: { aliases: [], ...(id && { id }) } } } })), renewed).length;
  expect([on(), on(have.id), on('other')]).toEqual([1, 1, 0]);
  expect(renewedUnder(seen(service('web', { settings: { network_mode: 'host' } })), renewed)).toEqual([]);
});

it('an option that the engine drops is told of where it is declared only', () => {
  const places = { 'networks.default.enable_ipv4': { file: 'compose.yaml', line: 3, column: 1 } };
  const found = (want: Partial<NetworkSpec>) =>
    plan(
      desired({ networks: [network('default', want)], places }),
      observed({ engine: { ...facts, drops: ['enable_ipv4'] }, networks: [] }),
    ).problems;
  expect(found({})).toEqual([]);
  expect(found({ ipv4: true })).toMatchObject([
    { message: expect.stringMatching(/^enable_ipv4 of network shop_default has no effect/) as unknown, at: { line: 3 } },
  ]);
});
