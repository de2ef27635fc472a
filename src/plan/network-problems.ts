import { get } from '../lib/record.ts';
import type { Desired, NetworkSpec } from '../model/desired.ts';
import type { SeenNetwork } from '../model/observed.ts';
import type { Problem } from '../model/problem.ts';
import type { Sides } from './diff.ts';
import { diffText } from './diff-text.ts';
import { mayDestroy, networkDiffs } from './network-renewal.ts';
import { droppedOptions, type OptionDiff } from './network-options.ts';
import { orphans } from './orphans.ts';
import { place, type At } from './place.ts';
import { pairsOf, selectedServices } from './services.ts';

/** What stands in the way of one network, and what people should know of it. */
export function networkProblems(spec: NetworkSpec, sides: Sides): Problem[] {
  const { desired, observed } = sides;
  const seen = get(observed.networks, spec.name);
  const at = place(desired, `networks.${spec.key}`);
  if (spec.external) {
    return seen
      ? []
      : [
          {
            code: 'network-missing',
            severity: 'error',
            message: `external network ${spec.name} is not there`,
            ...at,
            hint: `create it, or declare it without external`,
          },
        ];
  }
  if (!seen) return droppedOptions(spec, sides);
  if (seen.stack !== desired.stack) {
    return [
      {
        code: 'network-foreign',
        severity: 'error',
        message: `a network ${spec.name} is there already and does not belong to stack ${desired.stack}`,
        ...at,
        hint: 'declare it with external: true, or give yours another name',
      },
    ];
  }
  return [...droppedOptions(spec, sides), ...differences(spec, seen, sides)];
}

function differences(spec: NetworkSpec, seen: SeenNetwork, sides: Sides): Problem[] {
  const { wrong, stale } = networkDiffs(spec, seen);
  if (wrong.length + stale.length === 0) return [];
  if (mayDestroy('network', spec, sides.options)) return usersThatStay(seen, sides);
  return wrong.length > 0 ? [mustBeReplaced(spec, [...wrong, ...stale], sides.desired)] : [staleNetwork(spec, stale, sides.desired)];
}

function mustBeReplaced(spec: NetworkSpec, differs: readonly OptionDiff[], desired: Desired): Problem {
  const { name, key } = spec;
  return {
    code: 'network-must-be-replaced',
    severity: 'error',
    message: `network ${name} has ${differs.map(diffText).join(', ')}; it would have to be removed and made again, and everything on it would be stopped`,
    ...placeOf(spec, differs, desired),
    hint: `allow it with --allow-destroy network/${key}, or declare it as it is, or give it another name`,
  };
}

/** It works as it is, and making it anew stops everybody on it: so that is left to the person, without standing in the way of the rest. */
function staleNetwork(spec: NetworkSpec, differs: readonly OptionDiff[], desired: Desired): Problem {
  const { name, key } = spec;
  return {
    code: 'network-differs',
    severity: 'warning',
    message: `network ${name} keeps ${differs.map(diffText).join(', ')}: an engine cannot change a network that is there`,
    ...placeOf(spec, differs, desired),
    hint: `make it anew with --allow-destroy network/${key}, which stops everything on it for that time, or declare it as it is`,
  };
}

/** The line of what differs, where the file has one. */
const placeOf = ({ key }: NetworkSpec, differs: readonly OptionDiff[], desired: Desired): At =>
  place(desired, ...differs.map(({ path }) => `networks.${key}.${path}`), `networks.${key}`);

/** Who is on a network that is to be made anew, and is not part of this plan: nothing would bring them over to the new one. */
function usersThatStay({ name, id }: SeenNetwork, { desired, observed, options }: Sides): Problem[] {
  const selected = selectedServices(desired, options).flatMap((service) =>
    pairsOf(service, observed).flatMap(({ have }) => have?.id ?? []),
  );
  const removed = orphans(desired, observed, options).changes.flatMap((change) => (change.of === 'container' ? change.have.id : []));
  const moved = new Set([...selected, ...removed]);
  return Object.values(observed.containers)
    .filter((seen) => get(seen.settings.networks ?? {}, name)?.id === id && !moved.has(seen.id))
    .map((seen) => ({
      code: 'network-in-use',
      severity: 'error',
      message: `network ${name} cannot be made anew: container ${seen.name} is on it, which this plan leaves as it is`,
      hint: 'let this plan include its service, or remove that container',
    }));
}
