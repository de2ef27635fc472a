import { get, names } from '../lib/record.ts';
import type { FieldDiff } from '../model/change.ts';
import type { NetworkSpec } from '../model/desired.ts';
import type { SeenContainer, SeenNetwork } from '../model/observed.ts';
import { optionDiffs } from './network-options.ts';
import type { PlanOptions } from './options.ts';
import type { Sides } from './diff.ts';

/** A network that has to be removed and made again, because an engine cannot change one that is there. */
export interface Renewal {
  readonly want: NetworkSpec;
  readonly have: SeenNetwork;
  readonly fields: readonly NetworkDiff[];
}

type NetworkDiff = FieldDiff & { readonly have: string | boolean; readonly want: string | boolean };

/** The networks of the stack that a person allowed to be made anew, and that differ from what is declared. */
export function renewals({ desired, observed, options }: Sides): Renewal[] {
  return names(desired.networks).flatMap((key): Renewal[] => {
    const want = get(desired.networks, key);
    const have = want && get(observed.networks, want.name);
    if (!want || !have || want.external || have.stack !== desired.stack || !mayDestroy('network', want, options)) return [];
    const fields = networkDiffs(want, have);
    return fields.length > 0 ? [{ want, have, fields }] : [];
  });
}

/** What of a network is not as declared. What is not declared is the engine's to choose. */
export function networkDiffs(want: NetworkSpec, have: SeenNetwork): NetworkDiff[] {
  const differs = { cause: 'file', mend: 'replace' } as const;
  return [
    ...(want.driver !== undefined && want.driver !== have.driver
      ? [{ path: 'driver', have: have.driver, want: want.driver, ...differs }]
      : []),
    ...(want.internal !== have.internal ? [{ path: 'internal', have: have.internal, want: want.internal, ...differs }] : []),
    ...optionDiffs(want, have).map((option) => ({ ...option, ...differs })),
  ];
}

/** By its key in the file, or by the engine's name of it. */
export const mayDestroy = (
  kind: 'network' | 'volume',
  { key, name }: { readonly key: string; readonly name: string },
  { allowDestroy }: PlanOptions,
): boolean => [key, name].some((each) => allowDestroy.includes(`${kind}/${each}`));

/** The networks that a container hangs on and that are made anew under it. One that lost its network before hangs on none. */
export const renewedUnder = ({ settings }: SeenContainer, renewed: readonly Renewal[]): Renewal[] =>
  renewed.filter(({ have }) => get(settings.networks ?? {}, have.name)?.id === have.id);
