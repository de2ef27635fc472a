import { get } from '../lib/record.ts';
import { serviceAwait } from '../actions/service-await.ts';
import type { Gate } from '../actions/gate.ts';
import type { Action } from '../model/action.ts';
import type { Desired, ServiceSpec, WantedContainer } from '../model/desired.ts';
import { effective } from '../model/effective.ts';
import { imageOf } from '../model/image-of.ts';
import type { Observed } from '../model/observed.ts';
import type { HealthCheck } from '../model/settings.ts';
import { isAwaitedToComplete, mayComplete } from './services.ts';

interface Standing {
  readonly desired: Desired;
  readonly observed: Observed;
}

/** The gate of one container: the wait until it is what others may build on. */
export function gateAction(
  { service }: WantedContainer,
  named: { readonly name: string; readonly id?: string },
  standing: Standing,
): Action {
  const check = healthCheckOf(service, standing.observed);
  return serviceAwait({
    name: named.name,
    ...(named.id !== undefined && { id: named.id }),
    gate: gateOf(service, standing),
    probes: service.ready,
    timeoutMs: service.timeouts.readyMs,
    ...(check?.test && { healthTest: check.test }),
    healthTimeoutMs: check?.timeout ?? 30_000,
    probeEveryMs: check?.start_interval ?? 2_000,
    ...(check?.retries !== undefined && { healthRetries: check.retries }),
  });
}

function gateOf(service: ServiceSpec, { desired, observed }: Standing): Gate {
  if (isAwaitedToComplete(service.name, desired)) return { until: 'completed' };
  if (healthCheckOf(service, observed)) return { until: 'healthy' };
  const stable = service.ready.find((probe) => probe.kind === 'stable');
  if (service.ready.length > 0 && !stable) return { until: 'answering' };
  return { until: 'stable', forMs: stable?.forMs ?? service.update.monitorMs, mayComplete: mayComplete(service, desired) };
}

/** The health check that the engine will run: declared, or the image's as far as the image is known. */
export function healthCheckOf(service: ServiceSpec, observed: Observed): HealthCheck | undefined {
  const { settings } = service;
  const image = get(observed.images, imageOf(service));
  const check = image ? effective(settings, image.defaults).healthcheck : settings.healthcheck;
  return check?.test && check.test[0] !== 'NONE' ? check : undefined;
}
