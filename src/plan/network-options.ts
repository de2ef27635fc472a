import { canonical } from '../lib/canonical.ts';
import { get, names } from '../lib/record.ts';
import type { NetworkSpec } from '../model/desired.ts';
import type { SeenNetwork } from '../model/observed.ts';
import type { Problem } from '../model/problem.ts';
import type { Sides } from './diff.ts';
import { droppedProblem } from './dropped.ts';
import { place } from './place.ts';

interface OptionDiff {
  readonly path: string;
  readonly have: string | boolean;
  readonly want: string | boolean;
}

/** What of a network's options and addresses is not as declared. What an engine fills in by itself is nobody's mistake. */
export function optionDiffs(want: NetworkSpec, have: SeenNetwork): OptionDiff[] {
  const flag = (path: string, wanted: boolean | undefined, seen: boolean | undefined): OptionDiff[] =>
    wanted === undefined || seen === undefined || wanted === seen ? [] : [{ path, have: seen, want: wanted }];
  const options = want.driverOptions ?? {};
  return [
    ...flag('attachable', want.attachable, have.attachable),
    ...flag('enable_ipv4', want.ipv4, have.ipv4),
    ...flag('enable_ipv6', want.ipv6, have.ipv6),
    ...names(options)
      .map((key) => ({ path: `driver_opts.${key}`, have: get(have.driverOptions ?? {}, key) ?? '', want: get(options, key) ?? '' }))
      .filter((option) => option.have !== option.want),
    ...(want.ipam && have.ipam ? poolDiffs(want.ipam, have.ipam) : []),
  ];
}

type Ipam = NonNullable<NetworkSpec['ipam']>;

function poolDiffs(want: Ipam, have: Ipam): OptionDiff[] {
  const driver = { path: 'ipam.driver', have: have.driver ?? '', want: want.driver ?? have.driver ?? '' };
  const subnets = have.pools.map(({ subnet = '' }) => subnet).join(', ');
  const pools = want.pools.flatMap((pool): OptionDiff[] => {
    const seen = have.pools.find(({ subnet }) => pool.subnet === undefined || subnet === pool.subnet);
    if (!seen) return [{ path: 'ipam.subnet', have: subnets, want: pool.subnet ?? '' }];
    return (['ip_range', 'gateway', 'aux_addresses'] as const)
      .filter((key) => pool[key] !== undefined && canonical(pool[key]) !== canonical(seen[key] ?? ''))
      .map((key) => ({ path: `ipam.${key}`, have: textOf(seen[key]), want: textOf(pool[key]) }));
  });
  return [...(driver.have === driver.want ? [] : [driver]), ...pools];
}

const textOf = (value: unknown): string => (typeof value === 'string' ? value : canonical(value ?? ''));

/** What of a network this engine would drop without a word. */
export function droppedOptions({ key, name, ipv4 }: NetworkSpec, { desired, observed: { engine } }: Sides): Problem[] {
  if (ipv4 === undefined || !engine.drops.includes('enable_ipv4')) return [];
  return [droppedProblem(`enable_ipv4 of network ${name}`, engine, place(desired, `networks.${key}.enable_ipv4`))];
}
