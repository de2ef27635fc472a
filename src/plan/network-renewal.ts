import { get, names } from '../lib/record.ts';
import type { FieldDiff } from '../model/change.ts';
import type { NetworkSpec } from '../model/desired.ts';
import type { SeenContainer, SeenNetwork } from '../model/observed.ts';
import { labelDiffs } from './label-diffs.ts';
import { leftOptions, optionDiffs, type OptionDiff } from './network-options.ts';
import type { PlanOptions } from './options.ts';
import type { Sides } from './diff.ts';

/** A network that has to be removed and made again, because an engine cannot change one that is there. */
export interface Renewal {
  readonly want: NetworkSpec;
  readonly have: SeenNetwork;
  readonly fields: readonly FieldDiff[];
}

/** The networks of the stack that a person allowed to be made anew, and that differ from what is declared. */
export function renewals({ desired, observed, options }: Sides): Renewal[] {
  return names(desired.networks).flatMap((key): Renewal[] => {
    const want = get(desired.networks, key);
    const have = want && get(observed.networks, want.name);
    if (!want || !have || want.external || have.stack !== desired.stack || !mayDestroy('network', want, options)) return [];
    const { wrong, stale } = networkDiffs(want, have);
    const fields = [...wrong, ...stale].map((each): FieldDiff => ({ ...each, cause: 'file', mend: 'replace' }));
    return fields.length > 0 ? [{ want, have, fields }] : [];
  });
}

/** What of a network is not as declared. What was never declared is the engine's to choose. */
interface NetworkDiffs {
  /** It does not do what the file says. */
  readonly wrong: readonly OptionDiff[];
  /** Labels, which change nothing of what it does; and what may come from the file as it was or from the engine's own settings. */
  readonly stale: readonly OptionDiff[];
}

export function networkDiffs(want: NetworkSpec, have: SeenNetwork): NetworkDiffs {
  const { told, untold } = leftOptions(want, have);
  return { wrong: [...optionDiffs(want, have), ...told], stale: [...untold, ...labelDiffs(want.labels, have.labels)] };
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
