import type { Desired, ServiceSpec } from '../../src/model/desired.ts';
import type { Settings } from '../../src/model/settings.ts';
import { plainOptions, type PlanOptions } from '../../src/plan/options.ts';
import { plan } from '../../src/plan/plan.ts';
import { desired, observed, service } from '../kit/builders.ts';

export interface World {
  readonly services?: readonly ServiceSpec[];
  readonly wanted?: Parameters<typeof desired>[0];
  readonly machine?: Parameters<typeof observed>[0];
  readonly options?: Partial<PlanOptions>;
  /** Of the file: what is declared on a line of its own. */
  readonly lines?: readonly string[];
}

/** All that is said of a plan, as people read it; "@": the line that it points to. */
export function problems({ services = [service('web')], wanted, machine, options, lines = [] }: World): string {
  const places = Object.fromEntries(lines.map((file) => [file, { file, line: 1, column: 1 }])) as Desired['places'];
  const made = plan(desired({ services, places, ...wanted }), observed(machine), { ...plainOptions, ...options });
  return made.problems
    .map(({ severity, code, message, hint = '', at }) => `${severity} ${code}${at ? ` @${at.file}` : ''}: ${message}\n  ${hint}`)
    .join('\n');
}

export const web = (settings: Partial<Settings>, more: Parameters<typeof service>[1] = {}): ServiceSpec =>
  service('web', { settings, ...more });
