import type { ContainerChange } from '../../src/model/change.ts';
import type { ServiceSpec } from '../../src/model/desired.ts';
import { diff } from '../../src/plan/diff.ts';
import { plainOptions, type PlanOptions } from '../../src/plan/options.ts';
import { desired, observed } from '../kit/builders.ts';

/** Services over a machine. */
export interface Case {
  readonly services: readonly ServiceSpec[];
  readonly machine?: Parameters<typeof observed>[0];
  readonly options?: Partial<PlanOptions>;
  readonly wanted?: Parameters<typeof desired>[0];
}

export const changes = ({ services, machine, options, wanted }: Case) =>
  diff(desired({ services, ...wanted }), observed(machine), { ...plainOptions, ...options });

/** The change of the container of that service. */
export function changeOf(one: Case, name = 'web'): Exclude<ContainerChange, { readonly verb: 'remove' }> | undefined {
  for (const change of changes(one))
    if (change.of === 'container' && change.verb !== 'remove' && change.want.service.name === name) return change;
  return undefined;
}

/** Of that change: path, cause, how it is mended. */
export const fieldsOf = (one: Case, name?: string): readonly string[] => {
  const change = changeOf(one, name);
  return change && 'fields' in change ? change.fields.map(({ path, cause, mend }) => `${path} ${cause} ${mend}`) : [];
};
