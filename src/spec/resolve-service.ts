import { parseDuration } from '../lib/duration.ts';
import { names } from '../lib/record.ts';
import { present } from '../lib/present.ts';
import type { Probe, Replica, ServiceSpec, Timeouts, UpdatePolicy } from '../model/desired.ts';
import type { DeclaredHealthCheck, DeclaredProbe, DeclaredService } from './declared.ts';
import { tcpOf } from './form-options.ts';
import type { MountSources } from './resolve-mounts.ts';
import { buildSpec } from './resolve-build.ts';
import { resolveSettings } from './resolve-settings.ts';

const second = 1000;
const minute = 60 * second;

/** A service with all defaults filled in. */
export function resolveService(name: string, service: DeclaredService, sources: MountSources): ServiceSpec {
  const { build, depends_on = {}, pull_policy = 'missing', 'x-stack': options } = service;
  const update = updatePolicy(service);
  return present({
    name,
    settings: resolveSettings(name, service, sources),
    build: build && buildSpec(build, service, sources),
    pullPolicy: pull_policy,
    replicas: replicasOf(name, service, sources.stack.name),
    dependsOn: names(depends_on).flatMap((other) => {
      const dependency = depends_on[other];
      return dependency
        ? [{ service: other, condition: dependency.condition, restart: dependency.restart ?? false, required: dependency.required }]
        : [];
    }),
    update,
    timeouts: timeoutsOf(service),
    ready: (options?.ready ?? []).flatMap(probesOf),
    apiSocket: service.use_api_socket === true ? (true as const) : undefined,
    unattended: service.attach === false ? (true as const) : undefined,
    onConfigChange: options?.on_config_change ?? ('recreate' as const),
  });
}

function replicasOf(name: string, { deploy, scale, container_name }: DeclaredService, stack: string): Replica[] {
  return Array.from({ length: scale ?? deploy?.replicas ?? 1 }, (_, i) => ({
    number: i + 1,
    name: container_name ?? `${stack}-${name}-${i + 1}`,
  }));
}

function updatePolicy({ deploy }: DeclaredService): UpdatePolicy {
  const { order = 'stop-first', failure_action = 'rollback', monitor, parallelism = 1 } = deploy?.update_config ?? {};
  return { order, failureAction: failure_action, monitorMs: msOf(monitor) ?? 2 * second, parallelism };
}

function timeoutsOf({ healthcheck, 'x-stack': options }: DeclaredService): Timeouts {
  const { pull, ready, stop } = options?.timeout ?? {};
  return present({
    pullMs: msOf(pull) ?? 10 * minute,
    readyMs: msOf(ready) ?? Math.max(90 * second, neededBy(healthcheck)),
    stopMs: msOf(stop),
    callMs: minute,
  });
}

/** How long the engine may take to call a service unhealthy, by its own defaults where nothing is declared; a gate must not be shorter. */
function neededBy(check: DeclaredHealthCheck | undefined): number {
  if (!check || check.disable === true || check.test?.[0] === 'NONE') return 0;
  const interval = msOf(check.interval) ?? 30 * second;
  const timeout = msOf(check.timeout) ?? 30 * second;
  return (msOf(check.start_period) ?? 0) + (interval + timeout) * (check.retries ?? 3) + 10 * second;
}

function probesOf({ http, tcp, log, stable }: DeclaredProbe): Probe[] {
  const address = tcp === undefined ? undefined : tcpOf(String(tcp));
  const forMs = msOf(stable);
  return [
    ...(http === undefined ? [] : [{ kind: 'http', url: http } as const]),
    ...(address ? [{ kind: 'tcp', ...address } as const] : []),
    ...(log === undefined ? [] : [{ kind: 'log', text: log } as const]),
    ...(forMs === undefined ? [] : [{ kind: 'stable', forMs } as const]),
  ];
}

const msOf = (text: string | undefined): number | undefined => (text === undefined ? undefined : parseDuration(text));
