import { get } from '../lib/record.ts';
import type { Desired } from '../model/desired.ts';
import type { SeenContainer } from '../model/observed.ts';
import type { PlanOptions } from './options.ts';

interface Wishes {
  readonly desired: Pick<Desired, 'services'>;
  readonly options: Pick<PlanOptions, 'stopGraceMs'>;
}

/**
 * How long a container gets between the stop signal and the kill, as the engine is told in the stop call: the flag, else the service's
 * `x-stack.timeout.stop`, else the grace period that it was made with. Undefined: the engine's own, 10 s.
 */
export const stopGraceOf = ({ service, settings }: SeenContainer, { desired, options }: Wishes): number | undefined =>
  options.stopGraceMs ?? get(desired.services, service)?.timeouts.stopMs ?? settings.stop_grace_period;
