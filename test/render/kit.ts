import { containerCreate, containerRemove } from '../../src/actions/container-create.ts';
import { containerStart, containerStop } from '../../src/actions/container-start.ts';
import { definitionOf } from '../../src/actions/index.ts';
import { imagePull } from '../../src/actions/image-pull.ts';
import { networkCreate } from '../../src/actions/network-create.ts';
import { serviceAwait } from '../../src/actions/service-await.ts';
import type { Action } from '../../src/model/action.ts';
import type { FieldDiff } from '../../src/model/change.ts';
import type { Desired, ServiceSpec } from '../../src/model/desired.ts';
import type { ApplyEvent, StepOutcome } from '../../src/model/event.ts';
import type { Observed, SeenContainer } from '../../src/model/observed.ts';
import type { ChangeNote, Plan, Step } from '../../src/model/plan.ts';
import type { Settings } from '../../src/model/settings.ts';

/** A plan that changes nothing, with what a test wants to see in it. */
export const plan = (parts: Partial<Plan> = {}): Plan => ({
  stack: 'shop',
  engine: 'engine-1',
  changes: [],
  steps: [],
  problems: [],
  madeFrom: { engine: 'x' },
  timeoutMs: 600_000,
  rollbackTimeoutMs: 600_000,
  ...parts,
});

/** A change of the container shop-web-1. */
export const change = (parts: Partial<ChangeNote> = {}): ChangeNote => ({
  of: 'container',
  name: 'shop-web-1',
  service: 'web',
  verb: 'replace',
  because: 'the file changed',
  cause: 'file',
  fields: [],
  ...parts,
});

export const field = (path: string, parts: Partial<FieldDiff> = {}): FieldDiff => ({ path, cause: 'file', mend: 'replace', ...parts });

export function step(action: Action, parts: Partial<Step> = {}): Step {
  const id = `${action.kind} ${definitionOf(action).target(action.args)}`;
  return { id, stage: 'build', action, after: [], because: 'it is not there yet', onFailure: 'rollback', ...parts };
}

export const pull = (image: string, parts: Partial<Step> = {}): Step =>
  step(imagePull({ image, timeoutMs: 1000 }), { stage: 'prepare', because: 'needed by its containers', ...parts });

export const network = (name: string): Step =>
  step(networkCreate({ stack: 'shop', network: { name, key: name, external: false, internal: false, labels: {} } }), { stage: 'prepare' });

const nameOf = (service: string): string => `shop-${service}-1`;

export const stop = (service: string, parts: Partial<Step> = {}): Step =>
  step(containerStop({ name: nameOf(service), id: 'a' }), { service, ...parts });
export const start = (service: string, parts: Partial<Step> = {}): Step =>
  step(containerStart({ name: nameOf(service) }), { service, ...parts });

export const create = (service: string, parts: Partial<Step> & { readonly settings?: Partial<Settings> } = {}): Step => {
  const { settings, ...rest } = parts;
  const order = { stack: 'shop', name: nameOf(service), service, number: 1, files: [], workingDir: '/shop', dependsOn: '', inherits: {} };
  return step(containerCreate({ ...order, settings: { image: 'nginx:2', ...settings } }), { service, ...rest });
};

export const gate = (service: string, parts: Partial<Step> = {}): Step =>
  step(
    serviceAwait({
      name: nameOf(service),
      gate: { until: 'healthy' },
      probes: [],
      timeoutMs: 1000,
      healthTimeoutMs: 1000,
      probeEveryMs: 1000,
    }),
    { service, ...parts },
  );

export const discard = (service: string, parts: Partial<Step> = {}): Step =>
  step(containerRemove({ name: `${nameOf(service)}.before-0123456789ab`, id: '0123' }), { service, stage: 'discard', ...parts });

/** The steps that bring one service up, each after the one before. */
export function bringUp(service: string, after: readonly string[] = []): Step[] {
  const [first, second, third] = [create(service, { after }), start(service), gate(service)];
  return [first, { ...second, after: [first.id] }, { ...third, after: [second.id] }];
}

export const started = (each: Step): ApplyEvent => ({ type: 'step-started', step: each, undo: 'not-needed' });
export const progressed = (each: Step, note: string): ApplyEvent => ({ type: 'step-progressed', step: each, note });
export const ended = (each: Step, outcome: StepOutcome = { status: 'done' }, tookMs = 120): ApplyEvent => ({
  type: 'step-ended',
  step: each,
  outcome,
  tookMs,
});
export const ran = (each: Step, outcome: StepOutcome = { status: 'done' }, tookMs = 120): ApplyEvent[] => [
  started(each),
  ended(each, outcome, tookMs),
];

export const runStarted = (steps: number): ApplyEvent => ({
  type: 'run-started',
  run: 'run-1',
  steps,
  timeoutMs: 600_000,
  rollbackTimeoutMs: 600_000,
});

export const service = (name: string, parts: Partial<ServiceSpec> = {}): ServiceSpec => ({
  name,
  settings: { image: 'nginx:2' },
  pullPolicy: 'missing',
  replicas: [{ number: 1, name: nameOf(name) }],
  dependsOn: [],
  update: { order: 'stop-first', failureAction: 'rollback', monitorMs: 2000, parallelism: 1 },
  timeouts: { pullMs: 1000, readyMs: 1000, callMs: 1000 },
  ready: [],
  onConfigChange: 'recreate',
  ...parts,
});

export const desired = (services: readonly ServiceSpec[]): Desired => ({
  stack: 'shop',
  files: ['/shop/compose.yaml'],
  workingDir: '/shop',
  timeoutMs: 600_000,
  rollbackTimeoutMs: 600_000,
  services: Object.fromEntries(services.map((each) => [each.name, each])),
  inactiveServices: [],
  helperImage: 'stackctl/helper:1',
  networks: {},
  volumes: {},
  ports: { onConflict: 'fail', reclaim: [] },
  places: {},
});

export const seen = (
  serviceName: string,
  parts: Partial<Omit<SeenContainer, 'state'>> & { readonly state?: Partial<SeenContainer['state']> } = {},
): SeenContainer => ({
  id: '0123456789abcdef',
  name: nameOf(serviceName),
  service: serviceName,
  number: 1,
  imageId: 'sha256:aaaa',
  settings: { image: 'nginx:2' },
  anonymous: {},
  files: ['/shop/compose.yaml'],
  workingDir: '/shop',
  ...parts,
  state: {
    status: 'running',
    exitCode: 0,
    oomKilled: false,
    error: '',
    restartCount: 0,
    startedAt: '2026-01-01T00:00:00Z',
    finishedAt: '',
    ...parts.state,
  },
});

export const observed = (containers: readonly SeenContainer[]): Observed => ({
  engine: {
    id: 'engine-1',
    kind: 'docker',
    version: '28',
    apiVersion: '1.51',
    host: 'h',
    address: { kind: 'unix', path: '/var/run/docker.sock' },
    defaultLogDriver: 'json-file',
    defaults: { ipc: 'private', runtime: 'runc', cgroup: 'host' },
    drops: [],
  },
  images: {},
  networks: {},
  volumes: {},
  containers: Object.fromEntries(containers.map((each) => [each.name, each])),
  others: {},
  listeners: [],
});
