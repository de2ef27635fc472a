import { canonical } from '../lib/canonical.ts';
import { present } from '../lib/present.ts';
import { get, names, type ByName } from '../lib/record.ts';
import type { Leaf } from '../model/change.ts';
import type { AddressPool, Ipam, NetworkSpec } from '../model/desired.ts';
import type { SeenNetwork } from '../model/observed.ts';
import type { Problem } from '../model/problem.ts';
import type { Sides } from './diff.ts';
import { droppedProblem } from './dropped.ts';
import { declaredPools, poolKeys, poolPath } from './declared-pools.ts';
import { hashWhenMade, networkHash } from './network-hash.ts';
import { place } from './place.ts';

/** An option of a network that is not as declared; a side that is absent says nothing of it. */
export interface OptionDiff {
  readonly path: string;
  readonly have?: Leaf;
  readonly want?: Leaf;
}

/** What a network has of what the file declares otherwise. What an engine fills in by itself is nobody's mistake. */
export function optionDiffs(want: NetworkSpec, have: SeenNetwork): OptionDiff[] {
  return [
    ...leafDiff('driver', have.driver, want.driver),
    ...leafDiff('internal', have.internal, want.internal),
    ...leafDiff('attachable', have.attachable, want.attachable),
    // Not told by engines that do not know them
    ...(have.ipv4 === undefined ? [] : leafDiff('enable_ipv4', have.ipv4, want.ipv4)),
    ...leafDiff('enable_ipv6', have.ipv6, want.ipv6),
    ...optionsDiff('driver_opts', have.driverOptions, want.driverOptions),
    ...(want.ipam && have.ipam ? ipamDiffs(want.ipam, have.ipam) : []),
  ];
}

function ipamDiffs(want: Ipam, have: Ipam): OptionDiff[] {
  const subnets = have.pools.map(({ subnet = '' }) => subnet).join(', ');
  const pools = want.pools.flatMap((pool): OptionDiff[] => {
    const path = poolPath(pool);
    const seen = have.pools.find(({ subnet }) => pool.subnet === undefined || subnet === pool.subnet);
    if (!seen) return [{ path, have: subnets, want: pool.subnet ?? '' }];
    return poolKeys.flatMap((key) => leafDiff(`${path}.${key}`, textOf(seen[key]), pool[key] && textOf(pool[key])));
  });
  return [...leafDiff('ipam.driver', have.driver, want.driver), ...optionsDiff('ipam.options', have.options, want.options), ...pools];
}

/**
 * What a network has that the file does not declare, where it is not what engines give every network. `told`: its label says that the
 * file declared it once. Of a network that Compose made a hash may tell; else it may also be a setting of the engine.
 */
export function leftOptions(want: NetworkSpec, have: SeenNetwork): { readonly told: OptionDiff[]; readonly untold: OptionDiff[] } {
  const { declared } = have;
  const ipamDriver = have.ipam?.driver ?? 'default';
  const left = [
    ...(want.driver === undefined && have.driver !== 'bridge' ? [{ path: 'driver', have: have.driver }] : []),
    ...(want.attachable === undefined && have.attachable === true ? [{ path: 'attachable', have: true }] : []),
    ...(want.ipv4 === undefined && have.ipv4 === false ? [{ path: 'enable_ipv4', have: false }] : []),
    ...(want.ipv6 === undefined && have.ipv6 === true ? [{ path: 'enable_ipv6', have: true }] : []),
    ...leftOf('driver_opts', have.driverOptions, want.driverOptions),
    ...leftOf('ipam.options', have.ipam?.options, want.ipam?.options),
    ...(want.ipam?.driver === undefined && ipamDriver !== 'default' ? [{ path: 'ipam.driver', have: ipamDriver }] : []),
  ];
  const pools = leftOfPools(want, have);
  if (declared) return { told: [...left.filter(({ path }) => declared.includes(path)), ...pools], untold: [] };
  const before = poolsWhenMade(want, have);
  if (before) return { told: before.map((pool) => ({ path: poolPath(pool), have: pool.subnet ?? '' })), untold: [] };
  return { told: [], untold: [...left, ...pools] };
}

/** The pools beside those of the file with which Compose made this network; undefined where its hash does not tell. */
function poolsWhenMade(want: NetworkSpec, have: SeenNetwork): readonly AddressPool[] | undefined {
  const hash = hashWhenMade(have);
  if (hash === undefined) return undefined;
  const { pools = [], ...ipam } = want.ipam ?? {};
  const others = (have.ipam?.pools ?? []).filter(({ subnet }) => pools.every((pool) => pool.subnet !== subnet));
  const withoutGateways = others.map(({ gateway: _gateway, ...pool }) => pool);
  return [[], others, withoutGateways].find((more) => networkHash({ ...want, ipam: { ...ipam, pools: [...pools, ...more] } }) === hash);
}

function leftOfPools({ ipam }: NetworkSpec, have: SeenNetwork): OptionDiff[] {
  return declaredPools(have).flatMap((seen): OptionDiff[] => {
    const path = poolPath(seen);
    const wanted = ipam?.pools.find(({ subnet }) => subnet === undefined || subnet === seen.subnet);
    if (!wanted) return [{ path, have: seen.subnet ?? '' }];
    return poolKeys
      .filter((key) => wanted[key] === undefined && seen[key] !== undefined)
      .map((key) => ({ path: `${path}.${key}`, have: textOf(seen[key]) }));
  });
}

const leafDiff = (path: string, have: Leaf | undefined, want: Leaf | undefined): OptionDiff[] =>
  want === undefined || (have ?? '') === want ? [] : [present({ path, have, want })];

const optionsDiff = (path: string, have: ByName<string> = {}, want: ByName<string> = {}): OptionDiff[] =>
  names(want).flatMap((key) => leafDiff(`${path}.${key}`, get(have, key), get(want, key)));

const leftOf = (path: string, have: ByName<string> = {}, want: ByName<string> = {}): OptionDiff[] =>
  names(have).flatMap((key) => (get(want, key) === undefined ? [{ path: `${path}.${key}`, have: have[key] ?? '' }] : []));

const textOf = (value: unknown): string => (typeof value === 'string' ? value : canonical(value ?? ''));

/** What of a network this engine would drop without a word. */
export function droppedOptions({ key, name, ipv4 }: NetworkSpec, { desired, observed: { engine } }: Sides): Problem[] {
  if (ipv4 === undefined || !engine.drops.includes('enable_ipv4')) return [];
  return [droppedProblem(`enable_ipv4 of network ${name}`, engine, place(desired, `networks.${key}.enable_ipv4`))];
}
